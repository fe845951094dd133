//! A flow at one width: lines, and the ways to move among them. Wraps what is looked at and keeps it.

use std::sync::Arc;

mod flow;
mod horizontal_scroll;
mod line;
mod styled_text;
mod table;
mod typeset;
mod wrap;

use flow::BlockContent;
pub use flow::{Flow, SectionHeading, TextMatch};
pub use line::{LayoutLine, LineSource, LineSpan, PictureRow, SpanRole};
use typeset::{TypesetOptions, typeset_block};

use super::{Block, Document};

/// A line of a flow, by the piece it belongs to, so that it is found again at another width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct ScrollPosition {
    /// Index of the piece.
    pub block: u32,
    /// Line within the piece, the blank line before it included; clamped at another width.
    pub line: u32,
}

/// A flow at one width.
#[derive(Debug, Clone)]
pub struct FlowLayout {
    flow: Arc<Flow>,
    width: u16,
    /// Columns of code and of wide tables that are scrolled away.
    horizontal_scroll: u16,
    /// Whether there is room for pictures.
    shows_pictures: bool,
    wrapped_blocks: Vec<Option<Box<[LayoutLine]>>>,
}

impl FlowLayout {
    /// Lays `flow` out in `width` columns, one at least; wraps nothing yet.
    pub fn new(flow: Arc<Flow>, width: u16) -> FlowLayout {
        let wrapped = vec![None; flow.blocks().len()];
        FlowLayout {
            flow,
            width: width.max(1),
            horizontal_scroll: 0,
            shows_pictures: false,
            wrapped_blocks: wrapped,
        }
    }

    /// Scrolls the lines of code and of wide tables, which are never broken, so many columns to the side.
    pub fn set_horizontal_scroll(&mut self, columns: u16) {
        self.horizontal_scroll = columns;
        self.invalidate_blocks(|content| {
            matches!(content, BlockContent::Code(_) | BlockContent::Table(_))
        });
    }

    /// Makes room for pictures, or takes it away.
    pub fn set_pictures_shown(&mut self, shown: bool) {
        if self.shows_pictures != shown {
            self.shows_pictures = shown;
            self.invalidate_blocks(|content| matches!(content, BlockContent::Picture(..)));
        }
    }

    fn invalidate_blocks(&mut self, is_stale: impl Fn(&BlockContent) -> bool) {
        for (slot, piece) in self.wrapped_blocks.iter_mut().zip(self.flow.blocks()) {
            if is_stale(&piece.content) {
                *slot = None;
            }
        }
    }

    /// Columns of code and of wide tables that are scrolled away.
    pub fn horizontal_scroll(&self) -> u16 {
        self.horizontal_scroll
    }

    /// The same flow in `width` columns; places stay valid.
    #[must_use]
    pub fn with_width(&self, width: u16) -> FlowLayout {
        let mut layout = FlowLayout::new(Arc::clone(&self.flow), width);
        layout.shows_pictures = self.shows_pictures;
        layout
    }

    /// Its width in columns.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// The lines of a pane of `height` rows whose top is `top`; fewer at the end.
    pub fn visible_lines(&mut self, top: ScrollPosition, height: u16) -> Vec<LayoutLine> {
        let mut page = Vec::new();
        let mut at = self.clamp_to_existing(top);
        while page.len() < usize::from(height) && !self.is_past_end(at) {
            let missing = usize::from(height) - page.len();
            page.extend(
                self.block_lines(at.block).iter().skip(at.line as usize).take(missing).cloned(),
            );
            at = ScrollPosition { block: at.block + 1, line: 0 };
        }
        page
    }

    /// `lines` further down, but no further than the last line at the bottom of a pane of `height` rows.
    pub fn scroll_down(
        &mut self,
        top: ScrollPosition,
        lines: usize,
        height: u16,
    ) -> ScrollPosition {
        let last = self.last_top(height);
        let top = self.clamp_to_existing(top);
        if top >= last { last } else { self.step_forward(top, lines, last).min(last) }
    }

    /// `lines` further up, but no further than the first.
    pub fn scroll_up(&mut self, top: ScrollPosition, lines: usize) -> ScrollPosition {
        let top = self.clamp_to_existing(top);
        self.step_back(top, lines)
    }

    /// The top of a pane of `height` rows that shows the end.
    pub fn last_top(&mut self, height: u16) -> ScrollPosition {
        self.step_back(self.end_position(), usize::from(height.max(1)))
    }

    /// The line `lines` below `top`, or the last one.
    pub fn position_below(&mut self, top: ScrollPosition, lines: usize) -> ScrollPosition {
        let top = self.clamp_to_existing(top);
        let end = self.end_position();
        let at = self.step_forward(top, lines, end);
        if self.is_past_end(at) { self.step_back(end, 1) } else { at }
    }

    /// The line that shows byte `at` of a piece.
    pub fn position_of_byte(&mut self, piece: u32, at: usize) -> ScrollPosition {
        let gap =
            self.flow.blocks().get(piece as usize).is_some_and(|piece| piece.blank_line.is_some());
        let text = self.flow.block_text(piece);
        let above = text.get(..at).unwrap_or_default().matches('\n').count();
        drop(text);
        let lines = self.block_lines(piece);
        let shows = |line: &LayoutLine| line.source.is_some_and(|source| source.start <= at);
        let line = match lines.iter().rposition(shows) {
            Some(line) => line,
            // Code, whose lines are lines.
            None => (usize::from(gap) + above).min(lines.len().saturating_sub(1)),
        };
        ScrollPosition { block: piece, line: u32::try_from(line).unwrap_or(u32::MAX) }
    }

    /// The nearest top of a pane of `height` rows that shows no more than the text.
    pub fn clamp_top(&mut self, place: ScrollPosition, height: u16) -> ScrollPosition {
        let last = self.last_top(height);
        self.clamp_to_existing(place).min(last)
    }

    /// How many hundredths of the text are above the bottom of the pane; 100 only at the end.
    pub fn progress_percent(&mut self, top: ScrollPosition, height: u16) -> u8 {
        if self.shows_end(top, height) {
            return 100;
        }
        let top = self.clamp_to_existing(top);
        let bottom = self.step_forward(top, usize::from(height), self.end_position());
        let above = self.bytes_above(bottom) as u128;
        let percent = above * 100 / self.flow.byte_len().max(1) as u128;
        u8::try_from(percent.min(99)).unwrap_or(99)
    }

    /// Whether a pane of `height` rows whose top is `top` shows the end.
    pub fn shows_end(&mut self, top: ScrollPosition, height: u16) -> bool {
        let top = self.clamp_to_existing(top);
        self.is_past_end(top) || (height > 0 && top >= self.last_top(height))
    }

    fn end_position(&self) -> ScrollPosition {
        ScrollPosition {
            block: u32::try_from(self.wrapped_blocks.len()).unwrap_or(u32::MAX),
            line: 0,
        }
    }

    fn is_past_end(&self, place: ScrollPosition) -> bool {
        place >= self.end_position()
    }

    /// `place` as one that exists at this width.
    fn clamp_to_existing(&mut self, place: ScrollPosition) -> ScrollPosition {
        if self.is_past_end(place) {
            return self.step_back(self.end_position(), 1);
        }
        let last = self.line_count(place.block).saturating_sub(1);
        ScrollPosition { line: place.line.min(last), ..place }
    }

    /// `lines` further down than `from`, stopping once at or beyond `limit`.
    fn step_forward(
        &mut self,
        from: ScrollPosition,
        lines: usize,
        limit: ScrollPosition,
    ) -> ScrollPosition {
        let mut at = from;
        let mut left = lines;
        while at < limit && !self.is_past_end(at) {
            let rest = (self.line_count(at.block) - at.line) as usize;
            if left < rest {
                at.line += u32::try_from(left).unwrap_or(u32::MAX);
                return at;
            }
            left -= rest;
            at = ScrollPosition { block: at.block + 1, line: 0 };
        }
        at
    }

    fn step_back(&mut self, from: ScrollPosition, lines: usize) -> ScrollPosition {
        let mut at = from;
        let mut left = lines;
        while left > at.line as usize {
            let Some(piece) = at.block.checked_sub(1) else { return ScrollPosition::default() };
            left -= at.line as usize;
            at = ScrollPosition { block: piece, line: self.line_count(piece) };
        }
        at.line -= u32::try_from(left).unwrap_or(0);
        at
    }

    fn bytes_above(&mut self, place: ScrollPosition) -> usize {
        let count = self.line_count(place.block).max(1) as usize;
        self.flow.blocks().get(place.block as usize).map_or(self.flow.byte_len(), |piece| {
            piece.bytes_before + piece.bytes * place.line as usize / count
        })
    }

    fn line_count(&mut self, piece: u32) -> u32 {
        u32::try_from(self.block_lines(piece).len()).unwrap_or(u32::MAX)
    }

    /// The lines of a piece, the blank line before it included; none of a piece that does not exist.
    fn block_lines(&mut self, index: u32) -> &[LayoutLine] {
        let index = index as usize;
        let (Some(slot), Some(piece)) =
            (self.wrapped_blocks.get_mut(index), self.flow.blocks().get(index))
        else {
            return &[];
        };
        let width = usize::from(self.width);
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        let FlowLayout { horizontal_scroll: sideways, shows_pictures: pictures, .. } = *self;
        let setting = TypesetOptions {
            language: self.flow.language(),
            horizontal_scroll: sideways,
            shows_pictures: pictures,
        };
        slot.get_or_insert_with(|| typeset_block(piece, number, width, setting).into_boxed_slice())
    }
}

/// The first rows of one block by itself: a headline, a sentence.
pub fn wrap_block(block: Block, width: u16, rows: u16) -> Vec<LayoutLine> {
    let document = Document { blocks: vec![block], ..Document::default() };
    FlowLayout::new(Arc::new(Flow::new(document)), width)
        .visible_lines(ScrollPosition::default(), rows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markup::{Document, PictureRow, parse_html, parse_markdown, parse_plain_text};

    fn layout(document: Document, width: u16) -> FlowLayout {
        FlowLayout::new(Arc::new(Flow::new(document)), width)
    }

    fn all(layout: &mut FlowLayout) -> Vec<String> {
        layout
            .visible_lines(ScrollPosition::default(), u16::MAX)
            .iter()
            .map(LayoutLine::text)
            .collect()
    }

    fn check(text: &str, width: u16, expected: &[&str]) {
        assert_eq!(all(&mut layout(parse_markdown(text), width)), expected, "{text}");
    }

    #[test]
    fn layout_typesets_each_kind_of_block() {
        check("# Head\nText here.", 20, &["Head", "", "Text here."]);
        check(
            "a\n\n- one two three\n- b\n\nc",
            12,
            &["a", "", "  • one two", "    three", "  • b", "", "c"],
        );
        check("9. a\n10. b\n    - c", 20, &["   9. a", "  10. b", "      • c"]);
        check("> a\n>\n> > b\n\nc", 20, &["▎ a", "▎ ", "▎ ▎ b", "", "c"]);
        check("```\nlet x = 1;\n\n  y\n```", 10, &["  let x =›", "  ", "    y"]);
        check("a\n\n---\n\nb", 3, &["a", "", "───", "", "b"]);
        check(
            "[x](https://e.example/) y",
            30,
            &["x[1] y", "", "Links", "", "[1] https://e.example/"],
        );
        check(
            "![A tree](https://e.example/)",
            19,
            &["[image: A tree][1]", "", "Links", "", "[1] https://", "    e.example/"],
        );
    }

    #[test]
    fn layout_reserves_picture_rows_only_when_shown() {
        let page = "<img src='https://e.example/a.png' alt=A width=160 height=80><p>b";
        let mut layout = layout(parse_html(page, None), 40);
        let before = all(&mut layout);
        assert_eq!(&before[..3], ["[image: A · 160×80][1]", "", "b"]);
        layout.set_pictures_shown(true);
        let page = layout.visible_lines(ScrollPosition::default(), 20);
        let rows: Vec<PictureRow> = page.iter().filter_map(|line| line.picture).collect();
        assert_eq!(rows.len(), 5);
        assert_eq!((rows[4].row, rows[4].columns, rows[4].rows), (4, 20, 5));
        layout.set_pictures_shown(false);
        assert_eq!(all(&mut layout), before);
    }

    #[test]
    fn layout_horizontal_scroll_moves_code_only() {
        let mut layout = layout(parse_markdown("```\nlet x = 東京;\n```\n\nwords"), 10);
        assert_eq!(all(&mut layout), ["  let x =›", "", "words"]);
        layout.set_horizontal_scroll(4);
        assert_eq!(all(&mut layout), ["  x = 東 ›", "", "words"]);
        layout.set_horizontal_scroll(40);
        assert_eq!(all(&mut layout)[0].trim(), "");
    }

    #[test]
    fn layout_scrolling_stays_within_text() {
        let mut layout = layout(parse_plain_text("a b c d\n\ne\n\nf"), 3);
        let at = |piece, line| ScrollPosition { block: piece, line };
        assert_eq!(all(&mut layout), ["a b", "c d", "", "e", "", "f"]);
        assert_eq!(layout.last_top(2), at(2, 0));
        assert_eq!(layout.scroll_down(at(0, 0), 1, 2), at(0, 1));
        assert_eq!(layout.scroll_down(at(0, 0), 3, 2), at(1, 1));
        assert_eq!(layout.scroll_down(at(0, 0), usize::MAX, 2), at(2, 0));
        assert_eq!(layout.scroll_down(at(0, 0), 3, 100), at(0, 0));
        assert_eq!(layout.scroll_up(at(1, 1), 2), at(0, 1));
        assert_eq!(layout.scroll_up(at(1, 1), usize::MAX), at(0, 0));
        assert_eq!(layout.clamp_top(at(9, 9), 2), at(2, 0));
        assert_eq!(layout.clamp_top(at(0, 9), 2), at(0, 1));
        assert_eq!(
            (layout.progress_percent(at(0, 0), 2), layout.progress_percent(at(2, 0), 2)),
            (77, 100)
        );
        assert!(
            !layout.shows_end(at(1, 1), 2)
                && layout.shows_end(at(2, 0), 2)
                && !layout.shows_end(at(2, 0), 0)
        );
    }

    #[test]
    fn layout_empty_document_has_no_lines() {
        let mut layout = layout(Document::default(), 0);
        let top = ScrollPosition::default();
        assert_eq!(
            (layout.visible_lines(top, 5), layout.progress_percent(top, 5), layout.last_top(5)),
            (vec![], 100, top)
        );
        assert_eq!(
            (layout.scroll_down(top, 3, 5), layout.scroll_up(top, 3), layout.shows_end(top, 0)),
            (top, top, true)
        );
    }

    #[test]
    fn scroll_position_survives_width_change() {
        let narrow = layout(parse_plain_text("aaa bbb ccc ddd\n\neee"), 3);
        let mut wide = narrow.with_width(40);
        assert_eq!(
            wide.visible_lines(ScrollPosition { block: 0, line: 3 }, 1)[0].text(),
            "aaa bbb ccc ddd"
        );
        assert_eq!(wide.visible_lines(ScrollPosition { block: 1, line: 1 }, 1)[0].text(), "eee");
    }

    fn source() -> impl Strategy<Value = String> {
        let part = prop::sample::select(vec![
            "word",
            " ",
            "  ",
            "\n",
            "\n\n",
            "東京",
            "。",
            "、",
            "「",
            "😀",
            "🇫🇷",
            "سلام",
            "שָׁלוֹם",
            "e\u{301}",
            "हिन्दी",
            "क्ष्म",
            "ไทย",
            "\u{a0}",
            "-",
            "https://e.example/x",
            "- ",
            "> ",
            "1. ",
            "# ",
            "`",
            "**",
            "| a | b |\n",
            "|---|---|\n",
            "    code\n",
            "<p>",
            "<blockquote>",
            "<td>",
            "<li>",
            "\t",
            "\u{1b}[1m",
            "\u{200b}",
        ]);
        prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
    }

    fn documents(text: &str) -> [Document; 3] {
        [parse_plain_text(text), parse_markdown(text), parse_html(text, None)]
    }

    fn visible(text: &str) -> String {
        text.chars().filter(|c| !c.is_whitespace()).collect()
    }

    proptest! {
        #[test]
        fn layout_lines_never_exceed_width(text in source(), width in 1_u16..50) {
            for document in documents(&text) {
                for line in layout(document, width).visible_lines(ScrollPosition::default(), u16::MAX) {
                    prop_assert!(line.width() <= usize::from(width), "{:?}", line);
                }
            }
        }

        #[test]
        fn layout_lines_keep_every_character(text in "[a-z東京。ا😀e\u{301} \n]{0,80}", width in 2_u16..50) {
            let document = parse_plain_text(&text);
            // Code is cut at the edge, and scrolled.
            prop_assume!(!document.blocks.iter().any(|block| matches!(block, Block::Code { .. })));
            let shown = layout(document.clone(), width).visible_lines(ScrollPosition::default(), u16::MAX);
            let shown: String = shown.iter().map(LayoutLine::text).collect();
            prop_assert_eq!(visible(&shown), visible(&document.plain_text()));
        }

        #[test]
        fn layout_scrolling_shows_every_line_once(text in source(), width in 2_u16..30, height in 1_u16..9) {
            let mut layout = layout(parse_markdown(&text), width);
            let whole = layout.visible_lines(ScrollPosition::default(), u16::MAX);
            let (mut top, mut seen) = (ScrollPosition::default(), layout.visible_lines(ScrollPosition::default(), height));
            while !layout.shows_end(top, height) {
                prop_assert!(layout.progress_percent(top, height) < 100);
                let next = layout.scroll_down(top, 1, height);
                prop_assert_eq!(layout.scroll_up(next, 1), top);
                top = next;
                seen.extend(layout.visible_lines(top, height).pop());
            }
            prop_assert_eq!(layout.progress_percent(top, height), 100);
            prop_assert_eq!(seen, whole);
        }
    }
}
