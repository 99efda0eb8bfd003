-- One row per lead and round, for good: a withdrawn or lapsed application keeps its place.
-- `city` is the city of a high-tech zone that recommends by itself: it reads, it never acts.
-- `office` is the office that returned the case when it is not the region's own: a city for a zone or
-- district that forwarded it (Q3). Its deadlines are the case's from then on.
-- `due_us` is the instant at which the clock acts (lapse, end of construction); NULL: never.
CREATE TABLE application (
  id                  CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  round_id            VARCHAR(63)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lead_code           VARCHAR(18)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lead_name           VARCHAR(800) NOT NULL,
  alliance_name       VARCHAR(800) NOT NULL,
  region              VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  city                VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state               VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  holder              VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version             BIGINT       NOT NULL,
  handoff_seq         INT          NOT NULL,
  version_number      INT          NOT NULL,
  version_digest      BINARY(32)   NULL,
  first_receive_us    BIGINT       NULL,
  receive_us          BIGINT       NULL,
  correction_until_us BIGINT       NULL,
  due_us              BIGINT       NULL,
  verified_rd_fen     BIGINT       NULL,
  create_us           BIGINT       NOT NULL,
  update_us           BIGINT       NOT NULL,
  office              VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY application_lead (round_id, lead_code),
  KEY application_of_lead (lead_code, id),
  KEY application_of_region (region, id),
  KEY application_of_city (city, id),
  KEY application_of_round (round_id, state, id),
  KEY application_due (due_us),
  CHECK (version > 0),
  CHECK (handoff_seq >= 0),
  CHECK (verified_rd_fen >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
