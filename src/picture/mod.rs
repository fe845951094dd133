//! Pictures: read from the bytes of a file, and made small enough for the cells of a terminal.
//!
//! Every limit is checked before the memory it is about is taken: a file of a few bytes may claim to be as wide as the
//! moon.

mod blocks;
mod placed;
mod sixel;
mod strips;

use std::{io::Cursor, sync::Arc};

use image::{ImageReader, Limits, RgbaImage};

pub use blocks::{Blocks, Rgb};
pub use placed::Placed;
pub use strips::{Paint, Strips};

/// Larger files are not read, in bytes.
pub const MAX_BYTES: u64 = 10 << 20;

/// Wider or higher pictures are not read, in pixels.
const MAX_SIDE: u32 = 10_000;

/// Memory that reading a picture may take, in bytes: 40 million pixels.
const MAX_MEMORY: u64 = 160 << 20;

/// A picture as pixels.
#[derive(Debug, Clone)]
pub struct Picture(RgbaImage);

/// A picture as cells show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drawing {
    /// In half blocks.
    Blocks(Blocks),
    /// By the terminal itself.
    Placed(Placed),
    /// By the terminal, strip by strip: the number, columns, rows.
    Strips(u32, u16, u16),
}

/// How a terminal shows pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// In half blocks.
    #[default]
    Blocks,
    /// It keeps them, and cells name them.
    Kept,
    /// It paints them, strip by strip.
    Painted(Paint),
}

/// What has to be handed over before the cells of a picture show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Material {
    /// Nothing: the cells tell everything.
    None,
    /// Bytes, which the terminal takes.
    Bytes(Arc<[u8]>),
    /// Strips, for whoever writes the cells.
    Strips(Arc<Strips>),
}

/// Why a file is no picture for us, as the end of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// More bytes or pixels than are read.
    #[error("it is too large")]
    TooLarge,
    /// None of the formats that are known, or broken.
    #[error("it is no PNG, JPEG, GIF or WebP picture that can be read")]
    Unreadable,
}

impl Picture {
    /// Reads a PNG, JPEG, GIF (its first frame) or WebP file, whatever its name.
    pub fn read(bytes: &[u8]) -> Result<Picture, PictureError> {
        if bytes.len() as u64 > MAX_BYTES {
            return Err(PictureError::TooLarge);
        }
        let unreadable = |_| PictureError::Unreadable;
        let mut reader = ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .map_err(|_| PictureError::Unreadable)?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(MAX_MEMORY);
        reader.limits(limits);
        match reader.decode() {
            Ok(image) => Ok(Picture(image.into_rgba8())),
            Err(image::ImageError::Limits(_)) => Err(PictureError::TooLarge),
            Err(error) => Err(unreadable(error)),
        }
    }

    /// Width and height, in pixels.
    pub fn size(&self) -> (u32, u32) {
        self.0.dimensions()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG of one colour.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let image = RgbaImage::from_pixel(width, height, image::Rgba([200, 100, 0, 255]));
        image.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn pictures_are_read_within_limits() {
        assert_eq!(Picture::read(&png(3, 2)).unwrap().size(), (3, 2));
        let mut moon = png(1, 1);
        moon[16..20].copy_from_slice(&2_000_000_u32.to_be_bytes());
        assert!(Picture::read(&moon).is_err(), "its head claims more than there is");
        assert_eq!(Picture::read(&png(MAX_SIDE + 1, 1)).unwrap_err(), PictureError::TooLarge);
        assert_eq!(Picture::read(&vec![0; 11 << 20]).unwrap_err(), PictureError::TooLarge);
        for bytes in [&b""[..], b"GIF89a", b"<svg></svg>", &png(3, 2)[..40]] {
            assert_eq!(Picture::read(bytes).unwrap_err(), PictureError::Unreadable);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_a_picture_or_not(mut bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), kind in 0_usize..4) {
            let heads: [&[u8]; 4] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBP"];
            bytes.splice(0..0, heads[kind].iter().copied());
            let _ = Picture::read(&bytes);
        }
    }
}
