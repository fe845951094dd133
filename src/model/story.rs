//! Stories: the user's choices about them, and what lists show of them.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{EntryId, StoryId};

/// The user's choice about two articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoryLink {
    /// The texts decide whether the articles are in one story.
    None,
    /// The articles are in one story.
    Same,
    /// The articles are in different stories.
    Different,
}

/// The story of a listed article, as its row tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorySummary {
    /// The story.
    pub story: StoryId,
    /// Number of other feeds with an article of the story.
    pub other_feeds: u32,
    /// Number of unread articles of the story; copies of one are one.
    pub unread: u32,
}

/// The articles of a list grouped by story that have no row of their own, and those that an open story lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoryFold {
    /// Hits for which the row of another article of their story stands.
    pub folded: Arc<Vec<EntryId>>,
    /// Articles that are listed below the row of their open story, each with the article of that row.
    pub opened: BTreeMap<EntryId, EntryId>,
    /// Number of hits.
    pub article_count: usize,
}

/// Maximum number of stories that are open in a list.
pub const MAX_OPEN_STORIES: usize = 64;

/// The story of an article, and what it shares with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryExplanation {
    /// The story.
    pub story: StoryId,
    /// The other articles, oldest first; the latest thousand of a larger story.
    pub others: Vec<EntryId>,
    /// The article that is nearest.
    pub nearest: EntryId,
    /// The title of that article.
    pub nearest_title: String,
    /// The folded words that both articles have among their strongest terms: names and numbers first.
    pub words: Vec<String>,
    /// The user has put the article into the story.
    pub is_chosen: bool,
}
