-- The lists of a server at a sync that had nothing to do: their digest, and the number of changes until then of what they
-- are compared with. While both are the same, the lists need not be read. Left out of backups.
CREATE TABLE settled_syncs (
    account INTEGER PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE,
    lists   INTEGER NOT NULL,
    changes INTEGER NOT NULL
) STRICT;

-- Triggers count these changes, whatever makes them: ids and marks of articles, what waits for the server, subscriptions,
-- texts that are missing, and the server itself.
ALTER TABLE accounts ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER sync_item_added AFTER INSERT ON remote_items BEGIN
    UPDATE accounts SET changes = changes + 1 WHERE id = NEW.account;
END;
CREATE TRIGGER sync_item_changed AFTER UPDATE ON remote_items BEGIN
    UPDATE accounts SET changes = changes + 1 WHERE id IN (OLD.account, NEW.account);
END;
CREATE TRIGGER sync_item_removed AFTER DELETE ON remote_items BEGIN
    UPDATE accounts SET changes = changes + 1 WHERE id = OLD.account;
END;
CREATE TRIGGER sync_outbox_added AFTER INSERT ON outbox BEGIN
    UPDATE accounts SET changes = changes + 1 WHERE id = NEW.account;
END;
CREATE TRIGGER sync_outbox_changed AFTER UPDATE ON outbox BEGIN
    UPDATE accounts SET changes = changes + 1 WHERE id IN (OLD.account, NEW.account);
END;
CREATE TRIGGER sync_outbox_removed AFTER DELETE ON outbox BEGIN
    UPDATE accounts SET changes = changes + 1 WHERE id = OLD.account;
END;
-- Before, because a page is replaced, and its row of before is gone then.
CREATE TRIGGER sync_states_added BEFORE INSERT ON states
    WHEN NOT EXISTS (SELECT 1 FROM states WHERE page = NEW.page AND read = NEW.read AND starred = NEW.starred)
BEGIN
    UPDATE accounts SET changes = changes + 1;
END;
CREATE TRIGGER sync_states_changed AFTER UPDATE ON states BEGIN
    UPDATE accounts SET changes = changes + 1;
END;
CREATE TRIGGER sync_states_removed AFTER DELETE ON states BEGIN
    UPDATE accounts SET changes = changes + 1;
END;
CREATE TRIGGER sync_feed_gone AFTER UPDATE OF gone ON feeds WHEN OLD.gone <> NEW.gone BEGIN
    UPDATE accounts SET changes = changes + 1;
END;
CREATE TRIGGER sync_feed_added AFTER INSERT ON account_feeds BEGIN
    UPDATE accounts SET changes = changes + 1 WHERE id = NEW.account;
END;
CREATE TRIGGER sync_feed_changed AFTER UPDATE OF account, feed, listed ON account_feeds
    WHEN OLD.account <> NEW.account OR OLD.feed <> NEW.feed OR OLD.listed <> NEW.listed
BEGIN
    UPDATE accounts SET changes = changes + 1 WHERE id IN (OLD.account, NEW.account);
END;
CREATE TRIGGER sync_feed_removed AFTER DELETE ON account_feeds BEGIN
    UPDATE accounts SET changes = changes + 1 WHERE id = OLD.account;
END;
CREATE TRIGGER sync_entry_moved AFTER UPDATE OF feed ON entries WHEN OLD.feed <> NEW.feed BEGIN
    UPDATE accounts SET changes = changes + 1;
END;
CREATE TRIGGER sync_text_missing AFTER INSERT ON bodies WHEN NEW.format = 'absent' BEGIN
    UPDATE accounts SET changes = changes + 1;
END;
CREATE TRIGGER sync_text_lost AFTER UPDATE OF format ON bodies WHEN NEW.format = 'absent' BEGIN
    UPDATE accounts SET changes = changes + 1;
END;
CREATE TRIGGER sync_server_changed AFTER UPDATE OF url, user, kind ON accounts
    WHEN OLD.url <> NEW.url OR OLD.user <> NEW.user OR OLD.kind <> NEW.kind
BEGIN
    UPDATE accounts SET changes = changes + 1 WHERE id = NEW.id;
END;
