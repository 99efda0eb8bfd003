-- One payment of a list. Insert-only.
CREATE TABLE payment_line (
  id             VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  list_id        CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id        VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bank_account   VARCHAR(34)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  account_holder VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  amount_fen     BIGINT       NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY payment_line_list_case (list_id, case_id),
  CONSTRAINT payment_line_amount CHECK (amount_fen BETWEEN 1 AND 50000000)
) ENGINE=InnoDB
