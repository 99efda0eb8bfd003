-- Opinions of the division in charge (R-085): internal. Insert-only; the latest counts.
CREATE TABLE application_opinion (
  id             CHAR(36)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  application_id CHAR(36)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  opinion        TEXT       NOT NULL,
  document       BLOB       NOT NULL,
  record_us      BIGINT     NOT NULL,
  PRIMARY KEY (id),
  KEY application_opinion_of (application_id, record_us)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
