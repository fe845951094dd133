-- The order of the queue, as the user has made it: episodes without a place follow, the oldest first. A place is that
-- of an episode of the queue only; undo brings it back with the tag.
CREATE TABLE queue_places (
    entry INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    place INTEGER NOT NULL
) STRICT;

-- The view of the queue shows this order, unless the user has chosen another, or groups by day, which need dates.
UPDATE views SET sort = 'queue' WHERE built_in = 'queue' AND sort = 'oldest' AND grouping <> 'day';
