//! Images in rows of cells, for terminals that paint pixels at the cursor.
//!
//! Each row is encoded on its own and stands in its cells like text, so that it is scrolled,
//! covered and clipped with them.

use std::ops::Range;

use super::{
    DecodedImage, half_blocks::fit_into_cells, quantize::quantize_colors, resize::ResizeFilter,
    sixel::IndexedImage,
};
use crate::text::base64;

/// The escape sequence that paints a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowEncoding {
    /// Sixels (DEC STD 070).
    Sixel,
    /// An inline PNG file, as iTerm2 introduced it (OSC 1337).
    Iterm2,
}

/// An image in rows of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRows {
    /// The id by which cells name the image.
    pub id: u32,
    rows: u16,
    columns: u16,
    /// Width and height of a cell, in pixels.
    cell_pixels: (u32, u32),
    pixels: RowPixels,
    /// The complete rows as escape sequences. Rows that are clipped are encoded when they are
    /// needed.
    encoded_rows: Vec<Vec<u8>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum RowPixels {
    Sixel(IndexedImage),
    Iterm2(DecodedImage),
}

impl DecodedImage {
    /// Scales the image to at most `columns` by `rows` cells of `cell_pixels` each, and encodes its
    /// rows.
    ///
    /// The sides of a cell are taken to be from 1 to 64 pixels.
    pub fn to_rows(
        &self,
        id: u32,
        (columns, rows): (u16, u16),
        cell_pixels: (u32, u32),
        encoding: RowEncoding,
    ) -> ImageRows {
        let (columns, rows) = fit_into_cells(self.dimensions(), columns, rows);
        let cell_pixels = (cell_pixels.0.clamp(1, 64), cell_pixels.1.clamp(1, 64));
        let (width, height) = (u32::from(columns) * cell_pixels.0, u32::from(rows) * cell_pixels.1);
        let scaled = self.resize(width, height, ResizeFilter::Triangle);
        let pixels = match encoding {
            RowEncoding::Sixel => RowPixels::Sixel(quantize_colors(scaled)),
            RowEncoding::Iterm2 => RowPixels::Iterm2(scaled),
        };
        let encoded_rows = Vec::new();
        let mut image_rows = ImageRows { id, rows, columns, cell_pixels, pixels, encoded_rows };
        image_rows.encoded_rows =
            (0..rows).map(|row| image_rows.encode_row(row, 0..columns)).collect();
        image_rows
    }
}

impl ImageRows {
    /// Returns the number of columns and rows.
    pub fn cell_size(&self) -> (u16, u16) {
        (self.columns, self.rows)
    }

    /// Returns the memory taken by the pixels and the encoded rows, in bytes.
    pub fn memory_size(&self) -> usize {
        let pixels = match &self.pixels {
            RowPixels::Sixel(image) => image.pixels.len(),
            RowPixels::Iterm2(image) => image.pixels.len(),
        };
        pixels + self.encoded_rows.iter().map(Vec::len).sum::<usize>()
    }

    /// Returns the escape sequence that paints `columns` of `row` with the cursor in the first of
    /// them.
    ///
    /// Columns and rows outside of the image are left out; the result may be empty.
    pub fn row_bytes(&self, row: u16, columns: Range<u16>) -> Vec<u8> {
        let columns = columns.start..columns.end.min(self.columns);
        if row >= self.rows || columns.is_empty() {
            return Vec::new();
        }
        if columns == (0..self.columns) {
            return self.encoded_rows.get(usize::from(row)).cloned().unwrap_or_default();
        }
        self.encode_row(row, columns)
    }

    fn encode_row(&self, row: u16, columns: Range<u16>) -> Vec<u8> {
        let (cell_width, cell_height) = self.cell_pixels;
        let x_range = u32::from(columns.start) * cell_width..u32::from(columns.end) * cell_width;
        let top = u32::from(row) * cell_height;
        let y_range = top..top + cell_height;
        match &self.pixels {
            RowPixels::Sixel(image) => image.encode_sixel(x_range, y_range),
            RowPixels::Iterm2(image) => {
                // Writing to memory does not fail.
                let png = image.crop(&x_range, y_range).encode_png().unwrap_or_default();
                encode_iterm2(&png, columns.len())
            }
        }
    }
}

/// Returns the sequence that shows a file in `columns` cells of one row and leaves the cursor in
/// its place.
fn encode_iterm2(png: &[u8], columns: usize) -> Vec<u8> {
    let options = format!("inline=1;size={};width={columns};height=1", png.len());
    let data = base64::encode(png);
    format!("\x1b]1337;File={options};preserveAspectRatio=0;doNotMoveCursor=1:{data}\x07")
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test_image() -> DecodedImage {
        DecodedImage::from_fn(60, 60, |x, y| {
            [u8::try_from(x * 4).unwrap(), 0, 200, if y < 30 { 255 } else { 0 }]
        })
    }

    #[test]
    fn image_rows_encode_partial_columns() {
        for (encoding, head) in [
            (RowEncoding::Sixel, "\x1bP0;1;0q\"1;1;"),
            (RowEncoding::Iterm2, "\x1b]1337;File=inline=1;"),
        ] {
            let image_rows = test_image().to_rows(7, (20, 12), (8, 16), encoding);
            assert_eq!((image_rows.id, image_rows.cell_size()), (7, (20, 10)));
            let whole = String::from_utf8(image_rows.row_bytes(0, 0..20)).unwrap();
            let part = String::from_utf8(image_rows.row_bytes(0, 5..9)).unwrap();
            assert!(whole.starts_with(head) && part.starts_with(head));
            assert!(part.len() < whole.len());
            assert_eq!(image_rows.row_bytes(10, 0..20), b"");
            assert_eq!(image_rows.row_bytes(0, 20..25), b"");
            assert!(image_rows.memory_size() > 20 * 8 * 10 * 16);
        }
    }

    #[test]
    fn image_rows_skip_transparent_pixels() {
        let image_rows = test_image().to_rows(7, (20, 12), (8, 16), RowEncoding::Sixel);
        let last = String::from_utf8(image_rows.row_bytes(9, 0..20)).unwrap();
        assert!(!last.contains('#'), "{last:?}");
    }
}
