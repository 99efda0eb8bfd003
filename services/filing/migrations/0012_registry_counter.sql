-- The last registry number given out per year. id = the number's prefix, e.g. LN-TSL-2023.
CREATE TABLE registry_counter (
  id          VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last_number INT         NOT NULL,
  PRIMARY KEY (id),
  CHECK (last_number >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
