//! What a page says about its article.

use dom_query::Document;
use dom_smoothie::Readability;

use super::{ExtractedArticle, json_ld::JsonLdArticle};
use crate::text::{sanitize, url};

/// Longer names and titles are mistakes, in characters.
const MAX_TEXT_CHARS: usize = 300;

/// What a page says about its article; empty where it says nothing.
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
    /// Reads what is said to machines, then what is said in the head, then what is seen.
    pub(super) fn from_page(
        reader: &Readability,
        data: &JsonLdArticle,
        base: Option<&str>,
    ) -> PageMetadata {
        let head = reader.get_article_metadata(None);
        let page = &reader.doc;
        let link = select_attribute(page, "link[rel~='canonical']", "href")
            .or_else(|| select_attribute(page, "meta[property='og:url']", "content"));
        let seen = || {
            select_attribute(page, "[itemprop~='datePublished']", "datetime")
                .or_else(|| select_attribute(page, "[itemprop~='datePublished']", "content"))
                .or_else(|| select_attribute(page, "meta[name='date' i]", "content"))
                .or_else(|| select_attribute(page, "time[datetime]", "datetime"))
        };
        PageMetadata {
            title: choose_title(page, data, &head.title),
            author: data
                .author
                .as_deref()
                .and_then(parse_person_name)
                .or(head.byline.as_deref().and_then(parse_person_name)),
            published: clean_text(data.published.as_deref())
                .or_else(|| clean_text(head.published_time.as_deref()))
                .or_else(seen),
            language: clean_text(head.lang.as_deref()),
            site: clean_text(head.site_name.as_deref())
                .or_else(|| clean_text(data.site.as_deref())),
            link: link.and_then(|link| url::resolve(&link, base)),
        }
    }

    /// The article that it is about; the author as seen in it, if nobody said who that is.
    pub(super) fn into_article(self, html: String, author_seen: Option<&str>) -> ExtractedArticle {
        let PageMetadata { title, author, published, language, site, link } = self;
        let author = author.or_else(|| author_seen.and_then(parse_person_name));
        ExtractedArticle { title, author, html, published, language, site, link }
    }
}

/// The title that is told to machines, if the page bears it too: it comes without the name of the site.
fn choose_title(page: &Document, data: &JsonLdArticle, shown: &str) -> Option<String> {
    let long =
        clean_text(Some(&page.select_single("title").text())).unwrap_or_default() + " " + shown;
    let told = data.titles.iter().filter_map(|title| clean_text(Some(title)));
    told.into_iter().find(|title| long.contains(title)).or_else(|| clean_text(Some(shown)))
}

/// A name without "by", and neither an address nor a date.
fn parse_person_name(text: &str) -> Option<String> {
    let name = clean_text(Some(text))?;
    let by = name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("by "));
    let name = if by { name[3..].to_owned() } else { name };
    (!name.contains("://") && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
}

fn select_attribute(page: &Document, selector: &str, attribute: &str) -> Option<String> {
    clean_text(page.select_single(selector).attr(attribute).as_deref())
}

/// What a page says, clean and in one line.
fn clean_text(text: Option<&str>) -> Option<String> {
    let text = sanitize::strip_controls(text?).split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty() && text.chars().count() <= MAX_TEXT_CHARS).then_some(text)
}
