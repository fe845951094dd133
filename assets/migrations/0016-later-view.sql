-- The built-in view of articles with the tag `later`, below that of today.
UPDATE views SET position = position + 1
WHERE position > (SELECT position FROM views WHERE built_in = 'today');

INSERT INTO views (name, query, built_in, sort, grouping, hidden, position)
SELECT CASE WHEN EXISTS (SELECT 1 FROM views WHERE name = 'Later') THEN 'Later (tag)' ELSE 'Later' END,
       'is:later', 'later', 'newest', 'none', 0, position + 1
FROM views WHERE built_in = 'today';
