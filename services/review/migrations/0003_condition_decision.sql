-- Every verdict on a condition of article 4 that was ever recorded (R-027). The latest per condition
-- and version is the present one.
CREATE TABLE condition_decision (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version_number INT NOT NULL,
  condition_id VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  verdict INT NOT NULL,
  reason MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  evidence MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  account VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  decide_us BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY condition_decision_case (case_id, decide_us)
) ENGINE=InnoDB
