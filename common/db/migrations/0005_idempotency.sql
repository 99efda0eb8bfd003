-- The first answer to every mutating request, kept for the whole round (db/idempotency.h).
CREATE TABLE idempotency (
  caller         VARCHAR(80)  NOT NULL,
  request_id     CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  method         VARCHAR(160) NOT NULL,
  request_sha256 BINARY(32)   NOT NULL,
  answer         LONGBLOB     NOT NULL,
  created_us     BIGINT       NOT NULL,
  PRIMARY KEY (caller, request_id),
  KEY idempotency_age (created_us)
) ENGINE=InnoDB
