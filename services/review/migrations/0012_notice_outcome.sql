-- How a line of a notice ended: 无异议, 处理后再次公示, 处理后再次公示无异议 or 异议成立, once and for
-- good. id is that of the line.
CREATE TABLE notice_outcome (
  id VARCHAR(73) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  batch_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  outcome VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  end_us BIGINT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT notice_outcome_word CHECK (outcome IN ('NO_OBJECTION', 'RENOTICED', 'NO_OBJECTION_AFTER_RENOTICE',
    'UPHELD'))
) ENGINE=InnoDB
