-- The texts of originals, taken from their pages, beside what the feeds brought.
CREATE TABLE originals (
    entry INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    -- Seconds since 1970.
    at    INTEGER NOT NULL,
    url   TEXT    NOT NULL,
    html  TEXT    NOT NULL,
    -- Whether it is read in place of what the feed brought.
    shown INTEGER NOT NULL DEFAULT 1
) STRICT;
