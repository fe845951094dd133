//! Bytes → text, whatever encoding a file was written in.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use crate::text::charset;

/// Files up to this size are read, in bytes.
pub const MAX_BYTES: u64 = 64 << 20;

/// Bytes at the start of an HTML file in which it must name its charset (HTML standard, section 4.2.5.5).
const PRESCAN: usize = 1024;

/// Whether a file may name its own charset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Declaration {
    /// As HTML does, in a `<meta>`.
    Html,
    /// No.
    None,
}

/// `bytes` as text; `None` if they are not text.
///
/// A byte order mark decides, then valid UTF-8, then the pattern of UTF-16, then what an HTML file says of itself, and
/// last a guess.
pub(super) fn decode(bytes: &[u8], declaration: Declaration) -> Option<String> {
    if let Some(wide) = charset::utf_32(bytes) {
        return text(wide.into());
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return text(encoding.decode_without_bom_handling(&bytes[mark..]).0);
    }
    if let Some(encoding) = charset::utf_16(bytes) {
        return text(encoding.decode_without_bom_handling(bytes).0);
    }
    if bytes.contains(&0) || is_mostly_control(bytes) {
        return None;
    }
    if let Ok(utf_8) = std::str::from_utf8(bytes) {
        let japanese = bytes.is_ascii() && bytes.windows(3).any(|w| matches!(w, b"\x1b$B" | b"\x1b$@"));
        return Some(if japanese { ISO_2022_JP.decode(bytes).0.into_owned() } else { utf_8.to_owned() });
    }
    let declared = (declaration == Declaration::Html).then(|| declared(bytes)).flatten();
    let encoding = declared.unwrap_or_else(|| charset::guess(bytes));
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// Text from an encoding in which a NUL is a character like others; files with one are not text.
fn text(text: Cow<'_, str>) -> Option<String> {
    (!text.contains('\0')).then(|| text.into_owned())
}

fn is_mostly_control(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(charset::SAMPLE)];
    let control = |byte: &&u8| **byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    sample.iter().filter(control).count() * 10 > sample.len() * 3
}

/// The charset that an HTML file names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes[..bytes.len().min(PRESCAN)].to_ascii_lowercase();
    let start = String::from_utf8_lossy(&start);
    let metas = start.split("<meta").skip(1).filter_map(|meta| meta.split('>').next()?.split_once("charset"));
    let mut labels = metas.filter_map(|(_, value)| {
        let value = value.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
        value.split(['"', '\'', ' ', ';', '/']).next().map(str::to_owned)
    });
    // A file that is read as bytes cannot be UTF-16, whatever it says.
    let encoding = Encoding::for_label(labels.next()?.as_bytes())?;
    Some(if [UTF_16LE, UTF_16BE].contains(&encoding) { UTF_8 } else { encoding })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(bytes: &[u8], expected: Option<&str>) {
        assert_eq!(decode(bytes, Declaration::Html).as_deref(), expected, "{bytes:?}");
    }

    fn units(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn reads_every_encoding() {
        check(b"", Some(""));
        check("It’s".as_bytes(), Some("It’s"));
        check(b"\xef\xbb\xbfmark", Some("mark"));
        check(&[b"\xff\xfe".as_slice(), &units("é東", u16::to_le_bytes)].concat(), Some("é東"));
        check(&[b"\xfe\xff".as_slice(), &units("é東", u16::to_be_bytes)].concat(), Some("é東"));
        check(&units("no mark at all", u16::to_le_bytes), Some("no mark at all"));
        check(&units("no mark at all", u16::to_be_bytes), Some("no mark at all"));
        check(b"\xff\xfe\0\0a\0\0\0\xff\xff\xff\xff", Some("a\u{fffd}"));
        check(b"\0\0\xfe\xff\0\0\0a", Some("a"));
        check(
            b"The caf\xe9 was closed, \x93for good\x94, they said.",
            Some("The café was closed, “for good”, they said."),
        );
        check(b"\x1b$BElJ9\x1b(B", Some("東聞"));
        check(b"<meta charset='iso-8859-7'><p>\xe1\xe2", Some("<meta charset='iso-8859-7'><p>αβ"));
        check(
            b"<META http-equiv=x content=\"text/html; charset=koi8-r\">\xc1",
            Some("<META http-equiv=x content=\"text/html; charset=koi8-r\">а"),
        );
    }

    #[test]
    fn guesses_japanese() {
        let text = "東京の天気は、週末にかけて雪の予報です。電車の遅れにご注意ください。";
        for encoding in [encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP] {
            check(&encoding.encode(text).0, Some(text));
        }
    }

    #[test]
    fn what_is_not_text_is_refused() {
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None);
        check(&[1, 2, 3, b'a'], None);
        check(b"text with a \0 in it, somewhere", None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_handled(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let text = decode(&bytes, Declaration::Html);
            prop_assert!(text.is_none_or(|text| !text.contains('\0')));
        }

        #[test]
        fn utf_8_is_kept(text in "[^\\x00-\\x1f]*") {
            let kept = decode(text.as_bytes(), Declaration::None);
            prop_assert_eq!(kept.as_deref(), Some(text.strip_prefix('\u{feff}').unwrap_or(&text)));
        }
    }
}
