-- The user's tags. Numbers 1 to 3 are reserved; `articles` is the number of rows in `entry_tags`, stated twice
-- because a damaged page hides rows without an error. `color` is the number of a role in the themes.
CREATE TABLE tags (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT    NOT NULL,
    -- The name by which tags are compared.
    key      TEXT    NOT NULL UNIQUE,
    color    INTEGER NOT NULL,
    articles INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO tags (id, name, key, color) VALUES
    (1, 'hidden', 'hidden', 0), (2, 'later', 'later', 1), (3, 'removed', 'removed', 0);

-- The tags of entries. A tag holds until a time in seconds since 1970; NULL for good.
CREATE TABLE entry_tags (
    entry INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
    tag   INTEGER NOT NULL,
    until INTEGER,
    PRIMARY KEY (entry, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_tags_by_end ON entry_tags (until) WHERE until IS NOT NULL;

-- The tags as bitmaps of 4,096 entries each, as `states` has the marks; derived from `entry_tags`.
CREATE TABLE tag_pages (
    tag  INTEGER NOT NULL,
    page INTEGER NOT NULL,
    bits BLOB    NOT NULL,
    PRIMARY KEY (tag, page)
) STRICT, WITHOUT ROWID;

-- Unlisted entries have the tag `hidden` (1), `removed` (2) or both (3). They are left out of every list and count.
ALTER TABLE entries ADD COLUMN unlisted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE states ADD COLUMN hidden  BLOB NOT NULL DEFAULT x'';
ALTER TABLE states ADD COLUMN removed BLOB NOT NULL DEFAULT x'';
ALTER TABLE feeds ADD COLUMN unlisted         INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN unlisted_unread  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN unlisted_starred INTEGER NOT NULL DEFAULT 0;

DROP TRIGGER entry_marked;
CREATE TRIGGER entry_marked AFTER UPDATE OF read, starred ON entries BEGIN
    UPDATE feeds SET unread = unread + OLD.read - NEW.read, starred = starred + NEW.starred - OLD.starred,
        unlisted_unread = unlisted_unread + (NEW.unlisted <> 0) * (OLD.read - NEW.read),
        unlisted_starred = unlisted_starred + (NEW.unlisted <> 0) * (NEW.starred - OLD.starred)
    WHERE id = NEW.feed;
END;
CREATE TRIGGER entry_unlisted AFTER UPDATE OF unlisted ON entries
WHEN (OLD.unlisted <> 0) <> (NEW.unlisted <> 0) BEGIN
    UPDATE feeds SET unlisted = unlisted + (NEW.unlisted <> 0) - (OLD.unlisted <> 0),
        unlisted_unread = unlisted_unread + ((NEW.unlisted <> 0) - (OLD.unlisted <> 0)) * (NEW.read = 0),
        unlisted_starred = unlisted_starred + ((NEW.unlisted <> 0) - (OLD.unlisted <> 0)) * NEW.starred
    WHERE id = NEW.feed;
END;
DROP TRIGGER entry_removed;
CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN
    UPDATE feeds SET total = total - 1, unread = unread - (OLD.read = 0), starred = starred - OLD.starred,
        unlisted = unlisted - (OLD.unlisted <> 0),
        unlisted_unread = unlisted_unread - (OLD.unlisted <> 0) * (OLD.read = 0),
        unlisted_starred = unlisted_starred - (OLD.unlisted <> 0) * OLD.starred
    WHERE id = OLD.feed;
END;
