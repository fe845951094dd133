//! The place of a segment, and its id.

use std::path::{Path, PathBuf};

/// The folder of a segment, and the id that its files state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentLocation {
    /// The folder of the segment.
    pub folder: PathBuf,
    /// The random id of the segment; `None` for a segment of an earlier version, which has none.
    pub id: Option<i64>,
}

impl SegmentLocation {
    /// Returns the location of the segment with this number in the index at `index_folder`.
    pub fn new(index_folder: &Path, number: i64, id: Option<i64>) -> SegmentLocation {
        SegmentLocation { folder: index_folder.join(format!("{number:08}")), id }
    }

    /// Returns the path of a file of the segment.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Returns the id for new files. Only segments of earlier versions have none, and those are never
    /// written.
    pub(in crate::index) fn id_to_write(&self) -> i64 {
        self.id.unwrap_or_default()
    }
}
