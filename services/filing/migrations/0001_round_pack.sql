-- The rounds that this service has ever served, each with the digest of its rule pack: a pack that
-- changed afterwards stops the start (ROUND_FROZEN). Insert-only.
CREATE TABLE round_pack (
  id           VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  rules_digest BINARY(32)  NOT NULL,
  create_us    BIGINT      NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
