-- Every verified R&D figure (核定数) that was ever recorded, with what it rests on.
CREATE TABLE rd_decision (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version_number INT NOT NULL,
  amount_fen BIGINT NOT NULL,
  evidence VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  account VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  decide_us BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY rd_decision_case (case_id, decide_us),
  CONSTRAINT rd_decision_amount CHECK (amount_fen > 0)
) ENGINE=InnoDB
