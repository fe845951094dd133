-- The shared archive that this library takes part in: one row, or none. `reader` names this library in leases;
-- `article_cursor` is the last arrival that was taken, null before the first, `first_arrival` the one after which the library
-- has taken all, and `mark_cursor` the last change of marks.
CREATE TABLE archive_state (
    id             INTEGER PRIMARY KEY CHECK (id = 1),
    address        TEXT    NOT NULL,
    reader         TEXT    NOT NULL,
    article_cursor INTEGER,
    first_arrival  INTEGER,
    mark_cursor    INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The articles that are to be published: their text is new or has changed.
CREATE TABLE archive_queue (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    entry INTEGER NOT NULL
) STRICT;
CREATE TRIGGER archive_text_added AFTER INSERT ON bodies WHEN EXISTS (SELECT 1 FROM archive_state) BEGIN
    INSERT INTO archive_queue (entry) VALUES (NEW.entry);
END;
CREATE TRIGGER archive_text_changed AFTER UPDATE OF text ON bodies WHEN EXISTS (SELECT 1 FROM archive_state) BEGIN
    INSERT INTO archive_queue (entry) VALUES (NEW.entry);
END;

-- The marks that the archive has not been told yet: 'read', 'starred', or 'tag:' and the key of a tag. The last one counts.
CREATE TABLE archive_outbox (
    entry  INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
    mark   TEXT    NOT NULL,
    wanted INTEGER NOT NULL,
    PRIMARY KEY (entry, mark)
) STRICT, WITHOUT ROWID;

-- The marks that the archive has of articles that are not here yet.
CREATE TABLE archive_marks (
    feed   TEXT    NOT NULL,
    guid   TEXT    NOT NULL,
    mark   TEXT    NOT NULL,
    wanted INTEGER NOT NULL,
    PRIMARY KEY (feed, guid, mark)
) STRICT, WITHOUT ROWID;
