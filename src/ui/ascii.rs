//! The ASCII forms of marks in the interface's own text, for terminals without Unicode.
//!
//! Glyphs have such forms of their own. Texts that are written all over the program, such as labels
//! and notices, have quotation marks and ellipses: they are replaced in the cells, after drawing.
//! The text of an article is not touched.

use std::borrow::Cow;

use ratatui::{buffer::Buffer, layout::Position};

/// The ASCII forms. Each takes as many columns as its mark.
const ASCII_FORMS: [(&str, &str); 13] = [
    ("“", "\""),
    ("”", "\""),
    ("‘", "'"),
    ("’", "'"),
    ("·", "-"),
    ("•", "*"),
    ("–", "-"),
    ("—", "-"),
    ("×", "x"),
    ("›", ">"),
    ("─", "-"),
    ("▎", "|"),
    ("…", CUT),
];

/// The form of an ellipsis that has no room for three points.
const CUT: &str = "~";

/// Replaces the marks in a text.
pub(super) fn to_ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    ASCII_FORMS.iter().fold(text.to_owned(), |text, (mark, form)| text.replace(mark, form)).into()
}

/// Replaces the marks in the cells for which `is_own` returns true. An ellipsis before two blanks
/// becomes three points.
pub(super) fn replace_marks(buffer: &mut Buffer, is_own: impl Fn(Position) -> bool) {
    for position in buffer.area().positions().filter(|position| is_own(*position)) {
        let symbol = buffer[position].symbol();
        let Some((mark, form)) = ASCII_FORMS.iter().find(|(mark, _)| *mark == symbol) else {
            continue;
        };
        let next = [1, 2].map(|columns| Position { x: position.x + columns, ..position });
        let is_blank =
            |next: &Position| buffer.cell(*next).is_some_and(|cell| cell.symbol() == " ");
        if *mark == "…" && next.iter().all(is_blank) {
            for cell in [position, next[0], next[1]] {
                buffer[cell].set_symbol(".");
            }
        } else {
            buffer[position].set_symbol(form);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replace_marks_writes_three_points_where_they_fit() {
        let mut buffer = Buffer::with_lines(["“a…”  b…  c… d…"]);
        replace_marks(&mut buffer, |_| true);
        assert_eq!(buffer, Buffer::with_lines(["\"a~\"  b...c~ d~"]));
        let mut buffer = Buffer::with_lines(["a… b"]);
        replace_marks(&mut buffer, |position| position.x != 1);
        assert_eq!(buffer, Buffer::with_lines(["a… b"]));
    }

    #[test]
    fn ascii_forms_keep_their_width() {
        for (mark, form) in ASCII_FORMS {
            assert_eq!(crate::text::width(mark), crate::text::width(form), "{mark}");
            assert!(form.is_ascii());
        }
    }
}
