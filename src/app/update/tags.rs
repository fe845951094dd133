//! Commands on the tags of the selected article.

use super::{overlay_command::OverlayCommand, overlays::OverlayReply};
use crate::{
    app::{Action, Actions, Effect, Effects, EntryList, Notice, Overlay, Sidebar, TagPrompt},
    model::{Change, EntryId, TagMark, TagName},
    text::LocalNow,
};

/// Opens the prompt for the tags of articles.
pub(super) fn open_prompt(ids: &[EntryId], list: &EntryList, sidebar: &Sidebar) -> Actions {
    match build_prompt(ids, list, sidebar) {
        Some(prompt) => Action::Open(Overlay::TagPrompt(Box::new(prompt))).into(),
        None => Notice::no_article().into(),
    }
}

/// Opens the prompt for the day until which articles are hidden.
pub(super) fn open_day_prompt(ids: &[EntryId], list: &EntryList, sidebar: &Sidebar) -> Actions {
    match build_prompt(ids, list, sidebar) {
        Some(prompt) => Action::Open(Overlay::TagPrompt(Box::new(prompt.for_day()))).into(),
        None => Notice::no_article().into(),
    }
}

fn build_prompt(ids: &[EntryId], list: &EntryList, sidebar: &Sidebar) -> Option<TagPrompt> {
    let known = &sidebar.data().tags;
    match (ids, list.selected_entry()) {
        ([], _) => None,
        ([id], Some(entry)) if *id == entry.id => Some(TagPrompt::new(entry, known)),
        _ => Some(TagPrompt::for_several(ids, known)),
    }
}

impl TagPrompt {
    /// Runs a command: completes the word, changes the tags and closes, or nothing.
    pub(super) fn apply(&mut self, command: OverlayCommand, now: LocalNow) -> OverlayReply {
        match command {
            OverlayCommand::Next => self.complete(1),
            OverlayCommand::Previous => self.complete(-1),
            OverlayCommand::Confirm => {
                if let Some(marks) = self.validate(now) {
                    let change = tag_change(self.entries(), marks);
                    return OverlayReply::Close(Action::ApplyChange(change).into());
                }
            }
            OverlayCommand::Scroll(_)
            | OverlayCommand::Cancel
            | OverlayCommand::SavePage
            | OverlayCommand::Leave
            | OverlayCommand::Table(_)
            | OverlayCommand::Rules(_)
            | OverlayCommand::Accounts(_)
            | OverlayCommand::Other => {}
        }
        OverlayReply::Stay(Actions::none())
    }
}

/// Returns one change, which is undone at once, for all marks of entries.
fn tag_change(entries: &[EntryId], marks: Vec<(TagName, TagMark)>) -> Change {
    let changes = marks.into_iter().map(|(name, mark)| Change::set_tag(entries, name, mark));
    let mut changes: Vec<Change> = changes.collect();
    match changes.len() {
        1 => changes.remove(0),
        _ => Change::Many(changes),
    }
}

impl EntryList {
    /// Puts a tag on the selected entry for good, or takes it off.
    pub(in crate::app) fn toggle_tag(&mut self, name: &TagName) -> Actions {
        let Some(entry) = self.selected_entry() else { return Notice::no_article().into() };
        let mark = if entry.has_tag(name) { TagMark::Off } else { TagMark::On };
        let change = Change::set_tag(&[entry.id], name.clone(), mark);
        self.apply_change(Some(change)).into()
    }

    /// Applies a change of tags: at once if it is one of the selected entry, else once it is stored.
    pub(in crate::app) fn apply_tags(&mut self, change: Change) -> Actions {
        let selected = self.selected_id();
        let mut is_of_selected = true;
        change.for_each(&mut |part| {
            is_of_selected &= selected.as_slice() == part.entry_ids();
        });
        if is_of_selected {
            self.apply_change(Some(change)).into()
        } else {
            self.write_marks(change)
        }
    }

    /// Loads the rows whose tags a change has changed: only the library knows the colours of tags, and
    /// the marks that an undo restores.
    pub(in crate::app) fn reload_tagged(&self, change: &Change) -> Effects {
        let mut ids: Vec<EntryId> = Vec::new();
        change.for_each(&mut |change| {
            if change.tags_entries() {
                ids.extend(change.entry_ids().iter().filter(|id| self.has_loaded_row(**id)));
            }
        });
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() { Effects::none() } else { Effect::LoadRows(ids).into() }
    }
}
