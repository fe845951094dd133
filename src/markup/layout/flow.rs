//! A document as a sequence of pieces, independent of any width.
//!
//! A piece is what is wrapped at a time: a paragraph, some lines of code, some rows of a table. It knows the marks
//! before its lines, so that a layout can begin anywhere.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use hypher::Lang;

use super::{
    line::{LayoutLine, LineSpan},
    styled_text::StyledText,
    table::TableLayout,
};
use crate::markup::{
    AnchorId, Block, Document, DocumentLink, Emphasis, LinkId, LinkTarget, ListNumbering, RichText,
    SpanRole,
    document::{embed_label, image_label},
    language::hyphenation_language,
};
use crate::text::{floor_char_boundary, width};

/// Bytes of text in one piece at the most; wrapping one must not be felt.
pub(super) const MAX_BLOCK_BYTES: usize = 64 * 1024;

/// Items up to this long stand without blank lines between them, in bytes.
const MAX_TIGHT_ITEM_BYTES: usize = 160;

/// Characters by which a footnote is told in a list.
const ANCHOR_PREVIEW_CHARS: usize = 60;

/// What stands above the addresses at the end.
const LINK_LIST_TITLE: &str = "Links";

/// A document ready to be laid out at any width.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flow {
    blocks: Vec<LayoutBlock>,
    links: Vec<DocumentLink>,
    anchors: HashMap<AnchorId, u32>,
    headings: Vec<SectionHeading>,
    language: Option<Lang>,
    byte_len: usize,
}

/// Something found in an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextMatch {
    /// The index of the piece.
    pub block: u32,
    /// The bytes of its text.
    pub range: Range<usize>,
}

/// A heading, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionHeading {
    /// Its rank; 1 is the highest of six.
    pub level: u8,
    /// Its words.
    pub title: String,
    /// The index of its piece.
    pub block: u32,
}

/// What is wrapped at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LayoutBlock {
    /// The blank line before it, if there is one; it may carry marks.
    pub(super) blank_line: Option<LayoutLine>,
    /// The marks before its lines, outermost first.
    pub(super) prefixes: Vec<LinePrefix>,
    pub(super) content: BlockContent,
    /// Bytes of text in all pieces before it, and in it.
    pub(super) bytes_before: usize,
    pub(super) bytes: usize,
}

/// What stands before the lines of a piece, in place of a container around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LinePrefix {
    pub(super) first: LineSpan,
    pub(super) rest: LineSpan,
}

/// The text of a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BlockContent {
    Text(StyledText),
    Code(String),
    Table(TableLayout),
    Rule,
    /// A picture, below the words that tell it.
    Picture(LinkId, Option<(u32, u32)>),
}

impl Flow {
    /// Flattens `document`; its addresses follow at the end.
    pub fn new(document: Document) -> Flow {
        let mut walk = FlowBuilder::default();
        walk.add_blocks(document.blocks);
        walk.add_link_list(&document.links);
        let FlowBuilder { blocks: pieces, anchors, headings, bytes, .. } = walk;
        let language = document.language.as_deref().and_then(hyphenation_language);
        Flow { blocks: pieces, links: document.links, anchors, headings, language, byte_len: bytes }
    }

    /// The links, in the order of their numbers.
    pub fn links(&self) -> &[DocumentLink] {
        &self.links
    }

    /// The headings, in their order.
    pub fn headings(&self) -> &[SectionHeading] {
        &self.headings
    }

    /// The piece that a reference within the article leads to.
    pub fn anchor_block(&self, id: AnchorId) -> Option<u32> {
        self.anchors.get(&id).copied()
    }

    /// How its words are parted.
    pub(super) fn language(&self) -> Option<Lang> {
        self.language
    }

    /// Bytes of text in all of it.
    pub fn byte_len(&self) -> usize {
        self.byte_len
    }

    /// The indexes of all its pieces.
    pub fn block_indexes(&self) -> Range<u32> {
        0..u32::try_from(self.blocks.len()).unwrap_or(u32::MAX)
    }

    /// Where `find` finds something in `pieces`, in order; `limit` places at the most.
    ///
    /// `has` says quickly whether there is anything to find in a text.
    pub fn find_matches(
        &self,
        pieces: impl Iterator<Item = u32>,
        has: &dyn Fn(&str) -> bool,
        find: &dyn Fn(&str) -> Vec<Range<usize>>,
        limit: usize,
    ) -> Vec<TextMatch> {
        let mut hits = Vec::new();
        for index in pieces {
            let text = self.block_text(index);
            if has(&text) {
                hits.extend(find(&text).into_iter().map(|range| TextMatch { block: index, range }));
            }
            if hits.len() >= limit {
                hits.truncate(limit);
                break;
            }
        }
        hits
    }

    /// What references within the article lead to: the beginning of its words, and its piece.
    pub fn anchor_previews(&self) -> Vec<(String, u32)> {
        let mut pieces: Vec<u32> = self.anchors.values().copied().collect();
        pieces.sort_unstable();
        pieces.dedup();
        let words = |piece| {
            self.block_text(piece)
                .chars()
                .take(ANCHOR_PREVIEW_CHARS)
                .collect::<String>()
                .replace('\n', " ")
        };
        pieces.into_iter().map(|piece| (words(piece), piece)).collect()
    }

    /// The text of a piece.
    pub fn block_text(&self, piece: u32) -> Cow<'_, str> {
        self.blocks.get(piece as usize).map(|piece| piece.content.plain_text()).unwrap_or_default()
    }

    pub(super) fn blocks(&self) -> &[LayoutBlock] {
        &self.blocks
    }
}

impl BlockContent {
    /// The text alone; the cells of a table one a line.
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
    /// A bar beside every line.
    fn quote_bar() -> LinePrefix {
        let bar = LineSpan::new("▎ ", SpanRole::QuoteBar);
        LinePrefix { first: bar.clone(), rest: bar }
    }

    fn indent(cells: usize) -> LinePrefix {
        let blanks = LineSpan::new(" ".repeat(cells), SpanRole::Text);
        LinePrefix { first: blanks.clone(), rest: blanks }
    }

    /// `label`, right-aligned before the first line.
    fn label(label: &str, cells: usize, role: SpanRole) -> LinePrefix {
        let blanks = " ".repeat(cells.saturating_sub(width(label) + 1));
        let first = LineSpan::new(format!("{blanks}{label} "), role);
        LinePrefix { first, ..LinePrefix::indent(cells) }
    }
}

#[derive(Default)]
struct FlowBuilder {
    blocks: Vec<LayoutBlock>,
    anchors: HashMap<AnchorId, u32>,
    headings: Vec<SectionHeading>,
    bytes: usize,
    /// The containers around the next piece.
    prefixes: Vec<LinePrefix>,
    /// How many of them are also around the piece before it.
    shared_prefixes: usize,
    gap: BlockGap,
    quote_depth: usize,
}

/// What is between a piece and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum BlockGap {
    #[default]
    NoGap,
    BlankLine,
}

impl FlowBuilder {
    fn add_blocks(&mut self, blocks: Vec<Block>) {
        let mut first = true;
        for block in blocks {
            match &block {
                Block::Anchor(_) => {}
                _ if first => {}
                // These belong to what is before them.
                Block::Caption(_) | Block::Definition(_) => self.gap = BlockGap::NoGap,
                _ => self.gap = BlockGap::BlankLine,
            }
            first &= matches!(block, Block::Anchor(_));
            self.add_block(block);
        }
    }

    fn add_block(&mut self, block: Block) {
        match block {
            Block::Heading { level, text } => {
                let (title, piece) = (text.plain_text(), self.next_index());
                self.headings.push(SectionHeading { level, title, block: piece });
                self.add_text(StyledText::new(text, SpanRole::Heading));
            }
            Block::Caption(text) => self.add_text(StyledText::new(text, SpanRole::Caption)),
            Block::Definition(blocks) => {
                self.with_prefix(LinePrefix::indent(4), |walk| walk.add_blocks(blocks));
            }
            Block::Anchor(id) => {
                let next = self.next_index();
                self.anchors.entry(id).or_insert(next);
            }
            Block::Paragraph(text) => {
                let role = if self.quote_depth > 0 { SpanRole::Quote } else { SpanRole::Text };
                self.add_text(StyledText::new(text, role));
            }
            Block::Quote(blocks) => {
                self.quote_depth += 1;
                self.with_prefix(LinePrefix::quote_bar(), |walk| walk.add_blocks(blocks));
                self.quote_depth -= 1;
            }
            Block::List { numbers, items } => self.add_list(numbers, items),
            Block::Code { text, .. } => {
                self.with_prefix(LinePrefix::indent(2), |walk| walk.add_code(&text));
            }
            Block::Table { head, rows } => self.add_table(head, rows),
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

    fn with_prefix(&mut self, mark: LinePrefix, content: impl FnOnce(&mut FlowBuilder)) {
        self.prefixes.push(mark);
        content(self);
        self.prefixes.pop();
        self.shared_prefixes = self.shared_prefixes.min(self.prefixes.len());
    }

    /// The index of the piece to come.
    fn next_index(&self) -> u32 {
        u32::try_from(self.blocks.len()).unwrap_or(u32::MAX)
    }

    fn add_list(&mut self, numbers: Option<ListNumbering>, items: Vec<Vec<Block>>) {
        let digits =
            |index: usize| numbers.map(|numbers| numbers.number_at(index).to_string().len());
        let longest = digits(0).max(digits(items.len().saturating_sub(1)));
        // A list stands in by two cells; one within it is in already.
        let inset =
            if self.prefixes.iter().any(|mark| mark.first.role == SpanRole::Text) { 0 } else { 2 };
        let cells = inset + longest.map_or(2, |digits| digits + 2);
        let gap = if items.iter().all(|item| is_tight_item(item)) {
            BlockGap::NoGap
        } else {
            BlockGap::BlankLine
        };
        for (index, item) in items.into_iter().enumerate() {
            let label = numbers
                .map_or("•".to_owned(), |numbers| format!("{}.", numbers.number_at(index)));
            self.with_prefix(LinePrefix::label(&label, cells, SpanRole::ListMarker), |walk| {
                walk.add_list_item(item, gap);
            });
            self.gap = gap;
        }
    }

    fn add_list_item(&mut self, blocks: Vec<Block>, gap: BlockGap) {
        let mut first = true;
        for block in blocks {
            if !first && !matches!(block, Block::Anchor(_)) {
                self.gap = gap;
            }
            first &= matches!(block, Block::Anchor(_));
            self.add_block(block);
        }
    }

    fn add_text(&mut self, styled: StyledText) {
        for part in styled.split_into_parts(MAX_BLOCK_BYTES) {
            let bytes = part.text.len();
            self.push_block(BlockContent::Text(part), bytes);
        }
    }

    fn add_code(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let window = floor_char_boundary(rest, MAX_BLOCK_BYTES);
            let line_end = rest[..window].rfind('\n').or_else(|| rest.find('\n'));
            let end = line_end.filter(|_| window < rest.len()).unwrap_or(rest.len());
            self.push_block(BlockContent::Code(rest[..end].to_owned()), end);
            rest = rest.get(end + 1..).unwrap_or("");
        }
    }

    fn add_table(&mut self, head: Vec<RichText>, rows: Vec<Vec<RichText>>) {
        for part in TableLayout::split_into_parts(head, rows) {
            let bytes = part.byte_len();
            self.push_block(BlockContent::Table(part), bytes);
        }
    }

    /// What stands for something that is not text.
    fn add_media_label(&mut self, words: &str, link: Option<LinkId>) {
        let link = link.map(LinkTarget::Link);
        let mut styled = StyledText::default();
        styled.push(words, SpanRole::Image, Emphasis::NONE, link);
        styled.push_link_number(link);
        self.add_text(styled);
    }

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
        let cells = links.len().to_string().len() + 3;
        for (id, link) in (0..).map(LinkId).zip(links) {
            let mut mark =
                LinePrefix::label(&format!("[{}]", id.number()), cells, SpanRole::LinkNumber);
            mark.first.link = Some(LinkTarget::Link(id));
            self.with_prefix(mark, |walk| walk.add_text(link_list_url(link, id)));
        }
    }

    fn push_block(&mut self, content: BlockContent, bytes: usize) {
        let gap = std::mem::take(&mut self.gap) == BlockGap::BlankLine && !self.blocks.is_empty();
        let marks = self.prefixes[..self.shared_prefixes].iter().map(|mark| mark.rest.clone());
        let gap = gap.then(|| LayoutLine { spans: marks.collect(), ..LayoutLine::default() });
        let piece = LayoutBlock {
            blank_line: gap,
            prefixes: self.prefixes.clone(),
            content,
            bytes_before: self.bytes,
            bytes,
        };
        self.blocks.push(piece);
        self.bytes += bytes;
        self.shared_prefixes = self.prefixes.len();
        self.prefixes.iter_mut().for_each(|mark| mark.first = mark.rest.clone());
    }
}

fn is_tight_item(item: &[Block]) -> bool {
    let places = item.iter().take_while(|block| matches!(block, Block::Anchor(_))).count();
    match &item[places..] {
        [Block::Paragraph(text)] | [Block::Paragraph(text), Block::List { .. }] => {
            text.0.iter().map(|span| span.text.len()).sum::<usize>() <= MAX_TIGHT_ITEM_BYTES
        }
        [] | [Block::List { .. }] => true,
        _ => false,
    }
}

/// An address, its host standing out: that is where it leads, whatever else it says.
fn link_list_url(link: &DocumentLink, id: LinkId) -> StyledText {
    let host = link.host();
    let start = link.url.find(host).filter(|_| !host.is_empty()).unwrap_or(0);
    let at = link.url.rfind(&format!("@{host}")).map_or(start, |at| at + 1);
    let end = if host.is_empty() { at } else { at + host.len() };
    let mut styled = StyledText::default();
    let leads = Some(LinkTarget::Link(id));
    styled.push(&link.url[..at], SpanRole::Link, Emphasis::NONE, leads);
    styled.push(&link.url[at..end], SpanRole::Link, Emphasis::STRONG, leads);
    styled.push(&link.url[end..], SpanRole::Link, Emphasis::NONE, leads);
    styled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::{parse_markdown, parse_plain_text};

    #[test]
    fn flow_splits_long_paragraphs() {
        let flow = Flow::new(parse_plain_text(&"word ".repeat(40_000)));
        assert!(flow.blocks().len() > 3);
        assert!(
            flow.blocks()
                .iter()
                .all(|piece| piece.bytes <= MAX_BLOCK_BYTES && piece.blank_line.is_none())
        );
        assert_eq!(flow.byte_len(), 40_000 * 5 - 1);
    }

    #[test]
    fn flow_splits_long_code_between_lines() {
        let flow = Flow::new(parse_markdown(&format!("```\n{}```", "let x;\n".repeat(20_000))));
        let lines = |piece: &LayoutBlock| match &piece.content {
            BlockContent::Code(text) => text.split('\n').count(),
            _ => 0,
        };
        assert_eq!(flow.blocks().iter().map(lines).sum::<usize>(), 20_000);
    }

    #[test]
    fn find_matches_keeps_order_and_limit() {
        let flow = Flow::new(parse_markdown("a x\n\n- x b\n\n```\nx\n```\n\n| x |\n|---|\n| x |"));
        let find =
            |text: &str| text.match_indices('x').map(|(at, _)| at..at + 1).collect::<Vec<_>>();
        let hits = flow.find_matches(flow.block_indexes(), &|text| text.contains('x'), &find, 100);
        let pieces: Vec<u32> = hits.iter().map(|hit| hit.block).collect();
        assert_eq!(pieces, [0, 1, 2, 3, 3]);
        assert_eq!(hits[0].range, 2..3);
        assert_eq!(flow.find_matches(flow.block_indexes(), &|_| true, &find, 2).len(), 2);
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
