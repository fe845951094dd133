//! Commands on the tags of the selected article.

use super::{overlay_command::OverlayCommand, overlays::OverlayReply};
use crate::{
    app::{Action, Actions, Effect, Effects, EntryList, Notice, Overlay, Sidebar, TagPrompt},
    model::{Change, Entry, EntryId, TagMark, TagName},
    text::LocalNow,
};

/// Opens the prompt for the tags of an article, with a text to begin with.
pub(super) fn open_prompt(text: &'static str, entry: Option<&Entry>, sidebar: &Sidebar) -> Actions {
    let Some(entry) = entry else { return Notice::no_article().into() };
    let prompt = TagPrompt::new(entry, &sidebar.data().tags, text);
    Action::Open(Overlay::TagPrompt(Box::new(prompt))).into()
}

impl TagPrompt {
    /// Runs a command: completes the word, changes the tags and closes, or nothing.
    pub(super) fn apply(&mut self, command: OverlayCommand, now: LocalNow) -> OverlayReply {
        match command {
            OverlayCommand::Next => self.complete(1),
            OverlayCommand::Previous => self.complete(-1),
            OverlayCommand::Confirm => {
                if let Some(marks) = self.validate(now) {
                    let change = tag_change(self.entry(), marks);
                    return OverlayReply::Close(Action::ApplyChange(change).into());
                }
            }
            OverlayCommand::Scroll(_)
            | OverlayCommand::Cancel
            | OverlayCommand::SavePage
            | OverlayCommand::Leave
            | OverlayCommand::Table(_)
            | OverlayCommand::Other => {}
        }
        OverlayReply::Stay(Actions::none())
    }
}

/// Returns one change, which is undone at once, for all marks of an entry.
fn tag_change(entry: EntryId, marks: Vec<(TagName, TagMark)>) -> Change {
    let changes = marks.into_iter().map(|(name, mark)| Change::set_tag(&[entry], name, mark));
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
        let has_tag = entry.tags.iter().any(|tag| tag.name.key() == name.key());
        let mark = if has_tag { TagMark::Off } else { TagMark::On };
        let change = Change::set_tag(&[entry.id], name.clone(), mark);
        self.apply_change(Some(change)).into()
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
