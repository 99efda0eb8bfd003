-- Extensions of a deadline that filing has told of (Q1): what lengthens the times of a case here as it does
-- there. `case_id` is empty for all cases of the region; `extension` is the whole of it, serialised.
-- Insert-only.
CREATE TABLE extension (
  id         CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  round_id   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  region     VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id    VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  deadline   VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  close_us   BIGINT      NOT NULL,
  extension  BLOB        NOT NULL,
  receive_us BIGINT      NOT NULL,
  PRIMARY KEY (id),
  KEY extension_of_round (round_id, id)
) ENGINE=InnoDB
