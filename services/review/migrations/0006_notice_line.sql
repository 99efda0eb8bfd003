-- The exact versions on notice, with their public fields as published. id is "<batch id>.<case id>".
CREATE TABLE notice_line (
  id VARCHAR(73) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  batch_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version_number INT NOT NULL,
  version_digest BINARY(32) NOT NULL,
  alliance_name VARCHAR(600) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  lead_name VARCHAR(600) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  technical_field INT NOT NULL,
  region VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  high_tech_zone VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id),
  KEY notice_line_batch (batch_id),
  KEY notice_line_case (case_id)
) ENGINE=InnoDB
