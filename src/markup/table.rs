//! Tables: columns while they fit, their cells wrapped where they must be. Figures in many columns that do not fit are
//! scrolled sideways; what else does not, stands as one "Header: value" block per row. No frames.

use std::sync::Arc;

use super::{
    Emphasis, Role, Text,
    flow::MAX_PIECE,
    line::{Line, LineSpan},
    styled::Styled,
    window::window,
    wrap::wrap,
};
use crate::text::width;

/// The widths of a column, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Widths {
    /// Of its widest cell.
    natural: usize,
    /// Of its longest word, which is the least it can do with.
    least: usize,
}

/// Lines of a row at the most: beyond that, columns are harder to read than one value a line.
const TALL: usize = 4;

/// A longer word is broken rather than that its table is, in cells.
const LONG_WORD: usize = 16;

/// A table of as many columns is read across and down: it stays one, and is scrolled.
const MANY: usize = 4;

/// No column of a table that is scrolled is wider, in cells: what is wordy is read row by row.
const WIDEST: usize = 24;

/// Cells between columns.
const BETWEEN: usize = 2;

/// Some rows of a table, with what they share with the other rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    head: Arc<[Styled]>,
    widths: Arc<[Widths]>,
    rows: Vec<Vec<Styled>>,
    place: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    First,
    Further,
}

impl Table {
    /// A table in parts of at most [`MAX_PIECE`] bytes, one row at least.
    pub(super) fn parts(head: Vec<Text>, rows: Vec<Vec<Text>>) -> Vec<Table> {
        let head: Arc<[Styled]> = head.into_iter().map(|text| cell(text, Role::TableHead)).collect();
        let rows =
            rows.into_iter().map(|row| row.into_iter().map(|text| cell(text, Role::TableCell)).collect());
        let rows: Vec<Vec<Styled>> = rows.collect();
        let widths = widths(&head, &rows);
        let mut parts = vec![Table { head, widths, rows: Vec::new(), place: Part::First }];
        let mut room = MAX_PIECE;
        for row in rows {
            let bytes = row.iter().map(|cell| cell.text.len()).sum();
            if bytes > room && parts.last().is_some_and(|part| !part.rows.is_empty()) {
                let further = Table { rows: Vec::new(), place: Part::Further, ..parts[0].shared() };
                parts.push(further);
                room = MAX_PIECE;
            }
            room = room.saturating_sub(bytes);
            parts.last_mut().into_iter().for_each(|part| part.rows.push(row.clone()));
        }
        parts
    }

    /// Its cells, one a line.
    pub(super) fn text(&self) -> String {
        let head = Some(&*self.head).filter(|_| self.place == Part::First);
        let rows = head.into_iter().chain(self.rows.iter().map(Vec::as_slice));
        rows.flatten().flat_map(|cell| [cell.text.as_str(), "\n"]).collect()
    }

    pub(super) fn bytes(&self) -> usize {
        self.rows.iter().flatten().map(|cell| cell.text.len()).sum()
    }

    /// Its lines, each at most `room` cells wide, those of a scrolled table without their first `sideways` cells.
    pub(super) fn lines(&self, room: usize, sideways: usize) -> Vec<Line> {
        let columns = self.fitted(room).and_then(|widths| self.columns(&widths));
        columns.or_else(|| self.scrolled(room, sideways)).unwrap_or_else(|| self.blocks(room))
    }

    fn scrolled(&self, room: usize, sideways: usize) -> Option<Vec<Line>> {
        let widths: Vec<usize> = self.widths.iter().map(|column| column.natural).collect();
        if widths.len() < MANY || widths.iter().any(|width| *width > WIDEST) {
            return None;
        }
        let lines = self.columns(&widths)?;
        Some(lines.into_iter().map(|line| window(line, sideways, room)).collect())
    }

    /// The widths of columns that fit into `room` together: what is left beyond the least goes to those that lack most.
    fn fitted(&self, room: usize) -> Option<Vec<usize>> {
        let room = room.checked_sub(BETWEEN * self.widths.len().saturating_sub(1))?;
        let lacking: usize = self.widths.iter().map(|widths| widths.natural - widths.least).sum();
        let spare = room.checked_sub(self.widths.iter().map(|widths| widths.least).sum())?;
        let more = |widths: &Widths| (widths.natural - widths.least) * spare.min(lacking) / lacking.max(1);
        Some(self.widths.iter().map(|widths| widths.least + more(widths)).collect())
    }

    fn shared(&self) -> Table {
        let (head, widths) = (Arc::clone(&self.head), Arc::clone(&self.widths));
        Table { head, widths, rows: Vec::new(), place: self.place }
    }

    /// The rows in columns of these widths, unless one would be too tall.
    fn columns(&self, widths: &[usize]) -> Option<Vec<Line>> {
        let head = Some(&*self.head).filter(|head| !head.is_empty() && self.place == Part::First);
        let rows = head.into_iter().chain(self.rows.iter().map(Vec::as_slice));
        let wraps = self.widths.iter().zip(widths).any(|(column, width)| column.natural > *width);
        if !wraps {
            return Some(rows.flat_map(|row| row_lines(row, widths)).collect());
        }
        // Rows of several lines are told apart by a blank one.
        let mut lines = Vec::new();
        for row in rows {
            if !lines.is_empty() || self.place == Part::Further {
                lines.push(Line::default());
            }
            let row = row_lines(row, widths);
            if row.len() > TALL {
                return None;
            }
            lines.extend(row);
        }
        Some(lines)
    }

    fn blocks(&self, room: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        for row in &self.rows {
            if !lines.is_empty() || self.place == Part::Further {
                lines.push(Line::default());
            }
            for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
                lines.extend(unplaced(wrap(&self.labelled(column, cell), room, None)));
            }
        }
        if lines.is_empty() {
            lines.extend(self.head.iter().flat_map(|cell| unplaced(wrap(cell, room, None))));
        }
        lines
    }

    /// "Header: value".
    fn labelled(&self, column: usize, cell: &Styled) -> Styled {
        let mut labelled = Styled::default();
        if let Some(head) = self.head.get(column).filter(|head| !head.text.is_empty()) {
            labelled.push(&head.text, Role::TableHead, Emphasis::NONE, None);
            labelled.push(": ", Role::TableHead, Emphasis::NONE, None);
        }
        for span in cell.spans(0..cell.text.len()) {
            labelled.push(&span.text, span.role, span.emphasis, span.link);
        }
        labelled
    }
}

/// Lines whose places in a cell are none in the table.
fn unplaced(lines: Vec<Line>) -> impl Iterator<Item = Line> {
    lines.into_iter().map(|line| Line { source: None, ..line })
}

fn cell(text: Text, role: Role) -> Styled {
    let mut text = text;
    for span in text.0.iter_mut().filter(|span| span.text.contains('\n')) {
        span.text = span.text.replace('\n', " ");
    }
    Styled::new(text, role)
}

/// The lines of a row whose cells are wrapped in their columns.
fn row_lines(row: &[Styled], widths: &[usize]) -> Vec<Line> {
    let cells: Vec<Vec<Line>> =
        row.iter().zip(widths).map(|(cell, width)| wrap(cell, *width, None)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    (0..height).map(|index| joined(cells.iter().map(|lines| lines.get(index)), widths)).collect()
}

/// One line of several columns.
fn joined<'a>(parts: impl Iterator<Item = Option<&'a Line>>, widths: &[usize]) -> Line {
    let mut line = Line::default();
    let mut blanks = 0;
    for (part, room) in parts.zip(widths) {
        let used = part.map_or(0, Line::width);
        if let Some(part) = part.filter(|_| used > 0) {
            if blanks > 0 {
                line.spans.push(LineSpan::new(" ".repeat(blanks), Role::TableCell));
                blanks = 0;
            }
            line.spans.extend(part.spans.iter().cloned());
        }
        blanks += room - used + BETWEEN;
    }
    line
}

fn widths(head: &[Styled], rows: &[Vec<Styled>]) -> Arc<[Widths]> {
    let mut widths: Vec<Widths> = Vec::new();
    for row in std::iter::once(head).chain(rows.iter().map(Vec::as_slice)) {
        widths.resize(widths.len().max(row.len()), Widths::default());
        for (column, cell) in widths.iter_mut().zip(row) {
            let longest = cell.text.split(' ').map(width).max().unwrap_or(0).min(LONG_WORD);
            column.natural = column.natural.max(width(&cell.text));
            column.least = column.least.max(longest);
        }
    }
    widths.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let texts = |row: &[&str]| row.iter().copied().map(Text::plain).collect::<Vec<_>>();
        let rows = vec![texts(&["Brussels", "49"]), texts(&["Köln", "118"]), texts(&["", "x"])];
        Table::parts(texts(&["From", "Euro"]), rows).remove(0)
    }

    fn texts(lines: &[Line]) -> Vec<String> {
        lines.iter().map(Line::text).collect()
    }

    #[test]
    fn columns_while_they_fit() {
        assert_eq!(
            texts(&table().lines(14, 0)),
            ["From      Euro", "Brussels  49", "Köln      118", "          x"]
        );
    }

    #[test]
    fn cells_are_wrapped_where_they_must_be() {
        let cell = |text: &str| Text::plain(text);
        let rows =
            vec![vec![cell("Night train"), cell("sleeps three to a berth")], vec![cell("Bus"), cell("no")]];
        let table = Table::parts(vec![cell("What"), cell("How")], rows).remove(0);
        assert_eq!(
            texts(&table.lines(22, 0)),
            ["What     How", "", "Night    sleeps three", "train    to a berth", "", "Bus      no"]
        );
    }

    #[test]
    fn many_columns_are_scrolled() {
        let row = |row: [&str; 4]| row.map(Text::plain).to_vec();
        let rows = vec![row(["Brussels", "49", "7:10", "yes"]), row(["Köln", "118", "12:45", "no"])];
        let table = Table::parts(row(["From", "Euro", "Hours", "Berth"]), rows).remove(0);
        assert_eq!(texts(&table.lines(16, 0)), ["From      Euro ›", "Brussels  49   ›", "Köln      118  ›"]);
        assert_eq!(texts(&table.lines(16, 12)), ["ro  Hours  Berth", "    7:10   yes", "8   12:45  no"]);
    }

    #[test]
    fn a_block_per_row_otherwise() {
        let lines = table().lines(13, 0);
        let expected =
            ["From:", "Brussels", "Euro: 49", "", "From: Köln", "Euro: 118", "", "Euro: x"].map(String::from);
        assert_eq!(texts(&lines), expected);
        let bare = Table::parts(vec![Text::plain("only"), Text::plain("heads")], Vec::new()).remove(0);
        assert_eq!(texts(&bare.lines(6, 0)), ["only", "heads"]);
    }

    #[test]
    fn long_tables_are_split() {
        let rows = (0..4000).map(|row| vec![Text::plain(format!("{row:060}"))]).collect();
        let parts = Table::parts(Vec::new(), rows);
        assert!(parts.len() > 3 && parts.iter().all(|part| part.bytes() <= MAX_PIECE));
        assert_eq!(parts.iter().map(|part| part.lines(80, 0).len()).sum::<usize>(), 4000);
    }
}
