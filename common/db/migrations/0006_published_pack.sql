-- Rule packs as they were published, under which a round is held: immutable, named by the digest of `pack`
-- (act/published_packs.h). `number` counts a round's packs, each superseding the one before. Insert-only.
CREATE TABLE published_pack (
  id         CHAR(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  round_id   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number     INT         NOT NULL,
  supersedes VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  pack       MEDIUMBLOB  NOT NULL,
  publish_us BIGINT      NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY published_pack_number (round_id, number),
  CHECK (number > 0)
) ENGINE=InnoDB
