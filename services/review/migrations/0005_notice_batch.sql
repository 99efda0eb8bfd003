-- One public notice (公示): period, channel and published text. [opens_us, closes_us) is the period. `link` is
-- where it can be read (R-082), `again` whether it repeats an earlier one after an objection was handled
-- (处理后再次公示): its lines then end with another outcome. The public list shows the latest start first.
-- Its history is the chain noticeBatches/<id>.
CREATE TABLE notice_batch (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  round_id VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  region VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version BIGINT NOT NULL,
  start_date VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last_date VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  opens_us BIGINT NOT NULL,
  closes_us BIGINT NOT NULL,
  ends_after_deadline TINYINT NOT NULL,
  channel TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  text_number TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  text_title TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  text_issuer TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  text_date VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  text_sha256 BINARY(32) NOT NULL,
  reason MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  create_us BIGINT NOT NULL,
  close_us BIGINT NULL,
  link TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  again TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  KEY notice_batch_clock (state, closes_us),
  KEY notice_batch_list (opens_us, id),
  CONSTRAINT notice_batch_state CHECK (state IN ('OPEN', 'CLOSED')),
  CONSTRAINT notice_batch_period CHECK (opens_us < closes_us)
) ENGINE=InnoDB
