-- Credit codes of the members, the lead among them: a firm that is one of them may not evaluate.
-- Insert-only by grant. id = alliance / code.
CREATE TABLE alliance_member (
  id          VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  alliance_id CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  credit_code VARCHAR(18) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY alliance_member_code (alliance_id, credit_code)
) ENGINE=InnoDB
