-- The files of episodes. `name` is a path below the download folder; the file is there while `finished` is 1, and
-- before, it has another ending. `validator` is the ETag or the Last-Modified with which the server goes on sending.
CREATE TABLE downloads (
    entry     INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    url       TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    length    INTEGER,
    validator TEXT,
    finished  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX downloads_by_name ON downloads (name);

-- The second at which an episode was stopped.
CREATE TABLE play_positions (
    entry  INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    second INTEGER NOT NULL
) STRICT;
