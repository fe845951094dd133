//! Images of articles: decoded from the bytes of a file, scaled to the cells of a terminal, and
//! encoded for it.
//!
//! [`DecodedImage::decode`] is the way in; `to_half_blocks`, `to_rows` and `to_kitty` are the three
//! ways out, one for each [`ImageProtocol`]. Loading files and painting cells are done elsewhere
//! (`runtime`, `ui`).
//!
//! Every limit is checked before the memory it limits is allocated: a file of a few bytes can claim
//! any size.

mod decode;
mod encode;
mod half_blocks;
mod image_rows;
mod kitty;
mod quantize;
mod resize;
mod sixel;

use std::{ops::Range, sync::Arc};

pub use half_blocks::{HalfBlockImage, RgbColor};
pub use image_rows::{ImageRows, RowEncoding};
pub use kitty::KittyImage;

/// Maximum size of an image file, in bytes.
pub const MAX_FILE_BYTES: u64 = 10 << 20;

/// Bytes of a pixel: red, green, blue and alpha.
const BYTES_PER_PIXEL: usize = 4;

/// Pixels with less alpha than this are transparent where a protocol has no partial transparency.
const ALPHA_THRESHOLD: u8 = 128;

/// An image as RGBA pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedImage {
    width: u32,
    height: u32,
    /// The pixels row by row, [`BYTES_PER_PIXEL`] bytes each; the colours are not multiplied by the
    /// alpha.
    pixels: Vec<u8>,
}

/// The content of the cells that show an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RenderedImage {
    /// Half blocks in two colours.
    HalfBlocks(HalfBlockImage),
    /// Placeholders of an image that the terminal stores.
    Kitty(KittyImage),
    /// Cells over which the rows of an image are painted: its id, columns and rows.
    Rows(u32, u16, u16),
}

/// The means by which a terminal shows images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImageProtocol {
    /// Half blocks in two colours, which every terminal with colours can show.
    #[default]
    HalfBlocks,
    /// Kitty's graphics protocol: the terminal stores the image, and placeholder cells name it.
    Kitty,
    /// Pixels painted at the cursor, one row of cells at a time.
    Rows(RowEncoding),
}

/// The data that the terminal or its writer needs before the cells of an image can show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImagePayload {
    /// No data: the cells are complete.
    None,
    /// An escape sequence by which the terminal stores the image.
    KittyTransmission(Arc<[u8]>),
    /// The encoded rows, for the backend that writes the cells.
    Rows(Arc<ImageRows>),
}

/// The reason why a file cannot be shown as an image, worded as the end of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageDecodeError {
    /// The file has too many bytes, or the image too many pixels.
    #[error("it is too large")]
    TooLarge,
    /// The format is unknown, or the file is broken.
    #[error("it is no PNG, JPEG, GIF or WebP picture that can be read")]
    Unreadable,
}

impl DecodedImage {
    /// Creates a transparent image.
    fn transparent(width: u32, height: u32) -> DecodedImage {
        let pixels = vec![0; width as usize * height as usize * BYTES_PER_PIXEL];
        DecodedImage { width, height, pixels }
    }

    /// Returns width and height, in pixels.
    pub fn dimensions(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Returns red, green, blue and alpha of a pixel; transparent black outside of the image.
    fn pixel(&self, x: u32, y: u32) -> [u8; BYTES_PER_PIXEL] {
        self.row(y).as_chunks().0.get(x as usize).copied().unwrap_or_default()
    }

    /// Returns the bytes of a row of pixels; empty below the last row.
    fn row(&self, y: u32) -> &[u8] {
        let len = self.width as usize * BYTES_PER_PIXEL;
        self.pixels.get(y as usize * len..(y as usize + 1) * len).unwrap_or_default()
    }

    /// Returns the part of the image in `columns` and `rows`, which must lie within it.
    fn crop(&self, columns: &Range<u32>, rows: Range<u32>) -> DecodedImage {
        let bytes =
            columns.start as usize * BYTES_PER_PIXEL..columns.end as usize * BYTES_PER_PIXEL;
        let width = columns.end.saturating_sub(columns.start);
        let height = rows.end.saturating_sub(rows.start);
        let rows = rows.flat_map(|y| self.row(y).get(bytes.clone()).unwrap_or_default());
        DecodedImage { width, height, pixels: rows.copied().collect() }
    }
}

#[cfg(test)]
impl DecodedImage {
    /// Creates an image whose pixels are computed from their column and row.
    fn from_fn(
        width: u32,
        height: u32,
        pixel: impl Fn(u32, u32) -> [u8; BYTES_PER_PIXEL],
    ) -> DecodedImage {
        let positions = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        DecodedImage { width, height, pixels: positions.flat_map(|(x, y)| pixel(x, y)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crop_returns_columns_and_rows() {
        let low_byte = |n: u32| n.to_le_bytes()[0];
        let image = DecodedImage::from_fn(5, 4, |x, y| [low_byte(x), low_byte(y), 0, 255]);
        let part = image.crop(&(1..3), 2..4);
        assert_eq!(part.dimensions(), (2, 2));
        let expected = [[1, 2, 0, 255], [2, 2, 0, 255], [1, 3, 0, 255], [2, 3, 0, 255]];
        assert_eq!(part.pixels, expected.concat());
        assert_eq!(part.pixel(1, 1), [2, 3, 0, 255]);
        let outside = (part.pixel(2, 0), part.pixel(0, 2));
        assert_eq!(outside, ([0; BYTES_PER_PIXEL], [0; BYTES_PER_PIXEL]));
    }
}
