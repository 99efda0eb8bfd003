-- Appeals against a preliminary result. Insert-only by grant.
CREATE TABLE appeal (
  id              CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  evaluation_id   VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  grounds         TEXT         CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  evidence_title  VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  evidence_sha256 BINARY(32)   NOT NULL,
  file_us         BIGINT       NOT NULL,
  filed_by        VARCHAR(80)  NOT NULL,
  PRIMARY KEY (id),
  KEY appeal_evaluation (evaluation_id)
) ENGINE=InnoDB
