-- One registered alliance in one year, as filing knows it. id = {alliance}-{yyyy}. `due_us` is the
-- instant after which a report is missing, while one is due; NULL otherwise.
CREATE TABLE alliance_year (
  id              CHAR(41)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  alliance_id     CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  year            INT         NOT NULL,
  lead_code       VARCHAR(18) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  region          VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  city            VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state           VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  holder          VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version         BIGINT      NOT NULL,
  handoff_seq     INT         NOT NULL,
  report_number   INT         NOT NULL,
  report_opens_us BIGINT      NOT NULL,
  report_until_us BIGINT      NOT NULL,
  due_us          BIGINT      NULL,
  verified_rd_fen BIGINT      NULL,
  paid_fen        BIGINT      NULL,
  bank_reference  VARCHAR(200) NULL,
  update_us       BIGINT      NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY alliance_year_of (alliance_id, year),
  KEY alliance_year_due (due_us),
  CHECK (version > 0),
  CHECK (handoff_seq >= 0),
  CHECK (verified_rd_fen >= 0),
  CHECK (paid_fen >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
