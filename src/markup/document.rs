//! What an article consists of.

use super::{language::certain_language, visit::visit_links};
use crate::text::url;

/// A readable article: its blocks, and the addresses it links to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Its parts, in reading order.
    pub blocks: Vec<Block>,
    /// Every address once, in order of first appearance; a [`LinkId`] is an index into it.
    pub links: Vec<DocumentLink>,
    /// The language it is written in, as a BCP 47 tag, if it says so.
    pub language: Option<String>,
}

/// One part of an article. Every text in it is clean for display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading; level 1 is the highest of six.
    Heading {
        /// Its rank.
        level: u8,
        /// Its words.
        text: RichText,
    },
    /// Running text.
    Paragraph(RichText),
    /// What someone else said.
    Quote(Vec<Block>),
    /// Items, counted or not.
    List {
        /// How they are counted, if they are.
        numbers: Option<ListNumbering>,
        /// The items.
        items: Vec<Vec<Block>>,
    },
    /// What the term in the paragraph before means.
    Definition(Vec<Block>),
    /// Text whose lines and blanks matter.
    Code {
        /// The language it is written in.
        language: Option<String>,
        /// Its lines.
        text: String,
    },
    /// Cells in rows and columns.
    Table {
        /// The names of the columns; may be empty.
        head: Vec<RichText>,
        /// The rows; not necessarily of equal length.
        rows: Vec<Vec<RichText>>,
    },
    /// A picture, as words.
    Image {
        /// What it shows.
        alt: String,
        /// Where it is.
        link: Option<LinkId>,
        /// Its width and height, in pixels, if they are known.
        size: Option<(u32, u32)>,
    },
    /// Something of another site that is shown or played there.
    Embed {
        /// What it is.
        kind: EmbedKind,
        /// What it is called.
        title: String,
        /// Where it is.
        link: LinkId,
    },
    /// The words that belong to the block before: below a picture, a table.
    Caption(RichText),
    /// Nothing to see: the block after it is what a reference within the article leads to.
    Anchor(AnchorId),
    /// A break between parts.
    Rule,
}

/// Running text; a line break meant by the author is a `\n` in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RichText(pub Vec<TextSpan>);

/// A piece of running text that looks the same throughout.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextSpan {
    /// The words.
    pub text: String,
    /// How they are stressed.
    pub emphasis: Emphasis,
    /// Where they lead.
    pub link: Option<LinkTarget>,
}

/// How the items of a list are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListNumbering {
    /// The number of the first item.
    pub first: i64,
    /// Whether each item has a lower number than the one before.
    pub descending: bool,
}

/// What is embedded in an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmbedKind {
    /// Moving pictures.
    Video,
    /// Something to listen to.
    Audio,
    /// Anything else.
    Other,
}

/// Where words lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkTarget {
    /// To an address.
    Link(LinkId),
    /// To a place within the article: a footnote, and back.
    Anchor(AnchorId),
}

/// A place within a document that something in it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnchorId(pub u32);

/// How text is stressed: any set of four ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Emphasis(u8);

/// Which of the links of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u32);

/// Something an article leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLink {
    /// An http, https or mailto address of printable characters.
    pub url: String,
}

impl Emphasis {
    /// Not at all.
    pub const NONE: Emphasis = Emphasis(0);
    /// Strongly; bold.
    pub const STRONG: Emphasis = Emphasis(1);
    /// Stressed; italic.
    pub const EMPHASIZED: Emphasis = Emphasis(2);
    /// As code.
    pub const CODE: Emphasis = Emphasis(4);
    /// As no longer valid; struck through.
    pub const STRIKETHROUGH: Emphasis = Emphasis(8);

    /// Both ways at once.
    #[must_use]
    pub const fn union(self, other: Emphasis) -> Emphasis {
        Emphasis(self.0 | other.0)
    }

    /// Whether all of `other` is in it.
    pub const fn contains(self, other: Emphasis) -> bool {
        self.0 & other.0 == other.0
    }
}

impl LinkId {
    /// The number readers see, counted from one.
    pub const fn number(self) -> u32 {
        self.0.saturating_add(1)
    }
}

impl ListNumbering {
    /// Counted upwards from `first`.
    pub const fn starting_at(first: i64) -> ListNumbering {
        ListNumbering { first, descending: false }
    }

    /// The number of the item at `index`.
    pub fn number_at(self, index: usize) -> i64 {
        let steps = i64::try_from(index).unwrap_or(i64::MAX);
        if self.descending {
            self.first.saturating_sub(steps)
        } else {
            self.first.saturating_add(steps)
        }
    }
}

impl LinkTarget {
    /// The link, if it leads out of the article.
    pub const fn link_id(self) -> Option<LinkId> {
        match self {
            LinkTarget::Link(id) => Some(id),
            LinkTarget::Anchor(_) => None,
        }
    }
}

impl DocumentLink {
    /// The host it leads to; for mail, the part behind the `@`.
    pub fn host(&self) -> &str {
        url::host(&self.url)
    }
}

impl TextSpan {
    /// Words without stress or link.
    pub fn plain(text: impl Into<String>) -> TextSpan {
        TextSpan { text: text.into(), ..TextSpan::default() }
    }
}

impl RichText {
    /// Words without stress or link.
    pub fn plain(text: impl Into<String>) -> RichText {
        RichText(vec![TextSpan::plain(text)])
    }

    /// The words alone.
    pub fn plain_text(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }

    /// Whether there is nothing to see in it.
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|span| span.text.trim().is_empty())
    }
}

impl Document {
    /// The words alone, for searching and pipes: blocks parted by a blank line, no link numbers.
    pub fn plain_text(&self) -> String {
        let mut out = String::new();
        write_blocks(&mut out, &self.blocks, "\n\n");
        out
    }

    /// Adds what `other` holds at the end; its links get the numbers that follow.
    pub fn append(&mut self, mut other: Document) {
        let mut numbers = Vec::with_capacity(other.links.len());
        for link in other.links {
            let known = self.links.iter().position(|known| *known == link);
            let index = known.unwrap_or_else(|| {
                self.links.push(link);
                self.links.len() - 1
            });
            numbers.push(LinkId(u32::try_from(index).unwrap_or(u32::MAX)));
        }
        visit_links(&mut other.blocks, &mut |id| {
            *id = numbers.get(id.0 as usize).copied().unwrap_or(*id);
        });
        self.blocks.append(&mut other.blocks);
    }

    /// The same, its language told by its words if it does not name it.
    #[must_use]
    pub fn with_detected_language(mut self) -> Document {
        if self.language.is_none() {
            self.language = certain_language(&self.first_paragraphs());
        }
        self
    }

    /// The first paragraphs.
    fn first_paragraphs(&self) -> String {
        let paragraphs = self.blocks.iter().filter_map(|block| match block {
            Block::Paragraph(text) => Some(text.plain_text()),
            _ => None,
        });
        paragraphs.take(12).collect::<Vec<_>>().join(" ")
    }

    /// How many words it takes to read aloud, for reading times; two CJK characters count as one word.
    pub fn word_count(&self) -> usize {
        count_words(&self.plain_text())
    }
}

fn write_blocks(out: &mut String, blocks: &[Block], separator: &str) {
    let seen = blocks.iter().filter(|block| !matches!(block, Block::Anchor(_)));
    for (index, block) in seen.enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        write_block(out, block);
    }
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) | Block::Caption(text) => {
            write_text(out, text);
        }
        Block::Quote(blocks) | Block::Definition(blocks) => write_blocks(out, blocks, "\n\n"),
        Block::List { numbers, items } => write_list(out, *numbers, items),
        Block::Code { text, .. } => out.push_str(text),
        Block::Table { head, rows } => write_table(out, head, rows),
        Block::Image { alt, size, .. } => out.push_str(&image_label(alt, *size)),
        Block::Embed { kind, title, .. } => out.push_str(&embed_label(*kind, title)),
        Block::Anchor(_) => {}
        Block::Rule => out.push_str("* * *"),
    }
}

/// How a picture is told.
pub(super) fn image_label(alt: &str, size: Option<(u32, u32)>) -> String {
    let size = size.map(|(width, height)| format!("{width}×{height}"));
    let alt = Some(alt.trim().to_owned()).filter(|alt| !alt.is_empty());
    let facts: Vec<String> = [alt, size].into_iter().flatten().collect();
    bracketed_label("image", &facts.join(" · "))
}

/// How something embedded is told.
pub(super) fn embed_label(kind: EmbedKind, title: &str) -> String {
    let kind = match kind {
        EmbedKind::Video => "video",
        EmbedKind::Audio => "audio",
        EmbedKind::Other => "embedded",
    };
    bracketed_label(kind, title)
}

fn bracketed_label(kind: &str, words: &str) -> String {
    if words.is_empty() { format!("[{kind}]") } else { format!("[{kind}: {words}]") }
}

fn write_text(out: &mut String, text: &RichText) {
    text.0.iter().for_each(|span| out.push_str(&span.text));
}

fn write_list(out: &mut String, numbers: Option<ListNumbering>, items: &[Vec<Block>]) {
    for (index, item) in items.iter().enumerate() {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        out.push_str(
            &numbers.map_or("• ".to_owned(), |numbers| format!("{}. ", numbers.number_at(index))),
        );
        write_blocks(out, item, "\n");
    }
}

fn write_table(out: &mut String, head: &[RichText], rows: &[Vec<RichText>]) {
    let head = Some(head).filter(|head| !head.is_empty());
    for (index, row) in head.into_iter().chain(rows.iter().map(Vec::as_slice)).enumerate() {
        if index > 0 {
            out.push('\n');
        }
        for (column, cell) in row.iter().enumerate() {
            if column > 0 {
                out.push('\t');
            }
            write_text(out, cell);
        }
    }
}

fn count_words(text: &str) -> usize {
    let (mut words, mut halves, mut inside) = (0, 0_usize, false);
    for c in text.chars() {
        let ideograph = is_ideograph(c);
        let begins = !inside && !ideograph && c.is_alphanumeric();
        words += usize::from(begins);
        halves += usize::from(ideograph);
        inside = !ideograph && !c.is_whitespace() && (inside || begins);
    }
    words + halves.div_ceil(2)
}

/// Characters that are a word or half of one: Chinese characters, kana.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_count_counts_cjk_pairs_as_one_word() {
        let cases = [
            ("", 0),
            ("one", 1),
            ("it’s half-past 3.5 — no", 4),
            ("東京の天気", 3),
            ("東京 and back", 3),
        ];
        for (text, words) in cases {
            assert_eq!(count_words(text), words, "{text}");
        }
    }

    #[test]
    fn emphasis_union_contains_both_styles() {
        let both = Emphasis::STRONG.union(Emphasis::CODE);
        assert!(
            both.contains(Emphasis::CODE)
                && both.contains(Emphasis::STRONG)
                && !both.contains(Emphasis::STRIKETHROUGH)
        );
    }

    #[test]
    fn plain_text_separates_blocks_and_numbers_lists() {
        let item = |text: &str| vec![Block::Paragraph(RichText::plain(text))];
        let blocks = vec![
            Block::Heading { level: 1, text: RichText::plain("Head") },
            Block::List {
                numbers: Some(ListNumbering::starting_at(9)),
                items: vec![item("a"), item("b")],
            },
            Block::Table {
                head: vec![RichText::plain("k"), RichText::plain("v")],
                rows: vec![vec![RichText::plain("x")]],
            },
            Block::Anchor(AnchorId(0)),
            Block::Image { alt: String::new(), link: None, size: None },
            Block::Image { alt: "A".into(), link: None, size: Some((640, 480)) },
        ];
        let document = Document { blocks, ..Document::default() };
        let expected = "Head\n\n9. a\n10. b\n\nk\tv\nx\n\n[image]\n\n[image: A · 640×480]";
        assert_eq!(document.plain_text(), expected);
        assert_eq!(ListNumbering { first: 3, descending: true }.number_at(2), 1);
    }
}
