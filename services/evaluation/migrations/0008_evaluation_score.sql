-- Scores as pushed, never overwritten: a correction is the next revision of the same firm and expert.
-- items holds the hundredths of each item in the pack's order, with commas. Insert-only by grant.
CREATE TABLE evaluation_score (
  id               CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  evaluation_id    VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  firm             VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expert           VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  revision         INT         NOT NULL,
  items            VARCHAR(600) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  total_hundredths INT         NOT NULL,
  comment          TEXT        CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  push_us          BIGINT      NOT NULL,
  pushed_by        VARCHAR(80) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY evaluation_score_revision (evaluation_id, firm, expert, revision),
  CHECK (revision > 0),
  CHECK (total_hundredths BETWEEN 0 AND 10000)
) ENGINE=InnoDB
