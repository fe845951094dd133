//! The histogram: the matches of the filter over time, in one row on the rule under the filter bar.

use chrono::{Datelike, NaiveDate};
use ratatui::buffer::Buffer;

use super::{ScreenPainter, row_painter::RowPainter};
use crate::{
    app::PaneLayout,
    model::{CalendarUnit, Histogram},
    text::width,
};

impl ScreenPainter<'_> {
    /// Draws the histogram between its first and its last date. The bar of the selected article has
    /// the colour of the text.
    pub(super) fn draw_histogram(&self, panes: &PaneLayout, buffer: &mut Buffer) {
        let (app, theme) = (self.app, &self.style.theme);
        // Bars say nothing to a screen reader.
        if app.ui.settings.accessible {
            return;
        }
        let Some((area, step)) = app.histogram_area(panes) else {
            return;
        };
        let Some(histogram) = &app.entry_list.search_summary().histogram else { return };
        let selected = app.selected_histogram_column();
        let highest = histogram.counts.iter().copied().max().unwrap_or(0).max(1);
        let mut painter = RowPainter::new(buffer, area.x, area.y, area.width);
        for (count, column) in histogram.counts.iter().zip(0..) {
            // Not that of matches: a bar fills its cell with the colour of its letters, and those of
            // matches are as dark as the ground of some themes.
            let style = if Some(column) == selected { theme.text } else { theme.focus };
            let bar = self.bar_glyph(*count, highest);
            let style = if *count == 0 { theme.line } else { style };
            painter.put_text(&bar.repeat(usize::from(step)), style);
        }
        let (first, last) = axis_labels(histogram);
        let columns = u16::try_from(width(&first)).unwrap_or(0) + 2;
        RowPainter::new(buffer, area.x.saturating_sub(columns), area.y, columns)
            .put_text(&format!(" {first} "), theme.muted);
        let right = area.right();
        let room = panes.screen.right().saturating_sub(right);
        RowPainter::new(buffer, right, area.y, room).put_text(&format!(" {last} "), theme.muted);
    }

    /// Returns the bar for `count`, relative to the `highest` count; any count but 0 is visible.
    fn bar_glyph(&self, count: u32, highest: u32) -> &'static str {
        let bars = self.style.glyphs.bars;
        if count == 0 {
            return self.style.glyphs.horizontal;
        }
        let steps = bars.len() as u64;
        let height = (u64::from(count) * steps).div_ceil(u64::from(highest)).clamp(1, steps);
        bars[usize::try_from(height - 1).unwrap_or(0)]
    }

    /// Draws the expected values below the part of the filter that is not understood.
    pub(super) fn draw_filter_error(&self, panes: &PaneLayout, buffer: &mut Buffer) {
        let Some(diagnostic) = &self.app.filter_bar.query().diagnostic else { return };
        let Some(y) = panes.top_rule.filter(|_| !panes.is_article_alone()) else { return };
        let text = self.app.filter_bar.text();
        let from = width(text.get(..diagnostic.span.start).unwrap_or_default());
        let message = format!(" {} {} ", self.style.glyphs.arrow_up, diagnostic.expected);
        let columns = u16::try_from(width(&message)).unwrap_or(u16::MAX);
        let last_x = panes.screen.right().saturating_sub(columns);
        // The filter bar begins with the prompt, three columns from the left.
        let x = (panes.screen.x + 2 + u16::try_from(from).unwrap_or(u16::MAX)).min(last_x);
        RowPainter::new(buffer, x, y, panes.screen.right() - x)
            .put_truncated(&message, self.style.theme.error);
    }
}

/// Returns the dates of the first and the last bar, as short as the unit allows.
fn axis_labels(histogram: &Histogram) -> (String, String) {
    let last = histogram.counts.len().saturating_sub(1);
    let (Some(first), Some(last)) = (histogram.bucket_days(0), histogram.bucket_days(last)) else {
        return Default::default();
    };
    let one_year = first.start.year() == last.start.year();
    let day = |day: NaiveDate| match histogram.unit {
        CalendarUnit::Year | CalendarUnit::Decade => day.year().to_string(),
        CalendarUnit::Month => day.format("%b %Y").to_string(),
        CalendarUnit::Day | CalendarUnit::Week if one_year => day.format("%-d %b").to_string(),
        CalendarUnit::Day | CalendarUnit::Week => day.format("%b %Y").to_string(),
    };
    (day(first.start), day(last.start))
}
