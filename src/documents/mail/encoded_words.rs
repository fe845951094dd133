//! Encoded words in headers (RFC 2047), rewritten so that each stands for whole characters.

use encoding_rs::{Encoding, WINDOWS_1252};

use super::{
    mail_text::decode_mail_text,
    transfer_encoding::{decode_base64, decode_quoted_printable},
};
use crate::text::base64;

/// An encoded word, as far as it is read: its charset, its bytes, and its place in the header.
struct EncodedWord<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

/// Rewrites the encoded words of headers as words of UTF-8. Neighbours of one charset are joined
/// before they are decoded, because many programs split a character between them.
pub(super) fn join_encoded_words(headers: &str) -> String {
    let mut joined = String::with_capacity(headers.len());
    let mut copied = 0;
    let mut next = find_encoded_word(headers, 0);
    while let Some(mut word) = next {
        next = find_encoded_word(headers, word.end);
        while let Some(other) = next.take_if(|other| {
            other.charset.eq_ignore_ascii_case(word.charset)
                && headers[word.end..other.start].trim().is_empty()
        }) {
            word.bytes.extend(other.bytes);
            word.end = other.end;
            next = find_encoded_word(headers, word.end);
        }
        let text = decode_word(&word.bytes, word.charset);
        joined.push_str(&headers[copied..word.start]);
        joined.extend(["=?utf-8?B?", &base64::encode(text.as_bytes()), "?="]);
        copied = word.end;
    }
    joined.push_str(&headers[copied..]);
    joined
}

/// Finds the first encoded word at `from` or later.
fn find_encoded_word(headers: &str, from: usize) -> Option<EncodedWord<'_>> {
    let starts = headers[from..].match_indices("=?").map(|(at, _)| from + at);
    starts.into_iter().find_map(|start| read_encoded_word(headers, start))
}

/// Reads the encoded word at `start`: `=?charset*language?encoding?text?=`, on one line.
fn read_encoded_word(headers: &str, start: usize) -> Option<EncodedWord<'_>> {
    let is_mark = |c: char| matches!(c, '?' | '\n');
    let field = |from: usize| {
        let length = headers[from..].find(is_mark)?;
        headers[from + length..]
            .starts_with('?')
            .then_some((&headers[from..from + length], from + length + 1))
    };
    let (charset, encoding_start) = field(start + 2)?;
    let (encoding, text_start) = field(encoding_start)?;
    let (text, after) = field(text_start)?;
    let charset = charset.split('*').next().unwrap_or(charset).trim();
    let bytes = match encoding {
        _ if charset.is_empty() || !headers[after..].starts_with('=') => return None,
        "B" | "b" => decode_base64(text.as_bytes()),
        "Q" | "q" => decode_quoted_printable(text.replace('_', "=20").as_bytes()),
        _ => return None,
    };
    Some(EncodedWord { charset, bytes, start, end: after + 1 })
}

/// Decodes the bytes of a word: in the charset that it names if it fits, else as a mail's text.
fn decode_word(bytes: &[u8], charset: &str) -> String {
    let named = Encoding::for_label_no_replacement(charset.as_bytes());
    let is_utf_8 = !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok();
    let fitting = named.filter(|encoding| *encoding != WINDOWS_1252 || !is_utf_8);
    match fitting.map(|encoding| encoding.decode_without_bom_handling(bytes)) {
        Some((text, false)) => text.into_owned(),
        _ => decode_mail_text(bytes, Some(charset), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::mail::{entity::parse_headers, heading::MessageHeading};

    fn subject(written: &str) -> Option<String> {
        let headers = join_encoded_words(&format!("Subject: {written}\r\n\r\n"));
        MessageHeading::new(&parse_headers(&headers)?).subject
    }

    #[test]
    fn join_encoded_words_keeps_characters_that_are_split() {
        let cases = [
            ("=?utf-8?Q?Z=C3?= =?utf-8?Q?=BCge?=", "Züge"),
            ("=?UTF-8?q?Z=C3?=\r\n =?utf-8*de?Q?=BCge_im?= Tal", "Züge im Tal"),
            ("=?utf-8?B?WsM=?=\r\n\t=?utf-8?B?vGdl?=", "Züge"),
            ("=?utf-8?B?WsM=?= =?utf-8?Q?=BCge?=", "Züge"),
            ("=?shift_jis?B?k4yL?= =?shift_jis?B?njU=?=", "東京5"),
            ("=?iso-8859-1?Q?Z=FC?= =?utf-8?Q?ge?=", "Züge"),
            ("=?iso-8859-1?Q?Z=C3=BCge?=", "Züge"),
            ("=?utf-8?Q?Z=FCge_und_Wege?=", "Züge und Wege"),
            ("one =?utf-8?Q?two?= three", "one two three"),
            ("=?nonsense?Q?a?= =?utf-8?X?b?= =?utf-8?Q?c", "a =?utf-8?X?b?= =?utf-8?Q?c"),
        ];
        for (written, expected) in cases {
            assert_eq!(subject(written).as_deref(), Some(expected), "{written}");
        }
        assert_eq!(join_encoded_words("a =?? =?b"), "a =?? =?b");
    }

    #[test]
    fn join_encoded_words_takes_linear_time() {
        for part in ["=?", "=?a?", "=?a?Q?b?= ", "=?a?Q?b", "?="] {
            join_encoded_words(&part.repeat(50_000));
        }
    }
}
