-- Stories: the articles of several sources about one event. `story` is the id of one of its entries; `terms` are the
-- strongest terms of the text with their weights, fixed when the story was found. Derived from the texts.
CREATE TABLE story_articles (
    entry     INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    story     INTEGER NOT NULL,
    published INTEGER NOT NULL,
    terms     BLOB    NOT NULL
) STRICT;
CREATE INDEX story_articles_by_story ON story_articles (story, published);
CREATE INDEX story_articles_by_date  ON story_articles (published);

-- The entries whose story is to be found: their text is new or has changed. Those of archives are left out unless
-- the user has asked for them (`any_age`).
CREATE TABLE story_queue (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    entry   INTEGER NOT NULL,
    any_age INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TRIGGER story_text_added AFTER INSERT ON bodies BEGIN
    INSERT INTO story_queue (entry) VALUES (NEW.entry);
END;
CREATE TRIGGER story_text_changed AFTER UPDATE OF text ON bodies BEGIN
    INSERT INTO story_queue (entry) VALUES (NEW.entry);
END;
CREATE TRIGGER story_text_removed AFTER DELETE ON bodies BEGIN
    INSERT INTO story_queue (entry) VALUES (OLD.entry);
END;
CREATE TRIGGER story_full_text_added AFTER INSERT ON originals BEGIN
    INSERT INTO story_queue (entry) VALUES (NEW.entry);
END;
CREATE TRIGGER story_full_text_changed AFTER UPDATE OF html, shown ON originals BEGIN
    INSERT INTO story_queue (entry) VALUES (NEW.entry);
END;
CREATE TRIGGER story_full_text_removed AFTER DELETE ON originals BEGIN
    INSERT INTO story_queue (entry) VALUES (OLD.entry);
END;

-- The first stories are those of the last thirty days before the newest article of each feed.
INSERT INTO story_queue (entry)
    SELECT e.id FROM (SELECT id, (SELECT max(published) FROM entries WHERE feed = feeds.id) AS newest FROM feeds) AS f
    CROSS JOIN entries e ON e.feed = f.id AND e.published >= f.newest - 2592000
    WHERE e.dropped = 0 ORDER BY e.published, e.id;

-- The user's choices: pairs of entries, the lower id first, that are in one story or in different ones.
CREATE TABLE story_links (
    entry INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
    same  INTEGER NOT NULL,
    PRIMARY KEY (entry, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_links_by_other ON story_links (other);
