GRANT SELECT, INSERT, UPDATE ON {schema}.alliance TO {user}; -- deregistered and completed alliances are marked, none is deleted
GRANT SELECT, INSERT ON {schema}.alliance_member TO {user}; -- insert-only: the members that were registered
GRANT SELECT, INSERT ON {schema}.campaign TO {user}; -- insert-only: a year's rules do not change
GRANT SELECT, INSERT, UPDATE ON {schema}.evaluation TO {user}; -- the case row: every change by its version
GRANT SELECT, INSERT ON {schema}.report_version TO {user}; -- append-only: reports as they came
GRANT SELECT, INSERT ON {schema}.firm TO {user}; -- insert-only: a firm keeps its credit code
GRANT SELECT, INSERT ON {schema}.assignment TO {user}; -- insert-only: who was asked to evaluate
GRANT SELECT, INSERT ON {schema}.evaluation_score TO {user}; -- append-only: raw scores are never overwritten
GRANT SELECT, INSERT ON {schema}.appeal TO {user}; -- insert-only: appeals as filed
GRANT SELECT, INSERT ON {schema}.appeal_decision TO {user}; -- append-only: answers to appeals
