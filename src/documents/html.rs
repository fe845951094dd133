//! Parsing of HTML files, among them complete web pages that were saved.

use super::{dates, headline, parsed_file::ParsedFile};
use crate::{
    extract, markup,
    model::{BodyFormat, EntryBody, PageArticle},
};

/// Elements that web pages have around their articles.
const PAGE_ELEMENTS: [&str; 5] = ["nav", "footer", "header", "aside", "script"];

/// Number of such elements that a complete page has at least.
const MIN_PAGE_ELEMENTS: usize = 4;

/// Parses an HTML file. A heading that repeats the title is removed from the body.
pub(super) fn parse_html(text: &str) -> ParsedFile {
    let article = is_complete_page(text).then(|| extract::extract_saved_page(text).ok()).flatten();
    let metadata = match &article {
        Some(article) => article.metadata.clone(),
        None => extract::parse_page_metadata(text),
    };
    let body = metadata
        .title
        .as_ref()
        .map_or_else(|| text.to_owned(), |title| markup::remove_title_heading(text, title));
    let mut parsed = ParsedFile::new(BodyFormat::Html, body);
    // The file belongs to the user: the whole page is better than half of its article.
    parsed.page_article =
        article.map(|article| PageArticle { shown: article.complete, html: article.html });
    parsed.title = metadata.title.or_else(|| title_from_body(text));
    parsed.author = metadata.author;
    parsed.link = metadata.link;
    parsed.published = metadata.published.as_deref().and_then(dates::parse_page_date);
    parsed
}

/// Returns whether a file is a complete web page that was saved, and not only an article.
fn is_complete_page(text: &str) -> bool {
    let count = |name: &str| {
        let starts = text.match_indices('<').map(|(at, _)| &text[at + 1..]);
        starts.filter(|start| starts_with_ignore_case(start, name)).take(MIN_PAGE_ELEMENTS).count()
    };
    let counts = PAGE_ELEMENTS.map(count);
    let kinds = counts.iter().filter(|count| **count > 0).count();
    kinds >= 2 || counts.iter().sum::<usize>() >= MIN_PAGE_ELEMENTS || extract::names_wall(text)
}

fn starts_with_ignore_case(text: &str, name: &str) -> bool {
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// Returns the first sentence of the body as a title.
fn title_from_body(text: &str) -> Option<String> {
    let body = EntryBody { format: BodyFormat::Html, text: text.to_owned() };
    headline::extract_headline(&super::render_body(&body).plain_text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_html_removes_heading_equal_to_title() {
        let parsed = parse_html(
            "<title>Site</title><meta name=date content='2026-01-28'><h1>Head</h1><p>Text",
        );
        assert_eq!(parsed.title.as_deref(), Some("Head"));
        assert!(parsed.published.is_some() && !parsed.text.contains("Head"));
        let prose =
            "<p>The river rose overnight, and by the morning the lower road was closed to everyone.</p>"
                .repeat(5);
        let page = format!(
            "<nav><a href=/>Home</a></nav><article><h1>Head</h1>{prose}</article><footer>Imprint</footer>"
        );
        let saved = parse_html(&page);
        assert_eq!(saved.title.as_deref(), Some("Head"));
        let article = saved.page_article.unwrap();
        assert!(
            article.shown
                && article.html.contains("lower road")
                && !article.html.contains("Imprint")
        );
        assert!(saved.text.contains("Imprint"), "the whole page is kept");
        assert_eq!(parse_html("<p>First words. More.").title.as_deref(), Some("First words"));
    }
}
