//! Export of articles to files and folders, one article at a time, so that the memory does not depend on
//! their number.
//!
//! Start with [`export_articles`]; [`export_library`] writes everything, and [`export_reader_json`] what other
//! readers take.

mod article_paths;
mod article_writer;
mod epub;
mod file_set;
mod html_pages;
mod json_lines;
mod markdown_folder;
mod new_file;
mod reader_json;
mod whole_library;

use std::{
    io::{self, Write},
    path::Path,
};

pub use article_writer::ExportTitle;
pub use reader_json::export_reader_json;
pub use whole_library::{ExportedFile, export_library};

use self::{
    article_writer::ArticleWriter, epub::EpubWriter, html_pages::HtmlFolder, html_pages::HtmlPage,
    json_lines::JsonLines, markdown_folder::MarkdownFolder, new_file::NewFile,
};
use super::readable::{ReadableArticle, ReadableArticles};
use crate::model::{EntryId, ExistingFile, Failure};

/// Maximum number of articles in a book: programs that read books load its table of contents.
pub const MAX_BOOK_ARTICLES: usize = 10_000;

/// The format of exported articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArticleFormat {
    /// A file of JSON objects, one on each line.
    JsonLines,
    /// A folder of Markdown files with front matter, which a folder feed reads back.
    Markdown,
    /// One HTML page.
    HtmlPage,
    /// A folder of HTML pages with an index.
    HtmlFolder,
    /// A book (EPUB 3).
    Epub,
}

/// The place to which articles are exported.
pub enum ExportDestination<'w> {
    /// A stream, for the formats that are one text.
    Stream(&'w mut dyn Write),
    /// A file or a folder.
    Path(&'w Path, ExistingFile),
}

/// The result of an export.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportOutcome {
    /// Number of articles that were written.
    pub written: usize,
    /// Number of those whose text is not in the library, or damaged.
    pub without_text: usize,
    /// The articles that could not be read and were left out: their number, and why the first could not.
    pub left_out: Option<(usize, Failure)>,
}

/// Writes the articles `ids` in their order. Those that cannot be read are left out and counted.
///
/// # Errors
///
/// Fails if something cannot be written. A file that exists is then as it was; of a folder, the files
/// that are written stay.
pub fn export_articles(
    articles: &ReadableArticles<'_>,
    ids: &[EntryId],
    format: ArticleFormat,
    destination: ExportDestination<'_>,
    title: &ExportTitle,
) -> io::Result<ExportOutcome> {
    if format == ArticleFormat::Epub && ids.len() > MAX_BOOK_ARTICLES {
        let (found, most) = (ids.len(), MAX_BOOK_ARTICLES);
        return Err(io::Error::other(format!(
            "a book has at most {most} articles, and the query finds {found}; narrow it"
        )));
    }
    let mut writer = open_writer(articles, format, destination, title)?;
    let outcome = write_all(articles, ids, &mut |article| writer.write_article(article))?;
    writer.finish()?;
    Ok(outcome)
}

fn open_writer<'w>(
    articles: &ReadableArticles<'_>,
    format: ArticleFormat,
    destination: ExportDestination<'w>,
    title: &ExportTitle,
) -> io::Result<Box<dyn ArticleWriter + 'w>> {
    let (path, existing) = match destination {
        ExportDestination::Stream(stream) => return stream_writer(format, stream, title),
        ExportDestination::Path(path, existing) => (path, existing),
    };
    Ok(match format {
        ArticleFormat::JsonLines => Box::new(JsonLines::new(NewFile::create(path, existing)?)),
        ArticleFormat::HtmlPage => {
            Box::new(HtmlPage::begin(NewFile::create(path, existing)?, &title.text)?)
        }
        ArticleFormat::HtmlFolder => {
            Box::new(HtmlFolder::begin(path, existing, articles, &title.text)?)
        }
        ArticleFormat::Markdown => Box::new(MarkdownFolder::begin(path, existing, articles)?),
        ArticleFormat::Epub => {
            Box::new(EpubWriter::begin(NewFile::create(path, existing)?, title)?)
        }
    })
}

fn stream_writer<'w>(
    format: ArticleFormat,
    stream: &'w mut dyn Write,
    title: &ExportTitle,
) -> io::Result<Box<dyn ArticleWriter + 'w>> {
    match format {
        ArticleFormat::JsonLines => Ok(Box::new(JsonLines::new(stream))),
        ArticleFormat::HtmlPage => Ok(Box::new(HtmlPage::begin(stream, &title.text)?)),
        ArticleFormat::Markdown | ArticleFormat::HtmlFolder | ArticleFormat::Epub => {
            Err(io::Error::other("this format needs a file or a folder"))
        }
    }
}

/// Calls `write` with each article, one after the other.
fn write_all(
    articles: &ReadableArticles<'_>,
    ids: &[EntryId],
    write: &mut dyn FnMut(&ReadableArticle<'_>) -> io::Result<()>,
) -> io::Result<ExportOutcome> {
    let mut outcome = ExportOutcome::default();
    for id in ids {
        match articles.load(*id) {
            Ok(article) => {
                write(&article)?;
                outcome.written += 1;
                outcome.without_text += usize::from(article.lacks_text);
            }
            Err(failure) => outcome.left_out.get_or_insert((0, failure)).0 += 1,
        }
    }
    Ok(outcome)
}
