//! The text of a part: its charset, which many mails state wrongly, and its soft line breaks.

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;

use crate::{documents::decode, text::charset};

/// Decodes the bytes of a text part; `label` is the charset that the mail names.
///
/// The first of these decides: a byte order mark or the pattern of UTF-16, valid UTF-8 beyond ASCII,
/// the named charset if it fits, the charset that HTML names, a guess.
pub(super) fn decode_mail_text(bytes: &[u8], label: Option<&str>, is_html: bool) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    let named = label.and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()));
    if bytes.is_ascii() {
        return decode_ascii(bytes, label, named);
    }
    if is_mostly_utf_8(bytes) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    if let Some(encoding) = charset::detect_utf_16(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    let html_charset = || is_html.then(|| decode::find_declared_charset(bytes)).flatten();
    let fitting = named.or_else(html_charset).filter(|encoding| fits(encoding, label, bytes));
    if let Some(encoding) = fitting {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    // Charsets that the web does not know.
    let mail_decoder = label.and_then(|label| charset_decoder(label.as_bytes()));
    match mail_decoder.filter(|_| named.is_none()) {
        Some(decode) => decode(bytes),
        None => charset::guess_encoding(bytes).decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// Decodes ASCII, which may be UTF-7 or carry escape sequences that switch to another charset.
fn decode_ascii(bytes: &[u8], label: Option<&str>, named: Option<&'static Encoding>) -> String {
    let utf_7 = label.filter(|label| label.to_ascii_lowercase().contains("utf-7"));
    if let Some(decode) = utf_7.and_then(|label| charset_decoder(label.as_bytes())) {
        return decode(bytes);
    }
    let is_escaped = memchr::memmem::find(bytes, b"\x1b$").is_some();
    let encoding = match named {
        Some(named) if !named.is_ascii_compatible() => named,
        _ if is_escaped => ISO_2022_JP,
        _ => UTF_8,
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Returns true if `bytes` have more characters of UTF-8 beyond ASCII than errors.
fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut characters, mut errors) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        characters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        errors += usize::from(!chunk.invalid().is_empty());
    }
    characters > errors
}

/// Returns true if `bytes`, which are not UTF-8, can be in the charset that the mail names.
fn fits(encoding: &'static Encoding, label: Option<&str>, bytes: &[u8]) -> bool {
    let is_ascii_label = label.is_some_and(|label| label.to_ascii_lowercase().contains("ascii"));
    if encoding == UTF_8 || is_ascii_label {
        return false;
    }
    let (_, has_errors) = encoding.decode_without_bom_handling(bytes);
    let is_default = encoding == WINDOWS_1252;
    !(has_errors || is_default && is_another_script(bytes))
}

/// Returns true if a text is in a script other than Latin: a third of its letters are beyond ASCII,
/// and their frequencies are those of another script. Programs that know no charset say ISO-8859-1.
fn is_another_script(bytes: &[u8]) -> bool {
    const LATIN: [&str; 7] = [
        "windows-1252",
        "windows-1250",
        "windows-1254",
        "windows-1257",
        "windows-1258",
        "ISO-8859-2",
        "ISO-8859-4",
    ];
    let beyond_ascii = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    let ascii_letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let guess = charset::guess_encoding(bytes);
    beyond_ascii * 2 > ascii_letters
        && !LATIN.contains(&guess.name())
        && !guess.decode_without_bom_handling(bytes).1
}

/// Joins the lines of a `format=flowed` text (RFC 3676 §4.2): a line that ends with a space goes on
/// in the next one of the same quotation depth. With `delete_space`, that space is removed.
pub(super) fn unflow(text: &str, delete_space: bool) -> String {
    let mut joined = String::with_capacity(text.len());
    // The quotation depth of the line that goes on.
    let mut open_depth = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        if open_depth != Some(depth) {
            if !joined.is_empty() {
                joined.push('\n');
            }
            joined.extend(std::iter::repeat_n('>', depth));
            joined.push_str(if depth > 0 { " " } else { "" });
        }
        let is_signature = content == "-- ";
        let flows = content.ends_with(' ') && !is_signature;
        joined.push_str(if flows && delete_space {
            &content[..content.len() - 1]
        } else {
            content
        });
        open_depth = flows.then_some(depth);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(label: &str, text: &str) -> Vec<u8> {
        Encoding::for_label(label.as_bytes()).expect("a label").encode(text).0.into_owned()
    }

    #[test]
    fn decode_mail_text_survives_wrong_charsets() {
        let (german, russian) = ("Grüße aus Köln", "Привет, это письмо о погоде в Москве");
        let japanese = "今日は東京で会議があります";
        let cases = [
            ("utf-8", german, vec![Some("iso-8859-1"), Some("us-ascii"), Some("utf-8"), None]),
            ("iso-8859-1", german, vec![Some("iso-8859-1"), Some("utf-8"), Some("us-ascii"), None]),
            ("koi8-r", russian, vec![Some("koi8-r"), Some("iso-8859-1"), Some("utf-8"), None]),
            (
                "windows-1251",
                russian,
                vec![Some("windows-1251"), Some("us-ascii"), Some("nonsense")],
            ),
            (
                "shift_jis",
                japanese,
                vec![Some("shift_jis"), Some("iso-8859-1"), Some("utf-8"), None],
            ),
            ("iso-2022-jp", japanese, vec![Some("iso-2022-jp"), Some("us-ascii"), None]),
        ];
        for (charset, text, labels) in cases {
            let bytes = encode(charset, text);
            for label in labels {
                assert_eq!(decode_mail_text(&bytes, label, false), text, "{charset} as {label:?}");
            }
        }
        assert_eq!(decode_mail_text(b"Gr+APwA3w-e", Some("utf-7"), false), "Grüße");
        assert_eq!(decode_mail_text(b"\xff\xfeh\0i\0", Some("utf-8"), false), "hi");
        let html = encode("windows-1251", "<meta charset=windows-1251>Да");
        assert!(decode_mail_text(&html, None, true).ends_with("Да"));
        assert_eq!(decode_mail_text("one \u{e9} bad".as_bytes(), None, false), "one é bad");
        assert_eq!(
            decode_mail_text(b"caf\xc3\xa9 cr\xc3\xa8me \xff", None, false),
            "café crème \u{fffd}"
        );
    }

    #[test]
    fn unflow_joins_soft_line_breaks() {
        let cases = [
            ("A line that \ngoes on.\nA new one.", false, "A line that goes on.\nA new one."),
            ("Ein Lang \nwort.", true, "Ein Langwort."),
            ("> quoted \n> on\nmine \n> theirs", false, "> quoted on\nmine \n> theirs"),
            (">> deep\n> less", false, ">> deep\n> less"),
            (" From stuffed\n >not quoted", false, "From stuffed\n>not quoted"),
            ("Text \n\nNext\n-- \nAnn", false, "Text \nNext\n-- \nAnn"),
            ("", false, ""),
        ];
        for (text, delete_space, expected) in cases {
            assert_eq!(unflow(text, delete_space), expected, "{text:?}");
        }
    }
}
