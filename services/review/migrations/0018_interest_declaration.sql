-- What each reviewer has declared about each case: no interest, or one. An interest once declared stays.
CREATE TABLE interest_declaration (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  account VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  interest TINYINT NOT NULL,
  reason MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  declare_us BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY interest_declaration_account (account, case_id)
) ENGINE=InnoDB
