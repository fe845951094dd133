//! Reading a document: which format it is, and the format's own reader.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    FeedWarning, decode, feed_document::FeedDocument, json_feed, warning::FeedWarnings,
    xml_parser::FeedXmlParser,
};

/// The largest document that is read, in bytes; of a larger one, the beginning.
pub const MAX_DOCUMENT_BYTES: usize = 16 << 20;

/// Characters at the beginning by which a page is told from a feed.
const SNIFFED_CHARS: usize = 4096;

/// What is known of a document from how it came.
#[derive(Debug, Clone, Copy, Default)]
pub struct ParseHints<'a> {
    /// The media type of the HTTP header, with its charset.
    pub content_type: Option<&'a str>,
    /// The address of the document: the base of relative ones.
    pub location: Option<&'a str>,
}

/// Why a document gives nothing at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeedParseError {
    /// There is nothing in it.
    #[error("the document is empty")]
    Empty,
    /// It is a page; feeds may be linked from it.
    #[error("this is a web page, not a feed")]
    WebPage,
    /// It is something else.
    #[error("this is not a feed")]
    NotAFeed,
}

/// Reads a feed document. Never panics; takes time in proportion to the size.
pub fn parse(bytes: &[u8], hints: ParseHints<'_>) -> Result<FeedDocument, FeedParseError> {
    let mut complaints = FeedWarnings::default();
    let mut bytes = bytes;
    if bytes.len() > MAX_DOCUMENT_BYTES {
        complaints.warn_document(format!(
            "the document is larger than {} MiB; the beginning of it was read",
            MAX_DOCUMENT_BYTES >> 20
        ));
        bytes = &bytes[..MAX_DOCUMENT_BYTES];
    }
    let text = decode::decode_document(bytes, hints.content_type, &mut complaints);
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.is_empty() {
        return Err(FeedParseError::Empty);
    }
    if start.starts_with(['{', '[']) {
        return json_feed::parse_json_feed(start, hints.location, complaints);
    }
    parse_xml(&text, hints.location, complaints)
}

/// Dates more than a day in the future count as `now`, with a complaint: their entries would stand on top of the list
/// until then.
pub fn clamp_future_dates(parsed: &mut FeedDocument, now: DateTime<Utc>) {
    let latest = now + TimeDelta::days(1);
    for entry in &mut parsed.entries {
        let dates = &mut entry.dates;
        for date in [&mut dates.published, &mut dates.updated, &mut dates.created] {
            let Some(at) = date.filter(|at| *at > latest) else { continue };
            *date = Some(now);
            let sentence =
                format!("the date {} is in the future; it counts as now", at.format("%Y-%m-%d"));
            if parsed.warnings.last().is_none_or(|last| last.message != sentence) {
                parsed.warnings.push(FeedWarning { line: 0, message: sentence });
            }
        }
    }
}

/// The text of a document, whatever its encoding, for readers of other formats.
pub fn decode_text<'a>(bytes: &'a [u8], content_type: Option<&str>) -> std::borrow::Cow<'a, str> {
    decode::decode_document(bytes, content_type, &mut FeedWarnings::default())
}

fn parse_xml(
    text: &str,
    location: Option<&str>,
    mut complaints: FeedWarnings,
) -> Result<FeedDocument, FeedParseError> {
    let start = find_xml_start(text);
    if !text[..start].trim().is_empty() {
        complaints.warn_at(text, 0, "there is something before the document; it was left out");
    }
    let mut machine = FeedXmlParser::new(text, location, complaints);
    machine.parse(start);
    let known = machine.builder.format.is_some();
    let FeedXmlParser { builder: draft, warnings: complaints, .. } = machine;
    if !known {
        return Err(if is_web_page(text) {
            FeedParseError::WebPage
        } else {
            FeedParseError::NotAFeed
        });
    }
    let mut parsed = draft.build();
    let mut all: Vec<FeedWarning> = complaints.into_vec();
    all.append(&mut parsed.warnings);
    parsed.warnings = all;
    Ok(parsed)
}

/// Where the XML begins.
fn find_xml_start(text: &str) -> usize {
    let blank =
        text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len();
    text[blank..].find('<').map_or(blank, |junk| blank + junk)
}

fn is_web_page(text: &str) -> bool {
    let start: String = text.chars().take(SNIFFED_CHARS).collect::<String>().to_ascii_lowercase();
    ["<html", "<!doctype html", "<head", "<body"].iter().any(|mark| start.contains(mark))
}
