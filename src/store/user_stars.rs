//! The stars that the user has given, told from those of rules.

use std::collections::HashSet;

use rusqlite::Connection;

use super::{ReadConnection, StoreError, journal_rows::parse_change, readable_rows::lossy_text};
use crate::model::{Actor, Change, EntryId};

impl ReadConnection {
    /// Returns those of several starred entries whose star is not the act of a rule: the newest change
    /// in the journal that starred it, and was not undone, is by somebody else, or is forgotten.
    ///
    /// # Errors
    ///
    /// Fails if the journal cannot be read.
    pub fn find_stars_of_user(&self, starred: &[EntryId]) -> Result<Vec<EntryId>, StoreError> {
        let by_rules = find_stars_of_rules(&self.db, starred);
        let by_rules = by_rules.map_err(StoreError::during("read the journal"))?;
        Ok(starred.iter().filter(|id| !by_rules.contains(id)).copied().collect())
    }
}

/// Returns those of several starred entries that a rule has starred. Reads the journal from its end until
/// the star of each is found.
fn find_stars_of_rules(db: &Connection, starred: &[EntryId]) -> rusqlite::Result<HashSet<EntryId>> {
    let mut wanted: HashSet<EntryId> = starred.iter().copied().collect();
    let mut by_rules = HashSet::new();
    // Parsing the changes without a star would cost more than looking for the word.
    let sql = "SELECT actor, change FROM journal
               WHERE undone = 0 AND instr(change, '\"starred\"') > 0 ORDER BY id DESC";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while !wanted.is_empty()
        && let Some(row) = rows.next()?
    {
        let is_by_rule = matches!(Actor::from_stored(&lossy_text(row, 0)?), Actor::Rule(_));
        let Some(change) = parse_change(&lossy_text(row, 1)?) else { continue };
        change.for_each(&mut |part| {
            if let Change::Starred { ids, starred: true } = part {
                let found = ids.iter().filter(|id| wanted.remove(id)).copied();
                by_rules.extend(found.filter(|_| is_by_rule));
            }
        });
    }
    Ok(by_rules)
}
