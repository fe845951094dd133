//! Collects posting lists while a segment is built: postings arrive in the order of the documents
//! and are grouped by list once, at the end.

/// A collector for the postings of many lists, which arrive in the order of the documents.
#[derive(Debug, Default)]
pub(super) struct PostingBuilder {
    counters: Vec<DocCounter>,
    /// Pairs of list id and document id, in the order of the documents.
    postings: Vec<(u32, u32)>,
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

/// Posting lists in one allocation, one after the other.
#[derive(Debug)]
pub(super) struct PostingLists {
    /// End of each list in `docs`.
    list_ends: Vec<u32>,
    docs: Vec<u32>,
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
            self.postings.push((list_id, doc));
        }
    }

    /// Groups the postings by list.
    pub(super) fn build(self) -> PostingLists {
        let doc_freqs = self.counters.iter().map(|counter| counter.doc_freq);
        let mut lists = PostingLists::with_doc_freqs(doc_freqs);
        self.postings.into_iter().for_each(|(list_id, doc)| lists.push(list_id as usize, doc));
        lists
    }
}

impl PostingLists {
    /// Inverts texts: returns, for each of `terms` term ids, the documents whose text contains the
    /// term. `texts` yields the term ids of each document in order and is read twice, which takes
    /// less memory than a log of all postings.
    pub(super) fn from_texts<T: Iterator<Item = u32>>(
        terms: usize,
        texts: impl Iterator<Item = T> + Clone,
    ) -> PostingLists {
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
                .for_each(|term| lists.push(term as usize, doc));
        }
        lists
    }

    /// Allocates lists of the given lengths. Until a list is filled by [`PostingLists::push`], its
    /// end is the position of its next document.
    pub(super) fn with_doc_freqs(doc_freqs: impl Iterator<Item = u32>) -> PostingLists {
        let mut total = 0;
        let reserve_list = |doc_freq| {
            let start = total;
            total += doc_freq;
            start
        };
        let list_ends = doc_freqs.map(reserve_list).collect();
        PostingLists { list_ends, docs: vec![0; total as usize] }
    }

    /// Appends `doc` to a list.
    pub(super) fn push(&mut self, list_id: usize, doc: u32) {
        let end = &mut self.list_ends[list_id];
        self.docs[*end as usize] = doc;
        *end += 1;
    }

    /// Returns the documents of a list in ascending order.
    pub(super) fn list(&self, list_id: u32) -> &[u32] {
        self.list_at(list_id as usize)
    }

    /// Returns the documents of the list with this index.
    pub(super) fn list_at(&self, index: usize) -> &[u32] {
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
            (sorted.list(one), sorted.list(none), sorted.list(many)),
            (&[0][..], &[][..], &[0, 1, 7][..])
        );
        let texts = [vec![2, 2, 0], vec![2], vec![], vec![2, 0, 2]];
        let sorted = PostingLists::from_texts(3, texts.iter().map(|text| text.iter().copied()));
        assert_eq!(
            (sorted.list(0), sorted.list(1), sorted.list(2)),
            (&[0, 3][..], &[][..], &[0, 1, 3][..])
        );
    }
}
