//! The mark of articles that their publishers edited since the user read them. It is an internal tag:
//! an edit puts it on a read article, and reading the article again takes it off.

use rusqlite::Connection;

use super::{ReadConnection, StoreError, apply_change::is_no_op, tags};
use crate::model::{Change, EntryId, TagId, TagMark, TagName};

impl ReadConnection {
    /// Returns whether an entry was edited since the user read it.
    pub fn has_unseen_edit(&self, id: EntryId) -> Result<bool, StoreError> {
        let found = tags::with_tag(&self.db, &[id], TagId::UNSEEN_EDIT);
        Ok(!found.map_err(StoreError::during("read the tags"))?.is_empty())
    }
}

/// Marks a read entry as edited within the caller's transaction. Returns whether the version that is
/// replaced is the one that the user has read: the entry is read, and was not edited since.
pub(super) fn note_edit(db: &Connection, id: EntryId) -> rusqlite::Result<bool> {
    let mut load = db.prepare_cached("SELECT read FROM entries WHERE id = ?1")?;
    let is_read: bool = load.query_row([id.0], |row| row.get(0))?;
    if !is_read || !tags::with_tag(db, &[id], TagId::UNSEEN_EDIT)?.is_empty() {
        return Ok(false);
    }
    // An entry with as many tags as it may have keeps them.
    if tags::room(db, id)? > 0 {
        tags::mark_entries(db, &TagName::unseen_edit(), vec![id], TagMark::On)?;
    }
    Ok(true)
}

/// Takes the mark off an entry whose text is again the one that the user has read.
pub(super) fn take_back_edit(db: &Connection, id: EntryId) -> rusqlite::Result<()> {
    tags::mark_entries(db, &TagName::unseen_edit(), vec![id], TagMark::Off).map(drop)
}

/// Adds to a change that marks entries as read that their edits were seen. Those that are read already
/// lose the mark, too.
pub(super) fn with_seen_edits(db: &Connection, change: Change) -> rusqlite::Result<Change> {
    let mut seen = Vec::new();
    if has_unseen_edits(db)? {
        let mut read: Vec<EntryId> = Vec::new();
        change.for_each(&mut |part| {
            if let Change::Read { ids, read: true } = part {
                read.extend(ids);
            }
        });
        seen = tags::with_tag(db, &read, TagId::UNSEEN_EDIT)?;
    }
    if seen.is_empty() {
        return Ok(change);
    }
    let seen = Change::set_tag(&seen, TagName::unseen_edit(), TagMark::Off);
    Ok(Change::Many(vec![change, seen]))
}

/// Returns whether any entry has the mark, so that marking a whole library as read need not look for it.
fn has_unseen_edits(db: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM tags WHERE id = ?1 AND articles > 0)";
    db.prepare_cached(sql)?.query_row([TagId::UNSEEN_EDIT.0], |row| row.get(0))
}

/// Returns a change of marks without the parts that had no effect, if anything is left.
pub(super) fn without_empty_parts(change: Change) -> Change {
    match change {
        Change::Many(mut parts) if parts.iter().any(is_seen_edit) => {
            parts.retain(|part| !is_no_op(part));
            if parts.len() == 1 { parts.remove(0) } else { Change::Many(parts) }
        }
        change => change,
    }
}

fn is_seen_edit(change: &Change) -> bool {
    matches!(change, Change::Tagged { tag, .. } if tag.is_unseen_edit())
}
