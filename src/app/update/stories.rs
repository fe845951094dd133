//! Commands on stories: opening and closing them in the list, listing, joining and leaving them.

use crate::{
    app::{Actions, EntryList, Notice, NoticeAction, StoreWrite, StoryPlace},
    command::Command,
    model::{AppliedChange, Change, StoryLink},
};

/// Maximum number of articles that are put into a story at once.
const MAX_JOINED_ARTICLES: usize = 100;

impl EntryList {
    /// Returns whether rows of the list have to be loaded again after a change: they tell how many articles of
    /// their stories are unread, also of those without a row.
    pub(in crate::app) fn recounts_stories(&self, done: &AppliedChange) -> bool {
        self.is_grouped_by_story()
            && done.change.marks_entries()
            && done.change.all_entry_ids().iter().any(|id| !self.has_loaded_row(*id))
    }

    /// Lists the articles of the selected story below its row, or only the row again.
    pub(in crate::app) fn toggle_story(&mut self) -> Actions {
        const GROUP: &[NoticeAction] = &[NoticeAction::new(Command::GroupList, "to group it")];
        if !self.is_grouped_by_story() {
            return Notice::info("The list is not grouped by story").offering(GROUP).into();
        }
        let toggled = self.close_story().or_else(|| self.open_story());
        toggled.unwrap_or_else(|| Notice::info("No other article is in this story").into())
    }

    /// Lists the articles of the selected row's story below it; `None` if it has none, or is open.
    pub(in crate::app) fn open_story(&mut self) -> Option<Actions> {
        let entry = self.selected_entry()?;
        let id = entry.id;
        let is_closed =
            self.is_grouped_by_story() && self.story_place(entry) == Some(StoryPlace::Closed);
        is_closed.then(|| {
            self.stories.open(id);
            self.request_after_change().into()
        })
    }

    /// Lists only the first row of the selected story, and selects it; `None` if no story is open there.
    pub(in crate::app) fn close_story(&mut self) -> Option<Actions> {
        let head = self.stories.open_head_of(self.selected_id()?)?;
        self.stories.close(head);
        if let Some(index) = self.ids().iter().position(|id| *id == head) {
            self.select(index);
        }
        Some(self.request_after_change().into())
    }

    /// Lists the articles of the selected one's story, until the filter is cleared.
    pub(in crate::app) fn show_story(&mut self) -> Actions {
        match self.selected_id() {
            Some(id) => self.visit_list(format!("story:{id}")),
            None => Notice::no_article().into(),
        }
    }

    /// Puts the marked articles into the story of the selected one.
    pub(in crate::app) fn join_story(&mut self) -> Actions {
        const MARK: &[NoticeAction] = &[NoticeAction::new(Command::ToggleRowMark, "to mark them")];
        let Some(selected) = self.selected_id() else { return Notice::no_article().into() };
        let marked = self.marked_ids();
        let links = marked.into_iter().filter(|id| *id != selected);
        let mut links: Vec<Change> =
            links.map(|id| Change::link_story(id, &[selected], StoryLink::Same)).collect();
        match links.len() {
            0 => Notice::info("Mark the articles of the story, then select another one of them")
                .offering(MARK)
                .into(),
            count if count > MAX_JOINED_ARTICLES => Notice::info(format!(
                "A story takes at most {MAX_JOINED_ARTICLES} articles at a time"
            ))
            .into(),
            1 => StoreWrite::ApplyChange(links.remove(0)).into(),
            _ => StoreWrite::ApplyChange(Change::Many(links)).into(),
        }
    }

    /// Takes the selected article out of its story.
    pub(in crate::app) fn leave_story(&self) -> Actions {
        match self.selected_id() {
            Some(id) => StoreWrite::LeaveStory(id).into(),
            None => Notice::no_article().into(),
        }
    }
}
