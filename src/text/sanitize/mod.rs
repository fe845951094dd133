//! Sanitising of text: nothing in it moves the cursor or reorders what follows.
//!
//! [`to_text_line`] and [`to_text_block`] are for documents and for output that leaves the program:
//! they keep emoji sequences, soft hyphens and places to break. [`to_line`] and [`to_block`] are for
//! the screen, where all terminals must agree on the width: a terminal that counts a cell more or
//! less than this program shifts the rest of the row. So an emoji sequence is reduced to its first
//! emoji, and marks that only some terminals know are removed. All of them normalise to NFC.
//!
//! [`to_text_block_in_parts`] sanitises a text whose parts have different styles.

mod chars;
mod check;
#[cfg(test)]
mod hostile_text;
mod normalize;
mod parts;
mod scrubber;

use std::borrow::Cow;

use self::{
    check::is_sanitized,
    normalize::normalize,
    scrubber::{LineBreaks, Medium, Scrubber},
};
use super::escape_sequence;

pub use chars::is_deceptive;
pub use parts::to_text_block_in_parts;

/// Returns `text` for display on one line, with line ends and tabs as blanks. Borrowed if nothing
/// changed.
pub fn to_line(text: &str) -> Cow<'_, str> {
    sanitize(text, LineBreaks::ToSpaces, Medium::Screen)
}

/// Returns `text` for display on several lines: every kind of line end becomes `\n`, and tabs reach
/// to the next eighth column.
pub fn to_block(text: &str) -> Cow<'_, str> {
    sanitize(text, LineBreaks::Keep, Medium::Screen)
}

/// As [`to_block`], for text that begins at `column` of its line.
pub fn to_block_at_column(text: &str, column: usize) -> Cow<'_, str> {
    if !text.contains('\t') {
        return to_block(text);
    }
    let scrubber = Scrubber::new(LineBreaks::Keep, Medium::Screen).at_column(column);
    Cow::Owned(normalize(scrubber.scrub(text)))
}

/// Returns `text` on one line, with line ends and tabs as blanks and with emoji sequences, soft
/// hyphens and zero-width spaces as they are.
pub fn to_text_line(text: &str) -> Cow<'_, str> {
    sanitize(text, LineBreaks::ToSpaces, Medium::Text)
}

/// Returns `text` on several lines: every kind of line end becomes `\n`; tabs, emoji sequences, soft
/// hyphens and zero-width spaces stay.
pub fn to_text_block(text: &str) -> Cow<'_, str> {
    sanitize(text, LineBreaks::Keep, Medium::Text)
}

/// Returns `text` without control characters and terminal sequences, otherwise unchanged: for text
/// that is stored.
pub fn strip_controls(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' => kept.push(' '),
            c if escape_sequence::starts_sequence(c) => {
                escape_sequence::skip_sequence(c, &mut rest);
            }
            c if c.is_control() => {}
            c => kept.push(c),
        }
    }
    Cow::Owned(kept)
}

fn sanitize(text: &str, shape: LineBreaks, medium: Medium) -> Cow<'_, str> {
    if is_sanitized(text, shape, medium) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(normalize(Scrubber::new(shape, medium).scrub(text)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{hostile_text::hostile_text, normalize::MAX_COMBINING_MARKS, *};

    #[test]
    fn to_line_removes_controls_and_ambiguous_widths() {
        let cases = [
            ("plain", "plain"),
            ("a\tb\nc\r\nd", "a b c d"),
            ("red \u{1b}[31mtext\u{1b}[0m", "red text"),
            ("\u{1b}]0;title\u{7}text", "text"),
            ("\u{1b}]8;;http://example.org\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
            ("\u{1b}P1$r0m\u{1b}\\after", "after"),
            ("\u{1b}(Bafter \u{1b}c", "after "),
            ("\u{9b}31mC1", "C1"),
            ("\u{1b}]unended", "unended"),
            ("a\u{0}b\u{7f}c\u{8d}", "abc"),
            ("\u{202e}evil\u{202c} \u{2066}x\u{2069}", "evil x"),
            ("👨\u{200d}👩\u{200d}👧\u{200d}👦!", "👨!"),
            ("🏳\u{fe0f}\u{200d}🌈", "🏳"),
            ("👍🏽", "👍"),
            ("❤\u{fe0f} 1\u{fe0f}\u{20e3}", "❤ 1"),
            ("soft\u{ad}hyphen", "softhyphen"),
            ("\u{feff}bom", "bom"),
            ("a\u{200b}b\u{200c}c\u{200d}d", "abcd"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("e\u{301}", "é"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
        ];
        for (text, expected) in cases {
            assert_eq!(to_line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn to_block_keeps_lines_and_expands_tabs() {
        assert_eq!(to_block("a\tb\r\nc\rd\u{c}e"), "a       b\nc\nd\ne");
        assert_eq!(to_block("東\tb"), "東      b");
        assert!(matches!(to_block("one\ntwo"), Cow::Borrowed(_)));
        assert_eq!(to_block_at_column("a\tb\n\tc", 3), "a    b\n        c");
    }

    #[test]
    fn mark_without_letter_stands_on_dotted_circle_on_screen() {
        assert_eq!(to_line("\u{301}a"), "\u{25cc}\u{301}a");
        assert_eq!(to_block("a\n\u{200b}\u{301}b"), "a\n\u{25cc}\u{301}b");
        assert_eq!(to_text_block("\u{301}a"), "\u{301}a");
        assert_eq!(to_line("a \u{301}b"), "a \u{301}b");
    }

    #[test]
    fn place_to_break_before_mark_is_removed() {
        for text in ["e\u{ad}\u{301}", "e\u{200b}\u{301}", "e\u{200b}\u{ad}\u{301}"] {
            assert_eq!(to_text_line(text), "é", "{text:?}");
        }
        assert_eq!(to_line("ก\u{200b}\u{e34}"), "ก\u{e34}");
    }

    #[test]
    fn to_text_line_keeps_sequences_and_removes_controls() {
        let kept = [
            "👨\u{200d}👩\u{200d}👧\u{200d}👦!",
            "🏳\u{fe0f}\u{200d}🌈",
            "👩🏽\u{200d}💻 👍🏽",
            "❤\u{fe0f} 1\u{fe0f}\u{20e3}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "葛\u{e0100}",
            "soft\u{ad}hyphen zero\u{200b}width",
            "می\u{200c}خواهم",
        ];
        for text in kept {
            assert_eq!(to_text_line(text), text);
        }
        let cases = [
            ("a\tb\nc", "a b c"),
            ("\u{1b}[31mred\u{202e}evil\u{feff}", "redevil"),
            ("a\u{e0068}\u{e0069}b", "ab"),
            ("a\u{200d}b\u{200c}c\u{200b}\u{200b}d", "abc\u{200b}d"),
            ("e\u{301}", "é"),
            ("x\u{323}\u{fe0f}\u{301}", "x\u{323}\u{301}"),
        ];
        for (text, expected) in cases {
            assert_eq!(to_text_line(text), expected, "{text:?}");
        }
        assert_eq!(to_text_block("a\tb\r\nc"), "a\tb\nc");
    }

    #[test]
    fn to_line_borrows_clean_text() {
        for text in
            ["plain", "It’s 5 °C — “cold”", "東京の天気", "Русский", "عربي", "हिन्दी", "Việt"]
        {
            assert!(matches!(to_line(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn strip_controls_removes_only_controls() {
        assert_eq!(strip_controls("\u{1b}[1mA\u{1b}[0m\nB 👍🏽\u{0}"), "A B 👍🏽");
    }

    #[test]
    fn to_line_limits_stacked_marks() {
        assert!(
            to_line(&format!("a{}", "\u{33f}".repeat(500))).chars().count()
                <= MAX_COMBINING_MARKS + 1
        );
    }

    proptest! {
        #[test]
        fn to_line_is_control_free_and_idempotent(text in hostile_text()) {
            let once = to_line(&text).into_owned();
            prop_assert!(!once.contains(char::is_control));
            prop_assert_eq!(to_line(&once), once.as_str());
        }

        #[test]
        fn to_block_is_control_free_and_idempotent(text in hostile_text()) {
            let once = to_block(&text).into_owned();
            prop_assert!(!once.contains(|c: char| c.is_control() && c != '\n'));
            prop_assert_eq!(to_block(&once), once.as_str());
        }

        #[test]
        fn to_text_block_is_control_free_and_idempotent(text in hostile_text()) {
            let once = to_text_block(&text).into_owned();
            prop_assert!(!once.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')));
            prop_assert_eq!(to_text_block(&once), once.as_str());
        }

        #[test]
        fn to_block_of_kept_text_equals_to_block(text in hostile_text()) {
            let kept = to_text_block(&text);
            prop_assert_eq!(to_block(&kept), to_block(&text));
        }
    }
}
