//! The document model: blocks, rich text, emphasis, links and anchors.
//!
//! Parsing lives in `html`, `markdown` and `plain_text`, layout in `layout`. Start with
//! [`Document`] and [`Block`].

use super::language::certain_language;
use crate::text::url;

/// A readable article: its blocks and its links.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Blocks in reading order.
    pub blocks: Vec<Block>,
    /// Link table: each URL once, in order of first appearance. A [`LinkId`] is an index into it.
    pub links: Vec<DocumentLink>,
    /// Language of the document as a BCP 47 tag; `None` if unknown.
    pub language: Option<String>,
}

/// A block of a document. Its text is sanitized for display in a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading {
        /// Level from 1, the highest, to 6.
        level: u8,
        /// Heading text.
        text: RichText,
    },
    /// A paragraph of running text.
    Paragraph(RichText),
    /// A block quotation.
    Quote(Vec<Block>),
    /// An ordered or unordered list.
    List {
        /// Numbering of an ordered list; `None` for an unordered list.
        numbers: Option<ListNumbering>,
        /// Blocks of each item.
        items: Vec<Vec<Block>>,
    },
    /// The definition of the term in the preceding paragraph.
    Definition(Vec<Block>),
    /// Preformatted text: line breaks and spaces are significant.
    Code {
        /// Programming language named by the source.
        language: Option<String>,
        /// Lines separated by `\n`.
        text: String,
    },
    /// A table.
    Table {
        /// Header cells; may be empty.
        head: Vec<RichText>,
        /// Body rows, which may differ in length.
        rows: Vec<Vec<RichText>>,
    },
    /// An image. The text form of a document shows it as a label.
    Image {
        /// Alternative text; may be empty.
        alt: String,
        /// URL of the image.
        link: Option<LinkId>,
        /// Width and height in pixels, if known.
        size: Option<(u32, u32)>,
    },
    /// Embedded content of another site, such as a video player, shown as a link to that site.
    Embed {
        /// Media type of the content.
        kind: EmbedKind,
        /// Title of the content; may be empty.
        title: String,
        /// URL of the content.
        link: LinkId,
    },
    /// The caption of the preceding block, such as an image or a table.
    Caption(RichText),
    /// An invisible marker: the next block is the target of an internal link.
    Anchor(AnchorId),
    /// A thematic break (horizontal rule).
    Rule,
}

/// Running text as a sequence of styled spans. A `\n` is a line break set by the author.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RichText(pub Vec<TextSpan>);

/// A stretch of running text with the same emphasis and link throughout.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextSpan {
    /// Text of the span.
    pub text: String,
    /// Emphasis of the span.
    pub emphasis: Emphasis,
    /// Link target of the span.
    pub link: Option<LinkTarget>,
}

/// The numbering of an ordered list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListNumbering {
    /// Number of the first item.
    pub first: i64,
    /// True if the numbers count down.
    pub descending: bool,
}

/// The media type of embedded content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmbedKind {
    /// A video.
    Video,
    /// An audio recording.
    Audio,
    /// Any other content.
    Other,
}

/// The target of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkTarget {
    /// A URL in [`Document::links`].
    Link(LinkId),
    /// An anchor in the same document, such as a footnote or its reference.
    Anchor(AnchorId),
}

/// The identifier of an anchor in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnchorId(pub u32);

/// A set of text styles: strong, emphasized, code and strikethrough, in any combination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Emphasis(u8);

/// An index into [`Document::links`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u32);

/// A link of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLink {
    /// An http, https or mailto URL that consists of printable characters only.
    pub url: String,
}

impl Emphasis {
    /// No emphasis.
    pub const NONE: Emphasis = Emphasis(0);
    /// Strong importance, shown bold.
    pub const STRONG: Emphasis = Emphasis(1);
    /// Stress emphasis, shown italic.
    pub const EMPHASIZED: Emphasis = Emphasis(2);
    /// Inline code.
    pub const CODE: Emphasis = Emphasis(4);
    /// No longer valid, shown struck through.
    pub const STRIKETHROUGH: Emphasis = Emphasis(8);

    /// Returns the styles of `self` and `other` together.
    #[must_use]
    pub const fn union(self, other: Emphasis) -> Emphasis {
        Emphasis(self.0 | other.0)
    }

    /// Returns true if `self` has every style of `other`.
    pub const fn contains(self, other: Emphasis) -> bool {
        self.0 & other.0 == other.0
    }
}

impl LinkId {
    /// Returns the link number shown to the user, counted from one.
    pub const fn number(self) -> u32 {
        self.0.saturating_add(1)
    }
}

impl ListNumbering {
    /// Returns a numbering that counts up from `first`.
    pub const fn starting_at(first: i64) -> ListNumbering {
        ListNumbering { first, descending: false }
    }

    /// Returns the number of the item at `index`, which counts from zero.
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
    /// Returns the link ID if the target is a URL.
    pub const fn link_id(self) -> Option<LinkId> {
        match self {
            LinkTarget::Link(id) => Some(id),
            LinkTarget::Anchor(_) => None,
        }
    }
}

impl DocumentLink {
    /// Returns the host of the URL; for a mailto URL, the domain after the `@`.
    pub fn host(&self) -> &str {
        url::host(&self.url)
    }
}

impl TextSpan {
    /// Returns a span without emphasis or link.
    pub fn plain(text: impl Into<String>) -> TextSpan {
        TextSpan { text: text.into(), ..TextSpan::default() }
    }
}

impl RichText {
    /// Returns a text of one span without emphasis or link.
    pub fn plain(text: impl Into<String>) -> RichText {
        RichText(vec![TextSpan::plain(text)])
    }

    /// Returns the text without styles.
    pub fn plain_text(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }

    /// Returns true if the text is empty or all whitespace.
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|span| span.text.trim().is_empty())
    }
}

impl Document {
    /// Returns the text without styles, for search and for pipes: a blank line separates the
    /// top-level blocks, and link numbers are left out.
    pub fn plain_text(&self) -> String {
        let mut out = String::new();
        write_blocks(&mut out, &self.blocks, "\n\n");
        out
    }

    /// Sets the language by its words if the source did not name one.
    ///
    /// Keeps it at `None` if the language is uncertain.
    #[must_use]
    pub fn with_detected_language(mut self) -> Document {
        if self.language.is_none() {
            self.language = certain_language(&self.first_paragraphs());
        }
        self
    }

    /// Returns the text of the first twelve top-level paragraphs; language detection looks at the
    /// first few kilobytes only.
    fn first_paragraphs(&self) -> String {
        let paragraphs = self.blocks.iter().filter_map(|block| match block {
            Block::Paragraph(text) => Some(text.plain_text()),
            _ => None,
        });
        paragraphs.take(12).collect::<Vec<_>>().join(" ")
    }

    /// Returns the number of words, for reading times. Two Chinese characters or kana count as one
    /// word.
    pub fn word_count(&self) -> usize {
        count_words(&self.plain_text())
    }
}

fn write_blocks(out: &mut String, blocks: &[Block], separator: &str) {
    let visible_blocks = blocks.iter().filter(|block| !matches!(block, Block::Anchor(_)));
    for (index, block) in visible_blocks.enumerate() {
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

/// Returns the label of an image, such as `[image: A tree · 640×480]`.
pub(super) fn image_label(alt: &str, size: Option<(u32, u32)>) -> String {
    let size = size.map(|(width, height)| format!("{width}×{height}"));
    let alt = Some(alt.trim().to_owned()).filter(|alt| !alt.is_empty());
    let parts: Vec<String> = [alt, size].into_iter().flatten().collect();
    bracketed_label("image", &parts.join(" · "))
}

/// Returns the label of embedded content, such as `[video: Title]`.
pub(super) fn embed_label(kind: EmbedKind, title: &str) -> String {
    let kind_name = match kind {
        EmbedKind::Video => "video",
        EmbedKind::Audio => "audio",
        EmbedKind::Other => "embedded",
    };
    bracketed_label(kind_name, title)
}

fn bracketed_label(kind: &str, description: &str) -> String {
    if description.is_empty() { format!("[{kind}]") } else { format!("[{kind}: {description}]") }
}

fn write_text(out: &mut String, text: &RichText) {
    text.0.iter().for_each(|span| out.push_str(&span.text));
}

fn write_list(out: &mut String, numbers: Option<ListNumbering>, items: &[Vec<Block>]) {
    for (index, item) in items.iter().enumerate() {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        let marker =
            numbers.map_or("• ".to_owned(), |numbers| format!("{}. ", numbers.number_at(index)));
        out.push_str(&marker);
        write_blocks(out, item, "\n");
    }
}

fn write_table(out: &mut String, head: &[RichText], rows: &[Vec<RichText>]) {
    let header_row = Some(head).filter(|head| !head.is_empty());
    let all_rows = header_row.into_iter().chain(rows.iter().map(Vec::as_slice));
    for (index, row) in all_rows.enumerate() {
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
    let (mut words, mut ideographs, mut in_word) = (0, 0_usize, false);
    for c in text.chars() {
        let ideograph = is_ideograph(c);
        let starts_word = !in_word && !ideograph && c.is_alphanumeric();
        words += usize::from(starts_word);
        ideographs += usize::from(ideograph);
        in_word = !ideograph && !c.is_whitespace() && (in_word || starts_word);
    }
    words + ideographs.div_ceil(2)
}

/// Returns true for Chinese characters and kana, of which two count as one word.
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
