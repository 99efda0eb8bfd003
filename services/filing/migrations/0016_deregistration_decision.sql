-- Decisions by which an alliance left the registry before its time. id = the alliance. Insert-only.
CREATE TABLE deregistration_decision (
  id        CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason    TEXT     NOT NULL,
  document  BLOB     NOT NULL,
  record_us BIGINT   NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
