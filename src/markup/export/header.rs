//! The header of an exported document.

use crate::markup::Document;

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

impl ExportHeader {
    /// Returns the title, unless `document` opens with it.
    pub(super) fn headline_of(&self, document: &Document) -> Option<&str> {
        (!document.opens_with_headline).then_some(self.title.as_str())
    }
}
