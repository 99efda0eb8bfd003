-- One evaluation campaign per year, under the rule pack it was opened with. Insert-only by grant.
CREATE TABLE campaign (
  id           CHAR(4)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  rules_digest BINARY(32)  NOT NULL,
  open_us      BIGINT      NOT NULL,
  opened_by    VARCHAR(80) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB
