-- The rules of the run that froze the case: they decide about it from then on, whatever is published later.
ALTER TABLE subsidy_case ADD COLUMN rules_digest BINARY(32) NULL
