-- Who stands in for a holder of an office, until when. The latest of a holder counts; an empty delegate
-- ends it. Its history is the chain delegations/<id>.
CREATE TABLE delegation (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  region VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  holder VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  delegate VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  end_us BIGINT NOT NULL,
  reason MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  account VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  create_us BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY delegation_holder (region, holder, create_us, id)
) ENGINE=InnoDB
