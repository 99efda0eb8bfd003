GRANT SELECT, INSERT, UPDATE ON {schema}.alliance TO {user}; -- deregistered and completed alliances are marked, none is deleted
GRANT SELECT, INSERT, UPDATE ON {schema}.plan TO {user}; -- the guard row: reserved and given back
GRANT SELECT, INSERT, UPDATE ON {schema}.subsidy_case TO {user}; -- the case row: every change by its version
GRANT SELECT, INSERT, UPDATE ON {schema}.subsidy_run TO {user}; -- prepared, then frozen once
GRANT SELECT, INSERT ON {schema}.subsidy_line TO {user}; -- append-only: lines as computed
GRANT SELECT, INSERT ON {schema}.objection TO {user}; -- insert-only: objections as filed
GRANT SELECT, INSERT ON {schema}.objection_decision TO {user}; -- append-only: how they were handled
GRANT SELECT, INSERT, UPDATE ON {schema}.payment_list TO {user}; -- prepared, then released once
GRANT SELECT, INSERT ON {schema}.payment_line TO {user}; -- append-only: what was to be paid, and where
GRANT SELECT, INSERT ON {schema}.bank_receipt TO {user}; -- insert-only: what the bank answered
