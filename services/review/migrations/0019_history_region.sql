-- What a region did, in the order of time.
CREATE INDEX history_region ON history (region, at_us, case_id, seq)
