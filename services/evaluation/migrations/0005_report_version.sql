-- The annual reports as they came, each once: id = evaluation / handoff_seq. A report that was reopened
-- and handed in anew is another version. Insert-only by grant.
CREATE TABLE report_version (
  id              VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  evaluation_id   VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  report          MEDIUMBLOB  NOT NULL,
  report_sha256   BINARY(32)  NOT NULL,
  verified_rd_fen BIGINT      NOT NULL,
  receive_us      BIGINT      NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB
