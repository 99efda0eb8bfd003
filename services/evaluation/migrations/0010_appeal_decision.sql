-- Answers to appeals, one each: id = the appeal's. Insert-only by grant.
CREATE TABLE appeal_decision (
  id            CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  evaluation_id VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  answer        TEXT         CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  paper_title   VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  paper_sha256  BINARY(32)   NOT NULL,
  rescored      TINYINT      NOT NULL,
  decide_us     BIGINT       NOT NULL,
  decided_by    VARCHAR(80)  NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB
