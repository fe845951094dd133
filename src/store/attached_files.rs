//! The articles that come with certain files.

use std::collections::{HashMap, HashSet};

use super::{StoreError, WriteConnection};
use crate::model::{Attachments, EntryId};

/// The article that comes with a file, and its tags of podcasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileOwner {
    /// The article.
    pub entry: EntryId,
    /// It is in the queue.
    pub is_queued: bool,
    /// It was played to the end.
    pub is_played: bool,
}

impl WriteConnection {
    /// Finds the articles of subscribed feeds with a file at one of `urls`; of several with the same
    /// file, the first. It reads the files of all articles, also those of an open transaction.
    pub fn find_file_owners(
        &self,
        urls: &HashSet<&str>,
    ) -> Result<HashMap<String, FileOwner>, StoreError> {
        let sql = "SELECT id, attached,
                EXISTS (SELECT 1 FROM entry_tags WHERE entry = entries.id AND tag = -1),
                EXISTS (SELECT 1 FROM entry_tags WHERE entry = entries.id AND tag = -2)
            FROM entries WHERE attached IS NOT NULL AND dropped = 0
                AND feed NOT IN (SELECT id FROM feeds WHERE gone) ORDER BY id";
        let mut owners = HashMap::new();
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = self.db.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let files: Attachments =
                    serde_json::from_slice(row.get_ref(1)?.as_bytes()?).unwrap_or_default();
                let owner = FileOwner {
                    entry: EntryId(row.get(0)?),
                    is_queued: row.get(2)?,
                    is_played: row.get(3)?,
                };
                for file in files.files.into_iter().filter(|file| urls.contains(&*file.url)) {
                    owners.entry(file.url).or_insert(owner);
                }
            }
            Ok(())
        };
        read().map_err(StoreError::during("look for the articles of files"))?;
        Ok(owners)
    }
}
