//! The header of an exported document.

/// The header of an exported document: title, source and URL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportHeader {
    /// Title of the document.
    pub title: String,
    /// Source, author and date, formatted for display.
    pub details: Vec<String>,
    /// URL of the original article.
    pub url: Option<String>,
}
