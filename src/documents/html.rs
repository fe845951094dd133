//! HTML files.

use super::{dates, headline, parsed_file::ParsedFile};
use crate::{
    extract, markup,
    model::{BodyFormat, EntryBody, PageArticle},
};

/// What web pages have around their articles: two of these make a page.
const PAGE_ELEMENTS: [&str; 5] = ["nav", "footer", "header", "aside", "script"];

/// Longer paragraphs are running text, in bytes: shorter ones may be menus.
const MIN_PROSE_BYTES: usize = 120;

/// Where a page is that does not say so: its relative links lead nowhere.
const UNKNOWN_BASE_URL: &str = "https://invalid/";

/// Reads an HTML file. A heading that is the title is not shown again above the text.
pub(super) fn parse_html(text: &str) -> ParsedFile {
    let head = markup::parse_html_metadata(text);
    let body = head
        .title
        .as_ref()
        .map_or_else(|| text.to_owned(), |title| markup::remove_title_heading(text, title));
    let mut found = ParsedFile::new(BodyFormat::Html, body);
    found.page_article = extract_page_article(text, head.canonical.as_deref());
    found.title = head.title.or_else(|| title_from_body(text));
    found.author = head.author;
    found.link = head.canonical;
    found.published = head.published.as_deref().and_then(dates::parse_stamp);
    found
}

/// The article in a page that was saved as it is, with all that stands around it; none of a file that is an article and
/// nothing else.
fn extract_page_article(text: &str, address: Option<&str>) -> Option<PageArticle> {
    let is_mark = |mark: &&str| {
        text.match_indices('<').any(|(at, _)| starts_with_ignore_case(&text[at + 1..], mark))
    };
    if PAGE_ELEMENTS.into_iter().filter(is_mark).count() < 2 {
        return None;
    }
    let html = extract::extract_article(text, address.unwrap_or(UNKNOWN_BASE_URL), &[]).ok()?.html;
    Some(PageArticle { shown: keeps_most_prose(text, &html), html })
}

/// Whether most of the running text of `page` is in `article`. A file is the user's own: rather some menus too many than
/// half of a text too few.
fn keeps_most_prose(page: &str, article: &str) -> bool {
    let kept = letters_only(&markup::parse_html(article, None).plain_text());
    let page = markup::parse_html(page, None).plain_text();
    let prose = page.split("\n\n").filter(|paragraph| paragraph.len() >= MIN_PROSE_BYTES);
    let (mut all, mut lost) = (0, 0);
    for paragraph in prose.map(letters_only) {
        all += paragraph.len();
        lost += if kept.contains(&paragraph) { 0 } else { paragraph.len() };
    }
    lost * 2 <= all
}

/// The letters alone: blanks and marks differ when elements go.
fn letters_only(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn starts_with_ignore_case(text: &str, name: &str) -> bool {
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

fn title_from_body(text: &str) -> Option<String> {
    let body = EntryBody { format: BodyFormat::Html, text: text.to_owned() };
    headline::extract_headline(&super::render_body(&body).plain_text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_html_removes_heading_equal_to_title() {
        let found = parse_html(
            "<title>Site</title><meta name=date content='2026-01-28'><h1>Head</h1><p>Text",
        );
        assert_eq!(found.title.as_deref(), Some("Head"));
        assert!(found.published.is_some() && !found.text.contains("Head"));
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
