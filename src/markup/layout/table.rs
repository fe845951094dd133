//! The layout of tables, without borders.
//!
//! A table is shown in columns if it fits, with wrapped cells where necessary. A table of many
//! narrow columns that does not fit is scrolled horizontally. Any other table is shown as records,
//! one "Header: value" line per cell. Start with [`TableLayout::lines`].

use std::sync::Arc;

use super::{
    horizontal_scroll::scroll_line,
    line::{LayoutLine, LineSpan},
    styled_text::{FlowMedium, MAX_BLOCK_BYTES, StyledText},
    wrap::wrap_text,
};
use crate::{
    markup::{CellSpan, Emphasis, RichText, SpanRole, table_grid::repeat_spanning_cells},
    text::width,
};

/// The natural and the minimum width of a column, in terminal cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct ColumnWidths {
    /// Width of the widest table cell.
    natural: usize,
    /// Width of the longest word, at most [`MAX_UNBROKEN_WORD_WIDTH`].
    minimum: usize,
}

/// Maximum height of a row in lines; taller rows are harder to read in columns than as records.
const MAX_ROW_LINES: usize = 4;

/// Maximum width of a word that is kept whole, in cells; a longer word is broken so that the table
/// keeps its columns.
const MAX_UNBROKEN_WORD_WIDTH: usize = 16;

/// Minimum number of columns of a scrolled table: a table of this many columns is read across and
/// down, so it keeps its columns.
const MIN_SCROLLED_COLUMNS: usize = 4;

/// Maximum width of a column in a scrolled table, in cells; wordier tables are read row by row, as
/// records.
const MAX_SCROLLED_COLUMN_WIDTH: usize = 24;

/// Space between columns, in cells.
const COLUMN_GAP: usize = 2;

/// Some rows of a table, with the header and the column widths of the whole table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableLayout {
    header: Arc<[StyledText]>,
    widths: Arc<[ColumnWidths]>,
    rows: Vec<Vec<StyledText>>,
    /// The rows with the texts of the cells that span them; empty if no cell spans rows.
    record_rows: Vec<Vec<StyledText>>,
    part: TablePart,
    medium: FlowMedium,
}

/// The position of a part in its table; only the first part shows the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TablePart {
    First,
    Continuation,
}

impl TableLayout {
    /// Splits a table into parts of at most [`MAX_BLOCK_BYTES`] bytes each; a single longer row is
    /// a part by itself.
    pub(super) fn split_into_parts(
        head: Vec<RichText>,
        rows: Vec<Vec<RichText>>,
        spans: &[CellSpan],
        medium: FlowMedium,
    ) -> Vec<TableLayout> {
        let mut records = records_of_spanned_rows(&rows, spans, !head.is_empty())
            .into_iter()
            .map(|row| styled_row(row, SpanRole::TableCell, medium));
        let header: Arc<[StyledText]> = styled_row(head, SpanRole::TableHeader, medium).into();
        let styled_rows: Vec<Vec<StyledText>> =
            rows.into_iter().map(|row| styled_row(row, SpanRole::TableCell, medium)).collect();
        let widths = measure_columns(&header, &styled_rows);
        let mut parts = Vec::new();
        let mut part = TableLayout {
            header,
            widths,
            rows: Vec::new(),
            record_rows: Vec::new(),
            part: TablePart::First,
            medium,
        };
        let mut bytes_left = MAX_BLOCK_BYTES;
        for row in styled_rows {
            let row_bytes = row.iter().map(|cell| cell.text.len()).sum();
            if row_bytes > bytes_left && !part.rows.is_empty() {
                let continuation = part.empty_continuation();
                parts.push(std::mem::replace(&mut part, continuation));
                bytes_left = MAX_BLOCK_BYTES;
            }
            bytes_left = bytes_left.saturating_sub(row_bytes);
            part.rows.push(row);
            part.record_rows.extend(records.next());
        }
        parts.push(part);
        parts
    }

    /// Returns the text of the cells, one per line.
    pub(super) fn plain_text(&self) -> String {
        let header_row = Some(&*self.header).filter(|_| self.part == TablePart::First);
        let rows = header_row.into_iter().chain(self.rows.iter().map(Vec::as_slice));
        rows.flatten().flat_map(|cell| [cell.text.as_str(), "\n"]).collect()
    }

    /// Returns the length of the text of the rows, without the header, in bytes.
    pub(super) fn byte_len(&self) -> usize {
        self.rows.iter().flatten().map(|cell| cell.text.len()).sum()
    }

    /// Returns the lines of this part, each at most `max_width` cells wide. A table that is
    /// scrolled horizontally begins at column `first_column`; in text, its lines are as long as they
    /// are.
    pub(super) fn lines(&self, max_width: usize, first_column: usize) -> Vec<LayoutLine> {
        let fitted = self.fitted_widths(max_width).and_then(|widths| self.column_lines(&widths));
        fitted
            .or_else(|| self.scrolled_lines(max_width, first_column))
            .unwrap_or_else(|| self.record_lines(max_width))
    }

    /// Returns the lines of a table that is scrolled horizontally; `None` if the table has too few
    /// columns or a too wide one.
    fn scrolled_lines(&self, max_width: usize, first_column: usize) -> Option<Vec<LayoutLine>> {
        let widths: Vec<usize> = self.widths.iter().map(|column| column.natural).collect();
        if widths.len() < MIN_SCROLLED_COLUMNS
            || widths.iter().any(|width| *width > MAX_SCROLLED_COLUMN_WIDTH)
        {
            return None;
        }
        let lines = self.column_lines(&widths)?;
        if self.medium == FlowMedium::Text {
            return Some(lines);
        }
        Some(lines.into_iter().map(|line| scroll_line(line, first_column, max_width)).collect())
    }

    /// Returns column widths that fit into `max_width` cells; `None` if the minimum widths do not.
    ///
    /// The cells beyond the minimum widths are divided in proportion to the width that each column
    /// lacks.
    fn fitted_widths(&self, max_width: usize) -> Option<Vec<usize>> {
        let gaps = COLUMN_GAP * self.widths.len().saturating_sub(1);
        let minimum: usize = self.widths.iter().map(|column| column.minimum).sum();
        let spare = max_width.checked_sub(gaps)?.checked_sub(minimum)?;
        let lacking: usize = self.widths.iter().map(|column| column.natural - column.minimum).sum();
        let extra_width = |column: &ColumnWidths| {
            (column.natural - column.minimum) * spare.min(lacking) / lacking.max(1)
        };
        Some(self.widths.iter().map(|column| column.minimum + extra_width(column)).collect())
    }

    fn empty_continuation(&self) -> TableLayout {
        TableLayout {
            header: Arc::clone(&self.header),
            widths: Arc::clone(&self.widths),
            rows: Vec::new(),
            record_rows: Vec::new(),
            part: TablePart::Continuation,
            medium: self.medium,
        }
    }

    /// Returns the lines of the rows in columns of these widths; `None` if a row would be taller
    /// than [`MAX_ROW_LINES`].
    fn column_lines(&self, widths: &[usize]) -> Option<Vec<LayoutLine>> {
        let header_row = Some(&*self.header)
            .filter(|header| !header.is_empty() && self.part == TablePart::First);
        let rows = header_row.into_iter().chain(self.rows.iter().map(Vec::as_slice));
        let wraps = self.widths.iter().zip(widths).any(|(column, width)| column.natural > *width);
        if !wraps {
            return Some(rows.flat_map(|row| row_lines(row, widths)).collect());
        }
        // A blank line separates the rows if any of them may have several lines.
        let mut lines = Vec::new();
        for row in rows {
            if !lines.is_empty() || self.part == TablePart::Continuation {
                lines.push(LayoutLine::default());
            }
            let wrapped_row = row_lines(row, widths);
            if wrapped_row.len() > MAX_ROW_LINES {
                return None;
            }
            lines.extend(wrapped_row);
        }
        Some(lines)
    }

    /// Returns one "Header: value" line per nonempty cell, wrapped, with a blank line between rows;
    /// the header cells if there are no rows.
    fn record_lines(&self, max_width: usize) -> Vec<LayoutLine> {
        let mut lines = Vec::new();
        let rows = if self.record_rows.is_empty() { &self.rows } else { &self.record_rows };
        for row in rows {
            if !lines.is_empty() || self.part == TablePart::Continuation {
                lines.push(LayoutLine::default());
            }
            for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
                let labelled = self.labelled_cell(column, cell);
                lines.extend(without_source(wrap_text(&labelled, max_width, None)));
            }
        }
        if lines.is_empty() {
            let wrap_cell = |cell| without_source(wrap_text(cell, max_width, None));
            lines.extend(self.header.iter().flat_map(wrap_cell));
        }
        lines
    }

    /// Returns a cell as "Header: value".
    fn labelled_cell(&self, column: usize, cell: &StyledText) -> StyledText {
        let mut labelled = StyledText::default();
        if let Some(name) = self.header.get(column).filter(|name| !name.text.is_empty()) {
            labelled.push(&name.text, SpanRole::TableHeader, Emphasis::NONE, None);
            labelled.push(": ", SpanRole::TableHeader, Emphasis::NONE, None);
        }
        for span in cell.spans(0..cell.text.len()) {
            labelled.push(&span.text, span.role, span.emphasis, span.link);
        }
        labelled
    }
}

/// Returns `rows` with the texts of the cells that span them, so that each record is complete; no
/// rows if no cell spans rows.
fn records_of_spanned_rows(
    rows: &[Vec<RichText>],
    spans: &[CellSpan],
    has_header: bool,
) -> Vec<Vec<RichText>> {
    if spans.iter().all(|span| span.rows == 1) {
        return Vec::new();
    }
    let mut records = rows.to_vec();
    repeat_spanning_cells(&mut records, spans, usize::from(has_header));
    records
}

/// Removes the text source of lines: an offset in a cell is not an offset in the table.
fn without_source(lines: Vec<LayoutLine>) -> impl Iterator<Item = LayoutLine> {
    lines.into_iter().map(|line| LayoutLine { source: None, ..line })
}

fn styled_row(row: Vec<RichText>, role: SpanRole, medium: FlowMedium) -> Vec<StyledText> {
    row.into_iter().map(|text| styled_cell(text, role, medium)).collect()
}

/// Converts the text of a cell, with spaces in place of line breaks.
fn styled_cell(mut text: RichText, role: SpanRole, medium: FlowMedium) -> StyledText {
    for span in text.0.iter_mut().filter(|span| span.text.contains('\n')) {
        span.text = span.text.replace('\n', " ");
    }
    StyledText::new(&text, role, medium)
}

/// Returns the lines of a row, with each cell wrapped to the width of its column.
fn row_lines(row: &[StyledText], widths: &[usize]) -> Vec<LayoutLine> {
    let cells: Vec<Vec<LayoutLine>> =
        row.iter().zip(widths).map(|(cell, width)| wrap_text(cell, *width, None)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|index| join_columns(cells.iter().map(|lines| lines.get(index)), widths))
        .collect()
}

/// Joins one line of each column; `None` for a column that has no more lines.
fn join_columns<'a>(
    cell_lines: impl Iterator<Item = Option<&'a LayoutLine>>,
    widths: &[usize],
) -> LayoutLine {
    let mut line = LayoutLine::default();
    // Padding is written only before text, so that no line ends in spaces.
    let mut padding = 0;
    for (cell_line, column_width) in cell_lines.zip(widths) {
        let used = cell_line.map_or(0, LayoutLine::width);
        if let Some(cell_line) = cell_line.filter(|_| used > 0) {
            if padding > 0 {
                line.spans.push(LineSpan::new(" ".repeat(padding), SpanRole::TableCell));
                padding = 0;
            }
            line.spans.extend(cell_line.spans.iter().cloned());
        }
        padding += column_width - used + COLUMN_GAP;
    }
    line
}

/// Measures the columns of the whole table; a short row counts as having empty cells.
fn measure_columns(header: &[StyledText], rows: &[Vec<StyledText>]) -> Arc<[ColumnWidths]> {
    let mut widths: Vec<ColumnWidths> = Vec::new();
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        widths.resize(widths.len().max(row.len()), ColumnWidths::default());
        for (column, cell) in widths.iter_mut().zip(row) {
            let longest_word = cell.text.split(' ').map(width).max().unwrap_or(0);
            column.natural = column.natural.max(width(&cell.text));
            column.minimum = column.minimum.max(longest_word.min(MAX_UNBROKEN_WORD_WIDTH));
        }
    }
    widths.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> TableLayout {
        let make_row = |row: [&str; 2]| row.map(RichText::plain).to_vec();
        let rows =
            vec![make_row(["Brussels", "49"]), make_row(["Köln", "118"]), make_row(["", "x"])];
        TableLayout::split_into_parts(make_row(["From", "Euro"]), rows, &[], FlowMedium::Screen)
            .remove(0)
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
        let make_row = |row: [&str; 2]| row.map(RichText::plain).to_vec();
        let rows =
            vec![make_row(["Night train", "sleeps three to a berth"]), make_row(["Bus", "no"])];
        let table =
            TableLayout::split_into_parts(make_row(["What", "How"]), rows, &[], FlowMedium::Screen)
                .remove(0);
        assert_eq!(
            texts(&table.lines(22, 0)),
            ["What     How", "", "Night    sleeps three", "train    to a berth", "", "Bus      no"]
        );
    }

    #[test]
    fn table_lines_scroll_many_columns() {
        let make_row = |row: [&str; 4]| row.map(RichText::plain).to_vec();
        let header = make_row(["From", "Euro", "Hours", "Berth"]);
        let rows = vec![
            make_row(["Brussels", "49", "7:10", "yes"]),
            make_row(["Köln", "118", "12:45", "no"]),
        ];
        let table = TableLayout::split_into_parts(header, rows, &[], FlowMedium::Screen).remove(0);
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
            &[],
            FlowMedium::Screen,
        )
        .remove(0);
        assert_eq!(texts(&bare.lines(6, 0)), ["only", "heads"]);
    }

    #[test]
    fn table_records_repeat_cells_that_span_rows() {
        let make_row = |row: [&str; 2]| row.map(RichText::plain).to_vec();
        let rows = vec![make_row(["Line S1", "Harbour station"]), make_row(["", "Fair"])];
        let spans = [CellSpan { row: 1, column: 0, rows: 2, columns: 1 }];
        let head = make_row(["Line", "To"]);
        let table = TableLayout::split_into_parts(head, rows, &spans, FlowMedium::Screen).remove(0);
        let lines = texts(&table.lines(10, 0));
        assert_eq!(lines.iter().filter(|line| line.starts_with("Line:")).count(), 2, "{lines:?}");
    }

    #[test]
    fn table_split_keeps_every_row() {
        let rows = (0..4000).map(|row| vec![RichText::plain(format!("{row:060}"))]).collect();
        let parts = TableLayout::split_into_parts(Vec::new(), rows, &[], FlowMedium::Screen);
        assert!(parts.len() > 3 && parts.iter().all(|part| part.byte_len() <= MAX_BLOCK_BYTES));
        assert_eq!(parts.iter().map(|part| part.lines(80, 0).len()).sum::<usize>(), 4000);
    }
}
