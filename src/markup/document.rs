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
    /// The first paragraph begins with the title, set as a headline: none is needed above it.
    pub opens_with_headline: bool,
}

/// A block of a document. Its text has no control characters and nothing that reorders text; the
/// layout for the screen also simplifies what terminals disagree on.
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
        /// Body rows, which may differ in length. A cell that another cell covers is empty.
        rows: Vec<Vec<RichText>>,
        /// Cells that cover others, in the order of the text.
        spans: Vec<CellSpan>,
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

/// A cell of a table that covers other cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellSpan {
    /// Row of the cell; a header is row 0, and the body follows it.
    pub row: usize,
    /// Column of the cell.
    pub column: usize,
    /// Number of rows that the cell covers, its own included.
    pub rows: usize,
    /// Number of columns that the cell covers, its own included.
    pub columns: usize,
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListNumbering {
    /// Number of the first item.
    pub first: i64,
    /// True if the numbers count down.
    pub descending: bool,
    /// Form of the numbers.
    pub style: NumberStyle,
    /// Items at which the numbering starts anew: index and number, in order.
    pub restarts: Vec<(usize, i64)>,
}

/// The form of the numbers of an ordered list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NumberStyle {
    /// `1`, `2`, `3`.
    #[default]
    Decimal,
    /// `a`, `b`, `c`.
    LowerAlpha,
    /// `A`, `B`, `C`.
    UpperAlpha,
    /// `i`, `ii`, `iii`.
    LowerRoman,
    /// `I`, `II`, `III`.
    UpperRoman,
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

/// A set of text styles: strong, emphasized, code, strikethrough, inserted and check box, in any
/// combination.
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
    /// Added later, shown underlined.
    pub const INSERTED: Emphasis = Emphasis(16);
    /// A check box: the text is `[x]` or `[ ]`.
    pub const CHECK_BOX: Emphasis = Emphasis(32);
    /// Of less interest, shown dim.
    pub const DIMMED: Emphasis = Emphasis(64);

    /// Returns the styles of `self` and `other` together.
    #[must_use]
    pub const fn union(self, other: Emphasis) -> Emphasis {
        Emphasis(self.0 | other.0)
    }

    /// Returns the styles that `self` and `other` share.
    #[must_use]
    pub const fn intersection(self, other: Emphasis) -> Emphasis {
        Emphasis(self.0 & other.0)
    }

    /// Returns the styles of `self` that `other` does not have.
    #[must_use]
    pub const fn difference(self, other: Emphasis) -> Emphasis {
        Emphasis(self.0 & !other.0)
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
    pub fn starting_at(first: i64) -> ListNumbering {
        ListNumbering { first, ..ListNumbering::default() }
    }

    /// Returns the number of the item at `index`, which counts from zero.
    pub fn number_at(&self, index: usize) -> i64 {
        let before = self.restarts.partition_point(|(restart, _)| *restart <= index);
        let last = before.checked_sub(1).and_then(|last| self.restarts.get(last));
        let (start, first) = last.copied().unwrap_or((0, self.first));
        let steps = i64::try_from(index - start).unwrap_or(i64::MAX);
        if self.descending { first.saturating_sub(steps) } else { first.saturating_add(steps) }
    }

    /// Returns the number of the item at `index` in its form, without a dot.
    pub fn label_at(&self, index: usize) -> String {
        let number = self.number_at(index);
        self.style.format(number).unwrap_or_else(|| number.to_string())
    }
}

impl NumberStyle {
    /// Returns `number` in this form; `None` if it has none (CSS Counter Styles §6.1 and §6.2).
    fn format(self, number: i64) -> Option<String> {
        let text = match self {
            NumberStyle::Decimal => None,
            NumberStyle::LowerAlpha | NumberStyle::UpperAlpha => alphabetic_number(number),
            NumberStyle::LowerRoman | NumberStyle::UpperRoman => roman_number(number),
        };
        let is_upper = matches!(self, NumberStyle::UpperAlpha | NumberStyle::UpperRoman);
        text.map(|text| if is_upper { text.to_ascii_uppercase() } else { text })
    }
}

fn alphabetic_number(number: i64) -> Option<String> {
    let mut rest = u64::try_from(number).ok().filter(|number| *number > 0)?;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'a' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    Some(letters.into_iter().rev().collect())
}

fn roman_number(number: i64) -> Option<String> {
    const DIGITS: [(i64, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut rest = Some(number).filter(|number| (1..4000).contains(number))?;
    let mut text = String::new();
    for (value, digit) in DIGITS {
        while rest >= value {
            text.push_str(digit);
            rest -= value;
        }
    }
    Some(text)
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

    /// Returns true if the text has no visible character.
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|span| span.text.chars().all(is_blank_char))
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
        Block::List { numbers, items } => write_list(out, numbers.as_ref(), items),
        Block::Code { text, .. } => out.push_str(text),
        Block::Table { head, rows, .. } => write_table(out, head, rows),
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

/// Returns true for whitespace, and for the zero-width characters that documents keep.
pub(super) fn is_blank_char(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}')
}

fn write_text(out: &mut String, text: &RichText) {
    text.0.iter().for_each(|span| out.push_str(&span.text));
}

fn write_list(out: &mut String, numbers: Option<&ListNumbering>, items: &[Vec<Block>]) {
    for (index, item) in items.iter().enumerate() {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        let marker =
            numbers.map_or("• ".to_owned(), |numbers| format!("{}. ", numbers.label_at(index)));
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
                spans: Vec::new(),
            },
            Block::Anchor(AnchorId(0)),
            Block::Image { alt: String::new(), link: None, size: None },
            Block::Image { alt: "A".into(), link: None, size: Some((640, 480)) },
        ];
        let document = Document { blocks, ..Document::default() };
        let expected = "Head\n\n9. a\n10. b\n\nk\tv\nx\n\n[image]\n\n[image: A · 640×480]";
        assert_eq!(document.plain_text(), expected);
        let countdown = ListNumbering { first: 3, descending: true, ..ListNumbering::default() };
        assert_eq!(countdown.number_at(2), 1);
    }

    #[test]
    fn list_numbering_labels_items() {
        let numbering = |style, restarts| ListNumbering {
            first: 1,
            style,
            restarts,
            ..ListNumbering::default()
        };
        let cases = [
            (numbering(NumberStyle::Decimal, vec![(1, 7)]), "1 7 8"),
            (numbering(NumberStyle::LowerAlpha, vec![(0, 26)]), "z aa ab"),
            (numbering(NumberStyle::UpperAlpha, vec![(1, 0)]), "A 0 A"),
            (numbering(NumberStyle::LowerRoman, vec![(0, 1998)]), "mcmxcviii mcmxcix mm"),
            (numbering(NumberStyle::UpperRoman, vec![(0, 3998)]), "MMMCMXCVIII MMMCMXCIX 4000"),
        ];
        for (numbers, expected) in cases {
            let labels: Vec<String> = (0..3).map(|index| numbers.label_at(index)).collect();
            assert_eq!(labels.join(" "), expected);
        }
    }
}
