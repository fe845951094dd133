//! Horizontal scrolling of lines that are never wrapped: the visible columns of a line.

use unicode_segmentation::UnicodeSegmentation;

use super::line::{LayoutLine, LineSpan, SpanRole};
use crate::text::width;

/// Returns the visible part of `line`: at most `visible_width` cells from column `first_column` on.
///
/// If the line goes on beyond them, the last cell is the overflow mark `›`.
pub(super) fn scroll_line(
    line: LayoutLine,
    first_column: usize,
    visible_width: usize,
) -> LayoutLine {
    let window_end = first_column + visible_width;
    let overflows = line.width() > window_end;
    let text_end = if overflows { window_end.saturating_sub(1) } else { window_end };
    let mut column = 0;
    let mut visible = LayoutLine { source: None, ..LayoutLine::default() };
    for span in line.spans {
        let text = text_between_columns(&span.text, &mut column, first_column, text_end);
        if !text.is_empty() {
            visible.spans.push(LineSpan { text, ..span });
        }
    }
    if overflows && visible_width > 0 {
        let padding = (visible_width - 1).saturating_sub(visible.width());
        visible.spans.push(LineSpan::new(" ".repeat(padding), SpanRole::Text));
        visible.spans.push(LineSpan::new("›", SpanRole::OverflowMark));
    }
    visible
}

/// Returns the graphemes of `text` between the columns `start` and `end`, and advances `column`,
/// the column of the start of `text`, to its end.
///
/// A wide grapheme that is cut by an edge leaves spaces, so that the following text keeps its
/// column.
fn text_between_columns(text: &str, column: &mut usize, start: usize, end: usize) -> String {
    let mut visible = String::new();
    for grapheme in text.graphemes(true) {
        let cells = width(grapheme);
        let (from, to) = (*column, *column + cells);
        *column = to;
        if from >= start && to <= end {
            visible.push_str(grapheme);
        } else {
            let visible_cells = to.min(end).saturating_sub(from.max(start));
            visible.extend(std::iter::repeat_n(' ', visible_cells));
        }
    }
    visible
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_scroll(text: &str, first_column: usize, visible_width: usize, expected: &str) {
        let (first, second) =
            text.split_at(text.char_indices().nth(2).map_or(text.len(), |(at, _)| at));
        let line = LayoutLine::from_spans(vec![
            LineSpan::new(first, SpanRole::TableCell),
            LineSpan::new(second, SpanRole::Code),
        ]);
        let visible = scroll_line(line, first_column, visible_width);
        assert_eq!(visible.text(), expected, "{text} from {first_column}");
    }

    #[test]
    fn scroll_line_shows_window_and_marks_overflow() {
        check_scroll("abcdef", 0, 6, "abcdef");
        check_scroll("abcdef", 0, 5, "abcd›");
        check_scroll("abcdef", 3, 5, "def");
        check_scroll("abcdef", 2, 3, "cd›");
        check_scroll("abcdef", 9, 3, "");
        check_scroll("a東京b", 2, 4, " 京b");
        check_scroll("a東京b", 0, 3, "a ›");
        check_scroll("abc", 0, 1, "›");
        check_scroll("abc", 0, 0, "");
    }
}
