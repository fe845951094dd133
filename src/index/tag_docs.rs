//! The documents with a tag. Most tags are on few documents, so that a bit for each document would be mostly
//! zeros that a search for many tags has to read.

use super::BitSet;

/// Number of documents in a segment for each one that is stored by its id. A list half as long takes the room
/// of a bit for each document.
const DOCS_PER_ID: u32 = 64;

/// The documents with a tag in one segment.
#[derive(Debug, Clone)]
pub(super) enum TagDocs {
    /// Ascending ids.
    Few(Vec<u32>),
    /// A bit for each document.
    Many(BitSet),
}

impl Default for TagDocs {
    fn default() -> TagDocs {
        TagDocs::Few(Vec::new())
    }
}

impl TagDocs {
    /// Puts the tag on a document of a segment with `max_doc` documents, or takes it off.
    pub(super) fn set_to(&mut self, (doc, max_doc): (u32, u32), is_set: bool) {
        match self {
            TagDocs::Many(bits) => bits.set_to(doc, is_set),
            TagDocs::Few(ids) => match (ids.binary_search(&doc), is_set) {
                (Ok(at), false) => drop(ids.remove(at)),
                (Err(at), true) if doc < max_doc => {
                    ids.insert(at, doc);
                    if ids.len() > (max_doc / DOCS_PER_ID) as usize {
                        *self = TagDocs::Many(self.to_bits(max_doc));
                    }
                }
                _ => {}
            },
        }
    }

    /// Adds the documents to those in `bits`.
    pub(super) fn add_to(&self, bits: &mut BitSet) {
        match self {
            TagDocs::Few(ids) => ids.iter().for_each(|doc| bits.set_to(*doc, true)),
            TagDocs::Many(docs) => bits.or(docs),
        }
    }

    /// Returns the memory in use, in bytes.
    pub(super) fn memory_usage(&self) -> usize {
        match self {
            TagDocs::Few(ids) => ids.capacity() * size_of::<u32>(),
            TagDocs::Many(bits) => bits.capacity() as usize / 8,
        }
    }

    fn to_bits(&self, max_doc: u32) -> BitSet {
        let mut bits = BitSet::empty(max_doc);
        self.add_to(&mut bits);
        bits
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::TagDocs;
    use crate::index::BitSet;

    proptest! {
        #[test]
        fn documents_of_a_tag_are_those_that_were_set(
            max_doc in 1_u32..400,
            changes in prop::collection::vec((0_u32..420, prop::bool::weighted(0.7)), 0..60),
        ) {
            let (mut docs, mut expected) = (TagDocs::default(), BitSet::empty(max_doc));
            for (doc, is_set) in changes {
                docs.set_to((doc, max_doc), is_set);
                expected.set_to(doc, is_set);
                prop_assert_eq!(docs.to_bits(max_doc), expected.clone());
            }
        }
    }
}
