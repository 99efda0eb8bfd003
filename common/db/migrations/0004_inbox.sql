-- The last event applied per sender and aggregate (outbox/inbox.h).
CREATE TABLE inbox (
  source       VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  aggregate_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last_seq     INT         NOT NULL,
  PRIMARY KEY (source, aggregate_id),
  CHECK (last_seq > 0)
) ENGINE=InnoDB
