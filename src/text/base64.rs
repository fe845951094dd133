//! Base64 (RFC 4648 §4).

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::BASE64_STANDARD,
};

/// A lenient decoder for feeds: padding is optional, and unused bits at the end may be set.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Encodes `bytes` with the standard alphabet, with padding.
pub fn encode(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// Decodes `text` in the standard or the URL-safe alphabet; `None` if it holds other characters.
///
/// ASCII whitespace and padding may be anywhere, or be missing.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut digits: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => byte,
        })
        .collect();
    // A single digit after the last group of four stands for less than a byte: the text was cut.
    if digits.len() % 4 == 1 && digits.last().is_some_and(|digit| is_digit(*digit)) {
        digits.pop();
    }
    LENIENT.decode(digits).ok()
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn base64_matches_rfc_4648_vectors() {
        for (text, code) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(encode(text.as_bytes()), code);
            assert_eq!(decode(code).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(decode("no base64!"), None);
    }

    #[test]
    fn decode_accepts_missing_padding_and_whitespace() {
        for code in ["Zm9vYmE=", "Zm9vYmE", "Zm9v\n YmE=\n", "Zm9vYmF", "Zm9v=YmE=", "Zm9vYmE=Z"] {
            assert!(decode(code).is_some_and(|bytes| bytes.starts_with(b"fooba")), "{code}");
        }
        assert_eq!(decode("-_-_"), decode("+/+/"));
        assert_eq!(decode("Zm9v!"), None);
    }

    proptest! {
        #[test]
        fn base64_round_trips(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
    }
}
