//! The weights that rules have given entries, by which lists can be sorted.
//!
//! Each rule adds a number of its own; the weight of an entry is their sum.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    ReadConnection, StoreError, acting_rules::find_or_add_rule, readable_rows::lossy_text,
};
use crate::model::{Change, EntryId};

impl ReadConnection {
    /// Loads the weights of the entries that have one: the sum of what rules have added.
    pub fn load_entry_weights(&self) -> Result<HashMap<EntryId, i64>, StoreError> {
        let read = || -> rusqlite::Result<HashMap<EntryId, i64>> {
            let sql = "SELECT entry, sum(weight) FROM entry_weights GROUP BY entry";
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_map([], |row| Ok((EntryId(row.get(0)?), row.get(1)?)))?.collect()
        };
        read().map_err(StoreError::during("read the weights of articles"))
    }

    /// Lists what rules have added to the weight of an entry, with their names; what counts most comes first.
    pub fn list_entry_weights(&self, entry: EntryId) -> Result<Vec<(String, i64)>, StoreError> {
        let read = || -> rusqlite::Result<Vec<(String, i64)>> {
            let sql =
                "SELECT r.name, w.weight FROM entry_weights w JOIN acting_rules r ON r.id = w.rule
                       WHERE w.entry = ?1 ORDER BY abs(w.weight) DESC, r.name";
            let mut statement = self.db.prepare_cached(sql)?;
            let rows =
                statement.query_map([entry.0], |row| Ok((lossy_text(row, 0)?, row.get(1)?)))?;
            rows.collect()
        };
        read().map_err(StoreError::during("read the weight of the article"))
    }
}

/// Sets what a rule adds to the weights of entries; 0 takes it away. Entries to which it added something else
/// become changes of their own, so that undo gives each its weight back.
pub(super) fn set_weights(
    db: &Connection,
    rule: &str,
    ids: &[EntryId],
    after: i32,
) -> rusqlite::Result<Change> {
    let number = find_or_add_rule(db, rule)?;
    let mut ids_by_weight: BTreeMap<i32, Vec<EntryId>> = BTreeMap::new();
    for id in ids {
        let before = set_weight(db, (number, *id), after)?;
        if before != after {
            ids_by_weight.entry(before).or_default().push(*id);
        }
    }
    let change = |(before, ids)| Change::Weighted { rule: rule.to_owned(), ids, before, after };
    let mut changes: Vec<Change> = ids_by_weight.into_iter().map(change).collect();
    Ok(match changes.len() {
        0 => Change::Weighted { rule: rule.to_owned(), ids: Vec::new(), before: after, after },
        1 => changes.remove(0),
        _ => Change::Many(changes),
    })
}

/// Sets what a rule adds to the weight of an entry, and returns what it added before.
fn set_weight(db: &Connection, (rule, entry): (i64, EntryId), after: i32) -> rusqlite::Result<i32> {
    let sql = "SELECT weight FROM entry_weights WHERE entry = ?1 AND rule = ?2";
    let before = db.prepare_cached(sql)?.query_row([entry.0, rule], |row| row.get(0)).optional()?;
    if after == 0 {
        let sql = "DELETE FROM entry_weights WHERE entry = ?1 AND rule = ?2";
        db.prepare_cached(sql)?.execute([entry.0, rule])?;
    } else {
        let sql = "INSERT INTO entry_weights (entry, rule, weight) VALUES (?1, ?2, ?3)
                   ON CONFLICT (entry, rule) DO UPDATE SET weight = excluded.weight";
        db.prepare_cached(sql)?.execute(params![entry.0, rule, after])?;
    }
    Ok(before.unwrap_or_default())
}
