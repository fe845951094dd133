//! The article in view: its layout, the scroll position, the visible lines, and reading aids.

use std::sync::Arc;

use super::{ArticleEdit, FullTextInfo, LoadedArticle, ScrollAmount};
use crate::{
    markup::{
        self, Block, Flow, FlowLayout, LayoutLine, LineSource, RichText, ScrollPosition, SpanRole,
        TextMatch,
    },
    model::{Entry, EntryId, ReadingPosition},
    text::sanitize,
};

/// Maximum rows of a headline.
const MAX_HEADLINE_ROWS: u16 = 8;

/// Words read per minute, for reading times.
const WORDS_PER_MINUTE: usize = 230;

/// Size of the text in the reading pane, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextPaneSize {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// An article laid out for the reading pane.
#[derive(Debug)]
pub struct ArticleView {
    info: ArticleInfo,
    flow: Arc<Flow>,
    layout: FlowLayout,
    headline: Vec<LayoutLine>,
    /// Rows of the head (headline, byline, rule, blank) that are scrolled out of view.
    hidden_head_rows: u16,
    top_position: ScrollPosition,
    saved_position: ReadingPosition,
    height: u16,
    visible_lines: Vec<LayoutLine>,
    progress_percent: u8,
    aids: ReadingAids,
}

/// Facts about the article that do not depend on the layout.
#[derive(Debug)]
struct ArticleInfo {
    entry_id: EntryId,
    title: String,
    full_text: Option<FullTextInfo>,
    has_damaged_full_text: bool,
    word_count: usize,
    has_story: bool,
    edit: Option<ArticleEdit>,
    /// The view shows what was changed in the article, and not its text.
    is_diff: bool,
}

/// Aids for finding one's way in an article.
#[derive(Debug, Default)]
struct ReadingAids {
    /// The match shown last.
    current_hit: Option<TextMatch>,
    /// Positions before each jump, with the rows of the head that were out of view.
    jump_stack: Vec<(ScrollPosition, u16)>,
    /// Row of the reading ruler in the pane; `None` if it is off.
    ruler_row: Option<u16>,
}

/// The row on which the reading ruler begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::app) enum RulerStart {
    /// The first row of the text.
    #[default]
    Text,
    /// The first row in view.
    Head,
}

impl ArticleView {
    pub(in crate::app) fn new(
        entry: &Entry,
        article: LoadedArticle,
        geometry: TextPaneSize,
    ) -> ArticleView {
        let width = geometry.width.max(1);
        let mut shown = ArticleView {
            info: ArticleInfo {
                entry_id: entry.id,
                title: entry.title.clone(),
                full_text: article.full_text,
                has_damaged_full_text: article.has_damaged_full_text,
                word_count: article.word_count,
                has_story: article.has_story,
                edit: article.edit,
                is_diff: false,
            },
            headline: wrap_headline(&entry.title, &article.flow, width),
            layout: FlowLayout::new(Arc::clone(&article.flow), width),
            flow: article.flow,
            hidden_head_rows: 0,
            top_position: article.position.into(),
            saved_position: article.position,
            height: geometry.height,
            visible_lines: Vec::new(),
            progress_percent: 0,
            aids: ReadingAids::default(),
        };
        shown.update_visible_lines();
        shown
    }

    /// Creates a view of what was changed in an article.
    pub(in crate::app) fn of_diff(
        entry: &Entry,
        (article, flow): (LoadedArticle, Arc<Flow>),
        geometry: TextPaneSize,
    ) -> ArticleView {
        let position = ReadingPosition::default();
        let article = LoadedArticle { flow, position, ..article };
        let mut view = ArticleView::new(entry, article, geometry);
        view.info.is_diff = true;
        view
    }

    /// Returns whether what was changed in the article is shown in place of its text.
    pub fn is_diff(&self) -> bool {
        self.info.is_diff
    }

    /// Returns whether the article shares its story with others.
    pub fn has_story(&self) -> bool {
        self.info.has_story
    }

    /// Returns what the publisher has edited in the article.
    pub fn edit(&self) -> Option<ArticleEdit> {
        self.info.edit
    }

    /// Returns the entry of the article.
    pub fn entry_id(&self) -> EntryId {
        self.info.entry_id
    }

    /// Returns where the full text is from, if it was fetched.
    pub fn full_text(&self) -> Option<&FullTextInfo> {
        self.info.full_text.as_ref()
    }

    /// Returns true if the full text is damaged, and this is the text of the feed.
    pub fn has_damaged_full_text(&self) -> bool {
        self.info.has_damaged_full_text
    }

    /// Returns the rows of the headline.
    pub fn headline(&self) -> &[LayoutLine] {
        &self.headline
    }

    /// Returns the rows of the head that are scrolled out of view.
    pub fn hidden_head_rows(&self) -> u16 {
        self.hidden_head_rows
    }

    /// Returns the rows of the whole head: headline, byline, rule, blank.
    pub fn head_rows(&self) -> u16 {
        u16::try_from(self.headline.len()).unwrap_or(MAX_HEADLINE_ROWS) + 3
    }

    /// Returns the lines of text in view, below the visible rows of the head.
    pub fn visible_lines(&self) -> &[LayoutLine] {
        &self.visible_lines
    }

    /// Returns the text, independent of its width.
    pub fn flow(&self) -> &Arc<Flow> {
        &self.flow
    }

    /// Returns the match shown last.
    pub fn current_match(&self) -> Option<&TextMatch> {
        self.aids.current_hit.as_ref()
    }

    /// Returns the row of the reading ruler in the pane.
    pub fn ruler_row(&self) -> Option<u16> {
        self.aids.ruler_row
    }

    /// Returns the texts and blocks of footnotes, and of other targets further down.
    pub fn footnotes(&self) -> Vec<(String, u32)> {
        self.flow.footnote_previews()
    }

    /// Returns the paragraph at the ruler, or the first one in view.
    pub fn current_paragraph(&self) -> Option<String> {
        let head = self.head_rows() - self.hidden_head_rows;
        let from = self.aids.ruler_row.map_or(0, |row| usize::from(row.saturating_sub(head)));
        let source = |line: &LayoutLine| line.source.filter(|_| !line.text().trim().is_empty());
        let LineSource { block: piece, .. } =
            self.visible_lines.iter().skip(from).find_map(source)?;
        Some(self.flow.source_text(piece).into_owned())
    }

    /// Returns the links in the order of their numbers.
    pub fn links(&self) -> &[markup::DocumentLink] {
        self.flow.links()
    }

    /// Returns the share of the text above the end of the page, in percent.
    pub fn progress_percent(&self) -> u8 {
        self.progress_percent
    }

    /// Returns the minutes that reading the article takes.
    pub fn reading_minutes(&self) -> usize {
        self.info.word_count.div_ceil(WORDS_PER_MINUTE).max(1)
    }

    /// Returns whether the end of the article is in view.
    pub fn is_at_end(&self) -> bool {
        self.progress_percent == 100
    }

    /// Returns the position of the top of the page.
    pub fn position(&self) -> ReadingPosition {
        self.top_position.into()
    }

    /// Returns the position in `flow`, another form of the text, at which the same words are at the top.
    pub(in crate::app) fn position_in(&self, flow: &Flow) -> ReadingPosition {
        let position = self.position();
        if position == ReadingPosition::default() && self.hidden_head_rows < self.head_rows() {
            return position;
        }
        let block = flow.block_at_same_place(&self.flow, position.block);
        ReadingPosition { block, ..position }
    }

    pub(in crate::app) fn resize(&mut self, geometry: TextPaneSize) {
        if self.layout.width() != geometry.width.max(1) {
            let width = geometry.width.max(1);
            self.layout = self.layout.with_width(width);
            self.headline = wrap_headline(&self.info.title, &self.flow, width);
        }
        self.height = geometry.height;
        self.update_visible_lines();
    }

    pub(in crate::app) fn show_match(&mut self, hit: Option<TextMatch>) {
        if let Some(hit) = &hit {
            let place = self.layout.position_of_byte(hit.block, hit.range.start);
            self.scroll_into_view(place);
        }
        self.aids.current_hit = hit;
    }

    /// Shows a match; if the text moves for it, [`ArticleView::jump_back`] leads back.
    pub(in crate::app) fn jump_to_match(&mut self, hit: TextMatch) {
        let before = (self.top_position, self.hidden_head_rows);
        self.show_match(Some(hit));
        if self.top_position != before.0 {
            self.aids.jump_stack.push(before);
        }
    }

    /// Scrolls so that `place` is in the upper third of the pane, unless it is in view.
    fn scroll_into_view(&mut self, place: ScrollPosition) {
        let height = self.visible_text_rows();
        let last =
            self.layout.position_below(self.top_position, usize::from(height.saturating_sub(1)));
        if place < self.top_position || place > last {
            self.top_position = self.layout.scroll_up(place, usize::from(self.height / 3));
            if self.top_position > ScrollPosition::default() {
                self.hidden_head_rows = self.head_rows();
            }
        }
        self.update_visible_lines();
    }

    /// Shows the beginning of a block, in the upper third of the pane unless it is in view.
    pub(in crate::app) fn show_block(&mut self, block: u32) {
        self.scroll_into_view(ScrollPosition { block, line: 0 });
    }

    pub(in crate::app) fn jump_to_block(&mut self, piece: u32) {
        self.aids.jump_stack.push((self.top_position, self.hidden_head_rows));
        self.top_position = ScrollPosition { block: piece, line: 0 };
        self.hidden_head_rows = self.head_rows();
        self.update_visible_lines();
    }

    /// Scrolls code by half a pane; returns whether it moved.
    pub(in crate::app) fn scroll_code(&mut self, step: i32) -> bool {
        let goes_on = || {
            self.visible_lines
                .iter()
                .any(|line| line.spans.iter().any(|span| span.role == SpanRole::OverflowMark))
        };
        if (step > 0 && !goes_on()) || (step < 0 && self.layout.horizontal_scroll() == 0) {
            return false;
        }
        let half = i32::from(self.layout.width() / 2).max(1);
        let columns = (i32::from(self.layout.horizontal_scroll()) + step * half).max(0);
        self.layout.set_horizontal_scroll(u16::try_from(columns).unwrap_or(u16::MAX));
        self.update_visible_lines();
        true
    }

    pub(in crate::app) fn jump_back(&mut self) -> bool {
        let Some(before) = self.aids.jump_stack.pop() else { return false };
        (self.top_position, self.hidden_head_rows) = before;
        self.update_visible_lines();
        true
    }

    /// Shows or hides pictures; the paragraph at the top keeps its place.
    pub(in crate::app) fn set_images_visible(&mut self, shown: bool) {
        self.layout.set_images_shown(shown);
        self.update_visible_lines();
    }

    /// Returns whether the position differs from the stored one.
    pub(in crate::app) fn has_unsaved_position(&self) -> bool {
        !self.is_diff() && self.position() != self.saved_position
    }

    /// Puts the reading ruler on a row, or turns it off.
    pub(in crate::app) fn set_ruler(&mut self, start: Option<RulerStart>) {
        self.aids.ruler_row = start.map(|start| match start {
            RulerStart::Text => self.head_rows() - self.hidden_head_rows,
            RulerStart::Head => 0,
        });
    }

    /// Moves the ruler; around the middle of the pane it stays, and the text moves instead.
    fn move_ruler(&mut self, row: u16, down: bool) -> u16 {
        let filled = self.head_rows() - self.hidden_head_rows
            + u16::try_from(self.visible_lines.len()).unwrap_or(u16::MAX);
        let middle = self.height / 2;
        if down && row >= middle && !self.is_end_visible() {
            self.scroll_down(1);
            return row;
        }
        let moved = self.hidden_head_rows > 0 || self.top_position > ScrollPosition::default();
        if !down && row <= middle && moved {
            self.scroll_up(1);
            return row;
        }
        if down { (row + 1).min(filled.saturating_sub(1)) } else { row.saturating_sub(1) }
    }

    pub(in crate::app) fn scroll(&mut self, by: ScrollAmount) {
        if let (ScrollAmount::Lines(lines), Some(row)) = (by, self.aids.ruler_row) {
            let row = (0..lines.unsigned_abs()).fold(row, |row, _| self.move_ruler(row, lines > 0));
            self.aids.ruler_row = Some(row);
            return self.update_visible_lines();
        }
        let page = i32::from(self.height.saturating_sub(2).max(1));
        match by {
            ScrollAmount::Lines(lines) if lines < 0 => self.scroll_up(lines.unsigned_abs()),
            ScrollAmount::Lines(lines) => self.scroll_down(lines.unsigned_abs()),
            ScrollAmount::Pages(pages) if pages < 0 => {
                self.scroll_up((pages * page).unsigned_abs());
            }
            ScrollAmount::Pages(pages) => self.scroll_down((pages * page).unsigned_abs()),
            ScrollAmount::Start => {
                self.top_position = ScrollPosition::default();
                self.hidden_head_rows = 0;
            }
            ScrollAmount::End => self.scroll_to_end(),
        }
        self.update_visible_lines();
    }

    /// Scrolls the head out of view first, then the text.
    fn scroll_down(&mut self, mut lines: u32) {
        while lines > 0 && self.hidden_head_rows < self.head_rows() && !self.is_end_visible() {
            self.hidden_head_rows += 1;
            lines -= 1;
        }
        if lines > 0 && self.hidden_head_rows == self.head_rows() {
            self.top_position = self.layout.scroll_down(
                self.top_position,
                lines as usize,
                self.visible_text_rows(),
            );
        }
    }

    fn scroll_up(&mut self, lines: u32) {
        for _ in 0..lines {
            if self.top_position > ScrollPosition::default() {
                self.top_position = self.layout.scroll_up(self.top_position, 1);
            } else if self.hidden_head_rows > 0 {
                self.hidden_head_rows -= 1;
            } else {
                break;
            }
        }
    }

    fn scroll_to_end(&mut self) {
        while self.hidden_head_rows < self.head_rows() && !self.is_end_visible() {
            self.hidden_head_rows += 1;
        }
        if !self.is_end_visible() {
            self.top_position = self.layout.last_top(self.visible_text_rows());
        }
    }

    fn is_end_visible(&mut self) -> bool {
        self.layout.shows_end(self.top_position, self.visible_text_rows())
    }

    fn visible_text_rows(&self) -> u16 {
        self.height.saturating_sub(self.head_rows() - self.hidden_head_rows)
    }

    /// Scrolls the head back into view as far as the end of a short text stays in view.
    fn reveal_head(&mut self) {
        while self.hidden_head_rows > 0 && self.top_position == ScrollPosition::default() {
            self.hidden_head_rows -= 1;
            if !self.is_end_visible() {
                self.hidden_head_rows += 1;
                return;
            }
        }
    }

    /// Updates the page after a change of the position or the size.
    fn update_visible_lines(&mut self) {
        if self.top_position > ScrollPosition::default() {
            self.hidden_head_rows = self.head_rows();
        }
        self.top_position = self.layout.clamp_top(self.top_position, self.visible_text_rows());
        self.reveal_head();
        self.visible_lines = self.layout.visible_lines(self.top_position, self.visible_text_rows());
        self.progress_percent =
            self.layout.progress_percent(self.top_position, self.visible_text_rows());
    }
}

impl From<ReadingPosition> for ScrollPosition {
    fn from(ReadingPosition { block, line }: ReadingPosition) -> ScrollPosition {
        ScrollPosition { block, line }
    }
}

impl From<ScrollPosition> for ReadingPosition {
    fn from(ScrollPosition { block, line }: ScrollPosition) -> ReadingPosition {
        ReadingPosition { block, line }
    }
}

/// Returns the rows of the headline; none above a text that opens with it.
fn wrap_headline(title: &str, flow: &Flow, width: u16) -> Vec<LayoutLine> {
    if flow.opens_with_headline() {
        return Vec::new();
    }
    markup::wrap_block(
        Block::Heading { level: 1, text: RichText::plain(sanitize::to_line(title)) },
        width,
        MAX_HEADLINE_ROWS,
    )
}
