//! Transfer encodings of mail (RFC 2045 §6), read leniently: what is not encoded stays as it is.

use std::borrow::Cow;

/// Decodes the body of a part; `encoding` is the value of its `Content-Transfer-Encoding`.
pub(super) fn decode_transfer_encoding<'a>(body: &'a [u8], encoding: &str) -> Cow<'a, [u8]> {
    match encoding.trim().to_ascii_lowercase().as_str() {
        "base64" if looks_like_base64(body) => Cow::Owned(decode_base64(body)),
        "quoted-printable" => Cow::Owned(decode_quoted_printable(body)),
        _ => Cow::Borrowed(body),
    }
}

/// Returns true if at most one byte in twenty is foreign to Base64: some mails say it and are plain,
/// and lists append a footer to what is encoded.
fn looks_like_base64(body: &[u8]) -> bool {
    let is_foreign =
        |byte: &&u8| sextet(**byte).is_none() && !matches!(byte, b'\r' | b'\n' | b'\t' | b'=');
    body.trim_ascii().iter().filter(is_foreign).count() * 20 <= body.len()
}

/// Decodes Base64 (RFC 4648 §4). Other bytes are skipped; padding ends a group, after which another
/// text may follow.
fn decode_base64(body: &[u8]) -> Vec<u8> {
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
fn decode_quoted_printable(body: &[u8]) -> Vec<u8> {
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
