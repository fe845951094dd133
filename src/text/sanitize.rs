//! Sanitising of text: nothing in it moves the cursor or reorders what follows.
//!
//! [`to_text_line`] and [`to_text_block`] are for documents and for output that leaves the program:
//! they keep emoji sequences, soft hyphens and places to break. [`to_line`] and [`to_block`] are for
//! the screen, where all terminals must agree on the width: a terminal that counts a cell more or
//! less than this program shifts the rest of the row. So an emoji sequence is reduced to its first
//! emoji, and marks that only some terminals know are removed. All of them normalise to NFC.

use std::{borrow::Cow, str::Chars};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

use super::{escape_sequence, width};

const ZERO_WIDTH_SPACE: char = '\u{200b}';
const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// The first character of the flags of regions, such as England's.
const BLACK_FLAG: char = '\u{1f3f4}';

/// Maximum number of combining marks on one letter. No script needs more; pranks stack hundreds.
const MAX_COMBINING_MARKS: usize = 8;

/// Columns from one tab stop to the next.
const TAB_COLUMNS: usize = 8;

#[derive(Clone, Copy, PartialEq, Eq)]
enum LineBreaks {
    ToSpaces,
    Keep,
}

/// The place where a text is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Medium {
    /// The cells of a terminal, on whose number all terminals must agree.
    Screen,
    /// Files, pipes and documents.
    Text,
}

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
    let scrubbed = Sanitizer::new(shape, medium).sanitize(text);
    // Composed twice: letters that Unicode keeps decomposed have marks only then.
    let composed = compose(join_stacked_marks(compose(scrubbed)));
    Cow::Owned(if has_stacked_marks(&composed) { limit_stacked_marks(&composed) } else { composed })
}

fn is_sanitized(text: &str, shape: LineBreaks, medium: Medium) -> bool {
    if is_inert_text(text, shape) {
        return true;
    }
    let is_kept_white =
        |c: char| shape == LineBreaks::Keep && (c == '\n' || (c == '\t' && medium == Medium::Text));
    let is_unchanged = |c: char| {
        is_kept_white(c)
            || !(c.is_control()
                || is_removed(c)
                || is_sequence_part(c)
                || is_joiner(c)
                || is_line_end(c))
    };
    text.chars().all(is_unchanged) && is_nfc(text) && !has_stacked_marks(text)
}

/// Returns true if `text` holds only characters that are displayed unchanged: a fast check that
/// most texts pass.
fn is_inert_text(text: &str, shape: LineBreaks) -> bool {
    let is_plain =
        |byte: u8| matches!(byte, b' '..=b'~') || (byte == b'\n' && shape == LineBreaks::Keep);
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !is_plain(byte)) {
        let mut chars = rest[at..].chars();
        if !chars.next().is_some_and(is_inert) {
            return false;
        }
        rest = chars.as_str();
    }
    true
}

/// Returns true for characters of common scripts that are displayed unchanged and that no normal
/// form touches.
fn is_inert(c: char) -> bool {
    matches!(c,
        ' '..='~'
        | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}'
        | '\u{391}'..='\u{482}' | '\u{48a}'..='\u{52f}'
        | '\u{5d0}'..='\u{5ea}'
        | '\u{621}'..='\u{64a}'
        | '\u{1ea0}'..='\u{1ef9}'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}'
        | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30ff}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{ff01}'..='\u{ff5e}')
}

/// Returns true for characters that must not leave the program as they are: controls other than tabs
/// and line feeds, and characters with which text can look like other text. Formats that can escape
/// them do, so that nothing is lost.
pub fn is_deceptive(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n')
        || is_removed(c)
        || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Returns true for characters that are kept nowhere: bidi controls and the like, with which text
/// can look like other text.
fn is_removed(c: char) -> bool {
    matches!(c,
        '\u{34f}' | '\u{61c}'
        | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e001f}' | '\u{e0080}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
        // Noncharacters (Unicode §23.7).
        | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}'..='\u{ffff}' | '\u{10fffe}'..='\u{10ffff}')
}

/// Returns true for characters that are not displayed on the screen, because terminals disagree on
/// them: soft hyphens, variation selectors, skin tones, keycap marks, the letters of flags.
fn is_sequence_part(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{20e3}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
        || is_flag_tag(c)
        || matches!(c, '\u{e0100}'..='\u{e01ef}')
}

/// Returns true for the letters after a black flag that name a region (UTS #51 §1.4.2); elsewhere
/// they would be invisible text.
fn is_flag_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..='\u{e007f}')
}

fn is_joiner(c: char) -> bool {
    matches!(c, ZERO_WIDTH_SPACE | ZERO_WIDTH_NON_JOINER | ZERO_WIDTH_JOINER)
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}'
        | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Returns true if `joiner` has a meaning after `base`: it shapes a letter, or ends a word without
/// a blank.
fn is_meaningful_joiner(joiner: char, base: char) -> bool {
    match joiner {
        ZERO_WIDTH_SPACE => {
            matches!(base, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        }
        _ => {
            matches!(base, '\u{600}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
            | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        }
    }
}

fn has_stacked_marks(text: &str) -> bool {
    if text.chars().all(is_inert) {
        return false;
    }
    let mut height = 0;
    text.chars().any(|c| {
        height = stack_height(c, height);
        height > MAX_COMBINING_MARKS
    })
}

/// Returns the text in normal form C.
fn compose(text: String) -> String {
    if is_nfc(&text) { text } else { text.nfc().collect() }
}

/// Removes the parts of sequences between two combining marks, where they mean nothing and would keep
/// the marks from their normal order.
fn join_stacked_marks(text: String) -> String {
    if !(text.contains(is_sequence_part) && text.contains(is_stacked_mark)) {
        return text;
    }
    let (mut joined, mut parts, mut follows_mark) = (String::new(), String::new(), false);
    for c in text.chars() {
        if is_sequence_part(c) {
            parts.push(c);
            continue;
        }
        if !(follows_mark && is_stacked_mark(c)) {
            joined.push_str(&parts);
        }
        parts.clear();
        joined.push(c);
        follows_mark = is_stacked_mark(c);
    }
    joined + &parts
}

/// Returns the number of combining marks in a row up to `c`, of which there are `before` before it.
fn stack_height(c: char, before: usize) -> usize {
    match c {
        c if is_stacked_mark(c) => before + 1,
        c if is_sequence_part(c) => before,
        _ => 0,
    }
}

/// Returns true for marks that terminals draw above, below or over a letter. Variation selectors and
/// keycaps are marks as well, but parts of sequences.
fn is_stacked_mark(c: char) -> bool {
    is_combining_mark(c) && !is_sequence_part(c)
}

fn limit_stacked_marks(text: &str) -> String {
    let mut height = 0;
    let is_within_limit = |c: &char| {
        height = stack_height(*c, height);
        height <= MAX_COMBINING_MARKS || is_sequence_part(*c)
    };
    text.chars().filter(is_within_limit).collect()
}

struct Sanitizer {
    line_breaks: LineBreaks,
    medium: Medium,
    out: String,
    /// The last base character that was kept; `None` after a joiner.
    base_char: Option<char>,
    /// The current column, and the length of `out` up to which it was counted.
    column: usize,
    measured_bytes: usize,
}

impl Sanitizer {
    fn new(shape: LineBreaks, medium: Medium) -> Sanitizer {
        Sanitizer {
            line_breaks: shape,
            medium,
            out: String::new(),
            base_char: None,
            column: 0,
            measured_bytes: 0,
        }
    }

    fn sanitize(mut self, text: &str) -> String {
        self.out.reserve(text.len());
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            self.push_char(c, &mut rest);
        }
        self.out
    }

    fn push_char(&mut self, c: char, rest: &mut Chars<'_>) {
        match c {
            c if escape_sequence::starts_sequence(c) => escape_sequence::skip_sequence(c, rest),
            '\t' => self.push_tab(),
            '\r' if rest.as_str().starts_with('\n') => {}
            c if is_line_end(c) => self.push_line_end(),
            c if is_joiner(c) => self.push_joiner(c, rest),
            c if c.is_control() || is_removed(c) => {}
            c if is_sequence_part(c) => self.push_sequence_part(c),
            c => self.push_kept(c),
        }
    }

    fn push_sequence_part(&mut self, c: char) {
        let is_flag = self.base_char == Some(BLACK_FLAG);
        if self.medium == Medium::Text && (is_flag || !is_flag_tag(c)) {
            self.out.push(c);
        }
    }

    fn push_kept(&mut self, c: char) {
        self.out.push(c);
        if is_inert(c) || !is_combining_mark(c) {
            self.base_char = Some(c);
        }
    }

    fn push_line_end(&mut self) {
        match self.line_breaks {
            LineBreaks::ToSpaces => self.push_kept(' '),
            LineBreaks::Keep => {
                self.push_kept('\n');
                (self.column, self.measured_bytes) = (0, self.out.len());
            }
        }
    }

    fn push_tab(&mut self) {
        if self.line_breaks == LineBreaks::ToSpaces {
            return self.push_kept(' ');
        }
        if self.medium == Medium::Text {
            return self.push_kept('\t');
        }
        self.column += width(&self.out[self.measured_bytes..]);
        let blanks = TAB_COLUMNS - self.column % TAB_COLUMNS;
        (0..blanks).for_each(|_| self.push_kept(' '));
        self.column += blanks;
        self.measured_bytes = self.out.len();
    }

    /// Handles a zero-width joiner: between emoji it removes the second one with it on the screen; a
    /// joiner that shapes letters is kept.
    fn push_joiner(&mut self, joiner: char, rest: &mut Chars<'_>) {
        let joins_emoji = joiner == ZERO_WIDTH_JOINER
            && self.base_char.is_some_and(is_emoji)
            && rest.clone().next().is_some_and(|next| is_emoji(next) && !is_sequence_part(next));
        if joins_emoji && self.medium == Medium::Screen {
            rest.next();
        } else if joins_emoji
            || self.base_char.is_some_and(|base| is_meaningful_joiner(joiner, base))
        {
            self.out.push(joiner);
            self.base_char = None;
        } else if joiner == ZERO_WIDTH_SPACE
            && self.medium == Medium::Text
            && !self.out.ends_with(ZERO_WIDTH_SPACE)
        {
            self.out.push(joiner);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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

    /// Generates text full of characters with special treatment.
    fn hostile_text() -> impl Strategy<Value = String> {
        let parts = prop::sample::select(vec![
            "a",
            " ",
            "\u{1b}",
            "[",
            "]",
            "31m",
            "\u{7}",
            "\\",
            "\u{9b}",
            "\u{9d}",
            "\n",
            "\r",
            "\t",
            "\u{200d}",
            "\u{200c}",
            "\u{200b}",
            "👩",
            "👧",
            "🏽",
            "\u{fe0f}",
            "e\u{301}",
            "\u{323}",
            "\u{344}",
            "ا",
            "\u{64e}",
            "क",
            "\u{94d}",
            "ก",
            "\u{202e}",
            "\u{ad}",
            "\u{1100}",
            "\u{1161}",
            "\u{2126}",
            "🏴",
            "\u{e0067}",
            "\u{e007f}",
            "\u{20e3}",
        ]);
        let mixed = prop::collection::vec(parts, 0..40).prop_map(|parts| parts.concat());
        prop_oneof![mixed, any::<String>()]
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
