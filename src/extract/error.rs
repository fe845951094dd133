//! Errors of full-text extraction.

/// An error that keeps a page from giving an article, displayed as the end of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// The page has too many bytes or tags.
    #[error("the page is too large to extract an article; open it in the browser")]
    TooLarge,
    /// The tree of the page would be too deep or too large, and its long paragraphs are too few for
    /// an article.
    #[error("the page is nested too deeply to extract an article; open it in the browser")]
    TooDeep,
    /// The page consists of links or forms, or is empty.
    #[error("the page has no article; it may be a list of links or require a login")]
    NoArticle,
    /// The page consists of a consent form, a login, or a request for a subscription or another
    /// browser.
    #[error(
        "the page shows a consent form, a login or a notice instead of an article; open it in the browser"
    )]
    Wall,
}
