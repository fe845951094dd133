//! A picture in strips, each a row of cells high, for terminals that paint where the cursor is: a strip stands in its
//! cells like text, so that it is scrolled, covered and cut with them.

use std::{io::Cursor, ops::Range};

use color_quant::NeuQuant;
use image::{
    ImageFormat, Rgba, RgbaImage, imageops,
    imageops::{ColorMap, FilterType},
};

use super::{
    DecodedImage,
    half_blocks::fit_into_cells,
    sixel::{IndexedImage, TRANSPARENT},
};
use crate::text::base64;

/// Colours of a picture in sixels; terminals have 256 registers, one number says that nothing is painted.
const PALETTE_SIZE: usize = 255;

/// How closely colours are looked for: 1 looks at every pixel, 30 at few.
const NEUQUANT_SAMPLE_FACTOR: i32 = 10;

/// Less opaque pixels are not painted.
const ALPHA_THRESHOLD: u8 = 128;

/// How a terminal is told to paint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowEncoding {
    /// In sixels.
    Sixel,
    /// As iTerm2 has it: a file within the text (OSC 1337).
    Iterm2,
}

/// A picture in strips.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRows {
    /// The number that its cells name.
    pub id: u32,
    rows: u16,
    columns: u16,
    /// Pixels of a cell.
    cell_pixels: (u32, u32),
    pixels: RowPixels,
    /// The whole strips, ready to be written.
    encoded_rows: Vec<Vec<u8>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum RowPixels {
    Sixel(IndexedImage),
    Iterm2(RgbaImage),
}

impl DecodedImage {
    /// The picture as number `id` in at most so many cells, each of them `cell` pixels large.
    pub fn to_rows(
        &self,
        id: u32,
        (columns, rows): (u16, u16),
        cell: (u32, u32),
        paint: RowEncoding,
    ) -> ImageRows {
        let (columns, rows) = fit_into_cells(self.dimensions(), columns, rows);
        let cell = (cell.0.clamp(1, 64), cell.1.clamp(1, 64));
        let (width, height) = (u32::from(columns) * cell.0, u32::from(rows) * cell.1);
        let small = imageops::resize(&self.0, width, height, FilterType::Triangle);
        let pixels = match paint {
            RowEncoding::Sixel => RowPixels::Sixel(quantize_colors(small)),
            RowEncoding::Iterm2 => RowPixels::Iterm2(small),
        };
        let mut strips =
            ImageRows { id, rows, columns, cell_pixels: cell, pixels, encoded_rows: Vec::new() };
        strips.encoded_rows = (0..rows).map(|row| strips.encode_row(row, 0..columns)).collect();
        strips
    }
}

impl ImageRows {
    /// Its columns and rows.
    pub fn cell_size(&self) -> (u16, u16) {
        (self.columns, self.rows)
    }

    /// Bytes of memory that it takes.
    pub fn memory_size(&self) -> usize {
        let pixels = match &self.pixels {
            RowPixels::Sixel(indexed) => indexed.pixels.len(),
            RowPixels::Iterm2(image) => image.as_raw().len(),
        };
        pixels + self.encoded_rows.iter().map(Vec::len).sum::<usize>()
    }

    /// What paints these columns of a row, the cursor being where the first is; nothing where the picture is not.
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
        let (left, right) = (
            u32::from(columns.start) * self.cell_pixels.0,
            u32::from(columns.end) * self.cell_pixels.0,
        );
        let top = u32::from(row) * self.cell_pixels.1;
        match &self.pixels {
            RowPixels::Sixel(indexed) => {
                indexed.encode_sixel(left..right, top..top + self.cell_pixels.1)
            }
            RowPixels::Iterm2(image) => {
                let part = imageops::crop_imm(image, left, top, right - left, self.cell_pixels.1)
                    .to_image();
                let mut png = Cursor::new(Vec::new());
                // Memory takes whatever is written to it.
                let _ = part.write_to(&mut png, ImageFormat::Png);
                encode_iterm2(png.get_ref(), columns.len())
            }
        }
    }
}

/// A file within the text, in so many cells of one row; the cursor stays.
fn encode_iterm2(png: &[u8], columns: usize) -> Vec<u8> {
    let options = format!("inline=1;size={};width={columns};height=1", png.len());
    let data = base64::encode(png);
    format!("\x1b]1337;File={options};preserveAspectRatio=0;doNotMoveCursor=1:{data}\x07")
        .into_bytes()
}

/// The few colours, as the mixing asks for them.
struct DitherPalette<'c>(&'c NeuQuant);

impl ColorMap for DitherPalette<'_> {
    type Color = Rgba<u8>;

    fn index_of(&self, color: &Rgba<u8>) -> usize {
        self.0.index_of(&color.0)
    }

    fn map_color(&self, color: &mut Rgba<u8>) {
        self.0.map_pixel(&mut color.0);
    }
}

/// The picture in a few colours of its own, mixed where they are too few.
fn quantize_colors(mut image: RgbaImage) -> IndexedImage {
    let colors = NeuQuant::new(NEUQUANT_SAMPLE_FACTOR, PALETTE_SIZE, image.as_raw());
    let seen: Vec<bool> = image.pixels().map(|pixel| pixel.0[3] >= ALPHA_THRESHOLD).collect();
    imageops::dither(&mut image, &DitherPalette(&colors));
    let number = |(pixel, seen): (&Rgba<u8>, bool)| {
        let number = if seen { colors.index_of(&pixel.0) } else { TRANSPARENT.into() };
        u8::try_from(number).unwrap_or(TRANSPARENT)
    };
    let pixels = image.pixels().zip(seen).map(number).collect();
    let palette = colors.color_map_rgb().as_chunks().0.to_vec();
    IndexedImage { width: image.width(), palette, pixels }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test_image() -> DecodedImage {
        DecodedImage(RgbaImage::from_fn(60, 60, |x, y| {
            image::Rgba([u8::try_from(x * 4).unwrap(), 0, 200, if y < 30 { 255 } else { 0 }])
        }))
    }

    #[test]
    fn image_rows_encode_partial_columns() {
        for (paint, head) in [
            (RowEncoding::Sixel, "\x1bP0;1;0q\"1;1;"),
            (RowEncoding::Iterm2, "\x1b]1337;File=inline=1;"),
        ] {
            let strips = test_image().to_rows(7, (20, 12), (8, 16), paint);
            assert_eq!((strips.id, strips.cell_size()), (7, (20, 10)));
            let whole = String::from_utf8(strips.row_bytes(0, 0..20)).unwrap();
            let part = String::from_utf8(strips.row_bytes(0, 5..9)).unwrap();
            assert!(whole.starts_with(head) && part.starts_with(head));
            assert!(part.len() < whole.len());
            assert_eq!(strips.row_bytes(10, 0..20), b"");
            assert_eq!(strips.row_bytes(0, 20..25), b"");
            assert!(strips.memory_size() > 20 * 8 * 10 * 16);
        }
    }

    #[test]
    fn image_rows_skip_transparent_pixels() {
        let strips = test_image().to_rows(7, (20, 12), (8, 16), RowEncoding::Sixel);
        let last = String::from_utf8(strips.row_bytes(9, 0..20)).unwrap();
        assert!(!last.contains('#'), "{last:?}");
    }
}
