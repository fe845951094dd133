-- The queue of the index: one row for each text that was added, changed or deleted. The oldest rows
-- are indexed first.
CREATE TABLE text_changes (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    entry INTEGER NOT NULL
) STRICT;
CREATE TRIGGER text_added AFTER INSERT ON bodies BEGIN
    INSERT INTO text_changes (entry) VALUES (NEW.entry);
END;
CREATE TRIGGER text_changed AFTER UPDATE OF folded, title_end, author_end ON bodies BEGIN
    INSERT INTO text_changes (entry) VALUES (NEW.entry);
END;
CREATE TRIGGER text_removed AFTER DELETE ON bodies BEGIN
    INSERT INTO text_changes (entry) VALUES (OLD.entry);
END;
INSERT INTO text_changes (entry) SELECT id FROM entries ORDER BY published, id;

-- The segments of the index: `number` names the folder, and `dead` has a bit for each document that
-- is set if the document is deleted.
CREATE TABLE segments (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    articles INTEGER NOT NULL,
    dead     BLOB    NOT NULL
) STRICT;

-- Read and starred states as bitmaps of 4,096 entries each, because loading a row per entry would
-- delay every start.
CREATE TABLE states (
    page    INTEGER PRIMARY KEY,
    read    BLOB NOT NULL,
    starred BLOB NOT NULL
) STRICT;
