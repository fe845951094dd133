-- Views: named lists in the sidebar. Saved filters become views of the user; the order that the user chose for
-- a saved filter or for one of the first lists was a preference, and is a part of the view from now on.
CREATE TABLE views (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT    NOT NULL,
    query    TEXT    NOT NULL,
    built_in TEXT    UNIQUE,
    sort     TEXT    NOT NULL,
    grouping TEXT    NOT NULL,
    hidden   INTEGER NOT NULL,
    position INTEGER NOT NULL,
    -- Of a view that was a saved filter: when it was saved, in milliseconds. Earlier changes of the journal name it.
    saved_at INTEGER
) STRICT;

INSERT INTO views (name, query, built_in, sort, grouping, hidden, position)
SELECT column1, column2, column3,
       coalesce((SELECT value FROM kept WHERE kept.name = 'order.scope ' || column4), 'newest'), 'none', 0, column5
FROM (VALUES ('Unread', 'is:unread', 'unread', 'unread', 0),
             ('Starred', 'is:star', 'starred', 'starred', 1),
             ('Today', 'since:today', 'today', 'today', 2),
             ('All articles', '', 'all', 'everything', 3));

INSERT INTO views (name, query, sort, grouping, hidden, position, saved_at)
SELECT CASE WHEN text IN ('Unread', 'Starred', 'Today', 'All articles') THEN text || ' (filter)' ELSE text END,
       text, coalesce((SELECT value FROM kept WHERE kept.name = 'order.filter ' || text), 'newest'), 'none', 0,
       3 + row_number() OVER (ORDER BY at, text), at
FROM saved_filters ORDER BY at, text;

DROP TABLE saved_filters;
