//! An article as the runtime loads it.

use std::sync::Arc;

use super::ArticleEdit;
use crate::{
    markup::Flow,
    model::{ReadingPosition, TextSource},
};

/// An article, ready for layout.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedArticle {
    /// The text.
    pub flow: Arc<Flow>,
    /// Number of words.
    pub word_count: usize,
    /// Stored place of the reader.
    pub position: ReadingPosition,
    /// The full text's source, if it was fetched.
    pub full_text: Option<FullTextInfo>,
    /// The full text is damaged, and this is the text of the feed.
    pub has_damaged_full_text: bool,
    /// The article shares its story with others.
    pub has_story: bool,
    /// The newest edit by the publisher; `None` if there are no earlier versions.
    pub edit: Option<ArticleEdit>,
}

/// The fetched full text of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullTextInfo {
    /// The text that is shown: the full text, or the feed's.
    pub shown: TextSource,
    /// Host of the page; empty if it is not known.
    pub host: String,
}

impl FullTextInfo {
    /// Returns the host of the page, or words in its place.
    pub fn host_or_page(&self) -> &str {
        if self.host.is_empty() { "the page" } else { &self.host }
    }
}
