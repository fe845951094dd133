//! The entry point of the feed parser: detects the format and calls the XML or the JSON parser.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    FeedParseError, FeedWarning, decode, feed_document::FeedDocument, json_feed,
    warning::FeedWarnings, xml_parser::FeedXmlParser,
};

/// Maximum number of bytes parsed per document; the rest of a larger one is ignored.
pub const MAX_DOCUMENT_BYTES: usize = 16 << 20;

/// Number of leading characters searched for HTML tags, to recognize web pages.
const SNIFFED_CHARS: usize = 4096;

/// Facts about a document that come from its transport.
#[derive(Debug, Clone, Copy, Default)]
pub struct ParseHints<'a> {
    /// `Content-Type` of the HTTP response, with its charset.
    pub content_type: Option<&'a str>,
    /// URL of the document: the base of relative URLs.
    pub location: Option<&'a str>,
}

/// Parses a feed document. Never panics; takes time linear in the size.
///
/// # Errors
/// If the document is empty, is a web page, has no element of a feed, or would become too large.
pub fn parse(bytes: &[u8], hints: ParseHints<'_>) -> Result<FeedDocument, FeedParseError> {
    let mut warnings = FeedWarnings::default();
    let mut bytes = bytes;
    if bytes.len() > MAX_DOCUMENT_BYTES {
        warnings.warn_document(format!(
            "the document is larger than {0} MiB; only the first {0} MiB were read",
            MAX_DOCUMENT_BYTES >> 20
        ));
        bytes = &bytes[..MAX_DOCUMENT_BYTES];
    }
    let text = decode::decode_document(bytes, hints.content_type, &mut warnings);
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.is_empty() {
        return Err(FeedParseError::Empty);
    }
    if start.starts_with(['{', '[']) {
        let json = text.trim_start_matches('\u{feff}');
        return json_feed::parse_json_feed(json, hints.location, warnings);
    }
    parse_xml(&text, hints.location, warnings)
}

/// Maximum number of days by which the clock of a publisher may be wrong. Later dates are no mistakes of
/// a clock, and no dates.
const MAX_CLOCK_ERROR_DAYS: i64 = 2 * 365;

/// Replaces dates more than one day in the future with `now`, drops those that are years ahead, and
/// adds a warning.
///
/// Entries with such dates would stay on top of the list until that day.
pub fn clamp_future_dates(parsed: &mut FeedDocument, now: DateTime<Utc>) {
    let latest = now + TimeDelta::days(1);
    for entry in &mut parsed.entries {
        let dates = &mut entry.dates;
        for date in [&mut dates.published, &mut dates.updated, &mut dates.created] {
            let Some(at) = date.filter(|at| *at > latest) else { continue };
            let is_plausible = at <= now + TimeDelta::days(MAX_CLOCK_ERROR_DAYS);
            *date = is_plausible.then_some(now);
            let repair =
                if is_plausible { "the current time is used instead" } else { "it was ignored" };
            let message = format!("the date {} is in the future; {repair}", at.format("%Y-%m-%d"));
            // Published and updated are often the same date: one warning is enough.
            if parsed.warnings.last().is_none_or(|last| last.message != message) {
                parsed.warnings.push(FeedWarning { line: 0, message });
            }
        }
        dates.published = dates.sort_date();
    }
}

/// Decodes a document of any encoding to text, for the parsers of other formats.
pub fn decode_text<'a>(bytes: &'a [u8], content_type: Option<&str>) -> std::borrow::Cow<'a, str> {
    decode::decode_document(bytes, content_type, &mut FeedWarnings::default())
}

fn parse_xml(
    text: &str,
    location: Option<&str>,
    mut warnings: FeedWarnings,
) -> Result<FeedDocument, FeedParseError> {
    let start = find_xml_start(text);
    if !text[..start].trim().is_empty() {
        warnings.warn_at(text, 0, "text before the first tag was skipped");
    }
    let mut parser = FeedXmlParser::new(text, location, warnings);
    parser.parse(start);
    let FeedXmlParser { builder, warnings, is_cut_off, .. } = parser;
    if builder.format.is_none() {
        return Err(if is_web_page(text) {
            FeedParseError::WebPage
        } else {
            FeedParseError::NotAFeed
        });
    }
    let mut parsed = builder.build()?;
    parsed.is_cut_off = is_cut_off;
    parsed.warnings.splice(..0, warnings.into_vec());
    Ok(parsed)
}

/// Returns the byte offset of the first `<`, or of the first character that is not white space.
fn find_xml_start(text: &str) -> usize {
    let blank_len =
        text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len();
    text[blank_len..].find('<').map_or(blank_len, |junk_len| blank_len + junk_len)
}

fn is_web_page(text: &str) -> bool {
    let start: String = text.chars().take(SNIFFED_CHARS).collect::<String>().to_ascii_lowercase();
    ["<html", "<!doctype html", "<head", "<body"].iter().any(|tag| start.contains(tag))
}
