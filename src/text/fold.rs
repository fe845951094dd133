//! Search folding: one tokenizer for stored text, typed queries and highlights.
//!
//! Text becomes *words*. Case, accents, and Arabic and Hebrew marks are removed; letters that
//! readers take for the same become the same; numbers keep their inner punctuation (`3.11`,
//! `2026-01-28`). A word with an apostrophe or a hyphen counts both split (`al`, `sharaa`) and
//! joined (`alsharaa`). Scripts without blanks (Chinese, Japanese, Thai, Lao, Khmer) give one word
//! per character, so that a longer string is a phrase.
//!
//! The folded form of a text is ` word word word `, with a blank on either side of each word. A
//! plain substring search then finds a whole word as ` word `, a prefix as ` word`, and a phrase as
//! ` one two `.

use std::{fmt::Write, ops::Range};

use unicode_normalization::UnicodeNormalization;

/// Separates the joined forms from the running text and from each other, so that no phrase crosses
/// a boundary.
const JOINED_SEPARATOR: &str = "\n ";

/// Returns the folded form of `text`, ready for substring search.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 2);
    fold_into(text, &mut folded);
    folded
}

/// Appends the folded form of `text` to `out`.
pub fn fold_into(text: &str, out: &mut String) {
    let mut joined = String::new();
    let mut compound = CompoundWord::default();
    out.push(' ');
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((word, after)) = split_ascii_word(rest) {
            if !word.is_empty() {
                compound.flush(&mut joined);
                let start = out.len();
                out.push_str(word);
                out[start..].make_ascii_lowercase();
                out.push(' ');
            }
            rest = after;
            continue;
        }
        // A blank ends every word, so each stretch without blanks is folded by itself.
        let end = rest.bytes().position(|byte| byte <= b' ').unwrap_or(rest.len());
        for_each_word(&rest[..end], |word| {
            out.push_str(word.folded);
            out.push(' ');
            compound.push_part(&word, &mut joined);
        });
        rest = &rest[end..];
    }
    compound.flush(&mut joined);
    out.push_str(&joined);
}

/// True for the bytes of ASCII letters and digits.
const IS_ASCII_WORD_BYTE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// Splits off the word at the start of `text` if it consists of ASCII letters and digits and ends
/// with a character that separates words; `None` before anything that may bind or join words.
///
/// Most text is like this, and this path is several times faster than looking at each character.
fn split_ascii_word(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let end = bytes
        .iter()
        .position(|byte| !IS_ASCII_WORD_BYTE[usize::from(*byte)])
        .unwrap_or(bytes.len());
    let parts = match bytes.get(end) {
        None => true,
        Some(b'.' | b',' | b':' | b'/') => {
            let digit =
                |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
            let ascii = bytes.get(end + 1).is_none_or(u8::is_ascii);
            end > 0 && (!digit(end.checked_sub(1)) || (ascii && !digit(Some(end + 1))))
        }
        Some(byte) => byte.is_ascii() && !matches!(byte, b'\'' | b'-'),
    };
    parts.then(|| (&text[..end], &text[(end + 1).min(bytes.len())..]))
}

/// A word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordToken<'a> {
    /// The folded form, without blanks.
    pub folded: &'a str,
    /// The first byte of the word in the text.
    pub start: usize,
    /// The byte after the word in the text.
    pub end: usize,
    /// True if only an apostrophe or a hyphen separates the word from the one before.
    pub joins_previous: bool,
}

impl WordToken<'_> {
    /// Returns the bytes of the word in the text.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// Calls `each` with the words of `text`, in order.
pub fn for_each_word(text: &str, mut each: impl FnMut(WordToken<'_>)) {
    let mut scan = WordScanner { text, folded: String::new(), start: 0, joins_previous: false };
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match char_class(c) {
            CharClass::Letter => scan.push_letter(at, c),
            CharClass::Standalone => {
                scan.finish_word(at, &mut each);
                scan.push_letter(at, c);
                let mut end = at + c.len_utf8();
                while let Some((next, mark)) =
                    rest.next_if(|(_, next)| char_class(*next) == CharClass::Mark)
                {
                    scan.push_letter(next, mark);
                    end = next + mark.len_utf8();
                }
                scan.finish_word(end, &mut each);
            }
            CharClass::Mark if !scan.folded.is_empty() => scan.push_letter(at, c),
            CharClass::Connector | CharClass::NumberPunctuation => {
                let next = rest.peek().map(|(_, next)| *next);
                scan.scan_punctuation(at, c, next, &mut each);
            }
            CharClass::Mark | CharClass::Ignorable => {}
            CharClass::Separator => scan.finish_word(at, &mut each),
        }
    }
    scan.finish_word(text.len(), &mut each);
}

/// The state of reading one word.
struct WordScanner<'t> {
    text: &'t str,
    folded: String,
    start: usize,
    joins_previous: bool,
}

impl WordScanner<'_> {
    fn push_letter(&mut self, at: usize, c: char) {
        if self.folded.is_empty() {
            self.start = at;
        }
        fold_char(c, &mut self.folded);
    }

    fn finish_word(&mut self, end: usize, each: &mut impl FnMut(WordToken<'_>)) {
        if !self.folded.is_empty() {
            each(WordToken {
                folded: &self.folded,
                start: self.start,
                end,
                joins_previous: self.joins_previous,
            });
            self.folded.clear();
        }
        self.joins_previous = false;
    }

    /// Handles punctuation: within a number it belongs to the number; between letters, an
    /// apostrophe or a hyphen binds two words.
    fn scan_punctuation(
        &mut self,
        at: usize,
        c: char,
        next: Option<char>,
        each: &mut impl FnMut(WordToken<'_>),
    ) {
        let digit_before =
            self.text[..at].ends_with(|c: char| c.is_numeric()) && !self.folded.is_empty();
        if digit_before && next.is_some_and(char::is_numeric) && c != '\'' && c != '’' {
            self.folded.push(if c.is_ascii() { c } else { '-' });
            return;
        }
        let binds = char_class(c) == CharClass::Connector && !self.folded.is_empty();
        self.finish_word(at, each);
        self.joins_previous =
            binds && next.is_some_and(|next| char_class(next) == CharClass::Letter);
    }
}

/// The joined form of words that are separated by an apostrophe or a hyphen.
#[derive(Default)]
struct CompoundWord {
    text: String,
    part_count: usize,
}

impl CompoundWord {
    fn push_part(&mut self, word: &WordToken<'_>, joined: &mut String) {
        if !word.joins_previous {
            self.flush(joined);
        }
        self.text.push_str(word.folded);
        self.part_count += 1;
    }

    fn flush(&mut self, joined: &mut String) {
        if self.part_count > 1 {
            write!(joined, "{JOINED_SEPARATOR}{} ", self.text)
                .expect("writing to a String cannot fail");
        }
        self.text.clear();
        self.part_count = 0;
    }
}

/// The place of a character among the words of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WordPlace {
    /// A letter or digit, in the word of its neighbours.
    Letter,
    /// A character that ends the word before it and begins its own.
    Standalone,
}

/// Folds one character and returns its place. Returns `None` for marks, punctuation and other
/// characters whose part in the folded text depends on their neighbours.
pub fn fold_word_char(c: char) -> Option<(String, WordPlace)> {
    let place = match char_class(c) {
        CharClass::Letter => WordPlace::Letter,
        CharClass::Standalone => WordPlace::Standalone,
        _ => return None,
    };
    let mut folded = String::new();
    fold_char(c, &mut folded);
    (!folded.is_empty()).then_some((folded, place))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CharClass {
    /// A part of a word.
    Letter,
    /// A word by itself: a character of a script without blanks, or an emoji.
    Standalone,
    /// A combining mark, part of the word before it.
    Mark,
    /// An apostrophe or a hyphen.
    Connector,
    /// Punctuation that occurs within numbers.
    NumberPunctuation,
    /// An invisible character, neither part of a word nor its end.
    Ignorable,
    /// A character that separates words.
    Separator,
}

fn char_class(c: char) -> CharClass {
    if c.is_ascii() {
        return match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => CharClass::Letter,
            '\'' | '-' => CharClass::Connector,
            '.' | ',' | ':' | '/' => CharClass::NumberPunctuation,
            _ => CharClass::Separator,
        };
    }
    frequent_class(c).unwrap_or_else(|| class_by_ranges(c))
}

/// Returns the place of a character of the most frequent scripts after Latin: a fast path for most text in them. A Thai
/// article has thousands of characters, each of which is a word or a part of one.
fn frequent_class(c: char) -> Option<CharClass> {
    match c {
        _ if is_simple_letter(c) => Some(CharClass::Letter),
        'ก'..='ะ' | 'า'..='ำ' | 'เ'..='ๆ' | '一'..='\u{9fff}' => {
            Some(CharClass::Standalone)
        }
        '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' => Some(CharClass::Mark),
        _ => None,
    }
}

/// Returns the place of a character that is not of ASCII.
fn class_by_ranges(c: char) -> CharClass {
    match c {
        '’' | 'ʼ' | '‐' | '‑' | '״' | '׳' | '־' => CharClass::Connector,
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => CharClass::Ignorable,
        '\u{640}' => CharClass::Ignorable,
        _ if is_combining_mark(c) => CharClass::Mark,
        _ if is_single_char_word(c) => CharClass::Standalone,
        _ if c.is_alphanumeric() => CharClass::Letter,
        _ => CharClass::Separator,
    }
}

/// Returns true for lower-case, uncomposed letters of the most frequent scripts with blanks after Latin.
fn is_simple_letter(c: char) -> bool {
    matches!(c, 'а'..='и' | 'к'..='я' | 'א'..='ת' | 'ا'..='غ' | 'ف'..='ي')
}

/// Returns true for a character that is a word by itself: of a script without blanks, or an emoji.
pub fn is_single_char_word(c: char) -> bool {
    matches!(u32::from(c),
        0x0E01..=0x0EDF | 0x1780..=0x17DC | 0x1000..=0x109F
        | 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xF900..=0xFAFF | 0xFF66..=0xFF9D | 0x20000..=0x3FFFF
        | 0x2600..=0x27BF | 0x1F300..=0x1FAFF)
}

/// Returns true for combining marks of the scripts met in the news. The vowel signs among them are
/// kept; see [`is_dropped_mark`].
fn is_combining_mark(c: char) -> bool {
    is_dropped_mark(c)
        || matches!(u32::from(c),
            0x0900..=0x0903 | 0x093A..=0x094F | 0x0951..=0x0957 | 0x0962..=0x0963
            | 0x0981..=0x0983 | 0x09BC..=0x09CD | 0x0A01..=0x0A03 | 0x0A3C..=0x0A51 | 0x0B82 | 0x0BBE..=0x0BCD
            | 0x0C00..=0x0C04 | 0x0C3E..=0x0C56 | 0x0D3E..=0x0D4D
            | 0x0E31 | 0x0E34..=0x0E3A | 0x0E47..=0x0E4E | 0x0EB1 | 0x0EB4..=0x0EBC | 0x0EC8..=0x0ECE
            | 0x102B..=0x103E | 0x17B4..=0x17D3 | 0x3099..=0x309A)
}

/// Returns true for marks that people do not type when they search: accents, Hebrew points, Arabic
/// vowel marks, variation selectors.
fn is_dropped_mark(c: char) -> bool {
    matches!(u32::from(c),
        0x0300..=0x036F | 0x0591..=0x05BD | 0x05BF | 0x05C1..=0x05C2 | 0x05C4..=0x05C5 | 0x05C7
        | 0x0610..=0x061A | 0x064B..=0x065F | 0x0670 | 0x06D6..=0x06DC | 0x06DF..=0x06E4 | 0x06E7..=0x06E8
        | 0x06EA..=0x06ED | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F)
}

/// Appends the folded form of one character: decomposed (NFKD), without dropped marks, in lower
/// case, with variants of a letter replaced by one.
fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
    } else if is_unchanged(c) {
        out.push(c);
    } else if is_simple_letter(c) {
        push_canonical_letter(c, out);
    } else {
        fold_by_decomposition(c, out);
    }
}

/// Returns true for Thai and Chinese characters whose folded form they are themselves: a fast path.
fn is_unchanged(c: char) -> bool {
    matches!(c, 'ก'..='า' | '\u{e34}'..='\u{e3a}' | 'เ'..='\u{e4e}' | '㐀'..='\u{9fff}')
}

/// Appends the folded form of a character of any script.
fn fold_by_decomposition(c: char, out: &mut String) {
    let parts = std::iter::once(c).nfkd().filter(|part| *part == c || is_word_part(*part));
    for lower in parts.flat_map(char::to_lowercase).filter(|lower| !is_dropped_mark(*lower)) {
        push_canonical_letter(lower, out);
    }
}

/// Appends the folded form of a letter or mark, and any other character as it is. Invisible
/// characters are left out.
pub(super) fn fold_letter_into(c: char, out: &mut String) {
    match char_class(c) {
        CharClass::Letter | CharClass::Standalone | CharClass::Mark => fold_char(c, out),
        CharClass::Ignorable => {}
        CharClass::Connector | CharClass::NumberPunctuation | CharClass::Separator => out.push(c),
    }
}

/// Returns true for a character that may be part of a word. The decomposition of `¼`, for one, has
/// a slash in it, which is not.
fn is_word_part(c: char) -> bool {
    matches!(char_class(c), CharClass::Letter | CharClass::Standalone | CharClass::Mark)
}

/// Appends the letter that stands for `c` in searches.
fn push_canonical_letter(c: char, out: &mut String) {
    match c {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'þ' => out.push_str("th"),
        _ => out.push(match c {
            'ø' => 'o',
            'ł' => 'l',
            'đ' | 'ð' => 'd',
            'ı' => 'i',
            'ς' => 'σ',
            'ё' => 'е',
            'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
            'ى' | 'ی' => 'ي',
            'ة' => 'ه',
            'ک' => 'ك',
            'ך' => 'כ',
            'ם' => 'מ',
            'ן' => 'נ',
            'ף' => 'פ',
            'ץ' => 'צ',
            '٠'..='٩' => to_ascii_digit(c, '٠'),
            '۰'..='۹' => to_ascii_digit(c, '۰'),
            '०'..='९' => to_ascii_digit(c, '०'),
            other => other,
        }),
    }
}

/// Returns the ASCII digit for `c`, a digit of the script whose zero is `zero`.
fn to_ascii_digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::{
        class_by_ranges, fold, fold_by_decomposition, fold_char, for_each_word, frequent_class,
        is_simple_letter,
    };

    fn assert_folded(text: &str, expected: &str) {
        assert_eq!(fold(text), expected, "of {text:?}");
    }

    #[test]
    fn simple_letters_are_lowercase_and_undecomposable() {
        let plain: Vec<char> = ('\u{80}'..char::MAX).filter(|c| is_simple_letter(*c)).collect();
        assert_eq!(plain.len(), 31 + 27 + 20 + 10);
        for c in plain {
            assert!(
                c.is_alphabetic() && c.to_lowercase().eq([c]) && [c].into_iter().nfkd().eq([c]),
                "{c}"
            );
        }
    }

    #[test]
    fn frequent_characters_are_classed_and_folded_as_others_are() {
        for c in '\u{80}'..=char::MAX {
            if let Some(class) = frequent_class(c) {
                assert_eq!(class, class_by_ranges(c), "{c}");
            }
            let (mut fast, mut slow) = (String::new(), String::new());
            fold_char(c, &mut fast);
            fold_by_decomposition(c, &mut slow);
            assert_eq!(fast, slow, "{c}");
        }
    }

    #[test]
    fn fold_drops_case_accents_and_marks() {
        assert_folded("", " ");
        assert_folded("Été à MÜNCHEN, Straße", " ete a munchen strasse ");
        assert_folded("e\u{301}te\u{301}", " ete ");
        assert_folded("İstanbul ve Diyarbakır", " istanbul ve diyarbakir ");
        assert_folded("الرَّئِيسُ أحمد", " الرييس احمد ");
        assert_folded("שָׁלוֹם ירושלים", " שלומ ירושלימ ");
        assert_folded("ｆｕｌｌ ﬁne", " full fine ");
    }

    #[test]
    fn fold_keeps_number_punctuation() {
        assert_folded("Rust 3.11, on 2026-01-28.", " rust 3.11 on 2026-01-28 ");
        assert_folded("٢٠٢٦", " 2026 ");
        assert_folded("10,000 at 12:30", " 10,000 at 12:30 ");
    }

    #[test]
    fn fold_splits_and_joins_compound_words() {
        assert_folded("Al-Sharaa’s day", " al sharaa s day \n alsharaas ");
        assert_folded("rock-'n'-roll", " rock n roll ");
        assert_folded("end- of", " end of ");
    }

    #[test]
    fn fold_splits_unspaced_scripts_by_character() {
        assert_folded("東京の天気", " 東 京 の 天 気 ");
        assert_folded("ที่นี่", " ที่ นี่ ");
        assert_folded("हिन्दी समाचार", " हिन्दी समाचार ");
        assert_folded("한국어 뉴스", &format!(" {} ", "한국어 뉴스".nfd().collect::<String>()));
    }

    /// Folds like [`fold_into`], one character at a time: the oracle of its fast paths.
    fn fold_by_char(text: &str) -> String {
        let (mut out, mut joined) = (String::from(" "), String::new());
        let mut compound = super::CompoundWord::default();
        for_each_word(text, |word| {
            out.push_str(word.folded);
            out.push(' ');
            compound.push_part(&word, &mut joined);
        });
        compound.flush(&mut joined);
        out + &joined
    }

    proptest! {
        #[test]
        fn fold_ascii_fast_path_matches_slow_path(text in "[aB3 '.,:/\\-é\u{301}\u{ad}’東ש\n½(]{0,24}") {
            prop_assert_eq!(fold(&text), fold_by_char(&text));
        }

        #[test]
        fn fold_ignores_normalization_form(text in "[a-zÀ-ÖØ-öø-ſά-ώа-яёא-ת가-힣ァ-ヶก-ฮक-ह0-9 .'-]{0,60}") {
            let (composed, decomposed): (String, String) = (text.nfc().collect(), text.nfd().collect());
            prop_assert_eq!(fold(&composed), fold(&decomposed));
        }

        #[test]
        fn word_token_ranges_are_char_boundaries_in_order(text in "\\PC{0,60}") {
            let mut last = 0;
            for_each_word(&text, |word| {
                assert!(text.get(word.range()).is_some() && word.start >= last);
                last = word.end;
            });
        }
    }
}
