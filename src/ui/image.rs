//! Pictures, drawn row by row: as half blocks of two colours, or as cells that the terminal paints.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Style},
};

use super::{ScreenPainter, colors::limit_colors, image_cell::ImageCell, row_painter::RowPainter};
use crate::{
    markup::{LayoutLine, ReservedImageRow},
    picture::{RenderedImage, RgbColor},
};

impl ScreenPainter<'_> {
    /// Draws a row of a picture after the prefix of its line. If the picture could not be loaded,
    /// the first row shows the reason.
    pub(super) fn draw_image_row(
        &self,
        line: &LayoutLine,
        row: ReservedImageRow,
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let mut painter = RowPainter::new(buffer, area.x, area.y, area.width);
        for span in &line.spans {
            painter.put_sanitized(&span.text, self.style.theme.focus);
        }
        let view = self.app.article_pane.view();
        let url = view
            .and_then(|view| view.links().get(row.link.0 as usize))
            .map(|link| link.url.as_str());
        match self.app.article_pane.images.get(url.unwrap_or_default(), row) {
            Some(Ok(image)) => self.draw_picture_cells(image, row.row, &mut painter),
            Some(Err(failure)) if row.row == 0 => {
                painter.put_truncated(&failure.summary, self.style.theme.muted);
            }
            None if row.row == 0 => {
                painter.put_text("…", self.style.theme.muted);
            }
            _ => {}
        }
    }
}

impl ScreenPainter<'_> {
    fn draw_picture_cells(&self, image: &RenderedImage, row: u16, painter: &mut RowPainter<'_>) {
        match image {
            RenderedImage::HalfBlocks(blocks) => {
                for cell in blocks.row(row) {
                    let (symbol, style) = half_block_cell(*cell);
                    painter.put_sanitized(
                        symbol,
                        limit_colors(style, style, self.app.ui.settings.colors),
                    );
                }
            }
            RenderedImage::Rows(image, columns, rows) if row < *rows => {
                for column in 0..*columns {
                    painter.put_image_cell(ImageCell { image: *image, row, column });
                }
            }
            RenderedImage::Rows(..) => {}
            RenderedImage::Kitty(image) => {
                // The foreground colour of a placeholder holds the id of the image.
                let [_, red, green, blue] = image.id.to_be_bytes();
                let id_style = Style::new().fg(Color::Rgb(red, green, blue));
                for symbol in image.row_cells(row) {
                    painter.put_sanitized(&symbol, id_style);
                }
            }
        }
    }
}

/// Returns the block character and the colours of a cell that shows two pixels.
fn half_block_cell([upper, lower]: [Option<RgbColor>; 2]) -> (&'static str, Style) {
    let color = |[red, green, blue]: RgbColor| Color::Rgb(red, green, blue);
    match (upper.map(color), lower.map(color)) {
        (Some(upper), Some(lower)) => ("▀", Style::new().fg(upper).bg(lower)),
        (Some(upper), None) => ("▀", Style::new().fg(upper)),
        (None, Some(lower)) => ("▄", Style::new().fg(lower)),
        (None, None) => (" ", Style::new()),
    }
}
