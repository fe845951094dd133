//! Character decoding: turns the bytes of a document into text, even if the declared encoding is
//! missing or wrong.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::warning::FeedWarnings;
use crate::text::charset;
use crate::text::strip_sequences_in_markup;

/// Number of leading bytes searched for an XML declaration with an encoding.
const DECLARATION_SEARCH_BYTES: usize = 512;

/// Decodes `bytes` and removes terminal sequences and the control characters that XML does not allow.
///
/// The order of precedence: a byte order mark, the charset of the HTTP header (RFC 7303 §3), the
/// XML declaration, a guess. Valid UTF-8 is always read as UTF-8, whatever is declared: text in
/// another encoding is hardly ever valid UTF-8, but wrong declarations are common.
pub(super) fn decode_document<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
    warnings: &mut FeedWarnings,
) -> Cow<'a, str> {
    let decoded = decode_bytes(bytes, content_type, warnings);
    let text = strip_control_chars(strip_sequences_in_markup(decoded));
    if contains_c1(&text) {
        warnings.warn_document("control characters (U+0080 to U+009F) were read as windows-1252");
    }
    replace_c1_chars(text)
}

/// Replaces the C1 control characters, which mean nothing in a text, with the characters that
/// windows-1252 has in their place: programs that took windows-1252 for ISO-8859-1 wrote them.
///
/// Those that windows-1252 does not define are removed.
pub(super) fn replace_c1_chars(text: Cow<'_, str>) -> Cow<'_, str> {
    if !contains_c1(&text) {
        return text;
    }
    let to_windows_1252 = |c: char| match c {
        '\u{80}'..='\u{9f}' => {
            let byte = [u8::try_from(u32::from(c)).expect("the character is below U+00A0")];
            let decoded = WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next();
            decoded.filter(|decoded| *decoded != c)
        }
        c => Some(c),
    };
    text.chars().filter_map(to_windows_1252).collect::<String>().into()
}

/// Returns true if `text` contains a C1 control character: in UTF-8, 0xC2 and a byte below 0xA0.
fn contains_c1(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(0xc2, bytes).any(|at| bytes.get(at + 1).is_some_and(|next| *next < 0xa0))
}

fn decode_bytes<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
    warnings: &mut FeedWarnings,
) -> Cow<'a, str> {
    if let Some(text) = charset::decode_utf_32(bytes) {
        return text.into();
    }
    if let Some((encoding, bom_len)) = Encoding::for_bom(bytes) {
        return decode_as(encoding, &bytes[bom_len..], warnings);
    }
    let declared = content_type.and_then(charset_parameter).or_else(|| declared_encoding(bytes));
    if let Some(encoding) = detect_utf16(bytes, declared) {
        return decode_as(encoding, bytes, warnings);
    }
    if let Ok(utf_8) = std::str::from_utf8(bytes) {
        // ISO-2022-JP switches character sets with escape sequences: its bytes are all ASCII.
        if bytes.is_ascii() && declared == Some(ISO_2022_JP) {
            return decode_as(ISO_2022_JP, bytes, warnings);
        }
        warn_wrong_declaration(declared, bytes, warnings);
        return Cow::Borrowed(utf_8);
    }
    match declared.filter(|encoding| ![UTF_16BE, UTF_16LE].contains(encoding)) {
        Some(encoding) if encoding != UTF_8 => decode_as(encoding, bytes, warnings),
        _ => decode_damaged_utf8(bytes, warnings),
    }
}

fn warn_wrong_declaration(
    declared: Option<&'static Encoding>,
    bytes: &[u8],
    warnings: &mut FeedWarnings,
) {
    if let Some(encoding) = declared.filter(|encoding| *encoding != UTF_8 && !bytes.is_ascii()) {
        warnings.warn_document(format!(
            "the document is declared as {}, but it is UTF-8",
            encoding.name()
        ));
    }
}

/// Decodes bytes that are not valid UTF-8 and have no other usable declaration.
///
/// If multi-byte characters outnumber invalid sequences, the text is UTF-8 with pasted
/// windows-1252; otherwise the encoding of the whole text is guessed.
fn decode_damaged_utf8(bytes: &[u8], warnings: &mut FeedWarnings) -> Cow<'static, str> {
    let (mut multi_byte, mut invalid) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        multi_byte += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    if multi_byte <= invalid {
        let encoding = charset::guess_encoding(bytes);
        warnings.warn_document(format!(
            "the document is not UTF-8 and declares no usable encoding; it was read as {}",
            encoding.name()
        ));
        return encoding.decode_without_bom_handling(bytes).0.into_owned().into();
    }
    warnings.warn_document("some bytes are not UTF-8; they were read as windows-1252");
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
    warnings: &mut FeedWarnings,
) -> Cow<'a, str> {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if had_errors {
        warnings.warn_document(format!(
            "some bytes are not valid {}; they were replaced with \u{fffd}",
            encoding.name()
        ));
    }
    text
}

/// Detects UTF-16 without a byte order mark.
///
/// A declaration of UTF-16 counts only if the bytes contain a NUL: a declaration that can be read
/// as ASCII contradicts itself.
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

/// Returns the encoding named by the `charset` parameter of a media type.
fn charset_parameter(content_type: &str) -> Option<&'static Encoding> {
    let label = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then_some(value)
    })?;
    encoding_for_label(label)
}

fn encoding_for_label(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.trim().trim_matches(['"', '\'']).as_bytes())
}

/// Returns the encoding named by `<?xml … encoding="…"?>` (XML 1.0 §4.3.3).
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION_SEARCH_BYTES)]);
    let declaration = start.split_once("<?xml")?.1.split("?>").next()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    encoding_for_label(value[1..].split(quote).next()?)
}

/// Removes the control characters that XML 1.0 §2.2 forbids: all but tab, line feed and carriage
/// return.
fn strip_control_chars(text: Cow<'_, str>) -> Cow<'_, str> {
    // Chunks, because `has_control_byte` does not stop at the first match.
    if !text.as_bytes().chunks(4096).any(has_control_byte) {
        return text;
    }
    text.chars().filter(|c| !u8::try_from(*c).is_ok_and(is_control_byte)).collect::<String>().into()
}

/// Returns true if a byte is a forbidden control character. Checks all bytes without an early
/// return, so that the compiler can use vector instructions.
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
        let mut warnings = FeedWarnings::default();
        assert_eq!(decode_document(bytes, content_type, &mut warnings), expected, "{bytes:?}");
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
        let c1 = "\u{93}It\u{92}s 5\u{a0}\u{80}\u{85}\u{81}\u{94}";
        assert_decodes_to(c1.as_bytes(), None, "“It’s 5\u{a0}€…”");
        assert_decodes_to(b"don\x92t \xb5", Some("text/xml; charset=iso-8859-2"), "don’t ľ");
        assert_decodes_to(b"don\x92t \xe1", Some("text/xml; charset=iso-8859-7"), "don’t α");
        assert_decodes_to(
            b"<?xml encoding='utf-16'?>plain",
            None,
            "<?xml encoding='utf-16'?>plain",
        );
    }
}
