//! A picture in cells: each shows two pixels, one above the other, as a half block in two colours.

use image::imageops;

use super::DecodedImage;

/// Red, green and blue.
pub type RgbColor = [u8; 3];

/// Less opaque pixels are not seen.
const ALPHA_THRESHOLD: u8 = 128;

/// A picture in cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HalfBlockImage {
    columns: u16,
    cells: Vec<[Option<RgbColor>; 2]>,
}

impl DecodedImage {
    /// The picture in at most so many cells, its proportions kept: a cell is twice as high as it is wide.
    pub fn to_half_blocks(&self, columns: u16, rows: u16) -> HalfBlockImage {
        let (columns, rows) = fit_into_cells(self.dimensions(), columns, rows);
        let small = imageops::thumbnail(&self.0, columns.into(), u32::from(rows) * 2);
        let pixel = |x: u16, y: u32| {
            let [red, green, blue, seen] = small.get_pixel(x.into(), y).0;
            (seen >= ALPHA_THRESHOLD).then_some([red, green, blue])
        };
        let cell = |y: u16, x: u16| [pixel(x, u32::from(y) * 2), pixel(x, u32::from(y) * 2 + 1)];
        let cells = (0..rows)
            .flat_map(|y| (0..columns).map(move |x| (y, x)))
            .map(|(y, x)| cell(y, x))
            .collect();
        HalfBlockImage { columns, cells }
    }
}

/// The cells that a picture of `size` pixels takes within `columns` and `rows`; one at least.
pub(super) fn fit_into_cells((width, height): (u32, u32), columns: u16, rows: u16) -> (u16, u16) {
    let (width, height) = (u64::from(width.max(1)), u64::from(height.max(1)));
    let (columns, rows) = (u64::from(columns.max(1)), u64::from(rows.max(1)));
    let high = (columns * height).div_ceil(width * 2);
    let (columns, rows) =
        if high <= rows { (columns, high) } else { (rows * 2 * width / height, rows) };
    let cells = |count: u64| u16::try_from(count.max(1)).unwrap_or(u16::MAX);
    (cells(columns), cells(rows))
}

impl HalfBlockImage {
    /// The cells of a row: upper and lower pixel, `None` where nothing is seen. No cells below the last row.
    pub fn row(&self, row: u16) -> &[[Option<RgbColor>; 2]] {
        let columns = usize::from(self.columns);
        let start = usize::from(row) * columns;
        self.cells.get(start..start + columns).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::*;

    #[test]
    fn fit_into_cells_keeps_aspect_ratio() {
        let cases = [
            ((640, 480), (80, 40), (80, 30)),
            ((640, 480), (80, 15), (40, 15)),
            ((100, 1000), (80, 20), (4, 20)),
            ((1000, 1), (10, 10), (10, 1)),
            ((0, 0), (0, 0), (1, 1)),
        ];
        for (size, (columns, rows), expected) in cases {
            assert_eq!(fit_into_cells(size, columns, rows), expected, "{size:?}");
        }
    }

    #[test]
    fn half_block_cell_holds_two_pixels() {
        let mut image = RgbaImage::from_pixel(2, 4, Rgba([255, 0, 0, 255]));
        image.put_pixel(0, 1, Rgba([0, 0, 255, 255]));
        image.put_pixel(1, 3, Rgba([0, 0, 0, 0]));
        let blocks = DecodedImage(image).to_half_blocks(2, 2);
        let (red, blue) = (Some([255, 0, 0]), Some([0, 0, 255]));
        assert_eq!(blocks.row(0), [[red, blue], [red, red]]);
        assert_eq!(blocks.row(1), [[red, red], [red, None]]);
        assert!(blocks.row(2).is_empty());
    }
}
