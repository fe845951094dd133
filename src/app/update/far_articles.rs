//! Articles of the list that only the shared archive has: their count, and taking them.

use crate::{
    app::{Actions, App, Effect, Effects, EntryList, FarStatus, Notice, RequestId},
    model::{Failure, FarCount},
    text::count_noun,
};

impl EntryList {
    /// Returns the state of the search in the archive for the list.
    pub fn far_status(&self) -> &FarStatus {
        if self.is_outdated() {
            return &FarStatus::Unknown;
        }
        self.far.status_of(self.definition())
    }

    /// Returns whether the archive has articles of the list that the library has not.
    pub fn has_far_articles(&self) -> bool {
        matches!(self.far_status(), FarStatus::Found(count) if count.articles > 0)
    }

    /// Has the archive searched for a filter once its results are complete.
    fn request_far_count(&mut self) -> Option<Effect> {
        let id = self.latest_request().filter(|_| self.is_up_to_date() && !self.is_partial())?;
        let list = self.definition().clone();
        if list.filter.trim().is_empty() || !self.far.note_request(id, &list) {
            return None;
        }
        Some(Effect::SearchArchive(id, list))
    }

    /// Takes the state of the search in the archive, unless it is that of an earlier list.
    pub(in crate::app) fn set_far_status(&mut self, id: RequestId, status: FarStatus) {
        self.far.set(id, status);
    }
}

impl App {
    /// Has the archive searched for the filter, if the settings name one.
    pub(in crate::app) fn request_far_count(&mut self) -> Effects {
        self.has_archive().then(|| self.entry_list.request_far_count()).flatten().into()
    }

    fn has_archive(&self) -> bool {
        !self.ui.settings.archive.trim().is_empty()
    }

    /// Takes what the archive has of the list into the library.
    pub(in crate::app) fn take_from_archive(&self) -> Actions {
        match self.entry_list.far_status() {
            FarStatus::Found(count) if count.articles > 0 => {
                let list = self.entry_list.definition().clone();
                Actions::from(Notice::info("Taking articles from the archive…"))
                    .and(Effect::TakeFromArchive(list))
            }
            FarStatus::Found(count) => Notice::info(nothing_found(count)).into(),
            FarStatus::Searching => Notice::info("The archive is being searched").into(),
            FarStatus::Failed(reason) => Notice::info(reason.clone()).into(),
            FarStatus::Unknown if !self.has_archive() => {
                Notice::info("The settings name no archive").into()
            }
            FarStatus::Unknown => {
                Notice::info("Type a filter; the archive is searched for it").into()
            }
        }
    }

    /// Tells what was taken from the archive; the list follows as after a refresh.
    pub(in crate::app) fn finish_taking(&mut self, taken: Result<usize, Failure>) {
        let now = self.current_time.at;
        match taken {
            Ok(count) => {
                let articles = count_noun(count, "article");
                self.notices.show(Notice::info(format!("Took {articles} from the archive")), now);
                self.entry_list.far.forget();
            }
            Err(failure) => self.notices.show_failure(failure, now),
        }
    }
}

/// Returns why there is nothing to take: the archive has no such article, or cannot know which it has.
fn nothing_found(count: &FarCount) -> String {
    match count.without_meaning.join(", ") {
        parts if parts.is_empty() => "The archive has no other article of this list".to_owned(),
        parts => format!("The archive does not know {parts}, which only a library has"),
    }
}
