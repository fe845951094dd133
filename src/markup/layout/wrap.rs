//! Lines from running text: optimal fit over the break opportunities of UAX 14, widths per grapheme.

use std::{ops::Range, sync::Arc};

use hypher::Lang;
use textwrap::{
    WordSeparator,
    core::Fragment,
    wrap_algorithms::{Penalties, wrap_first_fit, wrap_optimal_fit},
};
use unicode_segmentation::UnicodeSegmentation;

use super::{
    line::{LayoutLine, LineSource, LineSpan},
    styled_text::StyledText,
};
use crate::markup::language;
use crate::text::{
    bidi::{self, BidiParagraph, LineOrder},
    truncate, width,
};

/// Longer paragraphs are filled line by line: no reader sees the difference, and it takes half the time. In bytes.
const MAX_OPTIMAL_FIT_BYTES: usize = 8 * 1024;

/// As textwrap's own for monospace text, but no line may be too long.
const PENALTIES: Penalties = Penalties { overflow_penalty: 1_000_000, ..Penalties::new() };

/// A part of the text that stays on one line, and the blanks behind it.
#[derive(Debug, Clone, Copy)]
struct WordFragment {
    start: usize,
    end: usize,
    cells: u32,
    trailing_spaces: u32,
    /// It is the beginning of a word: a hyphen stands where the line ends behind it.
    needs_hyphen: bool,
}

impl Fragment for WordFragment {
    fn width(&self) -> f64 {
        f64::from(self.cells)
    }

    fn whitespace_width(&self) -> f64 {
        f64::from(self.trailing_spaces)
    }

    fn penalty_width(&self) -> f64 {
        if self.needs_hyphen { 1.0 } else { 0.0 }
    }
}

/// The lines of `styled`, each at most `room` cells wide, without the blanks at their ends.
///
/// A character wider than `room`, which leaves one cell, is told by `…`.
/// With a language, words are hyphenated by its rules.
pub(super) fn wrap_text(
    styled: &StyledText,
    room: usize,
    language: Option<Lang>,
) -> Vec<LayoutLine> {
    let lines = line_ranges(styled, room, language);
    if !bidi::has_rtl(&styled.text) {
        return lines.into_iter().map(|part| build_line(styled, part, None, room)).collect();
    }
    // One direction for all of it: a line break within a paragraph begins no other.
    let rtl = bidi::has_rtl_base(&styled.text);
    let mut at = 0;
    let mut lines = lines.into_iter().peekable();
    let mut out = Vec::new();
    for paragraph in styled.text.split('\n') {
        let levels = BidiParagraph::with_direction(paragraph, rtl);
        while let Some(part) = lines.next_if(|part| part.range.start <= at + paragraph.len()) {
            let range = part.range.start - at..part.range.end - at;
            let order = levels.as_ref().map(|levels| levels.line_order(range));
            out.push(build_line(styled, LineRange { needs_hyphen: false, ..part }, order, room));
        }
        at += paragraph.len() + 1;
    }
    out
}

/// A part of the text that is one line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct LineRange {
    range: Range<usize>,
    /// Whether it ends within a word.
    needs_hyphen: bool,
}

fn build_line(
    styled: &StyledText,
    part: LineRange,
    order: Option<LineOrder>,
    room: usize,
) -> LayoutLine {
    let LineRange { range, needs_hyphen: parted } = part;
    let too_wide = width(&styled.text[range.clone()]) > room;
    let source = LineSource { block: 0, start: range.start, prefix_bytes: 0 };
    let mut line = LayoutLine {
        spans: styled.spans(range).collect(),
        source: Some(source).filter(|_| !too_wide),
        ..LayoutLine::default()
    };
    if too_wide {
        line.spans.iter_mut().for_each(|span| span.text = truncate(&span.text, room).into_owned());
    } else {
        line.visual_order = order.map(Arc::new);
    }
    if let Some(last) = line.spans.last().filter(|_| parted) {
        line.spans.push(LineSpan { text: "-".to_owned(), ..last.clone() });
    }
    line
}

/// The parts of the text that make its lines.
fn line_ranges(styled: &StyledText, room: usize, language: Option<Lang>) -> Vec<LineRange> {
    let glued: Vec<usize> = styled.no_break_offsets().collect();
    let mut lines = Vec::new();
    let mut start = 0;
    for paragraph in styled.text.split('\n') {
        let end = start + paragraph.len();
        if width(paragraph) <= room {
            let range = start..start + paragraph.trim_end_matches(' ').len();
            lines.push(LineRange { range, needs_hyphen: false });
        } else {
            // Right-to-left scripts do not part words.
            let language = language.filter(|_| !bidi::has_rtl(paragraph));
            fill_paragraph(
                &split_into_fragments(paragraph, start, &glued, (room, language)),
                room,
                &mut lines,
            );
        }
        start = end + 1;
    }
    lines
}

fn fill_paragraph(pieces: &[WordFragment], room: usize, lines: &mut Vec<LineRange>) {
    let widths = [cells_as_float(room)];
    let bytes =
        pieces.last().map_or(0, |last| last.end) - pieces.first().map_or(0, |first| first.start);
    let best = (bytes <= MAX_OPTIMAL_FIT_BYTES)
        .then(|| wrap_optimal_fit(pieces, &widths, &PENALTIES).ok())
        .flatten();
    let fits =
        |lines: &Vec<&[WordFragment]>| lines.iter().all(|line| fragments_width(line) <= room);
    for line in best.filter(fits).unwrap_or_else(|| wrap_first_fit(pieces, &widths)) {
        if let (Some(first), Some(last)) = (line.first(), line.last()) {
            lines.push(LineRange { range: first.start..last.end, needs_hyphen: last.needs_hyphen });
        }
    }
}

fn fragments_width(line: &[WordFragment]) -> usize {
    let cells: u32 = line.iter().map(|piece| piece.cells + piece.trailing_spaces).sum();
    let (blanks, hyphen) =
        line.last().map_or((0, 0), |last| (last.trailing_spaces, u32::from(last.needs_hyphen)));
    (cells + hyphen - blanks) as usize
}

fn cells_as_float(room: usize) -> f64 {
    f64::from(u32::try_from(room).unwrap_or(u32::MAX))
}

fn split_into_fragments(
    paragraph: &str,
    offset: usize,
    glued: &[usize],
    (room, language): (usize, Option<Lang>),
) -> Vec<WordFragment> {
    let mut pieces: Vec<WordFragment> = Vec::new();
    let mut at = offset;
    for word in WordSeparator::UnicodeBreakProperties.find_words(paragraph) {
        let end = at + word.len();
        let piece = WordFragment {
            start: at,
            end,
            cells: cell_count(&word),
            trailing_spaces: cell_count(word.whitespace),
            needs_hyphen: false,
        };
        match pieces.last_mut() {
            Some(last) if last.trailing_spaces == 0 && glued.binary_search(&at).is_ok() => {
                *last =
                    WordFragment { start: last.start, cells: last.cells + piece.cells, ..piece };
            }
            _ => pieces.push(piece),
        }
        at = end + word.whitespace.len();
    }
    let text = |piece: &WordFragment| &paragraph[piece.start - offset..piece.end - offset];
    let broken = pieces.iter().flat_map(|piece| split_at_hyphens(text(piece), *piece));
    let parted = broken.flat_map(|piece| match language {
        Some(language) => hyphenate_fragment(text(&piece), piece, language),
        None => vec![piece],
    });
    parted.flat_map(|piece| split_overlong_fragment(text(&piece), piece, room)).collect()
}

fn cell_count(text: &str) -> u32 {
    u32::try_from(width(text)).unwrap_or(u32::MAX)
}

/// A word with hyphens of its own may break behind them; numbers and dates may not.
fn split_at_hyphens(word: &str, piece: WordFragment) -> Vec<WordFragment> {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let hyphens = word.match_indices('-').map(|(at, _)| at);
    let apart = |at: &usize| {
        letter(word[..*at].chars().next_back()) && letter(word[at + 1..].chars().next())
    };
    let cuts: Vec<usize> = hyphens.filter(apart).map(|at| at + 1).collect();
    split_at_offsets(word, piece, &cuts)
}

/// A word in the parts that its language allows, each but the last with a hyphen behind it.
fn hyphenate_fragment(word: &str, piece: WordFragment, language: Lang) -> Vec<WordFragment> {
    let mut pieces = split_at_offsets(word, piece, &language::hyphenation_points(word, language));
    let before_last = pieces.len().saturating_sub(1);
    for piece in &mut pieces[..before_last] {
        piece.needs_hyphen = true;
    }
    pieces
}

/// A word wider than the line breaks between graphemes, and a grapheme wider than the line between characters.
fn split_overlong_fragment(word: &str, piece: WordFragment, room: usize) -> Vec<WordFragment> {
    if piece.cells as usize <= room {
        return vec![piece];
    }
    let mut cuts = Vec::new();
    let mut used = 0;
    for (at, grapheme) in word.grapheme_indices(true) {
        let wide = width(grapheme);
        if used + wide > room && at > 0 {
            cuts.push(at);
            used = 0;
        }
        if wide > room {
            cuts.extend(grapheme.char_indices().skip(1).map(|(within, _)| at + within));
        }
        used += wide;
    }
    split_at_offsets(word, piece, &cuts)
}

/// `piece`, cut at each of `cuts`.
fn split_at_offsets(word: &str, piece: WordFragment, cuts: &[usize]) -> Vec<WordFragment> {
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    let mut from = 0;
    for cut in cuts.iter().copied().chain([word.len()]) {
        let (start, end) = (piece.start + from, piece.start + cut);
        parts.push(WordFragment {
            start,
            end,
            cells: cell_count(&word[from..cut]),
            trailing_spaces: 0,
            needs_hyphen: false,
        });
        from = cut;
    }
    if let Some(last) = parts.last_mut() {
        (last.trailing_spaces, last.needs_hyphen) = (piece.trailing_spaces, piece.needs_hyphen);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::SpanRole;

    fn check(text: &str, room: usize, expected: &[&str]) {
        let styled = StyledText::plain(text, SpanRole::Text);
        let lines: Vec<&str> =
            line_ranges(&styled, room, None).into_iter().map(|part| &text[part.range]).collect();
        assert_eq!(lines, expected, "{text}");
    }

    #[test]
    fn wrap_text_breaks_where_each_script_allows() {
        check("", 10, &[""]);
        check("one two three", 8, &["one two", "three"]);
        check(
            "To be, or not to be: that is the question",
            10,
            &["To be,", "or not to", "be: that", "is the", "question"],
        );
        check("one\n\n  two", 8, &["one", "", "  two"]);
        check("ten\u{a0}km or 5\u{a0}km", 6, &["ten\u{a0}km", "or", "5\u{a0}km"]);
        check("東京の天気は、晴れ。", 14, &["東京の天気は、", "晴れ。"]);
        check("東京の天気は、晴れ。", 12, &["東京の天気", "は、晴れ。"]);
        check("https://example.org/abc/def", 16, &["https://", "example.org/", "abc/def"]);
        check("incomprehensibilities", 8, &["incompre", "hensibil", "ities"]);
        check("state-of-the-art on 2026-01-28", 12, &["state-of-", "the-art on", "2026-01-28"]);
        check("سلام سلام", 4, &["سلام", "سلام"]);
    }

    #[test]
    fn wrap_text_hyphenates_by_language() {
        let styled =
            StyledText::plain("The representatives deliberated about hyphenation.", SpanRole::Text);
        let lines = wrap_text(&styled, 14, language::hyphenation_language("en"));
        let lines: Vec<String> = lines.iter().map(LayoutLine::text).collect();
        assert_eq!(lines, ["The represen-", "tatives delib-", "erated about", "hyphenation."]);
        let plain: Vec<String> =
            wrap_text(&styled, 14, None).iter().map(LayoutLine::text).collect();
        assert_eq!(plain, ["The", "representative", "s deliberated", "about", "hyphenation."]);
    }

    #[test]
    fn wrap_text_balances_lines() {
        check("aaa bb cc ddddd", 6, &["aaa", "bb cc", "ddddd"]);
    }

    #[test]
    fn wrap_text_huge_paragraph_takes_linear_time() {
        let words = "word ".repeat(20_000);
        assert_eq!(wrap_text(&StyledText::plain(words, SpanRole::Text), 10, None).len(), 10_000);
        assert_eq!(
            wrap_text(&StyledText::plain("x".repeat(100_000), SpanRole::Text), 10, None).len(),
            10_000
        );
    }
}
