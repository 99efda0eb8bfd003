-- Logins that have not ended. The token itself is nowhere, only its digest.
CREATE TABLE session (
  token_sha256 BINARY(32) NOT NULL,
  account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  session_version INT NOT NULL,
  create_us BIGINT NOT NULL,
  expire_us BIGINT NOT NULL,
  seen_us BIGINT NOT NULL,
  PRIMARY KEY (token_sha256),
  KEY session_expire (expire_us)
) ENGINE=InnoDB
