-- Written, real-name objections to a notice (Q23). Never shown to applicants, and who objected is shown to
-- nobody by the API.
CREATE TABLE objection (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  batch_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  objector_name TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  objector_contact TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  grounds MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  evidence_number TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  evidence_title TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  evidence_issuer TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  evidence_date VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  evidence_sha256 BINARY(32) NOT NULL,
  receive_us BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY objection_case (case_id, receive_us)
) ENGINE=InnoDB
