-- Of the cases that a run froze before the column was there.
UPDATE subsidy_case c JOIN subsidy_run r ON r.id = c.run_id SET c.rules_digest = r.rules_digest
WHERE c.rules_digest IS NULL
