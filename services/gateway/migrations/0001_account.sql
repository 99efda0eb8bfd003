-- Who may log in, and as what. Sealed in the history of accounts/<id>: a role raised by hand is found.
CREATE TABLE account (
  id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  password_hash VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  role VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  region VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  organisation VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  display_name VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  certificate_uri VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NULL,
  session_version INT NOT NULL,
  active TINYINT NOT NULL,
  create_us BIGINT NOT NULL,
  update_us BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY account_certificate (certificate_uri),
  CONSTRAINT account_role CHECK (role IN ('applicant', 'recommender', 'province', 'recorder', 'firm',
                                          'finance', 'approver', 'auditor', 'operator'))
) ENGINE=InnoDB
