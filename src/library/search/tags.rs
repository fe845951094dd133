//! The tags of the user and of the publishers, counted by searching for each.

use std::{cmp::Reverse, collections::BTreeSet};

use super::searcher::Searcher;
use crate::{
    model::{CopyListing, ListDefinition, SearchRequest, TagColor, TagCount, ViewScope},
    store::StoreError,
    text::fold,
};

/// Maximum number of the publishers' tags. Nobody reads a longer list.
const MAX_PUBLISHER_TAGS: usize = 100;

impl Searcher<'_> {
    /// Returns the tags of the user that articles have, by name, and then the most frequent of the
    /// publishers, at most 100, each with the number of entries that a search for it finds.
    ///
    /// Returns `None` if `is_stale` returned true, because a search waits.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read.
    pub fn count_tags(
        &mut self,
        copies: CopyListing,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<TagCount>>, StoreError> {
        let Some(words) = self.tag_words(is_stale)? else { return Ok(None) };
        let own = self.snapshot.reader.list_tags()?;
        // `later` and `queue` are views, and the others are found with `is:`.
        let own = own.into_iter().filter(|tag| !tag.id.is_reserved());
        let own: Vec<(String, Option<TagColor>)> =
            own.map(|tag| (tag.name.to_string(), Some(tag.color))).collect();
        let Some(mut counts) = self.count_each(own, copies, is_stale)? else { return Ok(None) };
        // A search for a tag of the user's finds articles whose publishers use the same word, too.
        let named: BTreeSet<String> = counts.iter().map(|counted| fold(&counted.tag)).collect();
        let others = words.most_frequent(MAX_PUBLISHER_TAGS).into_iter();
        let others = others.filter(|word| !named.contains(word)).map(|word| (word, None)).collect();
        let Some(mut others) = self.count_each(others, copies, is_stale)? else { return Ok(None) };
        others.sort_by_key(|counted| Reverse(counted.entry_count));
        counts.append(&mut others);
        Ok(Some(counts))
    }

    /// Counts the entries of each tag. Tags without listed entries are left out: all of theirs may be
    /// of unsubscribed feeds.
    fn count_each(
        &mut self,
        tags: Vec<(String, Option<TagColor>)>,
        copies: CopyListing,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<TagCount>>, StoreError> {
        let mut counts = Vec::new();
        for (tag, color) in tags {
            let filter = TagCount::filter(&tag);
            let list = ListDefinition {
                scope: ViewScope::All,
                filter,
                copies,
                ..ListDefinition::default()
            };
            let request = SearchRequest { list, ..SearchRequest::default() };
            match self.count_hits(&request, is_stale)? {
                None => return Ok(None),
                Some(0) => {}
                Some(entry_count) => counts.push(TagCount { tag, entry_count, color }),
            }
        }
        Ok(Some(counts))
    }
}
