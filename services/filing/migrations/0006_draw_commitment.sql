-- The commitment to a round's survey draw: the digest is published, the seed stays here until the
-- list is closed (R-084). id = the round. Insert-only.
CREATE TABLE draw_commitment (
  id          VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seed        CHAR(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seed_digest BINARY(32)  NOT NULL,
  commit_us   BIGINT      NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
