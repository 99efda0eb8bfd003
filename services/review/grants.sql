GRANT SELECT, INSERT, UPDATE ON {schema}.review_case TO {user}; -- state changes by version, a case is never deleted
GRANT SELECT, INSERT ON {schema}.review_version TO {user}; -- append-only: locked versions as received
GRANT SELECT, INSERT ON {schema}.condition_decision TO {user}; -- append-only: every verdict on article 4
GRANT SELECT, INSERT ON {schema}.rd_decision TO {user}; -- append-only: every verified R&D figure
GRANT SELECT, INSERT, UPDATE ON {schema}.notice_batch TO {user}; -- UPDATE closes it
GRANT SELECT, INSERT ON {schema}.notice_line TO {user}; -- append-only: what was on notice
GRANT SELECT, INSERT ON {schema}.notice_outcome TO {user}; -- append-only: how each line ended
GRANT SELECT, INSERT ON {schema}.objection TO {user}; -- append-only: objections as filed
GRANT SELECT, INSERT ON {schema}.objection_decision TO {user}; -- append-only: how they were handled
GRANT SELECT, INSERT ON {schema}.recommendation TO {user}; -- append-only: formal letters
GRANT SELECT, INSERT ON {schema}.recommendation_line TO {user}; -- append-only: the frozen lists
GRANT SELECT, INSERT ON {schema}.extension TO {user}; -- append-only: extensions that filing told of
GRANT SELECT, INSERT ON {schema}.forwarding TO {user}; -- append-only: letters to the city
GRANT SELECT, INSERT ON {schema}.delegation TO {user}; -- append-only: who stands in for whom
GRANT SELECT, INSERT ON {schema}.interest_declaration TO {user}; -- append-only: declarations of interest
GRANT SELECT, INSERT ON {schema}.recommendation_list TO {user}; -- append-only: lists frozen for a letter
GRANT SELECT, INSERT ON {schema}.recommendation_list_line TO {user}; -- append-only: their lines
GRANT SELECT, INSERT ON {schema}.case_return TO {user}; -- append-only: every return with its marks
