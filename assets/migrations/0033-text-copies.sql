-- Copies by text: an entry that is in the group of another key than that of its own address or guid (`own_key`), because
-- its text is in an article of the group.
CREATE TABLE text_copies (
    entry    INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    own_key  INTEGER,
    copy_key INTEGER NOT NULL
) STRICT;
CREATE INDEX text_copies_by_own_key ON text_copies (own_key) WHERE own_key IS NOT NULL;

-- What one feed brings twice is no copy.
ALTER TABLE story_articles ADD COLUMN feed INTEGER NOT NULL DEFAULT 0;
UPDATE story_articles SET feed = coalesce((SELECT feed FROM entries WHERE id = entry), 0);
