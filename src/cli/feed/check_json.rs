//! A parsed feed document as JSON, for `newsreader feed check --json`.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::{
    cli::{json_version::JSON_VERSION, output},
    feed::{FeedDocument, ParsedEntry, ParsedFeed, Person, TextConstruct, join_author_names},
};

#[derive(Serialize)]
struct CheckJson<'a> {
    version: u32,
    format: &'a str,
    feed: CheckedFeedJson<'a>,
    entries: Vec<CheckedEntryJson<'a>>,
    #[serde(rename = "complaints")]
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct CheckedFeedJson<'a> {
    title: &'a str,
    link: Option<&'a str>,
    #[serde(rename = "feed_url")]
    self_link: Option<&'a str>,
    subtitle: String,
    author: Option<String>,
    authors: Vec<AuthorJson<'a>>,
    language: Option<&'a str>,
    updated: Option<String>,
    published: Option<String>,
    id: Option<&'a str>,
    image: Option<&'a str>,
    icon: Option<&'a str>,
    tags: Vec<TagJson<'a>>,
}

#[derive(Serialize)]
struct AuthorJson<'a> {
    name: Option<&'a str>,
    email: Option<&'a str>,
}

#[derive(Serialize)]
struct TagJson<'a> {
    term: &'a str,
}

#[derive(Serialize)]
struct LinkJson<'a> {
    href: &'a str,
    rel: &'a str,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
}

#[derive(Serialize)]
struct EnclosureJson<'a> {
    href: &'a str,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    length: String,
}

#[derive(Serialize)]
struct CheckedEntryJson<'a> {
    title: &'a str,
    link: Option<&'a str>,
    id: Option<&'a str>,
    summary: String,
    content: Vec<String>,
    author: Option<String>,
    authors: Vec<AuthorJson<'a>>,
    published: Option<String>,
    updated: Option<String>,
    created: Option<String>,
    links: Vec<LinkJson<'a>>,
    enclosures: Vec<EnclosureJson<'a>>,
    tags: Vec<TagJson<'a>>,
    comments: Option<&'a str>,
    language: Option<&'a str>,
    image: Option<&'a str>,
}

/// Formats `parsed` as JSON; times are in UTC, to the second.
pub fn to_json(parsed: &FeedDocument) -> anyhow::Result<String> {
    let document = CheckJson {
        version: JSON_VERSION,
        format: parsed.format.name(),
        feed: feed_json(&parsed.feed),
        entries: parsed.entries.iter().map(entry_json).collect(),
        warnings: parsed.warnings.iter().map(ToString::to_string).collect(),
    };
    output::to_json_lines(&document)
}

fn feed_json(feed: &ParsedFeed) -> CheckedFeedJson<'_> {
    CheckedFeedJson {
        title: &feed.title.value,
        link: feed.link.as_deref(),
        self_link: feed.self_link.as_deref(),
        subtitle: feed.subtitle.to_html(),
        author: join_author_names(&feed.authors),
        authors: authors_json(&feed.authors),
        language: feed.language.as_deref(),
        updated: format_time(feed.dates.updated),
        published: format_time(feed.dates.published),
        id: feed.id.as_deref(),
        image: feed.image.as_deref(),
        icon: feed.icon.as_deref(),
        tags: tags_json(&feed.tags),
    }
}

fn entry_json(entry: &ParsedEntry) -> CheckedEntryJson<'_> {
    CheckedEntryJson {
        title: &entry.title.value,
        link: entry.link.as_deref(),
        id: entry.id.as_deref(),
        summary: entry.summary.to_html(),
        content: entry.content.iter().map(TextConstruct::to_html).collect(),
        author: join_author_names(&entry.authors),
        authors: authors_json(&entry.authors),
        published: format_time(entry.dates.published),
        updated: format_time(entry.dates.updated),
        created: format_time(entry.dates.created),
        links: links_json(entry),
        enclosures: enclosures_json(entry),
        tags: tags_json(&entry.tags),
        comments: entry.comments.as_deref(),
        language: entry.extras.language.as_deref(),
        image: entry.extras.image.as_deref(),
    }
}

fn links_json(entry: &ParsedEntry) -> Vec<LinkJson<'_>> {
    let links = entry.links.iter().map(|link| LinkJson {
        href: &link.href,
        rel: &link.rel,
        kind: link.media_type.as_deref(),
    });
    links.collect()
}

fn enclosures_json(entry: &ParsedEntry) -> Vec<EnclosureJson<'_>> {
    let enclosures = entry.enclosures.iter().map(|enclosure| EnclosureJson {
        href: &enclosure.href,
        kind: enclosure.media_type.as_deref(),
        length: enclosure.length.to_string(),
    });
    enclosures.collect()
}

fn authors_json(people: &[Person]) -> Vec<AuthorJson<'_>> {
    people
        .iter()
        .map(|person| AuthorJson { name: person.name.as_deref(), email: person.email.as_deref() })
        .collect()
}

fn tags_json(tags: &[String]) -> Vec<TagJson<'_>> {
    tags.iter().map(|term| TagJson { term }).collect()
}

fn format_time(at: Option<DateTime<Utc>>) -> Option<String> {
    at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}
