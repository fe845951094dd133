-- Copies: one article in several feeds. `copy_key` is a digest of the normalized URL, or of a guid that is unique in the
-- world; Rust code fills it, because SQL alone cannot. `copy_of` is the entry that stands for the
-- article in lists; NULL for that entry itself, and for the articles of one feed alone.
ALTER TABLE entries ADD COLUMN copy_key INTEGER;
ALTER TABLE entries ADD COLUMN copy_of  INTEGER;
CREATE INDEX entries_by_copy_key ON entries (copy_key) WHERE copy_key IS NOT NULL;
CREATE INDEX entries_copies ON entries (copy_of) WHERE copy_of IS NOT NULL;
ALTER TABLE states ADD COLUMN copy BLOB NOT NULL DEFAULT x'';

-- The copies that lists fold: those that are not left out of them anyway.
ALTER TABLE feeds ADD COLUMN folded         INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN folded_unread  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN folded_starred INTEGER NOT NULL DEFAULT 0;

DROP TRIGGER entry_marked;
CREATE TRIGGER entry_marked AFTER UPDATE OF read, starred ON entries BEGIN
    UPDATE feeds SET unread = unread + OLD.read - NEW.read, starred = starred + NEW.starred - OLD.starred,
        unlisted_unread = unlisted_unread + (NEW.unlisted <> 0) * (OLD.read - NEW.read),
        unlisted_starred = unlisted_starred + (NEW.unlisted <> 0) * (NEW.starred - OLD.starred),
        folded_unread = folded_unread
            + (NEW.copy_of IS NOT NULL AND NEW.unlisted = 0) * (OLD.read - NEW.read),
        folded_starred = folded_starred
            + (NEW.copy_of IS NOT NULL AND NEW.unlisted = 0) * (NEW.starred - OLD.starred)
    WHERE id = NEW.feed;
END;
CREATE TRIGGER copy_folded AFTER UPDATE OF unlisted, copy_of ON entries
WHEN (OLD.copy_of IS NOT NULL AND OLD.unlisted = 0) <> (NEW.copy_of IS NOT NULL AND NEW.unlisted = 0) BEGIN
    UPDATE feeds SET folded = folded + iif(NEW.copy_of IS NOT NULL AND NEW.unlisted = 0, 1, -1),
        folded_unread = folded_unread + iif(NEW.copy_of IS NOT NULL AND NEW.unlisted = 0, 1, -1) * (NEW.read = 0),
        folded_starred = folded_starred + iif(NEW.copy_of IS NOT NULL AND NEW.unlisted = 0, 1, -1) * NEW.starred
    WHERE id = NEW.feed;
END;
DROP TRIGGER entry_removed;
CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN
    UPDATE feeds SET total = total - 1, unread = unread - (OLD.read = 0), starred = starred - OLD.starred,
        unlisted = unlisted - (OLD.unlisted <> 0),
        unlisted_unread = unlisted_unread - (OLD.unlisted <> 0) * (OLD.read = 0),
        unlisted_starred = unlisted_starred - (OLD.unlisted <> 0) * OLD.starred,
        folded = folded - (OLD.copy_of IS NOT NULL AND OLD.unlisted = 0),
        folded_unread = folded_unread - (OLD.copy_of IS NOT NULL AND OLD.unlisted = 0) * (OLD.read = 0),
        folded_starred = folded_starred - (OLD.copy_of IS NOT NULL AND OLD.unlisted = 0) * OLD.starred
    WHERE id = OLD.feed;
END;
