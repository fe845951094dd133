//! Commands on stories: opening and closing them in the list.

use crate::{
    app::{Actions, EntryList, Notice, NoticeAction, StoryPlace},
    command::Command,
    model::AppliedChange,
};

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
}
