//! A table that is being built, and the decision between a table of data and one for page layout.
//!
//! Start with [`OpenTable`]; `builder` drives it.

use super::{
    Block, CellSpan, RichText,
    table_grid::{CellSize, GridRow, TableGrid, place_cells},
};

/// The purpose of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TableKind {
    /// A table of data.
    Data,
    /// Data or page layout; decided by the content when the table is closed.
    Unknown,
}

/// The kind of a table cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum CellKind {
    Header,
    #[default]
    Data,
}

/// The kind of a section of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum SectionKind {
    #[default]
    Body,
    /// Rows that stand last, wherever they are written.
    Footer,
}

/// A table that is being built.
#[derive(Debug)]
pub(super) struct OpenTable {
    pub(super) kind: TableKind,
    pub(super) rows: Vec<TableRow>,
    /// Blocks found outside of rows.
    pub(super) stray: Vec<Block>,
    /// Number and kind of the current section, such as `<tbody>`.
    section: usize,
    section_kind: SectionKind,
}

/// A row of a table that is being built.
#[derive(Debug)]
pub(super) struct TableRow {
    pub(super) cells: Vec<TableCell>,
    section: usize,
    section_kind: SectionKind,
}

/// A cell of a table that is being built.
#[derive(Debug)]
pub(super) struct TableCell {
    pub(super) kind: CellKind,
    pub(super) size: CellSize,
    pub(super) blocks: Vec<Block>,
}

impl OpenTable {
    pub(super) fn new(kind: TableKind) -> OpenTable {
        OpenTable {
            kind,
            rows: Vec::new(),
            stray: Vec::new(),
            section: 0,
            section_kind: SectionKind::Body,
        }
    }

    /// Begins a section of rows.
    pub(super) fn begin_section(&mut self, kind: SectionKind) {
        self.section += 1;
        self.section_kind = kind;
    }

    /// Returns an empty row of the current section.
    pub(super) fn new_row(&self) -> TableRow {
        TableRow { cells: Vec::new(), section: self.section, section_kind: self.section_kind }
    }

    /// Returns the blocks that the table becomes.
    pub(super) fn into_blocks(mut self) -> impl Iterator<Item = Block> {
        self.rows.sort_by_key(|row| row.section_kind == SectionKind::Footer);
        self.stray.into_iter().chain(table_blocks(self.kind, self.rows))
    }
}

/// Returns a data table, or the content of a layout table as separate blocks.
fn table_blocks(kind: TableKind, rows: Vec<TableRow>) -> Vec<Block> {
    if kind == TableKind::Unknown && !is_data_table(&rows) {
        let cells = rows.into_iter().flat_map(|row| row.cells);
        return cells.flat_map(|cell| cell.blocks).collect();
    }
    let grid = table_grid(&rows);
    let mut kept_rows = Vec::with_capacity(rows.len());
    let mut has_header = false;
    let mut lines: Vec<Vec<RichText>> = Vec::new();
    for (row, columns) in rows.into_iter().zip(&grid.columns) {
        kept_rows.push(lines.len());
        if row.is_empty() {
            continue;
        }
        let is_header = row.cells.iter().all(|cell| cell.kind == CellKind::Header);
        has_header |= lines.is_empty() && is_header;
        lines.push(line_of_cells(row, columns));
    }
    kept_rows.push(lines.len());
    let spans = spans_of_kept_rows(grid.spans, &kept_rows);
    let head = if has_header { lines.remove(0) } else { Vec::new() };
    if head.is_empty() && lines.is_empty() {
        return Vec::new();
    }
    vec![Block::Table { head, rows: lines, spans }]
}

impl TableRow {
    /// Returns true if no cell has any content.
    fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.blocks.is_empty())
    }
}

fn table_grid(rows: &[TableRow]) -> TableGrid {
    let sizes: Vec<Vec<CellSize>> =
        rows.iter().map(|row| row.cells.iter().map(|cell| cell.size).collect()).collect();
    let grid_rows = rows.iter().zip(&sizes);
    let grid_rows: Vec<GridRow<'_>> =
        grid_rows.map(|(row, cells)| GridRow { cells, section: row.section }).collect();
    place_cells(&grid_rows)
}

/// Returns the texts of a row in their columns, with empty texts between them.
fn line_of_cells(row: TableRow, columns: &[usize]) -> Vec<RichText> {
    let mut line: Vec<RichText> = Vec::with_capacity(row.cells.len());
    for (cell, column) in row.cells.into_iter().zip(columns) {
        line.resize_with((*column).max(line.len()), RichText::default);
        line.push(cell_text(cell));
    }
    line
}

/// Renumbers the rows of `spans` after empty rows were left out. `kept_rows` has the new number of
/// each row, and of the end.
fn spans_of_kept_rows(spans: Vec<CellSpan>, kept_rows: &[usize]) -> Vec<CellSpan> {
    let renumber = |span: CellSpan| {
        let (row, end) = (kept_rows[span.row], kept_rows[span.row + span.rows]);
        CellSpan { row, rows: (end - row).max(1), ..span }
    };
    let is_kept = |span: &CellSpan| kept_rows[span.row] < kept_rows[span.row + 1];
    let spans = spans.into_iter().filter(is_kept).map(renumber);
    spans.filter(|span| span.rows > 1 || span.columns > 1).collect()
}

/// Returns true for tables of at least two rows and two columns whose cells hold one paragraph at
/// most.
fn is_data_table(rows: &[TableRow]) -> bool {
    let is_simple = |cell: &TableCell| matches!(cell.blocks.as_slice(), [] | [Block::Paragraph(_)]);
    let rows = || rows.iter().filter(|row| !row.is_empty());
    rows().count() >= 2
        && rows().any(|row| row.cells.len() >= 2)
        && rows().flat_map(|row| &row.cells).all(is_simple)
}

/// Returns the text of a cell without its block structure; drops quotes, lists, images and the
/// like.
fn cell_text(cell: TableCell) -> RichText {
    let mut spans = Vec::new();
    for block in cell.blocks {
        if let Block::Paragraph(RichText(block_spans))
        | Block::Heading { text: RichText(block_spans), .. }
        | Block::Caption(RichText(block_spans)) = block
        {
            spans.extend(block_spans);
        }
    }
    RichText(spans)
}
