-- The mark of articles that were edited since the user read them, which no user can type.
INSERT INTO tags (id, name, key, color) VALUES (-4, 'unseen edit', 'unseen edit', 0);
-- Whether the user had read the version, so that what has changed since can be shown.
ALTER TABLE versions ADD COLUMN read INTEGER NOT NULL DEFAULT 0;
