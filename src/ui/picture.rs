//! A row of a picture: half blocks in two colours each.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Style},
};

use super::{Scene, colors::limited, pen::Pen, strip::StripCell};
use crate::{
    markup::{Line, PictureRow},
    picture::{Drawing, Rgb},
};

impl Scene<'_> {
    /// One row of a picture behind the marks of its line; in the first, why there is none.
    pub(super) fn picture_row(&self, line: &Line, row: PictureRow, place: Rect, buffer: &mut Buffer) {
        let mut pen = Pen::new(buffer, place.x, place.y, place.width);
        for span in &line.spans {
            pen.clean(&span.text, self.skin.theme.focus);
        }
        let shown = self.app.reader.shown();
        let url =
            shown.and_then(|shown| shown.links().get(row.link.0 as usize)).map(|link| link.url.as_str());
        match self.app.reader.pictures.get(url.unwrap_or_default(), row) {
            Some(Ok(drawing)) => self.drawing(drawing, row.row, &mut pen),
            Some(Err(failure)) if row.row == 0 => {
                pen.cut(&failure.summary, self.skin.theme.muted);
            }
            None if row.row == 0 => {
                pen.put("…", self.skin.theme.muted);
            }
            _ => {}
        }
    }
}

impl Scene<'_> {
    fn drawing(&self, drawing: &Drawing, row: u16, pen: &mut Pen<'_>) {
        match drawing {
            Drawing::Blocks(blocks) => {
                for cell in blocks.row(row) {
                    let (symbol, style) = cell_of(*cell);
                    pen.clean(symbol, limited(style, self.app.look.settings.colors));
                }
            }
            Drawing::Strips(picture, columns, rows) if row < *rows => {
                for column in 0..*columns {
                    pen.strip(StripCell { picture: *picture, row, column });
                }
            }
            Drawing::Strips(..) => {}
            Drawing::Placed(placed) => {
                // The colour in front is the picture's number.
                let [_, red, green, blue] = placed.id.to_be_bytes();
                let number = Style::new().fg(Color::Rgb(red, green, blue));
                for symbol in placed.row(row) {
                    pen.clean(&symbol, number);
                }
            }
        }
    }
}

/// The block of a cell, and its colours: the upper pixel in front, the lower one behind.
fn cell_of([upper, lower]: [Option<Rgb>; 2]) -> (&'static str, Style) {
    let color = |[red, green, blue]: Rgb| Color::Rgb(red, green, blue);
    match (upper.map(color), lower.map(color)) {
        (Some(upper), Some(lower)) => ("▀", Style::new().fg(upper).bg(lower)),
        (Some(upper), None) => ("▀", Style::new().fg(upper)),
        (None, Some(lower)) => ("▄", Style::new().fg(lower)),
        (None, None) => (" ", Style::new()),
    }
}
