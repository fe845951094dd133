//! The grid of a table: cells that span rows and columns, placed as in HTML.
//!
//! Start with [`place_cells`] (HTML standard §4.9.12, "Forming a table").

use super::{CellSpan, RichText};

/// Maximum number of columns that a cell spans (HTML standard §4.9.11).
pub(super) const MAX_COLUMN_SPAN: usize = 1000;

/// Maximum number of rows that a cell spans.
pub(super) const MAX_ROW_SPAN: usize = 65_534;

/// Maximum size of a grid for each of its cells; the spans of a larger one are ignored, so that a
/// few bytes cannot ask for a huge table.
const MAX_GRID_FACTOR: usize = 32;

/// Size of grids that are always formed.
const MIN_GRID_LIMIT: usize = 4096;

/// Maximum length of a text that is repeated in each row that its cell spans, in bytes.
const MAX_REPEATED_BYTES: usize = 200;

/// The size of a cell in rows and columns. Zero rows reach to the end of the section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CellSize {
    pub(super) rows: usize,
    pub(super) columns: usize,
}

impl CellSize {
    pub(super) const SINGLE: CellSize = CellSize { rows: 1, columns: 1 };
}

/// A row of a table: the sizes of its cells, and the number of its section.
#[derive(Debug, Clone, Copy)]
pub(super) struct GridRow<'a> {
    pub(super) cells: &'a [CellSize],
    pub(super) section: usize,
}

/// The places of the cells of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct TableGrid {
    /// Column of each cell, row by row.
    pub(super) columns: Vec<Vec<usize>>,
    /// Cells that cover others.
    pub(super) spans: Vec<CellSpan>,
}

/// Columns that a cell above covers in the rows below it.
#[derive(Debug, Clone, Copy)]
struct CoveredColumns {
    start: usize,
    end: usize,
    /// First row that is not covered.
    end_row: usize,
}

/// Places the cells of a table. Columns in which no cell begins are left out.
pub(super) fn place_cells(rows: &[GridRow<'_>]) -> TableGrid {
    let cell_count: usize = rows.iter().map(|row| row.cells.len()).sum();
    let limit = MIN_GRID_LIMIT.max((cell_count + rows.len()) * MAX_GRID_FACTOR);
    place_spanning_cells(rows, limit).unwrap_or_else(|| TableGrid {
        columns: rows.iter().map(|row| (0..row.cells.len()).collect()).collect(),
        spans: Vec::new(),
    })
}

/// Repeats the short text of cells that span rows in the rows below, for forms of a table in which
/// each row stands by itself. `head_rows` is the number of rows before `rows`.
pub(super) fn repeat_spanning_cells(
    rows: &mut [Vec<RichText>],
    spans: &[CellSpan],
    head_rows: usize,
) {
    for span in spans {
        let Some(first) = span.row.checked_sub(head_rows) else { continue };
        let cell = rows.get(first).and_then(|row| row.get(span.column)).cloned();
        let Some(cell) = cell.filter(|cell| cell.plain_text().len() <= MAX_REPEATED_BYTES) else {
            continue;
        };
        for row in rows.iter_mut().take(first + span.rows).skip(first + 1) {
            row.resize_with(row.len().max(span.column + 1), RichText::default);
            row[span.column] = cell.clone();
        }
    }
}

/// Places the cells as far as `limit` steps allow; `None` if they do not.
fn place_spanning_cells(rows: &[GridRow<'_>], limit: usize) -> Option<TableGrid> {
    let section_ends = section_ends(rows);
    let mut steps = 0;
    let mut covered: Vec<CoveredColumns> = Vec::new();
    let mut spans = Vec::new();
    let mut columns = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        covered.retain(|other| other.end_row > index);
        steps += covered.len() + row.cells.len();
        if steps > limit {
            return None;
        }
        let starts = place_row(index, row, section_ends[index], &mut covered, &mut spans);
        columns.push(starts);
    }
    let grid = without_empty_columns(TableGrid { columns, spans });
    let size: usize = grid.columns.iter().filter_map(|row| row.last()).map(|last| last + 1).sum();
    let span_size: usize =
        grid.spans.iter().map(|span| span.rows.saturating_mul(span.columns)).sum();
    (size + span_size <= limit).then_some(grid)
}

/// Returns, for each row, the first row of the next section.
fn section_ends(rows: &[GridRow<'_>]) -> Vec<usize> {
    let mut ends = vec![rows.len(); rows.len()];
    for index in (1..rows.len()).rev() {
        let is_same = rows[index].section == rows[index - 1].section;
        ends[index - 1] = if is_same { ends[index] } else { index };
    }
    ends
}

/// Returns the columns of the cells of a row, and notes what they cover. `covered` is in the order
/// of columns.
fn place_row(
    index: usize,
    row: &GridRow<'_>,
    section_end: usize,
    covered: &mut Vec<CoveredColumns>,
    spans: &mut Vec<CellSpan>,
) -> Vec<usize> {
    let mut starts = Vec::with_capacity(row.cells.len());
    let mut new_covered = Vec::new();
    let mut above = covered.iter().peekable();
    let mut column = 0;
    for size in row.cells {
        while let Some(other) = above.next_if(|other| other.start <= column) {
            column = column.max(other.end);
        }
        let columns = size.columns.clamp(1, MAX_COLUMN_SPAN);
        let rows_left = section_end - index;
        let rows = if size.rows == 0 { rows_left } else { size.rows.min(MAX_ROW_SPAN) };
        let rows = rows.clamp(1, rows_left.max(1));
        if rows > 1 || columns > 1 {
            spans.push(CellSpan { row: index, column, rows, columns });
        }
        if rows > 1 {
            let (start, end) = (column, column + columns);
            new_covered.push(CoveredColumns { start, end, end_row: index + rows });
        }
        starts.push(column);
        column += columns;
    }
    if !new_covered.is_empty() {
        covered.append(&mut new_covered);
        covered.sort_by_key(|other| other.start);
    }
    starts
}

/// Leaves out the columns in which no cell begins.
fn without_empty_columns(mut grid: TableGrid) -> TableGrid {
    let mut used: Vec<usize> = grid.columns.iter().flatten().copied().collect();
    used.sort_unstable();
    used.dedup();
    let new_column = |column: usize| used.partition_point(|other| *other < column);
    for column in grid.columns.iter_mut().flatten() {
        *column = new_column(*column);
    }
    for span in &mut grid.spans {
        let end = new_column(span.column + span.columns);
        span.column = new_column(span.column);
        span.columns = (end - span.column).max(1);
    }
    grid.spans.retain(|span| span.rows > 1 || span.columns > 1);
    grid
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(rows: &[&[(usize, usize)]]) -> TableGrid {
        let rows: Vec<Vec<CellSize>> = rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|(rows, columns)| CellSize { rows: *rows, columns: *columns })
                    .collect()
            })
            .collect();
        let rows: Vec<GridRow<'_>> =
            rows.iter().map(|cells| GridRow { cells, section: 0 }).collect();
        place_cells(&rows)
    }

    #[test]
    fn place_cells_keeps_cells_in_their_columns() {
        let grid = place(&[&[(1, 2), (1, 1)], &[(1, 1), (1, 1), (1, 1)]]);
        assert_eq!(grid.columns, [vec![0, 2], vec![0, 1, 2]]);
        assert_eq!(grid.spans, [CellSpan { row: 0, column: 0, rows: 1, columns: 2 }]);
        let grid = place(&[&[(2, 1), (1, 1), (3, 1)], &[(1, 1)], &[(1, 1), (1, 1)]]);
        assert_eq!(grid.columns, [vec![0, 1, 2], vec![1], vec![0, 1]]);
        let grid = place(&[&[(1, 1), (0, 1)], &[(1, 1), (1, 1)]]);
        assert_eq!(grid.columns, [vec![0, 1], vec![0, 2]]);
        assert_eq!(place(&[&[(1, 1000)], &[(1, 1)]]).spans, []);
    }

    #[test]
    fn place_cells_ends_row_spans_with_the_section() {
        let tall = [CellSize { rows: 9, columns: 1 }, CellSize::SINGLE];
        let rows = [
            GridRow { cells: &tall, section: 0 },
            GridRow { cells: &tall, section: 1 },
            GridRow { cells: &tall[1..], section: 1 },
        ];
        let grid = place_cells(&rows);
        assert_eq!(grid.columns, [vec![0, 1], vec![0, 1], vec![1]]);
        assert_eq!(grid.spans, [CellSpan { row: 1, column: 0, rows: 2, columns: 1 }]);
    }

    #[test]
    fn place_cells_ignores_spans_of_huge_grids() {
        let wide: Vec<(usize, usize)> = vec![(65_534, 1000); 1000];
        let mut rows: Vec<&[(usize, usize)]> = vec![&wide];
        rows.extend(std::iter::repeat_n(&[(1, 1)][..], 5000));
        let grid = place(&rows);
        assert_eq!((grid.spans.len(), &grid.columns[5000]), (0, &vec![0]));
    }
}
