//! JSON Feed 1.0 and 1.1 (jsonfeed.org), and what comes near to it.

use serde_json::Value;

use super::{
    FeedParseError, date, fallbacks,
    fallbacks::NewestEntries,
    feed_document::{
        Enclosure, EntryExtras, FeedDates, FeedDocument, FeedFormat, ParsedEntry, ParsedFeed,
        Person, TextConstruct,
    },
    link_url,
    warning::FeedWarnings,
};

/// Reads a JSON document.
pub(super) fn parse_json_feed(
    text: &str,
    location: Option<&str>,
    mut complaints: FeedWarnings,
) -> Result<FeedDocument, FeedParseError> {
    let value = parse_truncated_json(text, &mut complaints).ok_or(FeedParseError::NotAFeed)?;
    let items = match (&value, value.get("items")) {
        (_, Some(Value::Array(items))) => items.as_slice(),
        (Value::Array(items), _) => items.as_slice(),
        _ if value.get("version").is_some() || value.get("title").is_some() => &[],
        _ => return Err(FeedParseError::NotAFeed),
    };
    let feed = build_feed(&value, location);
    let mut entries = NewestEntries::default();
    for item in items {
        entries.push(build_entry(item, location));
    }
    let (mut entries, seen) = entries.into_newest();
    if seen > fallbacks::MAX_ENTRIES {
        complaints.warn_document(format!(
            "the feed has {seen} entries; the newest {} were read",
            fallbacks::MAX_ENTRIES
        ));
    }
    let base = location.or(feed.self_link.as_deref()).or(feed.link.as_deref()).map(str::to_owned);
    for entry in &mut entries {
        fallbacks::fill_entry_defaults(entry, &feed, base.as_deref());
    }
    Ok(FeedDocument { format: FeedFormat::Json, feed, entries, warnings: complaints.into_vec() })
}

/// The value of `text`; of one that is cut off, everything before the cut.
fn parse_truncated_json(text: &str, complaints: &mut FeedWarnings) -> Option<Value> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match values.next()? {
        Ok(value) => Some(value),
        Err(error) => {
            complaints
                .warn_document(format!("the JSON is broken: {error}; what comes before was kept"));
            serde_json::from_str(&close_truncated_json(text)).ok()
        }
    }
}

/// `text` up to the last element of the outermost list that is whole, with everything closed.
fn close_truncated_json(text: &str) -> String {
    let (mut open, mut string, mut escaped) = (Vec::new(), false, false);
    let (mut end, mut closers) = (0, String::new());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if string => escaped = true,
            b'"' => string = !string,
            _ if string => {}
            b'{' => open.push('}'),
            b'[' => open.push(']'),
            b'}' | b']' => {
                if open.pop().is_none() {
                    break;
                }
                if open.len() <= 2 {
                    end = at + 1;
                    closers = open.iter().rev().collect();
                }
            }
            _ => {}
        }
    }
    format!("{}{closers}", &text[..end])
}

fn build_feed(value: &Value, location: Option<&str>) -> ParsedFeed {
    let own_link = url_member(value, "feed_url", location).or_else(|| location.map(str::to_owned));
    let mut feed = ParsedFeed {
        title: TextConstruct::plain(text_member(value, "title").unwrap_or_default()),
        link: url_member(value, "home_page_url", own_link.as_deref()),
        self_link: own_link,
        subtitle: TextConstruct::plain(text_member(value, "description").unwrap_or_default()),
        language: text_member(value, "language"),
        authors: build_authors(value),
        image: url_member(value, "icon", location),
        icon: url_member(value, "favicon", location),
        ..ParsedFeed::default()
    };
    feed.icon = feed.icon.or_else(|| feed.image.clone());
    fallbacks::fill_feed_defaults(&mut feed);
    feed
}

fn build_entry(item: &Value, base: Option<&str>) -> ParsedEntry {
    let content = [
        text_member(item, "content_html").map(TextConstruct::html),
        text_member(item, "content_text").map(TextConstruct::plain),
    ];
    let id = text_member(item, "id");
    let written = url_member(item, "url", base).or_else(|| url_member(item, "external_url", base));
    ParsedEntry {
        title: TextConstruct::plain(text_member(item, "title").unwrap_or_default()),
        link: written.or_else(|| {
            id.as_deref()
                .filter(|id| id.starts_with("http"))
                .and_then(|id| link_url::resolve_href(id, None))
        }),
        id,
        summary: TextConstruct::plain(text_member(item, "summary").unwrap_or_default()),
        content: content.into_iter().flatten().collect(),
        authors: build_authors(item),
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
        },
    }
}

/// A text that is not empty; numbers are taken as written, as version 1.1 asks for ids.
fn text_member(value: &Value, name: &str) -> Option<String> {
    let text = match value.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn url_member(value: &Value, name: &str, base: Option<&str>) -> Option<String> {
    text_member(value, name).and_then(|href| link_url::resolve_href(&href, base))
}

fn date_member(item: &Value, name: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    text_member(item, name).and_then(|text| date::parse_date(&text))
}

/// `authors` of version 1.1, or `author` of 1.0, each a person or the name of one.
fn build_authors(value: &Value) -> Vec<Person> {
    let person = |value: &Value| {
        let name = value.as_str().map(str::to_owned).or_else(|| text_member(value, "name"));
        name.map(|name| Person { name: Some(name), email: None })
    };
    let mut listed: Vec<Person> =
        array_member(value, "authors").iter().filter_map(person).collect();
    listed.extend(value.get("authors").filter(|authors| authors.is_object()).and_then(person));
    if listed.is_empty() {
        value.get("author").and_then(person).into_iter().collect()
    } else {
        listed
    }
}

fn build_tags(item: &Value) -> Vec<String> {
    array_member(item, "tags")
        .iter()
        .filter_map(Value::as_str)
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty())
        .collect()
}

fn build_enclosures(item: &Value, base: Option<&str>) -> Vec<Enclosure> {
    let enclosure = |file: &Value| {
        Some(Enclosure {
            href: url_member(file, "url", base)?,
            media_type: text_member(file, "mime_type"),
            length: text_member(file, "size_in_bytes")
                .and_then(|size| size.parse().ok())
                .unwrap_or(0),
        })
    };
    array_member(item, "attachments").iter().filter_map(enclosure).collect()
}

fn array_member<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
