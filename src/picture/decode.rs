//! Decoding of PNG, JPEG, GIF and WebP files, each by its own crate.
//!
//! Colour profiles and the orientation that cameras record are ignored.

use std::io::Cursor;

use zune_jpeg::{
    ImageInfo, JpegDecoder,
    errors::DecodeErrors,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::{BYTES_PER_PIXEL, DecodedImage, ImageDecodeError, MAX_FILE_BYTES};

/// Maximum width and height, in pixels.
pub(super) const MAX_SIDE_PIXELS: u32 = 10_000;

/// Maximum size of the decoded samples, in bytes: 40 million pixels with alpha.
const MAX_DECODE_BYTES: usize = 160 << 20;

/// Maximum size of the decoded samples and of what else is in memory with them, in bytes: the pixels that
/// they become, or the coefficients of a progressive JPEG. An image whose pixels do not fit is made
/// smaller on the way.
const MAX_TOTAL_BYTES: usize = 200 << 20;

/// Decodes a file whose format is recognised by its first bytes; of an animation, the first frame.
///
/// # Errors
/// [`ImageDecodeError::TooLarge`] if the limits do not allow the image,
/// [`ImageDecodeError::Unreadable`] otherwise.
fn decode_image(file: &[u8]) -> Result<DecodedImage, ImageDecodeError> {
    match file {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => decode_png(file),
        [0xff, 0xd8, 0xff, ..] => decode_jpeg(file),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => decode_gif(file),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => decode_webp(file),
        _ => Err(ImageDecodeError::Unreadable),
    }
}

fn decode_png(file: &[u8]) -> Result<DecodedImage, ImageDecodeError> {
    let limits = png::Limits { bytes: MAX_DECODE_BYTES };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let (width, height) = decoder.read_header_info()?.size();
    check_sides(width, height)?;
    let mut reader = decoder.read_info()?;
    let channels = reader.output_color_type().0.samples();
    let mut samples = vec![0; checked_sample_len(width, height, channels)?];
    reader.next_frame(&mut samples)?;
    Ok(DecodedImage::from_samples(width, height, samples, channels))
}

fn decode_jpeg(file: &[u8]) -> Result<DecodedImage, ImageDecodeError> {
    // The sides are checked below: the decoder's own limits do not distinguish large files from
    // broken ones.
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers()?;
    let (width, height) = decoder.dimensions().ok_or(ImageDecodeError::Unreadable)?;
    let side = |pixels: usize| u32::try_from(pixels).map_err(|_| ImageDecodeError::TooLarge);
    let (width, height) = (side(width)?, side(height)?);
    let colors = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => ColorSpace::Luma,
        _ => ColorSpace::RGB,
    };
    decoder.set_options(options.jpeg_set_out_colorspace(colors));
    let channels = colors.num_components();
    let len = checked_sample_len(width, height, channels)?;
    let info = decoder.info().ok_or(ImageDecodeError::Unreadable)?;
    if info.sof.is_progressive() && len + coefficient_bytes(&info) > MAX_TOTAL_BYTES {
        return Err(ImageDecodeError::TooLarge);
    }
    let mut samples = vec![0; len];
    decoder.decode_into(&mut samples)?;
    Ok(DecodedImage::from_samples(width, height, samples, channels))
}

/// Returns the size of the coefficients of a progressive JPEG, which are all kept until its last scan, in
/// bytes. Components with fewer samples are counted as whole.
fn coefficient_bytes(info: &ImageInfo) -> usize {
    usize::from(info.width)
        * usize::from(info.height)
        * usize::from(info.components)
        * size_of::<i16>()
}

fn decode_gif(file: &[u8]) -> Result<DecodedImage, ImageDecodeError> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(file)?;
    let (width, height) = (u32::from(decoder.width()), u32::from(decoder.height()));
    let canvas_len = checked_sample_len(width, height, BYTES_PER_PIXEL)?;
    let frame = decoder.next_frame_info()?.ok_or(ImageDecodeError::Unreadable)?;
    let (left, top) = (u32::from(frame.left), u32::from(frame.top));
    let frame_size = (u32::from(frame.width), u32::from(frame.height));
    let frame_len = checked_sample_len(frame_size.0, frame_size.1, BYTES_PER_PIXEL)?;
    let fills_canvas = (left, top) == (0, 0) && frame_size == (width, height);
    if !fills_canvas && canvas_len + frame_len > MAX_DECODE_BYTES {
        return Err(ImageDecodeError::TooLarge);
    }
    let mut first_frame = DecodedImage::transparent(frame_size.0, frame_size.1);
    decoder.read_into_buffer(&mut first_frame.pixels)?;
    if fills_canvas {
        return Ok(first_frame);
    }
    let mut canvas = DecodedImage::transparent(width, height);
    canvas.paste(&first_frame, left, top);
    Ok(canvas)
}

fn decode_webp(file: &[u8]) -> Result<DecodedImage, ImageDecodeError> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(file))?;
    decoder.set_memory_limit(MAX_DECODE_BYTES);
    let (width, height) = decoder.dimensions();
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let mut samples = vec![0; checked_sample_len(width, height, channels)?];
    decoder.read_image(&mut samples)?;
    Ok(DecodedImage::from_samples(width, height, samples, channels))
}

/// Checks that both sides are within the limit, and that there is a pixel at all: a GIF may have none.
fn check_sides(width: u32, height: u32) -> Result<(), ImageDecodeError> {
    match (width.min(height), width.max(height)) {
        (0, _) => Err(ImageDecodeError::Unreadable),
        (_, longer) if longer > MAX_SIDE_PIXELS => Err(ImageDecodeError::TooLarge),
        _ => Ok(()),
    }
}

/// Returns the size of the decoded samples in bytes if it is within the limits.
fn checked_sample_len(width: u32, height: u32, channels: usize) -> Result<usize, ImageDecodeError> {
    check_sides(width, height)?;
    let pixels = u64::from(width) * u64::from(height);
    let len = usize::try_from(pixels).ok().and_then(|pixels| pixels.checked_mul(channels));
    len.filter(|len| *len <= MAX_DECODE_BYTES).ok_or(ImageDecodeError::TooLarge)
}

impl DecodedImage {
    /// Decodes a PNG, JPEG, GIF or WebP file, recognised by its content; of an animation, the first frame.
    pub fn decode(bytes: &[u8]) -> Result<DecodedImage, ImageDecodeError> {
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(ImageDecodeError::TooLarge);
        }
        decode_image(bytes)
    }

    /// Creates an image from samples of one to four channels: gray, gray and alpha, RGB, or RGBA. If
    /// the pixels would take too much memory beside the samples, a part of the rows and columns is
    /// left out, evenly.
    fn from_samples(width: u32, height: u32, samples: Vec<u8>, channels: usize) -> DecodedImage {
        let grid = PixelGrid::within_limit(width, height, channels);
        let pixels = match channels {
            1 => grid.expand(&samples, |[gray]| [gray, gray, gray, u8::MAX]),
            2 => grid.expand(&samples, |[gray, alpha]| [gray, gray, gray, alpha]),
            3 => grid.expand(&samples, |[red, green, blue]| [red, green, blue, u8::MAX]),
            _ => samples,
        };
        let (width, height) = grid.dimensions();
        DecodedImage { width, height, pixels }
    }

    /// Overwrites pixels with those of `part`, whose upper left corner is put at `left` and `top`.
    /// Pixels outside of either image are left out.
    fn paste(&mut self, part: &DecodedImage, left: u32, top: u32) {
        let part_len = part.width.min(self.width.saturating_sub(left)) as usize * BYTES_PER_PIXEL;
        let start = left as usize * BYTES_PER_PIXEL;
        let row_len = (self.width as usize * BYTES_PER_PIXEL).max(1);
        let rows = self.pixels.chunks_exact_mut(row_len).skip(top as usize);
        for (row, y) in rows.zip(0..part.height) {
            let target = row.get_mut(start..start + part_len);
            if let (Some(target), Some(source)) = (target, part.row(y).get(..part_len)) {
                target.copy_from_slice(source);
            }
        }
    }
}

/// The pixels of an image that are kept: one of `step` rows and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PixelGrid {
    width: usize,
    height: usize,
    step: usize,
}

impl PixelGrid {
    /// Creates the finest grid whose pixels fit into [`MAX_TOTAL_BYTES`] beside the samples.
    fn within_limit(width: u32, height: u32, channels: usize) -> PixelGrid {
        let (width, height) = (width as usize, height as usize);
        let mut grid = PixelGrid { width, height, step: 1 };
        // Samples of four channels are the pixels.
        while channels < BYTES_PER_PIXEL && grid.total_bytes(channels) > MAX_TOTAL_BYTES {
            grid.step += 1;
        }
        grid
    }

    /// Returns the size of all samples and of the pixels that are kept.
    fn total_bytes(self, channels: usize) -> usize {
        self.width * self.height * channels + self.pixel_bytes()
    }

    fn pixel_bytes(self) -> usize {
        self.width.div_ceil(self.step) * self.height.div_ceil(self.step) * BYTES_PER_PIXEL
    }

    /// Returns the numbers of columns and rows that are kept.
    fn dimensions(self) -> (u32, u32) {
        let side = |pixels: usize| u32::try_from(pixels.div_ceil(self.step)).unwrap_or(u32::MAX);
        (side(self.width), side(self.height))
    }

    /// Converts the samples of the pixels that are kept.
    fn expand<const CHANNELS: usize>(
        self,
        samples: &[u8],
        to_rgba: impl Fn([u8; CHANNELS]) -> [u8; BYTES_PER_PIXEL],
    ) -> Vec<u8> {
        let mut pixels = Vec::with_capacity(self.pixel_bytes());
        for row in samples.as_chunks().0.chunks(self.width.max(1)).step_by(self.step) {
            pixels.extend(row.iter().step_by(self.step).flat_map(|pixel| to_rgba(*pixel)));
        }
        pixels
    }
}

impl From<png::DecodingError> for ImageDecodeError {
    fn from(error: png::DecodingError) -> ImageDecodeError {
        match error {
            png::DecodingError::LimitsExceeded => ImageDecodeError::TooLarge,
            _ => ImageDecodeError::Unreadable,
        }
    }
}

impl From<DecodeErrors> for ImageDecodeError {
    fn from(error: DecodeErrors) -> ImageDecodeError {
        match error {
            DecodeErrors::LargeDimensions(_) => ImageDecodeError::TooLarge,
            _ => ImageDecodeError::Unreadable,
        }
    }
}

impl From<gif::DecodingError> for ImageDecodeError {
    fn from(error: gif::DecodingError) -> ImageDecodeError {
        match error {
            gif::DecodingError::MemoryLimit => ImageDecodeError::TooLarge,
            _ => ImageDecodeError::Unreadable,
        }
    }
}

impl From<image_webp::DecodingError> for ImageDecodeError {
    fn from(error: image_webp::DecodingError) -> ImageDecodeError {
        match error {
            image_webp::DecodingError::MemoryLimitExceeded => ImageDecodeError::TooLarge,
            _ => ImageDecodeError::Unreadable,
        }
    }
}

#[cfg(test)]
mod tests;
