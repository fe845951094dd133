//! JSON Feed 1.0 and 1.1 (jsonfeed.org), and JSON that is close to it: a bare array of items, a
//! truncated document.

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

/// Parses a JSON document.
///
/// # Errors
/// If the JSON cannot be parsed, or has neither items nor a version nor a title.
pub(super) fn parse_json_feed(
    text: &str,
    location: Option<&str>,
    mut warnings: FeedWarnings,
) -> Result<FeedDocument, FeedParseError> {
    let value = parse_truncated_json(text, &mut warnings).ok_or(FeedParseError::NotAFeed)?;
    let items = match (&value, value.get("items")) {
        (_, Some(Value::Array(items))) => items.as_slice(),
        (Value::Array(items), _) => items.as_slice(),
        _ if value.get("version").is_some() || value.get("title").is_some() => &[],
        _ => return Err(FeedParseError::NotAFeed),
    };
    let feed = build_feed(&value, location);
    let mut entries = NewestEntries::default();
    for item in items {
        entries.push(build_entry(item));
    }
    let (mut entries, total) = entries.into_newest();
    if total > fallbacks::MAX_ENTRIES {
        warnings.warn_document(format!(
            "the feed has {total} entries; only the newest {} were kept",
            fallbacks::MAX_ENTRIES
        ));
    }
    let base = feed.link.clone().or_else(|| location.map(str::to_owned));
    for entry in &mut entries {
        fallbacks::fill_entry_defaults(entry, &feed, base.as_deref());
    }
    Ok(FeedDocument { format: FeedFormat::Json, feed, entries, warnings: warnings.into_vec() })
}

/// Parses the first JSON value of `text`; if it is truncated, everything before the truncation.
fn parse_truncated_json(text: &str, warnings: &mut FeedWarnings) -> Option<Value> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match values.next()? {
        Ok(value) => Some(value),
        Err(error) => {
            warnings.warn_document(format!(
                "the JSON is invalid: {error}; the items before the error were kept"
            ));
            serde_json::from_str(&close_truncated_json(text)).ok()
        }
    }
}

/// Returns `text` up to its last complete item, followed by the brackets that close it.
fn close_truncated_json(text: &str) -> String {
    let (mut open_closers, mut in_string, mut escaped) = (Vec::new(), false, false);
    let (mut end, mut closers) = (0, String::new());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' => open_closers.push('}'),
            b'[' => open_closers.push(']'),
            b'}' | b']' => {
                if open_closers.pop().is_none() {
                    break;
                }
                // 2: an item is inside the array of items inside the feed object.
                if open_closers.len() <= 2 {
                    end = at + 1;
                    closers = open_closers.iter().rev().collect();
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

/// Builds an entry; its relative URLs are resolved once its link is known.
fn build_entry(item: &Value) -> ParsedEntry {
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
        title: TextConstruct::plain(text_member(item, "title").unwrap_or_default()),
        link,
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

/// Resolves an id that is a URL, as the specification recommends for ids.
fn resolve_id_url(id: &str) -> Option<String> {
    id.starts_with("http").then(|| link_url::resolve_href(id, None))?
}

/// Returns the non-empty text of a member. A number becomes text, as version 1.1 requires for ids.
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

/// Builds the authors from `authors` of version 1.1, or else from `author` of version 1.0.
fn build_authors(value: &Value) -> Vec<Person> {
    let mut authors: Vec<Person> =
        array_member(value, "authors").iter().filter_map(build_person).collect();
    // Some generators write a single object in place of the array.
    let single = value.get("authors").filter(|authors| authors.is_object());
    authors.extend(single.and_then(build_person));
    if authors.is_empty() {
        value.get("author").and_then(build_person).into_iter().collect()
    } else {
        authors
    }
}

/// Builds a person from an object with a `name`, or from the name itself.
fn build_person(value: &Value) -> Option<Person> {
    let name = value.as_str().map(str::to_owned).or_else(|| text_member(value, "name"))?;
    Some(Person { name: Some(name), email: None })
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
    let attachments = array_member(item, "attachments").iter();
    attachments.filter_map(|attachment| build_enclosure(attachment, base)).collect()
}

fn build_enclosure(attachment: &Value, base: Option<&str>) -> Option<Enclosure> {
    let size = text_member(attachment, "size_in_bytes");
    Some(Enclosure {
        href: url_member(attachment, "url", base)?,
        media_type: text_member(attachment, "mime_type"),
        length: size.and_then(|size| size.parse().ok()).unwrap_or(0),
    })
}

fn array_member<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
