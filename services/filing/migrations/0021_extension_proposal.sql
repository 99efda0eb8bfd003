-- Extensions of a deadline as they were asked for (Q1). `application_id` is empty for all cases of the
-- region. Insert-only.
CREATE TABLE extension_proposal (
  id                CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  round_id          VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  region            VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  application_id    VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  deadline          VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  previous_close_us BIGINT      NOT NULL,
  close_us          BIGINT      NOT NULL,
  reason            TEXT        NOT NULL,
  document          BLOB        NOT NULL,
  proposer          VARCHAR(80) NOT NULL,
  propose_us        BIGINT      NOT NULL,
  PRIMARY KEY (id),
  KEY extension_proposal_of_round (round_id, id),
  CHECK (close_us > previous_close_us)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
