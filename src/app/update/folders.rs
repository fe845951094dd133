//! Commands on folders: renaming them, and unsubscribing from all their feeds.

use super::{overlay_command::OverlayCommand, overlays::OverlayReply};
use crate::{
    app::{
        Action, Actions, FolderForm, Notice, Overlay, Question, ScrollAmount, SidebarData,
        StoreWrite,
    },
    model::{Feed, TRASH_DAYS, feeds_in_folder, unsubscribe_from},
    text::count_noun,
};

/// Opens the form of a folder.
pub(super) fn open_form(folder: &str) -> Actions {
    Action::Open(Overlay::FolderForm(Box::new(FolderForm::new(folder)))).into()
}

/// Asks whether to unsubscribe from the feeds of a folder and of those within.
pub(super) fn ask_removal(folder: &str, data: &SidebarData) -> Actions {
    let feeds = feeds_in_folder(&data.feeds, folder);
    if feeds.is_empty() {
        return Notice::info(format!("No feed is in {folder}")).into();
    }
    let change = unsubscribe_from(&feeds);
    let here_only = data.here_only_text(&change).unwrap_or_default();
    let count = count_noun(feeds.len(), "feed");
    let text = format!(
        "Unsubscribe from {count} in “{folder}”? Articles stay {TRASH_DAYS} days{here_only}"
    );
    Action::Open(Overlay::Question(Question::new(text, StoreWrite::ApplyChange(change)))).into()
}

impl FolderForm {
    /// Runs a command: saves or closes the form.
    pub(super) fn apply(&mut self, command: OverlayCommand, feeds: &[Feed]) -> OverlayReply {
        match command {
            OverlayCommand::Cancel => return OverlayReply::Close(Actions::none()),
            OverlayCommand::Confirm if !self.is_changed() => {
                return OverlayReply::Close(Actions::none());
            }
            OverlayCommand::Confirm => {
                if let Some(change) = self.validate(feeds) {
                    return OverlayReply::Close(StoreWrite::ApplyChange(change).into());
                }
            }
            OverlayCommand::Scroll(ScrollAmount::Lines(lines)) => {
                self.form.move_focus(lines as isize);
            }
            OverlayCommand::Scroll(_)
            | OverlayCommand::Previous
            | OverlayCommand::Next
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
