-- Every return with its marks, for good: review_case.marks holds those of the last one only.
CREATE TABLE case_return (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version_number INT NOT NULL,
  marks MEDIUMBLOB NOT NULL,
  account VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  return_us BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY case_return_case (case_id, return_us)
) ENGINE=InnoDB
