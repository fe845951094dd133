//! A book of articles (EPUB 3.3): a page for each, and a table of contents.

use std::{fmt::Write as _, io};

use chrono::SecondsFormat;

use super::{
    article_writer::{ArticleWriter, ExportTitle},
    file_set::FileSet,
    new_file::NewFile,
};
use crate::{
    library::readable::ReadableArticle,
    markup::escape_html,
    text::{fnv1a_digest, sanitize},
};

/// The file that leads a reading system to the package document (OCF §4.2.6.3.1).
const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n\
    <rootfiles><rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles>\n\
    </container>\n";

/// The style of all pages.
const STYLE: &str =
    "body { line-height: 1.4; }\npre { white-space: pre-wrap; }\nli { margin: 0.3em 0; }\n";

/// A book that is being written.
pub(super) struct EpubWriter {
    files: FileSet,
    title: ExportTitle,
    /// The titles of the articles, in the order of their pages.
    titles: Vec<String>,
    /// The language of the first article that has one.
    language: Option<String>,
}

impl EpubWriter {
    /// Begins a book. Its first file says that it is one, and may not be compressed (OCF §4.3.3).
    pub(super) fn begin(file: NewFile, title: &ExportTitle) -> io::Result<EpubWriter> {
        let mut files = FileSet::archive(file);
        files.write_stored("mimetype", "application/epub+zip")?;
        let texts = [("META-INF/container.xml", CONTAINER), ("EPUB/style.css", STYLE)];
        for (name, text) in texts {
            files.write_file(name, |out| out.write_all(text.as_bytes()))?;
        }
        Ok(EpubWriter { files, title: title.clone(), titles: Vec::new(), language: None })
    }

    /// Writes a page with a body.
    fn write_page(
        &mut self,
        name: &str,
        title: &str,
        language: &str,
        body: &str,
    ) -> io::Result<()> {
        let page = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
             <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" \
             xml:lang=\"{language}\" lang=\"{language}\">\n<head><title>{title}</title>\
             <link rel=\"stylesheet\" href=\"style.css\"/></head>\n<body>\n{body}</body>\n</html>\n"
        );
        self.files.write_file(&format!("EPUB/{name}"), |out| out.write_all(page.as_bytes()))
    }

    /// Returns the table of contents as the body of a page.
    fn contents(&self) -> String {
        let title = to_xml_line(&self.title.text);
        let mut list = String::new();
        for (index, title) in self.titles.iter().enumerate() {
            writeln!(list, "<li><a href=\"{}\">{title}</a></li>", page_name(index))
                .expect("writing to a String cannot fail");
        }
        format!("<nav epub:type=\"toc\"><h1>{title}</h1>\n<ol>\n{list}</ol></nav>\n")
    }

    /// Returns the package document: the metadata, the files, and their order.
    fn package(&self, language: &str) -> String {
        let title = to_xml_line(&self.title.text);
        let now = self.title.now.to_rfc3339_opts(SecondsFormat::Secs, true);
        let digest = fnv1a_digest(format!("{title}\n{}", self.titles.join("\n")).as_bytes());
        let (mut items, mut spine) = (String::new(), String::new());
        for index in 0..self.titles.len() {
            let name = page_name(index);
            writeln!(
                items,
                "<item id=\"a{index}\" href=\"{name}\" media-type=\"application/xhtml+xml\"/>"
            )
            .expect("writing to a String cannot fail");
            writeln!(spine, "<itemref idref=\"a{index}\"/>")
                .expect("writing to a String cannot fail");
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\" \
             xml:lang=\"{language}\">\n\
             <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
             <dc:identifier id=\"id\">urn:newsreader:{digest:016x}</dc:identifier>\n\
             <dc:title>{title}</dc:title>\n<dc:language>{language}</dc:language>\n\
             <dc:creator>newsreader</dc:creator>\n<meta property=\"dcterms:modified\">{now}</meta>\n\
             </metadata>\n<manifest>\n\
             <item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\n\
             <item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n{items}</manifest>\n\
             <spine>\n<itemref idref=\"nav\"/>\n{spine}</spine>\n</package>\n"
        )
    }
}

impl ArticleWriter for EpubWriter {
    fn write_article(&mut self, article: &ReadableArticle<'_>) -> io::Result<()> {
        let language = article.document.language.as_deref().filter(|tag| is_language_tag(tag));
        if self.language.is_none() {
            self.language = language.map(str::to_owned);
        }
        let title = match to_xml_line(&article.header.title) {
            title if title.is_empty() => format!("Article {}", article.entry.id),
            title => title,
        };
        let body = article.document.to_xhtml_body(&article.header);
        let name = page_name(self.titles.len());
        self.write_page(&name, &title, language.unwrap_or("und"), &body)?;
        self.titles.push(title);
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let language = self.language.clone().unwrap_or_else(|| "und".to_owned());
        let (title, contents) = (to_xml_line(&self.title.text), self.contents());
        self.write_page("nav.xhtml", &title, &language, &contents)?;
        let package = self.package(&language);
        self.files.write_file("EPUB/package.opf", |out| out.write_all(package.as_bytes()))?;
        self.files.finish()
    }
}

fn page_name(index: usize) -> String {
    format!("article-{}.xhtml", index + 1)
}

/// Returns a title on one line as XML text.
fn to_xml_line(title: &str) -> String {
    escape_html(sanitize::to_text_line(title).trim()).replace('"', "&quot;")
}

/// Returns whether a tag has the form of one (BCP 47, without the rarer parts); others make a book
/// invalid.
fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_word = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
    };
    parts.next().is_some_and(|language| {
        is_word(language, 2..=3) && language.chars().all(|c| c.is_ascii_alphabetic())
    }) && parts.all(|part| is_word(part, 2..=8))
}
