//! Metadata of HTML pages.

use dom_query::{Document, NodeRef};

use super::{paragraphs::for_each_paragraph, sanitizer, tokenizer::tokenize_tags};
use crate::text::{sanitize, url};

/// The metadata of an HTML page, as far as given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HtmlMetadata {
    /// The only top heading, or the title of the page.
    pub title: Option<String>,
    /// The author.
    pub author: Option<String>,
    /// The publication date as it is written in the page.
    pub published: Option<String>,
    /// The http(s) URL of the page itself.
    pub canonical: Option<String>,
    /// The language as a BCP 47 tag.
    pub language: Option<String>,
}

/// Maximum length of a heading that is a title, in characters: one that is never closed contains
/// the whole page.
const MAX_TITLE_CHARS: usize = 300;

/// Reads the metadata of a page. Of a page that must not reach the parser, only the title is read.
pub fn parse_html_metadata(text: &str) -> HtmlMetadata {
    let Some(reduced) = sanitizer::sanitize_document(text) else {
        return HtmlMetadata { title: raw_title(text), ..HtmlMetadata::default() };
    };
    let page = Document::from(reduced);
    let link = attribute_value(&page, "link[rel='canonical']", "href")
        .or_else(|| meta_content(&page, &["og:url"]));
    HtmlMetadata {
        title: only_top_heading(&page)
            .filter(|title| title.chars().count() <= MAX_TITLE_CHARS)
            .or_else(|| page.select("title").nodes().first().and_then(node_text))
            .or_else(|| meta_content(&page, &["og:title"])),
        author: meta_content(&page, &["author", "article:author", "dc.creator", "dcterms.creator"])
            .filter(|author| !author.contains("://")),
        published: published_date(&page),
        canonical: link.and_then(|link| url::resolve(&link, None)),
        language: attribute_value(&page, "html[lang]", "lang"),
    }
}

/// Removes the first top heading from `text` if it reads `title`, which is shown separately.
pub fn remove_title_heading(text: &str, title: &str) -> String {
    let mut found =
        tokenize_tags(text).skip_while(|tag| tag.closing || !tag.name.eq_ignore_ascii_case("h1"));
    let opening = found.next();
    let closing = found.find(|tag| tag.closing && tag.name.eq_ignore_ascii_case("h1"));
    let (Some(opening), Some(closing)) = (opening, closing) else { return text.to_owned() };
    let mut heading = String::new();
    for_each_paragraph(&text[opening.end..closing.start], |words| heading.push_str(words));
    if collapse_white_space(&heading) != collapse_white_space(title) {
        return text.to_owned();
    }
    format!("{}{}", &text[..opening.start], &text[closing.end..])
}

fn only_top_heading(page: &Document) -> Option<String> {
    match page.select("h1").nodes() {
        [only] => node_text(only),
        _ => None,
    }
}

fn published_date(page: &Document) -> Option<String> {
    let names = [
        "article:published_time",
        "date",
        "dc.date",
        "dcterms.created",
        "pubdate",
        "datePublished",
    ];
    meta_content(page, &names).or_else(|| attribute_value(page, "time[datetime]", "datetime"))
}

/// Returns the content of the first `<meta>` with one of `names`, in the order of `names`.
fn meta_content(page: &Document, names: &[&str]) -> Option<String> {
    let all = page.select("meta[content]");
    names.iter().find_map(|name| {
        let has_name = |node: &&NodeRef<'_>| {
            let labels = ["name", "property", "itemprop"];
            labels
                .iter()
                .any(|label| node.attr(label).is_some_and(|value| value.eq_ignore_ascii_case(name)))
        };
        let node = all.nodes().iter().find(has_name)?;
        node.attr("content")
            .map(|content| collapse_white_space(&content))
            .filter(|content| !content.is_empty())
    })
}

fn attribute_value(page: &Document, selector: &str, attribute: &str) -> Option<String> {
    page.select_single(selector)
        .attr(attribute)
        .map(|value| collapse_white_space(&value))
        .filter(|value| !value.is_empty())
}

fn node_text(node: &NodeRef<'_>) -> Option<String> {
    Some(collapse_white_space(&node.text())).filter(|words| !words.is_empty())
}

fn raw_title(text: &str) -> Option<String> {
    let words = tokenize_tags(text).find(|tag| tag.name.eq_ignore_ascii_case("title"))?.content;
    Some(collapse_white_space(words)).filter(|words| !words.is_empty())
}

fn collapse_white_space(text: &str) -> String {
    sanitize::strip_controls(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_html_metadata_reads_each_field() {
        let page = "<html lang=en><title>Site | Page</title><meta name=Author content='Ann Weil'>\
            <meta property='article:published_time' content='2026-03-01T10:00:00Z'>\
            <link rel=canonical href='https://example.org/a'><h1>The\n <i>Page</i></h1>";
        let expected = HtmlMetadata {
            title: Some("The Page".into()),
            author: Some("Ann Weil".into()),
            published: Some("2026-03-01T10:00:00Z".into()),
            canonical: Some("https://example.org/a".into()),
            language: Some("en".into()),
        };
        assert_eq!(parse_html_metadata(page), expected);
        assert_eq!(
            parse_html_metadata("<h1>a</h1><h1>b</h1><title>T</title>").title.as_deref(),
            Some("T")
        );
        assert_eq!(
            parse_html_metadata("<time datetime=2026-01-02>x</time>").published.as_deref(),
            Some("2026-01-02")
        );
        assert_eq!(parse_html_metadata("").title, None);
        let deep = format!("<title> Deep </title>{}", "<div>".repeat(5000));
        assert_eq!(parse_html_metadata(&deep).title.as_deref(), Some("Deep"));
    }

    #[test]
    fn remove_title_heading_removes_matching_h1() {
        let cases = [
            ("a<h1 class=x>The <b>Title</b></h1>b", "ab"),
            ("<h1>Other</h1>b", "<h1>Other</h1>b"),
            ("<h1>The Title", "<h1>The Title"),
        ];
        for (text, expected) in cases {
            assert_eq!(remove_title_heading(text, "The Title"), expected, "{text}");
        }
    }
}
