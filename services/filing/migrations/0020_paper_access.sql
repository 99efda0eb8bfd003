-- Who read which paper, one row per download. `id` is the reader's name for the download.
CREATE TABLE paper_access (
  id             CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  account        VARCHAR(190) NOT NULL,
  paper_id       CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  application_id CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  role           VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  organisation   VARCHAR(190) NOT NULL,
  region         VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sha256         BINARY(32)   NOT NULL,
  read_us        BIGINT       NOT NULL,
  trace_id       CHAR(32)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id, account, paper_id),
  KEY paper_access_of_application (application_id, read_us)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
