//! The transaction of one write, which may be a part of a larger one.

use std::ops::Deref;

use rusqlite::{Connection, Savepoint, Transaction, TransactionBehavior};

/// A transaction, or a savepoint within the transaction of `WriteConnection::in_transaction`. Rolled
/// back unless it is committed.
pub(super) enum WriteTransaction<'c> {
    /// A transaction of its own.
    Whole(Transaction<'c>),
    /// A part of a larger one.
    Part(Savepoint<'c>),
}

impl WriteTransaction<'_> {
    /// Begins a transaction, and takes the write lock: one that first reads and then writes would
    /// fail at once, without waiting, if another instance wrote in between.
    pub(super) fn begin(db: &mut Connection) -> rusqlite::Result<WriteTransaction<'_>> {
        if db.is_autocommit() {
            let behavior = TransactionBehavior::Immediate;
            db.transaction_with_behavior(behavior).map(WriteTransaction::Whole)
        } else {
            db.savepoint().map(WriteTransaction::Part)
        }
    }

    /// Commits the writes.
    pub(super) fn commit(self) -> rusqlite::Result<()> {
        match self {
            WriteTransaction::Whole(transaction) => transaction.commit(),
            WriteTransaction::Part(savepoint) => savepoint.commit(),
        }
    }
}

impl Deref for WriteTransaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match self {
            WriteTransaction::Whole(transaction) => transaction,
            WriteTransaction::Part(savepoint) => savepoint,
        }
    }
}
