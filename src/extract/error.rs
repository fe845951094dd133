//! Why a page gives no article.

/// Why a page gives no article, as the end of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// More bytes or tags than any article has.
    #[error("the page is too large to look for an article in it; o opens it in the browser")]
    TooLarge,
    /// Elements within elements beyond measure, and no paragraphs among them.
    #[error("the page is built too deep to look for an article in it; o opens it in the browser")]
    TooDeep,
    /// Links, forms or nothing at all.
    #[error("the page has no article; it may be a list of links, or ask to log in")]
    NoArticle,
}
