//! Which articles have what, while a segment is built: noted as it comes, sorted once at the end.

/// For each of many things, by its number, the articles that have it.
#[derive(Debug, Default)]
pub(super) struct PostingBuilder {
    counters: Vec<DocCounter>,
    /// A thing and an article that has it, in the order of the articles.
    postings: Vec<(u32, u32)>,
}

/// Something that articles have.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DocCounter {
    /// How many of them.
    pub(super) doc_freq: u32,
    /// The article behind the last one that has it.
    next_doc: u32,
}

impl DocCounter {
    /// Notes that `article` has it; tells whether it did not know.
    pub(super) fn count_doc(&mut self, article: u32) -> bool {
        let is_new = self.next_doc != article + 1;
        self.next_doc = article + 1;
        self.doc_freq += u32::from(is_new);
        is_new
    }
}

/// For each of many things the articles that have it, those of each together.
#[derive(Debug)]
pub(super) struct PostingLists {
    /// Where the articles of each thing end.
    list_ends: Vec<u32>,
    docs: Vec<u32>,
}

impl PostingBuilder {
    /// The number of a new thing.
    pub(super) fn add_list(&mut self) -> u32 {
        self.counters.push(DocCounter::default());
        u32::try_from(self.counters.len() - 1).unwrap_or(u32::MAX)
    }

    /// Notes that `article` has `thing`; articles come in order, and as often as they like.
    pub(super) fn add_posting(&mut self, thing: u32, article: u32) {
        if self.counters[thing as usize].count_doc(article) {
            self.postings.push((thing, article));
        }
    }

    /// Sorts what was noted.
    pub(super) fn build(self) -> PostingLists {
        let mut sorted =
            PostingLists::with_doc_freqs(self.counters.iter().map(|thing| thing.doc_freq));
        self.postings.into_iter().for_each(|(thing, article)| sorted.push(thing as usize, article));
        sorted
    }
}

impl PostingLists {
    /// Of so many things, and what each article has of them, in the order of the articles.
    pub(super) fn from_texts<T: Iterator<Item = u32>>(
        things: usize,
        texts: impl Iterator<Item = T> + Clone,
    ) -> PostingLists {
        let mut known = vec![DocCounter::default(); things];
        for (text, article) in texts.clone().zip(0..) {
            for thing in text {
                known[thing as usize].count_doc(article);
            }
        }
        let mut sorted = PostingLists::with_doc_freqs(known.iter().map(|thing| thing.doc_freq));
        known.fill(DocCounter::default());
        for (text, article) in texts.zip(0..) {
            text.filter(|thing| known[*thing as usize].count_doc(article))
                .for_each(|thing| sorted.push(thing as usize, article));
        }
        sorted
    }

    /// Room for so many articles of each thing.
    pub(super) fn with_doc_freqs(counts: impl Iterator<Item = u32>) -> PostingLists {
        let mut all = 0;
        let start = |count| {
            let start = all;
            all += count;
            start
        };
        let ends = counts.map(start).collect();
        PostingLists { list_ends: ends, docs: vec![0; all as usize] }
    }

    /// Puts an article behind those that are known to have `thing`.
    pub(super) fn push(&mut self, thing: usize, article: u32) {
        let end = &mut self.list_ends[thing];
        self.docs[*end as usize] = article;
        *end += 1;
    }

    /// The articles that have `thing`, rising.
    pub(super) fn list(&self, thing: u32) -> &[u32] {
        self.list_at(thing as usize)
    }

    /// The same, by an index.
    pub(super) fn list_at(&self, thing: usize) -> &[u32] {
        let start = thing.checked_sub(1).map_or(0, |before| self.list_ends[before]);
        &self.docs[start as usize..self.list_ends[thing] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::{PostingBuilder, PostingLists};

    #[test]
    fn posting_lists_are_sorted_without_duplicates() {
        let mut lists = PostingBuilder::default();
        let (one, none, many) = (lists.add_list(), lists.add_list(), lists.add_list());
        for (thing, article) in [(many, 0), (many, 0), (one, 0), (many, 1), (many, 7), (many, 7)] {
            lists.add_posting(thing, article);
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
