-- Which alliance of an earlier round an application continues (R-012). id = the application.
-- Insert-only.
CREATE TABLE application_renewal (
  id          CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  alliance_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  renew_us    BIGINT   NOT NULL,
  PRIMARY KEY (id),
  KEY application_renewal_of (alliance_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
