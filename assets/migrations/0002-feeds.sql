-- Web feeds: the user's subscription, the schedule of refreshes, and the validators for conditional
-- requests.
ALTER TABLE feeds ADD COLUMN name          TEXT;
ALTER TABLE feeds ADD COLUMN site          TEXT;
ALTER TABLE feeds ADD COLUMN tags          TEXT    NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN every         INTEGER;
ALTER TABLE feeds ADD COLUMN paused        INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN muted         INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN fetch         TEXT    NOT NULL DEFAULT '{}';
-- Times are in seconds since 1970.
ALTER TABLE feeds ADD COLUMN checked       INTEGER;
ALTER TABLE feeds ADD COLUMN next          INTEGER;
ALTER TABLE feeds ADD COLUMN not_before    INTEGER;
ALTER TABLE feeds ADD COLUMN last_new      INTEGER;
ALTER TABLE feeds ADD COLUMN failures      INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN stopped       INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN etag          TEXT;
ALTER TABLE feeds ADD COLUMN last_modified TEXT;
ALTER TABLE feeds ADD COLUMN digest        INTEGER;
ALTER TABLE feeds ADD COLUMN moved         TEXT;
ALTER TABLE feeds ADD COLUMN moved_times   INTEGER NOT NULL DEFAULT 0;

-- Recognizes an entry by its link if the publisher has changed its guid.
ALTER TABLE entries ADD COLUMN link_key TEXT;
CREATE INDEX entries_by_link ON entries (feed, link_key) WHERE link_key IS NOT NULL;

-- Attachments and discussions of an entry, as JSON; few entries have any.
ALTER TABLE entries ADD COLUMN attached TEXT;

-- Earlier versions of edited entries.
CREATE TABLE versions (
    entry  INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
    at     INTEGER NOT NULL,
    title  TEXT    NOT NULL,
    format TEXT    NOT NULL,
    text   TEXT    NOT NULL
) STRICT;
CREATE INDEX versions_by_entry ON versions (entry, at DESC);
