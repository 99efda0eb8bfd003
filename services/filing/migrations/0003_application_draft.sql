-- The form as last saved (alliance.filing.v1.ApplicationForm) and what the recommender wants changed
-- (`marks`: an alliance.events.v1.ApplicationReturned). id = the application; apart from it, so that an
-- act on the case need not carry the form. Changed only together with the application's version.
CREATE TABLE application_draft (
  id    CHAR(36)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  form  MEDIUMBLOB NOT NULL,
  marks MEDIUMBLOB NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
