//! What a page says about its article.

use dom_query::Document;
use dom_smoothie::Readability;

use super::{Article, structured::Data};
use crate::text::{address, clean};

/// Longer names and titles are mistakes, in characters.
const MAX_LENGTH: usize = 300;

/// What a page says about its article; empty where it says nothing.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub(super) title: Option<String>,
    author: Option<String>,
    published: Option<String>,
    language: Option<String>,
    site: Option<String>,
    link: Option<String>,
}

impl Metadata {
    /// Reads what is said to machines, then what is said in the head, then what is seen.
    pub(super) fn read(reader: &Readability, data: &Data, base: Option<&str>) -> Metadata {
        let head = reader.get_article_metadata(None);
        let page = &reader.doc;
        let link = first(page, "link[rel~='canonical']", "href")
            .or_else(|| first(page, "meta[property='og:url']", "content"));
        let seen = || {
            first(page, "[itemprop~='datePublished']", "datetime")
                .or_else(|| first(page, "[itemprop~='datePublished']", "content"))
                .or_else(|| first(page, "meta[name='date' i]", "content"))
                .or_else(|| first(page, "time[datetime]", "datetime"))
        };
        Metadata {
            title: title(page, data, &head.title),
            author: data.author.as_deref().and_then(person).or(head.byline.as_deref().and_then(person)),
            published: said(data.published.as_deref())
                .or_else(|| said(head.published_time.as_deref()))
                .or_else(seen),
            language: said(head.lang.as_deref()),
            site: said(head.site_name.as_deref()).or_else(|| said(data.site.as_deref())),
            link: link.and_then(|link| address::resolve(&link, base)),
        }
    }

    /// The article that it is about; the author as seen in it, if nobody said who that is.
    pub(super) fn with(self, html: String, author_seen: Option<&str>) -> Article {
        let Metadata { title, author, published, language, site, link } = self;
        let author = author.or_else(|| author_seen.and_then(person));
        Article { title, author, html, published, language, site, link }
    }
}

/// The title that is told to machines, if the page bears it too: it comes without the name of the site.
fn title(page: &Document, data: &Data, shown: &str) -> Option<String> {
    let long = said(Some(&page.select_single("title").text())).unwrap_or_default() + " " + shown;
    let told = data.titles.iter().filter_map(|title| said(Some(title)));
    told.into_iter().find(|title| long.contains(title)).or_else(|| said(Some(shown)))
}

/// A name without "by", and neither an address nor a date.
fn person(text: &str) -> Option<String> {
    let name = said(Some(text))?;
    let by = name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("by "));
    let name = if by { name[3..].to_owned() } else { name };
    (!name.contains("://") && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
}

fn first(page: &Document, selector: &str, attribute: &str) -> Option<String> {
    said(page.select_single(selector).attr(attribute).as_deref())
}

/// What a page says, clean and in one line.
fn said(text: Option<&str>) -> Option<String> {
    let text = clean::controls(text?).split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty() && text.chars().count() <= MAX_LENGTH).then_some(text)
}
