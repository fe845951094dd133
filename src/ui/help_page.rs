//! The help page as it is drawn: keys on the left, explanations on the right.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{ScreenPainter, row_painter::RowPainter};
use crate::app::Picker;

/// Width of the column with the keys.
const KEY_COLUMNS: u16 = 22;

impl ScreenPainter<'_> {
    /// Draws the lines of the page that are in view.
    pub(super) fn draw_help_page(&self, picker: &Picker, area: Rect, buffer: &mut Buffer) {
        let lines = picker.page_items().iter().skip(picker.top_index());
        for (line, y) in lines.zip(area.y..area.bottom()) {
            let mut painter = RowPainter::new(buffer, area.x, y, area.width);
            if line.detail.is_empty() {
                painter.put_truncated(&line.label, self.style.theme.focus);
                continue;
            }
            painter
                .put_text(&self.style.glyphs.key_text(&line.detail), self.style.theme.focus)
                .put_text(" ", self.style.theme.text)
                .skip_to(area.x + KEY_COLUMNS.min(area.width / 2));
            painter.put_truncated(&line.label, self.style.theme.text);
        }
    }
}
