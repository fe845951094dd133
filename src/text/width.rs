//! Widths of text in terminal cells, and cutting by width.

use std::borrow::Cow;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};
use unicode_width::UnicodeWidthStr;

/// The mark in place of text that was cut.
const ELLIPSIS: char = '…';

/// Returns the width of `text` in cells, summed over its graphemes.
///
/// It is not the width that `unicode-width` gives the whole string: that counts Arabic lam and alef
/// as one cell, but terminals give each its own.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.graphemes(true).map(UnicodeWidthStr::width).sum()
    }
}

/// Returns `text` cut to at most `cells` cells, with `…` in place of the rest. Graphemes stay
/// whole.
pub fn truncate(text: &str, cells: usize) -> Cow<'_, str> {
    if text.is_ascii() && text.len() <= cells {
        return Cow::Borrowed(text);
    }
    let Some(room) = cells.checked_sub(1) else { return Cow::Borrowed("") };
    match fitting_prefix_end(text, room, cells) {
        None => Cow::Borrowed(text),
        Some(end) => {
            let mut shown = text[..end].trim_end().to_owned();
            shown.push(ELLIPSIS);
            Cow::Owned(shown)
        }
    }
}

/// Minimum width of a quotation that is shortened in place of the end of its sentence, in cells.
const MIN_QUOTATION_CELLS: usize = 3;

/// Shortens a sentence to at most `cells` cells within what it quotes (“…”), because its end says what
/// happened; `None` if that does not suffice.
pub fn shorten_quotation(sentence: &str, cells: usize) -> Option<Cow<'_, str>> {
    if width(sentence) <= cells {
        return Some(Cow::Borrowed(sentence));
    }
    let marks = sentence.find('“').zip(sentence.rfind('”')).filter(|(open, close)| open < close);
    let (open, close) = marks?;
    let (before, quoted, after) =
        (&sentence[..open], &sentence[open + '“'.len_utf8()..close], &sentence[close..]);
    let room = cells.saturating_sub(width(before) + 1 + width(after));
    (room >= MIN_QUOTATION_CELLS)
        .then(|| Cow::Owned(format!("{before}“{}{after}", truncate(quoted, room))))
}

/// Splits `text` into a row of at most `cells` cells and the rest: between words, unless that would
/// leave half of the row blank.
pub fn split_row(text: &str, cells: usize) -> (&str, &str) {
    let Some(end) = fitting_prefix_end(text, cells, cells) else { return (text, "") };
    let before_blank = text[..end].trim_end();
    let is_between_words = text[end..].starts_with(' ') || before_blank.len() < end;
    let break_at = if is_between_words { Some(before_blank.len()) } else { text[..end].rfind(' ') };
    let at = break_at.filter(|at| width(&text[..*at]) * 2 >= cells);
    let at = at.unwrap_or_else(|| end_before_punctuation(text, end));
    (text[..at].trim_end(), text[at..].trim_start())
}

/// Moves the end of a row back until the next one does not begin with punctuation that belongs to
/// the word before, as between Chinese or Japanese characters; `end` itself if there is no such place.
fn end_before_punctuation(text: &str, end: usize) -> usize {
    let begins_row = |at: &usize| !text[*at..].starts_with(is_closing_punctuation);
    let before = text[..end].grapheme_indices(true).rev().map(|(at, _)| at).filter(|at| *at > 0);
    std::iter::once(end).chain(before).find(begins_row).unwrap_or(end)
}

/// Returns whether no row may begin with `c`.
fn is_closing_punctuation(c: char) -> bool {
    matches!(
        c,
        '、' | '。' | '，' | '．' | '：' | '；' | '！' | '？' | '」' | '』' | '）' | '】' | '》'
    ) || matches!(c, ',' | '.' | ':' | ';' | '!' | '?' | ')' | ']' | '”' | '’' | '…' | 'ー')
}

/// Returns the last character boundary of `text` at or before `bytes`.
pub fn floor_char_boundary(text: &str, bytes: usize) -> usize {
    (0..=bytes.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Returns the first boundary between graphemes of `text` at or after `bytes`; the end of the text if
/// that is longer than the text.
pub fn ceil_grapheme_boundary(text: &str, bytes: usize) -> usize {
    let after = (bytes..text.len()).find(|at| text.is_char_boundary(*at));
    let Some(at) = after.filter(|at| !is_grapheme_boundary(text, *at)) else {
        return after.unwrap_or(text.len());
    };
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len())
}

/// Returns true if a grapheme of `text` begins or ends at the character boundary `at`.
pub fn is_grapheme_boundary(text: &str, at: usize) -> bool {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~');
    if at == 0 || text.as_bytes().get(at - 1..=at).is_some_and(|pair| pair.iter().all(is_plain)) {
        return true;
    }
    // With the whole text at hand, the cursor asks for no other part of it.
    GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(true)
}

/// The column at the end of a text that grows: each byte is measured once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnCounter {
    column: usize,
    measured_bytes: usize,
}

impl ColumnCounter {
    /// Returns a counter for a text that begins at `column`.
    pub fn starting_at(column: usize) -> ColumnCounter {
        ColumnCounter { column, measured_bytes: 0 }
    }

    /// Returns the column at the end of `text`, which has grown since the last call.
    pub fn column_after(&mut self, text: &str) -> usize {
        let added = &text[self.measured_bytes..];
        let line_start = added.rfind('\n').map(|at| at + 1);
        self.column =
            line_start.map_or(self.column, |_| 0) + width(&added[line_start.unwrap_or(0)..]);
        self.measured_bytes = text.len();
        self.column
    }
}

/// Returns the end of the graphemes that fill `room` cells; `None` if the whole text fits into
/// `cells`.
fn fitting_prefix_end(text: &str, room: usize, cells: usize) -> Option<usize> {
    let (mut used, mut end) = (0, 0);
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used <= room {
            end = at + grapheme.len();
        } else if used > cells {
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn width_counts_terminal_cells() {
        let cases = [
            ("", 0),
            ("night train", 11),
            ("東京", 4),
            ("é", 1),
            ("e\u{301}", 1),
            ("سلام", 4),
            ("שָׁלוֹם", 4),
            ("😀", 2),
            ("🇫🇷", 2),
            ("…—│", 3),
        ];
        for (text, cells) in cases {
            assert_eq!(width(text), cells, "{text}");
        }
    }

    #[test]
    fn truncate_keeps_graphemes_whole() {
        let cases = [
            ("night train", 11, "night train"),
            ("night train", 10, "night tra…"),
            ("night train", 7, "night…"),
            ("東京の天気", 10, "東京の天気"),
            ("東京の天気", 9, "東京の天…"),
            ("東京の天気", 8, "東京の…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
            ("night", 1, "…"),
            ("night", 0, ""),
            ("", 0, ""),
        ];
        for (text, cells, expected) in cases {
            assert_eq!(truncate(text, cells), expected, "{text} in {cells}");
        }
    }

    #[test]
    fn shortened_quotation_keeps_what_happened() {
        let sentence = "Moved “Night train to Vienna” to the trash";
        let cases = [
            (42, Some(sentence)),
            (41, Some("Moved “Night train to Vien…” to the trash")),
            (30, Some("Moved “Night tr…” to the trash")),
            (24, Some("Moved “Ni…” to the trash")),
            (23, None),
        ];
        for (cells, expected) in cases {
            assert_eq!(shorten_quotation(sentence, cells).as_deref(), expected, "in {cells}");
        }
        assert_eq!(shorten_quotation("”Moved“ to the trash", 9), None);
        let shortened = shorten_quotation("Moved “東京の天気” away", 17);
        assert_eq!(shortened.as_deref(), Some("Moved “東…” away"));
    }

    #[test]
    fn ceil_grapheme_boundary_is_next_boundary() {
        let text = "ab x\u{323}🇫🇷";
        let cases = [(0, 0), (1, 1), (3, 3), (4, 6), (5, 6), (6, 6), (7, 14), (10, 14), (14, 14)];
        for (at, boundary) in cases.into_iter().chain([(99, 14)]) {
            assert_eq!(ceil_grapheme_boundary(text, at), boundary, "{at}");
        }
    }

    #[test]
    fn column_counter_counts_each_byte_once() {
        let mut columns = ColumnCounter::starting_at(3);
        assert_eq!(columns.column_after(""), 3);
        assert_eq!(columns.column_after("東京"), 7);
        assert_eq!(columns.column_after("東京 a\nbc"), 2);
        assert_eq!(columns.column_after("東京 a\nbcd"), 3);
    }

    #[test]
    fn split_row_breaks_between_words() {
        let cases = [
            ("Night train", 11, ("Night train", "")),
            ("Night train back", 11, ("Night train", "back")),
            ("Night train back", 12, ("Night train", "back")),
            ("Night train back", 10, ("Night", "train back")),
            ("A Donaudampfschifffahrt", 10, ("A Donaudam", "pfschifffahrt")),
            ("東京の天気", 5, ("東京", "の天気")),
            ("今日は、雪です", 7, ("今日", "は、雪です")),
            ("。。。", 4, ("。。", "。")),
            ("words", 0, ("", "words")),
        ];
        for (text, cells, rows) in cases {
            assert_eq!(split_row(text, cells), rows, "{text} in {cells}");
        }
    }

    proptest! {
        #[test]
        fn truncate_result_fits(text in "\\PC*", cells in 0_usize..40) {
            prop_assert!(width(&truncate(&text, cells)) <= cells);
        }

        #[test]
        fn shortened_quotation_fits(text in "[a-z “”東]*", cells in 0_usize..40) {
            let shortened = shorten_quotation(&text, cells);
            prop_assert!(shortened.is_none_or(|text| width(&text) <= cells));
        }

        #[test]
        fn truncate_keeps_fitting_text(text in "\\PC*".prop_filter("something to see", |text| width(text) > 0)) {
            prop_assert_eq!(truncate(&text, width(&text)), text.as_str());
        }
    }
}
