//! The builder of a document: a parser opens and closes containers and adds text between them.
//!
//! The builder is total: any sequence of calls gives a document, nested at most [`MAX_DEPTH`] deep.
//! Start with [`DocumentBuilder`]. It does not parse anything; `html` and `markdown` drive it.

use std::collections::HashSet;

use super::{
    AnchorId, Block, Document, EmbedKind, Emphasis, LinkTarget, ListNumbering,
    inline::{Inline, InlineStyle},
    link_table::{LinkDestination, LinkTable},
    open_list::{ItemMarker, OpenList},
    open_table::{OpenTable, SectionKind, TableKind, TableRow},
    table_cell::{CellKind, TableCell},
    table_grid::CellSize,
    visit::{visit_blocks, visit_texts},
};
use crate::text::sanitize;

/// Maximum nesting depth of containers; the content of deeper ones goes to the container around
/// them.
const MAX_DEPTH: usize = 64;

/// The kind of a container, which holds blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ContainerKind {
    /// A container that leaves no trace: its content goes to the container around it.
    Group,
    Quote,
    List(Option<ListNumbering>),
    /// A list without markers.
    UnmarkedList,
    ListItem(ItemMarker),
    Definition,
    Table(TableKind),
    TableRow,
    TableCell(CellKind, CellSize),
}

/// An open container with the content collected so far.
#[derive(Debug)]
enum OpenContainer {
    Group(Vec<Block>),
    Quote(Vec<Block>),
    List(OpenList),
    ListItem(ItemMarker, Vec<Block>),
    Definition(Vec<Block>),
    Table(OpenTable),
    TableRow(TableRow),
    TableCell(TableCell),
}

/// A builder that turns the events of a parser into a document.
#[derive(Debug, Default)]
pub(super) struct DocumentBuilder {
    links: LinkTable,
    blocks: Vec<Block>,
    open_containers: Vec<OpenContainer>,
    /// Number of open containers beyond [`MAX_DEPTH`].
    overflow_depth: usize,
    inline: Inline,
    emphasis_stack: Vec<Emphasis>,
    /// Emphasis set with [`DocumentBuilder::set_tag_emphasis`].
    tag_emphasis: Emphasis,
    /// Open links; `None` for a link without a usable target.
    link_stack: Vec<Option<LinkDestination>>,
    /// Kind of block that the collected text becomes.
    leaf: LeafKind,
    /// Anchors to be placed before the next block.
    pending_anchors: Vec<AnchorId>,
}

/// The kind of block that running text becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum LeafKind {
    #[default]
    Paragraph,
    Heading(u8),
    Caption,
}

impl DocumentBuilder {
    /// Opens a container, to be closed with [`DocumentBuilder::close_container`].
    ///
    /// A list item outside of a list, and a table row or cell outside of its parent, is opened as a
    /// [`ContainerKind::Group`].
    pub(super) fn open_container(&mut self, container: ContainerKind) {
        self.end_paragraph();
        if self.open_containers.len() == MAX_DEPTH {
            self.overflow_depth += 1;
            return;
        }
        let container = match (container, self.open_containers.last()) {
            (ContainerKind::Quote, _) => OpenContainer::Quote(Vec::new()),
            (ContainerKind::List(numbers), _) => OpenContainer::List(OpenList::new(numbers)),
            (ContainerKind::UnmarkedList, _) => OpenContainer::List(OpenList::unmarked()),
            (ContainerKind::Definition, _) => OpenContainer::Definition(Vec::new()),
            (ContainerKind::Table(kind), _) => OpenContainer::Table(OpenTable::new(kind)),
            (ContainerKind::ListItem(marker), Some(OpenContainer::List(_))) => {
                OpenContainer::ListItem(marker, Vec::new())
            }
            (ContainerKind::TableRow, Some(OpenContainer::Table(table))) => {
                OpenContainer::TableRow(table.new_row())
            }
            (ContainerKind::TableCell(kind, size), Some(OpenContainer::TableRow(_))) => {
                OpenContainer::TableCell(TableCell { kind, size, blocks: Vec::new() })
            }
            _ => OpenContainer::Group(Vec::new()),
        };
        self.open_containers.push(container);
    }

    /// Closes the innermost container.
    pub(super) fn close_container(&mut self) {
        self.end_paragraph();
        if self.overflow_depth > 0 {
            self.overflow_depth -= 1;
        } else if let Some(container) = self.open_containers.pop() {
            self.attach_container(container);
        }
    }

    /// Begins a section of rows, at which cells that span rows end.
    pub(super) fn begin_table_section(&mut self, kind: SectionKind) {
        if let Some(OpenContainer::Table(table)) = self.open_containers.last_mut() {
            table.begin_section(kind);
        }
    }

    /// Notes that the source declares the innermost table one of data.
    pub(super) fn declare_data_table(&mut self) {
        if let Some(OpenContainer::Table(table)) = self.open_containers.last_mut() {
            table.declare_data();
        }
    }

    /// Adds a check box, if it is in a list or table: elsewhere it is a control.
    pub(super) fn push_check_box(&mut self, checked: bool) {
        let is_part_of_text = |container: &OpenContainer| {
            matches!(container, OpenContainer::ListItem(..) | OpenContainer::TableCell(_))
        };
        if self.open_containers.iter().any(is_part_of_text) {
            self.inline.push_check_box(checked);
        }
    }

    /// Adds text unchanged.
    pub(super) fn push_literal(&mut self, text: &str) {
        let style = self.inline_style(text);
        self.inline.push_literal(text, style);
    }

    /// Adds text with whitespace collapsed.
    pub(super) fn push_collapsed(&mut self, text: &str) {
        let style = self.inline_style(text);
        self.inline.push_collapsed(text, style);
    }

    /// Adds a space, unless the line ends here.
    pub(super) fn push_space(&mut self) {
        let style = self.inline_style(" ");
        self.inline.push_space(style);
    }

    /// Removes a space at the end that was added last.
    pub(super) fn remove_space(&mut self) {
        self.inline.remove_space();
    }

    /// Adds a line break set by the author.
    pub(super) fn push_line_break(&mut self) {
        let style = self.inline_style("\n");
        self.inline.push_line_break(style);
    }

    /// Adds `style` to the emphasis of the text up to the matching
    /// [`DocumentBuilder::end_emphasis`].
    pub(super) fn begin_emphasis(&mut self, style: Emphasis) {
        self.emphasis_stack.push(self.current_emphasis().union(style));
    }

    /// Ends the innermost emphasis.
    pub(super) fn end_emphasis(&mut self) {
        self.emphasis_stack.pop();
    }

    /// Sets the emphasis of the text up to the next call, besides the emphasis that begins and ends
    /// as it is nested.
    pub(super) fn set_tag_emphasis(&mut self, style: Emphasis) {
        self.tag_emphasis = style;
    }

    /// Links the text up to the matching [`DocumentBuilder::end_link`].
    pub(super) fn begin_link(&mut self, destination: Option<LinkDestination>) {
        self.link_stack.push(destination);
    }

    /// Places the anchor called `name` before the next block.
    pub(super) fn add_anchor(&mut self, name: &str) {
        let id = self.links.intern_anchor(name);
        self.pending_anchors.push(id);
    }

    /// Ends the innermost link.
    pub(super) fn end_link(&mut self) {
        self.link_stack.pop();
    }

    /// Begins a heading; the level is clamped to 1 through 6.
    pub(super) fn begin_heading(&mut self, level: u8) {
        self.end_paragraph();
        self.leaf = LeafKind::Heading(level.clamp(1, 6));
    }

    /// Ends the heading.
    pub(super) fn end_heading(&mut self) {
        self.end_leaf();
    }

    /// Begins a block within running text: a paragraph, or a line of a heading or caption.
    pub(super) fn separate_block(&mut self) {
        if self.leaf == LeafKind::Paragraph {
            self.end_paragraph();
        } else {
            self.begin_line();
        }
    }

    /// Begins a line within running text.
    pub(super) fn begin_line(&mut self) {
        if !self.inline.is_at_line_start() {
            self.push_line_break();
        }
    }

    /// Begins a caption of the preceding block.
    pub(super) fn begin_caption(&mut self) {
        self.end_paragraph();
        self.leaf = LeafKind::Caption;
    }

    /// Ends the caption.
    pub(super) fn end_caption(&mut self) {
        self.end_leaf();
    }

    fn end_leaf(&mut self) {
        self.end_paragraph();
        self.leaf = LeafKind::Paragraph;
    }

    /// Ends the current paragraph, heading or caption, if it has any text.
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

    /// Adds an image; in a heading or a cell of a data table, adds its alternative text instead.
    pub(super) fn add_image(&mut self, alt: &str, url: Option<&str>, size: Option<(u32, u32)>) {
        let alt = sanitize::to_text_line(alt.trim()).into_owned();
        if matches!(self.leaf, LeafKind::Heading(_)) || self.is_in_data_cell() {
            return self.push_collapsed(&alt);
        }
        if !alt.is_empty() || url.is_some() {
            self.end_paragraph();
            let link = url.map(|url| self.links.intern_url(url));
            self.push_with_anchors(Block::Image { alt, link, size });
        }
    }

    /// Adds embedded content; in a heading or a cell of a data table, adds its title instead.
    pub(super) fn add_embed(&mut self, kind: EmbedKind, title: &str, url: &str) {
        let title = sanitize::to_text_line(title.trim()).into_owned();
        if matches!(self.leaf, LeafKind::Heading(_)) || self.is_in_data_cell() {
            return self.push_collapsed(&title);
        }
        self.end_paragraph();
        let link = self.links.intern_url(url);
        self.push_with_anchors(Block::Embed { kind, title, link });
    }

    /// Adds a complete block.
    pub(super) fn add_block(&mut self, block: Block) {
        self.end_paragraph();
        self.push_with_anchors(block);
    }

    /// Closes all open containers and returns the document.
    pub(super) fn finish(mut self) -> Document {
        self.end_paragraph();
        while let Some(container) = self.open_containers.pop() {
            self.attach_container(container);
        }
        let mut document =
            Document { blocks: self.blocks, links: self.links.into_links(), ..Document::default() };
        remove_dangling_anchor_links(&mut document);
        document
    }

    fn current_emphasis(&self) -> Emphasis {
        self.emphasis_stack.last().copied().unwrap_or_default()
    }

    /// Returns true directly within a cell of a [`TableKind::Data`] table.
    fn is_in_data_cell(&self) -> bool {
        matches!(
            self.open_containers.as_slice(),
            [
                ..,
                OpenContainer::Table(OpenTable { kind: TableKind::Data, .. }),
                OpenContainer::TableRow(_),
                OpenContainer::TableCell(_)
            ]
        )
    }

    /// Returns the style of `text`. A link is numbered with its first visible text, so that a link
    /// without text uses up no number.
    fn inline_style(&mut self, text: &str) -> InlineStyle {
        let destination = self.link_stack.last().and_then(Option::as_ref);
        let link = destination.and_then(|destination| match destination {
            _ if text.trim().is_empty() => self.links.find_target(destination),
            LinkDestination::Url(url) => Some(LinkTarget::Link(self.links.intern_url(url))),
            LinkDestination::Anchor(name) => {
                Some(LinkTarget::Anchor(self.links.intern_anchor(name)))
            }
        });
        InlineStyle { emphasis: self.current_emphasis().union(self.tag_emphasis), link }
    }

    /// Adds a block, preceded by the pending anchors.
    fn push_with_anchors(&mut self, block: Block) {
        for anchor in std::mem::take(&mut self.pending_anchors) {
            self.push_block(Block::Anchor(anchor));
        }
        self.push_block(block);
    }

    /// Adds a block to the innermost container. In a list it becomes an item, in a row a cell.
    fn push_block(&mut self, block: Block) {
        match self.open_containers.last_mut() {
            None => self.blocks.push(block),
            Some(
                OpenContainer::Group(blocks)
                | OpenContainer::Quote(blocks)
                | OpenContainer::ListItem(_, blocks)
                | OpenContainer::Definition(blocks),
            ) => blocks.push(block),
            Some(OpenContainer::List(list)) => list.add_item(ItemMarker::default(), vec![block]),
            Some(OpenContainer::Table(table)) => table.stray.push(block),
            Some(OpenContainer::TableRow(row)) => row.cells.push(TableCell {
                kind: CellKind::Data,
                size: CellSize::SINGLE,
                blocks: vec![block],
            }),
            Some(OpenContainer::TableCell(cell)) => cell.blocks.push(block),
        }
    }

    fn push_blocks(&mut self, blocks: impl IntoIterator<Item = Block>) {
        blocks.into_iter().for_each(|block| self.push_block(block));
    }

    /// Adds the content of a closed container to the container around it; drops empty ones.
    fn attach_container(&mut self, container: OpenContainer) {
        match container {
            OpenContainer::Group(blocks) => self.push_blocks(blocks),
            OpenContainer::Quote(blocks) if blocks.is_empty() => {}
            OpenContainer::Quote(blocks) => self.push_block(Block::Quote(blocks)),
            OpenContainer::Definition(blocks) if blocks.is_empty() => {}
            OpenContainer::Definition(blocks) => self.push_block(Block::Definition(blocks)),
            OpenContainer::List(list) => self.push_blocks(list.into_blocks()),
            OpenContainer::ListItem(marker, blocks) => {
                if let Some(OpenContainer::List(list)) = self.open_containers.last_mut() {
                    list.add_item(marker, blocks);
                }
            }
            OpenContainer::Table(table) => self.push_blocks(table.into_blocks()),
            OpenContainer::TableRow(mut row) => {
                row.cells.shrink_to_fit();
                if let Some(OpenContainer::Table(table)) = self.open_containers.last_mut() {
                    table.rows.push(row);
                }
            }
            OpenContainer::TableCell(mut cell) => {
                cell.blocks.shrink_to_fit();
                if let Some(OpenContainer::TableRow(row)) = self.open_containers.last_mut() {
                    row.cells.push(cell);
                }
            }
        }
    }
}

/// Removes links to anchors that are not in the document; their text stays.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builder_mismatched_containers_keep_their_content() {
        let mut builder = DocumentBuilder::default();
        builder.open_container(ContainerKind::ListItem(ItemMarker::default()));
        builder.push_collapsed("stray item");
        builder.close_container();
        builder.open_container(ContainerKind::TableCell(CellKind::Header, CellSize::SINGLE));
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
