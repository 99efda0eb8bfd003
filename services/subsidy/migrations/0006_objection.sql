-- Written objections to a proposed subsidy. Insert-only; who objected is never shown to the lead.
CREATE TABLE objection (
  id                CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id           VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  objector_name     VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  objector_contact  VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  grounds           TEXT         CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  evidence_title    VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  evidence_sha256   BINARY(32)   NOT NULL,
  receive_us        BIGINT       NOT NULL,
  PRIMARY KEY (id),
  KEY objection_case (case_id)
) ENGINE=InnoDB
