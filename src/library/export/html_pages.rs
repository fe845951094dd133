//! Articles on one HTML page, or each on a page of its own.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    article_paths::{ArticlePaths, article_file_name},
    article_writer::ArticleWriter,
    new_file::{FinishWrite, NewFile, create_folder},
};
use crate::{
    library::readable::{ReadableArticle, ReadableArticles},
    markup::{ExportFormat, escape_html},
    model::ExistingFile,
    text::url::encode_path_segment,
};

/// The style of a page with several articles: readable lines, and a rule between articles.
const STYLE: &str = "body{max-width:42em;margin:auto;padding:1em;font-family:serif;line-height:1.5}\
    article{border-top:1px solid;margin-top:2em}img{max-width:100%;height:auto}";

/// A page with all articles.
pub(super) struct HtmlPage<W>(W);

impl<W: FinishWrite> HtmlPage<W> {
    /// Writes what precedes the first article.
    pub(super) fn begin(mut out: W, title: &str) -> io::Result<HtmlPage<W>> {
        write_page_start(&mut out, title)?;
        Ok(HtmlPage(out))
    }
}

fn write_page_start(out: &mut impl Write, title: &str) -> io::Result<()> {
    let title = escape_html(title);
    write!(
        out,
        "<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n"
    )
}

impl<W: FinishWrite> ArticleWriter for HtmlPage<W> {
    fn write_article(&mut self, article: &ReadableArticle<'_>) -> io::Result<()> {
        let id = format!("article-{}", article.entry.id);
        self.0.write_all(article.document.to_html_article(&article.header, &id).as_bytes())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.0.write_all(b"</body>\n</html>\n")?;
        self.0.finish()
    }
}

/// A folder with a page for each article, and a list of them.
pub(super) struct HtmlFolder {
    root: PathBuf,
    existing: ExistingFile,
    paths: ArticlePaths,
    index: NewFile,
}

impl HtmlFolder {
    /// Makes the folder and begins the list.
    pub(super) fn begin(
        root: &Path,
        existing: ExistingFile,
        articles: &ReadableArticles<'_>,
        title: &str,
    ) -> io::Result<HtmlFolder> {
        create_folder(root, existing)?;
        let mut index = NewFile::create(&root.join("index.html"), existing)?;
        write_page_start(&mut index, title)?;
        index.write_all(b"<ul>\n")?;
        let paths = ArticlePaths::new(articles);
        Ok(HtmlFolder { root: root.to_owned(), existing, paths, index })
    }
}

impl ArticleWriter for HtmlFolder {
    fn write_article(&mut self, article: &ReadableArticle<'_>) -> io::Result<()> {
        let (folder, name) = (self.paths.folder(article), article_file_name(article, "html"));
        let (title, details) = (&article.header.title, article.header.details.join(" · "));
        writeln!(
            self.index,
            "<li><a href=\"{}/{}\">{}</a> {}</li>",
            encode_path_segment(folder),
            encode_path_segment(&name),
            escape_html(if title.is_empty() { &name } else { title }),
            escape_html(&details)
        )?;
        let folder = self.root.join(folder);
        fs::create_dir_all(&folder)?;
        let mut page = NewFile::create(&folder.join(&name), self.existing)?;
        let html = article.document.clone().export(&article.header, ExportFormat::Html);
        page.write_all(html.as_bytes())?;
        page.finish()
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.index.write_all(b"</ul>\n</body>\n</html>\n")?;
        self.index.finish()
    }
}
