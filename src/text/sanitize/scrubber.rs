//! Scrubbing: the pass over the characters of a text that removes what must not be displayed.

use std::str::Chars;

use unicode_normalization::char::is_combining_mark;

use super::chars::{
    BLACK_FLAG, ZERO_WIDTH_JOINER, ZERO_WIDTH_SPACE, is_emoji, is_flag_tag, is_inert, is_joiner,
    is_line_end, is_meaningful_joiner, is_nonspacing_mark, is_removed, is_sequence_part,
};
use crate::text::{ColumnCounter, escape_sequence};

/// Columns from one tab stop to the next.
const TAB_COLUMNS: usize = 8;

/// The letter of a mark that has none (Unicode §2.11): without it, a terminal has no cell for the mark.
const DOTTED_CIRCLE: char = '\u{25cc}';

/// The treatment of line ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LineBreaks {
    ToSpaces,
    Keep,
}

/// The place where a text is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium {
    /// The cells of a terminal, on whose number all terminals must agree.
    Screen,
    /// Files, pipes and documents.
    Text,
}

/// The state of scrubbing a text. The result is not normalised yet.
pub(super) struct Scrubber {
    line_breaks: LineBreaks,
    medium: Medium,
    out: String,
    /// The last base character that was kept; `None` after a joiner.
    base_char: Option<char>,
    columns: ColumnCounter,
}

impl Scrubber {
    pub(super) fn new(shape: LineBreaks, medium: Medium) -> Scrubber {
        Scrubber {
            line_breaks: shape,
            medium,
            out: String::new(),
            base_char: None,
            columns: ColumnCounter::default(),
        }
    }

    /// Sets the column at which the text begins.
    pub(super) fn at_column(self, column: usize) -> Scrubber {
        Scrubber { columns: ColumnCounter::starting_at(column), ..self }
    }

    pub(super) fn scrub(mut self, text: &str) -> String {
        self.out.reserve(text.len());
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            self.push_char(c, &mut rest);
        }
        self.out
    }

    /// Scrubs a text of several parts and moves `ends`, their ends, to where they are in the result.
    pub(super) fn scrub_parts(mut self, text: &str, ends: &mut [usize]) -> String {
        self.out.reserve(text.len());
        let mut rest = text.chars();
        let mut ends = ends.iter_mut().peekable();
        loop {
            let position = text.len() - rest.as_str().len();
            while let Some(end) = ends.next_if(|end| **end <= position) {
                *end = self.out.len();
            }
            let Some(c) = rest.next() else { return self.out };
            self.push_char(c, &mut rest);
        }
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
        let begins_line = self.out.is_empty() || self.out.ends_with('\n');
        if begins_line && self.medium == Medium::Screen && is_nonspacing_mark(c) {
            self.out.push(DOTTED_CIRCLE);
        }
        self.out.push(c);
        if is_inert(c) || !is_combining_mark(c) {
            self.base_char = Some(c);
        }
    }

    fn push_line_end(&mut self) {
        match self.line_breaks {
            LineBreaks::ToSpaces => self.push_kept(' '),
            LineBreaks::Keep => self.push_kept('\n'),
        }
    }

    fn push_tab(&mut self) {
        if self.line_breaks == LineBreaks::ToSpaces {
            return self.push_kept(' ');
        }
        if self.medium == Medium::Text {
            return self.push_kept('\t');
        }
        let blanks = TAB_COLUMNS - self.columns.column_after(&self.out) % TAB_COLUMNS;
        (0..blanks).for_each(|_| self.push_kept(' '));
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
