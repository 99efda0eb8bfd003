-- Signed states of all chains, insert-only by grant (audit/checkpoint.h).
CREATE TABLE audit_checkpoint (
  n     INT        NOT NULL,
  at_us BIGINT     NOT NULL,
  line  MEDIUMTEXT NOT NULL,
  PRIMARY KEY (n),
  CHECK (n > 0)
) ENGINE=InnoDB
