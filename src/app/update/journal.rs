//! Commands on the journal: steps back and forth through it.

use super::{
    overlay_command::{FeedTableCommand, OverlayCommand},
    overlays::OverlayReply,
};
use crate::{
    app::{
        Actions, App, ChangeAction, Effect, Effects, JournalTable, Notice, NoticeAction, Overlay,
        StoreWrite, describe_action, describe_changed_since, describe_dropped, refusal_failure,
        uncapitalize,
    },
    command::Command,
    model::JournalSteps,
    text::{LocalNow, count_noun},
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
    /// Takes note of changes that were undone or redone together, and of steps that were refused.
    pub(super) fn finish_steps(&mut self, action: ChangeAction, steps: &JournalSteps) -> Effects {
        let JournalSteps { changes, refusals, overtaken, .. } = steps;
        self.notices.show(steps_notice(action, steps, self.current_time), self.current_time.at);
        for problem in refusals.iter().chain(overtaken) {
            self.notices.record_failure(refusal_failure(action, problem));
        }
        self.reload_journal();
        self.reload_rules();
        for change in changes {
            self.entry_list.update_states(change);
            self.entry_list.follow_folder(&self.sidebar.data().feeds, &change.change);
        }
        let retagged = changes.iter().any(|done| done.change.tags_entries());
        let recount = retagged.then(|| self.sidebar.recount_tags()).flatten();
        let moves_feeds = changes.iter().any(|done| done.change.affects_feeds());
        let requested = if moves_feeds {
            self.entry_list.request_after_feed_change()
        } else {
            self.entry_list.request_after_change()
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

/// Returns the notice about steps through the journal. One about a refusal is short, so that the keys for
/// its reason and for the next step stay in view.
fn steps_notice(action: ChangeAction, steps: &JournalSteps, now: LocalNow) -> Notice {
    const REFUSED: &[NoticeAction] = &[
        NoticeAction::new(Command::ShowJournal, "shows the difference"),
        NoticeAction::new(Command::Undo, "goes on"),
    ];
    const OVERTAKEN: &[NoticeAction] = REFUSED.split_at(1).1;
    const REFUSED_REDO: &[NoticeAction] = REFUSED.split_at(1).0;
    const PASSED_OVER: &[NoticeAction] = &[NoticeAction::new(Command::ShowJournal, "lists them")];
    let sentence = steps_sentence(action, steps, now);
    match (steps.refusals.len(), steps.passed_over) {
        (0, _) if steps.lost > 0 && steps.overtaken.is_empty() => match action {
            ChangeAction::Redone => Notice::error(sentence),
            _ => Notice::error(sentence).offering(OVERTAKEN),
        },
        (0, 0) if steps.overtaken.is_empty() => Notice::info(sentence),
        (0, 0) if action == ChangeAction::Redone => Notice::error(sentence),
        (0, 0) => Notice::error(sentence).offering(OVERTAKEN),
        (0, count) => {
            let passed = format!("{} passed over", count_noun(count, "change"));
            Notice::info(format!("{passed} · {}", uncapitalize(&sentence))).offering(PASSED_OVER)
        }
        _ if action == ChangeAction::Redone => Notice::error(sentence).offering(REFUSED_REDO),
        _ => Notice::error(sentence).offering(REFUSED),
    }
}

/// Describes changes that were undone or redone together.
fn steps_sentence(action: ChangeAction, steps: &JournalSteps, now: LocalNow) -> String {
    let verb = if action == ChangeAction::Redone { "Redone" } else { "Undone" };
    let refused = (!steps.refusals.is_empty())
        .then(|| format!("Not {}: rules.toml was edited", verb.to_lowercase()));
    let lost = (steps.lost > 0).then(|| {
        format!("Not {}: what was dropped from the trash stays gone", verb.to_lowercase())
    });
    let overtaken = (!steps.overtaken.is_empty())
        .then(|| format!("Not {}: {}", verb.to_lowercase(), steps.overtaken.join("; ")));
    let done = match &steps.changes[..] {
        [] if lost.is_some() => None,
        [] if steps.dropped > 0 || steps.passed_over > 0 => {
            Some(describe_action(action, None, now))
        }
        [] if refused.is_some() || overtaken.is_some() => None,
        [] => Some("The journal has changed since you looked; nothing was done".to_owned()),
        [change] => Some(describe_action(action, Some(change), now)),
        several => Some(format!("{verb}: {}", count_noun(several.len(), "change"))),
    };
    let dropped = (steps.dropped > 0).then(|| describe_dropped(steps.dropped));
    let left = (steps.changed_since > 0).then(|| describe_changed_since(steps.changed_since));
    let parts: Vec<String> =
        [refused, lost, overtaken, done, dropped, left].into_iter().flatten().collect();
    parts.join("; ")
}
