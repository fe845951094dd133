//! The article in view: how far it is scrolled, what of it is seen, and what helps to find one's way in it.

use std::sync::Arc;

use super::{Article, Geometry, Scroll};
use crate::{
    markup::{self, Block, Flow, Hit, Layout, Line, Role, Source, Text},
    model::{Entry, EntryId, Place},
    text::clean,
};

/// Rows of a headline at the most.
const HEADLINE_ROWS: u16 = 8;

/// Words a minute, for reading times.
const PACE: usize = 230;

/// The article in view.
#[derive(Debug)]
pub struct Shown {
    facts: Facts,
    flow: Arc<Flow>,
    layout: Layout,
    headline: Vec<Line>,
    /// Rows of the head (headline, byline, rule, blank) that are scrolled away.
    head_gone: u16,
    top: markup::Place,
    kept: Place,
    height: u16,
    page: Vec<Line>,
    progress: u8,
    aids: Aids,
}

/// What is known of the article, whatever is in view.
#[derive(Debug)]
struct Facts {
    id: EntryId,
    title: String,
    full_text: Option<(bool, String)>,
    words: usize,
}

/// What helps to find one's way in an article.
#[derive(Debug, Default)]
struct Aids {
    /// What was found last, which is shown.
    marked: Option<Hit>,
    /// Where the reader was before each jump.
    jumps: Vec<markup::Place>,
    /// The row of the pane that the reading ruler is on, if it is.
    ruler: Option<u16>,
}

impl Shown {
    pub(super) fn new(entry: &Entry, article: Article, geometry: Geometry) -> Shown {
        let width = geometry.width.max(1);
        let mut shown = Shown {
            facts: Facts {
                id: entry.id,
                title: entry.title.clone(),
                full_text: article.full_text,
                words: article.words,
            },
            layout: Layout::new(Arc::clone(&article.flow), width),
            flow: article.flow,
            headline: headline(&entry.title, width),
            head_gone: 0,
            top: markup::Place { piece: article.place.piece, line: article.place.line },
            kept: article.place,
            height: geometry.height,
            page: Vec::new(),
            progress: 0,
            aids: Aids::default(),
        };
        shown.settle();
        shown
    }

    /// The entry it belongs to.
    pub fn id(&self) -> EntryId {
        self.facts.id
    }

    /// If the page of the original was fetched: whether its text is shown, and the host it is from.
    pub fn full_text(&self) -> Option<(bool, &str)> {
        self.facts.full_text.as_ref().map(|(shown, host)| (*shown, host.as_str()))
    }

    /// The rows of the headline.
    pub fn headline(&self) -> &[Line] {
        &self.headline
    }

    /// How many rows of the head are scrolled away.
    pub fn head_gone(&self) -> u16 {
        self.head_gone
    }

    /// Rows of the whole head: headline, byline, rule, blank.
    pub fn head_rows(&self) -> u16 {
        u16::try_from(self.headline.len()).unwrap_or(HEADLINE_ROWS) + 3
    }

    /// The lines of text in view, below what is left of the head.
    pub fn page(&self) -> &[Line] {
        &self.page
    }

    /// The text, whatever its width.
    pub fn flow(&self) -> &Arc<Flow> {
        &self.flow
    }

    /// What was found last.
    pub fn marked(&self) -> Option<&Hit> {
        self.aids.marked.as_ref()
    }

    /// The row of the pane that the reading ruler is on.
    pub fn ruler(&self) -> Option<u16> {
        self.aids.ruler
    }

    /// Footnotes and the like: their words, and the piece they are.
    pub fn notes(&self) -> Vec<(String, u32)> {
        self.flow.notes()
    }

    /// The paragraph at the ruler, or the first one in view.
    pub fn paragraph(&self) -> Option<String> {
        let head = self.head_rows() - self.head_gone;
        let from = self.aids.ruler.map_or(0, |row| usize::from(row.saturating_sub(head)));
        let source = |line: &Line| line.source.filter(|_| !line.text().trim().is_empty());
        let Source { piece, .. } = self.page.iter().skip(from).find_map(source)?;
        Some(self.flow.text(piece).into_owned())
    }

    /// The links, in the order of their numbers.
    pub fn links(&self) -> &[markup::Link] {
        self.flow.links()
    }

    /// How many hundredths of the text are read at the end of the page.
    pub fn progress(&self) -> u8 {
        self.progress
    }

    /// Minutes that reading all of it takes.
    pub fn minutes(&self) -> usize {
        self.facts.words.div_ceil(PACE).max(1)
    }

    /// Whether the end of the article is in view.
    pub fn at_end(&self) -> bool {
        self.progress == 100
    }

    /// Where the top of the page is.
    pub fn place(&self) -> Place {
        Place { piece: self.top.piece, line: self.top.line }
    }

    pub(super) fn fit(&mut self, geometry: Geometry) {
        if self.layout.width() != geometry.width.max(1) {
            let width = geometry.width.max(1);
            self.layout = self.layout.rewidth(width);
            self.headline = headline(&self.facts.title, width);
        }
        self.height = geometry.height;
        self.settle();
    }

    pub(super) fn mark(&mut self, hit: Option<Hit>) {
        if let Some(hit) = &hit {
            let place = self.layout.place(hit.piece, hit.range.start);
            self.bring_into_view(place);
        }
        self.aids.marked = hit;
    }

    /// Scrolls so that `place` is in the upper third of the pane, unless it is in view.
    fn bring_into_view(&mut self, place: markup::Place) {
        let height = self.text_height();
        let last = self.layout.down_from(self.top, usize::from(height.saturating_sub(1)));
        if place < self.top || place > last {
            self.top = self.layout.up(place, usize::from(self.height / 3));
            if self.top > markup::Place::default() {
                self.head_gone = self.head_rows();
            }
        }
        self.settle();
    }

    pub(super) fn jump(&mut self, piece: u32) {
        self.aids.jumps.push(self.top);
        self.top = markup::Place { piece, line: 0 };
        self.head_gone = self.head_rows();
        self.settle();
    }

    /// Scrolls code by half a pane; whether there was any way to go.
    pub(super) fn scroll_sideways(&mut self, step: i32) -> bool {
        let goes_on = || self.page.iter().any(|line| line.spans.iter().any(|span| span.role == Role::More));
        if (step > 0 && !goes_on()) || (step < 0 && self.layout.sideways() == 0) {
            return false;
        }
        let half = i32::from(self.layout.width() / 2).max(1);
        let columns = (i32::from(self.layout.sideways()) + step * half).max(0);
        self.layout.scroll_sideways(u16::try_from(columns).unwrap_or(u16::MAX));
        self.settle();
        true
    }

    pub(super) fn jump_back(&mut self) -> bool {
        let Some(place) = self.aids.jumps.pop() else { return false };
        self.top = place;
        self.settle();
        true
    }

    /// Makes room for pictures, or takes it away; the paragraph at the top stays there.
    pub(super) fn show_pictures(&mut self, shown: bool) {
        self.layout.show_pictures(shown);
        self.settle();
    }

    /// Whether the place is another than the one that is kept.
    pub(super) fn has_moved(&self) -> bool {
        self.place() != self.kept
    }

    /// Puts the reading ruler on the first row, or takes it away.
    pub(super) fn rule(&mut self, on: bool) {
        self.aids.ruler = on.then_some(self.head_rows() - self.head_gone);
    }

    /// Moves the ruler; it stays around the middle, and the text moves under it.
    fn step(&mut self, row: u16, down: bool) -> u16 {
        let filled = self.head_rows() - self.head_gone + u16::try_from(self.page.len()).unwrap_or(u16::MAX);
        let middle = self.height / 2;
        if down && row >= middle && !self.all_in_view() {
            self.down(1);
            return row;
        }
        let moved = self.head_gone > 0 || self.top > markup::Place::default();
        if !down && row <= middle && moved {
            self.up(1);
            return row;
        }
        if down { (row + 1).min(filled.saturating_sub(1)) } else { row.saturating_sub(1) }
    }

    pub(super) fn scroll(&mut self, by: Scroll) {
        if let (Scroll::Lines(lines), Some(row)) = (by, self.aids.ruler) {
            let row = (0..lines.unsigned_abs()).fold(row, |row, _| self.step(row, lines > 0));
            self.aids.ruler = Some(row);
            return self.settle();
        }
        let page = i32::from(self.height.saturating_sub(2).max(1));
        match by {
            Scroll::Lines(lines) if lines < 0 => self.up(lines.unsigned_abs()),
            Scroll::Lines(lines) => self.down(lines.unsigned_abs()),
            Scroll::Pages(pages) if pages < 0 => self.up((pages * page).unsigned_abs()),
            Scroll::Pages(pages) => self.down((pages * page).unsigned_abs()),
            Scroll::Start => {
                self.top = markup::Place::default();
                self.head_gone = 0;
            }
            Scroll::End => self.go_to_end(),
        }
        self.settle();
    }

    /// The head scrolls away first, then the text.
    fn down(&mut self, mut lines: u32) {
        while lines > 0 && self.head_gone < self.head_rows() && !self.all_in_view() {
            self.head_gone += 1;
            lines -= 1;
        }
        if lines > 0 && self.head_gone == self.head_rows() {
            self.top = self.layout.down(self.top, lines as usize, self.text_height());
        }
    }

    fn up(&mut self, lines: u32) {
        for _ in 0..lines {
            if self.top > markup::Place::default() {
                self.top = self.layout.up(self.top, 1);
            } else if self.head_gone > 0 {
                self.head_gone -= 1;
            } else {
                break;
            }
        }
    }

    fn go_to_end(&mut self) {
        while self.head_gone < self.head_rows() && !self.all_in_view() {
            self.head_gone += 1;
        }
        if !self.all_in_view() {
            self.top = self.layout.last(self.text_height());
        }
    }

    fn all_in_view(&mut self) -> bool {
        self.layout.at_end(self.top, self.text_height())
    }

    fn text_height(&self) -> u16 {
        self.height.saturating_sub(self.head_rows() - self.head_gone)
    }

    /// Brings place and page in line with the size.
    fn settle(&mut self) {
        if self.top > markup::Place::default() {
            self.head_gone = self.head_rows();
        }
        self.top = self.layout.clamp(self.top, self.text_height());
        self.page = self.layout.page(self.top, self.text_height());
        self.progress = self.layout.progress(self.top, self.text_height());
    }
}

fn headline(title: &str, width: u16) -> Vec<Line> {
    markup::wrapped(Block::Heading { level: 1, text: Text::plain(clean::line(title)) }, width, HEADLINE_ROWS)
}
