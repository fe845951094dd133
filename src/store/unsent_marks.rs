//! The marks and tags of the outbox that a server may know: once a sync has begun to send one, only the
//! server can be told otherwise; until then, the opposite act deletes it.

use rusqlite::{Connection, params};

use crate::model::EntryId;

/// A part of the outbox of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboxPart {
    /// All marks and tags.
    All,
    /// Those that a sync has begun to send, so that the server may know them.
    Tried,
}

impl OutboxPart {
    pub(super) fn least_tried(self) -> i64 {
        i64::from(self == OutboxPart::Tried)
    }
}

/// Deletes the opposite of a mark that no sync has begun to send: the server has not been told that
/// anything was otherwise, and what it has been told by others since counts. Returns whether there was
/// one.
pub(super) fn take_back(
    db: &Connection,
    id: EntryId,
    mark: &str,
    wanted: bool,
) -> rusqlite::Result<bool> {
    let sql = "DELETE FROM outbox WHERE mark = ?2 AND wanted <> ?3 AND tried = 0
               AND (account, remote) IN (SELECT account, remote FROM remote_items WHERE entry = ?1)";
    Ok(db.prepare_cached(sql)?.execute(params![id.0, mark, wanted])? > 0)
}
