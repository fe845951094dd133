//! A check of every stored value, for `newsreader doctor`.

use rusqlite::{Connection, OptionalExtension, Row, params, types::ValueRef};

use super::{
    ReadConnection, StoreError, WriteConnection, compression::TextDecompressor, preferences,
    write_transaction::WriteTransaction,
};
use crate::model::TagId;

/// A table whose rows are checked.
struct CheckedTable {
    name: &'static str,
    /// The column that identifies a row to the user.
    id: &'static str,
    /// The thing that a row belongs to.
    noun: &'static str,
}

const fn table(name: &'static str, id: &'static str, noun: &'static str) -> CheckedTable {
    CheckedTable { name, id, noun }
}

/// The tables with texts. A page of the index or of the states that is lost can be made again.
const TABLES: [CheckedTable; 10] = [
    table("feeds", "id", "feed"),
    table("entries", "id", "article"),
    table("bodies", "entry", "article"),
    table("originals", "entry", "article"),
    table("versions", "entry", "article"),
    table("journal", "id", "change"),
    table("kept", "rowid", "preference"),
    table("views", "id", "view"),
    table("tags", "id", "tag"),
    table("segments", "number", "index segment"),
];

/// A row with a value that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedRow {
    /// The thing that the row belongs to: "article".
    pub noun: &'static str,
    /// The number of the thing.
    pub id: i64,
    table: &'static str,
    column: String,
    rowid: i64,
}

impl DamagedRow {
    /// Returns the table and column of the value: `entries.title`.
    pub fn column_name(&self) -> String {
        format!("{}.{}", self.table, self.column)
    }
}

impl ReadConnection {
    /// Reads every row of the tables with texts, and returns those with a value that cannot be
    /// read.
    ///
    /// # Errors
    ///
    /// Fails at a damaged page, because the rows behind it cannot be listed.
    pub fn find_damaged_rows(&self) -> Result<Vec<DamagedRow>, StoreError> {
        let mut damaged = Vec::new();
        for table in &TABLES {
            let checked = self.check_table(table, &mut damaged);
            checked.map_err(StoreError::during("read every row"))?;
        }
        let missing = self.find_missing_full_texts();
        damaged.extend(missing.map_err(StoreError::during("read every row"))?);
        Ok(damaged)
    }

    /// Returns the full texts that the marks of entries state, and that a damaged page hides.
    fn find_missing_full_texts(&self) -> rusqlite::Result<Vec<DamagedRow>> {
        let sql = "SELECT id FROM entries NOT INDEXED WHERE has_full_text
                   AND NOT EXISTS (SELECT 1 FROM originals WHERE entry = entries.id)";
        let mut statement = self.db.prepare(sql)?;
        let missing = statement.query_map([], |row| {
            let id = row.get(0)?;
            let (noun, table, column) = ("article", "originals", "html".to_owned());
            Ok(DamagedRow { noun, id, table, column, rowid: id })
        })?;
        missing.collect()
    }

    /// Counts the feeds with a value that cannot be read, and those that are missing.
    pub fn count_damaged_feeds(&self) -> Result<usize, StoreError> {
        let mut damaged = Vec::new();
        let checked = self.check_table(&TABLES[0], &mut damaged);
        checked.map_err(StoreError::during("read the feeds"))?;
        damaged.dedup_by_key(|row| row.id);
        Ok(damaged.len() + self.count_missing_feeds()?)
    }

    /// Counts the feeds that a damaged page hides without an error. No feed is ever deleted, so that
    /// the highest number given is the number of feeds. A page of another table in the place of theirs
    /// may have as many rows, but no feed is among them.
    pub fn count_missing_feeds(&self) -> Result<usize, StoreError> {
        let sql = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'feeds'), 0)";
        let given: u32 = self
            .db
            .query_row(sql, [], |row| row.get(0))
            .map_err(StoreError::during("count the feeds"))?;
        Ok((given as usize).abs_diff(self.count_readable_feeds()?))
    }

    fn check_table(
        &self,
        table: &CheckedTable,
        damaged: &mut Vec<DamagedRow>,
    ) -> rusqlite::Result<()> {
        let sql = format!("SELECT rowid, {}, * FROM {}", table.id, table.name);
        let mut statement = self.db.prepare(&sql)?;
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut decompressor = TextDecompressor::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for (at, column) in columns.iter().enumerate().skip(2) {
                if !is_readable(row, at, table, &mut decompressor)? {
                    damaged.push(DamagedRow {
                        noun: table.noun,
                        id: row.get(1)?,
                        table: table.name,
                        column: column.clone(),
                        rowid: row.get(0)?,
                    });
                }
            }
        }
        Ok(())
    }

    /// Counts the stored articles, those of unsubscribed feeds included, one by one.
    pub fn count_entries_one_by_one(&self) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM entries NOT INDEXED";
        let count = self.db.query_row(sql, [], |row| row.get(0));
        count.map_err(StoreError::during("count the articles"))
    }

    /// Returns the numbers of unlisted articles: the one that the feeds state, and the one of the
    /// articles that have a tag by which they are. They differ where a damaged page hides some.
    pub fn count_unlisted_twice(&self) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT (SELECT coalesce(sum(unlisted), 0) FROM feeds),
                   (SELECT count(DISTINCT entry) FROM entry_tags WHERE tag IN (?1, ?2))";
        let tags = [TagId::HIDDEN.0, TagId::REMOVED.0];
        let counts = self.db.query_row(sql, tags, |row| Ok((row.get(0)?, row.get(1)?)));
        counts.map_err(StoreError::during("count the hidden articles"))
    }

    /// Returns the number of articles with a text that the feeds state, unsubscribed ones included: of
    /// those that were dropped from the trash, only the row is left.
    pub fn stated_text_count(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(total - dropped), 0) FROM feeds";
        let count = self.db.query_row(sql, [], |row| row.get(0));
        count.map_err(StoreError::during("count the articles"))
    }

    /// Returns the numbers of articles that were dropped from the trash: the one that the feeds state,
    /// and the one of their rows.
    pub fn count_dropped_twice(&self) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT (SELECT coalesce(sum(dropped), 0) FROM feeds),
                   (SELECT count(*) FROM entries NOT INDEXED WHERE dropped <> 0)";
        let counts = self.db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        counts.map_err(StoreError::during("count the dropped articles"))
    }

    /// Returns the number of stored articles that the feeds state, unsubscribed ones included.
    pub fn stated_entry_count(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(total), 0) FROM feeds";
        let count = self.db.query_row(sql, [], |row| row.get(0));
        count.map_err(StoreError::during("count the articles"))
    }
}

impl WriteConnection {
    /// Makes damaged rows readable, in one transaction: in texts, U+FFFD replaces the damaged letters;
    /// a compressed text that cannot be decompressed becomes empty, and its source is read again at
    /// the next refresh. An article whose full text is missing has none from then on.
    pub fn repair_rows(&mut self, damaged: &[DamagedRow]) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            for row in damaged {
                repair_row(&transaction, row)?;
            }
            preferences::bump_generation(&transaction)?;
            transaction.commit()
        };
        run().map_err(StoreError::during("repair the damaged rows"))
    }
}

fn repair_row(db: &Connection, row: &DamagedRow) -> rusqlite::Result<()> {
    let DamagedRow { table, column, rowid, .. } = row;
    let sql = format!("SELECT {column} FROM {table} WHERE rowid = ?1");
    let stored = db.query_row(&sql, [rowid], |row| {
        Ok(match row.get_ref(0)? {
            ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        })
    });
    let Some(text) = stored.optional()? else {
        db.execute("UPDATE entries SET has_full_text = 0 WHERE id = ?1", [row.id])?;
        db.execute("INSERT INTO text_changes (entry) VALUES (?1)", [row.id])?;
        return Ok(());
    };
    let update = format!("UPDATE OR IGNORE {table} SET {column} = ?2 WHERE rowid = ?1");
    db.execute(&update, params![rowid, text.as_deref().unwrap_or_default()])?;
    if text.is_none() {
        let reread = "UPDATE entries SET digest = 0, size = 0, modified = 0 WHERE id = ?1";
        db.execute(reread, [row.id])?;
    }
    if row.noun == "article" {
        db.execute("INSERT INTO text_changes (entry) VALUES (?1)", [row.id])?;
    }
    Ok(())
}

/// Returns true if the value in a column can be read: texts are UTF-8, and compressed texts whole.
fn is_readable(
    row: &Row<'_>,
    column: usize,
    table: &CheckedTable,
    decompressor: &mut TextDecompressor,
) -> rusqlite::Result<bool> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).is_ok(),
        blob @ ValueRef::Blob(_) if table.name == "bodies" => decompressor.decompress(blob).is_ok(),
        _ => true,
    })
}
