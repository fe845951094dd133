//! The clipboard, through the terminal (OSC 52): it works over ssh too.

use crate::text::base64;
/// Bytes that terminals take at the most.
const LIMIT: usize = 74_000;

/// The sequence that puts `text` into the clipboard, cut at what terminals take.
pub fn osc52(text: &str) -> String {
    let end = (0..=text.len().min(LIMIT)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("\x1b]52;c;{}\x1b\\", base64::encode(&text.as_bytes()[..end]))
}

#[cfg(test)]
mod tests {
    use super::osc52;

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        assert!(osc52(&"é".repeat(60_000)).len() < 100_000);
    }
}
