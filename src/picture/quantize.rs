//! Reduction of images to a palette, for terminals that show sixels.

use color_quant::NeuQuant;

use super::{
    ALPHA_THRESHOLD, BYTES_PER_PIXEL, DecodedImage,
    sixel::{IndexedImage, TRANSPARENT},
};

/// Maximum number of colours: terminals have 256 registers, and one index means transparent.
const PALETTE_SIZE: usize = 255;

/// The palette is computed from one in this number of pixels (1 takes all, 30 is the fastest).
const NEUQUANT_SAMPLE_FACTOR: i32 = 10;

/// Columns to the right, rows down and the share in sixteenths of the neighbours that take a
/// pixel's error (Floyd and Steinberg).
const DITHER_NEIGHBORS: [(i32, u32, i16); 4] = [(1, 0, 7), (-1, 1, 3), (0, 1, 5), (1, 1, 1)];

/// Reduces an image to a palette computed for it, with dithering.
pub(super) fn quantize_colors(mut image: DecodedImage) -> IndexedImage {
    let colors = NeuQuant::new(NEUQUANT_SAMPLE_FACTOR, PALETTE_SIZE, &image.pixels);
    let pixels = image.pixels.as_chunks::<BYTES_PER_PIXEL>().0;
    let visible: Vec<bool> = pixels.iter().map(|pixel| pixel[3] >= ALPHA_THRESHOLD).collect();
    dither(&mut image, &colors);
    let color_index = |(pixel, visible): (&[u8; BYTES_PER_PIXEL], bool)| {
        let index = if visible { colors.index_of(pixel) } else { TRANSPARENT.into() };
        u8::try_from(index).unwrap_or(TRANSPARENT)
    };
    let pixels = image.pixels.as_chunks().0.iter().zip(visible).map(color_index).collect();
    let palette = colors.color_map_rgb().as_chunks().0.to_vec();
    IndexedImage { width: image.width, palette, pixels }
}

/// Replaces each pixel by the nearest colour and spreads the error over its neighbours.
fn dither(image: &mut DecodedImage, colors: &NeuQuant) {
    for y in 0..image.height {
        for x in 0..image.width {
            let Some(pixel) = pixel_mut(image, x, y) else { continue };
            let original = *pixel;
            colors.map_pixel(pixel);
            let error = [0, 1, 2].map(|n| i16::from(original[n]) - i16::from(pixel[n]));
            for (right, down, share) in DITHER_NEIGHBORS {
                let Some(x) = x.checked_add_signed(right) else { continue };
                if let Some(neighbor) = pixel_mut(image, x, y + down) {
                    add_error(neighbor, error, share);
                }
            }
        }
    }
}

/// Adds `share` sixteenths of an error to a pixel.
fn add_error(pixel: &mut [u8; BYTES_PER_PIXEL], error: [i16; 3], share: i16) {
    for (value, error) in pixel.iter_mut().zip(error) {
        let changed = (i16::from(*value) + error * share / 16).clamp(0, 255);
        *value = u8::try_from(changed).unwrap_or(u8::MAX);
    }
}

fn pixel_mut(image: &mut DecodedImage, x: u32, y: u32) -> Option<&mut [u8; BYTES_PER_PIXEL]> {
    let index = y as usize * image.width as usize + x as usize;
    image.pixels.as_chunks_mut().0.get_mut(index).filter(|_| x < image.width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn low_byte(n: u32) -> u8 {
        n.to_le_bytes()[0]
    }

    #[test]
    fn quantize_keeps_few_colors_and_transparency() {
        let image = DecodedImage::from_fn(64, 64, |x, y| match (x < 32, y < 32) {
            (true, true) => [255, 0, 0, 255],
            (false, true) => [0, 0, 255, 255],
            (_, false) => [0, 255, 0, 0],
        });
        let indexed = quantize_colors(image);
        assert_eq!((indexed.width, indexed.pixels.len()), (64, 64 * 64));
        assert!(indexed.palette.len() <= PALETTE_SIZE);
        let is_near = |index: usize, expected: [u8; 3]| {
            let color = indexed.palette[usize::from(indexed.pixels[index])];
            color.iter().zip(expected).all(|(actual, expected)| actual.abs_diff(expected) < 16)
        };
        assert!(is_near(10 * 64 + 10, [255, 0, 0]) && is_near(10 * 64 + 50, [0, 0, 255]));
        assert!(indexed.pixels[32 * 64..].iter().all(|index| *index == TRANSPARENT));
    }

    #[test]
    fn quantize_keeps_mean_color() {
        // The image has more colours than the palette can hold.
        let pixel = |x, y| [low_byte(x * 2), low_byte(y * 2), 99, 255];
        let image = DecodedImage::from_fn(128, 128, pixel);
        let mean =
            |reds: &mut dyn Iterator<Item = u8>| reds.map(u32::from).sum::<u32>() / (128 * 128);
        let before = mean(&mut image.pixels.iter().step_by(BYTES_PER_PIXEL).copied());
        let indexed = quantize_colors(image);
        let red = |index: &u8| indexed.palette[usize::from(*index)][0];
        let after = mean(&mut indexed.pixels.iter().map(red));
        assert!(before.abs_diff(after) <= 2, "{before} {after}");
    }

    #[test]
    fn quantize_accepts_single_column_and_row() {
        for (width, height) in [(1, 1), (1, 9), (9, 1)] {
            let image =
                DecodedImage::from_fn(width, height, |x, y| [low_byte(x), low_byte(y), 0, 255]);
            assert_eq!(quantize_colors(image).pixels.len(), (width * height) as usize);
        }
    }
}
