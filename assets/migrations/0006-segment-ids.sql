-- The random id of each segment of the index, which its files state as well: files of another library or
-- of another segment are not taken for its own. NULL for segments of earlier versions, whose files state
-- none.
ALTER TABLE segments ADD COLUMN key INTEGER;
