-- One row per application that review has received, by the id of the application. While review holds the
-- case (state SUBMITTED … NOTICE_CLOSED) nobody else changes its state, and afterwards the row stays as it
-- was handed over. `version` is the etag. `region` answers for the case, `parent_region` (the city of a
-- high-tech zone) only reads it. `conditions` and `marks` are the present values, every decision ever
-- made is in condition_decision. `office` is the office that has the case now (a zone or district may forward
-- it to its city), `forwarding` the last forwarding. `review_due_us` ends the time limit of the review while
-- time runs, `review_days_left` are the working days left while the applicant corrects; `escalate_us` is when
-- the clock last told that the case was overdue, and is not sealed.
CREATE TABLE review_case (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  round_id VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  region VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  parent_region VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lead_code VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lead_name VARCHAR(600) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  alliance_name VARCHAR(600) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  technical_field INT NOT NULL,
  high_tech_zone VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reviewer VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version BIGINT NOT NULL,
  handoff_seq INT NOT NULL,
  version_number INT NOT NULL,
  version_digest BINARY(32) NOT NULL,
  declared_rd_fen BIGINT NOT NULL,
  verified_rd_fen BIGINT NOT NULL,
  verified_rd_evidence VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  override_count INT NOT NULL,
  override_reason MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  conditions MEDIUMBLOB NOT NULL,
  marks MEDIUMBLOB NOT NULL,
  notice_batch VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  notice_opens_us BIGINT NULL,
  notice_closes_us BIGINT NULL,
  objection_count INT NOT NULL,
  recommendation VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  receive_us BIGINT NOT NULL,
  update_us BIGINT NOT NULL,
  office VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  forwarding VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  review_due_us BIGINT NULL,
  review_days_left INT NOT NULL DEFAULT 0,
  escalate_us BIGINT NULL,
  PRIMARY KEY (id),
  KEY review_case_queue (receive_us, id),
  KEY review_case_region (region, receive_us, id),
  KEY review_case_parent (parent_region, receive_us, id),
  KEY review_case_lead (lead_code),
  KEY review_case_notice (notice_batch),
  KEY review_case_clock (state, notice_closes_us),
  KEY review_case_overdue (review_due_us),
  CONSTRAINT review_case_state CHECK (state IN ('SUBMITTED', 'REVIEWING', 'RETURNED', 'PASSED', 'IN_NOTICE',
    'OBJECTED', 'NOTICE_CLOSED', 'RECOMMENDED', 'WITHDRAWN', 'REJECTED', 'NOT_RECOMMENDED')),
  CONSTRAINT review_case_rd CHECK (verified_rd_fen >= 0 AND verified_rd_fen <= declared_rd_fen)
) ENGINE=InnoDB
