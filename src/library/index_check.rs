//! A check of the search index against the library.

use std::{collections::HashSet, path::Path};

use crate::{
    index::{BitSet, IndexError, Segment, SegmentLocation},
    model::EntryId,
    store::{ReadConnection, SegmentRecord, StoreError},
};

/// The result of a check of the search index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IndexCheck {
    /// Errors of the files. With any, the counts are incomplete.
    pub errors: Vec<IndexError>,
    /// Number of articles in the index.
    pub indexed: usize,
    /// Number of changed articles that are waiting to be indexed.
    pub pending: usize,
    /// Stored articles that are neither in the index nor waiting.
    pub missing: Vec<EntryId>,
    /// Number of articles in the index that are not stored.
    pub unknown: usize,
}

/// Reads every file of the index in `folder` and compares its articles with those of the library.
///
/// # Errors
///
/// Fails if the library cannot be read. Errors of the index are part of the result.
pub fn check_index(reader: &ReadConnection, folder: &Path) -> Result<IndexCheck, StoreError> {
    reader.with_snapshot(|| {
        let mut check = IndexCheck::default();
        let mut indexed = HashSet::new();
        for record in reader.list_segments()? {
            match read_live_ids(folder, &record) {
                Ok(ids) => indexed.extend(ids),
                Err(error) => check.errors.push(error),
            }
        }
        let changes = reader.list_newest_text_changes(usize::MAX)?;
        let pending: HashSet<EntryId> = changes.into_iter().map(|(id, _)| id).collect();
        let stored: HashSet<EntryId> = reader.list_all_entry_ids()?.into_iter().collect();
        check.indexed = indexed.len();
        check.pending = pending.len();
        check.unknown =
            indexed.iter().filter(|id| !stored.contains(id) && !pending.contains(id)).count();
        check.missing = stored
            .into_iter()
            .filter(|id| !indexed.contains(id) && !pending.contains(id))
            .collect();
        Ok(check)
    })
}

/// Verifies a segment and returns its articles that are not deleted.
fn read_live_ids(folder: &Path, record: &SegmentRecord) -> Result<Vec<EntryId>, IndexError> {
    let location = SegmentLocation::new(folder, record.number, record.id);
    Segment::verify(&location)?;
    let ids = Segment::read_entry_ids(&location)?;
    let doc_count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let deleted = BitSet::from_bytes(doc_count, &record.tombstones);
    let live = ids.iter().zip(0..).filter(|(_, doc)| !deleted.get(*doc));
    Ok(live.map(|(id, _)| EntryId(*id)).collect())
}
