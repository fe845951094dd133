//! Reads a damaged table around the pages that cannot be read. Start with [`salvage_table`].
//!
//! A table is read by its keys, from both ends. Between the first and the last row that cannot be
//! read, the rows are looked for by halves, so that only those of the damaged pages are missing in the
//! end. No database index is used: it may be damaged, too.

use rusqlite::{
    Connection, ErrorCode, OptionalExtension, Row, Rows, Statement, types::ToSqlOutput,
};

/// Number of keys after the first unreadable one among which rows are looked for, in a table whose
/// highest key is not known.
const MAX_UNSTATED_KEYS: i64 = 100_000;

/// Maximum number of keys that are looked for one by one: a damaged number may state any highest key.
/// Each takes a few microseconds.
const MAX_UNREAD_KEYS: u64 = 10_000_000;

/// The highest key that is believed; a larger one is damaged.
const MAX_KEY: i64 = 1 << 40;

/// The number of rows that were copied from a table, and an upper bound for those that were not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TableCopy {
    /// Rows that were copied.
    pub(super) copied: u64,
    /// Rows that were read and that the new table refuses, because a value in them is damaged.
    pub(super) refused: u64,
    /// Keys between the first and the last row that could not be read under which none was found.
    pub(super) unread_keys: u64,
    /// True if there may be rows under other keys than those.
    pub(super) is_open_ended: bool,
    /// True if the library states the highest key that a row was ever given.
    pub(super) is_highest_key_stated: bool,
}

/// Copies every row of a table that can be read from `source` to `db`, in place of the rows there.
///
/// The databases have connections of their own: SQLite writes nothing more in a transaction in which
/// it has met a damaged page.
///
/// # Errors
///
/// Fails if the new table cannot be written.
pub(super) fn salvage_table(
    source: &Connection,
    db: &Connection,
    table: &str,
) -> rusqlite::Result<TableCopy> {
    db.execute_batch(&format!("DELETE FROM \"{table}\""))?;
    let Ok(columns) = list_columns(source, table) else {
        return Ok(TableCopy { is_open_ended: true, ..TableCopy::default() });
    };
    match TableSalvage::prepare((source, &columns), db, table) {
        Ok(mut salvage) => {
            let highest = find_highest_key(source, db, table)?;
            salvage.copy_rows(highest)?;
            salvage.copy.is_highest_key_stated = highest.is_some();
            Ok(salvage.copy)
        }
        Err(error) if is_of_the_system(&error) => Err(error),
        Err(_) => Ok(TableCopy { is_open_ended: true, ..TableCopy::default() }),
    }
}

/// Returns the highest key that the rows of a table of `source` were ever given, if it is stated.
pub(super) fn read_sequence(source: &Connection, table: &str) -> Option<i64> {
    let sql = "SELECT seq FROM sqlite_sequence WHERE name = ?1";
    source
        .query_row(sql, [table], |row| row.get(0))
        .ok()
        .filter(|sequence| (0..=MAX_KEY).contains(sequence))
}

fn find_highest_key(
    source: &Connection,
    db: &Connection,
    table: &str,
) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT name FROM pragma_table_info(?1) WHERE pk = 1";
    let key: Option<String> = db.query_row(sql, [table], |row| row.get(0)).optional()?;
    let counted = if key.as_deref() == Some("entry") { "entries" } else { table };
    Ok(read_sequence(source, counted))
}

/// Returns whether an error is one of this computer, and not of the damaged database.
fn is_of_the_system(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DiskFull | ErrorCode::OutOfMemory | ErrorCode::OperationInterrupted)
    )
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

/// The statements that copy the rows of a damaged table.
struct TableSalvage<'c> {
    upwards: Statement<'c>,
    downwards: Statement<'c>,
    insert: Statement<'c>,
    /// Removes the row of a key.
    remove: Statement<'c>,
    /// The keys between two that were copied.
    known_keys: Statement<'c>,
    /// True if several rows may have the same key, the first column of a longer primary key.
    has_shared_keys: bool,
    /// The statements that read the rows of one key by its second column, where many rows have it.
    within_key: Option<WithinKey<'c>>,
    copy: TableCopy,
}

impl<'c> TableSalvage<'c> {
    fn prepare(
        (source, source_columns): (&'c Connection, &[String]),
        db: &'c Connection,
        table: &str,
    ) -> rusqlite::Result<TableSalvage<'c>> {
        let mut columns = list_columns(db, table)?;
        columns.retain(|column| source_columns.contains(column));
        let (list, places) = (columns.join(", "), vec!["?"; columns.len()].join(", "));
        let shared_key = find_shared_key(db, table)?;
        let (key, hint) = shared_key.as_deref().map_or(("rowid", "NOT INDEXED"), |key| (key, ""));
        let select = |order: &str| {
            source.prepare(&format!(
                "SELECT {key}, {list} FROM \"{table}\" {hint}
                 WHERE {key} BETWEEN ?1 AND ?2 ORDER BY {key} {order}"
            ))
        };
        let insert = format!("INSERT OR IGNORE INTO \"{table}\" ({list}) VALUES ({places})");
        Ok(TableSalvage {
            upwards: select("ASC")?,
            downwards: select("DESC")?,
            insert: db.prepare(&insert)?,
            remove: db.prepare(&format!("DELETE FROM \"{table}\" WHERE {key} = ?1"))?,
            known_keys: db.prepare(&format!(
                "SELECT DISTINCT {key} FROM \"{table}\" WHERE {key} BETWEEN ?1 AND ?2 ORDER BY {key}"
            ))?,
            has_shared_keys: shared_key.is_some(),
            within_key: match &shared_key {
                Some(_) => WithinKey::prepare((source, &list), db, table)?,
                None => None,
            },
            copy: TableCopy::default(),
        })
    }

    /// Copies the rows from both ends, and then those between.
    fn copy_rows(&mut self, highest: Option<i64>) -> rusqlite::Result<()> {
        let Some(low) = self.copy_until_damage(Direction::Up, i64::MIN, i64::MAX)? else {
            return Ok(());
        };
        // A damaged key below `low` ends the way down like the last row of the range.
        let high = self.copy_until_damage(Direction::Down, low, i64::MAX)?.unwrap_or(i64::MAX);
        // SQLite numbers rows from 1.
        let low = low.max(1);
        let bound = highest.filter(|highest| *highest >= low);
        self.copy.is_open_ended = bound.is_none() && high == i64::MAX;
        let high = high.min(bound.unwrap_or(low.saturating_add(MAX_UNSTATED_KEYS)));
        self.copy_between(low, high)?;
        self.copy.unread_keys = self.probe_keys(low, high)?;
        Ok(())
    }

    /// Copies the rows between two keys under which nothing can be read, by halves.
    fn copy_between(&mut self, low: i64, high: i64) -> rusqlite::Result<()> {
        let (mut ranges, mut unread_count) = (vec![(low, high)], 0);
        while let Some((low, high)) = ranges.pop() {
            if unread_count >= MAX_UNREAD_KEYS {
                self.copy.is_open_ended = true;
                return Ok(());
            }
            let Some(low) = self.copy_until_damage(Direction::Up, low, high)? else { continue };
            let Some(high) = self.copy_until_damage(Direction::Down, low, high)? else { continue };
            if low < high {
                let middle = low + (high - low) / 2;
                // The lower half comes first: the upper one may be beyond the last row.
                ranges.extend([(middle + 1, high), (low, middle)]);
            } else {
                unread_count += 1;
                self.copy_within_key(low)?;
            }
        }
        Ok(())
    }

    /// Looks up the keys between two under which no row was found: a damaged cell ends a way through the
    /// rows, but not the search for a key. Returns the number of keys without a row.
    fn probe_keys(&mut self, low: i64, high: i64) -> rusqlite::Result<u64> {
        let known: Vec<i64> =
            self.known_keys.query_map([low, high], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let (mut known, mut unread_count) = (known.into_iter().peekable(), 0);
        for key in low..=high {
            if unread_count >= MAX_UNREAD_KEYS {
                self.copy.is_open_ended = true;
                break;
            }
            let is_known = known.next_if_eq(&key).is_some();
            let before = self.copy.copied;
            if self.has_shared_keys {
                self.copy_until_damage(Direction::Up, key, key)?;
                self.copy_until_damage(Direction::Down, key, key)?;
                self.probe_within_key(key)?;
            } else if !is_known {
                self.copy_until_damage(Direction::Up, key, key)?;
            }
            // Some of the rows of a shared key may be missing.
            let is_found = !self.has_shared_keys && (is_known || self.copy.copied > before);
            unread_count += u64::from(!is_found);
        }
        Ok(unread_count)
    }

    /// Copies the rows under one key, of which some cannot be read, by halves of their second column.
    fn copy_within_key(&mut self, key: i64) -> rusqlite::Result<()> {
        let TableSalvage { within_key: Some(within), insert, copy, .. } = self else {
            return Ok(());
        };
        let mut ranges = if within.has_key(key) { vec![(1, within.highest)] } else { Vec::new() };
        while let Some((low, high)) = ranges.pop().filter(|_| within.unread_count < MAX_UNREAD_KEYS)
        {
            let mut read = |direction, low, high| {
                within.copy_until_damage(direction, (key, low, high), insert, copy)
            };
            let Some(low) = read(Direction::Up, low, high)? else { continue };
            let Some(high) = read(Direction::Down, low, high)? else { continue };
            if low < high {
                let middle = low + (high - low) / 2;
                ranges.extend([(middle + 1, high), (low, middle)]);
            } else {
                within.unread_count += 1;
            }
        }
        Ok(())
    }

    /// Looks up every row that a key may have by its second column, as [`TableSalvage::probe_keys`] does.
    fn probe_within_key(&mut self, key: i64) -> rusqlite::Result<()> {
        let TableSalvage { within_key: Some(within), insert, copy, .. } = self else {
            return Ok(());
        };
        if !within.has_key(key) {
            return Ok(());
        }
        for second in 1..=within.highest {
            if within.unread_count >= MAX_UNREAD_KEYS {
                copy.is_open_ended = true;
                break;
            }
            let before = copy.copied;
            within.copy_until_damage(Direction::Up, (key, second, second), insert, copy)?;
            within.unread_count += u64::from(copy.copied == before);
        }
        Ok(())
    }

    /// Copies rows in one direction. Returns the key from which on none can be read, or `None` after
    /// the last row of the range.
    fn copy_until_damage(
        &mut self,
        direction: Direction,
        low: i64,
        high: i64,
    ) -> rusqlite::Result<Option<i64>> {
        if low > high {
            return Ok(None);
        }
        let select = match direction {
            Direction::Up => &mut self.upwards,
            Direction::Down => &mut self.downwards,
        };
        let rows = select.query([low, high])?;
        let remove = Some(&mut self.remove).filter(|_| !self.has_shared_keys);
        let bounds = (direction, low, high);
        copy_rows_until_damage(rows, bounds, (&mut self.insert, remove), &mut self.copy)
    }
}

/// The statements that read the rows of one key by their second column: the acts of a rule by their
/// entries, the tags of an entry by their numbers.
struct WithinKey<'c> {
    upwards: Statement<'c>,
    downwards: Statement<'c>,
    /// The keys that are known from another table; `None` if any number may be one.
    keys: Option<Vec<i64>>,
    /// The highest number in the second column.
    highest: i64,
    /// Number of rows that were looked for in vain.
    unread_count: u64,
}

impl<'c> WithinKey<'c> {
    /// Prepares the statements; `None` for a table whose second column is no number of another one's.
    fn prepare(
        (source, list): (&'c Connection, &str),
        db: &Connection,
        table: &str,
    ) -> rusqlite::Result<Option<WithinKey<'c>>> {
        let (key, second, counted) = match table {
            "rule_acts" => ("rule", "entry", "entries"),
            "entry_tags" => ("entry", "tag", "tags"),
            _ => return Ok(None),
        };
        let select = |order: &str| {
            source.prepare(&format!(
                "SELECT {second}, {list} FROM \"{table}\"
                 WHERE {key} = ?1 AND {second} BETWEEN ?2 AND ?3 ORDER BY {second} {order}"
            ))
        };
        let rules = || -> rusqlite::Result<Vec<i64>> {
            let mut rules = db.prepare("SELECT id FROM acting_rules")?;
            rules.query_map([], |row| row.get(0))?.collect()
        };
        Ok(Some(WithinKey {
            upwards: select("ASC")?,
            downwards: select("DESC")?,
            keys: if key == "rule" { Some(rules()?) } else { None },
            highest: find_highest_number(source, db, counted)?,
            unread_count: 0,
        }))
    }

    fn has_key(&self, key: i64) -> bool {
        self.keys.as_ref().is_none_or(|keys| keys.contains(&key))
    }

    /// Copies the rows of a key between two numbers of the second column, in one direction. Returns the
    /// number from which on none can be read, or `None` after the last row.
    fn copy_until_damage(
        &mut self,
        direction: Direction,
        (key, low, high): (i64, i64, i64),
        insert: &mut Statement<'_>,
        copy: &mut TableCopy,
    ) -> rusqlite::Result<Option<i64>> {
        let select = match direction {
            Direction::Up => &mut self.upwards,
            Direction::Down => &mut self.downwards,
        };
        let rows = select.query([key, low, high])?;
        copy_rows_until_damage(rows, (direction, low, high), (insert, None), copy)
    }
}

/// Returns the highest number that the rows of a table were ever given, as far as it is known: the stated
/// one, or that of the rows that were read.
fn find_highest_number(source: &Connection, db: &Connection, table: &str) -> rusqlite::Result<i64> {
    let read: Option<i64> =
        db.query_row(&format!("SELECT max(id) FROM \"{table}\""), [], |row| row.get(0))?;
    let stated = read_sequence(source, table);
    Ok(stated.max(read).unwrap_or(MAX_UNSTATED_KEYS).min(MAX_KEY))
}

/// Copies rows, whose first column is their key, as long as they can be read and are in order between two
/// keys. Returns the key from which on none can be read, or `None` after the last row. Rows that may share
/// a key may be copied twice.
///
/// A key out of order is damaged, or the one before it is: the row before it is left to be looked up by
/// its key, and removed from the new table with `remove`.
fn copy_rows_until_damage(
    mut rows: Rows<'_>,
    (direction, low, high): (Direction, i64, i64),
    (insert, mut remove): (&mut Statement<'_>, Option<&mut Statement<'_>>),
    copy: &mut TableCopy,
) -> rusqlite::Result<Option<i64>> {
    let mut next = match direction {
        Direction::Up => low,
        Direction::Down => high,
    };
    let has_shared_keys = remove.is_none();
    let mut last: Option<LastRow> = None;
    loop {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(None),
            Err(error) if is_of_the_system(&error) => return Err(error),
            Err(_) => return Ok(Some(next)),
        };
        let key: i64 = row.get(0).unwrap_or(i64::MIN);
        // A damaged page leads anywhere, even back.
        let is_in_order = match direction {
            Direction::Up => (next..=high).contains(&key),
            Direction::Down => (low..=next).contains(&key),
        };
        match (is_in_order, remove.as_mut(), last) {
            (true, ..) => {}
            // The one key of a range was looked up.
            (false, Some(remove), Some(last)) if low < high => {
                let removed = u64::try_from(remove.execute([last.key])?).unwrap_or_default();
                copy.copied = copy.copied.saturating_sub(removed);
                return Ok(Some(last.next_before));
            }
            (false, ..) => return Ok(Some(next)),
        }
        insert_row(insert, row, has_shared_keys, copy)?;
        last = Some(LastRow { key, next_before: next });
        next = match direction {
            _ if has_shared_keys => key,
            Direction::Up => key.saturating_add(1),
            Direction::Down => key.saturating_sub(1),
        };
    }
}

/// The row that was read last, and the key that was expected before it.
#[derive(Debug, Clone, Copy)]
struct LastRow {
    key: i64,
    next_before: i64,
}

/// Lists the columns of a table, quoted.
fn list_columns(db: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT '\"' || name || '\"' FROM pragma_table_info(?1)";
    db.prepare(sql)?.query_map([table], |row| row.get(0))?.collect()
}

/// Returns the first column of the primary key of a table without row numbers; `None` for a table
/// with row numbers.
fn find_shared_key(db: &Connection, table: &str) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT name FROM pragma_table_info(?1) WHERE pk = 1
               AND (SELECT wr FROM pragma_table_list WHERE name = ?1)";
    db.query_row(sql, [table], |row| row.get(0)).optional()
}

/// Inserts a row into the new table, byte for byte, unless a damaged value breaks a rule of the table.
fn insert_row(
    insert: &mut Statement<'_>,
    row: &Row<'_>,
    may_be_copied_twice: bool,
    copy: &mut TableCopy,
) -> rusqlite::Result<()> {
    let values: Vec<ToSqlOutput<'_>> = (1..=insert.parameter_count())
        .map(|at| row.get_ref(at).map(ToSqlOutput::Borrowed))
        .collect::<rusqlite::Result<_>>()?;
    match insert.execute(rusqlite::params_from_iter(values)) {
        Ok(0) if may_be_copied_twice => {}
        Ok(0) => copy.refused += 1,
        Ok(_) => copy.copied += 1,
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            copy.refused += 1;
        }
        Err(error) => return Err(error),
    }
    Ok(())
}
