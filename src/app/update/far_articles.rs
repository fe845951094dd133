//! Articles of the list that only the shared archive has: finding them, and taking them.

use crate::{
    app::{
        Actions, App, Effect, Effects, EntryList, FarStatus, Notice, NoticeAction, Overlay, Pane,
        RequestId,
    },
    command::Command,
    model::{Entry, Failure, FarArticle, FarResults},
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
        self.far_count() > 0
    }

    /// Returns the number of articles of the list that were found in the archive and are not in the library.
    pub fn far_count(&self) -> usize {
        match self.far_status() {
            FarStatus::Found(_) => self.far.count(),
            FarStatus::Unknown | FarStatus::Searching | FarStatus::Failed(_) => 0,
        }
    }

    /// Has the archive searched for a filter once its results are complete. When the same list was searched again, a refresh
    /// may have stored articles that stand below as ones of the archive: those are looked for.
    fn search_archive(&mut self) -> Option<Effect> {
        let id = self.latest_request().filter(|_| self.is_up_to_date() && !self.is_partial())?;
        let list = self.definition().clone();
        if list.filter.trim().is_empty() {
            return None;
        }
        if self.far.note_request(id, &list) {
            return Some(Effect::SearchArchive(id, list));
        }
        let articles = self.far.list_uncompared();
        (!articles.is_empty()).then_some(Effect::FindStoredFarArticles(articles))
    }

    /// Takes the state of the search in the archive, unless it is that of an earlier list.
    pub(in crate::app) fn set_far_status(&mut self, id: RequestId, status: FarStatus) {
        self.far.set(id, status);
    }
}

impl App {
    /// Has the archive searched for the filter, if the settings name one.
    pub(in crate::app) fn search_archive(&mut self) -> Effects {
        self.has_archive().then(|| self.entry_list.search_archive()).flatten().into()
    }

    fn has_archive(&self) -> bool {
        !self.ui.settings.archive.trim().is_empty()
    }

    /// Opens an overlay. The form of a feed asks about the archive only where the settings name one.
    pub(in crate::app) fn open_overlay(&mut self, mut overlay: Overlay) {
        if let Overlay::FeedForm(form) = &mut overlay
            && !self.has_archive()
        {
            form.hide_archive();
        }
        self.overlay = Some(overlay);
    }

    /// Takes what the archive has of the list into the library.
    pub(in crate::app) fn take_from_archive(&self) -> Actions {
        match self.entry_list.far_status() {
            FarStatus::Found(_) if self.entry_list.has_far_articles() => {
                let list = self.entry_list.definition().clone();
                Actions::from(Notice::info("Taking articles from the archive…"))
                    .and(Effect::TakeFromArchive(list))
            }
            FarStatus::Found(results) => Notice::info(nothing_found(results)).into(),
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
                self.entry_list.forget_far_rows();
            }
            Err(failure) => self.notices.show_failure(failure, now),
        }
    }

    /// Has the selected article taken into the library to open it, if only the archive has it; `None` for other rows.
    pub(in crate::app) fn take_selected(&mut self) -> Option<Actions> {
        if self.ui.focus == Pane::Sidebar || self.ui.filter_editing {
            return None;
        }
        let article = self.entry_list.selected_far_article()?.clone();
        let is_new = self.entry_list.far.begin_taking(&article);
        let take = is_new.then(|| Effect::TakeFarArticle(Box::new(article)));
        Some(Actions::from(Notice::info(FETCHING)).and(Effects::from(take)))
    }

    /// Returns why a command does nothing: it is about the selected article, which only the archive has. `None` for other
    /// rows and commands.
    pub(in crate::app) fn refuse_far_article(&self, command: Command) -> Option<Actions> {
        const OPEN: &[NoticeAction] = &[NoticeAction::new(Command::Open, "opens it")];
        self.entry_list.selected_far_article()?;
        let is_about_article =
            self.entry_list.act_of(command).is_some() || needs_stored_article(command);
        let notice = Notice::info("Only the archive has this article; open it first");
        is_about_article.then(|| notice.offering(OPEN).into())
    }

    /// Shows an article that was taken to be opened. Its row is one of the library from now on, in its place. It is opened
    /// if it is still selected.
    pub(in crate::app) fn finish_opening(
        &mut self,
        article: &FarArticle,
        taken: Result<Option<Entry>, Failure>,
    ) -> Effects {
        let now = self.current_time.at;
        self.entry_list.far.finish_taking(article);
        self.notices.dismiss_text(FETCHING);
        let is_selected =
            self.entry_list.selected_far_article().is_some_and(|far| far.is_same(article));
        let entry = match taken {
            Ok(Some(entry)) => entry,
            Ok(None) => {
                self.entry_list.remove_far_row(article);
                self.notices.show(Notice::info("The archive no longer has this article"), now);
                return Effects::none();
            }
            Err(failure) => {
                self.notices.show_failure(failure, now);
                return Effects::none();
            }
        };
        let is_listed = self.entry_list.adopt_far_row(article, entry).is_some();
        if !is_listed || !is_selected || self.overlay.is_some() || self.ui.focus == Pane::Sidebar {
            return Effects::none();
        }
        let actions = self.show_selected_article();
        self.perform(actions)
    }
}

/// The notice while an article is taken.
const FETCHING: &str = "Fetching the article from the archive…";

/// Returns whether a command needs an article that the library has, beside those that act on several.
fn needs_stored_article(command: Command) -> bool {
    matches!(
        command,
        Command::MoveEpisodeUp
            | Command::MoveEpisodeDown
            | Command::MoveEpisodeFirst
            | Command::PlayEpisode
            | Command::ToggleRowMark
            | Command::MarkRange
            | Command::ToggleStory
            | Command::ShowWhy
            | Command::ShowEdits
            | Command::OlderVersion
            | Command::NewerVersion
            | Command::ShowSimilar
            | Command::ShowStory
            | Command::JoinStory
            | Command::LeaveStory
            | Command::ShowAdditions
            | Command::ShowCombined
            | Command::FilterBySelected
            | Command::FilterOutSelected
            | Command::ShowLinks
            | Command::ShowContents
            | Command::OpenLink(_)
            | Command::CopyQuote
            | Command::Find
            | Command::NextHit
            | Command::PreviousHit
    )
}

/// Returns why there is nothing to take: the archive has no such article, has given up, or cannot know which it has.
fn nothing_found(results: &FarResults) -> String {
    match results.without_meaning.join(", ") {
        parts if parts.is_empty() && results.is_lower_bound => {
            "The archive has found nothing in the time it has; a longer filter is quicker"
                .to_owned()
        }
        parts if parts.is_empty() => "The archive has no other article of this list".to_owned(),
        parts => format!("The archive does not know {parts}, which only a library has"),
    }
}
