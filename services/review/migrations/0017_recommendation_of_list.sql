-- The frozen list that was recommended; empty before lists were kept.
ALTER TABLE recommendation
  ADD COLUMN list_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''
