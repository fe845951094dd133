//! The files of episodes, and the seconds at which they were stopped. None of it is a change of the
//! journal: undo does not bring a file back.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    ReadConnection, StoreError, WriteConnection, preferences, readable_rows::lossy_text, tags,
    write_transaction::WriteTransaction,
};
use crate::model::{Download, EntryId, TagMark, TagName};

/// The columns of [`read_download`].
const COLUMNS: &str = "entry, url, name, length, validator, finished";

impl ReadConnection {
    /// Loads the download of an article; `None` if none has begun.
    pub fn load_download(&self, id: EntryId) -> Result<Option<Download>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM downloads WHERE entry = ?1");
        let load = self.db.prepare_cached(&sql);
        let found = load.and_then(|mut sql| sql.query_row([id.0], read_download).optional());
        found.map_err(StoreError::during("read the downloads"))
    }

    /// Lists all downloads, in the order of their articles.
    pub fn list_downloads(&self) -> Result<Vec<Download>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM downloads ORDER BY entry");
        let read = || -> rusqlite::Result<Vec<Download>> {
            self.db.prepare_cached(&sql)?.query_map([], read_download)?.collect()
        };
        read().map_err(StoreError::during("list the downloads"))
    }

    /// Returns whether the file of another article than `id` has this name.
    pub fn is_download_name_taken(&self, id: EntryId, name: &str) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM downloads WHERE name = ?1 AND entry <> ?2)";
        let found = self.db.query_row(sql, params![name, id.0], |row| row.get(0));
        found.map_err(StoreError::during("read the downloads"))
    }

    /// Returns the second at which an episode was stopped; 0 for its beginning.
    pub fn load_play_position(&self, id: EntryId) -> Result<u32, StoreError> {
        let sql = "SELECT second FROM play_positions WHERE entry = ?1";
        let found = self.db.query_row(sql, [id.0], |row| row.get(0)).optional();
        Ok(found.map_err(StoreError::during("read where an episode was stopped"))?.unwrap_or(0))
    }
}

impl WriteConnection {
    /// Stores a download, and marks its article while the file is complete.
    pub fn save_download(&mut self, download: &Download) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let sql = "INSERT INTO downloads (entry, url, name, length, validator, finished)
                       SELECT id, ?2, ?3, ?4, ?5, ?6 FROM entries WHERE id = ?1
                       ON CONFLICT (entry) DO UPDATE SET url = excluded.url, name = excluded.name,
                           length = excluded.length, validator = excluded.validator,
                           finished = excluded.finished";
            let Download { entry, url, name, length, validator, is_finished } = download;
            let length = length.and_then(|length| i64::try_from(length).ok());
            let values = params![entry.0, url, name, length, validator, is_finished];
            transaction.execute(sql, values)?;
            mark_downloaded(&transaction, *entry, *is_finished)?;
            transaction.commit()
        };
        run().map_err(StoreError::during("save a download"))
    }

    /// Forgets the download of an article; its file is the caller's concern.
    pub fn forget_download(&mut self, id: EntryId) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            transaction.execute("DELETE FROM downloads WHERE entry = ?1", [id.0])?;
            mark_downloaded(&transaction, id, false)?;
            transaction.commit()
        };
        run().map_err(StoreError::during("forget a download"))
    }

    /// Stores the second at which an episode was stopped; 0 for its beginning.
    pub fn save_play_position(&mut self, id: EntryId, second: u32) -> Result<(), StoreError> {
        let sql = if second == 0 {
            "DELETE FROM play_positions WHERE entry = ?1 AND ?2 = 0"
        } else {
            "INSERT INTO play_positions (entry, second) SELECT id, ?2 FROM entries WHERE id = ?1
             ON CONFLICT (entry) DO UPDATE SET second = excluded.second"
        };
        let done = self.db.execute(sql, params![id.0, second]);
        done.map(drop).map_err(StoreError::during("save where an episode was stopped"))
    }
}

/// Puts the mark of a downloaded file on an article, or takes it off.
fn mark_downloaded(db: &Connection, id: EntryId, is_finished: bool) -> rusqlite::Result<()> {
    let mark = if is_finished { TagMark::On } else { TagMark::Off };
    if !tags::mark_entries(db, &TagName::downloaded(), vec![id], mark)?.is_empty() {
        preferences::bump_generation(db)?;
    }
    Ok(())
}

fn read_download(row: &Row<'_>) -> rusqlite::Result<Download> {
    let length: Option<i64> = row.get(3)?;
    Ok(Download {
        entry: EntryId(row.get(0)?),
        url: lossy_text(row, 1)?,
        name: lossy_text(row, 2)?,
        length: length.and_then(|length| u64::try_from(length).ok()),
        validator: row.get(4)?,
        is_finished: row.get(5)?,
    })
}
