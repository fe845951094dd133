//! Right-to-left text: its visual order (UAX #9), and the ways in which terminals want it.
//!
//! Everything else in the program handles text in logical order. Order is a matter of one line of cells, so it is made
//! where cells are written, from the levels of the whole paragraph.

mod arrange;
mod shape;

use std::{cmp::Ordering, ops::Range};

use unicode_bidi::{BidiClass, Level, ParagraphBidiInfo};

pub use arrange::{Glyph, Writer, arrange};

/// Whether there is anything in `text` that is read from right to left.
pub fn has_rtl(text: &str) -> bool {
    // The first byte of such characters is none of Latin, Greek, Cyrillic or the East Asian scripts.
    let bytes = text.as_bytes();
    let may = |byte: &u8| matches!(byte, 0xd6..=0xdf | 0xe0 | 0xe2 | 0xef | 0xf0);
    bytes.iter().any(may) && text.chars().any(is_rtl)
}

/// Letters and digits of scripts that are read from right to left.
fn is_rtl(c: char) -> bool {
    use unicode_bidi::BidiClass::{AL, AN, R, RLE, RLI, RLO};
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{202b}' | '\u{202e}' | '\u{2067}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
        && matches!(unicode_bidi::bidi_class(c), R | AL | AN | RLE | RLI | RLO)
}

/// Letters by which the direction of a text is told.
const LOOK: usize = 1000;

/// Whether `text` is read from right to left: most of its letters are, or half of them and the first.
///
/// News names companies and people in their own letters, often first of all; rules P2 and P3, which go by the first
/// letter alone, would set such a paragraph from left to right. UAX #9 §4.3 (HL1) leaves that to who knows more.
pub fn reads_rtl(text: &str) -> bool {
    if !has_rtl(text) {
        return false;
    }
    let directions = text.chars().filter_map(|c| match unicode_bidi::bidi_class(c) {
        BidiClass::L => Some(false),
        BidiClass::R | BidiClass::AL => Some(true),
        _ => None,
    });
    let directions: Vec<bool> = directions.take(LOOK).collect();
    let rtl = directions.iter().filter(|rtl| **rtl).count();
    match (rtl * 2).cmp(&directions.len()) {
        Ordering::Greater => true,
        Ordering::Less => false,
        Ordering::Equal => directions.first().copied().unwrap_or(false),
    }
}

/// The levels of a paragraph, found once for all its lines.
#[derive(Debug)]
pub struct Paragraph<'t>(ParagraphBidiInfo<'t>);

/// The order of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Whether the paragraph is read from right to left.
    pub rtl: bool,
    /// The runs, from left to right.
    pub runs: Vec<Run>,
}

/// A stretch of a line that is read in one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its bytes in the line.
    pub range: Range<usize>,
    /// Whether it is read from right to left.
    pub rtl: bool,
}

impl<'t> Paragraph<'t> {
    /// The levels of `text`, which has no line break that the author meant; `None` where nothing is right-to-left.
    ///
    /// `rtl` is the direction of the paragraph, if another text decides it; else its own first letter does.
    pub fn new(text: &'t str, rtl: Option<bool>) -> Option<Paragraph<'t>> {
        if !has_rtl(text) && rtl != Some(true) {
            return None;
        }
        let level = rtl.map(|rtl| if rtl { Level::rtl() } else { Level::ltr() });
        Some(Paragraph(ParagraphBidiInfo::new(text, level)))
    }

    /// The order of the line that is `range` of the paragraph (rules L1 and L2).
    pub fn line(&self, range: Range<usize>) -> Order {
        let rtl = self.0.paragraph_level.is_rtl();
        if range.is_empty() {
            return Order { rtl, runs: Vec::new() };
        }
        let start = range.start;
        let (levels, runs) = self.0.visual_runs(range);
        let run = |run: Range<usize>| {
            let rtl = levels[run.start].is_rtl();
            Run { range: run.start - start..run.end - start, rtl }
        };
        Order { rtl, runs: runs.into_iter().map(run).collect() }
    }
}

/// The order of a text that is one line by itself; `None` where nothing is right-to-left.
pub fn order(line: &str) -> Option<Order> {
    Some(Paragraph::new(line, Some(reads_rtl(line)))?.line(0..line.len()))
}

#[cfg(test)]
mod tests;
