-- The date, in seconds since 1970, before which articles were released to the archive, and the date of the last one that was
-- looked at for that; null if none was, or none older is left. What was released has 3 in `entries.dropped`.
ALTER TABLE archive_state ADD COLUMN released_before INTEGER;
ALTER TABLE archive_state ADD COLUMN release_place INTEGER;
