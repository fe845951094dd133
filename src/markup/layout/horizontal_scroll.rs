//! What a pane shows of lines that are never broken: a window that is scrolled to the side.

use unicode_segmentation::UnicodeSegmentation;

use super::line::{LayoutLine, LineSpan, SpanRole};
use crate::text::width;

/// The cells of `line` from column `skip` on, `room` at the most; the last of them says so if there are more.
pub(super) fn scroll_line(line: LayoutLine, skip: usize, room: usize) -> LayoutLine {
    let end = skip + room;
    let goes_on = line.width() > end;
    let end = if goes_on { end.saturating_sub(1) } else { end };
    let mut column = 0;
    let mut shown = LayoutLine { source: None, ..LayoutLine::default() };
    for span in line.spans {
        let text = text_between_columns(&span.text, &mut column, skip, end);
        if !text.is_empty() {
            shown.spans.push(LineSpan { text, ..span });
        }
    }
    if goes_on && room > 0 {
        let pad = (room - 1).saturating_sub(shown.width());
        shown.spans.push(LineSpan::new(" ".repeat(pad), SpanRole::Text));
        shown.spans.push(LineSpan::new("›", SpanRole::OverflowMark));
    }
    shown
}

/// The graphemes of `text`, which begins at `column`, within the columns from `start` to `end`. One that an edge
/// cuts leaves blanks, so that what follows stays in its column.
fn text_between_columns(text: &str, column: &mut usize, start: usize, end: usize) -> String {
    let mut shown = String::new();
    for grapheme in text.graphemes(true) {
        let cells = width(grapheme);
        let (from, to) = (*column, *column + cells);
        *column = to;
        if from >= start && to <= end {
            shown.push_str(grapheme);
        } else {
            shown.extend(std::iter::repeat_n(' ', to.min(end).saturating_sub(from.max(start))));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, skip: usize, room: usize, expected: &str) {
        let (first, second) =
            text.split_at(text.char_indices().nth(2).map_or(text.len(), |(at, _)| at));
        let line = LayoutLine::from_spans(vec![
            LineSpan::new(first, SpanRole::TableCell),
            LineSpan::new(second, SpanRole::Code),
        ]);
        assert_eq!(scroll_line(line, skip, room).text(), expected, "{text} from {skip}");
    }

    #[test]
    fn scroll_line_shows_window_and_marks_overflow() {
        check("abcdef", 0, 6, "abcdef");
        check("abcdef", 0, 5, "abcd›");
        check("abcdef", 3, 5, "def");
        check("abcdef", 2, 3, "cd›");
        check("abcdef", 9, 3, "");
        check("a東京b", 2, 4, " 京b");
        check("a東京b", 0, 3, "a ›");
        check("abc", 0, 1, "›");
        check("abc", 0, 0, "");
    }
}
