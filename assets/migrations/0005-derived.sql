-- Seconds since 1970; 0 where nobody knows.
ALTER TABLE entries ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0;

-- What the filter searches is in the index alone; here is what was published. `text` is TEXT as it is, or a BLOB: its
-- length (u32, little-endian) and a Zstandard frame.
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
-- The text of a page that is read in place of what the feed brought is what is found.
CREATE TRIGGER original_kept AFTER INSERT ON originals BEGIN
    INSERT INTO text_changes (entry) VALUES (NEW.entry);
END;
CREATE TRIGGER original_changed AFTER UPDATE OF html, shown ON originals BEGIN
    INSERT INTO text_changes (entry) VALUES (NEW.entry);
END;
CREATE TRIGGER original_forgotten AFTER DELETE ON originals BEGIN
    INSERT INTO text_changes (entry) VALUES (OLD.entry);
END;

-- Everything is indexed anew: more is noted of each article.
DELETE FROM segments;
DELETE FROM text_changes;
INSERT INTO text_changes (entry) SELECT id FROM entries ORDER BY published, id;
