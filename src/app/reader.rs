//! The reader: the article in view, how far it is scrolled, and the articles at hand next to it.

use std::{collections::VecDeque, sync::Arc};

use super::{Effect, Effects, Pictures, Shown, StoreWrite};
use crate::{
    markup::{Flow, Hit},
    model::{Entry, EntryId, Failure, Place},
    settings::Switch,
};

/// How many articles stay at hand: the one in view, its neighbours, and the way back.
const AT_HAND: usize = 8;

/// An article, ready to be laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Its text.
    pub flow: Arc<Flow>,
    /// How many words it has.
    pub words: usize,
    /// Where its reader was.
    pub place: Place,
    /// If the page of the original was fetched: whether its text is the one that is shown, and the host it is from.
    pub full_text: Option<(bool, String)>,
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
    /// Whether the reading ruler is on.
    ruled: bool,
    /// The pictures of the wide article.
    pub pictures: Pictures,
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
    /// A reader that shows nothing yet, and pictures as the setting has it.
    pub fn with_pictures(images: Switch) -> Reader {
        Reader { pictures: Pictures::new(images), ..Reader::default() }
    }

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
        let moved = shown.filter(Shown::has_moved);
        if let Some(shown) = &moved
            && let Some((_, article)) = self.at_hand.iter_mut().find(|(id, _)| *id == shown.id())
        {
            article.place = shown.place();
        }
        moved.map(|shown| StoreWrite::Place(shown.id(), shown.place())).into()
    }

    /// Takes an article that was asked for.
    pub fn arrived(&mut self, id: EntryId, result: Result<Article, Failure>, entry: Option<&Entry>) {
        self.asked.retain(|asked| *asked != id);
        match result {
            Ok(mut article) => {
                // The text in view may have changed; its reader is where it was.
                let shown = self.shown.as_ref().filter(|shown| shown.id() == id);
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

    /// Shows a place that was found; none is forgotten.
    pub fn mark(&mut self, hit: Option<Hit>) {
        if let Some(shown) = &mut self.shown {
            shown.mark(hit);
        }
    }

    /// Goes to a piece of the article; [`Reader::jump_back`] leads back.
    pub fn jump(&mut self, piece: u32) {
        if let Some(shown) = &mut self.shown {
            shown.jump(piece);
        }
    }

    /// Goes back to where the last jump began; whether there was one.
    pub fn jump_back(&mut self) -> bool {
        self.shown.as_mut().is_some_and(Shown::jump_back)
    }

    /// Scrolls code to the side; whether it moved.
    pub fn scroll_sideways(&mut self, step: i32) -> bool {
        self.shown.as_mut().is_some_and(|shown| shown.scroll_sideways(step))
    }

    /// Makes room for pictures, or takes it away.
    pub fn show_pictures(&mut self, shown: bool) {
        if self.pictures.show(shown)
            && let Some(article) = &mut self.shown
        {
            article.show_pictures(shown);
        }
    }

    /// Lights up one line after the other, or no longer; whether it does now.
    pub fn toggle_ruler(&mut self) -> bool {
        self.ruled = !self.ruled;
        if let Some(shown) = &mut self.shown {
            shown.rule(self.ruled);
        }
        self.ruled
    }

    fn open(&mut self, entry: Option<&Entry>) {
        let Some(entry) = entry else { return };
        if let Some((_, article)) = self.at_hand.iter().find(|(id, _)| *id == entry.id) {
            let mut shown = Shown::new(entry, article.clone(), self.geometry);
            shown.show_pictures(self.pictures.are_shown());
            shown.rule(self.ruled);
            self.shown = Some(shown);
        }
    }

    /// Has an article brought anew: its text is another.
    pub fn renew(&mut self, id: EntryId) -> Effects {
        self.at_hand.retain(|(known, _)| *known != id);
        self.asked.retain(|asked| *asked != id);
        if self.wanted == Some(id) { self.ask(id) } else { Effects::none() }
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
