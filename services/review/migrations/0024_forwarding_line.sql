-- The cases of a forwarding: 汇总表 to the city. id is "<forwarding id>.<case id>".
CREATE TABLE forwarding_line (
  id VARCHAR(73) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  forwarding_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version_number INT NOT NULL,
  version_digest BINARY(32) NOT NULL,
  verified_rd_fen BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY forwarding_line_list (forwarding_id)
) ENGINE=InnoDB
