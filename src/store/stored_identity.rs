//! The parts of stored entries by which a refresh recognizes them.

use rusqlite::{OptionalExtension, Row, params};

use super::{
    ReadConnection, StoreError, column_values,
    readable_rows::{collect_readable, lossy_text},
};
use crate::model::{EntryId, FeedId, PublicationDate};

/// The parts of a stored entry that a refresh compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryFingerprint {
    /// The id of the entry.
    pub id: EntryId,
    /// Digest of the content.
    pub digest: u64,
    /// Publication date.
    pub published: PublicationDate,
}

/// A stored entry with everything by which it is recognized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredIdentity {
    /// Id, digest and date.
    pub fingerprint: EntryFingerprint,
    /// The guid in the feed.
    pub guid: String,
    /// The URL of the article's web page.
    pub link: Option<String>,
    /// The title.
    pub title: String,
}

/// The columns that [`identity_from_row`] reads.
const IDENTITY_COLUMNS: &str = "id, digest, published, day_only, guid, link, title";

impl ReadConnection {
    /// Finds the entry of `feed` with this guid.
    pub fn find_entry_by_guid(
        &self,
        feed: FeedId,
        guid: &str,
    ) -> Result<Option<EntryFingerprint>, StoreError> {
        let sql =
            "SELECT id, digest, published, day_only FROM entries WHERE feed = ?1 AND guid = ?2";
        self.find_fingerprint(sql, feed, guid)
    }

    /// Loads the guid of an entry.
    pub fn load_guid(&self, id: EntryId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT guid FROM entries WHERE id = ?1";
        let found = self
            .db
            .prepare_cached(sql)
            .and_then(|mut sql| sql.query_row([id.0], |row| lossy_text(row, 0)).optional());
        found.map_err(StoreError::during("read the article"))
    }

    /// Finds an entry of `feed` with this link key.
    pub fn find_entry_by_link_key(
        &self,
        feed: FeedId,
        link_key: &str,
    ) -> Result<Option<EntryFingerprint>, StoreError> {
        let sql =
            "SELECT id, digest, published, day_only FROM entries WHERE feed = ?1 AND link_key = ?2";
        self.find_fingerprint(sql, feed, link_key)
    }

    /// Lists the entries of `feed` whose guid is `guid`, or `guid` and ` digest:` with a digest.
    pub fn list_guid_variants(
        &self,
        feed: FeedId,
        guid: &str,
    ) -> Result<Vec<StoredIdentity>, StoreError> {
        let sql = format!(
            "SELECT {IDENTITY_COLUMNS} FROM entries WHERE feed = ?1 AND (guid = ?2 OR guid > ?3 AND guid < ?4)"
        );
        // `;` is the character after `:`.
        let (from, to) = (format!("{guid} digest:"), format!("{guid} digest;"));
        self.list_identities(&sql, &[&feed.0, &guid, &from, &to])
    }

    /// Lists the newest entries of `feed`, at most `limit`.
    pub fn list_newest_identities(
        &self,
        feed: FeedId,
        limit: usize,
    ) -> Result<Vec<StoredIdentity>, StoreError> {
        let sql = format!(
            "SELECT {IDENTITY_COLUMNS} FROM entries WHERE feed = ?1 ORDER BY published DESC, id DESC LIMIT ?2"
        );
        self.list_identities(&sql, &[&feed.0, &i64::try_from(limit).unwrap_or(i64::MAX)])
    }

    fn find_fingerprint(
        &self,
        sql: &str,
        feed: FeedId,
        value: &str,
    ) -> Result<Option<EntryFingerprint>, StoreError> {
        let found = self.db.prepare_cached(sql).and_then(|mut sql| {
            sql.query_row(params![feed.0, value], fingerprint_from_row).optional()
        });
        found.map_err(StoreError::during("look for the article"))
    }

    fn list_identities(
        &self,
        sql: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<Vec<StoredIdentity>, StoreError> {
        let read = || -> rusqlite::Result<Vec<StoredIdentity>> {
            let mut statement = self.db.prepare_cached(sql)?;
            collect_readable(statement.query_map(values, identity_from_row)?)
        };
        read().map_err(StoreError::during("look for the article"))
    }
}

fn fingerprint_from_row(row: &Row<'_>) -> rusqlite::Result<EntryFingerprint> {
    Ok(EntryFingerprint {
        id: EntryId(row.get(0)?),
        digest: row.get::<_, i64>(1)?.cast_unsigned(),
        published: column_values::publication_date_from_columns(row.get(2)?, row.get(3)?),
    })
}

fn identity_from_row(row: &Row<'_>) -> rusqlite::Result<StoredIdentity> {
    Ok(StoredIdentity {
        fingerprint: fingerprint_from_row(row)?,
        guid: row.get(4)?,
        link: row.get(5)?,
        title: row.get(6)?,
    })
}
