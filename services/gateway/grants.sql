GRANT SELECT, INSERT, UPDATE ON {schema}.account TO {user}; -- demonstration accounts are loaded at start; none is ever deleted
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.session TO {user}; -- login, last use, logout
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.login_attempt TO {user}; -- counting, and forgetting after success or a day
