//! The clipboard, through the terminal (OSC 52): it works over ssh too.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes that terminals take at the most.
const LIMIT: usize = 74_000;

/// The sequence that puts `text` into the clipboard, cut at what terminals take.
pub fn osc52(text: &str) -> String {
    let end = (0..=text.len().min(LIMIT)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("\x1b]52;c;{}\x1b\\", base64(&text.as_bytes()[..end]))
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let index = (group >> (18 - 6 * place)) & 63;
            out.push(if place <= chunk.len() { char::from(ALPHABET[index as usize]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{base64, osc52};

    #[test]
    fn the_vectors_of_rfc_4648() {
        for (text, code) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(text.as_bytes()), code);
        }
    }

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        assert!(osc52(&"é".repeat(60_000)).len() < 100_000);
    }
}
