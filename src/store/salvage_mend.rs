//! Makes the tables of a salvaged library agree with each other. Start with [`mend_library`].

use rusqlite::Connection;

use super::{copies::rebuild_copies, state_pages::rebuild_bitmaps, tag_bitmaps::rebuild_tag_pages};

/// Adds the rows that others need: feeds of articles, articles of texts, reserved tags, first views.
const ADD_MISSING_SQL: &str = "
    INSERT OR IGNORE INTO tags (id, name, key, color) VALUES
        (1, 'hidden', 'hidden', 0), (2, 'later', 'later', 1), (3, 'removed', 'removed', 0),
        (-1, 'queue', 'queue', 2), (-2, 'played', 'played', 3),
        (-3, 'downloaded file', 'downloaded file', 0), (-4, 'unseen edit', 'unseen edit', 0);
    INSERT OR IGNORE INTO tags (id, name, key, color)
        SELECT DISTINCT tag, 'lost-tag-' || tag, 'lost-tag-' || tag, 0 FROM entry_tags
        WHERE tag NOT IN (SELECT id FROM tags);
    INSERT INTO views (name, query, built_in, sort, grouping, hidden, position)
        SELECT column1, column2, column3, column5, 'none', 0, column4
        FROM (VALUES ('Unread', 'is:unread', 'unread', 0, 'newest'),
            ('Starred', 'is:star', 'starred', 1, 'newest'),
            ('Today', 'since:today', 'today', 2, 'newest'),
            ('Later', 'is:later', 'later', 3, 'newest'),
            ('Queue', 'is:queued', 'queue', 4, 'oldest'), ('All articles', '', 'all', 5, 'newest'))
        WHERE column3 NOT IN (SELECT built_in FROM views WHERE built_in IS NOT NULL);
    INSERT INTO feeds (id, kind, url, title, paused, gone)
        SELECT id, 'web', 'lost:' || id, 'Feed ' || id || ', whose address is lost', 1,
            NOT EXISTS (SELECT 1 FROM entries WHERE feed = numbers.id)
        FROM (WITH RECURSIVE numbers (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM numbers
                WHERE id < (SELECT seq FROM sqlite_sequence WHERE name = 'feeds'))
            SELECT id FROM numbers LIMIT 100000) AS numbers
        WHERE id NOT IN (SELECT id FROM feeds)
            AND id <= (SELECT seq FROM sqlite_sequence WHERE name = 'feeds');
    INSERT INTO feeds (id, kind, url, title, paused)
        SELECT DISTINCT feed, 'web', 'lost:' || feed, 'Feed ' || feed || ', whose address is lost', 1
        FROM entries WHERE feed NOT IN (SELECT id FROM feeds);
    CREATE TEMP TABLE lone_texts AS
        SELECT entry FROM bodies WHERE format <> 'absent' UNION SELECT entry FROM originals
        EXCEPT SELECT id FROM entries;
    INSERT INTO feeds (kind, url, title, paused)
        SELECT 'web', 'lost:articles', 'Articles whose titles are lost', 1
        WHERE EXISTS (SELECT 1 FROM lone_texts);
    INSERT INTO entries (id, feed, guid, digest, size, modified, title, tags, published, day_only)
        SELECT entry, (SELECT id FROM feeds WHERE url = 'lost:articles'), 'lost:' || entry, 0, 0, 0,
            'Article ' || entry || ', whose title is lost', '', 0, 0
        FROM lone_texts;
    DROP TABLE lone_texts;";

/// Removes what belonged to articles of which nothing is left, and lets the texts that are missing be
/// read and fetched again.
const MEND_ARTICLES_SQL: &str = "
    DELETE FROM bodies WHERE entry NOT IN (SELECT id FROM entries);
    DELETE FROM versions WHERE entry NOT IN (SELECT id FROM entries);
    DELETE FROM places WHERE entry NOT IN (SELECT id FROM entries);
    DELETE FROM entry_tags WHERE entry NOT IN (SELECT id FROM entries);
    DELETE FROM downloads WHERE entry NOT IN (SELECT id FROM entries);
    DELETE FROM play_positions WHERE entry NOT IN (SELECT id FROM entries);
    DELETE FROM queue_places WHERE entry NOT IN (SELECT id FROM entries);
    DELETE FROM entry_weights WHERE entry NOT IN (SELECT id FROM entries);
    DELETE FROM rule_acts WHERE entry NOT IN (SELECT id FROM entries);
    DELETE FROM remote_items WHERE entry NOT IN (SELECT id FROM entries);
    DELETE FROM text_copies WHERE entry NOT IN (SELECT id FROM entries);
    DELETE FROM story_links
        WHERE entry NOT IN (SELECT id FROM entries) OR other NOT IN (SELECT id FROM entries);
    INSERT INTO acting_rules (id, name)
        SELECT DISTINCT rule, 'Rule ' || rule || ', whose name is lost'
        FROM (SELECT rule FROM rule_acts UNION SELECT rule FROM entry_weights)
        WHERE rule NOT IN (SELECT id FROM acting_rules);
    INSERT INTO bodies (entry, format, text)
        SELECT id, 'absent', '' FROM entries
        WHERE dropped = 0 AND id NOT IN (SELECT entry FROM bodies);
    UPDATE entries SET digest = 0, size = 0, modified = 0
        WHERE id IN (SELECT entry FROM bodies WHERE format = 'absent');
    UPDATE entries SET has_full_text = id IN (SELECT entry FROM originals)
        WHERE has_full_text <> (id IN (SELECT entry FROM originals));
    INSERT OR IGNORE INTO entry_tags (entry, tag) SELECT id, 1 FROM entries WHERE unlisted & 1;
    INSERT OR IGNORE INTO entry_tags (entry, tag) SELECT id, 3 FROM entries WHERE unlisted & 2;
    UPDATE entries SET unlisted =
            EXISTS (SELECT 1 FROM entry_tags WHERE entry = id AND tag = 1)
            + 2 * EXISTS (SELECT 1 FROM entry_tags WHERE entry = id AND tag = 3)
        WHERE unlisted <> 0 OR id IN (SELECT entry FROM entry_tags WHERE tag IN (1, 3));";

/// Counts again what feeds and tags state, has every feed fetched, and queues all texts for the index.
const COUNT_SQL: &str = "
    UPDATE tags SET articles = 0;
    UPDATE tags SET articles = counted.entries
        FROM (SELECT tag, count(*) AS entries FROM entry_tags GROUP BY tag) AS counted
        WHERE counted.tag = tags.id;
    UPDATE feeds SET etag = NULL, last_modified = NULL, digest = NULL, next = NULL,
        total = 0, unread = 0, starred = 0, unlisted = 0, unlisted_unread = 0, unlisted_starred = 0,
        dropped = 0, folded = 0, folded_unread = 0, folded_starred = 0;
    UPDATE feeds SET total = counted.total, unread = counted.unread, starred = counted.starred,
            unlisted = counted.unlisted, unlisted_unread = counted.unlisted_unread,
            unlisted_starred = counted.unlisted_starred, dropped = counted.dropped,
            folded = counted.folded, folded_unread = counted.folded_unread,
            folded_starred = counted.folded_starred
        FROM (SELECT feed, count(*) AS total, sum(read = 0) AS unread, sum(starred <> 0) AS starred,
                sum(unlisted <> 0) AS unlisted, sum(unlisted <> 0 AND read = 0) AS unlisted_unread,
                sum(unlisted <> 0 AND starred <> 0) AS unlisted_starred, sum(dropped <> 0) AS dropped,
                sum(copy_of IS NOT NULL AND unlisted = 0) AS folded,
                sum(copy_of IS NOT NULL AND unlisted = 0 AND read = 0) AS folded_unread,
                sum(copy_of IS NOT NULL AND unlisted = 0 AND starred <> 0) AS folded_starred
            FROM entries GROUP BY feed) AS counted
        WHERE counted.feed = feeds.id;
    DELETE FROM text_changes;
    INSERT INTO text_changes (entry) SELECT id FROM entries ORDER BY published, id;
    DELETE FROM story_queue;
    INSERT INTO story_queue (entry) SELECT id FROM entries WHERE dropped = 0 ORDER BY published, id;";

/// Makes the tables agree with each other, and makes the derived ones anew.
pub(super) fn mend_library(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(ADD_MISSING_SQL)?;
    db.execute_batch(MEND_ARTICLES_SQL)?;
    rebuild_copies(db)?;
    db.execute_batch(COUNT_SQL)?;
    rebuild_bitmaps(db)?;
    rebuild_tag_pages(db)
}
