//! The layout of a flow at one width: its lines, and scrolling through them.
//!
//! Blocks are wrapped when they are first needed, and their lines are cached. Start with [`Flow`]
//! and [`FlowLayout`]; `flow_builder` flattens a document, `typeset` and `wrap` produce the lines of a
//! block.

use std::sync::Arc;

mod flow;
mod flow_builder;
mod horizontal_scroll;
mod layout_block;
mod line;
#[cfg(test)]
mod markup_properties;
mod same_place;
mod styled_text;
mod table;
mod typeset;
mod wrap;

pub use flow::{Flow, TextMatch};
use layout_block::BlockContent;
pub use layout_block::SectionHeading;
pub use line::{LayoutLine, LineSource, LineSpan, ReservedImageRow, SpanRole};
use typeset::{TypesetOptions, typeset_block};

use super::{Block, Document};

/// The position of a line in a flow, relative to its layout block, so that it is valid at any
/// width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct ScrollPosition {
    /// Index of the layout block.
    pub block: u32,
    /// Line within the block, counted from the blank line before it; clamped at another width.
    pub line: u32,
}

/// The lines of a flow at one width.
#[derive(Debug, Clone)]
pub struct FlowLayout {
    flow: Arc<Flow>,
    width: u16,
    /// First visible column of code and of wide tables.
    horizontal_scroll: u16,
    /// True if rows are reserved for pictures.
    shows_images: bool,
    /// Lines of each block; `None` until they are needed.
    wrapped_blocks: Vec<Option<Box<[LayoutLine]>>>,
}

impl FlowLayout {
    /// Returns the layout of `flow` in `width` columns, at least one. Wraps nothing yet.
    pub fn new(flow: Arc<Flow>, width: u16) -> FlowLayout {
        let wrapped_blocks = vec![None; flow.blocks().len()];
        FlowLayout {
            flow,
            width: width.max(1),
            horizontal_scroll: 0,
            shows_images: false,
            wrapped_blocks,
        }
    }

    /// Scrolls code and wide tables, which are not wrapped, so that `columns` columns are hidden at
    /// the left.
    pub fn set_horizontal_scroll(&mut self, columns: u16) {
        self.horizontal_scroll = columns;
        self.invalidate_blocks(|content| {
            matches!(content, BlockContent::Code(_) | BlockContent::Table(_))
        });
    }

    /// Reserves rows for pictures, or removes them.
    pub fn set_images_shown(&mut self, shown: bool) {
        if self.shows_images != shown {
            self.shows_images = shown;
            self.invalidate_blocks(|content| matches!(content, BlockContent::Picture(..)));
        }
    }

    /// Drops the cached lines of the blocks whose content is stale.
    fn invalidate_blocks(&mut self, is_stale: impl Fn(&BlockContent) -> bool) {
        for (lines, block) in self.wrapped_blocks.iter_mut().zip(self.flow.blocks()) {
            if is_stale(&block.content) {
                *lines = None;
            }
        }
    }

    /// Returns the first visible column of code and of wide tables.
    pub fn horizontal_scroll(&self) -> u16 {
        self.horizontal_scroll
    }

    /// Returns a layout of the same flow in `width` columns, not scrolled horizontally. Scroll
    /// positions stay valid.
    #[must_use]
    pub fn with_width(&self, width: u16) -> FlowLayout {
        let mut layout = FlowLayout::new(Arc::clone(&self.flow), width);
        layout.shows_images = self.shows_images;
        layout
    }

    /// Returns the width in columns.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Returns the text of all lines, each with a line end, without blanks at the ends of lines that
    /// are not code.
    pub fn to_text(&mut self) -> String {
        let mut text = String::with_capacity(self.flow.byte_len());
        for block in self.flow.block_indexes() {
            for line in self.block_lines(block) {
                let line_text = line.text();
                let is_code = line.spans.last().is_some_and(|span| span.role == SpanRole::Code);
                let keeps_blanks = is_code && !line_text.trim().is_empty();
                text.push_str(if keeps_blanks { &line_text } else { line_text.trim_end() });
                text.push('\n');
            }
            // All lines of a large article would take a hundred times the memory of its text.
            if let Some(lines) = self.wrapped_blocks.get_mut(block as usize) {
                *lines = None;
            }
        }
        text
    }

    /// Returns the lines of a pane of `height` rows from `top` on; fewer at the end of the flow.
    pub fn visible_lines(&mut self, top: ScrollPosition, height: u16) -> Vec<LayoutLine> {
        let mut lines = Vec::new();
        let mut position = self.clamp_to_existing(top);
        while lines.len() < usize::from(height) && !self.is_past_end(position) {
            let missing = usize::from(height) - lines.len();
            let block_lines = self.block_lines(position.block).iter();
            lines.extend(block_lines.skip(position.line as usize).take(missing).cloned());
            position = ScrollPosition { block: position.block + 1, line: 0 };
        }
        lines
    }

    /// Returns the top of the pane after scrolling down by `lines`, but no further than
    /// [`FlowLayout::last_top`].
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

    /// Returns the top of the pane after scrolling up by `lines`, but no further than the first
    /// line.
    pub fn scroll_up(&mut self, top: ScrollPosition, lines: usize) -> ScrollPosition {
        let top = self.clamp_to_existing(top);
        self.step_back(top, lines)
    }

    /// Returns the top of a pane of `height` rows that has the last line at its bottom.
    pub fn last_top(&mut self, height: u16) -> ScrollPosition {
        self.step_back(self.end_position(), usize::from(height.max(1)))
    }

    /// Returns the position of the line that is `lines` below `top`, or of the last line.
    pub fn position_below(&mut self, top: ScrollPosition, lines: usize) -> ScrollPosition {
        let top = self.clamp_to_existing(top);
        let end = self.end_position();
        let below = self.step_forward(top, lines, end);
        if self.is_past_end(below) { self.step_back(end, 1) } else { below }
    }

    /// Returns the position of the line that shows the byte at `offset` in the text of a block.
    pub fn position_of_byte(&mut self, block: u32, offset: usize) -> ScrollPosition {
        let has_blank_line =
            self.flow.blocks().get(block as usize).is_some_and(|block| block.blank_line.is_some());
        let text = self.flow.block_text(block);
        let text_lines_above = text.get(..offset).unwrap_or_default().matches('\n').count();
        drop(text);
        let lines = self.block_lines(block);
        let starts_before =
            |line: &LayoutLine| line.source.is_some_and(|source| source.start <= offset);
        let line = match lines.iter().rposition(starts_before) {
            Some(line) => line,
            // Lines of code and tables have no source. Each line of code is one line of the layout.
            None => {
                (usize::from(has_blank_line) + text_lines_above).min(lines.len().saturating_sub(1))
            }
        };
        ScrollPosition { block, line: u32::try_from(line).unwrap_or(u32::MAX) }
    }

    /// Returns `top`, or the nearest position at which a pane of `height` rows shows no empty rows
    /// after the text.
    pub fn clamp_top(&mut self, top: ScrollPosition, height: u16) -> ScrollPosition {
        let last = self.last_top(height);
        self.clamp_to_existing(top).min(last)
    }

    /// Returns the share of the text above the bottom of the pane, in percent; 100 only if the pane
    /// shows the end.
    pub fn progress_percent(&mut self, top: ScrollPosition, height: u16) -> u8 {
        if self.shows_end(top, height) {
            return 100;
        }
        let top = self.clamp_to_existing(top);
        let bottom = self.step_forward(top, usize::from(height), self.end_position());
        let bytes_above = self.bytes_above(bottom) as u128;
        let percent = bytes_above * 100 / self.flow.byte_len().max(1) as u128;
        u8::try_from(percent.min(99)).unwrap_or(99)
    }

    /// Returns true if a pane of `height` rows whose first line is at `top` shows the last line.
    pub fn shows_end(&mut self, top: ScrollPosition, height: u16) -> bool {
        let top = self.clamp_to_existing(top);
        self.is_past_end(top) || (height > 0 && top >= self.last_top(height))
    }

    /// Returns the position after the last line.
    fn end_position(&self) -> ScrollPosition {
        ScrollPosition {
            block: u32::try_from(self.wrapped_blocks.len()).unwrap_or(u32::MAX),
            line: 0,
        }
    }

    fn is_past_end(&self, position: ScrollPosition) -> bool {
        position >= self.end_position()
    }

    /// Returns `position`, or the nearest line before it that exists at this width.
    fn clamp_to_existing(&mut self, position: ScrollPosition) -> ScrollPosition {
        if self.is_past_end(position) {
            return self.step_back(self.end_position(), 1);
        }
        let last = self.line_count(position.block).saturating_sub(1);
        ScrollPosition { line: position.line.min(last), ..position }
    }

    /// Returns the position `lines` below `from`. Stops at the first block that begins at or after
    /// `limit`, so that no further block is wrapped.
    fn step_forward(
        &mut self,
        from: ScrollPosition,
        lines: usize,
        limit: ScrollPosition,
    ) -> ScrollPosition {
        let mut position = from;
        let mut lines_left = lines;
        while position < limit && !self.is_past_end(position) {
            let lines_in_block = (self.line_count(position.block) - position.line) as usize;
            if lines_left < lines_in_block {
                position.line += u32::try_from(lines_left).unwrap_or(u32::MAX);
                return position;
            }
            lines_left -= lines_in_block;
            position = ScrollPosition { block: position.block + 1, line: 0 };
        }
        position
    }

    /// Returns the position `lines` above `from`, or the first line.
    fn step_back(&mut self, from: ScrollPosition, lines: usize) -> ScrollPosition {
        let mut position = from;
        let mut lines_left = lines;
        while lines_left > position.line as usize {
            let Some(block) = position.block.checked_sub(1) else {
                return ScrollPosition::default();
            };
            lines_left -= position.line as usize;
            position = ScrollPosition { block, line: self.line_count(block) };
        }
        position.line -= u32::try_from(lines_left).unwrap_or(0);
        position
    }

    /// Estimates the length of the text above a line, in bytes; the lines of a block count as
    /// equally long.
    fn bytes_above(&mut self, position: ScrollPosition) -> usize {
        let line_count = self.line_count(position.block).max(1) as usize;
        self.flow.blocks().get(position.block as usize).map_or(self.flow.byte_len(), |block| {
            block.bytes_before + block.bytes * position.line as usize / line_count
        })
    }

    fn line_count(&mut self, block: u32) -> u32 {
        u32::try_from(self.block_lines(block).len()).unwrap_or(u32::MAX)
    }

    /// Returns the lines of a block, including the blank line before it; none for an unknown index.
    /// Wraps the block if its lines are not cached.
    fn block_lines(&mut self, block_index: u32) -> &[LayoutLine] {
        let index = block_index as usize;
        let (Some(lines), Some(block)) =
            (self.wrapped_blocks.get_mut(index), self.flow.blocks().get(index))
        else {
            return &[];
        };
        let width = usize::from(self.width);
        let options = TypesetOptions {
            language: self.flow.language(),
            horizontal_scroll: self.horizontal_scroll,
            shows_images: self.shows_images,
            medium: self.flow.medium(),
        };
        lines.get_or_insert_with(|| {
            typeset_block(block, block_index, width, options).into_boxed_slice()
        })
    }
}

/// Lays out one block by itself, such as a title, and returns at most `rows` lines.
pub fn wrap_block(block: Block, width: u16, rows: u16) -> Vec<LayoutLine> {
    let document = Document { blocks: vec![block], ..Document::default() };
    FlowLayout::new(Arc::new(Flow::new(document)), width)
        .visible_lines(ScrollPosition::default(), rows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        markup::{Document, ReservedImageRow, parse_html, parse_markdown, parse_plain_text},
        text::sanitize,
    };

    fn layout(document: Document, width: u16) -> FlowLayout {
        FlowLayout::new(Arc::new(Flow::new(document)), width)
    }

    fn all_lines(layout: &mut FlowLayout) -> Vec<String> {
        layout
            .visible_lines(ScrollPosition::default(), u16::MAX)
            .iter()
            .map(LayoutLine::text)
            .collect()
    }

    fn check_lines(text: &str, width: u16, expected: &[&str]) {
        assert_eq!(all_lines(&mut layout(parse_markdown(text), width)), expected, "{text}");
    }

    #[test]
    fn long_paragraph_keeps_its_line_breaks() {
        let text = "two words\n".repeat(20_000);
        let lines = all_lines(&mut layout(parse_plain_text(&text), 60));
        assert_eq!(lines.len(), 20_000);
        assert!(lines.iter().all(|line| line == "two words"));
    }

    #[test]
    fn layout_typesets_each_kind_of_block() {
        check_lines("# Head\nText here.", 20, &["Head", "", "Text here."]);
        check_lines(
            "a\n\n- one two three\n- b\n\nc",
            12,
            &["a", "", "  • one two", "    three", "  • b", "", "c"],
        );
        check_lines("9. a\n10. b\n    - c", 20, &["   9. a", "  10. b", "      • c"]);
        check_lines("> a\n>\n> > b\n\nc", 20, &["▎ a", "▎ ", "▎ ▎ b", "", "c"]);
        check_lines("```\nlet x = 1;\n\n  y\n```", 10, &["  let x =›", "  ", "    y"]);
        check_lines("a\n\n---\n\nb", 3, &["a", "", "───", "", "b"]);
        check_lines(
            "[x](https://e.example/) y",
            30,
            &["x[1] y", "", "Links", "", "[1] https://e.example/"],
        );
        check_lines(
            "![A tree](https://e.example/)",
            19,
            &["[image: A tree][1]", "", "Links", "", "[1] https://", "    e.example/"],
        );
    }

    #[test]
    fn layout_reserves_picture_rows_only_when_shown() {
        let page = "<img src='https://e.example/a.png' alt=A width=160 height=80><p>b";
        let mut layout = layout(parse_html(page, None), 40);
        let before = all_lines(&mut layout);
        assert_eq!(&before[..3], ["[image: A · 160×80][1]", "", "b"]);
        layout.set_images_shown(true);
        let lines = layout.visible_lines(ScrollPosition::default(), 20);
        let rows: Vec<ReservedImageRow> = lines.iter().filter_map(|line| line.picture).collect();
        assert_eq!(rows.len(), 5);
        assert_eq!((rows[4].row, rows[4].columns, rows[4].rows), (4, 20, 5));
        layout.set_images_shown(false);
        assert_eq!(all_lines(&mut layout), before);
    }

    #[test]
    fn layout_horizontal_scroll_moves_code_only() {
        let mut layout = layout(parse_markdown("```\nlet x = 東京;\n```\n\nwords"), 10);
        assert_eq!(all_lines(&mut layout), ["  let x =›", "", "words"]);
        layout.set_horizontal_scroll(4);
        assert_eq!(all_lines(&mut layout), ["  x = 東 ›", "", "words"]);
        layout.set_horizontal_scroll(40);
        assert_eq!(all_lines(&mut layout)[0].trim(), "");
    }

    #[test]
    fn layout_scrolling_stays_within_text() {
        let mut layout = layout(parse_plain_text("a b c d\n\ne\n\nf"), 3);
        let position = |block, line| ScrollPosition { block, line };
        assert_eq!(all_lines(&mut layout), ["a b", "c d", "", "e", "", "f"]);
        assert_eq!(layout.last_top(2), position(2, 0));
        assert_eq!(layout.scroll_down(position(0, 0), 1, 2), position(0, 1));
        assert_eq!(layout.scroll_down(position(0, 0), 3, 2), position(1, 1));
        assert_eq!(layout.scroll_down(position(0, 0), usize::MAX, 2), position(2, 0));
        assert_eq!(layout.scroll_down(position(0, 0), 3, 100), position(0, 0));
        assert_eq!(layout.scroll_up(position(1, 1), 2), position(0, 1));
        assert_eq!(layout.scroll_up(position(1, 1), usize::MAX), position(0, 0));
        assert_eq!(layout.clamp_top(position(9, 9), 2), position(2, 0));
        assert_eq!(layout.clamp_top(position(0, 9), 2), position(0, 1));
        assert_eq!(
            (
                layout.progress_percent(position(0, 0), 2),
                layout.progress_percent(position(2, 0), 2)
            ),
            (77, 100)
        );
        assert!(
            !layout.shows_end(position(1, 1), 2)
                && layout.shows_end(position(2, 0), 2)
                && !layout.shows_end(position(2, 0), 0)
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

    fn markup_text() -> impl Strategy<Value = String> {
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

    fn parse_all_formats(text: &str) -> [Document; 3] {
        [parse_plain_text(text), parse_markdown(text), parse_html(text, None)]
    }

    fn without_whitespace(text: &str) -> String {
        text.chars().filter(|c| !c.is_whitespace()).collect()
    }

    proptest! {
        #[test]
        fn layout_lines_never_exceed_width(text in markup_text(), width in 1_u16..50) {
            for document in parse_all_formats(&text) {
                for line in layout(document, width).visible_lines(ScrollPosition::default(), u16::MAX) {
                    prop_assert!(line.width() <= usize::from(width), "{:?}", line);
                }
            }
        }

        #[test]
        fn layout_lines_keep_every_character(text in "[a-z東京。ا😀e\u{301} \n]{0,80}", width in 2_u16..50) {
            let document = parse_plain_text(&text);
            // Code is cut at the edge instead of wrapped.
            prop_assume!(!document.blocks.iter().any(|block| matches!(block, Block::Code { .. })));
            let shown = all_lines(&mut layout(document.clone(), width)).concat();
            let expected = sanitize::to_block(&document.plain_text()).into_owned();
            prop_assert_eq!(without_whitespace(&shown), without_whitespace(&expected));
        }

        #[test]
        fn layout_scrolling_shows_every_line_once(text in markup_text(), width in 2_u16..30, height in 1_u16..9) {
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
