-- What a meeting decided on each case, with the version it looked at. id = {decision}/{application}.
-- Insert-only.
CREATE TABLE meeting_decision_line (
  id             VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  decision_id    CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  application_id CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version_number INT         NOT NULL,
  version_digest BINARY(32)  NOT NULL,
  verdict        VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason         TEXT        NOT NULL,
  PRIMARY KEY (id),
  KEY meeting_decision_line_of (application_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
