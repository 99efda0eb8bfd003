-- What the bank answered. The id is the bank's reference: one receipt cannot prove two payments.
CREATE TABLE bank_receipt (
  id             VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id        VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind           VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen     BIGINT      NOT NULL,
  receipt_sha256 BINARY(32)  NOT NULL,
  receive_us     BIGINT      NOT NULL,
  PRIMARY KEY (id),
  KEY bank_receipt_case (case_id),
  CONSTRAINT bank_receipt_kind CHECK (kind IN ('PAID', 'FAILED', 'RECOVERED'))
) ENGINE=InnoDB
