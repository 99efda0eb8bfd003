-- A list frozen for one formal letter (R-036), with what the letter will carry. Its history is the
-- chain recommendationLists/<id>.
CREATE TABLE recommendation_list (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  round_id VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  region VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  list_digest BINARY(32) NOT NULL,
  letter_number TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  letter_date VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  letter_issuer TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  account VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  prepare_us BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB
