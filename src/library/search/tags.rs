//! The publishers' tags, counted by searching for each.

use std::cmp::Reverse;

use super::searcher::Searcher;
use crate::{
    model::{ListDefinition, SearchRequest, TagCount, ViewScope},
    store::StoreError,
};

/// Maximum number of tags. Nobody reads a longer list.
const MAX_TAGS: usize = 100;

impl Searcher<'_> {
    /// Returns the most frequent tags, at most 100, with the number of entries that a search for
    /// the tag finds.
    ///
    /// Returns `None` if `is_stale` returned true, because a search waits.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read.
    pub fn count_tags(
        &mut self,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<TagCount>>, StoreError> {
        let mut tags = Vec::new();
        let Some(words) = self.tag_words(is_stale)? else { return Ok(None) };
        for tag in words.most_frequent(MAX_TAGS) {
            let filter = TagCount::filter(&tag);
            let list =
                ListDefinition { scope: ViewScope::All, filter, ..ListDefinition::default() };
            let request = SearchRequest { list, ..SearchRequest::default() };
            match self.count_hits(&request, is_stale)? {
                None => return Ok(None),
                // All entries are of unsubscribed feeds.
                Some(0) => {}
                Some(entry_count) => tags.push(TagCount { tag, entry_count }),
            }
        }
        tags.sort_by_key(|counted| Reverse(counted.entry_count));
        Ok(Some(tags))
    }
}
