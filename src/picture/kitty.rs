//! Images in kitty's graphics protocol with Unicode placeholders.
//!
//! The terminal stores the image under an id, and cells name it. They are drawn, scrolled and
//! covered like text.

use super::{DecodedImage, ImageDecodeError, half_blocks::fit_into_cells, resize::ResizeFilter};

/// Base character of a placeholder cell; the diacritics that follow it encode the row and column.
const PLACEHOLDER: char = '\u{10eeee}';

/// Diacritics that encode the row or column numbers 0 to 23 of the protocol's table. A cell without
/// a column continues the cell to its left.
const ROW_COLUMN_DIACRITICS: [char; 24] = [
    '\u{305}', '\u{30d}', '\u{30e}', '\u{310}', '\u{312}', '\u{33d}', '\u{33e}', '\u{33f}',
    '\u{346}', '\u{34a}', '\u{34b}', '\u{34c}', '\u{350}', '\u{351}', '\u{352}', '\u{357}',
    '\u{35b}', '\u{363}', '\u{364}', '\u{365}', '\u{366}', '\u{367}', '\u{368}', '\u{369}',
];

/// Assumed width and height of a cell in pixels. The size that is common among terminals keeps
/// transmissions small.
const CELL_PIXELS: (u32, u32) = (10, 20);

/// An image that the terminal stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KittyImage {
    /// The id in the terminal: 24 bits, not 0.
    pub id: u32,
    columns: u16,
    rows: u16,
}

impl DecodedImage {
    /// Scales the image to at most `columns` by `rows` cells, and encodes it as PNG for storage
    /// under `id`.
    pub fn to_kitty(
        &self,
        id: u32,
        columns: u16,
        rows: u16,
    ) -> Result<(KittyImage, Vec<u8>), ImageDecodeError> {
        let (columns, rows) = fit_into_cells(self.dimensions(), columns, rows);
        let width = self.width.min(u32::from(columns) * CELL_PIXELS.0);
        let height = self.height.min(u32::from(rows) * CELL_PIXELS.1);
        let scaled = self.resize(width, height, ResizeFilter::Triangle);
        let png = scaled.encode_png().map_err(|_| ImageDecodeError::Unreadable)?;
        Ok((KittyImage::new(id, columns, rows), png))
    }
}

impl KittyImage {
    /// Creates the placement of the image `id` in `columns` by `rows` cells. Only 24 bits of the id
    /// are used.
    pub fn new(id: u32, columns: u16, rows: u16) -> KittyImage {
        KittyImage { id: (id & 0xff_ffff).max(1), columns, rows }
    }

    /// Returns the number of columns and rows.
    pub fn cell_size(&self) -> (u16, u16) {
        (self.columns, self.rows)
    }

    /// Returns the text of each cell in `row`, from the left; none below the last row.
    pub fn row_cells(&self, row: u16) -> impl Iterator<Item = String> {
        let diacritic = |number: usize| ROW_COLUMN_DIACRITICS.get(number).copied();
        let row_mark = diacritic(row.into()).filter(|_| row < self.rows);
        let columns = if row_mark.is_some() { self.columns } else { 0 };
        (0..usize::from(columns)).map(move |column| {
            [Some(PLACEHOLDER), row_mark, diacritic(column)].into_iter().flatten().collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::width;

    #[test]
    fn kitty_cells_encode_row_and_column() {
        let (placed, png) =
            DecodedImage::transparent(600, 300).to_kitty(0x0100_0000, 30, 24).unwrap();
        assert_eq!((placed.id, placed.cell_size()), (1, (30, 8)));
        assert!(png.starts_with(b"\x89PNG"));
        let cells: Vec<String> = placed.row_cells(1).collect();
        assert_eq!((cells.len(), cells[0].as_str()), (30, "\u{10eeee}\u{30d}\u{305}"));
        assert_eq!(cells[29], "\u{10eeee}\u{30d}");
        assert!(cells.iter().all(|cell| width(cell) == 1));
        assert_eq!(placed.row_cells(8).count(), 0);
    }
}
