//! The graphemes of a line in visual order.

use std::{borrow::Cow, ops::Range};

use unicode_bidi::{BidiClass, bidi_class};
use unicode_bidi_mirroring::get_mirrored;
use unicode_segmentation::UnicodeSegmentation;

use super::{BidiRun, LineOrder, shaping};

/// A strong left-to-right character without width: text on its two sides is never reordered
/// together.
const LEFT_TO_RIGHT_MARK: char = '\u{200e}';

/// The terminal's treatment of right-to-left text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BidiMode {
    /// For terminals that do nothing: all in visual order, brackets mirrored, Arabic letters in
    /// their joined forms.
    Visual,
    /// For terminals that reorder text themselves: runs in visual order, the letters of each in
    /// logical order.
    ///
    /// Fences (U+200E) keep the runs apart. There is none before the first glyph: whatever stands
    /// to the left of the line should end in one, so that the terminal does not reorder across it.
    Runs,
    /// For terminals that reverse each word and do nothing else: words in visual order, their
    /// letters in logical order.
    ///
    /// No fences: such a terminal (kitty) does not need them, and draws letters on top of each
    /// other where it finds one.
    Words,
    /// No reordering.
    Logical,
}

/// One grapheme of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisualGrapheme<'a> {
    /// The bytes of the grapheme in the line.
    pub source: Range<usize>,
    /// The text for its cells, as wide as the source.
    pub text: Cow<'a, str>,
}

/// Returns the graphemes of `line` in visual order, as `writer` needs them.
///
/// `order` belongs to this very line; with the order of another, nothing is reordered.
pub fn reorder_line<'a>(
    line: &'a str,
    order: &LineOrder,
    writer: BidiMode,
) -> Vec<VisualGrapheme<'a>> {
    let graphemes: Vec<Range<usize>> =
        line.grapheme_indices(true).map(|(at, grapheme)| at..at + grapheme.len()).collect();
    let mut row = LineReorderer { line, graphemes: Vec::with_capacity(graphemes.len()) };
    if writer == BidiMode::Logical || !order.covers_line(line) {
        row.push_unchanged(&graphemes);
        return row.graphemes;
    }
    for run in &order.runs {
        row.push_run(*run, graphemes_in_run(&graphemes, *run), writer);
    }
    row.graphemes
}

impl LineOrder {
    fn covers_line(&self, line: &str) -> bool {
        self.runs.iter().map(|run| run.end.saturating_sub(run.start)).sum::<usize>() == line.len()
    }
}

/// Returns the graphemes that begin in `run`. A grapheme is never split and goes where its first
/// character goes.
fn graphemes_in_run(graphemes: &[Range<usize>], run: BidiRun) -> &[Range<usize>] {
    let index_of = |at: usize| graphemes.partition_point(|grapheme| grapheme.start < at);
    graphemes.get(index_of(run.start)..index_of(run.end)).unwrap_or_default()
}

struct LineReorderer<'a> {
    line: &'a str,
    graphemes: Vec<VisualGrapheme<'a>>,
}

impl LineReorderer<'_> {
    fn push_run(&mut self, run: BidiRun, graphemes: &[Range<usize>], writer: BidiMode) {
        match (writer, run.rtl) {
            (BidiMode::Visual, true) => self.push_shaped(graphemes),
            (BidiMode::Runs, true) => self.push_fenced_run(graphemes),
            (BidiMode::Runs, false) => self.push_fenced_numbers(graphemes),
            (BidiMode::Words, true) => self.push_words_reversed(graphemes),
            (BidiMode::Logical, _) | (_, false) => self.push_unchanged(graphemes),
        }
    }

    fn push_unchanged(&mut self, graphemes: &[Range<usize>]) {
        let line = self.line;
        let glyphs = graphemes.iter().map(|source| VisualGrapheme {
            source: source.clone(),
            text: line[source.clone()].into(),
        });
        self.graphemes.extend(glyphs);
    }

    fn push_shaped(&mut self, graphemes: &[Range<usize>]) {
        let line = self.line;
        let glyphs = graphemes.iter().rev();
        let glyphs = glyphs.map(|source| VisualGrapheme {
            source: source.clone(),
            text: shaping::shape_grapheme(line, source.clone()),
        });
        self.graphemes.extend(glyphs);
    }

    fn push_mirrored(&mut self, source: &Range<usize>) {
        self.graphemes.push(VisualGrapheme {
            source: source.clone(),
            text: shaping::mirror_grapheme(self.line, source.clone()),
        });
    }

    /// Adds a run for a terminal that reorders what it receives.
    ///
    /// To the terminal, the fences are left-to-right text. So blanks and signs at the ends of a run
    /// would leave it, and a bracket within would be paired with one beyond the fence and leave it
    /// too. Both are placed here as left-to-right text; only what lies between two letters is left
    /// to the terminal.
    fn push_fenced_run(&mut self, mut graphemes: &[Range<usize>]) {
        self.push_fence();
        while let Some((last, rest)) = graphemes.split_last() {
            if self.is_letter(last) {
                let (rest, core) = graphemes.split_at(self.bracket_free_start(graphemes));
                self.push_fence();
                self.push_unchanged(core);
                self.push_fence();
                graphemes = rest;
            } else {
                self.push_mirrored(last);
                graphemes = rest;
            }
        }
        self.push_fence();
    }

    /// Adds a left-to-right run for a terminal that reorders. Signs between Arabic digits may move:
    /// brackets elsewhere in the terminal's row can change the pairs within the run.
    fn push_fenced_numbers(&mut self, graphemes: &[Range<usize>]) {
        let line = self.line;
        let is_digit =
            |source: &Range<usize>| bidi_class(first_char(line, source)) == BidiClass::AN;
        for part in graphemes.chunk_by(|one, next| is_digit(one) == is_digit(next)) {
            self.push_unchanged(part);
            if part.first().is_some_and(is_digit) {
                self.push_fence();
            }
        }
    }

    /// Returns the start of the longest part that ends with the last of `graphemes`, begins with a
    /// letter and has no brackets.
    fn bracket_free_start(&self, graphemes: &[Range<usize>]) -> usize {
        let start =
            graphemes.iter().rposition(|source| self.is_bracket(source)).map_or(0, |at| at + 1);
        let letter = graphemes[start..].iter().position(|source| self.is_letter(source));
        start + letter.unwrap_or_default()
    }

    fn push_words_reversed(&mut self, mut graphemes: &[Range<usize>]) {
        while let Some((last, rest)) = graphemes.split_last() {
            if self.is_blank(last) {
                self.push_unchanged(std::slice::from_ref(last));
                graphemes = rest;
            } else {
                let start = graphemes
                    .iter()
                    .rposition(|source| self.is_blank(source))
                    .map_or(0, |at| at + 1);
                let (rest, word) = graphemes.split_at(start);
                self.push_word(word);
                graphemes = rest;
            }
        }
    }

    /// Adds a word. One without letters has nothing that makes the terminal reverse it.
    fn push_word(&mut self, word: &[Range<usize>]) {
        if word.iter().any(|source| self.is_letter(source)) {
            self.push_unchanged(word);
        } else {
            word.iter().rev().for_each(|source| self.push_mirrored(source));
        }
    }

    fn push_fence(&mut self) {
        if let Some(last) = self.graphemes.last_mut()
            && !last.text.ends_with(LEFT_TO_RIGHT_MARK)
        {
            last.text.to_mut().push(LEFT_TO_RIGHT_MARK);
        }
    }

    fn is_letter(&self, source: &Range<usize>) -> bool {
        matches!(bidi_class(first_char(self.line, source)), BidiClass::R | BidiClass::AL)
    }

    fn is_bracket(&self, source: &Range<usize>) -> bool {
        get_mirrored(first_char(self.line, source)).is_some()
    }

    fn is_blank(&self, source: &Range<usize>) -> bool {
        first_char(self.line, source).is_whitespace()
    }
}

fn first_char(line: &str, source: &Range<usize>) -> char {
    line[source.clone()].chars().next().unwrap_or_default()
}
