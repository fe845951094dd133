//! Flattening a document into layout blocks.

use std::collections::HashMap;

use super::{
    layout_block::{BlockContent, LayoutBlock, LinePrefix, SectionHeading},
    line::LayoutLine,
    styled_text::{FlowMedium, MAX_BLOCK_BYTES, StyledText},
    table::TableLayout,
};
use crate::{
    markup::{
        AnchorId, Block, CancelFlag, CellSpan, DocumentLink, Emphasis, LinkId, LinkTarget,
        ListNumbering, RichText, SpanRole,
        document::{embed_label, image_label},
    },
    text::floor_char_boundary,
};

/// Maximum length of the items of a list without blank lines between them, in bytes.
const MAX_TIGHT_ITEM_BYTES: usize = 160;

/// Heading of the list of URLs at the end.
const LINK_LIST_TITLE: &str = "Links";

/// The state of flattening a document.
#[derive(Default)]
pub(super) struct FlowBuilder {
    medium: FlowMedium,
    cancel: CancelFlag,
    pub(super) source_texts: HashMap<u32, String>,
    pub(super) blocks: Vec<LayoutBlock>,
    pub(super) anchors: HashMap<AnchorId, u32>,
    pub(super) headings: Vec<SectionHeading>,
    pub(super) bytes: usize,
    /// Prefixes of the containers around the next block, outermost first.
    prefixes: Vec<LinePrefix>,
    /// Number of outer prefixes that the next block shares with the block before it.
    shared_prefixes: usize,
    gap: BlockGap,
    quote_depth: usize,
}

/// The gap between a block and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum BlockGap {
    #[default]
    NoGap,
    BlankLine,
}

impl FlowBuilder {
    /// Returns a builder for `medium` that stops once `cancel` is set.
    pub(super) fn new(medium: FlowMedium, cancel: CancelFlag) -> FlowBuilder {
        FlowBuilder { medium, cancel, ..FlowBuilder::default() }
    }

    pub(super) fn add_blocks(&mut self, blocks: Vec<Block>) {
        // The gap before the first block is set by the container around it.
        let mut is_first = true;
        for block in blocks {
            if self.cancel.is_cancelled() {
                return;
            }
            match &block {
                Block::Anchor(_) => {}
                _ if is_first => {}
                // These belong to the block before them.
                Block::Caption(_) | Block::Definition(_) => self.gap = BlockGap::NoGap,
                _ => self.gap = BlockGap::BlankLine,
            }
            is_first &= matches!(block, Block::Anchor(_));
            self.add_block(block);
        }
    }

    fn add_block(&mut self, block: Block) {
        match block {
            Block::Heading { level, text } => {
                let (title, block) = (text.plain_text(), self.next_index());
                self.headings.push(SectionHeading { level, title, block });
                self.add_rich_text(&text, SpanRole::Heading);
            }
            Block::Caption(text) => self.add_rich_text(&text, SpanRole::Caption),
            Block::Definition(blocks) => {
                self.with_prefix(LinePrefix::indent(4), |builder| builder.add_blocks(blocks));
            }
            Block::Anchor(id) => {
                let next = self.next_index();
                self.anchors.entry(id).or_insert(next);
            }
            Block::Paragraph(text) => {
                let role = if self.quote_depth > 0 { SpanRole::Quote } else { SpanRole::Text };
                self.add_rich_text(&text, role);
            }
            Block::Quote(blocks) => {
                self.quote_depth += 1;
                self.with_prefix(LinePrefix::quote_bar(), |builder| builder.add_blocks(blocks));
                self.quote_depth -= 1;
            }
            Block::List { numbers, items } => self.add_list(numbers.as_ref(), items),
            Block::Code { text, .. } => {
                self.with_prefix(LinePrefix::indent(2), |builder| builder.add_code(&text));
            }
            Block::Table { head, rows, spans } => self.add_table(head, rows, &spans),
            Block::Image { alt, link, size } => {
                self.add_media_label(&image_label(&alt, size), link);
                if let Some(link) = link {
                    self.push_block(BlockContent::Picture(link, size), 0);
                }
            }
            Block::Embed { kind, title, link } => {
                self.add_media_label(&embed_label(kind, &title), Some(link));
            }
            Block::Rule => self.push_block(BlockContent::Rule, 0),
        }
    }

    /// Adds blocks within a container that has `prefix` before its lines.
    fn with_prefix(&mut self, prefix: LinePrefix, add_content: impl FnOnce(&mut FlowBuilder)) {
        self.prefixes.push(prefix);
        add_content(self);
        self.prefixes.pop();
        self.shared_prefixes = self.shared_prefixes.min(self.prefixes.len());
    }

    /// Returns the index of the next block.
    fn next_index(&self) -> u32 {
        u32::try_from(self.blocks.len()).unwrap_or(u32::MAX)
    }

    fn add_list(&mut self, numbers: Option<&ListNumbering>, items: Vec<Vec<Block>>) {
        let label_at = |index: usize| numbers.map(|numbers| numbers.label_at(index));
        let max_digits = (0..items.len()).filter_map(label_at).map(|label| label.len()).max();
        // A list is indented by two cells; a list within an indented container is indented already.
        // The marker takes two more cells: dot or bullet, and a space.
        let is_indented = self.prefixes.iter().any(|prefix| prefix.first.role == SpanRole::Text);
        let indent = if is_indented { 0 } else { 2 };
        let cells = indent + max_digits.unwrap_or(0) + 2;
        let gap = if items.iter().all(|item| is_tight_item(item)) {
            BlockGap::NoGap
        } else {
            BlockGap::BlankLine
        };
        for (index, item) in items.into_iter().enumerate() {
            let label = label_at(index).map_or("•".to_owned(), |label| format!("{label}."));
            let prefix = LinePrefix::label(&label, cells, SpanRole::ListMarker);
            self.with_prefix(prefix, |builder| builder.add_list_item(item, gap));
            self.gap = gap;
        }
    }

    fn add_list_item(&mut self, blocks: Vec<Block>, gap: BlockGap) {
        let mut is_first = true;
        for block in blocks {
            if !is_first && !matches!(block, Block::Anchor(_)) {
                self.gap = gap;
            }
            is_first &= matches!(block, Block::Anchor(_));
            self.add_block(block);
        }
    }

    fn add_rich_text(&mut self, text: &RichText, role: SpanRole) {
        let styled = StyledText::new(text, role, self.medium);
        if styled.is_simplified() && styled.text.len() <= MAX_BLOCK_BYTES {
            let source = StyledText::new(text, role, FlowMedium::Text).text;
            self.source_texts.insert(self.next_index(), source);
        }
        self.add_text(styled);
    }

    fn add_text(&mut self, styled: StyledText) {
        for part in styled.split_into_parts(MAX_BLOCK_BYTES) {
            let bytes = part.text.len();
            self.push_block(BlockContent::Text(part), bytes);
        }
    }

    /// Adds code in blocks of whole lines.
    fn add_code(&mut self, text: &str) {
        let shown = self.medium.shown(text);
        let mut rest = &*shown;
        while !rest.is_empty() {
            let max_end = floor_char_boundary(rest, MAX_BLOCK_BYTES);
            let line_end = rest[..max_end].rfind('\n').or_else(|| rest.find('\n'));
            let end = line_end.filter(|_| max_end < rest.len()).unwrap_or(rest.len());
            self.push_block(BlockContent::Code(rest[..end].to_owned()), end);
            rest = rest.get(end + 1..).unwrap_or("");
        }
    }

    fn add_table(&mut self, head: Vec<RichText>, rows: Vec<Vec<RichText>>, spans: &[CellSpan]) {
        for part in TableLayout::split_into_parts(head, rows, spans, self.medium) {
            let bytes = part.byte_len();
            self.push_block(BlockContent::Table(part), bytes);
        }
    }

    /// Adds the label of an image or of embedded content.
    fn add_media_label(&mut self, label: &str, link: Option<LinkId>) {
        let target = link.map(LinkTarget::Link);
        let mut styled = StyledText::default();
        styled.push_source(label, SpanRole::Image, Emphasis::NONE, target, self.medium);
        styled.push_link_number(target);
        self.add_text(styled);
    }

    /// Adds the numbered list of URLs below its heading.
    pub(super) fn add_link_list(&mut self, links: &[DocumentLink]) {
        if links.is_empty() {
            return;
        }
        self.gap = BlockGap::BlankLine;
        self.push_block(
            BlockContent::Text(StyledText::plain(LINK_LIST_TITLE, SpanRole::Heading)),
            LINK_LIST_TITLE.len(),
        );
        self.gap = BlockGap::BlankLine;
        // The brackets and the space after them take three cells.
        let cells = links.len().to_string().len() + 3;
        for (id, link) in (0..).map(LinkId).zip(links) {
            let mut prefix =
                LinePrefix::label(&format!("[{}]", id.number()), cells, SpanRole::LinkNumber);
            prefix.first.link = Some(LinkTarget::Link(id));
            self.with_prefix(prefix, |builder| builder.add_text(link_list_url(link, id)));
        }
    }

    /// Adds a block of `bytes` bytes of text, with the current gap before it and the prefixes of
    /// the open containers.
    fn push_block(&mut self, content: BlockContent, bytes: usize) {
        let gap = std::mem::take(&mut self.gap);
        let has_blank_line = gap == BlockGap::BlankLine && !self.blocks.is_empty();
        let shared_prefixes = self.prefixes[..self.shared_prefixes].iter();
        let blank_line = has_blank_line.then(|| LayoutLine {
            spans: shared_prefixes.map(|prefix| prefix.rest.clone()).collect(),
            ..LayoutLine::default()
        });
        self.blocks.push(LayoutBlock {
            blank_line,
            prefixes: self.prefixes.clone(),
            content,
            bytes_before: self.bytes,
            bytes,
        });
        self.bytes += bytes;
        self.shared_prefixes = self.prefixes.len();
        // List markers and link numbers stand before the first block of their container only.
        self.prefixes.iter_mut().for_each(|prefix| prefix.first = prefix.rest.clone());
    }
}

/// Returns true for a list item of one short paragraph, possibly with a nested list.
fn is_tight_item(item: &[Block]) -> bool {
    let anchors = item.iter().take_while(|block| matches!(block, Block::Anchor(_))).count();
    match &item[anchors..] {
        [Block::Paragraph(text)] | [Block::Paragraph(text), Block::List { .. }] => {
            text.0.iter().map(|span| span.text.len()).sum::<usize>() <= MAX_TIGHT_ITEM_BYTES
        }
        [] | [Block::List { .. }] => true,
        _ => false,
    }
}

/// Returns a URL with its host emphasized: the host is where the link leads, whatever the rest of
/// the URL suggests.
fn link_list_url(link: &DocumentLink, id: LinkId) -> StyledText {
    let host = link.host();
    let first_host = link.url.find(host).filter(|_| !host.is_empty()).unwrap_or(0);
    // After a user name, as in `https://user@host`, the host is the part after the `@`.
    let start = link.url.rfind(&format!("@{host}")).map_or(first_host, |at_sign| at_sign + 1);
    let end = if host.is_empty() { start } else { start + host.len() };
    let mut styled = StyledText::default();
    let target = Some(LinkTarget::Link(id));
    styled.push(&link.url[..start], SpanRole::Link, Emphasis::NONE, target);
    styled.push(&link.url[start..end], SpanRole::Link, Emphasis::STRONG, target);
    styled.push(&link.url[end..], SpanRole::Link, Emphasis::NONE, target);
    styled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::layout::line::LineSpan;

    #[test]
    fn link_list_url_emphasizes_host() {
        for (url, host) in
            [("https://a.example/a.example", "a.example"), ("https://x@b.example", "b.example")]
        {
            let styled = link_list_url(&DocumentLink { url: url.into() }, LinkId(0));
            let strong: Vec<LineSpan> = styled
                .spans(0..url.len())
                .filter(|span| span.emphasis == Emphasis::STRONG)
                .collect();
            assert_eq!(strong[0].text, host);
            assert_eq!(styled.text, url);
        }
    }
}
