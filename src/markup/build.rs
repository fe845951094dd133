//! A document while it grows: containers opened and closed, text between them.
//!
//! Total: whatever is opened in whatever order, a document comes out, no deeper than [`MAX_DEPTH`].

use super::{
    Block, Document, Emphasis, Text,
    inline::{Inline, Look},
    links::Links,
};

/// Containers within containers at the most; deeper ones lend their content to the one around them.
const MAX_DEPTH: usize = 64;

/// Something that holds blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// Nothing of its own: its content belongs to the container around it.
    Group,
    Quote,
    List(Option<u64>),
    Item,
    Table(TableKind),
    Row,
    Cell(CellKind),
}

/// What a table is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TableKind {
    /// Cells in columns.
    Data,
    /// Perhaps only for the looks of a page; decided by what is in it.
    Unknown,
}

/// What a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum CellKind {
    Head,
    #[default]
    Data,
}

#[derive(Debug)]
enum Frame {
    Group(Vec<Block>),
    Quote(Vec<Block>),
    List(Option<u64>, Vec<Vec<Block>>),
    Item(Vec<Block>),
    Table(TableKind, Vec<Row>, Vec<Block>),
    Row(Row),
    Cell(Cell),
}

type Row = Vec<Cell>;

#[derive(Debug)]
struct Cell {
    kind: CellKind,
    blocks: Vec<Block>,
}

/// Builds a document from a walk through a source.
#[derive(Debug, Default)]
pub(super) struct Builder {
    links: Links,
    blocks: Vec<Block>,
    frames: Vec<Frame>,
    /// Containers open beyond the greatest depth.
    beyond: usize,
    inline: Inline,
    styles: Vec<Emphasis>,
    /// Addresses around the text to come; `None` for one that leads nowhere.
    around: Vec<Option<String>>,
    heading: Option<u8>,
}

impl Builder {
    /// Begins a container; each must be closed.
    pub(super) fn open(&mut self, container: Container) {
        self.end_paragraph();
        if self.frames.len() == MAX_DEPTH {
            self.beyond += 1;
            return;
        }
        let frame = match (container, self.frames.last()) {
            (Container::Quote, _) => Frame::Quote(Vec::new()),
            (Container::List(start), _) => Frame::List(start, Vec::new()),
            (Container::Table(kind), _) => Frame::Table(kind, Vec::new(), Vec::new()),
            (Container::Item, Some(Frame::List(..))) => Frame::Item(Vec::new()),
            (Container::Row, Some(Frame::Table(..))) => Frame::Row(Vec::new()),
            (Container::Cell(kind), Some(Frame::Row(_))) => Frame::Cell(Cell { kind, blocks: Vec::new() }),
            _ => Frame::Group(Vec::new()),
        };
        self.frames.push(frame);
    }

    /// Ends the innermost container.
    pub(super) fn close(&mut self) {
        self.end_paragraph();
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(frame) = self.frames.pop() {
            self.deliver(frame);
        }
    }

    /// Adds text as it is.
    pub(super) fn literal(&mut self, text: &str) {
        let look = self.look(text);
        self.inline.literal(text, look);
    }

    /// Adds text, its white space collapsed.
    pub(super) fn collapsed(&mut self, text: &str) {
        let look = self.look(text);
        self.inline.collapsed(text, look);
    }

    /// A blank, unless the line ends here.
    pub(super) fn blank(&mut self) {
        self.inline.blank();
    }

    /// Ends the line where the author wants it.
    pub(super) fn line_break(&mut self) {
        self.inline.line_break();
    }

    /// Stresses the text up to the matching [`Builder::unstress`].
    pub(super) fn stress(&mut self, style: Emphasis) {
        self.styles.push(self.style().with(style));
    }

    pub(super) fn unstress(&mut self) {
        self.styles.pop();
    }

    /// Links the text up to the matching [`Builder::unlink`].
    pub(super) fn link(&mut self, address: Option<String>) {
        self.around.push(address);
    }

    pub(super) fn unlink(&mut self) {
        self.around.pop();
    }

    /// Begins a heading.
    pub(super) fn begin_heading(&mut self, level: u8) {
        self.end_paragraph();
        self.heading = Some(level.clamp(1, 6));
    }

    pub(super) fn end_heading(&mut self) {
        self.end_paragraph();
        self.heading = None;
    }

    /// Ends the paragraph or heading at hand, if it has begun.
    pub(super) fn end_paragraph(&mut self) {
        if self.inline.is_empty() {
            return;
        }
        let text = self.inline.take();
        if text.is_blank() {
            return;
        }
        let block = match self.heading {
            Some(level) => Block::Heading { level, text },
            None => Block::Paragraph(text),
        };
        self.add(block);
    }

    /// Adds a picture; within a heading or a cell of data, its words.
    pub(super) fn image(&mut self, alt: &str, address: Option<&str>) {
        let alt = crate::text::clean::line(alt.trim()).into_owned();
        if self.heading.is_some() || self.is_in_data() {
            return self.collapsed(&alt);
        }
        if !alt.is_empty() || address.is_some() {
            let link = address.map(|address| self.links.number(address));
            self.block(Block::Image { alt, link });
        }
    }

    /// Adds a block of its own.
    pub(super) fn block(&mut self, block: Block) {
        self.end_paragraph();
        self.add(block);
    }

    /// The document; closes what is still open.
    pub(super) fn finish(mut self) -> Document {
        self.end_paragraph();
        while let Some(frame) = self.frames.pop() {
            self.deliver(frame);
        }
        Document { blocks: self.blocks, links: self.links.into_list() }
    }

    fn style(&self) -> Emphasis {
        self.styles.last().copied().unwrap_or_default()
    }

    fn is_in_data(&self) -> bool {
        matches!(
            self.frames.as_slice(),
            [.., Frame::Table(TableKind::Data, ..), Frame::Row(_), Frame::Cell(_)]
        )
    }

    /// How `text` will look; an address gets its number with its first visible text.
    fn look(&mut self, text: &str) -> Look {
        let around = self.around.last().and_then(Option::as_deref).filter(|_| !text.trim().is_empty());
        let link = around.map(|address| self.links.number(address));
        Look { style: self.style(), link }
    }

    fn add(&mut self, block: Block) {
        match self.frames.last_mut() {
            None => self.blocks.push(block),
            Some(Frame::Group(blocks) | Frame::Quote(blocks) | Frame::Item(blocks)) => blocks.push(block),
            Some(Frame::List(_, items)) => items.push(vec![block]),
            Some(Frame::Table(_, _, stray)) => stray.push(block),
            Some(Frame::Row(cells)) => cells.push(Cell { kind: CellKind::Data, blocks: vec![block] }),
            Some(Frame::Cell(cell)) => cell.blocks.push(block),
        }
    }

    /// Hands what a closed container holds to the one around it.
    fn deliver(&mut self, frame: Frame) {
        match frame {
            Frame::Group(blocks) => blocks.into_iter().for_each(|block| self.add(block)),
            Frame::Quote(blocks) if blocks.is_empty() => {}
            Frame::Quote(blocks) => self.add(Block::Quote(blocks)),
            Frame::List(_, items) if items.is_empty() => {}
            Frame::List(start, items) => self.add(Block::List { start, items }),
            Frame::Item(blocks) => self.deliver_item(blocks),
            Frame::Table(kind, rows, stray) => {
                for block in stray.into_iter().chain(table(kind, rows)) {
                    self.add(block);
                }
            }
            Frame::Row(cells) => {
                if let Some(Frame::Table(_, rows, _)) = self.frames.last_mut() {
                    rows.push(cells);
                }
            }
            Frame::Cell(cell) => {
                if let Some(Frame::Row(cells)) = self.frames.last_mut() {
                    cells.push(cell);
                }
            }
        }
    }

    fn deliver_item(&mut self, blocks: Vec<Block>) {
        if let (false, Some(Frame::List(_, items))) = (blocks.is_empty(), self.frames.last_mut()) {
            items.push(blocks);
        }
    }
}

/// A table of data, or the content of one that was there for the looks.
fn table(kind: TableKind, mut rows: Vec<Row>) -> Vec<Block> {
    rows.retain(|row| row.iter().any(|cell| !cell.blocks.is_empty()));
    if kind == TableKind::Unknown && !holds_data(&rows) {
        return rows.into_iter().flatten().flat_map(|cell| cell.blocks).collect();
    }
    let headed = rows.first().is_some_and(|row| row.iter().all(|cell| cell.kind == CellKind::Head));
    let mut rows = rows.into_iter().map(|row| row.into_iter().map(cell_text).collect());
    let head = if headed { rows.next().unwrap_or_default() } else { Vec::new() };
    let rows: Vec<Vec<Text>> = rows.collect();
    if head.is_empty() && rows.is_empty() { Vec::new() } else { vec![Block::Table { head, rows }] }
}

fn holds_data(rows: &[Row]) -> bool {
    let words = |cell: &Cell| matches!(cell.blocks.as_slice(), [] | [Block::Paragraph(_)]);
    rows.len() >= 2 && rows.iter().any(|row| row.len() >= 2) && rows.iter().flatten().all(words)
}

fn cell_text(cell: Cell) -> Text {
    let mut spans = Vec::new();
    for block in cell.blocks {
        if let Block::Paragraph(Text(words)) | Block::Heading { text: Text(words), .. } = block {
            spans.extend(words);
        }
    }
    Text(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mismatched_containers_give_their_content() {
        let mut builder = Builder::default();
        builder.open(Container::Item);
        builder.collapsed("stray item");
        builder.close();
        builder.open(Container::Cell(CellKind::Head));
        builder.collapsed("stray cell");
        let document = builder.finish();
        assert_eq!(document.plain_text(), "stray item\n\nstray cell");
    }

    #[test]
    fn depth_is_bounded() {
        let mut builder = Builder::default();
        (0..1000).for_each(|_| builder.open(Container::Quote));
        builder.collapsed("deep");
        (0..1000).for_each(|_| builder.close());
        builder.collapsed("after");
        let document = builder.finish();
        assert_eq!(document.blocks.len(), 2);
        assert_eq!(document.plain_text(), "deep\n\nafter");
    }
}
