-- The tags of podcasts and films, whose ids are below those of the user's: a tag of that name becomes the queue. The
-- journal knows tags by their names.
INSERT OR IGNORE INTO tags (name, key, color) VALUES ('queue', 'queue', 2), ('played', 'played', 3);
UPDATE entry_tags SET tag = -1 WHERE tag = (SELECT id FROM tags WHERE key = 'queue');
UPDATE tag_pages SET tag = -1 WHERE tag = (SELECT id FROM tags WHERE key = 'queue');
UPDATE tags SET id = -1 WHERE key = 'queue';
UPDATE entry_tags SET tag = -2 WHERE tag = (SELECT id FROM tags WHERE key = 'played');
UPDATE tag_pages SET tag = -2 WHERE tag = (SELECT id FROM tags WHERE key = 'played');
UPDATE tags SET id = -2 WHERE key = 'played';
-- The mark of articles with a downloaded file, which no user can type.
INSERT INTO tags (id, name, key, color) VALUES (-3, 'downloaded file', 'downloaded file', 0);

-- The built-in view of the queue, below that of later.
UPDATE views SET position = position + 1
WHERE position > (SELECT position FROM views WHERE built_in = 'later');

INSERT INTO views (name, query, built_in, sort, grouping, hidden, position)
SELECT CASE WHEN EXISTS (SELECT 1 FROM views WHERE name = 'Queue') THEN 'Queue (tag)' ELSE 'Queue' END,
       'is:queued', 'queue', 'oldest', 'none', 0, position + 1
FROM views WHERE built_in = 'later';
