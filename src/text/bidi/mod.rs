//! Text that is read from right to left: the order of its cells, for terminals of several kinds.
//!
//! A [`BidiParagraph`] finds the directions of a whole paragraph once. Each of its lines, once they are broken, has an
//! [`LineOrder`]. [`reorder_line`] puts the graphemes of the line in that order as the [`BidiMode`] at hand wants them. Text
//! stays in the order it is read in everywhere else; only what goes into cells is arranged.

mod base_direction;
#[cfg(test)]
mod conformance;
mod paragraph;
mod presentation_forms;
#[cfg(test)]
mod properties;
mod reorder;
mod shaping;
#[cfg(test)]
mod tests;

pub use base_direction::has_rtl_base;
pub use paragraph::BidiParagraph;
pub use reorder::{BidiMode, VisualGrapheme, reorder_line};

/// The order of the cells of one line: its runs from left to right, and its base direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOrder {
    /// Whether the line belongs to a paragraph that begins at the right.
    pub rtl: bool,
    /// The runs from left to right. Together they are the whole line.
    pub runs: Vec<BidiRun>,
}

/// A part of a line that is read in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BidiRun {
    /// Its first byte in the line.
    pub start: usize,
    /// The byte after its last one.
    pub end: usize,
    /// Whether it is read from right to left.
    pub rtl: bool,
}

/// The order of a text that is a line on its own, as a title is; none when all of it is read from left to right.
pub fn line_order(line: &str) -> Option<LineOrder> {
    BidiParagraph::with_direction(line, has_rtl_base(line))
        .map(|paragraph| paragraph.line_order(0..line.len()))
}

/// Whether `text` has anything that is read from right to left.
///
/// Quick for text that has not. It also says yes to the few signs of these scripts that have no direction of their own;
/// [`BidiParagraph::new`] knows them.
pub fn has_rtl(text: &str) -> bool {
    text.bytes().any(may_begin_rtl) && text.chars().any(is_rtl_char)
}

/// Whether `byte` can be the first one of a character that [`is_rtl_char`]; no byte of Latin or East Asian text is.
fn may_begin_rtl(byte: u8) -> bool {
    matches!(byte, 0xd6..=0xe0 | 0xe2 | 0xef | 0xf0)
}

/// The blocks of scripts that are read from right to left, Arabic digits, and the controls that turn text around.
fn is_rtl_char(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}'
        | '\u{200f}' | '\u{202b}' | '\u{202e}' | '\u{2067}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}
