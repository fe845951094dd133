-- Time of arrival in seconds since 1970; 0 if it is unknown.
ALTER TABLE entries ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0;

-- The folded text is now only in the index, and this table has the published text. `text` is plain
-- TEXT or a BLOB: the length of the text (u32, little-endian), then a Zstandard frame.
DROP TRIGGER text_added;
DROP TRIGGER text_changed;
DROP TRIGGER text_removed;
CREATE TABLE new_bodies (
    entry  INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    format TEXT    NOT NULL,
    text   ANY     NOT NULL
) STRICT;
INSERT INTO new_bodies SELECT entry, format, text FROM bodies;
DROP TABLE bodies;
ALTER TABLE new_bodies RENAME TO bodies;

CREATE TRIGGER text_added AFTER INSERT ON bodies BEGIN
    INSERT INTO text_changes (entry) VALUES (NEW.entry);
END;
CREATE TRIGGER text_changed AFTER UPDATE OF text ON bodies BEGIN
    INSERT INTO text_changes (entry) VALUES (NEW.entry);
END;
CREATE TRIGGER text_removed AFTER DELETE ON bodies BEGIN
    INSERT INTO text_changes (entry) VALUES (OLD.entry);
END;
-- If the full text is shown in place of the text from the feed, searches find the full text.
CREATE TRIGGER original_kept AFTER INSERT ON originals BEGIN
    INSERT INTO text_changes (entry) VALUES (NEW.entry);
END;
CREATE TRIGGER original_changed AFTER UPDATE OF html, shown ON originals BEGIN
    INSERT INTO text_changes (entry) VALUES (NEW.entry);
END;
CREATE TRIGGER original_forgotten AFTER DELETE ON originals BEGIN
    INSERT INTO text_changes (entry) VALUES (OLD.entry);
END;

-- Indexes all entries again, because the index stores more about each of them.
DELETE FROM segments;
DELETE FROM text_changes;
INSERT INTO text_changes (entry) SELECT id FROM entries ORDER BY published, id;
