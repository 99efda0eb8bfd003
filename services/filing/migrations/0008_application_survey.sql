-- What the survey visit found; `document` is a serialised alliance.filing.v1.Document. Insert-only.
CREATE TABLE application_survey (
  id             CHAR(36)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  application_id CHAR(36)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  findings       TEXT       NOT NULL,
  document       BLOB       NOT NULL,
  record_us      BIGINT     NOT NULL,
  PRIMARY KEY (id),
  KEY application_survey_of (application_id, record_us)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
