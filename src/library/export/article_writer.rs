//! The interface of the formats.

use std::io;

use chrono::{DateTime, Utc};

use crate::library::readable::ReadableArticle;

/// A writer of articles in one format.
pub(super) trait ArticleWriter {
    fn write_article(&mut self, article: &ReadableArticle<'_>) -> io::Result<()>;

    /// Writes the end of the file, and gives it its name.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// The title of an export, and the time at which it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportTitle {
    /// Title of the page or the book.
    pub text: String,
    /// The time at which the export is made.
    pub now: DateTime<Utc>,
}
