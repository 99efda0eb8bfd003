-- Collective decisions (R-086): one row per meeting act, bound to the digest of its exact list.
-- Insert-only.
CREATE TABLE meeting_decision (
  id             CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  round_id       VARCHAR(63)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  meeting_number VARCHAR(400) NOT NULL,
  meeting_day    CHAR(10)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  minutes        BLOB         NOT NULL,
  list_digest    BINARY(32)   NOT NULL,
  record_us      BIGINT       NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
