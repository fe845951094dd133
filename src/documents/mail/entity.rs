//! One part of a mail: its headers, its content type and its body (RFC 2045).

use std::{borrow::Cow, ops::Range};

use mail_parser::{Message, MessageParser, MimeHeaders};
use memchr::memmem;

use super::{
    encoded_words::join_encoded_words, heading::collapse_whitespace, mail_text::decode_mail_text,
};

/// Maximum length of the headers of a part, in bytes; the rest is ignored.
const MAX_HEADER_BYTES: usize = 256 * 1024;

/// Maximum length of the names of files, in characters.
const MAX_FILE_NAME_CHARS: usize = 200;

/// The headers of a part that say how to read its body.
#[derive(Debug, Default)]
pub(super) struct EntityHeaders {
    /// The media type in lower case, as it is written: it may be nonsense. `None` without one.
    pub(super) media_type: Option<String>,
    pub(super) charset: Option<String>,
    pub(super) boundary: Option<String>,
    /// The lines are those of `format=flowed`.
    pub(super) is_flowed: bool,
    /// The space at the end of a flowed line is no part of the text (RFC 3676 §4.1, `DelSp`).
    pub(super) deletes_space: bool,
    pub(super) transfer_encoding: String,
    pub(super) file: FileHeaders,
}

/// The headers of a part that say how to present it as a file (RFC 2183).
#[derive(Debug, Default)]
pub(super) struct FileHeaders {
    pub(super) name: Option<String>,
    /// The part is to be shown apart from the text.
    pub(super) is_attachment: bool,
    /// Other parts show the part, by its `Content-ID`.
    pub(super) has_content_id: bool,
}

/// Splits a part into the text of its headers, decoded, and its body.
pub(super) fn split_headers(part: &[u8]) -> (String, &[u8]) {
    let (block, body) = split_at_blank_line(part);
    let block = &block[..block.len().min(MAX_HEADER_BYTES)];
    // Headers should be ASCII; many mails write other letters as they are.
    let mut text = join_encoded_words(&decode_mail_text(block, None, false));
    text.push_str("\r\n\r\n");
    (text, body)
}

/// Parses the text of headers; `None` if it has none.
pub(super) fn parse_headers(text: &str) -> Option<Message<'_>> {
    MessageParser::default().parse_headers(text.as_bytes())
}

fn split_at_blank_line(part: &[u8]) -> (&[u8], &[u8]) {
    for (end, mark_length) in [(b"\n".as_slice(), 1), (b"\r\n", 2)] {
        if part.starts_with(end) {
            return (&[], &part[mark_length..]);
        }
    }
    let blank_line = memmem::find_iter(part, b"\n").find_map(|at| {
        let after = &part[at + 1..];
        let length = match after {
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            _ => return None,
        };
        Some((at + 1, at + 1 + length))
    });
    match blank_line {
        Some((end, start)) => (&part[..end], &part[start..]),
        None => (part, &[]),
    }
}

impl EntityHeaders {
    /// Reads the headers that concern the body.
    pub(super) fn new(message: Option<&Message<'_>>) -> EntityHeaders {
        let Some(message) = message else { return EntityHeaders::default() };
        let part = &message.parts[0];
        let transfer_encoding = part.content_transfer_encoding().unwrap_or_default().to_owned();
        let headers = EntityHeaders {
            transfer_encoding,
            file: FileHeaders {
                name: part.attachment_name().and_then(short_file_name),
                is_attachment: part
                    .content_disposition()
                    .is_some_and(mail_parser::ContentType::is_attachment),
                has_content_id: part.content_id().is_some(),
            },
            ..EntityHeaders::default()
        };
        let Some(content_type) = part.content_type() else { return headers };
        let attribute = |name: &str| {
            let value = content_type.attribute(name).map(str::trim);
            value.filter(|value| !value.is_empty()).map(str::to_owned)
        };
        let is = |name: &str, expected: &str| {
            content_type.attribute(name).is_some_and(|value| value.eq_ignore_ascii_case(expected))
        };
        let subtype = content_type.subtype().unwrap_or_default();
        EntityHeaders {
            media_type: Some(format!("{}/{subtype}", content_type.ctype()).to_ascii_lowercase()),
            charset: attribute("charset"),
            boundary: attribute("boundary"),
            is_flowed: is("format", "flowed"),
            deletes_space: is("delsp", "yes"),
            ..headers
        }
    }
}

/// Returns the name of a file in one line, cut to a length that can be shown.
fn short_file_name(name: &str) -> Option<String> {
    let name = collapse_whitespace(name);
    let name: String = name.chars().take(MAX_FILE_NAME_CHARS).collect();
    (!name.is_empty()).then_some(name)
}

/// Splits the body of a multipart into its parts (RFC 2046 §5.1.1). If the boundary is missing or
/// occurs nowhere, the lines that look like one are taken; `None` if there are none. Parts after the
/// first `max_parts` are left out.
pub(super) fn split_multipart(
    body: &[u8],
    boundary: Option<&str>,
    max_parts: usize,
) -> Option<Vec<Range<usize>>> {
    let named = boundary.map(|boundary| Cow::Borrowed(boundary.as_bytes()));
    let is_present = |boundary: &Cow<'_, [u8]>| next_delimiter(body, 0, boundary).is_some();
    let boundary = named.filter(is_present).or_else(|| find_boundary(body).map(Cow::Borrowed))?;
    let mut parts = Vec::new();
    let mut open = next_delimiter(body, 0, &boundary)?;
    while !open.is_last && parts.len() < max_parts {
        let next = next_delimiter(body, open.end, &boundary);
        let end = next.as_ref().map_or(body.len(), |next| next.start);
        parts.push(open.end.min(end)..end);
        match next {
            Some(next) => open = next,
            None => break,
        }
    }
    Some(parts)
}

/// A line that separates parts.
struct Delimiter {
    /// The start of the line, without the line end before it, which belongs to the delimiter.
    start: usize,
    /// The start of the next line.
    end: usize,
    is_last: bool,
}

/// Finds the next delimiter line at `from` or later, which is the start of a line.
fn next_delimiter(body: &[u8], from: usize, boundary: &[u8]) -> Option<Delimiter> {
    let marker = [b"--".as_slice(), boundary].concat();
    for offset in memmem::find_iter(&body[from..], &marker) {
        let at = from + offset;
        if at > 0 && body[at - 1] != b'\n' {
            continue;
        }
        let rest = &body[at + marker.len()..];
        let line_length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let (line, is_last) = match rest[..line_length].strip_prefix(b"--") {
            Some(line) => (line, true),
            None => (&rest[..line_length], false),
        };
        if line.trim_ascii().is_empty() {
            let before = body[..at].strip_suffix(b"\n").unwrap_or(&body[..at]);
            let before = before.strip_suffix(b"\r").unwrap_or(before);
            let start = before.len().max(from);
            return Some(Delimiter { start, end: at + marker.len() + line_length, is_last });
        }
    }
    None
}

/// Finds a boundary that the headers do not name: a line of `--` and a word that occurs again.
fn find_boundary(body: &[u8]) -> Option<&[u8]> {
    let is_boundary = |word: &[u8]| {
        word.len() > 1 && !word.contains(&b' ') && word.iter().any(u8::is_ascii_alphanumeric)
    };
    let mut candidates = body
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.trim_ascii_end().strip_prefix(b"--"))
        .filter(|word| is_boundary(word));
    let first = candidates.next()?;
    let is_same = |word: &[u8]| word == first || word.strip_suffix(b"--") == Some(first);
    candidates.any(is_same).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(body: &str, boundary: Option<&str>) -> Option<Vec<String>> {
        let parts = split_multipart(body.as_bytes(), boundary, 9)?;
        Some(parts.into_iter().map(|part| body[part].to_owned()).collect())
    }

    #[test]
    fn split_multipart_finds_delimiter_lines() {
        let cases: [(&str, Option<&str>, &[&str]); 7] = [
            ("pre\n--b\n\none\n--b\ntwo\n--b--\npost", Some("b"), &["\none", "two"]),
            ("--b\r\none\r\n\r\n--b \t\r\ntwo\r\n--b--", Some("b"), &["one\r\n", "two"]),
            ("--b\none --b\n--bb\n--b\ntwo", Some("b"), &["one --b\n--bb", "two"]),
            ("--b\n--b\n--b--", Some("b"), &["", ""]),
            ("--x1\none\n--x1--\n", None, &["one"]),
            ("--x1\none\n--x1\ntwo", Some("other"), &["one", "two"]),
            ("--b--\nrest", Some("b"), &[]),
        ];
        for (body, boundary, expected) in cases {
            let expected = expected.iter().map(ToString::to_string).collect();
            assert_eq!(split(body, boundary), Some(expected), "{body:?}");
        }
        assert_eq!(split(&"--b\n".repeat(20), Some("b")), Some(vec![String::new(); 9]));
        assert_eq!(split("no parts", Some("b")), None);
        assert_eq!(split("-- \nAnn\n-- \nBo", None), None);
    }

    #[test]
    fn split_headers_ends_at_blank_line() {
        let cases = [
            ("A: b\r\n\r\nbody", "A: b\r\n", "body"),
            ("A: b\nC: d\n\nbody\n\nmore", "A: b\nC: d\n", "body\n\nmore"),
            ("\nbody", "", "body"),
            ("\r\nbody", "", "body"),
            ("A: b", "A: b", ""),
            ("", "", ""),
        ];
        for (part, headers, body) in cases {
            let (text, rest) = split_headers(part.as_bytes());
            assert_eq!(
                (text.strip_suffix("\r\n\r\n"), rest),
                (Some(headers), body.as_bytes()),
                "{part:?}"
            );
        }
    }
}
