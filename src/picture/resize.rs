//! Scaling of images, first vertically and then horizontally.
//!
//! All sums are integers, so that an area of one colour keeps it exactly.

use super::{BYTES_PER_PIXEL, DecodedImage};

/// Binary logarithm of the sum of the weights of an output pixel.
const WEIGHT_BITS: u32 = 16;

/// The filter that computes an output pixel from input pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResizeFilter {
    /// The mean of the area that the output pixel covers: fast and sharp. Enlarging is done as by
    /// [`ResizeFilter::Triangle`].
    Area,
    /// Linear interpolation; when shrinking, over twice the area that the output pixel covers:
    /// smooth.
    Triangle,
}

/// The input pixels of one output pixel along an axis.
struct FilterTaps {
    first: u32,
    /// Weights of `first` and the pixels after it; their sum is `1 << WEIGHT_BITS`.
    weights: Vec<u32>,
}

impl DecodedImage {
    /// Scales the image to `width` by `height` pixels; 0 counts as 1.
    pub(super) fn resize(&self, width: u32, height: u32, filter: ResizeFilter) -> DecodedImage {
        let (width, height) = (width.max(1), height.max(1));
        if (width, height) == self.dimensions() {
            return self.clone();
        }
        if self.pixels.is_empty() {
            return DecodedImage::transparent(width, height);
        }
        let columns: Vec<FilterTaps> = filter.axis_taps(self.width, width).collect();
        let mut pixels = Vec::with_capacity(width as usize * height as usize * BYTES_PER_PIXEL);
        let mut row_sums = vec![0; self.width as usize * BYTES_PER_PIXEL];
        for rows in filter.axis_taps(self.height, height) {
            self.sum_rows(&rows, &mut row_sums);
            pixels.extend(columns.iter().flat_map(|taps| taps.weighted_pixel(&row_sums)));
        }
        DecodedImage { width, height, pixels }
    }

    /// Writes the weighted sum of the rows of `taps` to `sums`: values multiplied by `1 <<
    /// WEIGHT_BITS`.
    fn sum_rows(&self, taps: &FilterTaps, sums: &mut [u32]) {
        sums.fill(0);
        for (y, weight) in (taps.first..).zip(&taps.weights) {
            for (sum, value) in sums.iter_mut().zip(self.row(y)) {
                *sum += weight * u32::from(*value);
            }
        }
    }
}

impl FilterTaps {
    /// Scales the weights of consecutive input pixels to the common sum.
    ///
    /// Each result is the difference of two rounded running sums, so that rounding errors cancel
    /// out.
    fn new(inputs: impl Iterator<Item = (u64, u64)> + Clone) -> FilterTaps {
        let first = inputs.clone().next().map_or(0, |(input, _)| input);
        let total = inputs.clone().map(|(_, weight)| weight).sum::<u64>().max(1);
        let (mut sum, mut previous) = (0, 0);
        let scaled = inputs.map(|(_, weight)| {
            sum += weight;
            let rounded = ((sum << WEIGHT_BITS) + total / 2) / total;
            u32::try_from(rounded - std::mem::replace(&mut previous, rounded)).unwrap_or(u32::MAX)
        });
        FilterTaps { first: u32::try_from(first).unwrap_or(u32::MAX), weights: scaled.collect() }
    }

    /// Returns the weighted mean of pixels of a row whose values are multiplied by `1 <<
    /// WEIGHT_BITS`.
    fn weighted_pixel(&self, row_sums: &[u32]) -> [u8; BYTES_PER_PIXEL] {
        let pixels = row_sums.as_chunks::<BYTES_PER_PIXEL>().0.iter().skip(self.first as usize);
        let one_half = 1_u64 << (2 * WEIGHT_BITS - 1);
        let mut sums = [one_half; BYTES_PER_PIXEL];
        for (pixel, weight) in pixels.zip(&self.weights) {
            for (sum, value) in sums.iter_mut().zip(pixel) {
                *sum += u64::from(*weight) * u64::from(*value);
            }
        }
        sums.map(|sum| u8::try_from(sum >> (2 * WEIGHT_BITS)).unwrap_or(u8::MAX))
    }
}

impl ResizeFilter {
    /// Returns the taps of each output pixel along an axis that is scaled from `from` to `to`
    /// pixels.
    fn axis_taps(self, from: u32, to: u32) -> impl Iterator<Item = FilterTaps> {
        let is_area = self == ResizeFilter::Area && from >= to;
        let taps = if is_area { area_taps } else { triangle_taps };
        (0..to).map(move |output| taps(from.into(), to.into(), output.into()))
    }
}

/// Weighs input pixels by the part of them that an output pixel covers, in units of 1 / `to` of an
/// input pixel.
fn area_taps(from: u64, to: u64, output: u64) -> FilterTaps {
    let (left, right) = (output * from, (output + 1) * from);
    let covered = |input: u64| right.min((input + 1) * to) - left.max(input * to);
    FilterTaps::new((left / to..right.div_ceil(to)).map(|input| (input, covered(input))))
}

/// Weighs input pixels by the distance of the centres, in units of 1 / (2 · `to`) of an input
/// pixel.
fn triangle_taps(from: u64, to: u64, output: u64) -> FilterTaps {
    let (center, support) = ((2 * output + 1) * from, 2 * from.max(to));
    let nearness = |input: u64| support.saturating_sub(center.abs_diff((2 * input + 1) * to));
    let left = center.saturating_sub(support) / (2 * to);
    let right = (center + support).div_ceil(2 * to).min(from);
    let inputs = (left..right).map(|input| (input, nearness(input)));
    FilterTaps::new(inputs.filter(|(_, weight)| *weight > 0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tap_weights(filter: ResizeFilter, from: u32, to: u32) -> Vec<(u32, Vec<u32>)> {
        filter.axis_taps(from, to).map(|taps| (taps.first, taps.weights)).collect()
    }

    #[test]
    fn area_filter_weighs_pixels_by_coverage() {
        let halved = tap_weights(ResizeFilter::Area, 4, 2);
        assert_eq!(halved, [(0, vec![32768, 32768]), (2, vec![32768, 32768])]);
        let split = tap_weights(ResizeFilter::Area, 3, 2);
        assert_eq!(split, [(0, vec![43691, 21845]), (1, vec![21845, 43691])]);
    }

    #[test]
    fn triangle_filter_weighs_pixels_by_distance() {
        let halved = tap_weights(ResizeFilter::Triangle, 6, 3);
        assert_eq!(halved[1], (1, vec![8192, 24576, 24576, 8192]));
        let doubled = tap_weights(ResizeFilter::Triangle, 2, 4);
        assert_eq!(doubled[0], (0, vec![65536]));
        assert_eq!(doubled[1], (0, vec![49152, 16384]));
        assert_eq!(tap_weights(ResizeFilter::Area, 2, 4), doubled);
    }

    #[test]
    fn resize_by_area_returns_means() {
        let pixel =
            |x: u32, y: u32| if x < 2 && y < 2 { [200, 100, 0, 255] } else { [0, 0, 50, 0] };
        let image = DecodedImage::from_fn(4, 4, pixel);
        let halved = image.resize(2, 2, ResizeFilter::Area);
        assert_eq!(halved.pixel(0, 0), [200, 100, 0, 255]);
        assert_eq!(halved.pixel(1, 1), [0, 0, 50, 0]);
        assert_eq!(image.resize(1, 1, ResizeFilter::Area).pixel(0, 0), [50, 25, 38, 64]);
    }

    #[test]
    fn resize_to_same_size_changes_nothing() {
        let pixel = |x: u32, y: u32| [1, 2, 3, u8::try_from(x * 10 + y).unwrap()];
        let image = DecodedImage::from_fn(3, 2, pixel);
        assert_eq!(image.resize(3, 2, ResizeFilter::Triangle), image);
        let empty = DecodedImage::transparent(0, 0);
        let enlarged = empty.resize(2, 2, ResizeFilter::Area);
        assert_eq!(enlarged, DecodedImage::transparent(2, 2));
    }

    proptest! {
        #[test]
        fn filter_weights_have_one_sum_and_stay_inside(from in 1_u32..3000, to in 1_u32..300) {
            for filter in [ResizeFilter::Area, ResizeFilter::Triangle] {
                let taps = tap_weights(filter, from, to);
                prop_assert_eq!(taps.len(), to as usize);
                for (first, weights) in taps {
                    prop_assert!(first as usize + weights.len() <= from as usize);
                    prop_assert_eq!(weights.iter().sum::<u32>(), 1 << WEIGHT_BITS);
                }
            }
        }

        #[test]
        fn resize_keeps_single_color(width in 1_u32..90, height in 1_u32..90, to in (1_u32..90, 1_u32..90), color: [u8; 4]) {
            for filter in [ResizeFilter::Area, ResizeFilter::Triangle] {
                let resized = DecodedImage::from_fn(width, height, |_, _| color).resize(to.0, to.1, filter);
                prop_assert_eq!(resized.dimensions(), to);
                prop_assert!(resized.pixels.as_chunks().0.iter().all(|pixel| *pixel == color));
            }
        }
    }
}
