-- A feed is a source of entries. Unsubscribing only sets `gone`, so that it can be undone.
CREATE TABLE feeds (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     TEXT    NOT NULL,
    url      TEXT    NOT NULL UNIQUE,
    title    TEXT    NOT NULL,
    folder   TEXT,
    failing  TEXT,
    gone     INTEGER NOT NULL DEFAULT 0,
    total    INTEGER NOT NULL DEFAULT 0,
    unread   INTEGER NOT NULL DEFAULT 0,
    starred  INTEGER NOT NULL DEFAULT 0
) STRICT;

-- `published` is in seconds since 1970. If `day_only` is set, only the day is known, and
-- `published` is its midnight UTC.
CREATE TABLE entries (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    feed      INTEGER NOT NULL REFERENCES feeds(id),
    guid      TEXT    NOT NULL,
    digest    INTEGER NOT NULL,
    size      INTEGER NOT NULL,
    modified  INTEGER NOT NULL,
    missing   INTEGER NOT NULL DEFAULT 0,
    title     TEXT    NOT NULL,
    link      TEXT,
    author    TEXT,
    tags      TEXT    NOT NULL,
    published INTEGER NOT NULL,
    day_only  INTEGER NOT NULL,
    read      INTEGER NOT NULL DEFAULT 0,
    starred   INTEGER NOT NULL DEFAULT 0,
    UNIQUE (feed, guid)
) STRICT;
CREATE INDEX entries_by_date    ON entries (published DESC, id DESC, feed, read, starred);
CREATE INDEX entries_by_feed    ON entries (feed, published DESC, id DESC, read);
CREATE INDEX entries_starred    ON entries (published DESC, id DESC, feed) WHERE starred = 1;

-- `folded` is the text that filters search; it is derived from the other columns.
CREATE TABLE bodies (
    entry      INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    format     TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    folded     BLOB    NOT NULL,
    title_end  INTEGER NOT NULL,
    author_end INTEGER NOT NULL
) STRICT;

-- The reading position in each article that was opened.
CREATE TABLE places (
    entry INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    piece INTEGER NOT NULL,
    line  INTEGER NOT NULL
) STRICT;

-- Every change that the user made. Changes that are `undone` can be redone until the next change.
CREATE TABLE journal (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,
    change TEXT    NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The preferences that the reader remembers by itself: selection, widths, theme, filter history.
CREATE TABLE kept (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE saved_filters (
    text TEXT PRIMARY KEY,
    at   INTEGER NOT NULL
) STRICT;

-- Triggers keep the counts of each feed, because counting a million rows would delay the first
-- screen.
CREATE TRIGGER entry_added AFTER INSERT ON entries BEGIN
    UPDATE feeds SET total = total + 1, unread = unread + (NEW.read = 0), starred = starred + NEW.starred
    WHERE id = NEW.feed;
END;
CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN
    UPDATE feeds SET total = total - 1, unread = unread - (OLD.read = 0), starred = starred - OLD.starred
    WHERE id = OLD.feed;
END;
CREATE TRIGGER entry_marked AFTER UPDATE OF read, starred ON entries BEGIN
    UPDATE feeds SET unread = unread + OLD.read - NEW.read, starred = starred + NEW.starred - OLD.starred
    WHERE id = NEW.feed;
END;
