//! Commands on the edits of an article: showing them in its place, and stepping through them.

use crate::{
    app::{
        Action, Actions, App, ArticlePane, ArticleView, DiffRequest, DiffSubject, Effect, Effects,
        LoadedDiff, Notice, NoticeAction, Pane, StoreWrite, StoryReading,
    },
    command::Command,
    model::EntryId,
};

impl App {
    /// Shows what was changed in the selected article since it was read, or else by its newest edit;
    /// where that is shown, the article again.
    pub(in crate::app) fn toggle_edits(&mut self) -> Actions {
        let shows_story = self.article_pane.story_reading().is_some();
        if self.close_edits() && !shows_story {
            return Actions::none();
        }
        let Some(id) = self.entry_list.selected_id() else { return Notice::no_article().into() };
        let edit = self.article_pane.view_of(id).map(ArticleView::edit);
        let versions = match edit {
            Some(None) => return not_edited().into(),
            Some(Some(edit)) => Some((edit.from, edit.newest)),
            None => None,
        };
        Effect::LoadDiff(DiffRequest { entry: id, versions }).into()
    }

    /// Shows the article in place of its edits, or else focuses a pane.
    pub(in crate::app) fn close_edits_or_focus(&mut self, pane: Pane) -> Actions {
        let closed = self.ui.focus == Pane::Article && self.close_edits();
        (!closed).then_some(Action::Focus(pane)).into()
    }

    /// Shows the article in place of its edits; returns whether these were shown.
    fn close_edits(&mut self) -> bool {
        self.article_pane.close_diff(self.entry_list.selected_entry())
    }

    /// Shows the edit before the one that is shown, or the one after it for a positive step.
    pub(in crate::app) fn step_version(&mut self, step: isize) -> Actions {
        let Some(id) = self.entry_list.selected_id() else { return Notice::no_article().into() };
        let (from, to, newest) = match self.article_pane.diff().map(|diff| diff.subject) {
            Some(DiffSubject::Versions { from, to, newest }) => (from, to, newest),
            Some(DiffSubject::Story(_)) | None => return self.toggle_edits(),
        };
        let shows_several = from + 1 < to;
        let to = match (step < 0, shows_several) {
            // Several edits at once are shown one by one, beginning with the last.
            (true, true) => to,
            (true, false) => to - 1,
            (false, _) => to + 1,
        };
        if to < 2 {
            Notice::info("This is the oldest edit that is kept").into()
        } else if to > newest {
            Notice::info("This is the newest edit").into()
        } else {
            Effect::LoadDiff(DiffRequest { entry: id, versions: Some((to - 1, to)) }).into()
        }
    }

    /// Shows a difference that was loaded, unless another article was selected since.
    pub(in crate::app) fn show_diff(&mut self, request: DiffRequest, diff: LoadedDiff) -> Effects {
        let Some(entry) =
            self.entry_list.selected_entry().filter(|known| known.id == request.entry)
        else {
            return Effects::none();
        };
        if matches!(diff.subject, DiffSubject::Versions { newest: ..2, .. }) {
            return self.perform(not_edited().into());
        }
        let left = self.article_pane.show_diff(diff, entry);
        let seen = self.note_edit_seen(request.entry);
        let focused = self.perform(Action::Focus(Pane::Article).into());
        left.and(seen).and(focused)
    }

    /// Shows what the other articles of the selected one's story say, or the text of all of them; where that is
    /// shown, the article again.
    pub(in crate::app) fn toggle_story_reading(&mut self, reading: StoryReading) -> Actions {
        if self.article_pane.story_reading() == Some(reading) {
            self.close_edits();
            return Actions::none();
        }
        match self.entry_list.selected_id() {
            Some(id) => Effect::LoadStoryReading(id, reading).into(),
            None => Notice::no_article().into(),
        }
    }

    /// Shows what the articles of a story say, which was loaded, unless another article was selected since;
    /// `None` if the article shares its story with no other one.
    pub(in crate::app) fn show_story_reading(
        &mut self,
        id: EntryId,
        diff: Option<LoadedDiff>,
    ) -> Effects {
        let Some(entry) = self.entry_list.selected_entry().filter(|known| known.id == id) else {
            return Effects::none();
        };
        let Some(diff) = diff else {
            return self.perform(Notice::info("No other article is in this story").into());
        };
        let left = self.article_pane.show_diff(diff, entry);
        left.and(self.perform(Action::Focus(Pane::Article).into()))
    }

    /// Notes that the user opens the selected article, and so sees its edits.
    pub(in crate::app) fn note_selected_edit_seen(&mut self) -> Effects {
        let selected = self.entry_list.selected_id();
        selected.map(|id| self.note_edit_seen(id)).into()
    }

    /// Notes that the user has seen the edits of an article.
    fn note_edit_seen(&mut self, id: EntryId) -> Effects {
        let was_unseen = self.article_pane.take_unseen_edit(id);
        was_unseen.then_some(StoreWrite::MarkOpened(id)).into()
    }

    /// Shows the next change of the edits in view, or else the next match of the filter; the previous one
    /// for a negative step.
    pub(in crate::app) fn step_hit(&mut self, step: isize) -> Actions {
        match self.article_pane.step_change(step) {
            Some(actions) => actions,
            None => self.article_pane.step_filter_match(self.filter_bar.query(), step),
        }
    }
}

/// Returns the notice for an article without earlier versions.
fn not_edited() -> Notice {
    Notice::info("The publisher has not edited this article since it arrived")
}

impl ArticlePane {
    /// Shows the next change of the edits in view, or the previous one for a negative step. Returns
    /// `None` if no edits are in view.
    fn step_change(&mut self, step: isize) -> Option<Actions> {
        const NEXT: &[NoticeAction] = &[NoticeAction::new(Command::NextHit, "next")];
        let blocks = self.diff()?.changed_blocks();
        let top = self.view()?.position().block;
        let Some(last) = blocks.len().checked_sub(1) else {
            let text = match self.story_reading() {
                Some(_) => "The other articles add nothing",
                None => "Only counters differ between these versions",
            };
            return Some(Notice::info(text).into());
        };
        let index = match (self.shown_change(), step < 0) {
            (Some(shown), _) => (shown + blocks.len()).saturating_add_signed(step) % blocks.len(),
            (None, false) => blocks.iter().position(|block| *block >= top).unwrap_or(0),
            (None, true) => blocks.iter().rposition(|block| *block < top).unwrap_or(last),
        };
        self.jump_to_change(index, blocks[index]);
        let noun = if self.story_reading().is_some() { "Addition" } else { "Change" };
        let notice = Notice::info(format!("{noun} {} of {}", index + 1, blocks.len()));
        Some(if blocks.len() > 1 { notice.offering(NEXT) } else { notice }.into())
    }
}
