//! The rows of a list grouped by story: which stories are open, and what the others fold.

use crate::model::{EntryId, MAX_OPEN_STORIES, StoryFold};

/// The stories of a list that is grouped by them.
#[derive(Debug, Default)]
pub(in crate::app) struct StoryRows {
    /// The folded articles and the open stories; `None` for a list with other groups.
    pub(in crate::app) fold: Option<StoryFold>,
    /// Articles whose stories the user has opened, the latest last.
    open: Vec<EntryId>,
}

/// The place of a row in a list grouped by story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoryPlace {
    /// The row stands for the articles of its story.
    Closed,
    /// The articles of the story are listed below.
    Open,
    /// The row is of an article below that of its open story.
    Member,
}

impl StoryRows {
    /// Returns the articles whose stories are open, for a search.
    pub(in crate::app) fn open_stories(&self) -> Vec<EntryId> {
        self.open.clone()
    }

    /// Opens the story of an article. Of too many, the one that was opened first closes.
    pub(in crate::app) fn open(&mut self, id: EntryId) {
        if self.open.len() >= MAX_OPEN_STORIES {
            self.open.remove(0);
        }
        self.open.push(id);
    }

    /// Closes the open story whose row is `head`.
    pub(in crate::app) fn close(&mut self, head: EntryId) {
        let fold = self.fold.as_ref();
        let is_of_story = |id: &EntryId| {
            *id == head || fold.is_some_and(|fold| fold.opened.get(id) == Some(&head))
        };
        self.open.retain(|id| !is_of_story(id));
    }

    /// Closes all stories.
    pub(in crate::app) fn close_all(&mut self) {
        self.open.clear();
    }

    /// Returns the article of the row under which an open story lists `id`; `None` if no open story has it.
    pub(in crate::app) fn open_head_of(&self, id: EntryId) -> Option<EntryId> {
        let opened = &self.fold.as_ref()?.opened;
        let is_head = || opened.values().any(|head| *head == id);
        opened.get(&id).copied().or_else(|| is_head().then_some(id))
    }

    /// Returns the place of an article with other ones of its story.
    pub(in crate::app) fn place_of(&self, id: EntryId) -> Option<StoryPlace> {
        self.fold.as_ref()?;
        Some(match self.open_head_of(id) {
            None => StoryPlace::Closed,
            Some(head) if head == id => StoryPlace::Open,
            Some(_) => StoryPlace::Member,
        })
    }
}
