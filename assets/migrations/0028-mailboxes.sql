-- The mailbox files of a folder as they were when all their mails were read: one that is the same is not read again.
CREATE TABLE mailboxes (
    feed     INTEGER NOT NULL REFERENCES feeds(id) ON DELETE CASCADE,
    path     TEXT    NOT NULL,
    size     INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    PRIMARY KEY (feed, path)
) STRICT, WITHOUT ROWID;
