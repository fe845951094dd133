//! Pictures: read from the bytes of a file, and made small enough for the cells of a terminal.
//!
//! Every limit is checked before the memory it is about is taken: a file of a few bytes may claim to be as wide as the
//! moon.

mod half_blocks;
mod image_rows;
mod kitty;
mod sixel;

use std::{io::Cursor, sync::Arc};

use image::{ImageReader, Limits, RgbaImage};

pub use half_blocks::{HalfBlockImage, RgbColor};
pub use image_rows::{ImageRows, RowEncoding};
pub use kitty::KittyImage;

/// Larger files are not read, in bytes.
pub const MAX_FILE_BYTES: u64 = 10 << 20;

/// Wider or higher pictures are not read, in pixels.
const MAX_SIDE_PIXELS: u32 = 10_000;

/// Memory that reading a picture may take, in bytes: 40 million pixels.
const MAX_DECODE_BYTES: u64 = 160 << 20;

/// A picture as pixels.
#[derive(Debug, Clone)]
pub struct DecodedImage(RgbaImage);

/// A picture as cells show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RenderedImage {
    /// In half blocks.
    HalfBlocks(HalfBlockImage),
    /// By the terminal itself.
    Kitty(KittyImage),
    /// By the terminal, strip by strip: the number, columns, rows.
    Rows(u32, u16, u16),
}

/// How a terminal shows pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImageProtocol {
    /// In half blocks.
    #[default]
    HalfBlocks,
    /// It keeps them, and cells name them.
    Kitty,
    /// It paints them, strip by strip.
    Rows(RowEncoding),
}

/// What has to be handed over before the cells of a picture show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImagePayload {
    /// Nothing: the cells tell everything.
    None,
    /// Bytes, which the terminal takes.
    KittyTransmission(Arc<[u8]>),
    /// Strips, for whoever writes the cells.
    Rows(Arc<ImageRows>),
}

/// Why a file is no picture for us, as the end of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageDecodeError {
    /// More bytes or pixels than are read.
    #[error("it is too large")]
    TooLarge,
    /// None of the formats that are known, or broken.
    #[error("it is no PNG, JPEG, GIF or WebP picture that can be read")]
    Unreadable,
}

impl DecodedImage {
    /// Reads a PNG, JPEG, GIF (its first frame) or WebP file, whatever its name.
    pub fn decode(bytes: &[u8]) -> Result<DecodedImage, ImageDecodeError> {
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(ImageDecodeError::TooLarge);
        }
        let unreadable = |_| ImageDecodeError::Unreadable;
        let mut reader = ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .map_err(|_| ImageDecodeError::Unreadable)?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_SIDE_PIXELS);
        limits.max_image_height = Some(MAX_SIDE_PIXELS);
        limits.max_alloc = Some(MAX_DECODE_BYTES);
        reader.limits(limits);
        match reader.decode() {
            Ok(image) => Ok(DecodedImage(image.into_rgba8())),
            Err(image::ImageError::Limits(_)) => Err(ImageDecodeError::TooLarge),
            Err(error) => Err(unreadable(error)),
        }
    }

    /// Width and height, in pixels.
    pub fn dimensions(&self) -> (u32, u32) {
        self.0.dimensions()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG of one colour.
    fn encode_png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let image = RgbaImage::from_pixel(width, height, image::Rgba([200, 100, 0, 255]));
        image.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn image_decode_enforces_limits() {
        assert_eq!(DecodedImage::decode(&encode_png(3, 2)).unwrap().dimensions(), (3, 2));
        let mut moon = encode_png(1, 1);
        moon[16..20].copy_from_slice(&2_000_000_u32.to_be_bytes());
        assert!(DecodedImage::decode(&moon).is_err(), "its head claims more than there is");
        assert_eq!(
            DecodedImage::decode(&encode_png(MAX_SIDE_PIXELS + 1, 1)).unwrap_err(),
            ImageDecodeError::TooLarge
        );
        assert_eq!(
            DecodedImage::decode(&vec![0; 11 << 20]).unwrap_err(),
            ImageDecodeError::TooLarge
        );
        for bytes in [&b""[..], b"GIF89a", b"<svg></svg>", &encode_png(3, 2)[..40]] {
            assert_eq!(DecodedImage::decode(bytes).unwrap_err(), ImageDecodeError::Unreadable);
        }
    }

    proptest::proptest! {
        #[test]
        fn image_decode_never_panics(mut bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), kind in 0_usize..4) {
            let heads: [&[u8]; 4] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBP"];
            bytes.splice(0..0, heads[kind].iter().copied());
            let _ = DecodedImage::decode(&bytes);
        }
    }
}
