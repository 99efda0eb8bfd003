-- Events to peers (outbox/outbox.h). status: 0 waiting, 1 sent, 2 dead. due_us is "not before": the end
-- of a pause after a failure, or of the lease of the relay that is sending the row now.
CREATE TABLE outbox (
  id           CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  destination  VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  aggregate_id VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq          INT          NOT NULL,
  type         VARCHAR(80)  NOT NULL,
  payload      LONGBLOB     NOT NULL,
  traceparent  VARCHAR(64)  NOT NULL,
  status       TINYINT      NOT NULL DEFAULT 0,
  due_us       BIGINT       NOT NULL DEFAULT 0,
  lease_owner  VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  attempts     INT          NOT NULL DEFAULT 0,
  refusals     INT          NOT NULL DEFAULT 0,
  last_error   VARCHAR(500) NOT NULL DEFAULT '',
  created_us   BIGINT       NOT NULL,
  sent_us      BIGINT       NULL,
  PRIMARY KEY (id),
  UNIQUE KEY outbox_order (destination, aggregate_id, seq),
  KEY outbox_poll (status, destination, due_us, id),
  CHECK (seq > 0),
  CHECK (status IN (0, 1, 2))
) ENGINE=InnoDB
