//! Cells of images that the terminal paints itself. Each holds the id of the image, and the row and
//! column of its part of it, for the screen backend.

use std::num::NonZeroU16;

use ratatui::buffer::{Cell, CellDiffOption};

/// Separates the blank of a cell from its mark. Sanitized text does not contain it: it is a
/// noncharacter (Unicode §23.7).
const SEPARATOR: char = '\u{10ffff}';

/// A cell of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageCell {
    /// Id of the image.
    pub image: u32,
    /// Row of the part.
    pub row: u16,
    /// Column of the part.
    pub column: u16,
}

impl ImageCell {
    /// Parses the mark in the symbol of a cell.
    pub fn from_symbol(symbol: &str) -> Option<ImageCell> {
        let mut parts = symbol.strip_prefix(' ')?.strip_prefix(SEPARATOR)?.split(':');
        let image = parts.next()?.parse().ok()?;
        Some(ImageCell {
            image,
            row: parts.next()?.parse().ok()?,
            column: parts.next()?.parse().ok()?,
        })
    }

    pub(super) fn write_to_cell(self, cell: &mut Cell) {
        cell.set_symbol(&format!(" {SEPARATOR}{}:{}:{}", self.image, self.row, self.column));
        cell.diff_option =
            NonZeroU16::new(1).map_or(CellDiffOption::None, CellDiffOption::ForcedWidth);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_cell_round_trips_through_symbol() {
        let part = ImageCell { image: 70_000, row: 3, column: 140 };
        let mut cell = Cell::default();
        assert_eq!(ImageCell::from_symbol(cell.symbol()), None);
        part.write_to_cell(&mut cell);
        assert_eq!(ImageCell::from_symbol(cell.symbol()), Some(part));
    }
}
