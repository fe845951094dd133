//! Segments for tests.

use super::{COMMON_WORD_MIN_DOCS, IndexDocument, Segment, SegmentBuilder, SegmentLocation};
use crate::{
    model::{EntryId, FeedId},
    query::{EntryAttributes, FoldedText},
};

/// Writes documents with these titles, authors, bodies and tags.
pub(super) fn write_segment(documents: &[[String; 4]]) -> (tempfile::TempDir, Segment) {
    let mut builder = SegmentBuilder::default();
    for ([title, author, body, tags], id) in documents.iter().zip(1..) {
        builder.add_document(&IndexDocument {
            id: EntryId(id),
            feed: FeedId(1),
            published: id,
            day_only: false,
            arrived: 0,
            text: FoldedText::new(title, author, body, tags, ""),
            attributes: EntryAttributes::default(),
        });
    }
    let folder = tempfile::tempdir().unwrap();
    let location = SegmentLocation::new(folder.path(), 1, Some(1));
    builder.write_segment(&location, COMMON_WORD_MIN_DOCS, &mut || true).unwrap();
    let segment = Segment::open(&location).unwrap();
    (folder, segment)
}

/// Reads the stored text of a document.
pub(super) fn read_text(segment: &Segment, doc: u32) -> Vec<u8> {
    let offsets = segment.text_offsets(doc..doc + 1).unwrap();
    let mut text = Vec::new();
    segment.read_texts(offsets[0], offsets[1], &mut text).unwrap();
    text
}
