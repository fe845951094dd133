-- Accounts on servers that fetch feeds for the user. `key` is the name by which accounts are compared. `password` is the
-- source of the password, never the password. Times are in seconds since 1970.
CREATE TABLE accounts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    key        TEXT    NOT NULL UNIQUE,
    url        TEXT    NOT NULL,
    user       TEXT    NOT NULL,
    password   TEXT    NOT NULL,
    synced     INTEGER,
    rechecked  INTEGER,
    not_before INTEGER,
    failures   INTEGER NOT NULL DEFAULT 0,
    problem    TEXT
) STRICT;

-- The feeds of accounts, by the ids that their servers gave them. `folder` is the folder there; `listed` is 0 once the
-- server no longer lists the feed. `feeds.url` is made up, because a feed of the user's own may have the same URL.
CREATE TABLE account_feeds (
    account INTEGER NOT NULL REFERENCES accounts(id),
    remote  TEXT    NOT NULL,
    feed    INTEGER NOT NULL REFERENCES feeds(id),
    url     TEXT,
    folder  TEXT,
    listed  INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (account, remote)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_feeds_by_feed ON account_feeds (feed);

-- The articles of accounts, by the ids that their servers gave them: opaque, and unique within an account.
CREATE TABLE remote_items (
    account INTEGER NOT NULL REFERENCES accounts(id),
    remote  TEXT    NOT NULL,
    entry   INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
    PRIMARY KEY (account, remote)
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_items_by_entry ON remote_items (entry);

-- The marks that servers have not been told yet: `mark` is 'read' or 'starred'. The last one of an article counts.
CREATE TABLE outbox (
    account INTEGER NOT NULL REFERENCES accounts(id),
    remote  TEXT    NOT NULL,
    mark    TEXT    NOT NULL,
    wanted  INTEGER NOT NULL,
    PRIMARY KEY (account, remote, mark)
) STRICT, WITHOUT ROWID;
