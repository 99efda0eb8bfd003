-- Who may do what with the tables that every schema has. Reviewed line by line; every line says why.
--
-- `alliancectl migrate` applies this file and then services/<x>/grants.sql to each schema
-- (common/db/migrate.h): {schema} is the schema, {user} the service's database user, which has the
-- schema's name (alliance_filing, alliance_review, alliance_evaluation, alliance_subsidy,
-- alliance_gateway). After it the users named here have these rights in the schema and no others.
-- Users and passwords are made before, from password files; no secret stands here.
--
-- The migrating (DDL) user itself needs: CREATE USER; SELECT ON mysql.*; ALL ON `alliance\_%`.*
-- WITH GRANT OPTION.

GRANT SELECT, INSERT ON {schema}.history TO {user}; -- append-only: the audit trail
GRANT SELECT, INSERT ON {schema}.audit_checkpoint TO {user}; -- append-only: signed states of the trail
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.outbox TO {user}; -- the relay marks and clears what was sent
GRANT SELECT, INSERT, UPDATE ON {schema}.inbox TO {user}; -- the last event seen moves forward
GRANT SELECT, INSERT ON {schema}.idempotency TO {user}; -- answers are written once and only read again
GRANT SELECT, INSERT ON {schema}.published_pack TO {user}; -- a published pack never changes
GRANT SELECT ON {schema}.schema_migration TO {user}; -- a service checks at its start that the schema fits
GRANT SELECT ON {schema}.* TO alliance_audit; -- the auditor (alliancectl audit verify) reads everything, writes nothing
