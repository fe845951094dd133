//! The row painter: writes text into cells, sanitized, cut at the edge, and fast for ASCII.

use std::ops::Range;

use ratatui::{
    buffer::{Buffer, Cell},
    style::Style,
};
use unicode_segmentation::UnicodeSegmentation;

use super::{
    hyperlink::{Hyperlink, link_cells},
    image_cell::ImageCell,
};
use crate::text::{
    bidi::{BidiMode, LineOrder, line_order, reorder_line},
    ceil_grapheme_boundary, sanitize, truncate, width,
};

/// Minimum width of a column with keys.
const MIN_KEY_COLUMNS: u16 = 7;

/// Returns the width of a column with these keys, and a gap behind it. Keys in words are long.
pub(super) fn key_columns<'k>(keys: impl Iterator<Item = &'k String>) -> u16 {
    let longest = keys.map(|key| width(key)).max().unwrap_or_default();
    u16::try_from(longest + 2).map_or(MIN_KEY_COLUMNS, |columns| columns.max(MIN_KEY_COLUMNS))
}

/// A position in a row, which moves to the right as text is written.
pub(super) struct RowPainter<'b> {
    buffer: &'b mut Buffer,
    x: u16,
    y: u16,
    end: u16,
    bidi_mode: BidiMode,
}

/// Highlights in a text.
#[derive(Debug, Clone)]
pub(super) struct Highlights<'a> {
    /// Byte ranges of the text, in order.
    pub ranges: &'a [Range<usize>],
    /// The style of the ranges.
    pub style: Style,
    /// The range of the current match.
    pub current: Option<Range<usize>>,
    /// The style of the current range.
    pub current_style: Style,
}

impl Highlights<'_> {
    /// Returns the style at `byte`, which is `style` outside of highlights.
    pub fn style_at(&self, byte: usize, style: Style) -> Style {
        let Some(range) = self.ranges.iter().find(|range| range.contains(&byte)) else {
            return style;
        };
        let is_current = self.current.as_ref() == Some(range);
        style.patch(if is_current { self.current_style } else { self.style })
    }
}

impl<'b> RowPainter<'b> {
    /// Creates a painter at a cell, with room for `columns`, but not beyond the edge of the buffer.
    pub fn new(buffer: &'b mut Buffer, x: u16, y: u16, columns: u16) -> RowPainter<'b> {
        let area = *buffer.area();
        let end = if y < area.bottom() { x.saturating_add(columns).min(area.right()) } else { x };
        RowPainter { buffer, x, y, end, bidi_mode: BidiMode::Logical }
    }

    /// Sets the mode in which right-to-left text is written.
    #[must_use]
    pub fn with_bidi_mode(self, mode: BidiMode) -> Self {
        RowPainter { bidi_mode: mode, ..self }
    }

    /// Returns the column of the next character.
    pub fn x(&self) -> u16 {
        self.x
    }

    /// Returns the columns that are left.
    pub fn remaining_columns(&self) -> u16 {
        self.end.saturating_sub(self.x)
    }

    /// Sanitizes and writes text.
    pub fn put_text(&mut self, text: &str, style: Style) -> &mut Self {
        self.put_sanitized(&sanitize::to_line(text), style)
    }

    /// Sanitizes and writes text, ended by `…` if it does not fit.
    pub fn put_truncated(&mut self, text: &str, style: Style) -> &mut Self {
        let room = usize::from(self.remaining_columns());
        self.put_sanitized(&truncate(&sanitize::to_line(text), room), style)
    }

    /// Writes a cell of a picture, if there is room for it.
    pub fn put_image_cell(&mut self, part: ImageCell) -> &mut Self {
        if self.remaining_columns() > 0 {
            part.write_to_cell(self.reset_cell(0, Style::default()));
            self.x += 1;
        }
        self
    }

    /// Writes sanitized text.
    pub fn put_sanitized(&mut self, text: &str, style: Style) -> &mut Self {
        if text.is_ascii() {
            self.put_ascii(text, style);
        } else if let Some(order) = self.bidi_order(text) {
            self.put_reordered(text, &order, |_| style);
        } else {
            text.graphemes(true).for_each(|grapheme| self.put_grapheme(grapheme, style));
        }
        self
    }

    fn bidi_order(&self, text: &str) -> Option<LineOrder> {
        if self.bidi_mode == BidiMode::Logical { None } else { line_order(text) }
    }

    /// Writes a line in visual order; `style` returns the style at a byte. Returns the column and
    /// the byte of each grapheme.
    pub fn put_reordered(
        &mut self,
        line: &str,
        order: &LineOrder,
        style: impl Fn(usize) -> Style,
    ) -> Vec<(u16, usize)> {
        let mut cells = Vec::new();
        for grapheme in reorder_line(line, order, self.bidi_mode) {
            cells.push((self.x, grapheme.source.start));
            self.put_grapheme(&grapheme.text, style(grapheme.source.start));
        }
        cells
    }

    /// Writes sanitized text with highlights. `from` is the offset of `text` in the text that the
    /// ranges of `highlights` refer to, in bytes.
    pub fn put_highlighted(
        &mut self,
        text: &str,
        style: Style,
        from: usize,
        highlights: &Highlights<'_>,
    ) -> &mut Self {
        if let Some(order) = self.bidi_order(text) {
            self.put_reordered(text, &order, |byte| highlights.style_at(from + byte, style));
            return self;
        }
        let mut at = 0;
        for range in highlights.ranges {
            let start = ceil_grapheme_boundary(text, range.start.saturating_sub(from)).max(at);
            let end = ceil_grapheme_boundary(text, range.end.saturating_sub(from));
            if start < end {
                let is_current = highlights.current.as_ref() == Some(range);
                let highlight_style =
                    if is_current { highlights.current_style } else { highlights.style };
                self.put_sanitized(&text[at..start], style)
                    .put_sanitized(&text[start..end], style.patch(highlight_style));
                at = end;
            }
        }
        self.put_sanitized(&text[at..], style)
    }

    /// Marks the cells since column `start` with a link.
    pub fn link_since(&mut self, start: u16, link: Hyperlink) {
        link_cells(self.buffer, self.y, start, self.x, link);
    }

    /// Moves to a column, but not backwards.
    pub fn skip_to(&mut self, x: u16) -> &mut Self {
        self.x = self.x.max(x.min(self.end));
        self
    }

    /// Writes ASCII text, one byte per cell: the fast path for most of the screen.
    fn put_ascii(&mut self, text: &str, style: Style) {
        let columns = text.len().min(usize::from(self.remaining_columns()));
        if columns == 0 {
            return;
        }
        let start = self.buffer.index_of(self.x, self.y);
        let mut blank = Cell::EMPTY;
        blank.set_style(style);
        for (cell, byte) in self.buffer.content[start..start + columns].iter_mut().zip(text.bytes())
        {
            cell.clone_from(&blank);
            cell.set_char(char::from(byte));
        }
        self.x += u16::try_from(columns).unwrap_or(u16::MAX);
    }

    fn put_grapheme(&mut self, grapheme: &str, style: Style) {
        let columns = u16::try_from(width(grapheme)).unwrap_or(u16::MAX);
        if columns == 0 || columns > self.remaining_columns() {
            // A grapheme that does not fit ends the row: a narrower one must not take its place.
            self.end = if columns == 0 { self.end } else { self.x };
            return;
        }
        self.reset_cell(0, style).set_symbol(grapheme);
        for covered in 1..columns {
            self.reset_cell(covered, style);
        }
        self.x += columns;
    }

    /// Returns the cell at an offset, reset to a blank.
    fn reset_cell(&mut self, columns: u16, style: Style) -> &mut Cell {
        let cell = &mut self.buffer[(self.x + columns, self.y)];
        cell.reset();
        cell.set_style(style)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{layout::Rect, style::Modifier};

    use super::*;

    #[test]
    fn put_highlighted_keeps_graphemes_whole() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        let text = "ax\u{323}\u{fe00}b";
        let ranges = [1..2, 3..5];
        let highlights = Highlights {
            ranges: &ranges,
            style: Modifier::BOLD.into(),
            current: None,
            current_style: Style::default(),
        };
        RowPainter::new(&mut buffer, 0, 0, 4).put_highlighted(
            text,
            Style::default(),
            0,
            &highlights,
        );
        let symbols: Vec<&str> = buffer.content.iter().map(Cell::symbol).collect();
        assert_eq!(symbols, ["a", "x\u{323}\u{fe00}", "b", " "]);
        let is_bold = |cell: &Cell| cell.modifier.contains(Modifier::BOLD);
        assert_eq!(buffer.content.iter().position(is_bold), Some(1));
    }
}
