-- What a reviewer has declared about a case (R-081), as review told it: without a declaration that there is
-- no interest, the region's reviewers read nothing of what the firm wrote. id is that of the event, and of
-- its history, the chain interestDeclarations/<id>.
CREATE TABLE interest_declaration (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  account VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  interest TINYINT NOT NULL,
  declare_us BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY interest_declaration_account (account, case_id)
) ENGINE=InnoDB
