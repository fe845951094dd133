//! The numbers of rules that have acted.

use rusqlite::Connection;

/// Returns the number of the rule with a name, which is added if it is new.
pub(super) fn find_or_add_rule(db: &Connection, name: &str) -> rusqlite::Result<i64> {
    db.prepare_cached("INSERT OR IGNORE INTO acting_rules (name) VALUES (?1)")?.execute([name])?;
    let mut find = db.prepare_cached("SELECT id FROM acting_rules WHERE name = ?1")?;
    find.query_row([name], |row| row.get(0))
}
