//! Transfer encodings of mail (RFC 2045 §6), read leniently: what is not encoded stays as it is.

use std::borrow::Cow;

/// Minimum length of a line that is taken for Base64 whatever it decodes to, in bytes.
const MIN_ENCODED_LINE: usize = 40;

/// Minimum length of the words of Base64 in a line with blanks, in bytes: words of a language are
/// shorter.
const MIN_ENCODED_WORD: usize = 16;

/// Maximum number of lines of words before what is encoded.
const MAX_PREFACE_LINES: usize = 40;

/// Decodes the body of a part; `encoding` is the value of its `Content-Transfer-Encoding`.
pub(super) fn decode_transfer_encoding<'a>(body: &'a [u8], encoding: &str) -> Cow<'a, [u8]> {
    match encoding.trim().to_ascii_lowercase().as_str() {
        "base64" => decode_base64_body(body),
        "quoted-printable" => Cow::Owned(decode_quoted_printable(body)),
        _ => Cow::Borrowed(body),
    }
}

/// Decodes a body that a mail calls Base64: some are plain, and mailing lists write a plain text
/// before or after what is encoded.
fn decode_base64_body(body: &[u8]) -> Cow<'_, [u8]> {
    if let Some(length) = plain_preface_length(body) {
        let (preface, rest) = body.split_at(length);
        return Cow::Owned([preface, &*decode_after_preface(rest)].concat());
    }
    decode_after_preface(body)
}

/// Returns the length of the words before the first long line of Base64; `None` without any.
fn plain_preface_length(body: &[u8]) -> Option<usize> {
    let mut length = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n').take(MAX_PREFACE_LINES) {
        let is_long = line.trim_ascii().len() >= MIN_ENCODED_LINE;
        if is_long && is_base64_line(line) && !line.trim_ascii().contains(&b' ') {
            let preface = &body[..length];
            return (!preface.trim_ascii().is_empty() && !looks_like_base64(preface))
                .then_some(length);
        }
        length += line.len();
    }
    None
}

fn decode_after_preface(body: &[u8]) -> Cow<'_, [u8]> {
    let (encoded, rest) = body.split_at(encoded_length(body));
    if !encoded.is_empty() && !rest.trim_ascii().is_empty() && !looks_like_base64(rest) {
        let mut decoded = decode_base64(encoded);
        if !decoded.ends_with(b"\n") {
            decoded.push(b'\n');
        }
        decoded.push(b'\n');
        decoded.extend_from_slice(rest);
        return Cow::Owned(decoded);
    }
    if encoded.len() == body.len() || looks_like_base64(body) {
        return Cow::Owned(decode_base64(body));
    }
    Cow::Borrowed(body)
}

/// Returns the length of the Base64 at the start of a body: lines of nothing else, without short
/// blocks that are words by chance.
fn encoded_length(body: &[u8]) -> usize {
    let mut end = 0;
    let mut block_start = 0;
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        if line.trim_ascii().is_empty() {
            if is_encoded_block(&body[block_start..at]) {
                end = at;
            }
            block_start = at + line.len();
        } else if !is_base64_line(line) {
            break;
        }
        at += line.len();
    }
    let is_last = at > block_start && is_encoded_block(&body[block_start..at]);
    if is_last { at } else { end }
}

/// Returns true if lines of the letters of Base64 are encoded: one is long, or they decode to text.
fn is_encoded_block(block: &[u8]) -> bool {
    let is_long = |line: &[u8]| line.trim_ascii().len() >= MIN_ENCODED_LINE;
    if block.split(|byte| *byte == b'\n').any(is_long) {
        return true;
    }
    let is_text = |c: char| !c.is_control() || c.is_whitespace();
    str::from_utf8(&decode_base64(block)).is_ok_and(|text| text.chars().all(is_text))
}

/// Returns true if a line has nothing but Base64; rules of dashes and the like are none.
fn is_base64_line(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let is_rule = line.iter().all(|byte| matches!(byte, b'-' | b'_' | b'='));
    let mut words = line.rsplit(is_blank).skip(1).filter(|word| !word.is_empty());
    let is_base64 = |byte: &u8| sextet(*byte).is_some() || *byte == b'=' || is_blank(byte);
    !is_rule && line.iter().all(is_base64) && words.all(|word| word.len() >= MIN_ENCODED_WORD)
}

/// Returns true if at most one byte in twenty is foreign to Base64.
fn looks_like_base64(body: &[u8]) -> bool {
    let is_foreign =
        |byte: &&u8| sextet(**byte).is_none() && !matches!(byte, b'\r' | b'\n' | b'\t' | b'=');
    body.trim_ascii().iter().filter(is_foreign).count() * 20 <= body.len()
}

/// Decodes Base64 (RFC 4648 §4). Other bytes are skipped; padding ends a group, after which another
/// text may follow.
pub(super) fn decode_base64(body: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut bit_count) = (0_u32, 0_u32);
    for byte in body {
        if *byte == b'=' {
            (bits, bit_count) = (0, 0);
        }
        let Some(value) = sextet(*byte) else { continue };
        bits = bits << 6 | u32::from(value);
        bit_count += 6;
        if bit_count >= 8 {
            bit_count -= 8;
            decoded.push((bits >> bit_count & 0xff) as u8);
        }
    }
    decoded
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// Decodes quoted-printable (RFC 2045 §6.7). An `=` that begins no escape stands for itself.
pub(super) fn decode_quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'=' {
            decoded.push(*byte);
        } else if let Some(after) = strip_soft_break(after) {
            rest = after;
        } else if let Some((value, after)) = split_hex_pair(after) {
            decoded.push(value);
            rest = after;
        } else {
            decoded.push(b'=');
        }
    }
    decoded
}

/// Strips a line end, and blanks before it.
fn strip_soft_break(text: &[u8]) -> Option<&[u8]> {
    let blanks = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let text = &text[blanks..];
    let after = text.strip_prefix(b"\r\n").or_else(|| text.strip_prefix(b"\n"));
    after.or_else(|| text.is_empty().then_some(text))
}

fn split_hex_pair(text: &[u8]) -> Option<(u8, &[u8])> {
    let digit = |index: usize| char::from(*text.get(index)?).to_digit(16);
    let value = digit(0)? << 4 | digit(1)?;
    Some((u8::try_from(value).ok()?, &text[2..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decode_transfer_encoding_is_lenient() {
        let cases: [(&str, &str, &str); 10] = [
            ("plain = text", "7bit", "plain = text"),
            ("Zm9v\r\nYmFy\r\n", "Base64", "foobar"),
            ("Zm9vYg==\nYmFy", " base64 ", "foobbar"),
            ("Zm9vYmFyYmF6Zm9v YmFyYmF6", "base64", "foobarbazfoobarbaz"),
            (
                "These words, said to be encoded, are not. Not at all!",
                "base64",
                "These words, said to be encoded, are not. Not at all!",
            ),
            ("a=3Db=20c=\r\nd=  \ne", "quoted-printable", "a=b cde"),
            ("1+1=2 =", "Quoted-Printable", "1+1=2 "),
            ("=zz =3", "quoted-printable", "=zz =3"),
            ("a=3d", "quoted-printable", "a="),
            ("a=3D", "x-unknown", "a=3D"),
        ];
        for (body, encoding, expected) in cases {
            let decoded = decode_transfer_encoding(body.as_bytes(), encoding);
            assert_eq!(String::from_utf8_lossy(&decoded), expected, "{body} {encoding}");
        }
    }

    #[test]
    fn decode_transfer_encoding_keeps_the_plain_end_of_base64() {
        let words = "Grüße an alle Leser dieser Liste, und noch viele Wörter mehr. ".repeat(40);
        let encoded = crate::text::base64::encode(words.as_bytes());
        let lines: Vec<&str> = encoded
            .as_bytes()
            .chunks(76)
            .map(|line| str::from_utf8(line).expect("ASCII"))
            .collect();
        let long = lines.join("\r\n");
        let footers = [
            "-- \nmailing list footer text",
            "_______________________\nNews mailing list\nnews@example.org",
            "Footer\n\nhttps://lists.example.org/news",
            "==========\nUnsubscribe: write to us.",
            "Best\n\nAnn\n\nP. S. More.",
        ];
        for footer in footers {
            for (encoded, words) in [(long.as_str(), words.as_str()), ("R3LDvMOfZQ==", "Grüße")] {
                let body = format!("{encoded}\r\n\r\n{footer}");
                let decoded = decode_transfer_encoding(body.as_bytes(), "base64");
                let decoded = String::from_utf8_lossy(&decoded).into_owned();
                assert_eq!(
                    decoded.replace(['\r', '\n'], ""),
                    format!("{words}{footer}").replace('\n', "")
                );
            }
        }
        let prefaced =
            format!("This list is moderated.\r\nRules:\r\n\r\n{long}\r\n\r\n-- \nfooter text");
        let decoded = decode_transfer_encoding(prefaced.as_bytes(), "base64");
        let decoded = String::from_utf8_lossy(&decoded).into_owned();
        assert!(decoded.starts_with("This list is moderated.\r\nRules:\r\n\r\nGrüße"), "{decoded}");
        assert!(decoded.trim_end().ends_with("footer text") && decoded.contains(&*words));
        let damaged = long.replacen('R', "!R", 3);
        assert_eq!(*decode_transfer_encoding(damaged.as_bytes(), "base64"), *words.as_bytes());
        for plain in ["Hello\n\nThese are words, not bytes.", "Dear all,\nsee below."] {
            assert_eq!(*decode_transfer_encoding(plain.as_bytes(), "base64"), *plain.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn decode_base64_inverts_encoding(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let encoded = crate::text::base64::encode(&bytes);
            prop_assert_eq!(decode_base64(encoded.as_bytes()), bytes);
        }

        #[test]
        fn decode_quoted_printable_inverts_encoding(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let encoded: Vec<String> = bytes.iter().map(|byte| format!("={byte:02X}")).collect();
            prop_assert_eq!(decode_quoted_printable(encoded.join("=\r\n").as_bytes()), bytes);
        }
    }
}
