//! Tables: columns while they fit, their cells wrapped where they must be. Figures in many columns that do not fit are
//! scrolled sideways; what else does not, stands as one "Header: value" block per row. No frames.

use std::sync::Arc;

use super::{
    flow::MAX_BLOCK_BYTES,
    horizontal_scroll::scroll_line,
    line::{LayoutLine, LineSpan},
    styled_text::StyledText,
    wrap::wrap_text,
};
use crate::markup::{Emphasis, RichText, SpanRole};
use crate::text::width;

/// The widths of a column, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct ColumnWidths {
    /// Of its widest cell.
    natural: usize,
    /// Of its longest word, which is the least it can do with.
    minimum: usize,
}

/// Lines of a row at the most: beyond that, columns are harder to read than one value a line.
const MAX_ROW_LINES: usize = 4;

/// A longer word is broken rather than that its table is, in cells.
const MAX_UNBROKEN_WORD_WIDTH: usize = 16;

/// A table of as many columns is read across and down: it stays one, and is scrolled.
const MIN_SCROLLED_COLUMNS: usize = 4;

/// No column of a table that is scrolled is wider, in cells: what is wordy is read row by row.
const MAX_SCROLLED_COLUMN_WIDTH: usize = 24;

/// Cells between columns.
const COLUMN_GAP: usize = 2;

/// Some rows of a table, with what they share with the other rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableLayout {
    header: Arc<[StyledText]>,
    widths: Arc<[ColumnWidths]>,
    rows: Vec<Vec<StyledText>>,
    part: TablePart,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TablePart {
    First,
    Continuation,
}

impl TableLayout {
    /// A table in parts of at most [`MAX_BLOCK_BYTES`] bytes, one row at least.
    pub(super) fn split_into_parts(
        head: Vec<RichText>,
        rows: Vec<Vec<RichText>>,
    ) -> Vec<TableLayout> {
        let head: Arc<[StyledText]> =
            head.into_iter().map(|text| styled_cell(text, SpanRole::TableHeader)).collect();
        let rows = rows.into_iter().map(|row| {
            row.into_iter().map(|text| styled_cell(text, SpanRole::TableCell)).collect()
        });
        let rows: Vec<Vec<StyledText>> = rows.collect();
        let widths = measure_columns(&head, &rows);
        let mut parts =
            vec![TableLayout { header: head, widths, rows: Vec::new(), part: TablePart::First }];
        let mut room = MAX_BLOCK_BYTES;
        for row in rows {
            let bytes = row.iter().map(|cell| cell.text.len()).sum();
            if bytes > room && parts.last().is_some_and(|part| !part.rows.is_empty()) {
                let further = TableLayout {
                    rows: Vec::new(),
                    part: TablePart::Continuation,
                    ..parts[0].empty_part()
                };
                parts.push(further);
                room = MAX_BLOCK_BYTES;
            }
            room = room.saturating_sub(bytes);
            parts.last_mut().into_iter().for_each(|part| part.rows.push(row.clone()));
        }
        parts
    }

    /// Its cells, one a line.
    pub(super) fn plain_text(&self) -> String {
        let head = Some(&*self.header).filter(|_| self.part == TablePart::First);
        let rows = head.into_iter().chain(self.rows.iter().map(Vec::as_slice));
        rows.flatten().flat_map(|cell| [cell.text.as_str(), "\n"]).collect()
    }

    pub(super) fn byte_len(&self) -> usize {
        self.rows.iter().flatten().map(|cell| cell.text.len()).sum()
    }

    /// Its lines, each at most `room` cells wide, those of a scrolled table without their first `sideways` cells.
    pub(super) fn lines(&self, room: usize, sideways: usize) -> Vec<LayoutLine> {
        let columns = self.fitted_widths(room).and_then(|widths| self.column_lines(&widths));
        columns
            .or_else(|| self.scrolled_lines(room, sideways))
            .unwrap_or_else(|| self.record_lines(room))
    }

    fn scrolled_lines(&self, room: usize, sideways: usize) -> Option<Vec<LayoutLine>> {
        let widths: Vec<usize> = self.widths.iter().map(|column| column.natural).collect();
        if widths.len() < MIN_SCROLLED_COLUMNS
            || widths.iter().any(|width| *width > MAX_SCROLLED_COLUMN_WIDTH)
        {
            return None;
        }
        let lines = self.column_lines(&widths)?;
        Some(lines.into_iter().map(|line| scroll_line(line, sideways, room)).collect())
    }

    /// The widths of columns that fit into `room` together: what is left beyond the least goes to those that lack most.
    fn fitted_widths(&self, room: usize) -> Option<Vec<usize>> {
        let room = room.checked_sub(COLUMN_GAP * self.widths.len().saturating_sub(1))?;
        let lacking: usize = self.widths.iter().map(|widths| widths.natural - widths.minimum).sum();
        let spare = room.checked_sub(self.widths.iter().map(|widths| widths.minimum).sum())?;
        let more = |widths: &ColumnWidths| {
            (widths.natural - widths.minimum) * spare.min(lacking) / lacking.max(1)
        };
        Some(self.widths.iter().map(|widths| widths.minimum + more(widths)).collect())
    }

    fn empty_part(&self) -> TableLayout {
        let (head, widths) = (Arc::clone(&self.header), Arc::clone(&self.widths));
        TableLayout { header: head, widths, rows: Vec::new(), part: self.part }
    }

    /// The rows in columns of these widths, unless one would be too tall.
    fn column_lines(&self, widths: &[usize]) -> Option<Vec<LayoutLine>> {
        let head =
            Some(&*self.header).filter(|head| !head.is_empty() && self.part == TablePart::First);
        let rows = head.into_iter().chain(self.rows.iter().map(Vec::as_slice));
        let wraps = self.widths.iter().zip(widths).any(|(column, width)| column.natural > *width);
        if !wraps {
            return Some(rows.flat_map(|row| row_lines(row, widths)).collect());
        }
        // Rows of several lines are told apart by a blank one.
        let mut lines = Vec::new();
        for row in rows {
            if !lines.is_empty() || self.part == TablePart::Continuation {
                lines.push(LayoutLine::default());
            }
            let row = row_lines(row, widths);
            if row.len() > MAX_ROW_LINES {
                return None;
            }
            lines.extend(row);
        }
        Some(lines)
    }

    fn record_lines(&self, room: usize) -> Vec<LayoutLine> {
        let mut lines = Vec::new();
        for row in &self.rows {
            if !lines.is_empty() || self.part == TablePart::Continuation {
                lines.push(LayoutLine::default());
            }
            for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
                lines.extend(without_source(wrap_text(
                    &self.labelled_cell(column, cell),
                    room,
                    None,
                )));
            }
        }
        if lines.is_empty() {
            lines.extend(
                self.header.iter().flat_map(|cell| without_source(wrap_text(cell, room, None))),
            );
        }
        lines
    }

    /// "Header: value".
    fn labelled_cell(&self, column: usize, cell: &StyledText) -> StyledText {
        let mut labelled = StyledText::default();
        if let Some(head) = self.header.get(column).filter(|head| !head.text.is_empty()) {
            labelled.push(&head.text, SpanRole::TableHeader, Emphasis::NONE, None);
            labelled.push(": ", SpanRole::TableHeader, Emphasis::NONE, None);
        }
        for span in cell.spans(0..cell.text.len()) {
            labelled.push(&span.text, span.role, span.emphasis, span.link);
        }
        labelled
    }
}

/// Lines whose places in a cell are none in the table.
fn without_source(lines: Vec<LayoutLine>) -> impl Iterator<Item = LayoutLine> {
    lines.into_iter().map(|line| LayoutLine { source: None, ..line })
}

fn styled_cell(text: RichText, role: SpanRole) -> StyledText {
    let mut text = text;
    for span in text.0.iter_mut().filter(|span| span.text.contains('\n')) {
        span.text = span.text.replace('\n', " ");
    }
    StyledText::new(text, role)
}

/// The lines of a row whose cells are wrapped in their columns.
fn row_lines(row: &[StyledText], widths: &[usize]) -> Vec<LayoutLine> {
    let cells: Vec<Vec<LayoutLine>> =
        row.iter().zip(widths).map(|(cell, width)| wrap_text(cell, *width, None)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|index| join_columns(cells.iter().map(|lines| lines.get(index)), widths))
        .collect()
}

/// One line of several columns.
fn join_columns<'a>(
    parts: impl Iterator<Item = Option<&'a LayoutLine>>,
    widths: &[usize],
) -> LayoutLine {
    let mut line = LayoutLine::default();
    let mut blanks = 0;
    for (part, room) in parts.zip(widths) {
        let used = part.map_or(0, LayoutLine::width);
        if let Some(part) = part.filter(|_| used > 0) {
            if blanks > 0 {
                line.spans.push(LineSpan::new(" ".repeat(blanks), SpanRole::TableCell));
                blanks = 0;
            }
            line.spans.extend(part.spans.iter().cloned());
        }
        blanks += room - used + COLUMN_GAP;
    }
    line
}

fn measure_columns(head: &[StyledText], rows: &[Vec<StyledText>]) -> Arc<[ColumnWidths]> {
    let mut widths: Vec<ColumnWidths> = Vec::new();
    for row in std::iter::once(head).chain(rows.iter().map(Vec::as_slice)) {
        widths.resize(widths.len().max(row.len()), ColumnWidths::default());
        for (column, cell) in widths.iter_mut().zip(row) {
            let longest =
                cell.text.split(' ').map(width).max().unwrap_or(0).min(MAX_UNBROKEN_WORD_WIDTH);
            column.natural = column.natural.max(width(&cell.text));
            column.minimum = column.minimum.max(longest);
        }
    }
    widths.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> TableLayout {
        let texts = |row: &[&str]| row.iter().copied().map(RichText::plain).collect::<Vec<_>>();
        let rows = vec![texts(&["Brussels", "49"]), texts(&["Köln", "118"]), texts(&["", "x"])];
        TableLayout::split_into_parts(texts(&["From", "Euro"]), rows).remove(0)
    }

    fn texts(lines: &[LayoutLine]) -> Vec<String> {
        lines.iter().map(LayoutLine::text).collect()
    }

    #[test]
    fn table_lines_use_columns_when_they_fit() {
        assert_eq!(
            texts(&table().lines(14, 0)),
            ["From      Euro", "Brussels  49", "Köln      118", "          x"]
        );
    }

    #[test]
    fn table_lines_wrap_wide_cells() {
        let cell = |text: &str| RichText::plain(text);
        let rows = vec![
            vec![cell("Night train"), cell("sleeps three to a berth")],
            vec![cell("Bus"), cell("no")],
        ];
        let table = TableLayout::split_into_parts(vec![cell("What"), cell("How")], rows).remove(0);
        assert_eq!(
            texts(&table.lines(22, 0)),
            ["What     How", "", "Night    sleeps three", "train    to a berth", "", "Bus      no"]
        );
    }

    #[test]
    fn table_lines_scroll_many_columns() {
        let row = |row: [&str; 4]| row.map(RichText::plain).to_vec();
        let rows =
            vec![row(["Brussels", "49", "7:10", "yes"]), row(["Köln", "118", "12:45", "no"])];
        let table =
            TableLayout::split_into_parts(row(["From", "Euro", "Hours", "Berth"]), rows).remove(0);
        assert_eq!(
            texts(&table.lines(16, 0)),
            ["From      Euro ›", "Brussels  49   ›", "Köln      118  ›"]
        );
        assert_eq!(
            texts(&table.lines(16, 12)),
            ["ro  Hours  Berth", "    7:10   yes", "8   12:45  no"]
        );
    }

    #[test]
    fn table_lines_fall_back_to_records() {
        let lines = table().lines(13, 0);
        let expected =
            ["From:", "Brussels", "Euro: 49", "", "From: Köln", "Euro: 118", "", "Euro: x"]
                .map(String::from);
        assert_eq!(texts(&lines), expected);
        let bare = TableLayout::split_into_parts(
            vec![RichText::plain("only"), RichText::plain("heads")],
            Vec::new(),
        )
        .remove(0);
        assert_eq!(texts(&bare.lines(6, 0)), ["only", "heads"]);
    }

    #[test]
    fn table_split_keeps_every_row() {
        let rows = (0..4000).map(|row| vec![RichText::plain(format!("{row:060}"))]).collect();
        let parts = TableLayout::split_into_parts(Vec::new(), rows);
        assert!(parts.len() > 3 && parts.iter().all(|part| part.byte_len() <= MAX_BLOCK_BYTES));
        assert_eq!(parts.iter().map(|part| part.lines(80, 0).len()).sum::<usize>(), 4000);
    }
}
