-- The lines of a frozen list as its summary table (汇总表) prints them. id is "<list id>.<case id>".
CREATE TABLE recommendation_list_line (
  id VARCHAR(73) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  list_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  position INT NOT NULL,
  case_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version_number INT NOT NULL,
  version_digest BINARY(32) NOT NULL,
  alliance_name VARCHAR(600) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  lead_name VARCHAR(600) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  lead_code VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  technical_field INT NOT NULL,
  high_tech_zone VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  verified_rd_fen BIGINT NOT NULL,
  outcome VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY recommendation_list_line_position (list_id, position)
) ENGINE=InnoDB
