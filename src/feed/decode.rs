//! The bytes of a document → text, whatever they say about themselves.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::warning::FeedWarnings;
use crate::text::charset;

/// Bytes in which an XML declaration names the encoding.
const DECLARATION_SEARCH_BYTES: usize = 512;

/// `bytes` as text without characters that XML cannot hold.
///
/// A byte order mark decides, then the charset of the HTTP header (RFC 7303 §3), the XML declaration, and last a
/// guess. Bytes that are UTF-8 beyond doubt are UTF-8, whatever is declared: a text in another encoding hardly ever
/// happens to be valid UTF-8, a wrong declaration is common.
pub(super) fn decode_document<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
    complaints: &mut FeedWarnings,
) -> Cow<'a, str> {
    strip_control_chars(decode_bytes(bytes, content_type, complaints))
}

fn decode_bytes<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
    complaints: &mut FeedWarnings,
) -> Cow<'a, str> {
    if let Some(text) = charset::decode_utf_32(bytes) {
        return text.into();
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decode_as(encoding, &bytes[mark..], complaints);
    }
    let declared = content_type.and_then(charset_parameter).or_else(|| declared_encoding(bytes));
    if let Some(encoding) = detect_utf16(bytes, declared) {
        return decode_as(encoding, bytes, complaints);
    }
    if let Ok(utf_8) = std::str::from_utf8(bytes) {
        // Encodings that shift with escape characters are ASCII to look at.
        let shifts = bytes.is_ascii() && declared == Some(ISO_2022_JP);
        if let Some(encoding) = declared.filter(|_| shifts) {
            return decode_as(encoding, bytes, complaints);
        }
        warn_wrong_declaration(declared, bytes, complaints);
        return Cow::Borrowed(utf_8);
    }
    match declared.filter(|encoding| ![UTF_16BE, UTF_16LE].contains(encoding)) {
        Some(encoding) if encoding != UTF_8 => decode_as(encoding, bytes, complaints),
        _ => decode_damaged_utf8(bytes, complaints),
    }
}

fn warn_wrong_declaration(
    declared: Option<&'static Encoding>,
    bytes: &[u8],
    complaints: &mut FeedWarnings,
) {
    if let Some(encoding) = declared.filter(|encoding| *encoding != UTF_8 && !bytes.is_ascii()) {
        complaints
            .warn_document(format!("the document says it is {}, but it is UTF-8", encoding.name()));
    }
}

/// A few bytes that are not UTF-8 in a text that is: they are windows-1252 pasted in. Otherwise it is all a guess.
fn decode_damaged_utf8(bytes: &[u8], complaints: &mut FeedWarnings) -> Cow<'static, str> {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if good <= bad {
        let encoding = charset::guess_encoding(bytes);
        complaints.warn_document(format!(
            "the document is not UTF-8 and names no other encoding; it was read as {}",
            encoding.name()
        ));
        return encoding.decode_without_bom_handling(bytes).0.into_owned().into();
    }
    complaints.warn_document("some characters are not UTF-8; they were read as windows-1252");
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    text.into()
}

fn decode_as<'a>(
    encoding: &'static Encoding,
    bytes: &'a [u8],
    complaints: &mut FeedWarnings,
) -> Cow<'a, str> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken {
        complaints.warn_document(format!("some characters are not {}", encoding.name()));
    }
    text
}

/// UTF-16 without a mark. A declaration that names it counts only if the bytes look like it.
fn detect_utf16(bytes: &[u8], declared: Option<&'static Encoding>) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, ..] => Some(UTF_16LE),
        [0, b'<', ..] => Some(UTF_16BE),
        _ if bytes.contains(&0) => declared
            .filter(|encoding| [UTF_16BE, UTF_16LE].contains(encoding))
            .or_else(|| charset::detect_utf_16(bytes)),
        _ => None,
    }
}

/// The charset that a media type names.
fn charset_parameter(content_type: &str) -> Option<&'static Encoding> {
    let parameter = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then_some(value)
    })?;
    encoding_for_label(parameter)
}

fn encoding_for_label(text: &str) -> Option<&'static Encoding> {
    Encoding::for_label(text.trim().trim_matches(['"', '\'']).as_bytes())
}

/// The encoding that `<?xml … encoding="…"?>` names (XML 1.0 §4.3.3).
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION_SEARCH_BYTES)]);
    let declaration = start.split_once("<?xml")?.1.split("?>").next()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    encoding_for_label(value[1..].split(quote).next()?)
}

/// XML 1.0 §2.2 has no control characters but tab, line feed and carriage return.
fn strip_control_chars(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.as_bytes().chunks(4096).any(has_control_byte) {
        return text;
    }
    text.chars().filter(|c| !u8::try_from(*c).is_ok_and(is_control_byte)).collect::<String>().into()
}

/// Looks at every byte without leaving early, which the compiler turns into vector instructions.
fn has_control_byte(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |found, byte| found | is_control_byte(*byte))
}

fn is_control_byte(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_decodes_to(bytes: &[u8], content_type: Option<&str>, expected: &str) {
        let mut complaints = FeedWarnings::default();
        assert_eq!(decode_document(bytes, content_type, &mut complaints), expected, "{bytes:?}");
    }

    #[test]
    fn decode_document_detects_encoding() {
        assert_decodes_to(b"", None, "");
        assert_decodes_to("été".as_bytes(), None, "été");
        assert_decodes_to(b"\xef\xbb\xbf<a/>", None, "<a/>");
        assert_decodes_to(
            b"<?xml version='1.0' encoding=\"iso-8859-7\"?>\xe1",
            None,
            "<?xml version='1.0' encoding=\"iso-8859-7\"?>α",
        );
        assert_decodes_to(b"\xe1", Some("text/xml; charset=\"iso-8859-7\""), "α");
        assert_decodes_to("é".as_bytes(), Some("text/xml; charset=iso-8859-1"), "é");
        assert_decodes_to(b"<\0a\0>\0", None, "<a>");
        assert_decodes_to(b"\0<\0a\0>", None, "<a>");
        assert_decodes_to(b"<\0\0\0a\0\0\0", None, "<a");
        assert_decodes_to(
            "Größe, \u{201e}gut\u{201c}"
                .as_bytes()
                .iter()
                .chain(b"\x96")
                .copied()
                .collect::<Vec<_>>()
                .as_slice(),
            None,
            "Größe, „gut“–",
        );
        assert_decodes_to(b"It\x92s a long caf\xe9 au lait", None, "It’s a long café au lait");
        assert_decodes_to(b"a\x00b\x1bc\x07\n", None, "abc\n");
        assert_decodes_to(
            b"<?xml encoding='utf-16'?>plain",
            None,
            "<?xml encoding='utf-16'?>plain",
        );
    }
}
