-- What each locked version says of firms and figures, to find the same ones in other applications:
-- MEMBER (a credit code) and RD_FIGURES (both years, fen). Derived from application_version.
-- Insert-only.
CREATE TABLE application_mention (
  application_id CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version_number INT         NOT NULL,
  kind           VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  value          VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (application_id, version_number, kind, value),
  KEY application_mention_value (kind, value)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
