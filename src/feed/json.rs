//! JSON Feed 1.0 and 1.1 (jsonfeed.org), and what comes near to it.

use serde_json::Value;

use super::{
    ParseError, address,
    complaint::Complaints,
    date, finish,
    finish::Entries,
    parsed::{Aside, Dates, Enclosure, Format, Parsed, ParsedEntry, ParsedFeed, Person, Rich},
};

/// Reads a JSON document.
pub(super) fn parse(
    text: &str,
    location: Option<&str>,
    mut complaints: Complaints,
) -> Result<Parsed, ParseError> {
    let value = read(text, &mut complaints).ok_or(ParseError::NotAFeed)?;
    let items = match (&value, value.get("items")) {
        (_, Some(Value::Array(items))) => items.as_slice(),
        (Value::Array(items), _) => items.as_slice(),
        _ if value.get("version").is_some() || value.get("title").is_some() => &[],
        _ => return Err(ParseError::NotAFeed),
    };
    let feed = feed(&value, location);
    let mut entries = Entries::default();
    for item in items {
        entries.push(entry(item, location));
    }
    let (mut entries, seen) = entries.into_list();
    if seen > finish::MAX_ENTRIES {
        complaints
            .whole(format!("the feed has {seen} entries; the newest {} were read", finish::MAX_ENTRIES));
    }
    let base = location.or(feed.own_link.as_deref()).or(feed.link.as_deref()).map(str::to_owned);
    for entry in &mut entries {
        finish::complete(entry, &feed, base.as_deref());
    }
    Ok(Parsed { format: Format::Json, feed, entries, complaints: complaints.into_list() })
}

/// The value of `text`; of one that is cut off, everything before the cut.
fn read(text: &str, complaints: &mut Complaints) -> Option<Value> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match values.next()? {
        Ok(value) => Some(value),
        Err(error) => {
            complaints.whole(format!("the JSON is broken: {error}; what comes before was kept"));
            serde_json::from_str(&closed(text)).ok()
        }
    }
}

/// `text` up to the last element of the outermost list that is whole, with everything closed.
fn closed(text: &str) -> String {
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

fn feed(value: &Value, location: Option<&str>) -> ParsedFeed {
    let own_link = link(value, "feed_url", location).or_else(|| location.map(str::to_owned));
    let mut feed = ParsedFeed {
        title: Rich::plain(text(value, "title").unwrap_or_default()),
        link: link(value, "home_page_url", own_link.as_deref()),
        own_link,
        subtitle: Rich::plain(text(value, "description").unwrap_or_default()),
        language: text(value, "language"),
        authors: authors(value),
        image: link(value, "icon", location),
        icon: link(value, "favicon", location),
        ..ParsedFeed::default()
    };
    feed.icon = feed.icon.or_else(|| feed.image.clone());
    finish::complete_feed(&mut feed);
    feed
}

fn entry(item: &Value, base: Option<&str>) -> ParsedEntry {
    let content = [text(item, "content_html").map(Rich::html), text(item, "content_text").map(Rich::plain)];
    let id = text(item, "id");
    let written = link(item, "url", base).or_else(|| link(item, "external_url", base));
    ParsedEntry {
        title: Rich::plain(text(item, "title").unwrap_or_default()),
        link: written.or_else(|| {
            id.as_deref().filter(|id| id.starts_with("http")).and_then(|id| address::absolute(id, None))
        }),
        id,
        summary: Rich::plain(text(item, "summary").unwrap_or_default()),
        content: content.into_iter().flatten().collect(),
        authors: authors(item),
        dates: Dates {
            published: when(item, "date_published"),
            updated: when(item, "date_modified"),
            created: None,
        },
        links: Vec::new(),
        enclosures: attachments(item, base),
        tags: tags(item),
        comments: None,
        aside: Aside {
            language: text(item, "language"),
            image: link(item, "image", base).or_else(|| link(item, "banner_image", base)),
        },
    }
}

/// A text that is not empty; numbers are taken as written, as version 1.1 asks for ids.
fn text(value: &Value, name: &str) -> Option<String> {
    let text = match value.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn link(value: &Value, name: &str, base: Option<&str>) -> Option<String> {
    text(value, name).and_then(|href| address::absolute(&href, base))
}

fn when(item: &Value, name: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    text(item, name).and_then(|text| date::parse(&text))
}

/// `authors` of version 1.1, or `author` of 1.0, each a person or the name of one.
fn authors(value: &Value) -> Vec<Person> {
    let person = |value: &Value| {
        let name = value.as_str().map(str::to_owned).or_else(|| text(value, "name"));
        name.map(|name| Person { name: Some(name), email: None })
    };
    let mut listed: Vec<Person> = list(value, "authors").iter().filter_map(person).collect();
    listed.extend(value.get("authors").filter(|authors| authors.is_object()).and_then(person));
    if listed.is_empty() { value.get("author").and_then(person).into_iter().collect() } else { listed }
}

fn tags(item: &Value) -> Vec<String> {
    list(item, "tags")
        .iter()
        .filter_map(Value::as_str)
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty())
        .collect()
}

fn attachments(item: &Value, base: Option<&str>) -> Vec<Enclosure> {
    let enclosure = |file: &Value| {
        Some(Enclosure {
            href: link(file, "url", base)?,
            kind: text(file, "mime_type"),
            length: text(file, "size_in_bytes").and_then(|size| size.parse().ok()).unwrap_or(0),
        })
    };
    list(item, "attachments").iter().filter_map(enclosure).collect()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
