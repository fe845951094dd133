//! Commands on the journal: steps back and forth through it.

use super::{
    overlay_command::{FeedTableCommand, OverlayCommand},
    overlays::OverlayReply,
};
use crate::{
    app::{
        Actions, App, ChangeAction, Effect, Effects, JournalTable, Notice, Overlay, StoreWrite,
        describe_action,
    },
    model::{AppliedChange, Change},
    text::count_noun,
};

impl JournalTable {
    /// Runs a command on the journal: moves, asks about a step, takes it.
    pub(super) fn apply(&mut self, command: OverlayCommand) -> OverlayReply {
        match command {
            OverlayCommand::Scroll(amount) => self.move_selection(amount.in_rows()),
            OverlayCommand::Previous => self.move_selection(-1),
            OverlayCommand::Next => self.move_selection(1),
            OverlayCommand::Confirm => return OverlayReply::Stay(self.ask_or_step()),
            OverlayCommand::Cancel if self.question().is_some() => self.set_asking(false),
            OverlayCommand::Cancel => return OverlayReply::Close(Actions::none()),
            OverlayCommand::Table(FeedTableCommand::Undo) => {
                return OverlayReply::Stay(StoreWrite::Undo.into());
            }
            OverlayCommand::Table(FeedTableCommand::Redo) => {
                return OverlayReply::Stay(StoreWrite::Redo.into());
            }
            OverlayCommand::Table(_)
            | OverlayCommand::Rules(_)
            | OverlayCommand::Accounts(_)
            | OverlayCommand::SavePage
            | OverlayCommand::Other => {}
            OverlayCommand::Leave => return OverlayReply::NotMine,
        }
        OverlayReply::Stay(Actions::none())
    }

    /// Asks whether to undo or redo up to the selected change, or does it if the question is open.
    pub(super) fn ask_or_step(&mut self) -> Actions {
        const UNREADABLE: &str = "This version cannot read the change, and so cannot undo it";
        const LOST: &str = "What was dropped from the trash cannot be brought back";
        let Some(row) = self.selected_row() else { return Actions::none() };
        let (change, is_lost, asked) = (row.id, row.is_lost, self.question());
        self.set_asking(asked.is_none());
        match asked {
            Some(question) if question.is_redo => {
                StoreWrite::RedoUpTo { change, count: question.count }.into()
            }
            Some(question) => StoreWrite::UndoBackTo { change, count: question.count }.into(),
            None if self.question().is_none() => {
                Notice::info(if is_lost { LOST } else { UNREADABLE }).into()
            }
            None => Actions::none(),
        }
    }
}

impl App {
    /// Takes note of changes that were undone or redone together.
    pub(super) fn finish_steps(&mut self, action: ChangeAction, done: &[AppliedChange]) -> Effects {
        self.notices.show(Notice::info(steps_sentence(action, done)), self.current_time.at);
        self.reload_journal();
        self.reload_rules();
        for change in done {
            self.entry_list.update_states(change);
        }
        let retagged = done.iter().any(|done| done.change.tags_entries());
        let recount = retagged.then(|| self.sidebar.recount_tags()).flatten();
        let moves_feeds = done.iter().any(|done| done.change.affects_feeds());
        let requested = if moves_feeds {
            self.entry_list.request_after_feed_change()
        } else {
            self.entry_list.request_again()
        };
        let effects = requested.and(Effect::LoadSidebar);
        effects.and(Effects::from(recount))
    }

    /// Has the journal loaded anew if it is open.
    pub(super) fn reload_journal(&mut self) {
        if let Some(Overlay::Journal(table)) = &mut self.overlay {
            table.reload();
        }
    }
}

/// Describes changes that were undone or redone together.
fn steps_sentence(action: ChangeAction, done: &[AppliedChange]) -> String {
    let is_step = |done: &&AppliedChange| !matches!(done.change, Change::Dropped { .. });
    let steps: Vec<&AppliedChange> = done.iter().filter(is_step).collect();
    let lost = done.iter().find(|done| !is_step(done));
    let sentence = match (&steps[..], action) {
        ([], _) if lost.is_some() => describe_action(action, None),
        ([], _) => "The journal has changed since you looked; nothing was done".to_owned(),
        ([change], action) => describe_action(action, Some(*change)),
        (several, ChangeAction::Redone) => {
            format!("Redone: {}", count_noun(several.len(), "change"))
        }
        (several, _) => format!("Undone: {}", count_noun(several.len(), "change")),
    };
    match lost {
        Some(lost) => format!("{sentence}; {}", describe_action(action, Some(lost))),
        None => sentence,
    }
}
