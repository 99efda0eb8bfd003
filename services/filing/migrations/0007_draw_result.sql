-- The draw of a round: its closed list and the drawn cases, one name a line. id = the round: a draw is
-- never repeated. Insert-only.
CREATE TABLE draw_result (
  id          VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  list        MEDIUMTEXT  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  list_digest BINARY(32)  NOT NULL,
  drawn       MEDIUMTEXT  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  draw_us     BIGINT      NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
