//! The pictures of the wide article, and a cache of them.

use std::{collections::VecDeque, sync::Arc};

use crate::{
    markup::ReservedImageRow,
    model::Failure,
    picture::RenderedImage,
    settings::{ColorDepth, GlyphMode, OnOff, Settings},
};

/// Maximum number of cached pictures.
const MAX_CACHED_IMAGES: usize = 32;

/// A picture at a size in cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageKey {
    /// URL of the picture.
    pub url: String,
    /// Maximum columns.
    pub columns: u16,
    /// Maximum rows.
    pub rows: u16,
}

/// The loaded pictures, and those that were requested.
#[derive(Debug, Default)]
pub struct ArticleImages {
    /// The user wants pictures.
    enabled: bool,
    /// There is room for pictures.
    visible: bool,
    cache: VecDeque<(ImageKey, Option<ImageResult>)>,
}

/// A picture in cells, or why there is none.
type ImageResult = Result<Arc<RenderedImage>, Failure>;

impl ArticleImages {
    /// Creates an empty cache, with pictures as the setting says.
    pub(in crate::app) fn new(images: OnOff) -> ArticleImages {
        ArticleImages { enabled: images == OnOff::On, ..ArticleImages::default() }
    }

    /// Turns pictures on or off.
    pub(in crate::app) fn toggle(&mut self) {
        self.enabled = !self.enabled;
    }

    /// Returns whether the user wants pictures.
    pub(in crate::app) fn are_enabled(&self) -> bool {
        self.enabled
    }

    /// Returns whether there is room for pictures.
    pub(in crate::app) fn are_visible(&self) -> bool {
        self.visible
    }

    /// Sets whether there is room for pictures; returns whether that changed.
    pub(in crate::app) fn set_visible(&mut self, shown: bool) -> bool {
        std::mem::replace(&mut self.visible, shown) != shown
    }

    /// Returns a picture, or why it cannot be shown; `None` until it is loaded.
    pub fn get(&self, url: &str, row: ReservedImageRow) -> Option<&ImageResult> {
        let is_it =
            |key: &ImageKey| key.url == url && (key.columns, key.rows) == (row.columns, row.rows);
        self.cache.iter().find(|(key, _)| is_it(key)).and_then(|(_, picture)| picture.as_ref())
    }

    /// Inserts a requested picture.
    pub(in crate::app) fn insert(&mut self, key: &ImageKey, picture: ImageResult) {
        if let Some((_, slot)) = self.cache.iter_mut().find(|(known, _)| known == key) {
            *slot = Some(picture);
        }
    }

    /// Drops all pictures, as the terminal may have done.
    pub(in crate::app) fn clear(&mut self) {
        self.cache.clear();
    }

    /// Returns whether a picture has to be requested; from now on it counts as requested.
    pub(in crate::app) fn start_loading(&mut self, key: &ImageKey) -> bool {
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

/// Returns whether the terminal and the settings allow pictures.
pub(in crate::app) fn supports_images(settings: &Settings) -> bool {
    settings.colors != ColorDepth::Monochrome
        && settings.glyphs != GlyphMode::Ascii
        && !settings.accessible
}
