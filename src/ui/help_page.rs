//! The help page as it is drawn: keys on the left, explanations on the right.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{ScreenPainter, row_painter::RowPainter};
use crate::app::{Picker, help_key_columns};

impl ScreenPainter<'_> {
    /// Draws the rows of the page that are in view.
    pub(super) fn draw_help_page(&self, picker: &Picker, area: Rect, buffer: &mut Buffer) {
        let theme = &self.style.theme;
        let lines = picker.page_rows().iter().skip(picker.top_index());
        for (line, y) in lines.zip(area.y..area.bottom()) {
            let mut painter = RowPainter::new(buffer, area.x, y, area.width);
            if line.is_heading {
                painter.put_truncated(&line.text, theme.focus);
                continue;
            }
            painter
                .put_text(&self.style.glyphs.key_text(&line.keys), theme.focus)
                .put_text(" ", theme.text)
                .skip_to(area.x + help_key_columns(area.width));
            painter.put_truncated(&line.text, theme.text);
        }
    }
}
