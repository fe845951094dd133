//! Collects posting lists while a segment is built: postings arrive in the order of the documents
//! and are grouped by list once, at the end.

use super::varint;

/// A collector for the postings of many lists, which arrive in the order of the documents.
#[derive(Debug, Default)]
pub(super) struct PostingBuilder {
    counters: Vec<DocCounter>,
    log: PostingLog,
}

/// Postings in the order of the documents, as varints: [`NEXT_DOC`], or the id of a list plus
/// [`FIRST_LIST_ID`]. Pairs of numbers would take more than three times as much memory.
#[derive(Debug, Default)]
struct PostingLog {
    bytes: Vec<u8>,
    /// The document of the last posting.
    doc: u32,
}

/// The number in a log that begins the next document.
const NEXT_DOC: u32 = 0;

/// The number in a log of the list with the id 0.
const FIRST_LIST_ID: u32 = NEXT_DOC + 1;

impl PostingLog {
    /// Appends a posting. Documents must arrive in ascending order.
    fn push(&mut self, list_id: u32, doc: u32) {
        while self.doc < doc {
            varint::encode(NEXT_DOC, &mut self.bytes);
            self.doc += 1;
        }
        varint::encode(list_id + FIRST_LIST_ID, &mut self.bytes);
    }

    /// Iterates over the pairs of list id and document.
    fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        let (mut bytes, mut doc) = (self.bytes.as_slice(), 0);
        let numbers = std::iter::from_fn(move || varint::decode(&mut bytes));
        numbers.filter_map(move |number| {
            let list_id = number.checked_sub(FIRST_LIST_ID);
            doc += u32::from(list_id.is_none());
            Some((list_id?, doc))
        })
    }
}

/// A counter of the distinct documents of one list.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DocCounter {
    /// Number of documents.
    pub(super) doc_freq: u32,
    /// The last counted document plus one; 0 before the first document.
    next_doc: u32,
}

impl DocCounter {
    /// Counts `doc` and returns true unless `doc` was the last document counted.
    pub(super) fn count_doc(&mut self, doc: u32) -> bool {
        let is_new = self.next_doc != doc + 1;
        self.next_doc = doc + 1;
        self.doc_freq += u32::from(is_new);
        is_new
    }
}

/// Posting lists in one allocation, one after the other. `D` is the type of a document id: a new
/// segment has so few documents that half of a `u32` is enough.
#[derive(Debug)]
pub(super) struct PostingLists<D> {
    /// End of each list in `docs`.
    list_ends: Vec<u32>,
    docs: Vec<D>,
}

impl PostingBuilder {
    /// Adds an empty list and returns its id.
    pub(super) fn add_list(&mut self) -> u32 {
        self.counters.push(DocCounter::default());
        u32::try_from(self.counters.len() - 1).unwrap_or(u32::MAX)
    }

    /// Adds `doc` to a list. Documents must arrive in ascending order; repetitions are ignored.
    pub(super) fn add_posting(&mut self, list_id: u32, doc: u32) {
        if self.counters[list_id as usize].count_doc(doc) {
            self.log.push(list_id, doc);
        }
    }

    /// Groups the postings by list.
    pub(super) fn build(self) -> PostingLists<NewDocId> {
        let doc_freqs = self.counters.iter().map(|counter| counter.doc_freq);
        let mut lists = PostingLists::with_doc_freqs(doc_freqs);
        self.log.iter().for_each(|(list_id, doc)| lists.push(list_id as usize, new_doc_id(doc)));
        lists
    }
}

/// A document of a new segment.
pub(super) type NewDocId = u16;

fn new_doc_id(doc: u32) -> NewDocId {
    NewDocId::try_from(doc).expect("a new segment has at most `MAX_NEW_SEGMENT_DOCS` documents")
}

impl PostingLists<NewDocId> {
    /// Inverts texts: returns, for each of `terms` term ids, the documents whose text contains the
    /// term. `texts` yields the term ids of each document in order and is read twice, which takes
    /// less memory than a log of all postings.
    pub(super) fn from_texts<T: Iterator<Item = u32>>(
        terms: usize,
        texts: impl Iterator<Item = T> + Clone,
    ) -> PostingLists<NewDocId> {
        let mut counters = vec![DocCounter::default(); terms];
        for (text, doc) in texts.clone().zip(0..) {
            for term in text {
                counters[term as usize].count_doc(doc);
            }
        }
        let doc_freqs = counters.iter().map(|counter| counter.doc_freq);
        let mut lists = PostingLists::with_doc_freqs(doc_freqs);
        counters.fill(DocCounter::default());
        for (text, doc) in texts.zip(0..) {
            text.filter(|term| counters[*term as usize].count_doc(doc))
                .for_each(|term| lists.push(term as usize, new_doc_id(doc)));
        }
        lists
    }

    /// Adds the documents of a list to `docs`, in ascending order.
    pub(super) fn add_to(&self, list_id: u32, docs: &mut Vec<u32>) {
        docs.extend(self.list_at(list_id as usize).iter().map(|doc| u32::from(*doc)));
    }
}

impl<D: Copy + Default> PostingLists<D> {
    /// Allocates lists of the given lengths. Until a list is filled by [`PostingLists::push`], its
    /// end is the position of its next document.
    pub(super) fn with_doc_freqs(doc_freqs: impl Iterator<Item = u32>) -> PostingLists<D> {
        let mut total = 0;
        let reserve_list = |doc_freq| {
            let start = total;
            total += doc_freq;
            start
        };
        let list_ends = doc_freqs.map(reserve_list).collect();
        PostingLists { list_ends, docs: vec![D::default(); total as usize] }
    }

    /// Appends `doc` to a list.
    pub(super) fn push(&mut self, list_id: usize, doc: D) {
        let end = &mut self.list_ends[list_id];
        self.docs[*end as usize] = doc;
        *end += 1;
    }

    /// Returns the documents of the list with this index, in ascending order.
    pub(super) fn list_at(&self, index: usize) -> &[D] {
        let start = index.checked_sub(1).map_or(0, |before| self.list_ends[before]);
        &self.docs[start as usize..self.list_ends[index] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::{PostingBuilder, PostingLists};

    #[test]
    fn posting_lists_are_sorted_without_duplicates() {
        let mut lists = PostingBuilder::default();
        let (one, none, many) = (lists.add_list(), lists.add_list(), lists.add_list());
        for (list_id, doc) in [(many, 0), (many, 0), (one, 0), (many, 1), (many, 7), (many, 7)] {
            lists.add_posting(list_id, doc);
        }
        let sorted = lists.build();
        assert_eq!(
            [one, none, many].map(|list_id| sorted.list_at(list_id as usize)),
            [&[0][..], &[], &[0, 1, 7]]
        );
        let texts = [vec![2, 2, 0], vec![2], vec![], vec![2, 0, 2]];
        let sorted = PostingLists::from_texts(3, texts.iter().map(|text| text.iter().copied()));
        assert_eq!(
            [0, 1, 2].map(|list_id| sorted.list_at(list_id)),
            [&[0, 3][..], &[], &[0, 1, 3]]
        );
    }
}
