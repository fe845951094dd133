//! Line wrapping: optimal fit over the break opportunities of UAX #14 (Unicode Line Breaking), with
//! widths per grapheme, hyphenation, and bidirectional text.
//!
//! Start with [`wrap_text`].

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
    styled_text::{SoftBreak, StyledText},
};
use crate::markup::language;
use crate::text::{
    bidi::{self, BidiParagraph, LineOrder},
    is_grapheme_boundary, truncate, width,
};

/// Maximum length of a paragraph that is wrapped by optimal fit, in bytes.
///
/// Longer paragraphs are wrapped by first fit: readers do not see the difference, and it takes half
/// the time.
const MAX_OPTIMAL_FIT_BYTES: usize = 8 * 1024;

/// The default penalties of `textwrap` for monospace text, except that a line must never overflow.
const PENALTIES: Penalties = Penalties { overflow_penalty: 1_000_000, ..Penalties::new() };

/// A part of the text that stays on one line, and the spaces after it.
#[derive(Debug, Clone, Copy)]
struct WordFragment {
    /// Byte range in the text, without the spaces after it.
    start: usize,
    end: usize,
    /// Width in cells, without the spaces after it.
    cells: u32,
    trailing_spaces: u32,
    /// True if the word continues in the next fragment: a line that ends here gets a hyphen.
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

/// Wraps `styled` into lines of at most `max_width` cells, without trailing spaces.
///
/// A wide character that does not fit into `max_width`, which is one cell then, is shown as `…`.
/// With a language, words are hyphenated by its rules.
pub(super) fn wrap_text(
    styled: &StyledText,
    max_width: usize,
    language: Option<Lang>,
) -> Vec<LayoutLine> {
    let ranges = line_ranges(styled, max_width, language);
    if bidi::has_rtl(&styled.text) {
        return build_bidi_lines(styled, ranges, max_width);
    }
    ranges.into_iter().map(|line_range| build_line(styled, line_range, None, max_width)).collect()
}

/// Builds the lines of a text with right-to-left characters, with their visual order.
fn build_bidi_lines(
    styled: &StyledText,
    ranges: Vec<LineRange>,
    max_width: usize,
) -> Vec<LayoutLine> {
    // The whole text has one base direction: a line break of the author does not start a new
    // paragraph.
    let rtl = bidi::has_rtl_base(&styled.text);
    let mut start = 0;
    let mut ranges = ranges.into_iter().peekable();
    let mut lines = Vec::new();
    for paragraph in styled.text.split('\n') {
        let levels = BidiParagraph::with_direction(paragraph, rtl);
        let end = start + paragraph.len();
        while let Some(line_range) = ranges.next_if(|next| next.range.start <= end) {
            let range = line_range.range.start - start..line_range.range.end - start;
            let order = levels.as_ref().map(|levels| levels.line_order(range));
            let line_range = LineRange { needs_hyphen: false, ..line_range };
            lines.push(build_line(styled, line_range, order, max_width));
        }
        start = end + 1;
    }
    lines
}

/// The part of the text that forms one line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct LineRange {
    range: Range<usize>,
    /// True if the line ends within a word at a hyphenation point.
    needs_hyphen: bool,
}

fn build_line(
    styled: &StyledText,
    line_range: LineRange,
    order: Option<LineOrder>,
    max_width: usize,
) -> LayoutLine {
    let LineRange { range, needs_hyphen } = line_range;
    let too_wide = width(&styled.text[range.clone()]) > max_width;
    // The block and the prefix are filled in by `typeset_block`.
    let source = LineSource { block: 0, start: range.start, prefix_bytes: 0 };
    let mut line = LayoutLine {
        spans: styled.spans(range).collect(),
        source: Some(source).filter(|_| !too_wide),
        ..LayoutLine::default()
    };
    if too_wide {
        line.spans
            .iter_mut()
            .for_each(|span| span.text = truncate(&span.text, max_width).into_owned());
    } else {
        line.visual_order = order.map(Arc::new);
    }
    if let Some(last) = line.spans.last().filter(|_| needs_hyphen) {
        line.spans.push(LineSpan { text: "-".to_owned(), ..last.clone() });
    }
    line
}

/// Returns the ranges of the lines.
fn line_ranges(styled: &StyledText, max_width: usize, language: Option<Lang>) -> Vec<LineRange> {
    let no_breaks: Vec<usize> = styled.no_break_offsets().collect();
    let soft_breaks = |start, end| styled.soft_breaks(start + 1..end);
    let mut lines = Vec::new();
    let mut start = 0;
    for paragraph in styled.text.split('\n') {
        let end = start + paragraph.len();
        if width(paragraph) <= max_width {
            let range = start..start + paragraph.trim_end_matches(' ').len();
            lines.push(LineRange { range, needs_hyphen: false });
        } else {
            // Right-to-left scripts are not hyphenated.
            let hyphenation = language.filter(|_| !bidi::has_rtl(paragraph));
            let breaks = WordBreaks { no_breaks: &no_breaks, soft_breaks: soft_breaks(start, end) };
            let fragments = split_into_fragments(paragraph, start, breaks, max_width, hyphenation);
            fill_paragraph(&fragments, max_width, &mut lines);
        }
        start = end + 1;
    }
    lines
}

/// Wraps the fragments of one paragraph: by optimal fit, or by first fit if the paragraph is long
/// or the optimal fit has a line that is too wide.
fn fill_paragraph(fragments: &[WordFragment], max_width: usize, lines: &mut Vec<LineRange>) {
    let line_widths = [cells_as_float(max_width)];
    let start = fragments.first().map_or(0, |first| first.start);
    let end = fragments.last().map_or(0, |last| last.end);
    let optimal = (end - start <= MAX_OPTIMAL_FIT_BYTES)
        .then(|| wrap_optimal_fit(fragments, &line_widths, &PENALTIES).ok())
        .flatten();
    let all_fit =
        |lines: &Vec<&[WordFragment]>| lines.iter().all(|line| fragments_width(line) <= max_width);
    let wrapped =
        optimal.filter(all_fit).unwrap_or_else(|| wrap_first_fit(fragments, &line_widths));
    for line in wrapped {
        if let (Some(first), Some(last)) = (line.first(), line.last()) {
            lines.push(LineRange { range: first.start..last.end, needs_hyphen: last.needs_hyphen });
        }
    }
}

/// Returns the width of a line in cells: without the spaces at its end, with its hyphen.
fn fragments_width(line: &[WordFragment]) -> usize {
    let cells: u32 = line.iter().map(|fragment| fragment.cells + fragment.trailing_spaces).sum();
    let (spaces, hyphen) =
        line.last().map_or((0, 0), |last| (last.trailing_spaces, u32::from(last.needs_hyphen)));
    (cells + hyphen - spaces) as usize
}

fn cells_as_float(max_width: usize) -> f64 {
    f64::from(u32::try_from(max_width).unwrap_or(u32::MAX))
}

/// The places in a paragraph at which a line may or must not break, besides those of UAX #14, as
/// byte offsets in the text.
#[derive(Debug, Clone, Copy)]
struct WordBreaks<'a> {
    /// No line begins here, unless a space is before it.
    no_breaks: &'a [usize],
    soft_breaks: &'a [SoftBreak],
}

/// Splits a paragraph wherever a line may break; `offset` is its start in the text.
fn split_into_fragments(
    paragraph: &str,
    offset: usize,
    breaks: WordBreaks<'_>,
    max_width: usize,
    language: Option<Lang>,
) -> Vec<WordFragment> {
    let fragment_text =
        |fragment: &WordFragment| &paragraph[fragment.start - offset..fragment.end - offset];
    let words = split_into_words(paragraph, offset, breaks.no_breaks, max_width);
    let soft_parts = words
        .into_iter()
        .flat_map(|word| split_at_soft_breaks(fragment_text(&word), word, breaks.soft_breaks));
    let hyphen_parts = soft_parts.flat_map(|word| split_at_hyphens(fragment_text(&word), word));
    let syllables = hyphen_parts.flat_map(|part| match language {
        Some(language) => hyphenate_fragment(fragment_text(&part), part, language),
        None => vec![part],
    });
    syllables
        .flat_map(|syllable| split_overlong_fragment(fragment_text(&syllable), syllable, max_width))
        .map(|part| WordFragment {
            needs_hyphen: part.needs_hyphen && (part.cells as usize) < max_width,
            ..part
        })
        .collect()
}

/// Splits a paragraph at the break opportunities of UAX #14, except at `no_breaks`, and after the
/// scheme of a URL: its host stays beside it where a line has room for both.
fn split_into_words(
    paragraph: &str,
    offset: usize,
    no_breaks: &[usize],
    max_width: usize,
) -> Vec<WordFragment> {
    let mut fragments: Vec<WordFragment> = Vec::new();
    let mut start = offset;
    for word in WordSeparator::UnicodeBreakProperties.find_words(paragraph) {
        let end = start + word.len();
        let fragment = WordFragment {
            start,
            end,
            cells: cell_count(&word),
            trailing_spaces: cell_count(word.whitespace),
            needs_hyphen: false,
        };
        let fits = |last: &WordFragment| (last.cells + fragment.cells) as usize <= max_width;
        match fragments.last_mut() {
            Some(last)
                if last.trailing_spaces == 0
                    && (no_breaks.binary_search(&start).is_ok()
                        || (paragraph[..start - offset].ends_with("://") && fits(last))) =>
            {
                let cells = last.cells + fragment.cells;
                *last = WordFragment { start: last.start, cells, ..fragment };
            }
            // A mark that stands on a space would have no cell at the start of a line.
            Some(last)
                if last.trailing_spaces > 0 && !is_grapheme_boundary(paragraph, start - offset) =>
            {
                let cells = last.cells + last.trailing_spaces + fragment.cells;
                *last = WordFragment { start: last.start, cells, ..fragment };
            }
            _ => fragments.push(fragment),
        }
        start = end + word.whitespace.len();
    }
    fragments
}

fn cell_count(text: &str) -> u32 {
    u32::try_from(width(text)).unwrap_or(u32::MAX)
}

/// Splits a word at the places to break of the source.
fn split_at_soft_breaks(
    word: &str,
    fragment: WordFragment,
    soft_breaks: &[SoftBreak],
) -> Vec<WordFragment> {
    let first = soft_breaks.partition_point(|soft| soft.offset <= fragment.start);
    let within = soft_breaks[first..].iter().take_while(|soft| soft.offset < fragment.end);
    let cuts: Vec<usize> = within.clone().map(|soft| soft.offset - fragment.start).collect();
    let mut parts = split_at_offsets(word, fragment, &cuts);
    for (part, soft) in parts.iter_mut().zip(within) {
        part.needs_hyphen = soft.hyphenated;
    }
    parts
}

/// Splits a word after its hyphens between letters, so that numbers and dates stay whole.
fn split_at_hyphens(word: &str, fragment: WordFragment) -> Vec<WordFragment> {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let is_between_letters = |hyphen: &usize| {
        is_letter(word[..*hyphen].chars().next_back())
            && is_letter(word[hyphen + 1..].chars().next())
    };
    let hyphens = word.match_indices('-').map(|(hyphen, _)| hyphen);
    let cuts: Vec<usize> = hyphens.filter(is_between_letters).map(|hyphen| hyphen + 1).collect();
    split_at_offsets(word, fragment, &cuts)
}

/// Splits a word at its hyphenation points; every part except the last needs a hyphen.
fn hyphenate_fragment(word: &str, fragment: WordFragment, language: Lang) -> Vec<WordFragment> {
    let points = language::hyphenation_points(word, language);
    let mut parts = split_at_offsets(word, fragment, &points);
    let last = parts.len().saturating_sub(1);
    for part in &mut parts[..last] {
        part.needs_hyphen = true;
    }
    parts
}

/// Splits a word that is wider than the line between graphemes, and a grapheme that is wider than
/// the line between characters.
fn split_overlong_fragment(
    word: &str,
    fragment: WordFragment,
    max_width: usize,
) -> Vec<WordFragment> {
    if fragment.cells as usize <= max_width {
        return vec![fragment];
    }
    let mut cuts = Vec::new();
    let mut used = 0;
    for (start, grapheme) in word.grapheme_indices(true) {
        let cells = width(grapheme);
        if used + cells > max_width && start > 0 {
            cuts.push(start);
            used = 0;
        }
        if cells > max_width {
            // A mark without a cell stays with the character before it.
            let chars =
                grapheme.char_indices().skip(1).map(|(offset, c)| offset..offset + c.len_utf8());
            let with_cells = chars.filter(|range| width(&grapheme[range.clone()]) > 0);
            cuts.extend(with_cells.map(|range| start + range.start));
        }
        used += cells;
    }
    split_at_offsets(word, fragment, &cuts)
}

/// Splits `fragment`, whose text is `word`, at the byte offsets `cuts`.
fn split_at_offsets(word: &str, fragment: WordFragment, cuts: &[usize]) -> Vec<WordFragment> {
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    let mut last_cut = 0;
    for cut in cuts.iter().copied().chain([word.len()]) {
        parts.push(WordFragment {
            start: fragment.start + last_cut,
            end: fragment.start + cut,
            cells: cell_count(&word[last_cut..cut]),
            trailing_spaces: 0,
            needs_hyphen: false,
        });
        last_cut = cut;
    }
    if let Some(last) = parts.last_mut() {
        last.trailing_spaces = fragment.trailing_spaces;
        last.needs_hyphen = fragment.needs_hyphen;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{super::styled_text::FlowMedium, *};
    use crate::markup::{RichText, SpanRole};

    fn check_lines(text: &str, max_width: usize, expected: &[&str]) {
        let styled = StyledText::plain(text, SpanRole::Text);
        let ranges = line_ranges(&styled, max_width, None).into_iter();
        let lines: Vec<&str> = ranges.map(|line_range| &text[line_range.range]).collect();
        assert_eq!(lines, expected, "{text}");
    }

    #[test]
    fn wrap_text_breaks_where_each_script_allows() {
        check_lines("", 10, &[""]);
        check_lines("one two three", 8, &["one two", "three"]);
        check_lines(
            "To be, or not to be: that is the question",
            10,
            &["To be,", "or not to", "be: that", "is the", "question"],
        );
        check_lines("one\n\n  two", 8, &["one", "", "  two"]);
        check_lines(
            "see the map at https://example.org/maps/harbour",
            28,
            &["see the map at", "https://example.org/maps/", "harbour"],
        );
        check_lines("ten\u{a0}km or 5\u{a0}km", 6, &["ten\u{a0}km", "or", "5\u{a0}km"]);
        check_lines("東京の天気は、晴れ。", 14, &["東京の天気は、", "晴れ。"]);
        check_lines("東京の天気は、晴れ。", 12, &["東京の天気", "は、晴れ。"]);
        check_lines("https://example.org/abc/def", 16, &["https://", "example.org/", "abc/def"]);
        check_lines("incomprehensibilities", 8, &["incompre", "hensibil", "ities"]);
        check_lines(
            "state-of-the-art on 2026-01-28",
            12,
            &["state-of-", "the-art on", "2026-01-28"],
        );
        check_lines("سلام سلام", 4, &["سلام", "سلام"]);
        check_lines("one \u{301}two", 5, &["one \u{301}t", "wo"]);
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
    fn wrap_text_breaks_at_soft_hyphens_and_zero_width_spaces() {
        let source = "Donau\u{ad}dampf\u{ad}schiff a_long_path\u{200b}of_the_source";
        let styled = StyledText::new(&RichText::plain(source), SpanRole::Text, FlowMedium::Screen);
        let lines: Vec<String> =
            wrap_text(&styled, 13, None).iter().map(LayoutLine::text).collect();
        assert_eq!(lines, ["Donau-", "dampfschiff", "a_long_path", "of_the_source"]);
        assert_eq!(wrap_text(&styled, 60, None).len(), 1);
    }

    #[test]
    fn wrap_text_balances_lines() {
        check_lines("aaa bb cc ddddd", 6, &["aaa", "bb cc", "ddddd"]);
    }

    #[test]
    fn wrap_text_huge_paragraph_takes_linear_time() {
        let count_lines =
            |text: String| wrap_text(&StyledText::plain(text, SpanRole::Text), 10, None).len();
        assert_eq!(count_lines("word ".repeat(20_000)), 10_000);
        assert_eq!(count_lines("x".repeat(100_000)), 10_000);
    }
}
