-- How the objections to a subsidy were handled: dismiss or uphold, over the first `objections` of them.
CREATE TABLE objection_decision (
  id            CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id       VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  action        VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  objections    INT          NOT NULL,
  reason        TEXT         CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  record_number TEXT         CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  record_title  TEXT         CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  record_issuer TEXT         CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  record_date   VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  record_sha256 BINARY(32)   NOT NULL,
  account       VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  decide_us     BIGINT       NOT NULL,
  PRIMARY KEY (id),
  KEY objection_decision_case (case_id, decide_us),
  CHECK (objections > 0),
  CHECK (action IN ('dismiss', 'uphold'))
) ENGINE=InnoDB
