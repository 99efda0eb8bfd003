GRANT SELECT, INSERT ON {schema}.round_pack TO {user}; -- a round's pack never changes
GRANT SELECT, INSERT, UPDATE ON {schema}.application TO {user}; -- state and draft; no application is ever deleted
GRANT SELECT, INSERT, UPDATE ON {schema}.application_draft TO {user}; -- the form as last saved
GRANT SELECT, INSERT ON {schema}.application_version TO {user}; -- append-only: locked versions
GRANT SELECT, INSERT ON {schema}.application_mention TO {user}; -- append-only: what each version says of firms and figures
GRANT SELECT, INSERT ON {schema}.application_renewal TO {user}; -- append-only: which alliance an application continues
GRANT SELECT, INSERT, UPDATE ON {schema}.application_paper TO {user}; -- a paper is replaced until it is locked in a version
GRANT SELECT, INSERT ON {schema}.draw_commitment TO {user}; -- one commitment per round, for good
GRANT SELECT, INSERT ON {schema}.draw_result TO {user}; -- a draw is never repeated
GRANT SELECT, INSERT ON {schema}.application_survey TO {user}; -- findings are added, never changed
GRANT SELECT, INSERT ON {schema}.application_opinion TO {user}; -- opinions are added, never changed
GRANT SELECT, INSERT ON {schema}.meeting_decision TO {user}; -- append-only: collective decisions
GRANT SELECT, INSERT ON {schema}.meeting_decision_line TO {user}; -- append-only: their lines
GRANT SELECT, INSERT, UPDATE ON {schema}.registry_counter TO {user}; -- the next registry number
GRANT SELECT, INSERT ON {schema}.alliance TO {user}; -- what was entered in the registry
GRANT SELECT, INSERT, UPDATE ON {schema}.alliance_year TO {user}; -- state of the yearly report
GRANT SELECT, INSERT ON {schema}.annual_report_version TO {user}; -- append-only: reports as handed in
GRANT SELECT, INSERT ON {schema}.deregistration_decision TO {user}; -- append-only: decisions
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.upload TO {user}; -- papers on their way, until attached or expired
GRANT SELECT, INSERT ON {schema}.paper_access TO {user}; -- append-only: who read which paper
GRANT SELECT, INSERT ON {schema}.extension_proposal TO {user}; -- append-only: extensions as asked for
GRANT SELECT, INSERT ON {schema}.extension_approval TO {user}; -- append-only: who put them in force
GRANT SELECT, INSERT ON {schema}.interest_declaration TO {user}; -- append-only: what reviewers declared
