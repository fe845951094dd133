//! Names of files and folders that are made from titles.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::sanitize;

/// Maximum length of the name of a file, in bytes: what most file systems allow.
pub const MAX_FILE_NAME_BYTES: usize = 255;

/// Characters that Windows or macOS do not allow in names, and those that shells expand.
const RESERVED_CHARS: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

/// Names that stand for devices on Windows, with any extension.
const DEVICE_NAMES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Returns `text` as the name of a file or folder of at most `max_bytes` bytes on any system, or as the
/// start of one; empty if nothing is left of it.
///
/// Letters of every script stay, in their composed form, so that macOS and Linux have one name.
pub fn safe_file_name(text: &str, max_bytes: usize) -> String {
    let is_allowed = |c: char| !sanitize::is_deceptive(c) && c != '\u{fffd}';
    let replace = |c: char| if RESERVED_CHARS.contains(&c) || c.is_control() { ' ' } else { c };
    let plain: String = text.chars().map(replace).filter(|c| is_allowed(*c)).nfc().collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    // A leading dot hides a file, and a leading hyphen makes it an option.
    let start = words.trim_start_matches(['.', '-', ' ', '~']);
    let room = max_bytes.min(MAX_FILE_NAME_BYTES);
    let name = trim_name_end(cut_at_grapheme(start, room)).to_owned();
    if is_device_name(&name) && name.len() < room { format!("{name}_") } else { name }
}

/// Cuts `text` after the last grapheme that ends within `max_bytes`.
fn cut_at_grapheme(text: &str, max_bytes: usize) -> &str {
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        if at + grapheme.len() > max_bytes {
            break;
        }
        end = at + grapheme.len();
    }
    &text[..end]
}

/// Removes the dots and blanks at the end of a name, which Windows drops.
fn trim_name_end(name: &str) -> &str {
    name.trim_end_matches(['.', ' '])
}

/// Returns whether Windows takes a name for that of a device.
fn is_device_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_lowercase();
    let is_port = ["com", "lpt"].iter().any(|port| {
        stem.strip_prefix(port).is_some_and(|number| {
            let mut chars = number.chars();
            chars.next().is_some_and(|c| "0123456789¹²³".contains(c)) && chars.next().is_none()
        })
    });
    is_port || DEVICE_NAMES.contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn safe_file_name_keeps_letters_and_replaces_what_systems_refuse() {
        for (text, expected) in [
            ("The bridge reopens", "The bridge reopens"),
            ("Was ist „neu“? A/B: <test>", "Was ist „neu“ A B test"),
            ("../../etc/passwd", "etc passwd"),
            ("-rf", "rf"),
            ("नमस्ते दुनिया", "नमस्ते दुनिया"),
            ("السلام عليكم", "السلام عليكم"),
            ("cafe\u{301}", "café"),
            ("a\u{1b}[31m\u{202e}b\n c...", "a [31mb c"),
            ("CON", "CON_"),
            ("lpt1.txt", "lpt1.txt_"),
            ("COM10", "COM10"),
            ("...", ""),
            ("", ""),
        ] {
            assert_eq!(safe_file_name(text, 100), expected, "{text}");
        }
        assert_eq!(safe_file_name("日本語の記事", 10), "日本語");
        assert_eq!(safe_file_name("ab👨\u{200d}👩\u{200d}👧", 12), "ab");
    }

    proptest! {
        #[test]
        fn safe_file_name_of_any_text_is_safe_and_stays(text in any::<String>(), max_bytes in 8..300_usize) {
            let name = safe_file_name(&text, max_bytes);
            prop_assert!(name.len() <= max_bytes.min(MAX_FILE_NAME_BYTES));
            prop_assert!(!name.contains(RESERVED_CHARS) && !name.contains(char::is_control));
            prop_assert!(!name.starts_with(['.', '-', ' ']) && !name.ends_with(['.', ' ']));
            prop_assert!(!is_device_name(&name), "{}", name);
        }
    }
}
