-- The text of an earlier version as a Zstandard frame, in place of `text`, which is empty then; null where `text` is smaller. The
-- dictionary is the text of the next newer version, whose digest is `base`; there is none if `base` is null. (Not its rowid, which
-- SQLite may change.)
ALTER TABLE versions ADD COLUMN packed BLOB;
ALTER TABLE versions ADD COLUMN base   INTEGER;
