-- What the index has yet to see: a line for every text that came, changed or went. It takes them from the top.
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

-- The segments of the index, by the names of their folders, and which of their articles are dead, a bit each.
CREATE TABLE segments (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    articles INTEGER NOT NULL,
    dead     BLOB    NOT NULL
) STRICT;

-- What is read and starred, a bit for each of 4,096 entries: a list of all of them would be felt at every start.
CREATE TABLE states (
    page    INTEGER PRIMARY KEY,
    read    BLOB NOT NULL,
    starred BLOB NOT NULL
) STRICT;
