//! The graphemes of a line in the order of its cells.

use std::{borrow::Cow, ops::Range};

use unicode_bidi::{BidiClass, bidi_class};
use unicode_bidi_mirroring::get_mirrored;
use unicode_segmentation::UnicodeSegmentation;

use super::{Order, Run, shape};

/// A strong left-to-right character without width: what lies on its two sides is never reordered together.
const FENCE: char = '\u{200e}';

/// How the terminal wants right-to-left text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// For terminals that do nothing: all in visual order, brackets mirrored, Arabic letters in their joined forms.
    Visual,
    /// For terminals that reorder text themselves: runs in visual order, the letters of each as they are read.
    ///
    /// Fences (U+200E) keep the runs apart. There is none before the first glyph: what stands left of the line should
    /// end in one, so that the terminal does not reorder across it.
    Runs,
    /// For terminals that turn each word around, and nothing else: words in visual order, their letters as read.
    ///
    /// No fences: such a terminal (kitty) does not need them, and sets letters on top of each other where it finds one.
    Words,
    /// Nothing is reordered.
    Logical,
}

/// One grapheme of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glyph<'a> {
    /// Its bytes in the line.
    pub source: Range<usize>,
    /// What goes into its cells; as wide as the source.
    pub text: Cow<'a, str>,
}

/// The graphemes of `line` in the order of its cells, for `writer`.
///
/// `order` is that of the very same line; with another one nothing is reordered.
pub fn arrange<'a>(line: &'a str, order: &Order, writer: Writer) -> Vec<Glyph<'a>> {
    let graphemes: Vec<Range<usize>> =
        line.grapheme_indices(true).map(|(at, grapheme)| at..at + grapheme.len()).collect();
    let mut row = Row { line, glyphs: Vec::with_capacity(graphemes.len()) };
    if writer == Writer::Logical || !order.covers(line) {
        row.put_all(&graphemes);
        return row.glyphs;
    }
    for run in &order.runs {
        row.put_run(*run, within(&graphemes, *run), writer);
    }
    row.glyphs
}

impl Order {
    fn covers(&self, line: &str) -> bool {
        self.runs.iter().map(|run| run.end.saturating_sub(run.start)).sum::<usize>() == line.len()
    }
}

/// The graphemes that begin in `run`: a grapheme is never split, and goes where its first character goes.
fn within(graphemes: &[Range<usize>], run: Run) -> &[Range<usize>] {
    let before = |at: usize| graphemes.partition_point(|grapheme| grapheme.start < at);
    graphemes.get(before(run.start)..before(run.end)).unwrap_or_default()
}

struct Row<'a> {
    line: &'a str,
    glyphs: Vec<Glyph<'a>>,
}

impl Row<'_> {
    fn put_run(&mut self, run: Run, graphemes: &[Range<usize>], writer: Writer) {
        match (writer, run.rtl) {
            (Writer::Visual, true) => self.put_letters(graphemes),
            (Writer::Runs, true) => self.put_fenced(graphemes),
            (Writer::Runs, false) => self.put_numbers_fenced(graphemes),
            (Writer::Words, true) => self.put_words(graphemes),
            (Writer::Logical, _) | (_, false) => self.put_all(graphemes),
        }
    }

    fn put_all(&mut self, graphemes: &[Range<usize>]) {
        let line = self.line;
        let glyphs = graphemes
            .iter()
            .map(|source| Glyph { source: source.clone(), text: line[source.clone()].into() });
        self.glyphs.extend(glyphs);
    }

    fn put_letters(&mut self, graphemes: &[Range<usize>]) {
        let line = self.line;
        let glyphs = graphemes.iter().rev();
        let glyphs =
            glyphs.map(|source| Glyph { source: source.clone(), text: shape::shaped(line, source.clone()) });
        self.glyphs.extend(glyphs);
    }

    fn put_mirrored(&mut self, source: &Range<usize>) {
        self.glyphs.push(Glyph { source: source.clone(), text: shape::mirrored(self.line, source.clone()) });
    }

    /// A run for a terminal that reorders what it is given.
    ///
    /// To the terminal the fences are text from left to right. So blanks and signs at the ends of a run would leave it,
    /// and a bracket within would be paired with another one beyond the fence and leave it too. Both are put where
    /// they belong, as text from left to right; only what lies between two letters is left to the terminal.
    fn put_fenced(&mut self, mut graphemes: &[Range<usize>]) {
        self.fence();
        while let Some((last, rest)) = graphemes.split_last() {
            if self.is_letter(last) {
                let (rest, core) = graphemes.split_at(self.core(graphemes));
                self.fence();
                self.put_all(core);
                self.fence();
                graphemes = rest;
            } else {
                self.put_mirrored(last);
                graphemes = rest;
            }
        }
        self.fence();
    }

    /// A run from left to right for a terminal that reorders. Signs between Arabic digits may leave it there, for
    /// brackets elsewhere in the terminal's row can change how those of the run are paired.
    fn put_numbers_fenced(&mut self, graphemes: &[Range<usize>]) {
        let line = self.line;
        let is_digit = |source: &Range<usize>| bidi_class(first(line, source)) == BidiClass::AN;
        for part in graphemes.chunk_by(|one, next| is_digit(one) == is_digit(next)) {
            self.put_all(part);
            if part.first().is_some_and(is_digit) {
                self.fence();
            }
        }
    }

    /// Where the part begins that ends with the last of `graphemes`, begins with a letter and has no brackets.
    fn core(&self, graphemes: &[Range<usize>]) -> usize {
        let start = graphemes.iter().rposition(|source| self.is_bracket(source)).map_or(0, |at| at + 1);
        let letter = graphemes[start..].iter().position(|source| self.is_letter(source));
        start + letter.unwrap_or_default()
    }

    fn put_words(&mut self, mut graphemes: &[Range<usize>]) {
        while let Some((last, rest)) = graphemes.split_last() {
            if self.is_blank(last) {
                self.put_all(std::slice::from_ref(last));
                graphemes = rest;
            } else {
                let start = graphemes.iter().rposition(|source| self.is_blank(source)).map_or(0, |at| at + 1);
                let (rest, word) = graphemes.split_at(start);
                self.put_word(word);
                graphemes = rest;
            }
        }
    }

    /// A word; one without letters has nothing that makes the terminal turn it around.
    fn put_word(&mut self, word: &[Range<usize>]) {
        if word.iter().any(|source| self.is_letter(source)) {
            self.put_all(word);
        } else {
            word.iter().rev().for_each(|source| self.put_mirrored(source));
        }
    }

    fn fence(&mut self) {
        if let Some(last) = self.glyphs.last_mut()
            && !last.text.ends_with(FENCE)
        {
            last.text.to_mut().push(FENCE);
        }
    }

    fn is_letter(&self, source: &Range<usize>) -> bool {
        matches!(bidi_class(first(self.line, source)), BidiClass::R | BidiClass::AL)
    }

    fn is_bracket(&self, source: &Range<usize>) -> bool {
        get_mirrored(first(self.line, source)).is_some()
    }

    fn is_blank(&self, source: &Range<usize>) -> bool {
        first(self.line, source).is_whitespace()
    }
}

fn first(line: &str, source: &Range<usize>) -> char {
    line[source.clone()].chars().next().unwrap_or_default()
}
