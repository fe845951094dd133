//! Pictures of the wide article: which are in view, which are at hand.

use std::{collections::VecDeque, sync::Arc};

use super::{App, Effect, Effects};
use crate::{
    markup::PictureRow,
    model::Failure,
    picture::RenderedImage,
    settings::{ColorDepth, GlyphMode, OnOff},
};

/// How many pictures stay at hand.
const MAX_CACHED_IMAGES: usize = 32;

/// A picture at a size in cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageKey {
    /// Where it is.
    pub url: String,
    /// Columns it may take.
    pub columns: u16,
    /// Rows it may take.
    pub rows: u16,
}

/// The pictures at hand, and those on their way.
#[derive(Debug, Default)]
pub struct ArticleImages {
    /// Whether the user wants any.
    enabled: bool,
    /// Whether there is room for them.
    visible: bool,
    cache: VecDeque<(ImageKey, Option<ImageResult>)>,
}

/// A picture in cells, or why there is none.
type ImageResult = Result<Arc<RenderedImage>, Failure>;

impl ArticleImages {
    /// As the settings have it.
    pub(super) fn new(images: OnOff) -> ArticleImages {
        ArticleImages { enabled: images == OnOff::On, ..ArticleImages::default() }
    }

    /// Whether there is room for them.
    pub(super) fn are_visible(&self) -> bool {
        self.visible
    }

    /// Makes room, or takes it away; whether that is a change.
    pub(super) fn set_visible(&mut self, shown: bool) -> bool {
        std::mem::replace(&mut self.visible, shown) != shown
    }

    /// A picture, or why it cannot be shown; `None` while it is on its way.
    pub fn get(&self, url: &str, row: PictureRow) -> Option<&ImageResult> {
        let is_it =
            |key: &ImageKey| key.url == url && (key.columns, key.rows) == (row.columns, row.rows);
        self.cache.iter().find(|(key, _)| is_it(key)).and_then(|(_, picture)| picture.as_ref())
    }

    /// Takes a picture that was asked for.
    pub(super) fn insert(&mut self, key: &ImageKey, picture: ImageResult) {
        if let Some((_, slot)) = self.cache.iter_mut().find(|(known, _)| known == key) {
            *slot = Some(picture);
        }
    }

    /// Forgets all pictures: the terminal may have.
    pub(super) fn clear(&mut self) {
        self.cache.clear();
    }

    /// Whether a picture has to be asked for; it counts as on its way from now on.
    fn start_loading(&mut self, key: &ImageKey) -> bool {
        if self.cache.iter().any(|(known, _)| known == key) {
            return false;
        }
        self.cache.push_back((key.clone(), None));
        if self.cache.len() > MAX_CACHED_IMAGES {
            self.cache.pop_front();
        }
        true
    }
}

impl App {
    /// Shows pictures in the wide article, or no longer.
    pub(super) fn toggle_images(&mut self) -> Effects {
        self.article_pane.images.enabled = !self.article_pane.images.enabled;
        match (self.article_pane.images.enabled, self.shows_images()) {
            (true, true) => self.notify("Pictures are fetched and shown."),
            (true, false) => self.notify("Pictures are shown in the wide article: z."),
            (false, _) => self.notify("Pictures are told in words."),
        }
    }

    /// Whether there is room for pictures, and colours to show them in.
    fn shows_images(&self) -> bool {
        let look = &self.ui;
        let settings = &look.settings;
        let able = settings.colors != ColorDepth::Monochrome
            && settings.glyphs != GlyphMode::Ascii
            && !settings.accessible;
        able && self.article_pane.images.enabled
            && look.wide_article
            && self.pane_layout().is_article_alone()
    }

    /// Asks for the pictures in view.
    pub(super) fn request_visible_images(&mut self) -> Effects {
        let shown = self.shows_images();
        self.article_pane.set_images_visible(shown);
        let (Some(article), Some(entry)) =
            (self.article_pane.view().filter(|_| shown), self.entry_list.selected_entry())
        else {
            return Effects::none();
        };
        let key = |row: PictureRow| {
            let link = article.links().get(row.link.0 as usize)?;
            Some(ImageKey { url: link.url.clone(), columns: row.columns, rows: row.rows })
        };
        let mut keys: Vec<ImageKey> = article
            .visible_lines()
            .iter()
            .filter_map(|line| line.picture)
            .filter_map(key)
            .collect();
        keys.dedup();
        let given: Vec<bool> =
            keys.iter().map(|key| self.is_on_feed_host(entry, &key.url)).collect();
        let asked = keys
            .into_iter()
            .zip(given)
            .filter(|(key, _)| self.article_pane.images.start_loading(key));
        asked.fold(Effects::none(), |effects, (key, given)| {
            effects.and(Effect::LoadImage(key, given))
        })
    }
}
