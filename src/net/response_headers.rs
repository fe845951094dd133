//! The headers of a response that are of use to a news reader.

use ureq::http::{HeaderMap, HeaderName, header};

use super::{HeaderLink, ResponseHeaders, link_header::parse_link_header};

/// Returns the headers of use.
pub(super) fn read_headers(headers: &HeaderMap) -> ResponseHeaders {
    let text_of = |name| header_text(headers, name);
    let values = headers.get_all(header::CONTENT_ENCODING).into_iter();
    let codings: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    ResponseHeaders {
        content_type: text_of(header::CONTENT_TYPE),
        location: text_of(header::LOCATION),
        content_encoding: Some(codings.join(",")).filter(|codings| !codings.is_empty()),
        content_length: text_of(header::CONTENT_LENGTH).and_then(|length| length.parse().ok()),
        content_range: text_of(header::CONTENT_RANGE),
        content_location: text_of(header::CONTENT_LOCATION),
        etag: text_of(header::ETAG),
        last_modified: text_of(header::LAST_MODIFIED),
        cache_control: text_of(header::CACHE_CONTROL),
        expires: text_of(header::EXPIRES),
        date: text_of(header::DATE),
        retry_after: text_of(header::RETRY_AFTER),
        links: header_links(headers),
    }
}

fn header_links(headers: &HeaderMap) -> Vec<HeaderLink> {
    let values = headers.get_all(header::LINK).into_iter();
    values
        .flat_map(|value| {
            let text = String::from_utf8_lossy(value.as_bytes());
            parse_link_header(&text).collect::<Vec<_>>()
        })
        .collect()
}

/// Returns the text of a header without surrounding blanks; `None` if it is missing or blank.
pub(super) fn header_text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
        .filter(|value| !value.is_empty())
}
