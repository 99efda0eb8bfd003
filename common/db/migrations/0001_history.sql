-- The audit trail: one row per act on a case, chained by hash, insert-only by grant (audit/history.h).
CREATE TABLE history (
  case_id      VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq          INT          NOT NULL,
  at_us        BIGINT       NOT NULL,
  actor        VARCHAR(80)  NOT NULL,
  role         VARCHAR(40)  NOT NULL,
  region       VARCHAR(80)  NOT NULL,
  organisation VARCHAR(200) NOT NULL,
  action       VARCHAR(64)  NOT NULL,
  from_state   VARCHAR(64)  NOT NULL,
  to_state     VARCHAR(64)  NOT NULL,
  reason       TEXT         NOT NULL,
  paper_digest BINARY(32)   NULL,
  rules_digest BINARY(32)   NULL,
  trace_id     VARCHAR(64)  NOT NULL,
  sealed       MEDIUMTEXT   NOT NULL,
  prev_hash    BINARY(32)   NOT NULL,
  hash         BINARY(32)   NOT NULL,
  PRIMARY KEY (case_id, seq),
  CHECK (seq > 0),
  CHECK (actor <> '')
) ENGINE=InnoDB
