//! A feed document as JSON: everything that was read from it, in the words of feeds.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::feed::{Parsed, ParsedEntry, ParsedFeed, Person, Rich};

#[derive(Serialize)]
struct Document<'a> {
    format: &'a str,
    feed: Feed<'a>,
    entries: Vec<Entry<'a>>,
    complaints: Vec<String>,
}

#[derive(Serialize)]
struct Feed<'a> {
    title: &'a str,
    link: Option<&'a str>,
    #[serde(rename = "feed_url")]
    own_link: Option<&'a str>,
    subtitle: String,
    author: Option<String>,
    authors: Vec<Author<'a>>,
    language: Option<&'a str>,
    updated: Option<String>,
    published: Option<String>,
    id: Option<&'a str>,
    image: Option<&'a str>,
    icon: Option<&'a str>,
    tags: Vec<Tag<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: Option<&'a str>,
    email: Option<&'a str>,
}

#[derive(Serialize)]
struct Tag<'a> {
    term: &'a str,
}

#[derive(Serialize)]
struct Link<'a> {
    href: &'a str,
    rel: &'a str,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
}

#[derive(Serialize)]
struct File<'a> {
    href: &'a str,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    length: String,
}

#[derive(Serialize)]
struct Entry<'a> {
    title: &'a str,
    link: Option<&'a str>,
    id: Option<&'a str>,
    summary: String,
    content: Vec<String>,
    author: Option<String>,
    authors: Vec<Author<'a>>,
    published: Option<String>,
    updated: Option<String>,
    created: Option<String>,
    links: Vec<Link<'a>>,
    enclosures: Vec<File<'a>>,
    tags: Vec<Tag<'a>>,
    comments: Option<&'a str>,
    language: Option<&'a str>,
    image: Option<&'a str>,
}

/// `parsed` as JSON; times in UTC, to the second.
pub fn json(parsed: &Parsed) -> serde_json::Result<String> {
    let document = Document {
        format: parsed.format.name(),
        feed: feed(&parsed.feed),
        entries: parsed.entries.iter().map(entry).collect(),
        complaints: parsed.complaints.iter().map(ToString::to_string).collect(),
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

fn feed(feed: &ParsedFeed) -> Feed<'_> {
    Feed {
        title: &feed.title.value,
        link: feed.link.as_deref(),
        own_link: feed.own_link.as_deref(),
        subtitle: feed.subtitle.to_html(),
        author: named(&feed.authors),
        authors: authors(&feed.authors),
        language: feed.language.as_deref(),
        updated: time(feed.dates.updated),
        published: time(feed.dates.published),
        id: feed.id.as_deref(),
        image: feed.image.as_deref(),
        icon: feed.icon.as_deref(),
        tags: tags(&feed.tags),
    }
}

fn entry(entry: &ParsedEntry) -> Entry<'_> {
    let links = entry.links.iter();
    let files = entry.enclosures.iter();
    Entry {
        title: &entry.title.value,
        link: entry.link.as_deref(),
        id: entry.id.as_deref(),
        summary: entry.summary.to_html(),
        content: entry.content.iter().map(Rich::to_html).collect(),
        author: named(&entry.authors),
        authors: authors(&entry.authors),
        published: time(entry.dates.published),
        updated: time(entry.dates.updated),
        created: time(entry.dates.created),
        links: links
            .map(|link| Link { href: &link.href, rel: &link.rel, kind: link.kind.as_deref() })
            .collect(),
        enclosures: files
            .map(|file| File {
                href: &file.href,
                kind: file.kind.as_deref(),
                length: file.length.to_string(),
            })
            .collect(),
        tags: tags(&entry.tags),
        comments: entry.comments.as_deref(),
        language: entry.aside.language.as_deref(),
        image: entry.aside.image.as_deref(),
    }
}

/// Everybody, as a headline names them.
fn named(people: &[Person]) -> Option<String> {
    let names: Vec<&str> =
        people.iter().filter_map(|person| person.name.as_deref().or(person.email.as_deref())).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn authors(people: &[Person]) -> Vec<Author<'_>> {
    people
        .iter()
        .map(|person| Author { name: person.name.as_deref(), email: person.email.as_deref() })
        .collect()
}

fn tags(tags: &[String]) -> Vec<Tag<'_>> {
    tags.iter().map(|term| Tag { term }).collect()
}

fn time(at: Option<DateTime<Utc>>) -> Option<String> {
    at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}
