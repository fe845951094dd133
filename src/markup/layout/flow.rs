//! The flow: a document as a flat sequence of layout blocks, independent of any width.
//!
//! A layout block is the unit of wrapping: a paragraph, some lines of code, some rows of a table.
//! It holds the prefixes of its lines, such as quote bars and list markers, so that a layout can
//! begin at any block. Start with [`Flow`].

use std::{borrow::Cow, collections::HashMap, ops::Range};

use hypher::Lang;

use super::{
    line::{LayoutLine, LineSpan},
    styled_text::{FlowMedium, MAX_BLOCK_BYTES, StyledText},
    table::TableLayout,
};
use crate::markup::{
    AnchorId, Block, CancelFlag, CellSpan, Document, DocumentLink, Emphasis, LinkId, LinkTarget,
    ListNumbering, RichText, SpanRole,
    document::{embed_label, image_label},
    language::hyphenation_language,
    references::DocumentReferences,
};
use crate::text::{floor_char_boundary, width};

/// Maximum length of the items of a list without blank lines between them, in bytes.
const MAX_TIGHT_ITEM_BYTES: usize = 160;

/// Length of the preview of a footnote, in characters.
const ANCHOR_PREVIEW_CHARS: usize = 60;

/// Heading of the list of URLs at the end.
const LINK_LIST_TITLE: &str = "Links";

/// A document ready to be laid out at any width.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flow {
    blocks: Vec<LayoutBlock>,
    links: Vec<DocumentLink>,
    /// Index of the block that each anchor stands before.
    anchors: HashMap<AnchorId, u32>,
    pub(in crate::markup) references: DocumentReferences,
    headings: Vec<SectionHeading>,
    /// Hyphenation rules for the language of the document.
    language: Option<Lang>,
    medium: FlowMedium,
    /// Texts of the blocks that the screen shows simplified.
    source_texts: HashMap<u32, String>,
    byte_len: usize,
    opens_with_headline: bool,
}

/// A match of a search in the text of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextMatch {
    /// Index of the layout block.
    pub block: u32,
    /// Byte range in the text of the block.
    pub range: Range<usize>,
}

/// A heading of a document and its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionHeading {
    /// Level from 1, the highest, to 6.
    pub level: u8,
    /// Text of the heading.
    pub title: String,
    /// Index of its layout block.
    pub block: u32,
}

/// The unit of wrapping: a paragraph, some lines of code, some rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LayoutBlock {
    /// Blank line before the block, with the prefixes that the block shares with the one before it.
    pub(super) blank_line: Option<LayoutLine>,
    /// Prefixes of its lines, outermost first.
    pub(super) prefixes: Vec<LinePrefix>,
    pub(super) content: BlockContent,
    /// Length of the text of all blocks before this one, in bytes.
    pub(super) bytes_before: usize,
    /// Length of the text of this block, in bytes.
    pub(super) bytes: usize,
}

/// The text before the lines of a block that stands for one container, such as a quote bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LinePrefix {
    /// Prefix of the first line.
    pub(super) first: LineSpan,
    /// Prefix of the other lines, of the same width.
    pub(super) rest: LineSpan,
}

/// The content of a layout block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BlockContent {
    Text(StyledText),
    Code(String),
    Table(TableLayout),
    Rule,
    /// A picture, below its label: URL, and width and height in pixels.
    Picture(LinkId, Option<(u32, u32)>),
}

impl Flow {
    /// Flattens `document` for the screen and adds the list of its URLs at the end.
    pub fn new(document: Document) -> Flow {
        Flow::new_unless_cancelled(document, &CancelFlag::default())
    }

    /// As [`Flow::new`]; the flow is incomplete once `cancel` is set.
    pub fn new_unless_cancelled(document: Document, cancel: &CancelFlag) -> Flow {
        Flow::for_medium(document, FlowMedium::Screen, cancel)
    }

    /// Flattens `document` for files and pipes: its layout shows every character, and lines of code
    /// and of wide tables may be longer than it is wide.
    pub fn for_text(document: Document) -> Flow {
        Flow::for_medium(document, FlowMedium::Text, &CancelFlag::default())
    }

    fn for_medium(mut document: Document, medium: FlowMedium, cancel: &CancelFlag) -> Flow {
        let references = DocumentReferences::collect(&mut document);
        let cancel = cancel.clone();
        let mut builder = FlowBuilder { medium, cancel, ..FlowBuilder::default() };
        builder.add_blocks(document.blocks);
        builder.add_link_list(&document.links);
        let FlowBuilder { blocks, anchors, headings, source_texts, bytes, .. } = builder;
        let language = document.language.as_deref().and_then(hyphenation_language);
        Flow {
            blocks,
            links: document.links,
            anchors,
            references,
            headings,
            language,
            medium,
            source_texts,
            byte_len: bytes,
            opens_with_headline: document.opens_with_headline,
        }
    }

    /// Returns the links in the order of their numbers.
    pub fn links(&self) -> &[DocumentLink] {
        &self.links
    }

    /// Returns the words of the links in the order of their numbers; some may be empty.
    pub fn link_texts(&self) -> &[String] {
        &self.references.link_texts
    }

    /// Returns whether the text opens with its headline.
    pub fn opens_with_headline(&self) -> bool {
        self.opens_with_headline
    }

    /// Returns the headings in reading order.
    pub fn headings(&self) -> &[SectionHeading] {
        &self.headings
    }

    /// Returns the index of the block that an anchor stands before.
    pub fn anchor_block(&self, id: AnchorId) -> Option<u32> {
        self.anchors.get(&id).copied()
    }

    /// Returns the hyphenation rules for the language of the document.
    pub(super) fn language(&self) -> Option<Lang> {
        self.language
    }

    pub(super) fn medium(&self) -> FlowMedium {
        self.medium
    }

    /// Returns the length of the text of all blocks, in bytes.
    pub fn byte_len(&self) -> usize {
        self.byte_len
    }

    /// Returns the indexes of all blocks.
    pub fn block_indexes(&self) -> Range<u32> {
        0..u32::try_from(self.blocks.len()).unwrap_or(u32::MAX)
    }

    /// Returns the ranges that `find_ranges` finds in `blocks`, in the order of the blocks, at most
    /// `limit`.
    ///
    /// `has_match` is a fast test that spares the search in texts without a match.
    pub fn find_matches(
        &self,
        blocks: impl Iterator<Item = u32>,
        has_match: &dyn Fn(&str) -> bool,
        find_ranges: &dyn Fn(&str) -> Vec<Range<usize>>,
        limit: usize,
    ) -> Vec<TextMatch> {
        let mut matches = Vec::new();
        for block in blocks {
            let text = self.block_text(block);
            if has_match(&text) {
                let ranges = find_ranges(&text).into_iter();
                matches.extend(ranges.map(|range| TextMatch { block, range }));
            }
            if matches.len() >= limit {
                matches.truncate(limit);
                break;
            }
        }
        matches
    }

    /// Returns the start of the text of each footnote, and the index of its block.
    pub fn footnote_previews(&self) -> Vec<(String, u32)> {
        let footnotes = self.references.footnotes.iter().filter_map(|id| self.anchors.get(id));
        let mut indexes: Vec<u32> = footnotes.copied().collect();
        indexes.sort_unstable();
        indexes.dedup();
        let preview_of = |index| {
            let start: String = self.block_text(index).chars().take(ANCHOR_PREVIEW_CHARS).collect();
            start.replace('\n', " ")
        };
        indexes.into_iter().map(|index| (preview_of(index), index)).collect()
    }

    /// Returns the text of the block at `index`; empty for a picture, a rule and an unknown index.
    pub fn block_text(&self, index: u32) -> Cow<'_, str> {
        self.blocks.get(index as usize).map(|block| block.content.plain_text()).unwrap_or_default()
    }

    /// Returns the text of the block at `index` for the world outside of the screen, with emoji
    /// sequences whole and with marks for deleted and inserted text.
    pub fn source_text(&self, index: u32) -> Cow<'_, str> {
        let source = self.source_texts.get(&index).map(|text| Cow::Borrowed(text.as_str()));
        source.unwrap_or_else(|| self.block_text(index))
    }

    pub(super) fn blocks(&self) -> &[LayoutBlock] {
        &self.blocks
    }
}

impl BlockContent {
    /// Returns the text without styles; the cells of a table stand on one line each.
    fn plain_text(&self) -> Cow<'_, str> {
        match self {
            BlockContent::Text(styled) => Cow::Borrowed(&styled.text),
            BlockContent::Code(text) => Cow::Borrowed(text),
            BlockContent::Table(table) => Cow::Owned(table.plain_text()),
            BlockContent::Rule | BlockContent::Picture(..) => Cow::Borrowed(""),
        }
    }
}

impl LinePrefix {
    /// Returns a quote bar before every line.
    fn quote_bar() -> LinePrefix {
        let bar = LineSpan::new("▎ ", SpanRole::QuoteBar);
        LinePrefix { first: bar.clone(), rest: bar }
    }

    fn indent(cells: usize) -> LinePrefix {
        let spaces = LineSpan::new(" ".repeat(cells), SpanRole::Text);
        LinePrefix { first: spaces.clone(), rest: spaces }
    }

    /// Returns `label` before the first line, right-aligned in `cells` cells with a space after it,
    /// and an indent before the other lines.
    fn label(label: &str, cells: usize, role: SpanRole) -> LinePrefix {
        let padding = " ".repeat(cells.saturating_sub(width(label) + 1));
        let first = LineSpan::new(format!("{padding}{label} "), role);
        LinePrefix { first, ..LinePrefix::indent(cells) }
    }
}

/// The state of flattening a document.
#[derive(Default)]
struct FlowBuilder {
    medium: FlowMedium,
    cancel: CancelFlag,
    source_texts: HashMap<u32, String>,
    blocks: Vec<LayoutBlock>,
    anchors: HashMap<AnchorId, u32>,
    headings: Vec<SectionHeading>,
    bytes: usize,
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
    fn add_blocks(&mut self, blocks: Vec<Block>) {
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
    fn add_link_list(&mut self, links: &[DocumentLink]) {
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
    use crate::markup::{parse_markdown, parse_plain_text};

    #[test]
    fn flow_keeps_the_source_of_simplified_text() {
        let flow = Flow::new(parse_plain_text("plain\n\nfamily 👩\u{200d}👧 👍🏽"));
        assert_eq!(flow.block_text(1), "family 👩 👍");
        assert_eq!(flow.source_text(1), "family 👩\u{200d}👧 👍🏽");
        assert_eq!(flow.source_text(0), "plain");
    }

    #[test]
    fn flow_ends_once_cancelled() {
        let cancel = CancelFlag::default();
        cancel.cancel();
        let document = parse_plain_text("one\n\ntwo");
        assert_eq!(Flow::new_unless_cancelled(document, &cancel).blocks(), []);
    }

    #[test]
    fn flow_splits_long_paragraphs() {
        let flow = Flow::new(parse_plain_text(&"word ".repeat(40_000)));
        assert!(flow.blocks().len() > 3);
        assert!(
            flow.blocks()
                .iter()
                .all(|block| block.bytes <= MAX_BLOCK_BYTES && block.blank_line.is_none())
        );
        assert_eq!(flow.byte_len(), 40_000 * 5 - 1);
    }

    #[test]
    fn flow_splits_long_code_between_lines() {
        let flow = Flow::new(parse_markdown(&format!("```\n{}```", "let x;\n".repeat(20_000))));
        let count_lines = |block: &LayoutBlock| match &block.content {
            BlockContent::Code(text) => text.split('\n').count(),
            _ => 0,
        };
        assert_eq!(flow.blocks().iter().map(count_lines).sum::<usize>(), 20_000);
    }

    #[test]
    fn find_matches_keeps_order_and_limit() {
        let flow = Flow::new(parse_markdown("a x\n\n- x b\n\n```\nx\n```\n\n| x |\n|---|\n| x |"));
        let find_x =
            |text: &str| text.match_indices('x').map(|(at, _)| at..at + 1).collect::<Vec<_>>();
        let has_x = |text: &str| text.contains('x');
        let matches = flow.find_matches(flow.block_indexes(), &has_x, &find_x, 100);
        let blocks: Vec<u32> = matches.iter().map(|found| found.block).collect();
        assert_eq!(blocks, [0, 1, 2, 3, 3]);
        assert_eq!(matches[0].range, 2..3);
        assert_eq!(flow.find_matches(flow.block_indexes(), &|_| true, &find_x, 2).len(), 2);
    }

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
