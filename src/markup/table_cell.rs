//! A cell of a table that is being built: what it says about the table, and its text.

use super::{
    Block, Emphasis, LinkTarget, ListNumbering, RichText, TextSpan, document::embed_label,
    table_grid::CellSize,
};

/// Maximum length of the text of a cell with several blocks, in bytes; a longer one is an article or
/// a column of a page.
const MAX_CELL_BYTES: usize = 600;

/// The same in a table that nothing but its cells declares one of data.
const MAX_UNDECLARED_CELL_BYTES: usize = 300;

/// The kind of a table cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum CellKind {
    Header,
    #[default]
    Data,
}

/// A cell of a table that is being built.
#[derive(Debug)]
pub(super) struct TableCell {
    pub(super) kind: CellKind,
    pub(super) size: CellSize,
    pub(super) blocks: Vec<Block>,
}

impl TableCell {
    /// Returns true if the cell holds one paragraph at most.
    pub(super) fn is_simple(&self) -> bool {
        let mut blocks = self.blocks.iter().filter(|block| !matches!(block, Block::Anchor(_)));
        matches!((blocks.next(), blocks.next()), (None | Some(Block::Paragraph(_)), None))
    }

    /// Returns true if the content can be shown in a cell: it is short, and has no table of its own.
    pub(super) fn fits_cell(&self) -> bool {
        let is_table = |block: &Block| matches!(block, Block::Table { .. });
        self.is_simple()
            || !any_block(&self.blocks, &is_table) && text_bytes(&self.blocks) <= MAX_CELL_BYTES
    }

    /// Returns true if the content is what cells of data have: paragraphs, lists and code.
    pub(super) fn has_plain_content(&self) -> bool {
        let is_other = |block: &Block| {
            !matches!(
                block,
                Block::Paragraph(_) | Block::List { .. } | Block::Code { .. } | Block::Anchor(_)
            )
        };
        self.is_simple()
            || !any_block(&self.blocks, &is_other)
                && text_bytes(&self.blocks) <= MAX_UNDECLARED_CELL_BYTES
    }

    /// Returns the text of the cell: a line for each block, and for each item of a list.
    pub(super) fn into_text(self) -> RichText {
        let mut lines = CellLines::default();
        lines.add_blocks(self.blocks);
        lines.text
    }
}

/// Returns true if `test` holds for a block or for one within it.
pub(super) fn any_block(blocks: &[Block], test: &impl Fn(&Block) -> bool) -> bool {
    blocks.iter().any(|block| {
        test(block)
            || match block {
                Block::Quote(blocks) | Block::Definition(blocks) => any_block(blocks, test),
                Block::List { items, .. } => items.iter().any(|item| any_block(item, test)),
                _ => false,
            }
    })
}

fn text_bytes(blocks: &[Block]) -> usize {
    let block_bytes = |block: &Block| match block {
        Block::Paragraph(text) | Block::Caption(text) | Block::Heading { text, .. } => {
            text.0.iter().map(|span| span.text.len()).sum()
        }
        Block::Code { text, .. } => text.len(),
        Block::Quote(blocks) | Block::Definition(blocks) => text_bytes(blocks),
        Block::List { items, .. } => items.iter().map(|item| text_bytes(item)).sum(),
        _ => 0,
    };
    blocks.iter().map(block_bytes).sum()
}

/// The lines of a cell.
#[derive(Debug, Default)]
struct CellLines {
    text: RichText,
    /// Blanks before a line: two for each list around it.
    indent: String,
    /// The marker of an item, before its first line.
    marker: Option<String>,
}

impl CellLines {
    fn add_blocks(&mut self, blocks: Vec<Block>) {
        for block in blocks {
            match block {
                Block::Paragraph(text) | Block::Caption(text) | Block::Heading { text, .. } => {
                    self.add_line(text.0);
                }
                Block::Quote(blocks) | Block::Definition(blocks) => self.add_blocks(blocks),
                Block::List { numbers, items } => self.add_list(numbers.as_ref(), items),
                Block::Code { text, .. } => {
                    for line in text.split('\n') {
                        let text = line.to_owned();
                        let code = TextSpan { text, emphasis: Emphasis::CODE, link: None };
                        self.add_line(vec![code]);
                    }
                }
                Block::Image { alt, .. } if alt.is_empty() => {}
                Block::Image { alt, link, .. } => {
                    let link = link.map(LinkTarget::Link);
                    self.add_line(vec![TextSpan { text: alt, emphasis: Emphasis::NONE, link }]);
                }
                Block::Embed { kind, title, link } => {
                    let (text, link) = (embed_label(kind, &title), Some(LinkTarget::Link(link)));
                    self.add_line(vec![TextSpan { text, emphasis: Emphasis::NONE, link }]);
                }
                Block::Table { .. } | Block::Anchor(_) | Block::Rule => {}
            }
        }
    }

    fn add_list(&mut self, numbers: Option<&ListNumbering>, items: Vec<Vec<Block>>) {
        let indent = self.indent.len();
        for (index, item) in items.into_iter().enumerate() {
            let label = numbers.map_or("•".to_owned(), |numbers| numbers.label_at(index) + ".");
            self.marker = Some(format!("{}{label} ", self.indent));
            self.indent.push_str("  ");
            self.add_blocks(item);
            self.indent.truncate(indent);
        }
        self.marker = None;
    }

    fn add_line(&mut self, spans: Vec<TextSpan>) {
        let line_break = if self.text.0.is_empty() { "" } else { "\n" };
        let start = self.marker.take().unwrap_or_else(|| self.indent.clone());
        let start = format!("{line_break}{start}");
        self.text.0.extend((!start.is_empty()).then(|| TextSpan::plain(start)));
        self.text.0.extend(spans);
    }
}
