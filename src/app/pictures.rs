//! Pictures of the wide article: which are in view, which are at hand.

use std::{collections::VecDeque, sync::Arc};

use super::{App, Effect, Effects};
use crate::{
    markup::PictureRow,
    model::Failure,
    picture::Drawing,
    settings::{Colors, Glyphs, Switch},
};

/// How many pictures stay at hand.
const AT_HAND: usize = 32;

/// A picture at a size in cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureKey {
    /// Where it is.
    pub url: String,
    /// Columns it may take.
    pub columns: u16,
    /// Rows it may take.
    pub rows: u16,
}

/// The pictures at hand, and those on their way.
#[derive(Debug, Default)]
pub struct Pictures {
    /// Whether the user wants any.
    wanted: bool,
    /// Whether there is room for them.
    shown: bool,
    known: VecDeque<(PictureKey, Option<Fetched>)>,
}

/// A picture in cells, or why there is none.
type Fetched = Result<Arc<Drawing>, Failure>;

impl Pictures {
    /// As the settings have it.
    pub(super) fn new(images: Switch) -> Pictures {
        Pictures { wanted: images == Switch::On, ..Pictures::default() }
    }

    /// Whether there is room for them.
    pub(super) fn are_shown(&self) -> bool {
        self.shown
    }

    /// Makes room, or takes it away; whether that is a change.
    pub(super) fn show(&mut self, shown: bool) -> bool {
        std::mem::replace(&mut self.shown, shown) != shown
    }

    /// A picture, or why it cannot be shown; `None` while it is on its way.
    pub fn get(&self, url: &str, row: PictureRow) -> Option<&Fetched> {
        let is_it = |key: &PictureKey| key.url == url && (key.columns, key.rows) == (row.columns, row.rows);
        self.known.iter().find(|(key, _)| is_it(key)).and_then(|(_, picture)| picture.as_ref())
    }

    /// Takes a picture that was asked for.
    pub(super) fn arrived(&mut self, key: &PictureKey, picture: Fetched) {
        if let Some((_, slot)) = self.known.iter_mut().find(|(known, _)| known == key) {
            *slot = Some(picture);
        }
    }

    /// Forgets all pictures: the terminal may have.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }

    /// Whether a picture has to be asked for; it counts as on its way from now on.
    fn ask(&mut self, key: &PictureKey) -> bool {
        if self.known.iter().any(|(known, _)| known == key) {
            return false;
        }
        self.known.push_back((key.clone(), None));
        if self.known.len() > AT_HAND {
            self.known.pop_front();
        }
        true
    }
}

impl App {
    /// Shows pictures in the wide article, or no longer.
    pub(super) fn toggle_pictures(&mut self) -> Effects {
        self.reader.pictures.wanted = !self.reader.pictures.wanted;
        match (self.reader.pictures.wanted, self.shows_pictures()) {
            (true, true) => self.say("Pictures are fetched and shown."),
            (true, false) => self.say("Pictures are shown in the wide article: z."),
            (false, _) => self.say("Pictures are told in words."),
        }
    }

    /// Whether there is room for pictures, and colours to show them in.
    fn shows_pictures(&self) -> bool {
        let look = &self.look;
        let settings = &look.settings;
        let able =
            settings.colors != Colors::None && settings.glyphs != Glyphs::Ascii && !settings.accessible;
        able && self.reader.pictures.wanted && look.wide_article && self.panes().article_alone()
    }

    /// Asks for the pictures in view.
    pub(super) fn bring_pictures(&mut self) -> Effects {
        let shown = self.shows_pictures();
        self.reader.show_pictures(shown);
        let (Some(article), Some(entry)) = (self.reader.shown().filter(|_| shown), self.entries.selected())
        else {
            return Effects::none();
        };
        let key = |row: PictureRow| {
            let link = article.links().get(row.link.0 as usize)?;
            Some(PictureKey { url: link.url.clone(), columns: row.columns, rows: row.rows })
        };
        let mut keys: Vec<PictureKey> =
            article.page().iter().filter_map(|line| line.picture).filter_map(key).collect();
        keys.dedup();
        let given: Vec<bool> = keys.iter().map(|key| self.is_of_its_feed(entry, &key.url)).collect();
        let asked = keys.into_iter().zip(given).filter(|(key, _)| self.reader.pictures.ask(key));
        asked.fold(Effects::none(), |effects, (key, given)| effects.and(Effect::Picture(key, given)))
    }
}
