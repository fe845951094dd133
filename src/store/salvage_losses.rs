//! Counts what is missing in a library that was read from a damaged one.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{readable_rows::lossy_text, table_salvage::TableCopy};

/// A table of which rows are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableLoss {
    /// The name of the table.
    pub table: String,
    /// Number of rows that are missing.
    pub rows: LostRows,
}

/// The number of missing rows, as far as the rest of the library tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LostRows {
    /// So many rows.
    Exactly(u64),
    /// No more than so many rows.
    AtMost(u64),
    /// Nothing says how many.
    Unknown,
}

/// A feed of which articles are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedLoss {
    /// The name of the feed.
    pub name: String,
    /// Number of articles that are missing.
    pub entry_count: u64,
}

/// Lists the feeds that state more articles than were read.
pub(super) fn list_feed_losses(db: &Connection) -> rusqlite::Result<Vec<FeedLoss>> {
    let sql = "SELECT coalesce(name, title), total - coalesce(kept, 0) FROM feeds
               LEFT JOIN (SELECT feed, count(*) AS kept FROM entries GROUP BY feed) ON feed = id
               WHERE total > coalesce(kept, 0) ORDER BY id";
    let mut statement = db.prepare(sql)?;
    let losses = statement.query_map([], |row| {
        Ok(FeedLoss { name: lossy_text(row, 0)?, entry_count: row.get(1)? })
    })?;
    losses.collect()
}

/// Lists the tables of which rows are missing, before the new library is mended.
///
/// Numbers that the library states twice are exact, and show losses that a damaged page hides.
pub(super) fn list_table_losses(
    db: &Connection,
    copies: &BTreeMap<String, TableCopy>,
    feeds: &[FeedLoss],
) -> rusqlite::Result<Vec<TableLoss>> {
    let mut losses = Vec::new();
    let has_all_feeds = db.query_row(MISSING_FEEDS_SQL, [], |row| row.get::<_, i64>(0))? == 0;
    for (table, copy) in copies {
        let missing = count_stated_rows(db, table, copies, feeds)?.max(copy.refused);
        let is_stated = is_number_stated(table, copies) && (has_all_feeds || table != "entries");
        let rows = if copy.is_whole() || is_stated {
            LostRows::Exactly(missing)
        } else if copy.is_open_ended {
            LostRows::Unknown
        } else {
            LostRows::AtMost(missing.max(copy.unread_keys + copy.refused))
        };
        if rows != LostRows::Exactly(0) {
            losses.push(TableLoss { table: table.clone(), rows });
        }
    }
    Ok(losses)
}

/// Counts the feeds that are missing: none is ever deleted, so that the highest number given is their
/// number. Where that is lost, articles name some.
const MISSING_FEEDS_SQL: &str = "
    SELECT max((SELECT count(DISTINCT feed) FROM entries WHERE feed NOT IN (SELECT id FROM feeds)),
        coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'feeds'), 0)
            - (SELECT count(*) FROM feeds))";

/// Returns whether the rest of the library states how many rows a table had.
fn is_number_stated(table: &str, copies: &BTreeMap<String, TableCopy>) -> bool {
    let is_whole = |table: &str| copies.get(table).is_some_and(TableCopy::is_whole);
    match table {
        "feeds" => copies.get(table).is_some_and(|copy| copy.is_highest_key_stated),
        "entries" => is_whole("feeds"),
        "bodies" | "originals" => is_whole("entries"),
        "entry_tags" => is_whole("tags"),
        _ => false,
    }
}

/// Returns the number of rows that other rows state and that are missing; 0 where nothing states it.
fn count_stated_rows(
    db: &Connection,
    table: &str,
    copies: &BTreeMap<String, TableCopy>,
    feeds: &[FeedLoss],
) -> rusqlite::Result<u64> {
    let sql = match table {
        "feeds" => MISSING_FEEDS_SQL,
        "entries" => return Ok(feeds.iter().map(|feed| feed.entry_count).sum()),
        // Nothing but the row is kept of an article that was dropped from the trash.
        "bodies" => {
            "SELECT count(*) FROM entries
             WHERE dropped = 0 AND id NOT IN (SELECT entry FROM bodies)"
        }
        "originals" => {
            "SELECT count(*) FROM entries
             WHERE has_full_text AND id NOT IN (SELECT entry FROM originals)"
        }
        "entry_tags" if is_number_stated(table, copies) => {
            "SELECT max(0, (SELECT coalesce(sum(articles), 0) FROM tags)
                - (SELECT count(*) FROM entry_tags))"
        }
        _ => return Ok(0),
    };
    db.query_row(sql, [], |row| row.get(0))
}

impl TableCopy {
    /// Returns whether every row of the table was read.
    fn is_whole(&self) -> bool {
        self.refused == 0 && self.unread_keys == 0 && !self.is_open_ended
    }
}
