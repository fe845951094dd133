//! Decoding of file content: detects the character encoding.
//!
//! Start with [`decode_bytes`]; the guesses are in [`crate::text::charset`].

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use crate::text::charset;

/// Maximum size of an article file, in bytes: 64 MiB.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// Number of bytes at the start of an HTML file in which the charset declaration must be (HTML
/// standard, section 4.2.5.5).
const PRESCAN_BYTES: usize = 1024;

/// The way in which a file may declare its charset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CharsetDeclaration {
    /// In a `<meta>` element of HTML.
    HtmlMeta,
    /// Not at all.
    None,
}

/// Decodes `bytes` into text; `None` if they are not text.
///
/// The encoding is determined by the first of these that applies: a byte order mark, the byte
/// pattern of UTF-16, valid UTF-8 (which includes ISO-2022-JP), the charset that an HTML file
/// declares, a guess. Bytes with a NUL or with many control characters are not text.
pub(super) fn decode_bytes(bytes: &[u8], declaration: CharsetDeclaration) -> Option<String> {
    if let Some(text) = charset::decode_utf_32(bytes) {
        return reject_nul(text.into());
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return reject_nul(encoding.decode_without_bom_handling(&bytes[mark..]).0);
    }
    if let Some(encoding) = charset::detect_utf_16(bytes) {
        return reject_nul(encoding.decode_without_bom_handling(bytes).0);
    }
    if bytes.contains(&0) || is_mostly_control(bytes) {
        return None;
    }
    if let Ok(utf_8) = std::str::from_utf8(bytes) {
        return Some(if is_iso_2022_jp(bytes) {
            ISO_2022_JP.decode(bytes).0.into_owned()
        } else {
            utf_8.to_owned()
        });
    }
    let declared = (declaration == CharsetDeclaration::HtmlMeta)
        .then(|| find_declared_charset(bytes))
        .flatten();
    let encoding = declared.unwrap_or_else(|| charset::guess_encoding(bytes));
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// Returns whether `bytes` are ISO-2022-JP: ASCII with an escape sequence that switches to a
/// Japanese character set.
fn is_iso_2022_jp(bytes: &[u8]) -> bool {
    bytes.is_ascii() && bytes.windows(3).any(|window| matches!(window, b"\x1b$B" | b"\x1b$@"))
}

/// Returns `None` for text with a NUL character: in UTF-16 and UTF-32, zero bytes alone do not show
/// that a file is binary.
fn reject_nul(text: Cow<'_, str>) -> Option<String> {
    (!text.contains('\0')).then(|| text.into_owned())
}

/// Returns whether more than 30 % of the first bytes are control characters other than tab, line
/// feed, carriage return, form feed and escape.
fn is_mostly_control(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(charset::SAMPLE_BYTES)];
    let is_control =
        |byte: &&u8| **byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    sample.iter().filter(is_control).count() * 10 > sample.len() * 3
}

/// Finds the charset that an HTML file declares in a `<meta>` element.
pub(super) fn find_declared_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let prefix = bytes[..bytes.len().min(PRESCAN_BYTES)].to_ascii_lowercase();
    let text = String::from_utf8_lossy(&prefix);
    let meta_tags = text.split("<meta").skip(1).filter_map(|rest| rest.split('>').next());
    let mut labels = meta_tags.filter_map(charset_label);
    let encoding = Encoding::for_label(labels.next()?.as_bytes())?;
    // A declaration that is readable as ASCII cannot be in UTF-16, whatever it says.
    Some(if [UTF_16LE, UTF_16BE].contains(&encoding) { UTF_8 } else { encoding })
}

/// Returns the value after `charset=` in a `<meta>` tag.
fn charset_label(meta_tag: &str) -> Option<&str> {
    let (_, rest) = meta_tag.split_once("charset")?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    value.split(['"', '\'', ' ', ';', '/']).next()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assert_decoded(bytes: &[u8], expected: Option<&str>) {
        assert_eq!(
            decode_bytes(bytes, CharsetDeclaration::HtmlMeta).as_deref(),
            expected,
            "{bytes:?}"
        );
    }

    fn encode_utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn decode_reads_every_encoding() {
        assert_decoded(b"", Some(""));
        assert_decoded("It’s".as_bytes(), Some("It’s"));
        assert_decoded(b"\xef\xbb\xbfmark", Some("mark"));
        assert_decoded(
            &[b"\xff\xfe".as_slice(), &encode_utf_16("é東", u16::to_le_bytes)].concat(),
            Some("é東"),
        );
        assert_decoded(
            &[b"\xfe\xff".as_slice(), &encode_utf_16("é東", u16::to_be_bytes)].concat(),
            Some("é東"),
        );
        assert_decoded(&encode_utf_16("no mark at all", u16::to_le_bytes), Some("no mark at all"));
        assert_decoded(&encode_utf_16("no mark at all", u16::to_be_bytes), Some("no mark at all"));
        assert_decoded(b"\xff\xfe\0\0a\0\0\0\xff\xff\xff\xff", Some("a\u{fffd}"));
        assert_decoded(b"\0\0\xfe\xff\0\0\0a", Some("a"));
        assert_decoded(
            b"The caf\xe9 was closed, \x93for good\x94, they said.",
            Some("The café was closed, “for good”, they said."),
        );
        assert_decoded(b"\x1b$BElJ9\x1b(B", Some("東聞"));
        assert_decoded(
            b"<meta charset='iso-8859-7'><p>\xe1\xe2",
            Some("<meta charset='iso-8859-7'><p>αβ"),
        );
        assert_decoded(
            b"<META http-equiv=x content=\"text/html; charset=koi8-r\">\xc1",
            Some("<META http-equiv=x content=\"text/html; charset=koi8-r\">а"),
        );
    }

    #[test]
    fn decode_guesses_japanese_encodings() {
        let text = "東京の天気は、週末にかけて雪の予報です。電車の遅れにご注意ください。";
        for encoding in [encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP] {
            assert_decoded(&encoding.encode(text).0, Some(text));
        }
    }

    #[test]
    fn decode_rejects_binary() {
        assert_decoded(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None);
        assert_decoded(&[1, 2, 3, b'a'], None);
        assert_decoded(b"text with a \0 in it, somewhere", None);
    }

    proptest! {
        #[test]
        fn decode_accepts_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let text = decode_bytes(&bytes, CharsetDeclaration::HtmlMeta);
            prop_assert!(text.is_none_or(|text| !text.contains('\0')));
        }

        #[test]
        fn decode_keeps_utf_8(text in "[^\\x00-\\x1f]*") {
            let kept = decode_bytes(text.as_bytes(), CharsetDeclaration::None);
            prop_assert_eq!(kept.as_deref(), Some(text.strip_prefix('\u{feff}').unwrap_or(&text)));
        }
    }
}
