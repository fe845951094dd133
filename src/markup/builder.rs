//! A document while it grows: containers opened and closed, text between them.
//!
//! Total: whatever is opened in whatever order, a document comes out, no deeper than [`MAX_DEPTH`].

use std::collections::HashSet;

use super::{
    AnchorId, Block, Document, EmbedKind, Emphasis, LinkTarget, ListNumbering, RichText,
    inline::{Inline, InlineStyle},
    link_table::LinkTable,
    visit::{visit_blocks, visit_texts},
};
use crate::text::sanitize;

/// Containers within containers at the most; deeper ones lend their content to the one around them.
const MAX_DEPTH: usize = 64;

/// Something that holds blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContainerKind {
    /// Nothing of its own: its content belongs to the container around it.
    Group,
    Quote,
    List(Option<ListNumbering>),
    ListItem,
    Definition,
    Table(TableKind),
    TableRow,
    TableCell(CellKind),
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
    Header,
    #[default]
    Data,
}

#[derive(Debug)]
enum OpenContainer {
    Group(Vec<Block>),
    Quote(Vec<Block>),
    List(Option<ListNumbering>, Vec<Vec<Block>>),
    ListItem(Vec<Block>),
    Definition(Vec<Block>),
    Table(TableKind, Vec<TableRow>, Vec<Block>),
    TableRow(TableRow),
    TableCell(TableCell),
}

type TableRow = Vec<TableCell>;

#[derive(Debug)]
struct TableCell {
    kind: CellKind,
    blocks: Vec<Block>,
}

/// Builds a document from a walk through a source.
#[derive(Debug, Default)]
pub(super) struct DocumentBuilder {
    links: LinkTable,
    blocks: Vec<Block>,
    open_containers: Vec<OpenContainer>,
    /// Containers open beyond the greatest depth.
    overflow_depth: usize,
    inline: Inline,
    emphasis_stack: Vec<Emphasis>,
    /// Where the text to come leads; `None` for a link that leads nowhere.
    link_stack: Vec<Option<LinkDestination>>,
    /// What the paragraph to come is, if it is not running text.
    leaf: LeafKind,
    /// Places that begin with the next block.
    pending_anchors: Vec<AnchorId>,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LinkDestination {
    /// To an address.
    Url(String),
    /// To the place of this name within the document.
    Anchor(String),
}

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum LeafKind {
    #[default]
    Paragraph,
    Heading(u8),
    Caption,
}

impl DocumentBuilder {
    /// Begins a container; each must be closed.
    pub(super) fn open_container(&mut self, container: ContainerKind) {
        self.end_paragraph();
        if self.open_containers.len() == MAX_DEPTH {
            self.overflow_depth += 1;
            return;
        }
        let frame = match (container, self.open_containers.last()) {
            (ContainerKind::Quote, _) => OpenContainer::Quote(Vec::new()),
            (ContainerKind::List(start), _) => OpenContainer::List(start, Vec::new()),
            (ContainerKind::Definition, _) => OpenContainer::Definition(Vec::new()),
            (ContainerKind::Table(kind), _) => OpenContainer::Table(kind, Vec::new(), Vec::new()),
            (ContainerKind::ListItem, Some(OpenContainer::List(..))) => {
                OpenContainer::ListItem(Vec::new())
            }
            (ContainerKind::TableRow, Some(OpenContainer::Table(..))) => {
                OpenContainer::TableRow(Vec::new())
            }
            (ContainerKind::TableCell(kind), Some(OpenContainer::TableRow(_))) => {
                OpenContainer::TableCell(TableCell { kind, blocks: Vec::new() })
            }
            _ => OpenContainer::Group(Vec::new()),
        };
        self.open_containers.push(frame);
    }

    /// Ends the innermost container.
    pub(super) fn close_container(&mut self) {
        self.end_paragraph();
        if self.overflow_depth > 0 {
            self.overflow_depth -= 1;
        } else if let Some(frame) = self.open_containers.pop() {
            self.attach_container(frame);
        }
    }

    /// Adds text as it is.
    pub(super) fn push_literal(&mut self, text: &str) {
        let look = self.inline_style(text);
        self.inline.push_literal(text, look);
    }

    /// Adds text, its white space collapsed.
    pub(super) fn push_collapsed(&mut self, text: &str) {
        let look = self.inline_style(text);
        self.inline.push_collapsed(text, look);
    }

    /// A blank, unless the line ends here.
    pub(super) fn push_space(&mut self) {
        self.inline.push_space();
    }

    /// Ends the line where the author wants it.
    pub(super) fn push_line_break(&mut self) {
        self.inline.push_line_break();
    }

    /// Stresses the text up to the matching [`DocumentBuilder::end_emphasis`].
    pub(super) fn begin_emphasis(&mut self, style: Emphasis) {
        self.emphasis_stack.push(self.current_emphasis().union(style));
    }

    pub(super) fn end_emphasis(&mut self) {
        self.emphasis_stack.pop();
    }

    /// Links the text up to the matching [`DocumentBuilder::end_link`].
    pub(super) fn begin_link(&mut self, leads: Option<LinkDestination>) {
        self.link_stack.push(leads);
    }

    /// The place called `name` is here.
    pub(super) fn add_anchor(&mut self, name: &str) {
        let id = self.links.intern_anchor(name);
        self.pending_anchors.push(id);
    }

    pub(super) fn end_link(&mut self) {
        self.link_stack.pop();
    }

    /// Begins a heading.
    pub(super) fn begin_heading(&mut self, level: u8) {
        self.end_paragraph();
        self.leaf = LeafKind::Heading(level.clamp(1, 6));
    }

    pub(super) fn end_heading(&mut self) {
        self.end_leaf();
    }

    /// Begins a caption: the words that belong to what is before it.
    pub(super) fn begin_caption(&mut self) {
        self.end_paragraph();
        self.leaf = LeafKind::Caption;
    }

    pub(super) fn end_caption(&mut self) {
        self.end_leaf();
    }

    fn end_leaf(&mut self) {
        self.end_paragraph();
        self.leaf = LeafKind::Paragraph;
    }

    /// Ends the paragraph or heading at hand, if it has begun.
    pub(super) fn end_paragraph(&mut self) {
        if self.inline.is_empty() {
            return;
        }
        let text = self.inline.take_text();
        if text.is_blank() {
            return;
        }
        let block = match self.leaf {
            LeafKind::Heading(level) => Block::Heading { level, text },
            LeafKind::Caption => Block::Caption(text),
            LeafKind::Paragraph => Block::Paragraph(text),
        };
        self.push_with_anchors(block);
    }

    /// Adds a picture; within a heading or a cell of data, its words.
    pub(super) fn add_image(&mut self, alt: &str, address: Option<&str>, size: Option<(u32, u32)>) {
        let alt = sanitize::to_line(alt.trim()).into_owned();
        if matches!(self.leaf, LeafKind::Heading(_)) || self.is_in_data_cell() {
            return self.push_collapsed(&alt);
        }
        if !alt.is_empty() || address.is_some() {
            self.end_paragraph();
            let link = address.map(|address| self.links.intern_url(address));
            self.push_with_anchors(Block::Image { alt, link, size });
        }
    }

    /// Adds something of another site; within a heading or a cell of data, its name.
    pub(super) fn add_embed(&mut self, kind: EmbedKind, title: &str, address: &str) {
        let title = sanitize::to_line(title.trim()).into_owned();
        if matches!(self.leaf, LeafKind::Heading(_)) || self.is_in_data_cell() {
            return self.push_collapsed(&title);
        }
        self.end_paragraph();
        let link = self.links.intern_url(address);
        self.push_with_anchors(Block::Embed { kind, title, link });
    }

    /// Adds a block of its own.
    pub(super) fn add_block(&mut self, block: Block) {
        self.end_paragraph();
        self.push_with_anchors(block);
    }

    /// The document; closes what is still open.
    pub(super) fn finish(mut self) -> Document {
        self.end_paragraph();
        while let Some(frame) = self.open_containers.pop() {
            self.attach_container(frame);
        }
        let mut document =
            Document { blocks: self.blocks, links: self.links.into_links(), language: None };
        remove_dangling_anchor_links(&mut document);
        document
    }

    fn current_emphasis(&self) -> Emphasis {
        self.emphasis_stack.last().copied().unwrap_or_default()
    }

    fn is_in_data_cell(&self) -> bool {
        matches!(
            self.open_containers.as_slice(),
            [
                ..,
                OpenContainer::Table(TableKind::Data, ..),
                OpenContainer::TableRow(_),
                OpenContainer::TableCell(_)
            ]
        )
    }

    /// How `text` will look; an address gets its number with its first visible text.
    fn inline_style(&mut self, text: &str) -> InlineStyle {
        let around =
            self.link_stack.last().and_then(Option::as_ref).filter(|_| !text.trim().is_empty());
        let link = around.map(|leads| match leads {
            LinkDestination::Url(address) => LinkTarget::Link(self.links.intern_url(address)),
            LinkDestination::Anchor(name) => LinkTarget::Anchor(self.links.intern_anchor(name)),
        });
        InlineStyle { emphasis: self.current_emphasis(), link }
    }

    /// Adds a block, the places that begin with it before it.
    fn push_with_anchors(&mut self, block: Block) {
        for anchor in std::mem::take(&mut self.pending_anchors) {
            self.push_block(Block::Anchor(anchor));
        }
        self.push_block(block);
    }

    fn push_block(&mut self, block: Block) {
        match self.open_containers.last_mut() {
            None => self.blocks.push(block),
            Some(
                OpenContainer::Group(blocks)
                | OpenContainer::Quote(blocks)
                | OpenContainer::ListItem(blocks),
            ) => blocks.push(block),
            Some(OpenContainer::Definition(blocks)) => blocks.push(block),
            Some(OpenContainer::List(_, items)) => items.push(vec![block]),
            Some(OpenContainer::Table(_, _, stray)) => stray.push(block),
            Some(OpenContainer::TableRow(cells)) => {
                cells.push(TableCell { kind: CellKind::Data, blocks: vec![block] });
            }
            Some(OpenContainer::TableCell(cell)) => cell.blocks.push(block),
        }
    }

    /// Hands what a closed container holds to the one around it.
    fn attach_container(&mut self, frame: OpenContainer) {
        match frame {
            OpenContainer::Group(blocks) => {
                for block in blocks {
                    self.push_block(block);
                }
            }
            OpenContainer::Quote(blocks) if blocks.is_empty() => {}
            OpenContainer::Quote(blocks) => self.push_block(Block::Quote(blocks)),
            OpenContainer::Definition(blocks) if blocks.is_empty() => {}
            OpenContainer::Definition(blocks) => self.push_block(Block::Definition(blocks)),
            OpenContainer::List(_, items) if items.is_empty() => {}
            OpenContainer::List(numbers, items) => {
                let numbers = resolve_countdown(numbers, &items);
                self.push_block(Block::List { numbers, items });
            }
            OpenContainer::ListItem(blocks) => self.attach_list_item(blocks),
            OpenContainer::Table(kind, rows, stray) => {
                for block in stray.into_iter().chain(table_blocks(kind, rows)) {
                    self.push_block(block);
                }
            }
            OpenContainer::TableRow(cells) => {
                if let Some(OpenContainer::Table(_, rows, _)) = self.open_containers.last_mut() {
                    rows.push(cells);
                }
            }
            OpenContainer::TableCell(cell) => {
                if let Some(OpenContainer::TableRow(cells)) = self.open_containers.last_mut() {
                    cells.push(cell);
                }
            }
        }
    }

    fn attach_list_item(&mut self, blocks: Vec<Block>) {
        if let (false, Some(OpenContainer::List(_, items))) =
            (blocks.is_empty(), self.open_containers.last_mut())
        {
            items.push(blocks);
        }
    }
}

/// A list that counts down without saying from where ends at 1.
fn resolve_countdown(
    numbers: Option<ListNumbering>,
    items: &[Vec<Block>],
) -> Option<ListNumbering> {
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    numbers.map(|numbers| match numbers {
        ListNumbering { first: i64::MIN, descending: true } => {
            ListNumbering { first: length, descending: true }
        }
        numbers => numbers,
    })
}

/// References to places that are not in the document are words like others.
fn remove_dangling_anchor_links(document: &mut Document) {
    let mut placed = HashSet::new();
    visit_blocks(&mut document.blocks, &mut |block| {
        if let Block::Anchor(id) = block {
            placed.insert(*id);
        }
    });
    visit_texts(&mut document.blocks, &mut |text| {
        for span in &mut text.0 {
            if let Some(LinkTarget::Anchor(id)) = span.link
                && !placed.contains(&id)
            {
                span.link = None;
            }
        }
    });
}

/// A table of data, or the content of one that was there for the looks.
fn table_blocks(kind: TableKind, mut rows: Vec<TableRow>) -> Vec<Block> {
    rows.retain(|row| row.iter().any(|cell| !cell.blocks.is_empty()));
    if kind == TableKind::Unknown && !is_data_table(&rows) {
        return rows.into_iter().flatten().flat_map(|cell| cell.blocks).collect();
    }
    let headed =
        rows.first().is_some_and(|row| row.iter().all(|cell| cell.kind == CellKind::Header));
    let mut rows = rows.into_iter().map(|row| row.into_iter().map(cell_text).collect());
    let head = if headed { rows.next().unwrap_or_default() } else { Vec::new() };
    let rows: Vec<Vec<RichText>> = rows.collect();
    if head.is_empty() && rows.is_empty() { Vec::new() } else { vec![Block::Table { head, rows }] }
}

fn is_data_table(rows: &[TableRow]) -> bool {
    let words = |cell: &TableCell| matches!(cell.blocks.as_slice(), [] | [Block::Paragraph(_)]);
    rows.len() >= 2 && rows.iter().any(|row| row.len() >= 2) && rows.iter().flatten().all(words)
}

fn cell_text(cell: TableCell) -> RichText {
    let mut spans = Vec::new();
    for block in cell.blocks {
        if let Block::Paragraph(RichText(words))
        | Block::Heading { text: RichText(words), .. }
        | Block::Caption(RichText(words)) = block
        {
            spans.extend(words);
        }
    }
    RichText(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builder_mismatched_containers_keep_their_content() {
        let mut builder = DocumentBuilder::default();
        builder.open_container(ContainerKind::ListItem);
        builder.push_collapsed("stray item");
        builder.close_container();
        builder.open_container(ContainerKind::TableCell(CellKind::Header));
        builder.push_collapsed("stray cell");
        let document = builder.finish();
        assert_eq!(document.plain_text(), "stray item\n\nstray cell");
    }

    #[test]
    fn builder_deep_nesting_stops_at_max_depth() {
        let mut builder = DocumentBuilder::default();
        (0..1000).for_each(|_| builder.open_container(ContainerKind::Quote));
        builder.push_collapsed("deep");
        (0..1000).for_each(|_| builder.close_container());
        builder.push_collapsed("after");
        let document = builder.finish();
        assert_eq!(document.blocks.len(), 2);
        assert_eq!(document.plain_text(), "deep\n\nafter");
    }
}
