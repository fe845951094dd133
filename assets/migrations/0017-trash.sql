-- The trash. An article that was dropped from it keeps its row, without texts, so that no refresh brings it back: 1 if
-- the user removed it, 2 if it went with its unsubscribed feed, which brings it back when it is subscribed again.
ALTER TABLE entries ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entries_dropped ON entries (id) WHERE dropped <> 0;
ALTER TABLE feeds ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER entry_dropped AFTER UPDATE OF dropped ON entries WHEN (OLD.dropped <> 0) <> (NEW.dropped <> 0) BEGIN
    UPDATE feeds SET dropped = dropped + (NEW.dropped <> 0) - (OLD.dropped <> 0) WHERE id = NEW.feed;
END;

-- Articles of the trash have the tag `removed` (3) until the time at which they are dropped.
CREATE INDEX entry_tags_removed ON entry_tags (until, entry) WHERE tag = 3 AND until IS NOT NULL;

-- The time since which the feed is known to be unsubscribed, in seconds since 1970.
ALTER TABLE feeds ADD COLUMN gone_since INTEGER;
CREATE TRIGGER feed_subscribed AFTER UPDATE OF gone ON feeds WHEN NEW.gone = 0 AND OLD.gone_since IS NOT NULL BEGIN
    UPDATE feeds SET gone_since = NULL WHERE id = NEW.id;
END;
