-- The notices that a case was in.
CREATE INDEX notice_line_case ON notice_line (case_id)
