-- Locked versions: `content` is a serialised alliance.events.v1.ApplicationVersion and `digest` its
-- SHA-256. id = {application}/{number}. Insert-only.
CREATE TABLE application_version (
  id             VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  application_id CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number         INT         NOT NULL,
  digest         BINARY(32)  NOT NULL,
  rules_digest   BINARY(32)  NOT NULL,
  receive_us     BIGINT      NOT NULL,
  content        MEDIUMBLOB  NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY application_version_number (application_id, number),
  CHECK (number > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
