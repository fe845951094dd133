//! The reading pane: the article in view, and a cache of the articles around it.

use std::{collections::VecDeque, sync::Arc};

use super::{
    ArticleImages, ArticleView, DiffSubject, FullTextInfo, LoadedArticle, LoadedDiff, ScrollAmount,
    StoryReading, TextPaneSize, article_view::RulerStart,
};
use crate::{
    app::{ArticleRequest, Effect, Effects, RequestId, StoreWrite},
    markup::TextMatch,
    model::{Entry, EntryId, Failure, ReadingPosition, TextSource},
    settings::Settings,
};

/// Maximum number of cached articles: the one in view, its neighbours, and some before it.
const MAX_CACHED_ARTICLES: usize = 8;

/// The reading pane.
#[derive(Debug, Default)]
pub struct ArticlePane {
    view: Option<ArticleView>,
    wanted_id: Option<EntryId>,
    /// The articles among the wanted ones that are not shown.
    problems: Vec<(EntryId, ArticleProblem)>,
    cache: VecDeque<(EntryId, LoadedArticle)>,
    /// The requests without a result.
    loading: Vec<ArticleRequest>,
    last_request: RequestId,
    size: TextPaneSize,
    /// The open article in which the filter's first match was shown.
    pub(in crate::app) searched_id: Option<EntryId>,
    /// The match of the filter that was shown last in the open article.
    filter_hit: Option<HitNumber>,
    /// The reading ruler is on.
    ruler_enabled: bool,
    /// The row on which it begins.
    ruler_start: RulerStart,
    /// The pictures of the wide article.
    pub images: ArticleImages,
    /// The changes that are shown in place of the article.
    diff: Option<ShownDiff>,
}

/// The changes of an article, which are shown in its place.
#[derive(Debug)]
struct ShownDiff {
    entry: EntryId,
    diff: LoadedDiff,
    /// Index of the change that was stepped to last.
    change: Option<usize>,
}

/// The number of a match among those of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HitNumber {
    /// Index of the match.
    pub index: usize,
    /// Number of matches.
    pub count: usize,
}

/// The reason for which an article is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArticleProblem {
    /// It cannot be loaded.
    Failed(Failure),
    /// It did not finish opening in an earlier run, and waits to be opened by the user.
    Withheld,
}

impl ArticlePane {
    /// Creates an empty pane, with pictures as the setting says. Screen readers get the reading ruler:
    /// their cursor is on it, so that it comes to every row.
    pub fn with_settings(settings: &Settings) -> ArticlePane {
        let reads_head = settings.accessible;
        ArticlePane {
            images: ArticleImages::new(settings.article.images),
            ruler_enabled: reads_head,
            ruler_start: if reads_head { RulerStart::Head } else { RulerStart::Text },
            ..ArticlePane::default()
        }
    }

    /// Returns the changes that are shown in place of the article.
    pub fn diff(&self) -> Option<&LoadedDiff> {
        self.diff.as_ref().map(|shown| &shown.diff)
    }

    /// Returns the way in which the articles of a story are read in place of the article.
    pub fn story_reading(&self) -> Option<StoryReading> {
        match self.diff()?.subject {
            DiffSubject::Story(reading) => Some(reading),
            DiffSubject::Versions { .. } => None,
        }
    }

    /// Returns the view of the article of `id`, if that is in view.
    pub(in crate::app) fn view_of(&self, id: EntryId) -> Option<&ArticleView> {
        self.view().filter(|view| view.entry_id() == id)
    }

    /// Shows changes in place of the article of `entry`, if that is the one to be shown.
    pub(in crate::app) fn show_diff(&mut self, diff: LoadedDiff, entry: &Entry) -> Effects {
        if self.wanted_id != Some(entry.id) {
            return Effects::none();
        }
        let left = self.close_view();
        self.diff = Some(ShownDiff { entry: entry.id, diff, change: None });
        self.open_cached(Some(entry));
        left
    }

    /// Shows the article in place of its changes; returns whether these were shown.
    pub(in crate::app) fn close_diff(&mut self, entry: Option<&Entry>) -> bool {
        let was_shown = self.diff.take().is_some();
        if was_shown {
            self.view = None;
            self.open_cached(entry);
        }
        was_shown
    }

    /// Returns the index of the change that was stepped to last.
    pub(in crate::app) fn shown_change(&self) -> Option<usize> {
        self.diff.as_ref().and_then(|shown| shown.change)
    }

    /// Jumps to the change with this index, which is in a block.
    pub(in crate::app) fn jump_to_change(&mut self, index: usize, block: u32) {
        if let Some(shown) = &mut self.diff {
            shown.change = Some(index);
        }
        if let Some(view) = &mut self.view {
            view.show_block(block);
        }
    }

    /// Notes that the user has seen the edit of an article; returns whether it was unseen.
    pub(in crate::app) fn take_unseen_edit(&mut self, id: EntryId) -> bool {
        let cached = self.cache.iter_mut().find(|(known, _)| *known == id);
        let edit = cached.and_then(|(_, article)| article.edit.as_mut());
        edit.is_some_and(|edit| std::mem::replace(&mut edit.is_unseen, false))
    }

    /// Returns the article in view.
    pub fn view(&self) -> Option<&ArticleView> {
        self.view.as_ref()
    }

    /// Returns the number of the match of the filter that was shown last, while the article is open.
    pub fn filter_hit(&self) -> Option<HitNumber> {
        self.filter_hit
    }

    /// Notes the match of the filter that is shown.
    pub(in crate::app) fn set_filter_hit(&mut self, hit: Option<HitNumber>) {
        self.filter_hit = hit;
    }

    /// Returns true if the selected article is being loaded.
    pub fn is_loading(&self) -> bool {
        self.loading.iter().any(|request| Some(request.entry) == self.wanted_id)
    }

    /// Returns why the selected article is not shown.
    pub fn problem(&self) -> Option<&ArticleProblem> {
        let problem = self.problems.iter().find(|(id, _)| Some(*id) == self.wanted_id);
        problem.map(|(_, problem)| problem)
    }

    /// Opens the selected article if it did not finish opening in an earlier run.
    pub(in crate::app) fn open_withheld(&mut self) -> Effects {
        match (self.wanted_id, self.problem()) {
            (Some(id), Some(ArticleProblem::Withheld)) => {
                self.problems.retain(|(known, _)| *known != id);
                Effects::from(Effect::AllowArticle(id)).and(self.request_article(id))
            }
            _ => Effects::none(),
        }
    }

    /// Shows `entry`, or nothing, as soon as it is loaded; saves the position in the article before it.
    pub fn show_entry(&mut self, entry: Option<&Entry>) -> Effects {
        if self.wanted_id == entry.map(|entry| entry.id) {
            return Effects::none();
        }
        let left = self.close_view();
        self.diff = None;
        self.wanted_id = entry.map(|entry| entry.id);
        self.open_cached(entry);
        left
    }

    /// Requests the article to be shown, and its neighbours after it; cancels the requests for all
    /// others. An article that could not be shown is requested again once it was no neighbour.
    pub fn request_articles(&mut self, neighbours: &[EntryId]) -> Effects {
        let wanted: Vec<EntryId> =
            self.wanted_id.into_iter().chain(neighbours.iter().copied()).collect();
        self.problems.retain(|(id, _)| wanted.contains(id));
        let cancelled = self.cancel_requests(|id| !wanted.contains(&id));
        wanted.into_iter().fold(cancelled, |effects, id| effects.and(self.request_article(id)))
    }

    /// Cancels the requests for the entries that `is_unwanted` selects.
    fn cancel_requests(&mut self, is_unwanted: impl Fn(EntryId) -> bool) -> Effects {
        let cancelled = self.loading.extract_if(.., |request| is_unwanted(request.entry));
        cancelled
            .fold(Effects::none(), |effects, request| effects.and(Effect::CancelArticle(request)))
    }

    /// Closes the article in view, and saves the position in it.
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

    /// Inserts a loaded article, unless its request was cancelled. Returns whether the publisher has edited
    /// the text in view since it was loaded.
    pub fn article_loaded(
        &mut self,
        request: ArticleRequest,
        result: Result<LoadedArticle, Failure>,
        entry: Option<&Entry>,
    ) -> bool {
        if !self.take_request(request) {
            return false;
        }
        let (id, mut is_edited) = (request.entry, false);
        match result {
            Ok(mut article) => {
                // The text in view may have changed; the reader keeps the position.
                let shown = self.view_of(id).filter(|shown| !shown.is_diff());
                let newest = article.edit.map(|edit| edit.newest);
                is_edited = shown
                    .is_some_and(|shown| newest > Some(shown.edit().map_or(1, |edit| edit.newest)));
                article.position = match shown {
                    // A place in the full text is none in the feed's text, which is shorter.
                    Some(shown)
                        if is_page_text(shown.full_text())
                            && !is_page_text(article.full_text.as_ref()) =>
                    {
                        ReadingPosition::default()
                    }
                    Some(shown) => shown.position_in(&article.flow),
                    None => article.position,
                };
                self.cache_article(id, article);
            }
            Err(failure) => self.problems.push((id, ArticleProblem::Failed(failure))),
        }
        if self.wanted_id == Some(id) {
            self.open_cached(entry.filter(|entry| entry.id == id));
        }
        is_edited
    }

    /// Notes that an article waits to be opened by the user.
    pub(in crate::app) fn article_withheld(&mut self, request: ArticleRequest) {
        if self.take_request(request) {
            self.problems.push((request.entry, ArticleProblem::Withheld));
        }
    }

    /// Removes a request that has a result; returns false if it was cancelled.
    fn take_request(&mut self, request: ArticleRequest) -> bool {
        let index = self.loading.iter().position(|known| *known == request);
        index.map(|index| self.loading.swap_remove(index)).is_some()
    }

    /// Drops every cached article after a change of the library. The one in view stays until it is loaded again.
    pub fn reload_all(&mut self) -> Effects {
        self.cache.clear();
        self.problems.clear();
        let cancelled = self.cancel_requests(|_| true);
        cancelled.and(self.wanted_id.map(|id| self.request_article(id)).unwrap_or_default())
    }

    /// Fits the article in view into `geometry`; the paragraph at the top keeps its place.
    pub fn resize(&mut self, geometry: TextPaneSize) {
        if self.size == geometry {
            return;
        }
        self.size = geometry;
        if let Some(shown) = &mut self.view {
            shown.resize(geometry);
        }
    }

    /// Returns whether the end of the article is in view, or there is no article.
    pub fn is_at_end(&self) -> bool {
        self.view.as_ref().is_none_or(ArticleView::is_at_end)
    }

    /// Scrolls; does nothing without an article.
    pub fn scroll(&mut self, by: ScrollAmount) {
        if let Some(shown) = &mut self.view {
            shown.scroll(by);
        }
    }

    /// Shows a match, or none.
    pub fn show_match(&mut self, hit: Option<TextMatch>) {
        if let Some(shown) = &mut self.view {
            shown.show_match(hit);
        }
    }

    /// Jumps to a match; [`ArticlePane::jump_back`] leads back.
    pub(in crate::app) fn jump_to_match(&mut self, hit: TextMatch) {
        if let Some(shown) = &mut self.view {
            shown.jump_to_match(hit);
        }
    }

    /// Jumps to a block of the article; [`ArticlePane::jump_back`] leads back.
    pub fn jump_to_block(&mut self, piece: u32) {
        if let Some(shown) = &mut self.view {
            shown.jump_to_block(piece);
        }
    }

    /// Goes back to the position before the last jump; returns whether there was one.
    pub fn jump_back(&mut self) -> bool {
        self.view.as_mut().is_some_and(ArticleView::jump_back)
    }

    /// Scrolls code to the side; returns whether it moved.
    pub fn scroll_code(&mut self, step: i32) -> bool {
        self.view.as_mut().is_some_and(|shown| shown.scroll_code(step))
    }

    /// Shows or hides pictures.
    pub fn set_images_visible(&mut self, shown: bool) {
        if self.images.set_visible(shown)
            && let Some(article) = &mut self.view
        {
            article.set_images_visible(shown);
        }
    }

    /// Returns whether the reading ruler is on.
    pub(in crate::app) fn has_ruler(&self) -> bool {
        self.ruler_enabled
    }

    /// Turns the reading ruler on or off; returns whether it is on.
    pub fn toggle_ruler(&mut self) -> bool {
        self.ruler_enabled = !self.ruler_enabled;
        let ruler = self.ruler();
        if let Some(shown) = &mut self.view {
            shown.set_ruler(ruler);
        }
        self.ruler_enabled
    }

    fn ruler(&self) -> Option<RulerStart> {
        self.ruler_enabled.then_some(self.ruler_start)
    }

    fn open_cached(&mut self, entry: Option<&Entry>) {
        let Some(entry) = entry else { return };
        if let Some((_, article)) = self.cache.iter().find(|(id, _)| *id == entry.id) {
            let diff = self.diff.as_ref().filter(|shown| shown.entry == entry.id);
            if diff.is_some() && self.view_of(entry.id).is_some_and(ArticleView::is_diff) {
                // The changes stay where they are when the article is loaded again.
                return;
            }
            let mut shown = match diff {
                Some(ShownDiff { diff, .. }) => {
                    let flow = Arc::clone(&diff.flow);
                    ArticleView::of_diff(entry, (article.clone(), flow), self.size)
                }
                None => ArticleView::new(entry, article.clone(), self.size),
            };
            shown.set_images_visible(self.images.are_visible());
            shown.set_ruler(self.ruler());
            self.view = Some(shown);
        }
    }

    /// Loads an article again, after its text changed.
    pub fn reload_article(&mut self, id: EntryId) -> Effects {
        self.cache.retain(|(known, _)| *known != id);
        self.problems.retain(|(known, _)| *known != id);
        let cancelled = self.cancel_requests(|known| known == id);
        if self.wanted_id == Some(id) { cancelled.and(self.request_article(id)) } else { cancelled }
    }

    /// Requests an article, unless it is loaded or loading, or cannot be shown.
    fn request_article(&mut self, id: EntryId) -> Effects {
        let is_known = self.loading.iter().any(|request| request.entry == id)
            || self.cache.iter().any(|(known, _)| *known == id)
            || self.problems.iter().any(|(known, _)| *known == id);
        if is_known {
            return Effects::none();
        }
        self.last_request.0 += 1;
        let request = ArticleRequest { id: self.last_request, entry: id };
        self.loading.push(request);
        Effect::LoadArticle(request).into()
    }

    fn cache_article(&mut self, id: EntryId, article: LoadedArticle) {
        self.cache.retain(|(known, _)| *known != id);
        self.cache.push_back((id, article));
        if self.cache.len() > MAX_CACHED_ARTICLES {
            self.cache.pop_front();
        }
    }
}

/// Returns whether the text in view is the full text.
fn is_page_text(full_text: Option<&FullTextInfo>) -> bool {
    full_text.is_some_and(|full_text| full_text.shown == TextSource::Page)
}
