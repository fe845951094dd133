//! A picture in strips, each a row of cells high, for terminals that paint where the cursor is: a strip stands in its
//! cells like text, so that it is scrolled, covered and cut with them.

use std::{io::Cursor, ops::Range};

use color_quant::NeuQuant;
use image::{
    ImageFormat, Rgba, RgbaImage, imageops,
    imageops::{ColorMap, FilterType},
};

use super::{
    Picture,
    blocks::fitted,
    sixel::{CLEAR, Indexed},
};
use crate::text::base64;

/// Colours of a picture in sixels; terminals have 256 registers, one number says that nothing is painted.
const COLORS: usize = 255;

/// How closely colours are looked for: 1 looks at every pixel, 30 at few.
const SAMPLES: i32 = 10;

/// Less opaque pixels are not painted.
const SEEN: u8 = 128;

/// How a terminal is told to paint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// In sixels.
    Sixel,
    /// As iTerm2 has it: a file within the text (OSC 1337).
    Inline,
}

/// A picture in strips.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strips {
    /// The number that its cells name.
    pub id: u32,
    rows: u16,
    columns: u16,
    /// Pixels of a cell.
    cell: (u32, u32),
    pixels: Pixels,
    /// The whole strips, ready to be written.
    whole: Vec<Vec<u8>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Pixels {
    Sixel(Indexed),
    Inline(RgbaImage),
}

impl Picture {
    /// The picture as number `id` in at most so many cells, each of them `cell` pixels large.
    pub fn strips(&self, id: u32, (columns, rows): (u16, u16), cell: (u32, u32), paint: Paint) -> Strips {
        let (columns, rows) = fitted(self.size(), columns, rows);
        let cell = (cell.0.clamp(1, 64), cell.1.clamp(1, 64));
        let (width, height) = (u32::from(columns) * cell.0, u32::from(rows) * cell.1);
        let small = imageops::resize(&self.0, width, height, FilterType::Triangle);
        let pixels = match paint {
            Paint::Sixel => Pixels::Sixel(indexed(small)),
            Paint::Inline => Pixels::Inline(small),
        };
        let mut strips = Strips { id, rows, columns, cell, pixels, whole: Vec::new() };
        strips.whole = (0..rows).map(|row| strips.painted(row, 0..columns)).collect();
        strips
    }
}

impl Strips {
    /// Its columns and rows.
    pub fn cells(&self) -> (u16, u16) {
        (self.columns, self.rows)
    }

    /// Bytes of memory that it takes.
    pub fn size(&self) -> usize {
        let pixels = match &self.pixels {
            Pixels::Sixel(indexed) => indexed.pixels.len(),
            Pixels::Inline(image) => image.as_raw().len(),
        };
        pixels + self.whole.iter().map(Vec::len).sum::<usize>()
    }

    /// What paints these columns of a row, the cursor being where the first is; nothing where the picture is not.
    pub fn strip(&self, row: u16, columns: Range<u16>) -> Vec<u8> {
        let columns = columns.start..columns.end.min(self.columns);
        if row >= self.rows || columns.is_empty() {
            return Vec::new();
        }
        if columns == (0..self.columns) {
            return self.whole.get(usize::from(row)).cloned().unwrap_or_default();
        }
        self.painted(row, columns)
    }

    fn painted(&self, row: u16, columns: Range<u16>) -> Vec<u8> {
        let (left, right) = (u32::from(columns.start) * self.cell.0, u32::from(columns.end) * self.cell.0);
        let top = u32::from(row) * self.cell.1;
        match &self.pixels {
            Pixels::Sixel(indexed) => indexed.sixel(left..right, top..top + self.cell.1),
            Pixels::Inline(image) => {
                let part = imageops::crop_imm(image, left, top, right - left, self.cell.1).to_image();
                let mut png = Cursor::new(Vec::new());
                // Memory takes whatever is written to it.
                let _ = part.write_to(&mut png, ImageFormat::Png);
                inline(png.get_ref(), columns.len())
            }
        }
    }
}

/// A file within the text, in so many cells of one row; the cursor stays.
fn inline(png: &[u8], columns: usize) -> Vec<u8> {
    let options = format!("inline=1;size={};width={columns};height=1", png.len());
    let data = base64::encode(png);
    format!("\x1b]1337;File={options};preserveAspectRatio=0;doNotMoveCursor=1:{data}\x07").into_bytes()
}

/// The few colours, as the mixing asks for them.
struct Palette<'c>(&'c NeuQuant);

impl ColorMap for Palette<'_> {
    type Color = Rgba<u8>;

    fn index_of(&self, color: &Rgba<u8>) -> usize {
        self.0.index_of(&color.0)
    }

    fn map_color(&self, color: &mut Rgba<u8>) {
        self.0.map_pixel(&mut color.0);
    }
}

/// The picture in a few colours of its own, mixed where they are too few.
fn indexed(mut image: RgbaImage) -> Indexed {
    let colors = NeuQuant::new(SAMPLES, COLORS, image.as_raw());
    let seen: Vec<bool> = image.pixels().map(|pixel| pixel.0[3] >= SEEN).collect();
    imageops::dither(&mut image, &Palette(&colors));
    let number = |(pixel, seen): (&Rgba<u8>, bool)| {
        let number = if seen { colors.index_of(&pixel.0) } else { CLEAR.into() };
        u8::try_from(number).unwrap_or(CLEAR)
    };
    let pixels = image.pixels().zip(seen).map(number).collect();
    let palette = colors.color_map_rgb().as_chunks().0.to_vec();
    Indexed { width: image.width(), palette, pixels }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Picture {
        Picture(RgbaImage::from_fn(60, 60, |x, y| {
            image::Rgba([u8::try_from(x * 4).unwrap(), 0, 200, if y < 30 { 255 } else { 0 }])
        }))
    }

    #[test]
    fn strips_are_cut_as_their_cells_are() {
        for (paint, head) in
            [(Paint::Sixel, "\x1bP0;1;0q\"1;1;"), (Paint::Inline, "\x1b]1337;File=inline=1;")]
        {
            let strips = picture().strips(7, (20, 12), (8, 16), paint);
            assert_eq!((strips.id, strips.cells()), (7, (20, 10)));
            let whole = String::from_utf8(strips.strip(0, 0..20)).unwrap();
            let part = String::from_utf8(strips.strip(0, 5..9)).unwrap();
            assert!(whole.starts_with(head) && part.starts_with(head));
            assert!(part.len() < whole.len());
            assert_eq!(strips.strip(10, 0..20), b"");
            assert_eq!(strips.strip(0, 20..25), b"");
            assert!(strips.size() > 20 * 8 * 10 * 16);
        }
    }

    #[test]
    fn what_is_not_seen_is_not_painted() {
        let strips = picture().strips(7, (20, 12), (8, 16), Paint::Sixel);
        let last = String::from_utf8(strips.strip(9, 0..20)).unwrap();
        assert!(!last.contains('#'), "{last:?}");
    }
}
