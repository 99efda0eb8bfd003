-- Papers of applications, one per slot and member. The content stands in the paper store under its
-- digest. `verdict` says what the check of the content found: CLEAN, or what is still to be proven.
-- `sm3` stands beside the SHA-256.
CREATE TABLE application_paper (
  id             CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  application_id CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  slot           VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  member_code    VARCHAR(18)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  file_name      VARCHAR(800) NOT NULL,
  media_type     VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sha256         BINARY(32)   NOT NULL,
  size_bytes     BIGINT       NOT NULL,
  verdict        VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attach_us      BIGINT       NOT NULL,
  sm3            BINARY(32)   NULL,
  PRIMARY KEY (id),
  UNIQUE KEY application_paper_slot (application_id, slot, member_code),
  CHECK (size_bytes > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
