//! The reader: the article in view, how far it is scrolled, and the articles at hand next to it.

use std::{collections::VecDeque, sync::Arc};

use super::{ArticleImages, ArticleView, Effect, Effects, StoreWrite};
use crate::{
    markup::{Flow, TextMatch},
    model::{Entry, EntryId, Failure, ReadingPosition},
    settings::OnOff,
};

/// How many articles stay at hand: the one in view, its neighbours, and the way back.
const MAX_CACHED_ARTICLES: usize = 8;

/// An article, ready to be laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedArticle {
    /// Its text.
    pub flow: Arc<Flow>,
    /// How many words it has.
    pub word_count: usize,
    /// Where its reader was.
    pub position: ReadingPosition,
    /// If the page of the original was fetched: whether its text is the one that is shown, and the host it is from.
    pub full_text: Option<(bool, String)>,
}

/// The size of the text in the reading pane, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextPaneSize {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// What the reading pane shows.
#[derive(Debug, Default)]
pub struct ArticlePane {
    view: Option<ArticleView>,
    wanted_id: Option<EntryId>,
    failure: Option<(EntryId, Failure)>,
    cache: VecDeque<(EntryId, LoadedArticle)>,
    loading: Vec<EntryId>,
    size: TextPaneSize,
    /// Whether the reading ruler is on.
    ruler_enabled: bool,
    /// The pictures of the wide article.
    pub images: ArticleImages,
}

/// A distance to scroll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScrollAmount {
    /// Lines up (negative) or down.
    Lines(i32),
    /// Pages up (negative) or down.
    Pages(i32),
    /// To the beginning.
    Start,
    /// To the end.
    End,
}

impl ArticlePane {
    /// A reader that shows nothing yet, and pictures as the setting has it.
    pub fn with_images(images: OnOff) -> ArticlePane {
        ArticlePane { images: ArticleImages::new(images), ..ArticlePane::default() }
    }

    /// The article in view.
    pub fn view(&self) -> Option<&ArticleView> {
        self.view.as_ref()
    }

    /// Why the wanted article cannot be shown.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure
            .as_ref()
            .filter(|(id, _)| Some(*id) == self.wanted_id)
            .map(|(_, failure)| failure)
    }

    /// Shows `entry` (nothing, without one) as soon as it is at hand; keeps the place in what was shown.
    pub fn show_entry(&mut self, entry: Option<&Entry>) -> Effects {
        if self.wanted_id == entry.map(|entry| entry.id) {
            return Effects::none();
        }
        let left = self.close_view();
        self.wanted_id = entry.map(|entry| entry.id);
        self.open_cached(entry);
        left
    }

    /// Has the article to be shown brought, and its neighbours after it.
    pub fn request_articles(&mut self, neighbours: &[EntryId]) -> Effects {
        let ids = self.wanted_id.into_iter().chain(neighbours.iter().copied());
        ids.fold(Effects::none(), |effects, id| effects.and(self.request_article(id)))
    }

    /// Keeps the place in the article in view.
    pub fn close_view(&mut self) -> Effects {
        let shown = self.view.take();
        let moved = shown.filter(ArticleView::has_unsaved_position);
        if let Some(shown) = &moved
            && let Some((_, article)) =
                self.cache.iter_mut().find(|(id, _)| *id == shown.entry_id())
        {
            article.position = shown.position();
        }
        moved.map(|shown| StoreWrite::SavePosition(shown.entry_id(), shown.position())).into()
    }

    /// Takes an article that was asked for.
    pub fn article_loaded(
        &mut self,
        id: EntryId,
        result: Result<LoadedArticle, Failure>,
        entry: Option<&Entry>,
    ) {
        self.loading.retain(|asked| *asked != id);
        match result {
            Ok(mut article) => {
                // The text in view may have changed; its reader is where it was.
                let shown = self.view.as_ref().filter(|shown| shown.entry_id() == id);
                article.position = shown.map_or(article.position, ArticleView::position);
                self.cache_article(id, article);
            }
            Err(failure) => self.failure = Some((id, failure)),
        }
        if self.wanted_id == Some(id) {
            self.open_cached(entry.filter(|entry| entry.id == id));
        }
    }

    /// Forgets every article: what is stored has changed. The one in view stays until it is brought anew.
    pub fn reload_all(&mut self) -> Effects {
        self.cache.clear();
        self.loading.clear();
        self.wanted_id.map(|id| self.request_article(id)).unwrap_or_default()
    }

    /// Fits the article in view into `geometry`; the paragraph at the top stays there.
    pub fn resize(&mut self, geometry: TextPaneSize) {
        if self.size == geometry {
            return;
        }
        self.size = geometry;
        if let Some(shown) = &mut self.view {
            shown.resize(geometry);
        }
    }

    /// Whether the end of the article is in view, or there is none.
    pub fn is_at_end(&self) -> bool {
        self.view.as_ref().is_none_or(ArticleView::is_at_end)
    }

    /// Scrolls; does nothing without an article.
    pub fn scroll(&mut self, by: ScrollAmount) {
        if let Some(shown) = &mut self.view {
            shown.scroll(by);
        }
    }

    /// Shows a place that was found; none is forgotten.
    pub fn show_hit(&mut self, hit: Option<TextMatch>) {
        if let Some(shown) = &mut self.view {
            shown.show_hit(hit);
        }
    }

    /// Goes to a piece of the article; [`ArticlePane::jump_back`] leads back.
    pub fn jump_to_block(&mut self, piece: u32) {
        if let Some(shown) = &mut self.view {
            shown.jump_to_block(piece);
        }
    }

    /// Goes back to where the last jump began; whether there was one.
    pub fn jump_back(&mut self) -> bool {
        self.view.as_mut().is_some_and(ArticleView::jump_back)
    }

    /// Scrolls code to the side; whether it moved.
    pub fn scroll_code(&mut self, step: i32) -> bool {
        self.view.as_mut().is_some_and(|shown| shown.scroll_code(step))
    }

    /// Makes room for pictures, or takes it away.
    pub fn set_images_visible(&mut self, shown: bool) {
        if self.images.set_visible(shown)
            && let Some(article) = &mut self.view
        {
            article.set_images_visible(shown);
        }
    }

    /// Lights up one line after the other, or no longer; whether it does now.
    pub fn toggle_ruler(&mut self) -> bool {
        self.ruler_enabled = !self.ruler_enabled;
        if let Some(shown) = &mut self.view {
            shown.set_ruler(self.ruler_enabled);
        }
        self.ruler_enabled
    }

    fn open_cached(&mut self, entry: Option<&Entry>) {
        let Some(entry) = entry else { return };
        if let Some((_, article)) = self.cache.iter().find(|(id, _)| *id == entry.id) {
            let mut shown = ArticleView::new(entry, article.clone(), self.size);
            shown.set_images_visible(self.images.are_visible());
            shown.set_ruler(self.ruler_enabled);
            self.view = Some(shown);
        }
    }

    /// Has an article brought anew: its text is another.
    pub fn reload_article(&mut self, id: EntryId) -> Effects {
        self.cache.retain(|(known, _)| *known != id);
        self.loading.retain(|asked| *asked != id);
        if self.wanted_id == Some(id) { self.request_article(id) } else { Effects::none() }
    }

    fn request_article(&mut self, id: EntryId) -> Effects {
        let known = self.loading.contains(&id) || self.cache.iter().any(|(known, _)| *known == id);
        if known {
            return Effects::none();
        }
        self.loading.push(id);
        Effect::LoadArticle(id).into()
    }

    fn cache_article(&mut self, id: EntryId, article: LoadedArticle) {
        self.cache.retain(|(known, _)| *known != id);
        self.cache.push_back((id, article));
        if self.cache.len() > MAX_CACHED_ARTICLES {
            self.cache.pop_front();
        }
    }
}
