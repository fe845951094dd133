-- The date by which the archive sorts the first article that the library has taken of those up to `first_arrival`, in seconds
-- since 1970; null if it has taken none of them.
ALTER TABLE archive_state ADD COLUMN published_from INTEGER;
