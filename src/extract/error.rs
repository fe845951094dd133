//! Why a page gives no article.

/// Why a page gives no article, in a sentence for the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// More bytes or tags than any article has.
    #[error("The page is too large to look for an article in it; open it in the browser.")]
    TooLarge,
    /// Elements within elements beyond measure, and no paragraphs among them.
    #[error("The page is built too deep to look for an article in it; open it in the browser.")]
    TooDeep,
    /// Links, forms or nothing at all.
    #[error("The page has no article: it may be a list of links, or ask to log in; open it in the browser.")]
    Nothing,
}
