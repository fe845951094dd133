-- The changes of subscriptions that servers have not been told yet: `kind` is 'subscribe', 'rename', 'move' or
-- 'unsubscribe', `value` the title or the folder there (null for none). The last one of a kind counts. `tries` is the number
-- of times that the server may have been told, without an answer that says so.
CREATE TABLE feed_outbox (
    feed  INTEGER NOT NULL REFERENCES feeds(id),
    kind  TEXT    NOT NULL,
    value TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (feed, kind)
) STRICT, WITHOUT ROWID;

-- The title that the server listed last. `feeds.title` stays the one that a feed had before the user renamed it.
ALTER TABLE account_feeds ADD COLUMN title TEXT;

-- 1 if the server has labels of articles, with which the user's tags are kept alike, 0 if not; null if that is not known. The
-- tags that it has not been told yet are in `outbox`: `mark` is 'tag:' and the key of the tag.
ALTER TABLE accounts ADD COLUMN labels INTEGER;
