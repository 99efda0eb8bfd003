-- Papers on their way. `offset_bytes` counts what is on the disk for good; the row is removed when
-- the paper is attached, or when its time is over.
CREATE TABLE upload (
  id             CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  application_id CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lead_code      VARCHAR(18)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  slot           VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  member_code    VARCHAR(18)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  file_name      VARCHAR(800) NOT NULL,
  sha256         BINARY(32)   NULL,
  size_bytes     BIGINT       NOT NULL,
  offset_bytes   BIGINT       NOT NULL,
  create_us      BIGINT       NOT NULL,
  expire_us      BIGINT       NOT NULL,
  PRIMARY KEY (id),
  KEY upload_of_application (application_id),
  KEY upload_expire (expire_us),
  CHECK (offset_bytes >= 0 AND offset_bytes <= size_bytes)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
