-- Evaluation firms and their credit codes: a firm keeps its code, so that a conflict of interest cannot
-- be typed away. Insert-only by grant.
CREATE TABLE firm (
  id          VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  credit_code VARCHAR(18) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB
