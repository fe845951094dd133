//! A flow at one width: lines, and the ways to move among them. Wraps what is looked at and keeps it.

use std::sync::Arc;

use super::{
    Block, Document, Flow,
    flow::Content,
    line::Line,
    setting::{Setting, piece_lines},
};

/// A line of a flow, by the piece it belongs to, so that it is found again at another width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Place {
    /// Index of the piece.
    pub piece: u32,
    /// Line within the piece, the blank line before it included; clamped at another width.
    pub line: u32,
}

/// A flow at one width.
#[derive(Debug, Clone)]
pub struct Layout {
    flow: Arc<Flow>,
    width: u16,
    /// Columns of code and of wide tables that are scrolled away.
    sideways: u16,
    /// Whether there is room for pictures.
    pictures: bool,
    wrapped: Vec<Option<Box<[Line]>>>,
}

impl Layout {
    /// Lays `flow` out in `width` columns, one at least; wraps nothing yet.
    pub fn new(flow: Arc<Flow>, width: u16) -> Layout {
        let wrapped = vec![None; flow.pieces().len()];
        Layout { flow, width: width.max(1), sideways: 0, pictures: false, wrapped }
    }

    /// Scrolls the lines of code and of wide tables, which are never broken, so many columns to the side.
    pub fn scroll_sideways(&mut self, columns: u16) {
        self.sideways = columns;
        self.forget(|content| matches!(content, Content::Code(_) | Content::Table(_)));
    }

    /// Makes room for pictures, or takes it away.
    pub fn show_pictures(&mut self, shown: bool) {
        if self.pictures != shown {
            self.pictures = shown;
            self.forget(|content| matches!(content, Content::Picture(..)));
        }
    }

    fn forget(&mut self, is_stale: impl Fn(&Content) -> bool) {
        for (slot, piece) in self.wrapped.iter_mut().zip(self.flow.pieces()) {
            if is_stale(&piece.content) {
                *slot = None;
            }
        }
    }

    /// Columns of code and of wide tables that are scrolled away.
    pub fn sideways(&self) -> u16 {
        self.sideways
    }

    /// The same flow in `width` columns; places stay valid.
    #[must_use]
    pub fn rewidth(&self, width: u16) -> Layout {
        let mut layout = Layout::new(Arc::clone(&self.flow), width);
        layout.pictures = self.pictures;
        layout
    }

    /// Its width in columns.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// The lines of a pane of `height` rows whose top is `top`; fewer at the end.
    pub fn page(&mut self, top: Place, height: u16) -> Vec<Line> {
        let mut page = Vec::new();
        let mut at = self.settled(top);
        while page.len() < usize::from(height) && !self.is_end(at) {
            let missing = usize::from(height) - page.len();
            page.extend(self.lines(at.piece).iter().skip(at.line as usize).take(missing).cloned());
            at = Place { piece: at.piece + 1, line: 0 };
        }
        page
    }

    /// `lines` further down, but no further than the last line at the bottom of a pane of `height` rows.
    pub fn down(&mut self, top: Place, lines: usize, height: u16) -> Place {
        let last = self.last(height);
        let top = self.settled(top);
        if top >= last { last } else { self.forward(top, lines, last).min(last) }
    }

    /// `lines` further up, but no further than the first.
    pub fn up(&mut self, top: Place, lines: usize) -> Place {
        let top = self.settled(top);
        self.back(top, lines)
    }

    /// The top of a pane of `height` rows that shows the end.
    pub fn last(&mut self, height: u16) -> Place {
        self.back(self.end(), usize::from(height.max(1)))
    }

    /// The line `lines` below `top`, or the last one.
    pub fn down_from(&mut self, top: Place, lines: usize) -> Place {
        let top = self.settled(top);
        let end = self.end();
        let at = self.forward(top, lines, end);
        if self.is_end(at) { self.back(end, 1) } else { at }
    }

    /// The line that shows byte `at` of a piece.
    pub fn place(&mut self, piece: u32, at: usize) -> Place {
        let gap = self.flow.pieces().get(piece as usize).is_some_and(|piece| piece.gap.is_some());
        let text = self.flow.text(piece);
        let above = text.get(..at).unwrap_or_default().matches('\n').count();
        drop(text);
        let lines = self.lines(piece);
        let shows = |line: &Line| line.source.is_some_and(|source| source.start <= at);
        let line = match lines.iter().rposition(shows) {
            Some(line) => line,
            // Code, whose lines are lines.
            None => (usize::from(gap) + above).min(lines.len().saturating_sub(1)),
        };
        Place { piece, line: u32::try_from(line).unwrap_or(u32::MAX) }
    }

    /// The nearest top of a pane of `height` rows that shows no more than the text.
    pub fn clamp(&mut self, place: Place, height: u16) -> Place {
        let last = self.last(height);
        self.settled(place).min(last)
    }

    /// How many hundredths of the text are above the bottom of the pane; 100 only at the end.
    pub fn progress(&mut self, top: Place, height: u16) -> u8 {
        if self.at_end(top, height) {
            return 100;
        }
        let top = self.settled(top);
        let bottom = self.forward(top, usize::from(height), self.end());
        let above = self.bytes_above(bottom) as u128;
        let percent = above * 100 / self.flow.bytes().max(1) as u128;
        u8::try_from(percent.min(99)).unwrap_or(99)
    }

    /// Whether a pane of `height` rows whose top is `top` shows the end.
    pub fn at_end(&mut self, top: Place, height: u16) -> bool {
        let top = self.settled(top);
        self.is_end(top) || (height > 0 && top >= self.last(height))
    }

    fn end(&self) -> Place {
        Place { piece: u32::try_from(self.wrapped.len()).unwrap_or(u32::MAX), line: 0 }
    }

    fn is_end(&self, place: Place) -> bool {
        place >= self.end()
    }

    /// `place` as one that exists at this width.
    fn settled(&mut self, place: Place) -> Place {
        if self.is_end(place) {
            return self.back(self.end(), 1);
        }
        let last = self.count(place.piece).saturating_sub(1);
        Place { line: place.line.min(last), ..place }
    }

    /// `lines` further down than `from`, stopping once at or beyond `limit`.
    fn forward(&mut self, from: Place, lines: usize, limit: Place) -> Place {
        let mut at = from;
        let mut left = lines;
        while at < limit && !self.is_end(at) {
            let rest = (self.count(at.piece) - at.line) as usize;
            if left < rest {
                at.line += u32::try_from(left).unwrap_or(u32::MAX);
                return at;
            }
            left -= rest;
            at = Place { piece: at.piece + 1, line: 0 };
        }
        at
    }

    fn back(&mut self, from: Place, lines: usize) -> Place {
        let mut at = from;
        let mut left = lines;
        while left > at.line as usize {
            let Some(piece) = at.piece.checked_sub(1) else { return Place::default() };
            left -= at.line as usize;
            at = Place { piece, line: self.count(piece) };
        }
        at.line -= u32::try_from(left).unwrap_or(0);
        at
    }

    fn bytes_above(&mut self, place: Place) -> usize {
        let count = self.count(place.piece).max(1) as usize;
        self.flow
            .pieces()
            .get(place.piece as usize)
            .map_or(self.flow.bytes(), |piece| piece.before + piece.bytes * place.line as usize / count)
    }

    fn count(&mut self, piece: u32) -> u32 {
        u32::try_from(self.lines(piece).len()).unwrap_or(u32::MAX)
    }

    /// The lines of a piece, the blank line before it included; none of a piece that does not exist.
    fn lines(&mut self, index: u32) -> &[Line] {
        let index = index as usize;
        let (Some(slot), Some(piece)) = (self.wrapped.get_mut(index), self.flow.pieces().get(index)) else {
            return &[];
        };
        let width = usize::from(self.width);
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        let Layout { sideways, pictures, .. } = *self;
        let setting = Setting { language: self.flow.language(), sideways, pictures };
        slot.get_or_insert_with(|| piece_lines(piece, number, width, setting).into_boxed_slice())
    }
}

/// The first rows of one block by itself: a headline, a sentence.
pub fn wrapped(block: Block, width: u16, rows: u16) -> Vec<Line> {
    let document = Document { blocks: vec![block], ..Document::default() };
    Layout::new(Arc::new(Flow::new(document)), width).page(Place::default(), rows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markup::{Document, PictureRow, html, markdown, plain};

    fn layout(document: Document, width: u16) -> Layout {
        Layout::new(Arc::new(Flow::new(document)), width)
    }

    fn all(layout: &mut Layout) -> Vec<String> {
        layout.page(Place::default(), u16::MAX).iter().map(Line::text).collect()
    }

    fn check(text: &str, width: u16, expected: &[&str]) {
        assert_eq!(all(&mut layout(markdown(text), width)), expected, "{text}");
    }

    #[test]
    fn sets_each_kind_of_block() {
        check("# Head\nText here.", 20, &["Head", "", "Text here."]);
        check("a\n\n- one two three\n- b\n\nc", 12, &["a", "", "  • one two", "    three", "  • b", "", "c"]);
        check("9. a\n10. b\n    - c", 20, &["   9. a", "  10. b", "      • c"]);
        check("> a\n>\n> > b\n\nc", 20, &["▎ a", "▎ ", "▎ ▎ b", "", "c"]);
        check("```\nlet x = 1;\n\n  y\n```", 10, &["  let x =›", "  ", "    y"]);
        check("a\n\n---\n\nb", 3, &["a", "", "───", "", "b"]);
        check("[x](https://e.example/) y", 30, &["x[1] y", "", "Links", "", "[1] https://e.example/"]);
        check(
            "![A tree](https://e.example/)",
            19,
            &["[image: A tree][1]", "", "Links", "", "[1] https://", "    e.example/"],
        );
    }

    #[test]
    fn pictures_have_their_room_only_where_they_are_shown() {
        let page = "<img src='https://e.example/a.png' alt=A width=160 height=80><p>b";
        let mut layout = layout(html(page, None), 40);
        let before = all(&mut layout);
        assert_eq!(&before[..3], ["[image: A · 160×80][1]", "", "b"]);
        layout.show_pictures(true);
        let page = layout.page(Place::default(), 20);
        let rows: Vec<PictureRow> = page.iter().filter_map(|line| line.picture).collect();
        assert_eq!(rows.len(), 5);
        assert_eq!((rows[4].row, rows[4].columns, rows[4].rows), (4, 20, 5));
        layout.show_pictures(false);
        assert_eq!(all(&mut layout), before);
    }

    #[test]
    fn code_scrolls_sideways() {
        let mut layout = layout(markdown("```\nlet x = 東京;\n```\n\nwords"), 10);
        assert_eq!(all(&mut layout), ["  let x =›", "", "words"]);
        layout.scroll_sideways(4);
        assert_eq!(all(&mut layout), ["  x = 東 ›", "", "words"]);
        layout.scroll_sideways(40);
        assert_eq!(all(&mut layout)[0].trim(), "");
    }

    #[test]
    fn moves_within_the_text() {
        let mut layout = layout(plain("a b c d\n\ne\n\nf"), 3);
        let at = |piece, line| Place { piece, line };
        assert_eq!(all(&mut layout), ["a b", "c d", "", "e", "", "f"]);
        assert_eq!(layout.last(2), at(2, 0));
        assert_eq!(layout.down(at(0, 0), 1, 2), at(0, 1));
        assert_eq!(layout.down(at(0, 0), 3, 2), at(1, 1));
        assert_eq!(layout.down(at(0, 0), usize::MAX, 2), at(2, 0));
        assert_eq!(layout.down(at(0, 0), 3, 100), at(0, 0));
        assert_eq!(layout.up(at(1, 1), 2), at(0, 1));
        assert_eq!(layout.up(at(1, 1), usize::MAX), at(0, 0));
        assert_eq!(layout.clamp(at(9, 9), 2), at(2, 0));
        assert_eq!(layout.clamp(at(0, 9), 2), at(0, 1));
        assert_eq!((layout.progress(at(0, 0), 2), layout.progress(at(2, 0), 2)), (77, 100));
        assert!(!layout.at_end(at(1, 1), 2) && layout.at_end(at(2, 0), 2) && !layout.at_end(at(2, 0), 0));
    }

    #[test]
    fn an_empty_text_is_no_trouble() {
        let mut layout = layout(Document::default(), 0);
        let top = Place::default();
        assert_eq!((layout.page(top, 5), layout.progress(top, 5), layout.last(5)), (vec![], 100, top));
        assert_eq!((layout.down(top, 3, 5), layout.up(top, 3), layout.at_end(top, 0)), (top, top, true));
    }

    #[test]
    fn a_place_survives_another_width() {
        let narrow = layout(plain("aaa bbb ccc ddd\n\neee"), 3);
        let mut wide = narrow.rewidth(40);
        assert_eq!(wide.page(Place { piece: 0, line: 3 }, 1)[0].text(), "aaa bbb ccc ddd");
        assert_eq!(wide.page(Place { piece: 1, line: 1 }, 1)[0].text(), "eee");
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
        [plain(text), markdown(text), html(text, None)]
    }

    fn visible(text: &str) -> String {
        text.chars().filter(|c| !c.is_whitespace()).collect()
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide(text in source(), width in 1_u16..50) {
            for document in documents(&text) {
                for line in layout(document, width).page(Place::default(), u16::MAX) {
                    prop_assert!(line.width() <= usize::from(width), "{:?}", line);
                }
            }
        }

        #[test]
        fn no_character_is_lost(text in "[a-z東京。ا😀e\u{301} \n]{0,80}", width in 2_u16..50) {
            let document = plain(&text);
            // Code is cut at the edge, and scrolled.
            prop_assume!(!document.blocks.iter().any(|block| matches!(block, Block::Code { .. })));
            let shown = layout(document.clone(), width).page(Place::default(), u16::MAX);
            let shown: String = shown.iter().map(Line::text).collect();
            prop_assert_eq!(visible(&shown), visible(&document.plain_text()));
        }

        #[test]
        fn scrolling_goes_through_every_line(text in source(), width in 2_u16..30, height in 1_u16..9) {
            let mut layout = layout(markdown(&text), width);
            let whole = layout.page(Place::default(), u16::MAX);
            let (mut top, mut seen) = (Place::default(), layout.page(Place::default(), height));
            while !layout.at_end(top, height) {
                prop_assert!(layout.progress(top, height) < 100);
                let next = layout.down(top, 1, height);
                prop_assert_eq!(layout.up(next, 1), top);
                top = next;
                seen.extend(layout.page(top, height).pop());
            }
            prop_assert_eq!(layout.progress(top, height), 100);
            prop_assert_eq!(seen, whole);
        }
    }
}
