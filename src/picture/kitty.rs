//! A picture that the terminal keeps and shows in cells which name it (kitty's graphics protocol, with Unicode
//! placeholders): cells can be drawn, scrolled and covered like any others.

use std::io::Cursor;

use image::{ImageFormat, imageops::FilterType};

use super::{DecodedImage, ImageDecodeError, half_blocks::fit_into_cells};

/// A cell of a picture: U+10EEEE, then marks that tell its row and column.
const PLACEHOLDER: char = '\u{10eeee}';

/// The marks that tell rows and columns, from 0; the terminal counts further columns by itself.
const ROW_COLUMN_DIACRITICS: [char; 24] = [
    '\u{305}', '\u{30d}', '\u{30e}', '\u{310}', '\u{312}', '\u{33d}', '\u{33e}', '\u{33f}',
    '\u{346}', '\u{34a}', '\u{34b}', '\u{34c}', '\u{350}', '\u{351}', '\u{352}', '\u{357}',
    '\u{35b}', '\u{363}', '\u{364}', '\u{365}', '\u{366}', '\u{367}', '\u{368}', '\u{369}',
];

/// Pixels of a cell, as most terminals have them: what is sent is no larger than what is seen.
const CELL_PIXELS: (u32, u32) = (10, 20);

/// A picture that the terminal keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KittyImage {
    /// The number it is kept by: 24 bits, not 0.
    pub id: u32,
    columns: u16,
    rows: u16,
}

impl DecodedImage {
    /// The picture as PNG, for a terminal to keep as number `id` and to show in at most so many cells.
    pub fn to_kitty(
        &self,
        id: u32,
        columns: u16,
        rows: u16,
    ) -> Result<(KittyImage, Vec<u8>), ImageDecodeError> {
        let (columns, rows) = fit_into_cells(self.dimensions(), columns, rows);
        let (width, height) = (u32::from(columns) * CELL_PIXELS.0, u32::from(rows) * CELL_PIXELS.1);
        let (width, height) = (width.min(self.0.width()), height.min(self.0.height()));
        let small =
            image::imageops::resize(&self.0, width.max(1), height.max(1), FilterType::Triangle);
        let mut png = Cursor::new(Vec::new());
        small.write_to(&mut png, ImageFormat::Png).map_err(|_| ImageDecodeError::Unreadable)?;
        Ok((KittyImage::new(id, columns, rows), png.into_inner()))
    }
}

impl KittyImage {
    /// A picture that is kept as number `id`, in so many cells.
    pub fn new(id: u32, columns: u16, rows: u16) -> KittyImage {
        KittyImage { id: (id & 0xff_ffff).max(1), columns, rows }
    }

    /// Its columns and rows.
    pub fn cell_size(&self) -> (u16, u16) {
        (self.columns, self.rows)
    }

    /// What is written into the cells of a row, from the left; nothing below the last row.
    pub fn row_cells(&self, row: u16) -> impl Iterator<Item = String> {
        let mark = ROW_COLUMN_DIACRITICS.get(usize::from(row)).filter(|_| row < self.rows).copied();
        let columns = if mark.is_some() { self.columns } else { 0 };
        (0..usize::from(columns)).map(move |column| {
            [Some(PLACEHOLDER), mark, ROW_COLUMN_DIACRITICS.get(column).copied()]
                .into_iter()
                .flatten()
                .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use image::RgbaImage;

    use super::*;
    use crate::text::width;

    #[test]
    fn kitty_cells_encode_row_and_column() {
        let (placed, png) =
            DecodedImage(RgbaImage::new(600, 300)).to_kitty(0x0100_0000, 30, 24).unwrap();
        assert_eq!((placed.id, placed.cell_size()), (1, (30, 8)));
        assert!(png.starts_with(b"\x89PNG"));
        let cells: Vec<String> = placed.row_cells(1).collect();
        assert_eq!((cells.len(), cells[0].as_str()), (30, "\u{10eeee}\u{30d}\u{305}"));
        assert_eq!(cells[29], "\u{10eeee}\u{30d}");
        assert!(cells.iter().all(|cell| width(cell) == 1));
        assert_eq!(placed.row_cells(8).count(), 0);
    }
}
