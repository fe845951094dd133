//! Reading a document: which format it is, and the format's own reader.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Complaint, complaint::Complaints, decode, json, machine::Machine, parsed::Parsed};

/// The largest document that is read, in bytes; of a larger one, the beginning.
pub const MAX_BYTES: usize = 16 << 20;

/// Characters at the beginning by which a page is told from a feed.
const LOOK: usize = 4096;

/// What is known of a document from how it came.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints<'a> {
    /// The media type of the HTTP header, with its charset.
    pub content_type: Option<&'a str>,
    /// The address of the document: the base of relative ones.
    pub location: Option<&'a str>,
}

/// Why a document gives nothing at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// There is nothing in it.
    #[error("the document is empty")]
    Empty,
    /// It is a page; feeds may be linked from it.
    #[error("this is a web page, not a feed")]
    Page,
    /// It is something else.
    #[error("this is not a feed")]
    NotAFeed,
}

/// Reads a feed document. Never panics; takes time in proportion to the size.
pub fn parse(bytes: &[u8], hints: Hints<'_>) -> Result<Parsed, ParseError> {
    let mut complaints = Complaints::default();
    let mut bytes = bytes;
    if bytes.len() > MAX_BYTES {
        complaints.whole(format!(
            "the document is larger than {} MiB; the beginning of it was read",
            MAX_BYTES >> 20
        ));
        bytes = &bytes[..MAX_BYTES];
    }
    let text = decode::decode(bytes, hints.content_type, &mut complaints);
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.is_empty() {
        return Err(ParseError::Empty);
    }
    if start.starts_with(['{', '[']) {
        return json::parse(start, hints.location, complaints);
    }
    xml(&text, hints.location, complaints)
}

/// Dates more than a day in the future count as `now`, with a complaint: their entries would stand on top of the list
/// until then.
pub fn keep_to_the_present(parsed: &mut Parsed, now: DateTime<Utc>) {
    let latest = now + TimeDelta::days(1);
    for entry in &mut parsed.entries {
        let dates = &mut entry.dates;
        for date in [&mut dates.published, &mut dates.updated, &mut dates.created] {
            let Some(at) = date.filter(|at| *at > latest) else { continue };
            *date = Some(now);
            let sentence = format!("the date {} is in the future; it counts as now", at.format("%Y-%m-%d"));
            if parsed.complaints.last().is_none_or(|last| last.sentence != sentence) {
                parsed.complaints.push(Complaint { line: 0, sentence });
            }
        }
    }
}

/// The text of a document, whatever its encoding, for readers of other formats.
pub fn text<'a>(bytes: &'a [u8], content_type: Option<&str>) -> std::borrow::Cow<'a, str> {
    decode::decode(bytes, content_type, &mut Complaints::default())
}

fn xml(text: &str, location: Option<&str>, mut complaints: Complaints) -> Result<Parsed, ParseError> {
    let start = beginning(text);
    if !text[..start].trim().is_empty() {
        complaints.at(text, 0, "there is something before the document; it was left out");
    }
    let mut machine = Machine::new(text, location, complaints);
    machine.run(start);
    let known = machine.draft.format.is_some();
    let Machine { draft, complaints, .. } = machine;
    if !known {
        return Err(if is_page(text) { ParseError::Page } else { ParseError::NotAFeed });
    }
    let mut parsed = draft.into_parsed();
    let mut all: Vec<Complaint> = complaints.into_list();
    all.append(&mut parsed.complaints);
    parsed.complaints = all;
    Ok(parsed)
}

/// Where the XML begins.
fn beginning(text: &str) -> usize {
    let blank = text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len();
    text[blank..].find('<').map_or(blank, |junk| blank + junk)
}

fn is_page(text: &str) -> bool {
    let start: String = text.chars().take(LOOK).collect::<String>().to_ascii_lowercase();
    ["<html", "<!doctype html", "<head", "<body"].iter().any(|mark| start.contains(mark))
}
