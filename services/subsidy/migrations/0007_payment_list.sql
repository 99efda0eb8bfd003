-- A payment list of two people: prepared by one, released by another.
CREATE TABLE payment_list (
  id          CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  plan_id     CHAR(4)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state       VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version     BIGINT      NOT NULL,
  total_fen   BIGINT      NOT NULL,
  digest      BINARY(32)  NOT NULL,
  preparer    VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  prepare_us  BIGINT      NOT NULL,
  released_by VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  release_us  BIGINT      NULL,
  PRIMARY KEY (id),
  CONSTRAINT payment_list_state CHECK (state IN ('PREPARED', 'RELEASED')),
  CONSTRAINT payment_list_two_people CHECK (released_by <> preparer)
) ENGINE=InnoDB
