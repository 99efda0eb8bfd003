-- Registered alliances, as filing told of them: who may not evaluate them, and whose region they are.
CREATE TABLE alliance (
  id              CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  registry_number VARCHAR(40)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  alliance_name   VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  lead_name       VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  lead_code       VARCHAR(18)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  region          VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  city            VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  year            INT          NOT NULL,
  state           VARCHAR(24)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version         BIGINT       NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT alliance_state CHECK (state IN ('REGISTERED', 'DEREGISTERED', 'COMPLETED'))
) ENGINE=InnoDB
