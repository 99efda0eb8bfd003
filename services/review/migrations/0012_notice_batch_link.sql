-- Where a notice can be read (R-082), and whether it repeats an earlier one after an objection was
-- handled (处理后再次公示): its lines then end with another outcome.
ALTER TABLE notice_batch
  ADD COLUMN link TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  ADD COLUMN again TINYINT NOT NULL DEFAULT 0
