-- The locked versions exactly as they were received: `bytes` is the serialised ApplicationVersion that
-- `digest` (SHA-256) was taken over. id is "<case id>.<number>".
CREATE TABLE review_version (
  id VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number INT NOT NULL,
  digest BINARY(32) NOT NULL,
  bytes LONGBLOB NOT NULL,
  receive_us BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY review_version_number (case_id, number)
) ENGINE=InnoDB
