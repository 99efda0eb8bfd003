-- The cases of a recommendation: 汇总表. id is "<recommendation id>.<case id>".
CREATE TABLE recommendation_line (
  id VARCHAR(73) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  recommendation_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version_number INT NOT NULL,
  version_digest BINARY(32) NOT NULL,
  verified_rd_fen BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY recommendation_line_list (recommendation_id)
) ENGINE=InnoDB
