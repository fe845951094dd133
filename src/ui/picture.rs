//! Pictures, drawn row by row: as half blocks of two colours, or as cells that the terminal paints.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Style},
};

use super::{ScreenPainter, colors::limit_colors, image_cell::ImageCell, row_painter::RowPainter};
use crate::{
    markup::{LayoutLine, PictureRow},
    picture::{RenderedImage, RgbColor},
};

impl ScreenPainter<'_> {
    /// Draws a row of a picture behind the marks of its line; in the first row, the reason if there is none.
    pub(super) fn draw_picture_row(
        &self,
        line: &LayoutLine,
        row: PictureRow,
        place: Rect,
        buffer: &mut Buffer,
    ) {
        let mut pen = RowPainter::new(buffer, place.x, place.y, place.width);
        for span in &line.spans {
            pen.put_sanitized(&span.text, self.style.theme.focus);
        }
        let shown = self.app.article_pane.view();
        let url = shown
            .and_then(|shown| shown.links().get(row.link.0 as usize))
            .map(|link| link.url.as_str());
        match self.app.article_pane.images.get(url.unwrap_or_default(), row) {
            Some(Ok(drawing)) => self.draw_picture_cells(drawing, row.row, &mut pen),
            Some(Err(failure)) if row.row == 0 => {
                pen.put_truncated(&failure.summary, self.style.theme.muted);
            }
            None if row.row == 0 => {
                pen.put_text("…", self.style.theme.muted);
            }
            _ => {}
        }
    }
}

impl ScreenPainter<'_> {
    fn draw_picture_cells(&self, drawing: &RenderedImage, row: u16, pen: &mut RowPainter<'_>) {
        match drawing {
            RenderedImage::HalfBlocks(blocks) => {
                for cell in blocks.row(row) {
                    let (symbol, style) = half_block_cell(*cell);
                    pen.put_sanitized(symbol, limit_colors(style, self.app.ui.settings.colors));
                }
            }
            RenderedImage::Rows(image, columns, rows) if row < *rows => {
                for column in 0..*columns {
                    pen.put_image_cell(ImageCell { image: *image, row, column });
                }
            }
            RenderedImage::Rows(..) => {}
            RenderedImage::Kitty(placed) => {
                // The colour in front is the picture's number.
                let [_, red, green, blue] = placed.id.to_be_bytes();
                let number = Style::new().fg(Color::Rgb(red, green, blue));
                for symbol in placed.row_cells(row) {
                    pen.put_sanitized(&symbol, number);
                }
            }
        }
    }
}

/// Returns the block of a cell and its colours: the upper pixel in front, the lower one behind.
fn half_block_cell([upper, lower]: [Option<RgbColor>; 2]) -> (&'static str, Style) {
    let color = |[red, green, blue]: RgbColor| Color::Rgb(red, green, blue);
    match (upper.map(color), lower.map(color)) {
        (Some(upper), Some(lower)) => ("▀", Style::new().fg(upper).bg(lower)),
        (Some(upper), None) => ("▀", Style::new().fg(upper)),
        (None, Some(lower)) => ("▄", Style::new().fg(lower)),
        (None, None) => (" ", Style::new()),
    }
}
