//! A document as a sequence of pieces, independent of any width.
//!
//! A piece is what is wrapped at a time: a paragraph, some lines of code, some rows of a table. It knows the marks
//! before its lines, so that a layout can begin anywhere.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use hypher::Lang;

use super::{
    AnchorId, Block, Document, Emphasis, Link, LinkId, Numbers, Role, Target, Text,
    document::{embed_text, image_text},
    language::hyphenation,
    line::{Line, LineSpan},
    styled::Styled,
    table::Table,
};
use crate::text::{boundary, width};

/// Bytes of text in one piece at the most; wrapping one must not be felt.
pub(super) const MAX_PIECE: usize = 64 * 1024;

/// Items up to this long stand without blank lines between them, in bytes.
const SHORT_ITEM: usize = 160;

/// Characters by which a footnote is told in a list.
const NOTE: usize = 60;

/// What stands above the addresses at the end.
const LINKS: &str = "Links";

/// A document ready to be laid out at any width.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flow {
    pieces: Vec<Piece>,
    links: Vec<Link>,
    anchors: HashMap<AnchorId, u32>,
    headings: Vec<Section>,
    language: Option<Lang>,
    bytes: usize,
}

/// Something found in an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The index of the piece.
    pub piece: u32,
    /// The bytes of its text.
    pub range: Range<usize>,
}

/// A heading, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its rank; 1 is the highest of six.
    pub level: u8,
    /// Its words.
    pub title: String,
    /// The index of its piece.
    pub piece: u32,
}

/// What is wrapped at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The blank line before it, if there is one; it may carry marks.
    pub(super) gap: Option<Line>,
    /// The marks before its lines, outermost first.
    pub(super) marks: Vec<Mark>,
    pub(super) content: Content,
    /// Bytes of text in all pieces before it, and in it.
    pub(super) before: usize,
    pub(super) bytes: usize,
}

/// What stands before the lines of a piece, in place of a container around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) first: LineSpan,
    pub(super) rest: LineSpan,
}

/// The text of a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Text(Styled),
    Code(String),
    Table(Table),
    Rule,
    /// A picture, below the words that tell it.
    Picture(LinkId, Option<(u32, u32)>),
}

impl Flow {
    /// Flattens `document`; its addresses follow at the end.
    pub fn new(document: Document) -> Flow {
        let mut walk = Walk::default();
        walk.blocks(document.blocks);
        walk.addresses(&document.links);
        let Walk { pieces, anchors, headings, bytes, .. } = walk;
        let language = document.language.as_deref().and_then(hyphenation);
        Flow { pieces, links: document.links, anchors, headings, language, bytes }
    }

    /// The links, in the order of their numbers.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// The headings, in their order.
    pub fn headings(&self) -> &[Section] {
        &self.headings
    }

    /// The piece that a reference within the article leads to.
    pub fn anchor(&self, id: AnchorId) -> Option<u32> {
        self.anchors.get(&id).copied()
    }

    /// How its words are parted.
    pub(super) fn language(&self) -> Option<Lang> {
        self.language
    }

    /// Bytes of text in all of it.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The indexes of all its pieces.
    pub fn all(&self) -> Range<u32> {
        0..u32::try_from(self.pieces.len()).unwrap_or(u32::MAX)
    }

    /// Where `find` finds something in `pieces`, in order; `limit` places at the most.
    ///
    /// `has` says quickly whether there is anything to find in a text.
    pub fn hits(
        &self,
        pieces: impl Iterator<Item = u32>,
        has: &dyn Fn(&str) -> bool,
        find: &dyn Fn(&str) -> Vec<Range<usize>>,
        limit: usize,
    ) -> Vec<Hit> {
        let mut hits = Vec::new();
        for index in pieces {
            let text = self.text(index);
            if has(&text) {
                hits.extend(find(&text).into_iter().map(|range| Hit { piece: index, range }));
            }
            if hits.len() >= limit {
                hits.truncate(limit);
                break;
            }
        }
        hits
    }

    /// What references within the article lead to: the beginning of its words, and its piece.
    pub fn notes(&self) -> Vec<(String, u32)> {
        let mut pieces: Vec<u32> = self.anchors.values().copied().collect();
        pieces.sort_unstable();
        pieces.dedup();
        let words = |piece| self.text(piece).chars().take(NOTE).collect::<String>().replace('\n', " ");
        pieces.into_iter().map(|piece| (words(piece), piece)).collect()
    }

    /// The text of a piece.
    pub fn text(&self, piece: u32) -> Cow<'_, str> {
        self.pieces.get(piece as usize).map(|piece| piece.content.text()).unwrap_or_default()
    }

    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

impl Content {
    /// The text alone; the cells of a table one a line.
    fn text(&self) -> Cow<'_, str> {
        match self {
            Content::Text(styled) => Cow::Borrowed(&styled.text),
            Content::Code(text) => Cow::Borrowed(text),
            Content::Table(table) => Cow::Owned(table.text()),
            Content::Rule | Content::Picture(..) => Cow::Borrowed(""),
        }
    }
}

impl Mark {
    /// A bar beside every line.
    fn bar() -> Mark {
        let bar = LineSpan::new("▎ ", Role::QuoteMark);
        Mark { first: bar.clone(), rest: bar }
    }

    fn indent(cells: usize) -> Mark {
        let blanks = LineSpan::new(" ".repeat(cells), Role::Text);
        Mark { first: blanks.clone(), rest: blanks }
    }

    /// `label`, right-aligned before the first line.
    fn label(label: &str, cells: usize, role: Role) -> Mark {
        let blanks = " ".repeat(cells.saturating_sub(width(label) + 1));
        let first = LineSpan::new(format!("{blanks}{label} "), role);
        Mark { first, ..Mark::indent(cells) }
    }
}

#[derive(Default)]
struct Walk {
    pieces: Vec<Piece>,
    anchors: HashMap<AnchorId, u32>,
    headings: Vec<Section>,
    bytes: usize,
    /// The containers around the next piece.
    marks: Vec<Mark>,
    /// How many of them are also around the piece before it.
    shared: usize,
    gap: Gap,
    quotes: usize,
}

/// What is between a piece and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Gap {
    #[default]
    Nothing,
    Blank,
}

impl Walk {
    fn blocks(&mut self, blocks: Vec<Block>) {
        let mut first = true;
        for block in blocks {
            match &block {
                Block::Anchor(_) => {}
                _ if first => {}
                // These belong to what is before them.
                Block::Caption(_) | Block::Definition(_) => self.gap = Gap::Nothing,
                _ => self.gap = Gap::Blank,
            }
            first &= matches!(block, Block::Anchor(_));
            self.block(block);
        }
    }

    fn block(&mut self, block: Block) {
        match block {
            Block::Heading { level, text } => {
                let (title, piece) = (text.text(), self.next());
                self.headings.push(Section { level, title, piece });
                self.text(Styled::new(text, Role::Heading));
            }
            Block::Caption(text) => self.text(Styled::new(text, Role::Caption)),
            Block::Definition(blocks) => self.within(Mark::indent(4), |walk| walk.blocks(blocks)),
            Block::Anchor(id) => {
                let next = self.next();
                self.anchors.entry(id).or_insert(next);
            }
            Block::Paragraph(text) => {
                let role = if self.quotes > 0 { Role::Quote } else { Role::Text };
                self.text(Styled::new(text, role));
            }
            Block::Quote(blocks) => {
                self.quotes += 1;
                self.within(Mark::bar(), |walk| walk.blocks(blocks));
                self.quotes -= 1;
            }
            Block::List { numbers, items } => self.list(numbers, items),
            Block::Code { text, .. } => self.within(Mark::indent(2), |walk| walk.code(&text)),
            Block::Table { head, rows } => self.table(head, rows),
            Block::Image { alt, link, size } => {
                self.outside(&image_text(&alt, size), link);
                if let Some(link) = link {
                    self.push(Content::Picture(link, size), 0);
                }
            }
            Block::Embed { kind, title, link } => self.outside(&embed_text(kind, &title), Some(link)),
            Block::Rule => self.push(Content::Rule, 0),
        }
    }

    fn within(&mut self, mark: Mark, content: impl FnOnce(&mut Walk)) {
        self.marks.push(mark);
        content(self);
        self.marks.pop();
        self.shared = self.shared.min(self.marks.len());
    }

    /// The index of the piece to come.
    fn next(&self) -> u32 {
        u32::try_from(self.pieces.len()).unwrap_or(u32::MAX)
    }

    fn list(&mut self, numbers: Option<Numbers>, items: Vec<Vec<Block>>) {
        let digits = |index: usize| numbers.map(|numbers| numbers.of(index).to_string().len());
        let longest = digits(0).max(digits(items.len().saturating_sub(1)));
        // A list stands in by two cells; one within it is in already.
        let inset = if self.marks.iter().any(|mark| mark.first.role == Role::Text) { 0 } else { 2 };
        let cells = inset + longest.map_or(2, |digits| digits + 2);
        let gap = if items.iter().all(|item| is_short(item)) { Gap::Nothing } else { Gap::Blank };
        for (index, item) in items.into_iter().enumerate() {
            let label = numbers.map_or("•".to_owned(), |numbers| format!("{}.", numbers.of(index)));
            self.within(Mark::label(&label, cells, Role::ListMark), |walk| walk.item(item, gap));
            self.gap = gap;
        }
    }

    fn item(&mut self, blocks: Vec<Block>, gap: Gap) {
        let mut first = true;
        for block in blocks {
            if !first && !matches!(block, Block::Anchor(_)) {
                self.gap = gap;
            }
            first &= matches!(block, Block::Anchor(_));
            self.block(block);
        }
    }

    fn text(&mut self, styled: Styled) {
        for part in styled.split(MAX_PIECE) {
            let bytes = part.text.len();
            self.push(Content::Text(part), bytes);
        }
    }

    fn code(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let window = boundary(rest, MAX_PIECE);
            let line_end = rest[..window].rfind('\n').or_else(|| rest.find('\n'));
            let end = line_end.filter(|_| window < rest.len()).unwrap_or(rest.len());
            self.push(Content::Code(rest[..end].to_owned()), end);
            rest = rest.get(end + 1..).unwrap_or("");
        }
    }

    fn table(&mut self, head: Vec<Text>, rows: Vec<Vec<Text>>) {
        for part in Table::parts(head, rows) {
            let bytes = part.bytes();
            self.push(Content::Table(part), bytes);
        }
    }

    /// What stands for something that is not text.
    fn outside(&mut self, words: &str, link: Option<LinkId>) {
        let link = link.map(Target::Link);
        let mut styled = Styled::default();
        styled.push(words, Role::Image, Emphasis::NONE, link);
        styled.push_number(link);
        self.text(styled);
    }

    fn addresses(&mut self, links: &[Link]) {
        if links.is_empty() {
            return;
        }
        self.gap = Gap::Blank;
        self.push(Content::Text(Styled::plain(LINKS, Role::Heading)), LINKS.len());
        self.gap = Gap::Blank;
        let cells = links.len().to_string().len() + 3;
        for (id, link) in (0..).map(LinkId).zip(links) {
            let mut mark = Mark::label(&format!("[{}]", id.number()), cells, Role::LinkNumber);
            mark.first.link = Some(Target::Link(id));
            self.within(mark, |walk| walk.text(address(link, id)));
        }
    }

    fn push(&mut self, content: Content, bytes: usize) {
        let gap = std::mem::take(&mut self.gap) == Gap::Blank && !self.pieces.is_empty();
        let marks = self.marks[..self.shared].iter().map(|mark| mark.rest.clone());
        let gap = gap.then(|| Line { spans: marks.collect(), ..Line::default() });
        let piece = Piece { gap, marks: self.marks.clone(), content, before: self.bytes, bytes };
        self.pieces.push(piece);
        self.bytes += bytes;
        self.shared = self.marks.len();
        self.marks.iter_mut().for_each(|mark| mark.first = mark.rest.clone());
    }
}

fn is_short(item: &[Block]) -> bool {
    let places = item.iter().take_while(|block| matches!(block, Block::Anchor(_))).count();
    match &item[places..] {
        [Block::Paragraph(text)] | [Block::Paragraph(text), Block::List { .. }] => {
            text.0.iter().map(|span| span.text.len()).sum::<usize>() <= SHORT_ITEM
        }
        [] | [Block::List { .. }] => true,
        _ => false,
    }
}

/// An address, its host standing out: that is where it leads, whatever else it says.
fn address(link: &Link, id: LinkId) -> Styled {
    let host = link.host();
    let start = link.url.find(host).filter(|_| !host.is_empty()).unwrap_or(0);
    let at = link.url.rfind(&format!("@{host}")).map_or(start, |at| at + 1);
    let end = if host.is_empty() { at } else { at + host.len() };
    let mut styled = Styled::default();
    let leads = Some(Target::Link(id));
    styled.push(&link.url[..at], Role::Link, Emphasis::NONE, leads);
    styled.push(&link.url[at..end], Role::Link, Emphasis::STRONG, leads);
    styled.push(&link.url[end..], Role::Link, Emphasis::NONE, leads);
    styled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::{markdown, plain};

    #[test]
    fn long_paragraphs_are_split() {
        let flow = Flow::new(plain(&"word ".repeat(40_000)));
        assert!(flow.pieces().len() > 3);
        assert!(flow.pieces().iter().all(|piece| piece.bytes <= MAX_PIECE && piece.gap.is_none()));
        assert_eq!(flow.bytes(), 40_000 * 5 - 1);
    }

    #[test]
    fn long_code_is_split_between_lines() {
        let flow = Flow::new(markdown(&format!("```\n{}```", "let x;\n".repeat(20_000))));
        let lines = |piece: &Piece| match &piece.content {
            Content::Code(text) => text.split('\n').count(),
            _ => 0,
        };
        assert_eq!(flow.pieces().iter().map(lines).sum::<usize>(), 20_000);
    }

    #[test]
    fn what_is_found_is_found_in_order_and_within_the_limit() {
        let flow = Flow::new(markdown("a x\n\n- x b\n\n```\nx\n```\n\n| x |\n|---|\n| x |"));
        let find = |text: &str| text.match_indices('x').map(|(at, _)| at..at + 1).collect::<Vec<_>>();
        let hits = flow.hits(flow.all(), &|text| text.contains('x'), &find, 100);
        let pieces: Vec<u32> = hits.iter().map(|hit| hit.piece).collect();
        assert_eq!(pieces, [0, 1, 2, 3, 3]);
        assert_eq!(hits[0].range, 2..3);
        assert_eq!(flow.hits(flow.all(), &|_| true, &find, 2).len(), 2);
    }

    #[test]
    fn the_host_of_an_address_stands_out() {
        for (url, host) in
            [("https://a.example/a.example", "a.example"), ("https://x@b.example", "b.example")]
        {
            let styled = address(&Link { url: url.into() }, LinkId(0));
            let strong: Vec<LineSpan> =
                styled.spans(0..url.len()).filter(|span| span.emphasis == Emphasis::STRONG).collect();
            assert_eq!(strong[0].text, host);
            assert_eq!(styled.text, url);
        }
    }
}
