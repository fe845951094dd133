-- The full text of entries, extracted from their web pages; the text from the feed stays in
-- `bodies`.
CREATE TABLE originals (
    entry INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    -- Seconds since 1970.
    at    INTEGER NOT NULL,
    url   TEXT    NOT NULL,
    html  TEXT    NOT NULL,
    -- 1 if the full text is shown in place of the text from the feed.
    shown INTEGER NOT NULL DEFAULT 1
) STRICT;
