//! Right-to-left text: the visual order of its cells, for several kinds of terminals.
//!
//! A [`BidiParagraph`] finds the directions of a whole paragraph once. Each of its lines, once they
//! are broken, has a [`LineOrder`]. [`reorder_line`] puts the graphemes of a line into that order
//! as the terminal's [`BidiMode`] demands. Everywhere else text stays in logical order; only what
//! is written to cells is reordered.

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

/// The visual order of a line: its runs from left to right, and its base direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOrder {
    /// True if the base direction of the paragraph is right to left.
    pub rtl: bool,
    /// The runs from left to right. Together they cover the whole line.
    pub runs: Vec<BidiRun>,
}

/// A part of a line with one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BidiRun {
    /// The first byte of the run in the line.
    pub start: usize,
    /// The byte after the run.
    pub end: usize,
    /// True if the run reads from right to left.
    pub rtl: bool,
}

/// Returns the order of a text that is a line on its own, such as a title; `None` if all of it
/// reads from left to right.
pub fn line_order(line: &str) -> Option<LineOrder> {
    BidiParagraph::with_direction(line, has_rtl_base(line))
        .map(|paragraph| paragraph.line_order(0..line.len()))
}

/// Returns true if `text` may have right-to-left content.
///
/// Fast for text without any. Also returns true for the few signs of these scripts that have no
/// direction of their own; [`BidiParagraph::new`] tells them apart.
pub fn has_rtl(text: &str) -> bool {
    text.bytes().any(may_begin_rtl) && text.chars().any(is_rtl_char)
}

/// Returns true if `byte` may be the first of an [`is_rtl_char`] character. No byte of Latin or
/// East Asian text is.
fn may_begin_rtl(byte: u8) -> bool {
    matches!(byte, 0xd6..=0xe0 | 0xe2 | 0xef | 0xf0)
}

/// Returns true for the blocks of right-to-left scripts, for Arabic digits, and for controls that
/// change the direction.
fn is_rtl_char(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}'
        | '\u{200f}' | '\u{202b}' | '\u{202e}' | '\u{2067}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}
