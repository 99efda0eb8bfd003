-- One letter (推荐函) of a zone or district to its city over a frozen list (Q3). Its history is the chain
-- forwardings/<id>.
CREATE TABLE forwarding (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  round_id VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  region VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  city VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  list_digest BINARY(32) NOT NULL,
  letter_number TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  letter_title TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  letter_issuer TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  letter_date VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  letter_sha256 BINARY(32) NOT NULL,
  account VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  forward_us BIGINT NOT NULL,
  list_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB
