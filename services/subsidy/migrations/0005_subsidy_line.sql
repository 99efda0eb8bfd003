-- One alliance's line in a run, with its inputs and the trace. Insert-only.
CREATE TABLE subsidy_line (
  id           VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  run_id       CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id      VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_version BIGINT       NOT NULL,
  amount_fen   BIGINT       NOT NULL,
  content      LONGBLOB     NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY subsidy_line_run_case (run_id, case_id),
  CONSTRAINT subsidy_line_amount CHECK (amount_fen BETWEEN 0 AND 50000000)
) ENGINE=InnoDB
