//! The publication date of a page, as it is written there.

use dom_query::{Document, NodeRef};

use super::{class_names, json_ld::JsonLd, meta_tags::MetaTags, page_text::single_line};
use crate::text::url;

/// Names of `<meta>` elements for the publication date, the most reliable first.
const DATE_NAMES: [&str; 30] = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_date",
    "publication_date",
    "publication-date",
    "pubdate",
    "pub_date",
    "article.published",
    "article.created",
    "dc:date.issued",
    "dcterms:issued",
    "dc:date.created",
    "dcterms:created",
    "dcterms:date",
    "dc:date",
    "date",
    "article_date_original",
    "originalpublicationdate",
    "datecreated",
];

/// Parts of the names that sites give to the publication date, in lower-case words joined by
/// hyphens.
const NAME_PARTS: [&str; 12] = [
    "article-date",
    "date-published",
    "entry-date",
    "post-date",
    "posted-date",
    "pub-date",
    "publication-date",
    "publish-date",
    "publish-time",
    "published-at",
    "published-date",
    "published-time",
];

/// Maximum length of a visible date, in characters.
const MAX_DATE_CHARS: usize = 40;

/// Returns the publication date of the page at `url`, as written: of the article in JSON-LD, of
/// `<meta>` elements, of other things in JSON-LD, of visible elements, or in the URL. `None` if
/// nothing states it.
pub(super) fn find_date(
    page: &Document,
    meta: &MetaTags,
    json_ld: &JsonLd,
    url: Option<&str>,
) -> Option<String> {
    let stated = json_ld.article.published.as_deref().into_iter();
    stated
        .chain(meta.by_rank(&DATE_NAMES))
        .chain(json_ld.page_published.as_deref())
        .chain(meta.named_like(&NAME_PARTS))
        .filter_map(single_line)
        .find(|text| has_year(text))
        .or_else(|| find_parsely_date(meta))
        .or_else(|| find_visible_date(page))
        .or_else(|| url.and_then(date_in_url))
}

/// Returns the `pub_date` of the JSON object in a `parsely-page` element.
fn find_parsely_date(meta: &MetaTags) -> Option<String> {
    let objects = meta.all("parsely-page");
    let mut values =
        objects.filter_map(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    values.find_map(|value| value.get("pub_date")?.as_str().map(str::to_owned))
}

/// Returns the date of an element that is marked up as the publication date.
fn find_visible_date(page: &Document) -> Option<String> {
    let places = [
        ("[itemprop~='datePublished']", "datetime"),
        ("[itemprop~='datePublished']", "content"),
        ("time[pubdate]", "datetime"),
        ("time.published, time.entry-date, abbr.published", "datetime"),
        ("abbr.published", "title"),
        ("article time[datetime]", "datetime"),
        ("time[datetime]", "datetime"),
    ];
    places
        .iter()
        .filter_map(|(selector, attribute)| page.select_single(selector).attr(attribute))
        .filter_map(|text| single_line(&text))
        .find(|text| has_year(text))
        .or_else(|| find_date_text(page))
}

/// Returns the text, or the value, of the first element whose name says that it is the publication
/// date, or else any date, if it is no longer than a date.
fn find_date_text(page: &Document) -> Option<String> {
    let is_date = |text: &String| has_year(text) && text.chars().count() <= MAX_DATE_CHARS;
    let root = page.root();
    let named = root.descendants_it().filter(|node| class_names::has_name(node, &NAME_PARTS));
    let named_date = named.filter_map(|node| value_or_text(&node)).find(is_date);
    named_date.or_else(|| {
        let dates = page.select(".date, .published, .pubdate, time");
        dates.nodes().iter().filter_map(value_or_text).find(is_date)
    })
}

/// Returns the value of a form field, or the text of any other element.
fn value_or_text(node: &NodeRef<'_>) -> Option<String> {
    match node.attr("value") {
        Some(value) => single_line(&value),
        None => single_line(&node.text()),
    }
}

/// Returns whether a text has a year from 1900 to 2099, so that placeholders are passed over.
pub(super) fn has_year(text: &str) -> bool {
    text.as_bytes().windows(4).any(|four| {
        four.iter().all(u8::is_ascii_digit) && (four.starts_with(b"19") || four.starts_with(b"20"))
    })
}

/// Returns the day in the path of a URL, such as `/2026/03/01/` or `/2026-03-01-`, as `YYYY-MM-DD`.
fn date_in_url(text: &str) -> Option<String> {
    let (_, path) = text.split_once(url::host(text))?;
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let numbers: Vec<(usize, &str)> = numbers_with_positions(path).collect();
    numbers.windows(3).find_map(|three| {
        let [(at, year), (_, month), (last, day)] = three else { return None };
        // The numbers are only parted by one slash or hyphen.
        let is_joined = last + day.len() - at == year.len() + month.len() + day.len() + 2;
        let in_range =
            |text: &str, max: u32| text.parse().is_ok_and(|n: u32| (1..=max).contains(&n));
        let is_date = is_joined
            && year.len() == 4
            && has_year(year)
            && month.len() <= 2
            && day.len() <= 2
            && in_range(month, 12)
            && in_range(day, 31);
        is_date.then(|| format!("{year}-{month:0>2}-{day:0>2}"))
    })
}

/// Returns the numbers in a text with their positions.
fn numbers_with_positions(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let parts = text.split(|c: char| !c.is_ascii_digit());
    let positions = parts.scan(0, |at, part| {
        let start = *at;
        // Separators in a URL path are ASCII or percent-encoded, but the length is that of the text.
        let rest = &text[start + part.len()..];
        *at = start + part.len() + rest.chars().next().map_or(0, char::len_utf8);
        Some((start, part))
    });
    positions.filter(|(_, part)| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(page: &str, url: &str) -> Option<String> {
        let document = Document::from(page);
        let meta = MetaTags::from_page(&document);
        find_date(&document, &meta, &JsonLd::parse(page), Some(url))
    }

    #[test]
    fn find_date_reads_every_place() {
        let nothing = "https://example.org/a";
        let cases = [
            ("<meta property=og:article:published_time content='2026-03-01T10:00Z'>", nothing),
            ("<meta name=publishdate content=2026-03-01>", nothing),
            ("<meta name=DC.date content=2026-03-01>", nothing),
            ("<meta name=parsely-pub-date content='2026-03-01'>", nothing),
            ("<meta name=parsely-page content='{\"pub_date\":\"2026-03-01\"}'>", nothing),
            ("<meta itemprop=datePublished content=2026-03-01>", nothing),
            (
                "<script type=application/ld+json>{\"@type\":\"WebPage\",\
                 \"datePublished\":\"2026-03-01\"}</script>",
                nothing,
            ),
            ("<abbr class=published title=2026-03-01>x</abbr>", nothing),
            ("<span class='date x'>2026-03-01, 10:00 Uhr</span>", nothing),
            ("<meta name=xy-post-date content=2026-03-01>", nothing),
            ("<p class=date>2019-01-01</p><p class=articlePublishDate>2026-03-01</p>", nothing),
            ("<input class=published_date type=hidden value='2026-03-01 23:41:18'>", nothing),
            ("<time datetime=now></time><meta name=date content=2026-03-01>", nothing),
            ("", "https://example.org/news/2026/03/01/river"),
            ("", "https://example.org/2026-3-1-river"),
        ];
        for (page, url) in cases {
            let found = find(page, url).unwrap_or_default();
            assert!(found.starts_with("2026-03-01"), "{page} {url}: {found:?}");
        }
    }

    #[test]
    fn find_date_finds_nothing_where_nothing_is_stated() {
        for (page, url) in [
            ("<p>Yesterday, on 1 March 2026", "https://example.org/1"),
            ("<meta name=date content='{{date}}'>", "https://example.org/2026/03/river"),
            ("", "https://example.org/2026/13/41/"),
            ("", "https://example.org/日/20260301"),
        ] {
            assert_eq!(find(page, url), None, "{page} {url}");
        }
    }
}
