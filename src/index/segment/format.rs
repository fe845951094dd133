//! Constants of the file format that the writer and the reader of a segment share.

use std::path::Path;

use crate::index::IndexError;

/// Size of a [`TermInfo`](super::TermInfo) in bytes: offset (6), length (4), number of documents
/// (4).
pub(in crate::index) const TERM_INFO_BYTES: usize = 14;

/// The first format version whose segments have [trigrams](super::trigrams).
pub(super) const FIRST_VERSION_WITH_TRIGRAMS: u32 = 5;

/// The number between two parts of a text that no phrase may cross.
pub(in crate::index) const PHRASE_BREAK: u32 = 0;

/// The number between two fields.
pub(in crate::index) const FIELD_BREAK: u32 = 1;

/// The lowest term id, which is that of the most frequent word.
pub(in crate::index) const FIRST_TERM_ID: u32 = 2;

/// Returns the error for a file of the segment in `folder` that could not be written.
pub(super) fn write_error(folder: &Path, error: &fst::Error) -> IndexError {
    IndexError::Io { name: folder.display().to_string(), reason: error.to_string() }
}
