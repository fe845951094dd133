//! The clipboard, set through the terminal (OSC 52), which works over ssh too.

use crate::text::base64;

/// Maximum length of a text for the clipboard, in bytes; terminals reject longer ones.
const MAX_CLIPBOARD_BYTES: usize = 74_000;

/// Returns the escape sequence that puts `text` into the clipboard, truncated to
/// `MAX_CLIPBOARD_BYTES`.
pub fn osc52_sequence(text: &str) -> String {
    let end = (0..=text.len().min(MAX_CLIPBOARD_BYTES))
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or(0);
    format!("\x1b]52;c;{}\x1b\\", base64::encode(&text.as_bytes()[..end]))
}

#[cfg(test)]
mod tests {
    use super::osc52_sequence;

    #[test]
    fn osc52_truncates_at_char_boundary() {
        assert!(osc52_sequence(&"é".repeat(60_000)).len() < 100_000);
    }
}
