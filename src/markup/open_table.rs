//! A table that is being built, and the decision between a table of data and one for page layout.
//!
//! Start with [`OpenTable`]; `builder` drives it.

use super::{
    Block, CellSpan, RichText,
    table_cell::{CellKind, TableCell},
    table_grid::{CellSize, GridRow, TableGrid, place_cells},
};

/// Maximum number of pictures in the cells of a table of data; they are shown before it.
const MAX_PICTURES: usize = 2;

/// The purpose of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TableKind {
    /// A table of data; its cells hold running text only.
    Data,
    /// A table that the source declares one of data, by a caption, a header or a border.
    Declared,
    /// Data or page layout; decided by the content when the table is closed.
    Unknown,
}

/// The kind of a section of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum SectionKind {
    Head,
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
        if kind == SectionKind::Head {
            self.declare_data();
        }
    }

    /// Notes that the source declares the table one of data.
    pub(super) fn declare_data(&mut self) {
        if self.kind == TableKind::Unknown {
            self.kind = TableKind::Declared;
        }
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
fn table_blocks(kind: TableKind, mut rows: Vec<TableRow>) -> Vec<Block> {
    if kind != TableKind::Data && !is_data_table(kind, &rows) {
        let cells = rows.into_iter().flat_map(|row| row.cells);
        return cells.flat_map(|cell| cell.blocks).collect();
    }
    let mut blocks = take_anchors_and_images(&mut rows);
    blocks.extend(data_table(rows));
    blocks
}

/// Takes the anchors out of the cells, and returns them and the images: a cell holds the text of an
/// image only.
fn take_anchors_and_images(rows: &mut [TableRow]) -> Vec<Block> {
    let mut taken = Vec::new();
    for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
        taken.extend(cell.blocks.extract_if(.., |block| matches!(block, Block::Anchor(_))));
        for block in cell.blocks.iter_mut().filter(|block| is_picture(block)) {
            taken.push(block.clone());
            if let Block::Image { link, .. } = block {
                *link = None;
            }
        }
    }
    taken
}

fn data_table(rows: Vec<TableRow>) -> Option<Block> {
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
    let is_empty = head.is_empty() && lines.is_empty();
    (!is_empty).then_some(Block::Table { head, rows: lines, spans })
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
        line.push(cell.into_text());
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

/// Returns true for a table of data.
///
/// It has two columns, and two rows or a header beside its value. If the source declares it one of
/// data, all cells are short and few have pictures; if not, each row begins with a cell of one
/// paragraph, and the others hold short paragraphs, lists and code. Anything else is for page layout.
fn is_data_table(kind: TableKind, rows: &[TableRow]) -> bool {
    let rows: Vec<&TableRow> = rows.iter().filter(|row| !row.is_empty()).collect();
    let cells = || rows.iter().flat_map(|row| &row.cells);
    let is_header = |cell: &TableCell| cell.kind == CellKind::Header;
    let has_header = cells().any(is_header);
    let has_value = cells().any(|cell| !is_header(cell));
    let has_columns = rows.iter().any(|row| row.cells.len() >= 2);
    if !has_columns || rows.len() < 2 && !(has_header && has_value) {
        return false;
    }
    if kind == TableKind::Declared || has_header {
        let pictures = cells().flat_map(|cell| &cell.blocks).filter(|block| is_picture(block));
        pictures.count() <= MAX_PICTURES && cells().all(TableCell::fits_cell)
    } else {
        let has_label = |row: &&TableRow| row.cells.first().is_some_and(TableCell::is_simple);
        rows.iter().all(has_label) && cells().all(TableCell::has_plain_content)
    }
}

/// Returns true for an image that can be shown.
fn is_picture(block: &Block) -> bool {
    matches!(block, Block::Image { link: Some(_), .. })
}

#[cfg(test)]
mod tests {
    use crate::markup::{Block, ExportFormat, ExportHeader, parse_html, parse_markdown};

    fn table(html: &str) -> Option<String> {
        let document = parse_html(html, Some("https://example.org/"));
        let is_table = document.blocks.iter().any(|block| matches!(block, Block::Table { .. }));
        is_table.then(|| document.plain_text())
    }

    #[test]
    fn tables_with_short_lists_and_paragraphs_are_data() {
        let cases = [
            (
                "<table><tr><th>Line<th>Stops<tr><td>S1<td><ul><li>Airport<li>Fair</ul></table>",
                "Line\tStops\nS1\t• Airport\n• Fair",
            ),
            (
                "<table><tr><td>S1<td><ol><li>a<li>b<ul><li>c</ul></ol><tr><td>S2<td><p>a<p>b</table>",
                "S1\t1. a\n2. b\n  • c\nS2\ta\nb",
            ),
            (
                "<table border=1><tr><td><p>a<p>b<td><pre>let x;\nlet y;</pre><tr><td>c<td>d</table>",
                "a\nb\tlet x;\nlet y;\nc\td",
            ),
            (
                "<table><caption>Sums</caption><tr><td><h4>a</h4><p>b<td>1<tr><td>c<td>2</table>",
                "Sums\n\na\nb\t1\nc\t2",
            ),
            ("<table role=grid><tr><td><p>a<p>b<td>1<tr><td>c<td>2</table>", "a\nb\t1\nc\t2"),
            ("<table><tr><th>Height<td>12 m</table>", "Height\t12 m"),
            (
                "<p><a href='#x'>see</a><table><tr><td id=x>a<td>b<tr><td>c<td>d</table>",
                "see\n\na\tb\nc\td",
            ),
            (
                "<table><tr><th colspan=2><img src=/a.png alt='The tower'><tr><th>Height<td>12 m</table>",
                "[image: The tower]\n\nThe tower\nHeight\t12 m",
            ),
        ];
        for (html, expected) in cases {
            assert_eq!(table(html).as_deref(), Some(expected), "{html}");
        }
    }

    #[test]
    fn tables_for_layout_are_flattened() {
        let article = "<p>One sentence of an article. ".repeat(30);
        for html in [
            format!("<table><tr><th>News<th>More<tr><td>{article}<td>b</table>"),
            format!("<table border=1><tr><td>a<td>b<tr><td>c<td>{article}</table>"),
            "<table><tr><td><p>a<p>b<td>c<tr><td>d<td>e</table>".to_owned(),
            "<table><tr><td>a<td><img src=/a.png><p>b<tr><td>c<td>d</table>".to_owned(),
            "<table><tr><th>a<tr><td><ul><li>b</ul></table>".to_owned(),
            "<table><tr><th>a<th>b<tr><td>c<td><table><tr><td>1<td>2<tr><td>3<td>4</table></table>"
                .to_owned(),
            "<table role=none border=1><tr><th>a<th>b<tr><td>c<td>d</table>".to_owned(),
        ] {
            let outer = table(&html);
            assert!(outer.is_none_or(|text| text.contains("\n\n1\t2")), "{html}");
        }
    }

    #[test]
    fn tables_with_lists_keep_their_lines_in_exports() {
        let html = "<table><tr><th>a<th>b<tr><td>c<td><ul><li>d<li><b>e</b></ul></table>";
        let document = parse_html(html, None);
        let export = |format| document.clone().export(&ExportHeader::default(), format);
        let markdown = export(ExportFormat::Markdown);
        assert!(markdown.contains("| c | • d<br>• **e** |"), "{markdown}");
        assert_eq!(parse_markdown(&markdown).plain_text(), document.plain_text());
        assert_eq!(
            parse_html(&export(ExportFormat::Html), None).plain_text(),
            document.plain_text()
        );
    }
}
