-- The registry (备案入库): what was entered. Where an alliance stands now is its application's state,
-- kept once, there. id = the application's. Insert-only.
CREATE TABLE alliance (
  id                CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  registry_number   VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  round_id          VARCHAR(63)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  decision_id       CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  alliance_name     VARCHAR(800) NOT NULL,
  lead_name         VARCHAR(800) NOT NULL,
  lead_code         VARCHAR(18)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  region            VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  city              VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  register_us       BIGINT       NOT NULL,
  register_day      CHAR(10)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  construction_day  CHAR(10)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY alliance_number (registry_number),
  KEY alliance_of_lead (lead_code, registry_number),
  KEY alliance_of_region (region, registry_number),
  KEY alliance_of_city (city, registry_number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
