//! JSON Feed 1.0 and 1.1 (jsonfeed.org), and JSON that is close to it: a bare array of items, a
//! truncated document.
//!
//! Titles, names and other short texts are plain, but many generators write character references
//! in them as in HTML; these are decoded once. `content_text` is taken as it is: in an article about
//! HTML the references are the subject.

use serde::de::DeserializeSeed;
use serde_json::Value;

use super::{
    FeedParseError,
    budget::{PERSON_BYTES, ParseBudget},
    date, decode, duration, fallbacks,
    fallbacks::NewestEntries,
    feed_document::{
        Enclosure, EntryExtras, FeedDates, FeedDocument, FeedFormat, ParsedEntry, ParsedFeed,
        Person, TextConstruct,
    },
    json_repair::{self, ReadJson},
    json_value::{JsonFeedMembers, JsonFeedReader},
    link_url, person,
    warning::FeedWarnings,
};
use crate::text::decode_entities;

/// The members of a feed beside its items.
const FEED_MEMBERS: [&str; 10] = [
    "version",
    "title",
    "home_page_url",
    "feed_url",
    "description",
    "language",
    "authors",
    "author",
    "icon",
    "favicon",
];

/// Parses a JSON document.
///
/// # Errors
/// If the JSON cannot be parsed, has neither items nor a version nor a title, or would become too
/// large. The error of a document that names its items gives the line and the column.
pub(super) fn parse_json_feed(
    text: &str,
    location: Option<&str>,
    mut warnings: FeedWarnings,
) -> Result<FeedDocument, FeedParseError> {
    let is_feed = text.contains("\"items\"") || text.contains("jsonfeed.org");
    let to_feed_error = |error| match error {
        FeedParseError::InvalidJson { .. } if !is_feed => FeedParseError::NotAFeed,
        error => error,
    };
    let (budget, mut entries) = (ParseBudget::default(), NewestEntries::default());
    let ReadJson { value: JsonFeedMembers { members, has_items }, error } =
        json_repair::read_json(text, &mut warnings, &budget, &mut |text| {
            entries = NewestEntries::default();
            read_feed(text, &budget, &mut entries)
        })
        .map_err(to_feed_error)?;
    if !has_items && !members.contains_key("version") && !members.contains_key("title") {
        return Err(error.map_or(FeedParseError::NotAFeed, to_feed_error));
    }
    let feed = build_feed(&Value::Object(members), location, &budget);
    let (mut entries, total) = entries.into_newest(&budget);
    if total > fallbacks::MAX_ENTRIES {
        warnings.warn_document(format!(
            "the feed has {total} entries; only the newest {} were kept",
            fallbacks::MAX_ENTRIES
        ));
    }
    let base = feed.link.clone().or_else(|| location.map(str::to_owned));
    fallbacks::fill_defaults(&mut entries, &feed, base.as_deref(), &budget)?;
    let is_cut_off = error.is_some();
    let warnings = warnings.into_vec();
    Ok(FeedDocument { format: FeedFormat::Json, feed, entries, warnings, is_cut_off })
}

/// Reads the members of the feed, and its items into `entries`.
fn read_feed(
    text: &str,
    budget: &ParseBudget,
    entries: &mut NewestEntries,
) -> serde_json::Result<JsonFeedMembers> {
    let reader = JsonFeedReader {
        budget,
        names: &FEED_MEMBERS,
        take_item: &mut |item| entries.push(build_entry(item, budget), budget),
    };
    reader.deserialize(&mut serde_json::Deserializer::from_str(text))
}

fn build_feed(value: &Value, location: Option<&str>, budget: &ParseBudget) -> ParsedFeed {
    let own_link = url_member(value, "feed_url", location).or_else(|| location.map(str::to_owned));
    let mut feed = ParsedFeed {
        title: short_text_member(value, "title"),
        link: url_member(value, "home_page_url", own_link.as_deref()),
        self_link: own_link,
        subtitle: short_text_member(value, "description"),
        language: text_member(value, "language"),
        authors: build_authors(value, budget),
        image: url_member(value, "icon", location),
        icon: url_member(value, "favicon", location),
        ..ParsedFeed::default()
    };
    feed.icon = feed.icon.or_else(|| feed.image.clone());
    fallbacks::fill_feed_defaults(&mut feed, budget);
    feed
}

/// Builds an entry; its relative URLs are resolved once its link is known.
fn build_entry(item: &Value, budget: &ParseBudget) -> ParsedEntry {
    let base = None;
    let content = [
        text_member(item, "content_html").map(TextConstruct::html),
        text_member(item, "content_text").map(TextConstruct::plain),
    ];
    let id = text_member(item, "id");
    let link = url_member(item, "url", base)
        .or_else(|| url_member(item, "external_url", base))
        .or_else(|| resolve_id_url(id.as_deref()?));
    ParsedEntry {
        title: short_text_member(item, "title"),
        link,
        id,
        summary: short_text_member(item, "summary"),
        content: content.into_iter().flatten().collect(),
        authors: build_authors(item, budget),
        dates: FeedDates {
            published: date_member(item, "date_published"),
            updated: date_member(item, "date_modified"),
            created: None,
        },
        links: Vec::new(),
        enclosures: build_enclosures(item, base),
        tags: build_tags(item),
        comments: None,
        extras: EntryExtras {
            language: text_member(item, "language"),
            image: url_member(item, "image", base)
                .or_else(|| url_member(item, "banner_image", base)),
            chapters: Vec::new(),
        },
    }
}

/// Resolves an id that is a URL, as the specification recommends for ids.
fn resolve_id_url(id: &str) -> Option<String> {
    id.starts_with("http").then(|| link_url::resolve_href(id, None))?
}

/// Returns the non-empty text of a member. A number becomes text, as version 1.1 requires for ids.
fn text_member(value: &Value, name: &str) -> Option<String> {
    let text = match value.get(name)? {
        Value::String(text) => decode::replace_c1_chars(text.trim().into()).into_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Returns a member that is plain text, with character references decoded; empty if nothing of it
/// is visible.
fn short_text_member(value: &Value, name: &str) -> TextConstruct {
    let text = text_member(value, name).map(|text| decode_references(&text)).unwrap_or_default();
    let construct = TextConstruct::plain(text.trim());
    if construct.is_blank() { TextConstruct::default() } else { construct }
}

fn decode_references(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    decode_entities(text, &mut decoded);
    decoded
}

fn url_member(value: &Value, name: &str, base: Option<&str>) -> Option<String> {
    text_member(value, name).and_then(|href| link_url::resolve_href(&href, base))
}

fn date_member(item: &Value, name: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    text_member(item, name).and_then(|text| date::parse_date(&text))
}

/// Builds the authors from `authors` of version 1.1, or else from `author` of version 1.0.
fn build_authors(value: &Value, budget: &ParseBudget) -> Vec<Person> {
    let persons = array_member(value, "authors");
    budget.charge(persons.len() * PERSON_BYTES);
    budget.release(persons.len() * PERSON_BYTES);
    if budget.is_exceeded() {
        return Vec::new();
    }
    let mut authors: Vec<Person> = persons.iter().filter_map(build_person).collect();
    // Some generators write a single object in place of the array.
    let single = value.get("authors").filter(|authors| authors.is_object());
    authors.extend(single.and_then(build_person));
    if authors.is_empty() {
        authors.extend(value.get("author").and_then(build_person));
    }
    person::merge_same_persons(authors)
}

/// Builds a person from an object with a `name`, or from the name itself.
fn build_person(value: &Value) -> Option<Person> {
    let name = value.as_str().map(str::to_owned).or_else(|| text_member(value, "name"))?;
    let name = decode_references(name.trim());
    (!name.trim().is_empty()).then_some(Person { name: Some(name), email: None })
}

fn build_tags(item: &Value) -> Vec<String> {
    array_member(item, "tags")
        .iter()
        .filter_map(Value::as_str)
        .map(|tag| decode_references(tag.trim()))
        .filter(|tag| !tag.is_empty())
        .collect()
}

fn build_enclosures(item: &Value, base: Option<&str>) -> Vec<Enclosure> {
    let attachments = array_member(item, "attachments").iter();
    attachments.filter_map(|attachment| build_enclosure(attachment, base)).collect()
}

fn build_enclosure(attachment: &Value, base: Option<&str>) -> Option<Enclosure> {
    let size = text_member(attachment, "size_in_bytes");
    let duration = text_member(attachment, "duration_in_seconds");
    Some(Enclosure {
        href: url_member(attachment, "url", base)?,
        media_type: text_member(attachment, "mime_type"),
        length: size.and_then(|size| size.parse().ok()).unwrap_or(0),
        description: text_member(attachment, "title").map(|title| decode_references(&title)),
        seconds: duration.and_then(|text| duration::parse_duration(&text)),
    })
}

fn array_member<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
