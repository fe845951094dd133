//! Text made fit for display: nothing in it moves the cursor, and all terminals agree on its width.
//!
//! Rules and the measurements behind them: a terminal that counts a cell more or less than we do shifts the rest of
//! the row. So emoji sequences become their first emoji, marks that only some terminals know go, and the rest is NFC.

use std::{borrow::Cow, str::Chars};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

use super::{escape, width};

const ZERO_WIDTH_SPACE: char = '\u{200b}';
const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// Combining marks on one letter at the most; no script needs more, pranks stack hundreds.
const MARKS: usize = 8;

/// Columns from one tab stop to the next.
const TAB: usize = 8;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Line,
    Block,
}

/// `text` for display on one line: line ends and tabs become blanks. Borrowed when nothing had to be done.
pub fn line(text: &str) -> Cow<'_, str> {
    tidy(text, Shape::Line)
}

/// `text` for display on several lines: every kind of line end becomes `\n`, tabs reach to the next eighth column.
pub fn block(text: &str) -> Cow<'_, str> {
    tidy(text, Shape::Block)
}

/// `text` without control characters and terminal sequences but otherwise as it is, for what is stored.
pub fn controls(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' => kept.push(' '),
            c if escape::opens(c) => escape::skip(c, &mut rest),
            c if c.is_control() => {}
            c => kept.push(c),
        }
    }
    Cow::Owned(kept)
}

fn tidy(text: &str, shape: Shape) -> Cow<'_, str> {
    if is_tidy(text, shape) {
        return Cow::Borrowed(text);
    }
    let scrubbed = Scrubber::new(shape).scrub(text);
    let composed = if is_nfc(&scrubbed) { scrubbed } else { scrubbed.nfc().collect() };
    Cow::Owned(if has_towers(&composed) { without_towers(&composed) } else { composed })
}

fn is_tidy(text: &str, shape: Shape) -> bool {
    if is_plain(text, shape) {
        return true;
    }
    let kept = |c: char| c == '\n' && shape == Shape::Block;
    let shown = |c: char| kept(c) || !(c.is_control() || is_dropped(c) || is_joiner(c) || is_line_end(c));
    text.chars().all(shown) && is_nfc(text) && !has_towers(text)
}

/// Whether there is nothing but characters that are shown as they are; fast, for most texts are such.
fn is_plain(text: &str, shape: Shape) -> bool {
    let plain = |byte: u8| matches!(byte, b' '..=b'~') || (byte == b'\n' && shape == Shape::Block);
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !plain(byte)) {
        let mut chars = rest[at..].chars();
        if !chars.next().is_some_and(is_inert) {
            return false;
        }
        rest = chars.as_str();
    }
    true
}

/// Characters of common scripts that are shown as they are and that no normal form touches.
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

/// What is never shown: soft hyphens, bidi controls, variation selectors, skin tones, keycap marks and the like.
fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{20e3}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e0000}'..='\u{e0fff}'
        // Noncharacters, which are nobody's text (Unicode §23.7).
        | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}'..='\u{ffff}' | '\u{10fffe}'..='\u{10ffff}')
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

/// Whether `joiner` means something after `base`: the shape of a letter, or the end of a word without a blank.
fn is_meant(joiner: char, base: char) -> bool {
    match joiner {
        ZERO_WIDTH_SPACE => {
            matches!(base, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        }
        _ => matches!(base, '\u{600}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
            | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'),
    }
}

fn has_towers(text: &str) -> bool {
    if text.chars().all(is_inert) {
        return false;
    }
    let mut height = 0;
    text.chars().any(|c| {
        height = if is_combining_mark(c) { height + 1 } else { 0 };
        height > MARKS
    })
}

fn without_towers(text: &str) -> String {
    let mut height = 0;
    let low = |c: &char| {
        height = if is_combining_mark(*c) { height + 1 } else { 0 };
        height <= MARKS
    };
    text.chars().filter(low).collect()
}

struct Scrubber {
    shape: Shape,
    out: String,
    /// The last letter kept, marks aside; none after a joiner.
    base: Option<char>,
    /// The column reached, and the length of `out` up to which that was counted.
    column: usize,
    counted: usize,
}

impl Scrubber {
    fn new(shape: Shape) -> Scrubber {
        Scrubber { shape, out: String::new(), base: None, column: 0, counted: 0 }
    }

    fn scrub(mut self, text: &str) -> String {
        self.out.reserve(text.len());
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            self.take(c, &mut rest);
        }
        self.out
    }

    fn take(&mut self, c: char, rest: &mut Chars<'_>) {
        match c {
            c if escape::opens(c) => escape::skip(c, rest),
            '\t' => self.tab(),
            '\r' if rest.as_str().starts_with('\n') => {}
            c if is_line_end(c) => self.line_end(),
            c if is_joiner(c) => self.join(c, rest),
            c if c.is_control() || is_dropped(c) => {}
            c => self.keep(c),
        }
    }

    fn keep(&mut self, c: char) {
        self.out.push(c);
        if is_inert(c) || !is_combining_mark(c) {
            self.base = Some(c);
        }
    }

    fn line_end(&mut self) {
        match self.shape {
            Shape::Line => self.keep(' '),
            Shape::Block => {
                self.keep('\n');
                (self.column, self.counted) = (0, self.out.len());
            }
        }
    }

    fn tab(&mut self) {
        if self.shape == Shape::Line {
            return self.keep(' ');
        }
        self.column += width(&self.out[self.counted..]);
        let blanks = TAB - self.column % TAB;
        (0..blanks).for_each(|_| self.keep(' '));
        self.column += blanks;
        self.counted = self.out.len();
    }

    /// A joiner between emoji takes the second one with it; one that shapes letters stays.
    fn join(&mut self, joiner: char, rest: &mut Chars<'_>) {
        let joins_emoji = joiner == ZERO_WIDTH_JOINER
            && self.base.is_some_and(is_emoji)
            && rest.clone().next().is_some_and(is_emoji);
        if joins_emoji {
            rest.next();
        } else if self.base.is_some_and(|base| is_meant(joiner, base)) {
            self.out.push(joiner);
            self.base = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_lose_what_terminals_act_on_or_disagree_about() {
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
            assert_eq!(line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn blocks_keep_their_lines_and_columns() {
        assert_eq!(block("a\tb\r\nc\rd\u{c}e"), "a       b\nc\nd\ne");
        assert_eq!(block("東\tb"), "東      b");
        assert!(matches!(block("one\ntwo"), Cow::Borrowed(_)));
    }

    #[test]
    fn clean_text_is_borrowed() {
        for text in ["plain", "It’s 5 °C — “cold”", "東京の天気", "Русский", "عربي", "हिन्दी", "Việt"]
        {
            assert!(matches!(line(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn stored_text_loses_only_controls() {
        assert_eq!(controls("\u{1b}[1mA\u{1b}[0m\nB 👍🏽\u{0}"), "A B 👍🏽");
    }

    #[test]
    fn marks_do_not_tower() {
        assert!(line(&format!("a{}", "\u{33f}".repeat(500))).chars().count() <= MARKS + 1);
    }

    /// Text rich in what matters here.
    fn nasty() -> impl Strategy<Value = String> {
        let parts = prop::sample::select(vec![
            "a", " ", "\u{1b}", "[", "]", "31m", "\u{7}", "\\", "\u{9b}", "\u{9d}", "\n", "\r", "\t",
            "\u{200d}", "\u{200c}", "\u{200b}", "👩", "👧", "🏽", "\u{fe0f}", "e\u{301}", "\u{323}",
            "\u{344}", "ا", "\u{64e}", "क", "\u{94d}", "ก", "\u{202e}", "\u{ad}", "\u{1100}", "\u{1161}",
            "\u{2126}",
        ]);
        let mixed = prop::collection::vec(parts, 0..40).prop_map(|parts| parts.concat());
        prop_oneof![mixed, any::<String>()]
    }

    proptest! {
        #[test]
        fn lines_have_no_controls_and_stay(text in nasty()) {
            let once = line(&text).into_owned();
            prop_assert!(!once.contains(char::is_control));
            prop_assert_eq!(line(&once), once.as_str());
        }

        #[test]
        fn blocks_have_no_controls_and_stay(text in nasty()) {
            let once = block(&text).into_owned();
            prop_assert!(!once.contains(|c: char| c.is_control() && c != '\n'));
            prop_assert_eq!(block(&once), once.as_str());
        }
    }
}
