//! What a pane shows of lines that are never broken: a window that is scrolled to the side.

use unicode_segmentation::UnicodeSegmentation;

use super::line::{Line, LineSpan, Role};
use crate::text::width;

/// The cells of `line` from column `skip` on, `room` at the most; the last of them says so if there are more.
pub(super) fn window(line: Line, skip: usize, room: usize) -> Line {
    let end = skip + room;
    let goes_on = line.width() > end;
    let end = if goes_on { end.saturating_sub(1) } else { end };
    let mut column = 0;
    let mut shown = Line { source: None, ..Line::default() };
    for span in line.spans {
        let text = between(&span.text, &mut column, skip, end);
        if !text.is_empty() {
            shown.spans.push(LineSpan { text, ..span });
        }
    }
    if goes_on && room > 0 {
        let pad = (room - 1).saturating_sub(shown.width());
        shown.spans.push(LineSpan::new(" ".repeat(pad), Role::Text));
        shown.spans.push(LineSpan::new("›", Role::More));
    }
    shown
}

/// The graphemes of `text`, which begins at `column`, within the columns from `start` to `end`. One that an edge
/// cuts leaves blanks, so that what follows stays in its column.
fn between(text: &str, column: &mut usize, start: usize, end: usize) -> String {
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
        let (first, second) = text.split_at(text.char_indices().nth(2).map_or(text.len(), |(at, _)| at));
        let line = Line::of(vec![LineSpan::new(first, Role::TableCell), LineSpan::new(second, Role::Code)]);
        assert_eq!(window(line, skip, room).text(), expected, "{text} from {skip}");
    }

    #[test]
    fn a_window_shows_its_cells_and_says_that_there_are_more() {
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
