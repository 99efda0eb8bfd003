-- The office that returned the case, when it is not the region's own: a city for a zone or district that
-- forwarded it (Q3). Its deadlines are the case's from then on.
ALTER TABLE application
  ADD COLUMN office VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''
