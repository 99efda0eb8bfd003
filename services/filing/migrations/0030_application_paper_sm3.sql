-- SM3 beside SHA-256; NULL for papers attached before it was computed.
ALTER TABLE application_paper ADD COLUMN sm3 BINARY(32) NULL
