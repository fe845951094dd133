//! Articles as JSON objects, one on each line.

use std::io;

use super::{article_writer::ArticleWriter, new_file::FinishWrite};
use crate::library::{article_json::full_article_json, readable::ReadableArticle};

/// A file of JSON Lines.
pub(super) struct JsonLines<W>(W);

impl<W: FinishWrite> JsonLines<W> {
    pub(super) fn new(out: W) -> JsonLines<W> {
        JsonLines(out)
    }
}

impl<W: FinishWrite> ArticleWriter for JsonLines<W> {
    fn write_article(&mut self, article: &ReadableArticle<'_>) -> io::Result<()> {
        let json =
            full_article_json(article).map_err(|failure| io::Error::other(failure.summary))?;
        writeln!(self.0, "{json}")
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.0.finish()
    }
}
