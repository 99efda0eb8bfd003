-- The budget of a year: the guard row. used_fen is changed only by an UPDATE that keeps it inside.
CREATE TABLE plan (
  id              CHAR(4)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  budget_fen      BIGINT       NOT NULL,
  used_fen        BIGINT       NOT NULL,
  rules_digest    BINARY(32)   NOT NULL,
  version         BIGINT       NOT NULL,
  open_us         BIGINT       NOT NULL,
  opened_by       VARCHAR(80)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  document_sha256 BINARY(32)   NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT plan_budget CHECK (budget_fen > 0),
  CONSTRAINT plan_guard CHECK (used_fen BETWEEN 0 AND budget_fen)
) ENGINE=InnoDB
