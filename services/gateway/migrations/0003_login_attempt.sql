-- Failed logins by login name, whether or not there is such an account: a name that is locked after
-- five failures says nothing about whether it exists. A digest, since people type passwords there.
CREATE TABLE login_attempt (
  login_sha256 BINARY(32) NOT NULL,
  failures INT NOT NULL,
  locked_until_us BIGINT NOT NULL,
  attempt_us BIGINT NOT NULL,
  PRIMARY KEY (login_sha256),
  KEY login_attempt_time (attempt_us)
) ENGINE=InnoDB
