-- Annual reports as they were handed in: `content` is a serialised alliance.filing.v1.AnnualReport.
-- id = {alliance}-{yyyy}/{number}. Insert-only.
CREATE TABLE annual_report_version (
  id         VARCHAR(56) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  year_id    CHAR(41)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number     INT         NOT NULL,
  digest     BINARY(32)  NOT NULL,
  receive_us BIGINT      NOT NULL,
  content    MEDIUMBLOB  NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY annual_report_version_number (year_id, number),
  CHECK (number > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
