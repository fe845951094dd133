//! Reading the copies of the library and their numbers.

use std::collections::BTreeMap;

use rusqlite::Row;

use super::{
    CopyMap, ReadConnection, StoreError, copy_map::load_copies, readable_rows::lossy_text,
};
use crate::model::{FoldedCounts, FoldedInFolder};

impl ReadConnection {
    /// Loads the copies of the library.
    pub fn load_copies(&self) -> Result<CopyMap, StoreError> {
        load_copies(&self.db).map_err(StoreError::during("read the copies of articles"))
    }

    /// Counts the copies of subscribed feeds that the list of all articles folds.
    pub fn count_folded_entries(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(folded), 0) FROM feeds WHERE gone = 0";
        let count =
            self.db.prepare_cached(sql).and_then(|mut sql| sql.query_row([], |row| row.get(0)));
        count.map_err(StoreError::during("count the copies of articles"))
    }

    /// Counts the copies of subscribed feeds that the first lists of the sidebar fold. `day_start` is the
    /// start of the local day, in seconds since 1970.
    pub fn count_folded(&self, day_start: i64) -> Result<FoldedCounts, StoreError> {
        // A copy of today stays in the list of today if the article was published before.
        let sql = "SELECT coalesce(sum(folded), 0), coalesce(sum(folded_unread), 0),
                coalesce(sum(folded_starred), 0),
                (SELECT count(*) - count(DISTINCT iif(
                    o.published >= ?1 AND o.read = 0 AND o.unlisted = 0, NULL, o.id))
                FROM entries e JOIN entries o ON o.id = e.copy_of
                WHERE e.published >= ?1 AND e.read = 0 AND e.unlisted = 0
                AND e.feed NOT IN (SELECT id FROM feeds WHERE gone))
            FROM feeds WHERE gone = 0";
        let read = |row: &Row<'_>| {
            Ok(FoldedCounts {
                total: row.get(0)?,
                unread: row.get(1)?,
                starred: row.get(2)?,
                unread_today: row.get(3)?,
                folders: self.count_folded_in_folders()?,
            })
        };
        let counts =
            self.db.prepare_cached(sql).and_then(|mut sql| sql.query_row([day_start], read));
        counts.map_err(StoreError::during("count the copies of articles"))
    }

    /// Counts the copies that the lists of folders fold, from the groups of copies.
    fn count_folded_in_folders(&self) -> rusqlite::Result<BTreeMap<String, FoldedInFolder>> {
        // From the copies to their entries, never through all entries.
        let sql = "WITH copies AS
                    (SELECT id, copy_of FROM entries INDEXED BY entries_copies WHERE copy_of IS NOT NULL),
                members (id, first) AS
                    (SELECT id, copy_of FROM copies UNION SELECT copy_of, copy_of FROM copies)
            SELECT folder, sum(entries - 1), sum(max(unread_entries - 1, 0)) FROM
                (SELECT f.folder, count(*) AS entries, sum(e.read = 0) AS unread_entries
                FROM members m CROSS JOIN entries e ON e.id = m.id
                CROSS JOIN feeds f ON f.id = e.feed
                WHERE e.unlisted = 0 AND e.dropped = 0 AND f.gone = 0 AND f.folder IS NOT NULL
                GROUP BY f.folder, m.first HAVING count(*) > 1)
            GROUP BY folder";
        let mut statement = self.db.prepare_cached(sql)?;
        let counts = statement.query_map([], |row| {
            Ok((lossy_text(row, 0)?, FoldedInFolder { total: row.get(1)?, unread: row.get(2)? }))
        })?;
        counts.collect()
    }

    /// Returns the numbers of copies that lists fold: the one that the feeds state, and the one of the
    /// entries. They differ where a damaged page hides some.
    pub fn count_copies_twice(&self) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT (SELECT coalesce(sum(folded), 0) FROM feeds),
                   (SELECT count(*) FROM entries NOT INDEXED WHERE copy_of IS NOT NULL AND unlisted = 0)";
        let counts = self.db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        counts.map_err(StoreError::during("count the copies of articles"))
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::params;

    use super::*;
    use crate::{
        model::{EntryId, FeedKind},
        store::{
            LibraryLocation, WriteConnection,
            copies::{fill_copy_keys, rebuild_copies},
        },
    };

    #[test]
    fn migration_finds_the_copies_of_an_earlier_library() {
        let location = LibraryLocation::Memory("migrated-copies".to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        for number in 1..=3 {
            let kind = if number == 3 { FeedKind::Folder } else { FeedKind::Web };
            store.add_feed(kind, &format!("https://{number}.example/"), "Feed").unwrap();
        }
        let insert = "INSERT INTO entries
            (feed, guid, digest, size, modified, title, link, tags, published, day_only)
            VALUES (?1, ?2, 0, 0, 0, '', ?3, '', 0, 0)";
        for (feed, guid, link) in [
            (1, "1", Some("https://press.example/bridge")),
            (2, "2", Some("http://www.press.example/bridge#top")),
            (3, "3", Some("https://press.example/bridge")),
            (2, "tag:press.example,2026:1", None),
            (1, "tag:press.example,2026:1", None),
            (1, "6", None),
            (2, "6", None),
        ] {
            store.db.execute(insert, params![feed, guid, link]).unwrap();
        }
        store.db.execute("UPDATE entries SET read = 1 WHERE id = 4", []).unwrap();
        fill_copy_keys(&store.db).unwrap();
        rebuild_copies(&store.db).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let copies = reader.load_copies().unwrap();
        let firsts = [1, 2, 3, 4, 5, 6, 7].map(|id| copies.first_of(EntryId(id)).0);
        assert_eq!(firsts, [1, 1, 3, 5, 5, 6, 7], "an unread one stands for its article");
        let states = reader.load_state_bitmaps().unwrap();
        assert!(states.get(2).copy && states.get(4).copy && !states.get(1).copy);
        assert_eq!(reader.count_copies_twice().unwrap(), (2, 2));
    }
}
