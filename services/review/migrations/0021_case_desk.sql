-- Which office has the case now (a zone or district may forward it to its city), the last forwarding, and
-- the time limit of its review: due instant while time runs, working days left while the applicant
-- corrects. `escalate_us` is when the clock last told that a case was overdue; it is not sealed.
ALTER TABLE review_case
  ADD COLUMN office VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN forwarding VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN review_due_us BIGINT NULL,
  ADD COLUMN review_days_left INT NOT NULL DEFAULT 0,
  ADD COLUMN escalate_us BIGINT NULL,
  ADD KEY review_case_overdue (review_due_us)
