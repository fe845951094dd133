//! HTML files.

use super::{dates, found::Found, sentence};
use crate::{
    extract, markup,
    model::{Body, BodyFormat, PageArticle},
};

/// What web pages have around their articles: two of these make a page.
const AROUND: [&str; 5] = ["nav", "footer", "header", "aside", "script"];

/// Longer paragraphs are running text, in bytes: shorter ones may be menus.
const PROSE: usize = 120;

/// Where a page is that does not say so: its relative links lead nowhere.
const NOWHERE: &str = "https://invalid/";

/// Reads an HTML file. A heading that is the title is not shown again above the text.
pub(super) fn read(text: &str) -> Found {
    let head = markup::head(text);
    let body =
        head.title.as_ref().map_or_else(|| text.to_owned(), |title| markup::without_heading(text, title));
    let mut found = Found::new(BodyFormat::Html, body);
    found.article = article(text, head.canonical.as_deref());
    found.title = head.title.or_else(|| first_words(text));
    found.author = head.author;
    found.link = head.canonical;
    found.published = head.published.as_deref().and_then(dates::stamp);
    found
}

/// The article in a page that was saved as it is, with all that stands around it; none of a file that is an article and
/// nothing else.
fn article(text: &str, address: Option<&str>) -> Option<PageArticle> {
    let is_mark = |mark: &&str| text.match_indices('<').any(|(at, _)| begins(&text[at + 1..], mark));
    if AROUND.into_iter().filter(is_mark).count() < 2 {
        return None;
    }
    let html = extract::extract(text, address.unwrap_or(NOWHERE), &[]).ok()?.html;
    Some(PageArticle { shown: keeps_prose(text, &html), html })
}

/// Whether most of the running text of `page` is in `article`. A file is the user's own: rather some menus too many than
/// half of a text too few.
fn keeps_prose(page: &str, article: &str) -> bool {
    let kept = letters(&markup::html(article, None).plain_text());
    let page = markup::html(page, None).plain_text();
    let prose = page.split("\n\n").filter(|paragraph| paragraph.len() >= PROSE);
    let (mut all, mut lost) = (0, 0);
    for paragraph in prose.map(letters) {
        all += paragraph.len();
        lost += if kept.contains(&paragraph) { 0 } else { paragraph.len() };
    }
    lost * 2 <= all
}

/// The letters alone: blanks and marks differ when elements go.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn begins(text: &str, name: &str) -> bool {
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

fn first_words(text: &str) -> Option<String> {
    let body = Body { format: BodyFormat::Html, text: text.to_owned() };
    sentence::headline(&super::document(&body).plain_text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_the_only_top_heading() {
        let found = read("<title>Site</title><meta name=date content='2026-01-28'><h1>Head</h1><p>Text");
        assert_eq!(found.title.as_deref(), Some("Head"));
        assert!(found.published.is_some() && !found.text.contains("Head"));
        let prose =
            "<p>The river rose overnight, and by the morning the lower road was closed to everyone.</p>"
                .repeat(5);
        let page = format!(
            "<nav><a href=/>Home</a></nav><article><h1>Head</h1>{prose}</article><footer>Imprint</footer>"
        );
        let saved = read(&page);
        assert_eq!(saved.title.as_deref(), Some("Head"));
        let article = saved.article.unwrap();
        assert!(article.shown && article.html.contains("lower road") && !article.html.contains("Imprint"));
        assert!(saved.text.contains("Imprint"), "the whole page is kept");
        assert_eq!(read("<p>First words. More.").title.as_deref(), Some("First words"));
    }
}
