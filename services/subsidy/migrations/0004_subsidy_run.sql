-- One computation: prepared by one person, frozen by another. Its lines and digest never change.
CREATE TABLE subsidy_run (
  id           CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  plan_id      CHAR(4)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state        VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version      BIGINT       NOT NULL,
  rules_digest BINARY(32)   NOT NULL,
  method       VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  policies     VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  budget_fen   BIGINT       NOT NULL,
  total_fen    BIGINT       NOT NULL,
  digest       BINARY(32)   NOT NULL,
  preparer     VARCHAR(80)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  prepare_us   BIGINT       NOT NULL,
  frozen_by    VARCHAR(80)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  freeze_us    BIGINT       NULL,
  PRIMARY KEY (id),
  KEY subsidy_run_plan (plan_id, id),
  CONSTRAINT subsidy_run_state CHECK (state IN ('PREPARED', 'FROZEN')),
  CONSTRAINT subsidy_run_two_people CHECK (frozen_by <> preparer)
) ENGINE=InnoDB
