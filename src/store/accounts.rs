//! Accounts on servers: their addresses and users, and the state of their syncs.
//!
//! Their feeds are in `account_feeds.rs` (and in `account_release.rs` once an account is removed), their
//! articles in `synced_entries.rs`, and the marks that their servers have not been told yet in
//! `outbox.rs`.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    ReadConnection, StoreError, WriteConnection, account_feeds, account_release, column_values,
    feed_outbox,
    readable_rows::{collect_readable, lossy_optional_text, lossy_text},
    write_transaction::WriteTransaction,
};
use crate::model::{
    Account, AccountId, AccountLogin, AccountRemoval, AccountSyncState, FeedId, ListedAccount,
    PasswordSource, ReleasedFeeds, ServerKind, SyncFailure,
};

/// The columns that [`account_from_row`] reads, in order.
const ACCOUNT_COLUMNS: &str = "id, name, url, user, password, synced, rechecked, not_before, failures, problem, kind, failure,
     failing_since, certificate, labels";

impl ReadConnection {
    /// Lists the accounts in the order in which they were added. Those of a kind that only a newer
    /// version knows are left out.
    pub fn list_accounts(&self) -> Result<Vec<Account>, StoreError> {
        let sql = format!("SELECT {ACCOUNT_COLUMNS} FROM accounts ORDER BY id");
        let read = || -> rusqlite::Result<Vec<Account>> {
            let mut statement = self.db.prepare_cached(&sql)?;
            let accounts: Vec<Option<Account>> =
                collect_readable(statement.query_map([], account_from_row)?)?;
            Ok(accounts.into_iter().flatten().collect())
        };
        read().map_err(StoreError::during("list the accounts"))
    }

    /// Lists the accounts with the numbers of changes that their servers have not been told yet.
    pub fn list_accounts_with_waiting(&self) -> Result<Vec<ListedAccount>, StoreError> {
        let accounts = self.list_accounts()?;
        if accounts.is_empty() {
            return Ok(Vec::new());
        }
        let waiting = self.count_outbox()?;
        let with_count = |account: Account| ListedAccount {
            waiting: waiting.get(&account.id).copied().unwrap_or_default(),
            account,
        };
        Ok(accounts.into_iter().map(with_count).collect())
    }

    /// Counts the changes that the server of an account has not been told yet.
    pub fn count_unsent(&self, account: AccountId) -> Result<usize, StoreError> {
        Ok(self.count_outbox()?.get(&account).copied().unwrap_or_default())
    }

    /// Returns the account of a feed; `None` for a feed of the user's own.
    pub fn find_account_of_feed(&self, feed: FeedId) -> Result<Option<AccountId>, StoreError> {
        let sql = "SELECT account FROM account_feeds WHERE feed = ?1";
        let found = self.db.query_row(sql, [feed.0], |row| row.get(0).map(AccountId)).optional();
        found.map_err(StoreError::during("look for the account of the feed"))
    }
}

/// Reads an account; `None` for one of a kind that only a newer version knows.
fn account_from_row(row: &Row<'_>) -> rusqlite::Result<Option<Account>> {
    let Some(kind) = ServerKind::from_name(&lossy_text(row, 10)?) else { return Ok(None) };
    Ok(Some(Account {
        id: AccountId(row.get(0)?),
        name: lossy_text(row, 1)?,
        login: AccountLogin {
            kind,
            url: lossy_text(row, 2)?,
            user: lossy_text(row, 3)?,
            password: PasswordSource::from_stored(&lossy_text(row, 4)?),
            certificate: lossy_optional_text(row, 13)?,
        },
        sync_state: AccountSyncState {
            last_sync: column_values::time_from_seconds(row.get(5)?),
            last_recheck: column_values::time_from_seconds(row.get(6)?),
            not_before: column_values::time_from_seconds(row.get(7)?),
            consecutive_failures: row.get(8)?,
            problem: lossy_optional_text(row, 9)?,
            failure: lossy_optional_text(row, 11)?.as_deref().map(SyncFailure::from_name),
            failing_since: column_values::time_from_seconds(row.get(12)?),
            has_labels: row.get(14)?,
        },
    }))
}

/// Returns the form of a name by which accounts are compared.
fn account_key(name: &str) -> String {
    name.trim().to_lowercase()
}

impl WriteConnection {
    /// Adds an account; `None` if one has the name.
    pub fn add_account(
        &mut self,
        name: &str,
        login: &AccountLogin,
    ) -> Result<Option<AccountId>, StoreError> {
        let sql = "INSERT INTO accounts (kind, name, key, url, user, password, certificate)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (key) DO NOTHING";
        let AccountLogin { kind, url, user, password, certificate } = login;
        let (key, source) = (account_key(name), password.to_string());
        let values = params![kind.name(), name.trim(), key, url, user, source, certificate];
        let added = self.db.execute(sql, values).map_err(StoreError::during("add the account"))?;
        Ok((added > 0).then(|| AccountId(self.db.last_insert_rowid())))
    }

    /// Changes the name and the login of an account; returns false if another one has the name. The
    /// folders of its feeds follow the name.
    pub fn edit_account(
        &mut self,
        account: &Account,
        name: &str,
        login: &AccountLogin,
    ) -> Result<bool, StoreError> {
        let AccountLogin { kind, url, user, password, certificate } = login;
        let mut run = || -> rusqlite::Result<bool> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let sql = "UPDATE OR IGNORE accounts SET name = ?2, key = ?3, url = ?4, user = ?5,
                       password = ?6, kind = ?7, labels = iif(url = ?4, labels, NULL), failures = 0, not_before = NULL, problem = NULL,
                       failure = NULL, failing_since = NULL, certificate = ?8 WHERE id = ?1";
            let source = password.to_string();
            let (key, kind) = (account_key(name), kind.name());
            let values =
                params![account.id.0, name.trim(), key, url, user, source, kind, certificate];
            if transaction.execute(sql, values)? == 0 {
                return Ok(false);
            }
            account_feeds::rename_folders(&transaction, account, name.trim())?;
            transaction.commit()?;
            Ok(true)
        };
        run().map_err(StoreError::during("save the account"))
    }

    /// Stores the state of the syncs of an account, except what its server can do.
    pub fn set_sync_state(
        &mut self,
        account: AccountId,
        state: &AccountSyncState,
    ) -> Result<(), StoreError> {
        let to_seconds = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp());
        let sql = "UPDATE accounts SET synced = ?2, rechecked = ?3, not_before = ?4, failures = ?5,
                   problem = ?6, failure = ?7, failing_since = ?8 WHERE id = ?1";
        let values = params![
            account.0,
            to_seconds(state.last_sync),
            to_seconds(state.last_recheck),
            to_seconds(state.not_before),
            state.consecutive_failures,
            state.problem,
            state.failure.map(SyncFailure::name),
            to_seconds(state.failing_since),
        ];
        let written = self.db.execute(sql, values);
        written.map(drop).map_err(StoreError::during("save the state of the account"))
    }

    /// Removes an account, and everything that is only known of its server. Its feeds become feeds of
    /// the user's own. From those that cannot be fetched, or from all, the user is unsubscribed, which
    /// can be undone. Returns how many there were.
    pub fn remove_account(
        &mut self,
        account: AccountId,
        removal: AccountRemoval,
        now: DateTime<Utc>,
    ) -> Result<ReleasedFeeds, StoreError> {
        self.in_transaction(|store| {
            let (released, unfetchable) = account_release::release_feeds(&store.db, account)
                .map_err(StoreError::during("remove the account"))?;
            let left = match removal {
                AccountRemoval::KeepFeeds | AccountRemoval::KeepPrivateFeeds => unfetchable,
                AccountRemoval::Unsubscribe => account_feeds::list_subscribed(&store.db, account)
                    .map_err(StoreError::during("remove the account"))?,
            };
            if !left.is_empty() {
                store.apply_change(&account_feeds::unsubscription(&left), now)?;
            }
            delete_account_rows(&store.db, account)
                .map_err(StoreError::during("remove the account"))?;
            Ok(released)
        })
    }
}

fn delete_account_rows(db: &Connection, account: AccountId) -> rusqlite::Result<()> {
    feed_outbox::forget_account(db, account)?;
    for table in ["outbox", "remote_items", "account_feeds"] {
        db.execute(&format!("DELETE FROM {table} WHERE account = ?1"), [account.0])?;
    }
    db.execute("DELETE FROM accounts WHERE id = ?1", [account.0]).map(drop)
}
