//! Images in half blocks: a cell shows two pixels, one above the other, in its two colours.

use super::{ALPHA_THRESHOLD, DecodedImage, resize::ResizeFilter};

/// Red, green and blue.
pub type RgbColor = [u8; 3];

/// An image in cells of two pixels each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HalfBlockImage {
    columns: u16,
    cells: Vec<[Option<RgbColor>; 2]>,
}

impl DecodedImage {
    /// Scales the image to at most `columns` by `rows` cells and keeps its proportions.
    pub fn to_half_blocks(&self, columns: u16, rows: u16) -> HalfBlockImage {
        let (columns, rows) = fit_into_cells(self.dimensions(), columns, rows);
        let scaled = self.resize(columns.into(), u32::from(rows) * 2, ResizeFilter::Area);
        let pixel = |x: u16, y: u32| {
            let [red, green, blue, alpha] = scaled.pixel(x.into(), y);
            (alpha >= ALPHA_THRESHOLD).then_some([red, green, blue])
        };
        let cell = |y: u16, x: u16| [pixel(x, u32::from(y) * 2), pixel(x, u32::from(y) * 2 + 1)];
        let cells = (0..rows)
            .flat_map(|y| (0..columns).map(move |x| (y, x)))
            .map(|(y, x)| cell(y, x))
            .collect();
        HalfBlockImage { columns, cells }
    }
}

/// Returns the columns and rows that an image of `width` by `height` pixels fills within `columns`
/// by `rows` cells.
///
/// The proportions are kept, with cells that are twice as high as they are wide. Both results are
/// at least 1.
pub(super) fn fit_into_cells((width, height): (u32, u32), columns: u16, rows: u16) -> (u16, u16) {
    let (width, height) = (u64::from(width.max(1)), u64::from(height.max(1)));
    let (columns, rows) = (u64::from(columns.max(1)), u64::from(rows.max(1)));
    let full_width_rows = (columns * height).div_ceil(width * 2);
    let (columns, rows) = if full_width_rows <= rows {
        (columns, full_width_rows)
    } else {
        (rows * 2 * width / height, rows)
    };
    let cells = |count: u64| u16::try_from(count.max(1)).unwrap_or(u16::MAX);
    (cells(columns), cells(rows))
}

impl HalfBlockImage {
    /// Returns the upper and lower pixel of each cell in `row`, `None` for transparent ones; empty
    /// below the last row.
    pub fn row(&self, row: u16) -> &[[Option<RgbColor>; 2]] {
        let columns = usize::from(self.columns);
        let start = usize::from(row) * columns;
        self.cells.get(start..start + columns).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
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
        let image = DecodedImage::from_fn(2, 4, |x, y| match (x, y) {
            (0, 1) => [0, 0, 255, 255],
            (1, 3) => [0, 0, 0, 0],
            _ => [255, 0, 0, 255],
        });
        let blocks = image.to_half_blocks(2, 2);
        let (red, blue) = (Some([255, 0, 0]), Some([0, 0, 255]));
        assert_eq!(blocks.row(0), [[red, blue], [red, red]]);
        assert_eq!(blocks.row(1), [[red, red], [red, None]]);
        assert!(blocks.row(2).is_empty());
    }
}
