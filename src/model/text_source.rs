//! The sources of texts.

/// The source of the text that is shown of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextSource {
    /// The feed.
    Feed,
    /// The article's page: its full text.
    Page,
}
