//! Searches: the request for a list of entries, and its results.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use super::{
    Entry, EntryId, EntryState, Histogram, HistogramBuckets, ListDefinition, StoryFold, TagColor,
    ViewId, ViewScope,
};

/// A request for the entries of a list, and for the part of the list that is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchRequest {
    /// The list: scope, filter and order.
    pub list: ListDefinition,
    /// The selected entry and those below it, nearest first: the first that is still listed is
    /// selected.
    pub selection_candidates: Vec<EntryId>,
    /// Entries that stay listed though the list no longer includes them.
    pub kept: KeptEntries,
    /// Number of rows around the selection to load with the results.
    pub row_count: usize,
    /// The columns of the histogram of the hits.
    pub histogram_columns: HistogramBuckets,
    /// Articles whose stories are open, in a list grouped by story; at most
    /// [`MAX_OPEN_STORIES`](super::MAX_OPEN_STORIES) of them.
    pub open_stories: Vec<EntryId>,
}

/// Entries that stay in a list although their state has changed, until it is opened again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptEntries {
    /// Those that stay though they are read.
    pub read: BTreeSet<EntryId>,
    /// Those that stay though they are read, hidden or removed.
    pub unlisted: BTreeSet<EntryId>,
}

impl KeptEntries {
    /// Returns whether `list`, without its filter, has an entry of its scope in this state. What is kept
    /// stays after it was read or hidden, so that no row disappears while the user looks at it.
    pub fn lists(&self, list: &ListDefinition, id: EntryId, state: EntryState) -> bool {
        let is_read_out = list.hides_read() && state.read && !self.read.contains(&id);
        let is_missing_star = list.scope == ViewScope::Starred && !state.starred;
        let is_left_out = is_read_out || state.is_unlisted();
        !is_missing_star && (!is_left_out || self.unlisted.contains(&id))
    }
}

/// The results of a [`SearchRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchResults {
    /// Every entry of the list, in order.
    pub ids: Arc<Vec<EntryId>>,
    /// Index in `ids` of the first selection candidate that is still listed.
    pub selected_index: usize,
    /// The entries around `selected_index`.
    pub rows: Vec<Entry>,
    /// Number of entries in the whole library.
    pub stored_count: u64,
    /// Number of entries that the list has without its filter.
    pub scope_count: u64,
    /// The search is still running: more results to the same request follow, and begin with these.
    pub is_partial: bool,
    /// Progress of the search, if it reads texts.
    pub progress: Option<SearchProgress>,
    /// Number of entries of the list, if it is known although `ids` has only the first of them.
    pub total: Option<usize>,
    /// Figures about the hits.
    pub summary: SearchSummary,
    /// The folded hits and the open stories of a list grouped by story; `None` for other lists.
    pub stories: Option<StoryFold>,
}

/// A tag, and the number of entries that `tag:` finds with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagCount {
    /// The name of a tag of the user's; of one of the publishers, a word as the index has it.
    pub tag: String,
    /// Number of entries.
    pub entry_count: usize,
    /// The colour of a tag of the user's; `None` for one of the publishers.
    pub color: Option<TagColor>,
}

impl TagCount {
    /// Returns the filter that finds the entries; in quotes, since `tag:ai` would find "aid" too.
    pub fn filter(tag: &str) -> String {
        format!("tag:\"{tag}\"")
    }
}

/// The numbers of entries that the query of a view finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewCount {
    /// The view.
    pub view: ViewId,
    /// Number of unread entries; of the queue, that of all.
    pub unread_count: u64,
}

/// An article that the shared archive has and the library has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FarArticle {
    /// The URL of the feed.
    pub feed_url: String,
    /// The id that the publisher gave the article.
    pub guid: String,
    /// The article as a list shows it, with the name of its feed as its site. It has the ids of no article and no feed.
    pub entry: Entry,
}

impl FarArticle {
    /// Returns whether this is the same article as another.
    pub fn is_same(&self, other: &FarArticle) -> bool {
        self.guid == other.guid && self.feed_url == other.feed_url
    }
}

/// An article of the shared archive that the library has meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFarArticle {
    /// The article as the archive was found to have it.
    pub article: FarArticle,
    /// The entry; `None` if the user wants it no more.
    pub id: Option<EntryId>,
}

/// The articles of a list that the shared archive has and the library has not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FarResults {
    /// The articles, newest first.
    pub articles: Vec<FarArticle>,
    /// There may be more.
    pub is_lower_bound: bool,
    /// Parts of the filter that say nothing about articles of an archive, as they are typed.
    pub without_meaning: Vec<&'static str>,
}

/// The entries that a list leaves out because they are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HiddenCount {
    /// Number of entries.
    pub articles: usize,
    /// The rules that have hidden them; `None` if the entries are too many to look for their rules.
    pub rules: Option<HidingRules>,
}

/// The rules that have hidden some entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HidingRules {
    /// Number of rules.
    pub count: usize,
    /// Number of the entries on which they acted; the user has hidden the others.
    pub articles: usize,
}

/// The numbers of copies that the list of a folder folds: those of an article that several of its feeds have
/// brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FoldedInFolder {
    /// Among all entries.
    pub total: u64,
    /// Among unread entries.
    pub unread: u64,
}

/// The numbers of copies that the first lists of the sidebar, and those of folders, fold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoldedCounts {
    /// Among all entries.
    pub total: u64,
    /// Among unread entries.
    pub unread: u64,
    /// Among starred entries.
    pub starred: u64,
    /// Among unread entries of today.
    pub unread_today: u64,
    /// Among those of folders that have any.
    pub folders: BTreeMap<String, FoldedInFolder>,
}

/// The progress of a search that reads texts, because the index leaves open whether they match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchProgress {
    /// Number of texts read so far.
    pub read_count: u64,
    /// Number of texts to read in total.
    pub text_count: u64,
}

/// Figures about the hits of a search, shown beside the filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchSummary {
    /// Duration of the search.
    pub elapsed: Option<Duration>,
    /// Number of hits by time.
    pub histogram: Option<Histogram>,
    /// Number of articles that were not searched because the index does not have them yet.
    pub unindexed_count: u64,
    /// Number of articles that were not searched because their stored texts are damaged.
    pub unreadable_count: usize,
}
