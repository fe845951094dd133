//! The reader: the article in view, how far it is scrolled, and the articles at hand next to it.

use std::{collections::VecDeque, sync::Arc};

use super::{Effect, Effects, StoreWrite};
use crate::{
    markup::{self, Block, Flow, Layout, Line, Text},
    model::{Entry, EntryId, Failure, Place},
    text::clean,
};

/// How many articles stay at hand: the one in view, its neighbours, and the way back.
const AT_HAND: usize = 8;

/// Rows of a headline at the most.
const HEADLINE_ROWS: u16 = 8;

/// Words a minute, for reading times.
const PACE: usize = 230;

/// An article, ready to be laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Its text.
    pub flow: Arc<Flow>,
    /// How many words it has.
    pub words: usize,
    /// Where its reader was.
    pub place: Place,
}

/// The size of the text in the reading pane, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Geometry {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// What the reading pane shows.
#[derive(Debug, Default)]
pub struct Reader {
    shown: Option<Shown>,
    wanted: Option<EntryId>,
    failure: Option<(EntryId, Failure)>,
    at_hand: VecDeque<(EntryId, Article)>,
    asked: Vec<EntryId>,
    geometry: Geometry,
}

/// The article in view.
#[derive(Debug)]
pub struct Shown {
    id: EntryId,
    words: usize,
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
}

/// A distance to scroll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scroll {
    /// Lines up (negative) or down.
    Lines(i32),
    /// Pages up (negative) or down.
    Pages(i32),
    /// To the beginning.
    Start,
    /// To the end.
    End,
}

impl Reader {
    /// The article in view.
    pub fn shown(&self) -> Option<&Shown> {
        self.shown.as_ref()
    }

    /// Why the wanted article cannot be shown.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref().filter(|(id, _)| Some(*id) == self.wanted).map(|(_, failure)| failure)
    }

    /// Shows `entry` (nothing, without one) as soon as it is at hand; keeps the place in what was shown.
    pub fn show(&mut self, entry: Option<&Entry>) -> Effects {
        if self.wanted == entry.map(|entry| entry.id) {
            return Effects::none();
        }
        let left = self.leave();
        self.wanted = entry.map(|entry| entry.id);
        self.open(entry);
        left
    }

    /// Has the article to be shown brought, and its neighbours after it.
    pub fn bring(&mut self, neighbours: &[EntryId]) -> Effects {
        let ids = self.wanted.into_iter().chain(neighbours.iter().copied());
        ids.fold(Effects::none(), |effects, id| effects.and(self.ask(id)))
    }

    /// Keeps the place in the article in view.
    pub fn leave(&mut self) -> Effects {
        let shown = self.shown.take();
        let moved = shown.filter(|shown| shown.place() != shown.kept);
        if let Some(shown) = &moved
            && let Some((_, article)) = self.at_hand.iter_mut().find(|(id, _)| *id == shown.id)
        {
            article.place = shown.place();
        }
        moved.map(|shown| StoreWrite::Place(shown.id, shown.place())).into()
    }

    /// Takes an article that was asked for.
    pub fn arrived(&mut self, id: EntryId, result: Result<Article, Failure>, entry: Option<&Entry>) {
        self.asked.retain(|asked| *asked != id);
        match result {
            Ok(mut article) => {
                // The text in view may have changed; its reader is where it was.
                let shown = self.shown.as_ref().filter(|shown| shown.id == id);
                article.place = shown.map_or(article.place, Shown::place);
                self.keep(id, article);
            }
            Err(failure) => self.failure = Some((id, failure)),
        }
        if self.wanted == Some(id) {
            self.open(entry.filter(|entry| entry.id == id));
        }
    }

    /// Forgets every article: what is stored has changed. The one in view stays until it is brought anew.
    pub fn forget(&mut self) -> Effects {
        self.at_hand.clear();
        self.asked.clear();
        self.wanted.map(|id| self.ask(id)).unwrap_or_default()
    }

    /// Fits the article in view into `geometry`; the paragraph at the top stays there.
    pub fn fit(&mut self, geometry: Geometry) {
        if self.geometry == geometry {
            return;
        }
        self.geometry = geometry;
        if let Some(shown) = &mut self.shown {
            shown.fit(geometry);
        }
    }

    /// Whether the end of the article is in view, or there is none.
    pub fn at_end(&self) -> bool {
        self.shown.as_ref().is_none_or(Shown::at_end)
    }

    /// Scrolls; does nothing without an article.
    pub fn scroll(&mut self, by: Scroll) {
        if let Some(shown) = &mut self.shown {
            shown.scroll(by);
        }
    }

    fn open(&mut self, entry: Option<&Entry>) {
        let Some(entry) = entry else { return };
        if let Some((_, article)) = self.at_hand.iter().find(|(id, _)| *id == entry.id) {
            self.shown = Some(Shown::new(entry, article.clone(), self.geometry));
        }
    }

    fn ask(&mut self, id: EntryId) -> Effects {
        let known = self.asked.contains(&id) || self.at_hand.iter().any(|(known, _)| *known == id);
        if known {
            return Effects::none();
        }
        self.asked.push(id);
        Effect::Article(id).into()
    }

    fn keep(&mut self, id: EntryId, article: Article) {
        self.at_hand.retain(|(known, _)| *known != id);
        self.at_hand.push_back((id, article));
        if self.at_hand.len() > AT_HAND {
            self.at_hand.pop_front();
        }
    }
}

impl Shown {
    fn new(entry: &Entry, article: Article, geometry: Geometry) -> Shown {
        let width = geometry.width.max(1);
        let mut shown = Shown {
            id: entry.id,
            words: article.words,
            layout: Layout::new(Arc::clone(&article.flow), width),
            flow: article.flow,
            headline: headline(&entry.title, width),
            head_gone: 0,
            top: markup::Place { piece: article.place.piece, line: article.place.line },
            kept: article.place,
            height: geometry.height,
            page: Vec::new(),
            progress: 0,
        };
        shown.settle();
        shown
    }

    /// The entry it belongs to.
    pub fn id(&self) -> EntryId {
        self.id
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
        self.words.div_ceil(PACE).max(1)
    }

    /// Whether the end of the article is in view.
    pub fn at_end(&self) -> bool {
        self.progress == 100
    }

    /// Where the top of the page is.
    pub fn place(&self) -> Place {
        Place { piece: self.top.piece, line: self.top.line }
    }

    fn fit(&mut self, geometry: Geometry) {
        if self.layout.width() != geometry.width.max(1) {
            let width = geometry.width.max(1);
            self.layout = self.layout.rewidth(width);
            let title: String = self.headline.iter().map(|line| line.text() + " ").collect();
            self.headline = headline(title.trim_end(), width);
        }
        self.height = geometry.height;
        self.settle();
    }

    fn scroll(&mut self, by: Scroll) {
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
