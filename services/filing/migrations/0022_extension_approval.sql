-- Extensions in force: approved by a second person. id = the proposal, whose case, region and end stand
-- here once more, for every decision about time asks for them. Insert-only.
CREATE TABLE extension_approval (
  id             CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  round_id       VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  region         VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  application_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  deadline       VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  close_us       BIGINT      NOT NULL,
  approver       VARCHAR(80) NOT NULL,
  approve_us     BIGINT      NOT NULL,
  PRIMARY KEY (id),
  KEY extension_approval_of_case (round_id, application_id, region)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
