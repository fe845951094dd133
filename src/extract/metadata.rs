//! Metadata of the article: title, author, date, language, website and canonical URL.

use dom_query::Document;
use dom_smoothie::Readability;

use super::{ExtractedArticle, json_ld::JsonLdArticle};
use crate::text::{sanitize, url};

/// Maximum length of a title or name, in characters; longer ones are ignored as mistakes of the
/// page.
const MAX_TEXT_CHARS: usize = 300;

/// The metadata of the article in a page; `None` where the page states nothing.
#[derive(Debug, Default)]
pub(super) struct PageMetadata {
    pub(super) title: Option<String>,
    author: Option<String>,
    published: Option<String>,
    language: Option<String>,
    site: Option<String>,
    link: Option<String>,
}

impl PageMetadata {
    /// Collects the metadata of a page. For most fields, JSON-LD comes first, then the `<head>`,
    /// then visible elements.
    pub(super) fn from_page(
        readability: &Readability,
        json_ld: &JsonLdArticle,
        base: Option<&str>,
    ) -> PageMetadata {
        let head = readability.get_article_metadata(None);
        let page = &readability.doc;
        let link = select_attribute(page, "link[rel~='canonical']", "href")
            .or_else(|| select_attribute(page, "meta[property='og:url']", "content"));
        let find_visible_date = || {
            select_attribute(page, "[itemprop~='datePublished']", "datetime")
                .or_else(|| select_attribute(page, "[itemprop~='datePublished']", "content"))
                .or_else(|| select_attribute(page, "meta[name='date' i]", "content"))
                .or_else(|| select_attribute(page, "time[datetime]", "datetime"))
        };
        PageMetadata {
            title: choose_title(page, json_ld, &head.title),
            author: json_ld
                .author
                .as_deref()
                .and_then(parse_person_name)
                .or(head.byline.as_deref().and_then(parse_person_name)),
            published: clean_text(json_ld.published.as_deref())
                .or_else(|| clean_text(head.published_time.as_deref()))
                .or_else(find_visible_date),
            language: clean_text(head.lang.as_deref()),
            site: clean_text(head.site_name.as_deref())
                .or_else(|| clean_text(json_ld.site.as_deref())),
            link: link.and_then(|link| url::resolve(&link, base)),
        }
    }

    /// Combines the metadata with the article's HTML. `byline` is the author that the article
    /// itself names; it is used if the metadata has none.
    pub(super) fn into_article(self, html: String, byline: Option<&str>) -> ExtractedArticle {
        let PageMetadata { title, author, published, language, site, link } = self;
        let author = author.or_else(|| byline.and_then(parse_person_name));
        ExtractedArticle { title, author, html, published, language, site, link }
    }
}

/// Returns the title from JSON-LD if `<title>` or `head_title` contains it, because it lacks the
/// name of the website; otherwise `head_title`.
fn choose_title(page: &Document, json_ld: &JsonLdArticle, head_title: &str) -> Option<String> {
    let title_element = clean_text(Some(&page.select_single("title").text()));
    let page_titles = title_element.unwrap_or_default() + " " + head_title;
    let mut candidates = json_ld.titles.iter().filter_map(|title| clean_text(Some(title)));
    candidates.find(|title| page_titles.contains(title)).or_else(|| clean_text(Some(head_title)))
}

/// Returns the name of a person without a leading "by"; `None` for a URL or a date.
fn parse_person_name(text: &str) -> Option<String> {
    let byline = clean_text(Some(text))?;
    let has_by = byline.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("by "));
    let name = if has_by { byline[3..].to_owned() } else { byline };
    (!name.contains("://") && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
}

/// Returns an attribute of the first element that matches a CSS selector.
fn select_attribute(page: &Document, selector: &str, attribute: &str) -> Option<String> {
    clean_text(page.select_single(selector).attr(attribute).as_deref())
}

/// Returns a text of the page on one line, without control characters; `None` if it is empty or
/// longer than [`MAX_TEXT_CHARS`].
fn clean_text(text: Option<&str>) -> Option<String> {
    let line = sanitize::strip_controls(text?).split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty() && line.chars().count() <= MAX_TEXT_CHARS).then_some(line)
}
