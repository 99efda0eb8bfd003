-- Which firm evaluates which alliance. Insert-only by grant.
CREATE TABLE assignment (
  id            CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  evaluation_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  firm          VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  assign_us     BIGINT      NOT NULL,
  assigned_by   VARCHAR(80) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY assignment_pair (evaluation_id, firm),
  KEY assignment_firm (firm, evaluation_id)
) ENGINE=InnoDB
