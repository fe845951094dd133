//! A document while it grows: containers opened and closed, text between them.
//!
//! Total: whatever is opened in whatever order, a document comes out, no deeper than [`MAX_DEPTH`].

use std::collections::HashSet;

use super::{
    AnchorId, Block, Document, Embedded, Emphasis, Numbers, Target, Text,
    inline::{Inline, Look},
    links::Links,
    visit::{each, each_text},
};
use crate::text::clean;

/// Containers within containers at the most; deeper ones lend their content to the one around them.
const MAX_DEPTH: usize = 64;

/// Something that holds blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// Nothing of its own: its content belongs to the container around it.
    Group,
    Quote,
    List(Option<Numbers>),
    Item,
    Definition,
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
    List(Option<Numbers>, Vec<Vec<Block>>),
    Item(Vec<Block>),
    Definition(Vec<Block>),
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
    /// Where the text to come leads; `None` for a link that leads nowhere.
    around: Vec<Option<Leads>>,
    /// What the paragraph to come is, if it is not running text.
    line: Line,
    /// Places that begin with the next block.
    anchors: Vec<AnchorId>,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Leads {
    /// To an address.
    To(String),
    /// To the place of this name within the document.
    Within(String),
}

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Line {
    #[default]
    Text,
    Heading(u8),
    Caption,
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
            (Container::Definition, _) => Frame::Definition(Vec::new()),
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
    pub(super) fn link(&mut self, leads: Option<Leads>) {
        self.around.push(leads);
    }

    /// The place called `name` is here.
    pub(super) fn anchor(&mut self, name: &str) {
        let id = self.links.anchor(name);
        self.anchors.push(id);
    }

    pub(super) fn unlink(&mut self) {
        self.around.pop();
    }

    /// Begins a heading.
    pub(super) fn begin_heading(&mut self, level: u8) {
        self.end_paragraph();
        self.line = Line::Heading(level.clamp(1, 6));
    }

    pub(super) fn end_heading(&mut self) {
        self.end_line();
    }

    /// Begins a caption: the words that belong to what is before it.
    pub(super) fn begin_caption(&mut self) {
        self.end_paragraph();
        self.line = Line::Caption;
    }

    pub(super) fn end_caption(&mut self) {
        self.end_line();
    }

    fn end_line(&mut self) {
        self.end_paragraph();
        self.line = Line::Text;
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
        let block = match self.line {
            Line::Heading(level) => Block::Heading { level, text },
            Line::Caption => Block::Caption(text),
            Line::Text => Block::Paragraph(text),
        };
        self.add(block);
    }

    /// Adds a picture; within a heading or a cell of data, its words.
    pub(super) fn image(&mut self, alt: &str, address: Option<&str>, size: Option<(u32, u32)>) {
        let alt = clean::line(alt.trim()).into_owned();
        if matches!(self.line, Line::Heading(_)) || self.is_in_data() {
            return self.collapsed(&alt);
        }
        if !alt.is_empty() || address.is_some() {
            self.end_paragraph();
            let link = address.map(|address| self.links.number(address));
            self.add(Block::Image { alt, link, size });
        }
    }

    /// Adds something of another site; within a heading or a cell of data, its name.
    pub(super) fn embed(&mut self, kind: Embedded, title: &str, address: &str) {
        let title = clean::line(title.trim()).into_owned();
        if matches!(self.line, Line::Heading(_)) || self.is_in_data() {
            return self.collapsed(&title);
        }
        self.end_paragraph();
        let link = self.links.number(address);
        self.add(Block::Embed { kind, title, link });
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
        let mut document = Document { blocks: self.blocks, links: self.links.into_list(), language: None };
        unlink_the_lost(&mut document);
        document
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
        let around = self.around.last().and_then(Option::as_ref).filter(|_| !text.trim().is_empty());
        let link = around.map(|leads| match leads {
            Leads::To(address) => Target::Link(self.links.number(address)),
            Leads::Within(name) => Target::Anchor(self.links.anchor(name)),
        });
        Look { style: self.style(), link }
    }

    /// Adds a block, the places that begin with it before it.
    fn add(&mut self, block: Block) {
        for anchor in std::mem::take(&mut self.anchors) {
            self.place(Block::Anchor(anchor));
        }
        self.place(block);
    }

    fn place(&mut self, block: Block) {
        match self.frames.last_mut() {
            None => self.blocks.push(block),
            Some(Frame::Group(blocks) | Frame::Quote(blocks) | Frame::Item(blocks)) => blocks.push(block),
            Some(Frame::Definition(blocks)) => blocks.push(block),
            Some(Frame::List(_, items)) => items.push(vec![block]),
            Some(Frame::Table(_, _, stray)) => stray.push(block),
            Some(Frame::Row(cells)) => cells.push(Cell { kind: CellKind::Data, blocks: vec![block] }),
            Some(Frame::Cell(cell)) => cell.blocks.push(block),
        }
    }

    /// Hands what a closed container holds to the one around it.
    fn deliver(&mut self, frame: Frame) {
        match frame {
            Frame::Group(blocks) => blocks.into_iter().for_each(|block| self.place(block)),
            Frame::Quote(blocks) if blocks.is_empty() => {}
            Frame::Quote(blocks) => self.place(Block::Quote(blocks)),
            Frame::Definition(blocks) if blocks.is_empty() => {}
            Frame::Definition(blocks) => self.place(Block::Definition(blocks)),
            Frame::List(_, items) if items.is_empty() => {}
            Frame::List(numbers, items) => {
                let numbers = counted(numbers, &items);
                self.place(Block::List { numbers, items });
            }
            Frame::Item(blocks) => self.deliver_item(blocks),
            Frame::Table(kind, rows, stray) => {
                for block in stray.into_iter().chain(table(kind, rows)) {
                    self.place(block);
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

/// A list that counts down without saying from where ends at 1.
fn counted(numbers: Option<Numbers>, items: &[Vec<Block>]) -> Option<Numbers> {
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    numbers.map(|numbers| match numbers {
        Numbers { first: i64::MIN, down: true } => Numbers { first: length, down: true },
        numbers => numbers,
    })
}

/// References to places that are not in the document are words like others.
fn unlink_the_lost(document: &mut Document) {
    let mut placed = HashSet::new();
    each(&mut document.blocks, &mut |block| {
        if let Block::Anchor(id) = block {
            placed.insert(*id);
        }
    });
    each_text(&mut document.blocks, &mut |text| {
        for span in &mut text.0 {
            if let Some(Target::Anchor(id)) = span.link
                && !placed.contains(&id)
            {
                span.link = None;
            }
        }
    });
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
        if let Block::Paragraph(Text(words))
        | Block::Heading { text: Text(words), .. }
        | Block::Caption(Text(words)) = block
        {
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
