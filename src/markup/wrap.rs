//! Lines from running text: optimal fit over the break opportunities of UAX 14, widths per grapheme.

use std::{ops::Range, sync::Arc};

use textwrap::{
    WordSeparator,
    core::Fragment,
    wrap_algorithms::{Penalties, wrap_first_fit, wrap_optimal_fit},
};
use unicode_segmentation::UnicodeSegmentation;

use super::{
    line::{Line, Source},
    styled::Styled,
};
use crate::text::{
    bidi::{self, Order, Paragraph},
    cut, width,
};

/// Longer paragraphs are filled line by line: no reader sees the difference, and it takes half the time. In bytes.
const MAX_OPTIMAL: usize = 8 * 1024;

/// As textwrap's own for monospace text, but no line may be too long.
const PENALTIES: Penalties = Penalties { overflow_penalty: 1_000_000, ..Penalties::new() };

/// A part of the text that stays on one line, and the blanks behind it.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: usize,
    end: usize,
    cells: u32,
    blanks: u32,
}

impl Fragment for Piece {
    fn width(&self) -> f64 {
        f64::from(self.cells)
    }

    fn whitespace_width(&self) -> f64 {
        f64::from(self.blanks)
    }

    fn penalty_width(&self) -> f64 {
        0.0
    }
}

/// The lines of `styled`, each at most `room` cells wide, without the blanks at their ends.
///
/// A character wider than `room`, which leaves one cell, is told by `…`.
pub(super) fn wrap(styled: &Styled, room: usize) -> Vec<Line> {
    let lines = ranges(styled, room);
    if !bidi::has_rtl(&styled.text) {
        return lines.into_iter().map(|range| line(styled, range, None, room)).collect();
    }
    // One direction for all of it: a line break within a paragraph begins no other.
    let rtl = bidi::begins_rtl(&styled.text);
    let mut at = 0;
    let mut lines = lines.into_iter().peekable();
    let mut out = Vec::new();
    for paragraph in styled.text.split('\n') {
        let levels = Paragraph::new(paragraph, Some(rtl));
        while let Some(range) = lines.next_if(|range| range.start <= at + paragraph.len()) {
            let order = levels.as_ref().map(|levels| levels.line(range.start - at..range.end - at));
            out.push(line(styled, range, order, room));
        }
        at += paragraph.len() + 1;
    }
    out
}

fn line(styled: &Styled, range: Range<usize>, order: Option<Order>, room: usize) -> Line {
    let too_wide = width(&styled.text[range.clone()]) > room;
    let source = Source { piece: 0, start: range.start, marks: 0 };
    let mut line = Line {
        spans: styled.spans(range).collect(),
        source: Some(source).filter(|_| !too_wide),
        order: None,
    };
    if too_wide {
        line.spans.iter_mut().for_each(|span| span.text = cut(&span.text, room).into_owned());
    } else {
        line.order = order.map(Arc::new);
    }
    line
}

/// The parts of the text that make its lines.
fn ranges(styled: &Styled, room: usize) -> Vec<Range<usize>> {
    let glued: Vec<usize> = styled.glued().collect();
    let mut lines = Vec::new();
    let mut start = 0;
    for paragraph in styled.text.split('\n') {
        let end = start + paragraph.len();
        if width(paragraph) <= room {
            lines.push(start..start + paragraph.trim_end_matches(' ').len());
        } else {
            fill(&pieces(paragraph, start, &glued, room), room, &mut lines);
        }
        start = end + 1;
    }
    lines
}

fn fill(pieces: &[Piece], room: usize, lines: &mut Vec<Range<usize>>) {
    let widths = [cells(room)];
    let bytes = pieces.last().map_or(0, |last| last.end) - pieces.first().map_or(0, |first| first.start);
    let best = (bytes <= MAX_OPTIMAL).then(|| wrap_optimal_fit(pieces, &widths, &PENALTIES).ok()).flatten();
    let fits = |lines: &Vec<&[Piece]>| lines.iter().all(|line| line_width(line) <= room);
    for line in best.filter(fits).unwrap_or_else(|| wrap_first_fit(pieces, &widths)) {
        if let (Some(first), Some(last)) = (line.first(), line.last()) {
            lines.push(first.start..last.end);
        }
    }
}

fn line_width(line: &[Piece]) -> usize {
    let cells: u32 = line.iter().map(|piece| piece.cells + piece.blanks).sum();
    (cells - line.last().map_or(0, |last| last.blanks)) as usize
}

fn cells(room: usize) -> f64 {
    f64::from(u32::try_from(room).unwrap_or(u32::MAX))
}

fn pieces(paragraph: &str, offset: usize, glued: &[usize], room: usize) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = offset;
    for word in WordSeparator::UnicodeBreakProperties.find_words(paragraph) {
        let end = at + word.len();
        let piece = Piece { start: at, end, cells: count(&word), blanks: count(word.whitespace) };
        match pieces.last_mut() {
            Some(last) if last.blanks == 0 && glued.binary_search(&at).is_ok() => {
                *last = Piece { start: last.start, cells: last.cells + piece.cells, ..piece };
            }
            _ => pieces.push(piece),
        }
        at = end + word.whitespace.len();
    }
    let text = |piece: &Piece| &paragraph[piece.start - offset..piece.end - offset];
    let broken = pieces.iter().flat_map(|piece| hyphenated(text(piece), *piece));
    broken.flat_map(|piece| broken_up(text(&piece), piece, room)).collect()
}

fn count(text: &str) -> u32 {
    u32::try_from(width(text)).unwrap_or(u32::MAX)
}

/// A word with hyphens of its own may break behind them; numbers and dates may not.
fn hyphenated(word: &str, piece: Piece) -> Vec<Piece> {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let hyphens = word.match_indices('-').map(|(at, _)| at);
    let apart = |at: &usize| letter(word[..*at].chars().next_back()) && letter(word[at + 1..].chars().next());
    let cuts: Vec<usize> = hyphens.filter(apart).map(|at| at + 1).collect();
    parts(word, piece, &cuts)
}

/// A word wider than the line breaks between graphemes, and a grapheme wider than the line between characters.
fn broken_up(word: &str, piece: Piece, room: usize) -> Vec<Piece> {
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
    parts(word, piece, &cuts)
}

/// `piece`, cut at each of `cuts`.
fn parts(word: &str, piece: Piece, cuts: &[usize]) -> Vec<Piece> {
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    let mut from = 0;
    for cut in cuts.iter().copied().chain([word.len()]) {
        let (start, end) = (piece.start + from, piece.start + cut);
        parts.push(Piece { start, end, cells: count(&word[from..cut]), blanks: 0 });
        from = cut;
    }
    if let Some(last) = parts.last_mut() {
        last.blanks = piece.blanks;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::Role;

    fn check(text: &str, room: usize, expected: &[&str]) {
        let styled = Styled::plain(text, Role::Text);
        let lines: Vec<&str> = ranges(&styled, room).into_iter().map(|range| &text[range]).collect();
        assert_eq!(lines, expected, "{text}");
    }

    #[test]
    fn breaks_where_each_script_allows() {
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
    fn balances_its_lines() {
        check("aaa bb cc ddddd", 6, &["aaa", "bb cc", "ddddd"]);
    }

    #[test]
    fn huge_paragraphs_take_linear_time() {
        let words = "word ".repeat(20_000);
        assert_eq!(wrap(&Styled::plain(words, Role::Text), 10).len(), 10_000);
        assert_eq!(wrap(&Styled::plain("x".repeat(100_000), Role::Text), 10).len(), 10_000);
    }
}
