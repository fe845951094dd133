//! Commands on the overlays, except those that concern feeds.
//!
//! While an overlay is open it sees every command first and gives a [`Reply`]: it stays open, it closes, or it leaves
//! the command to the panes, which closes it, too. Overlays ignore commands that make no sense in them, so that a key
//! that belongs to a pane below does nothing.

use std::collections::BTreeMap;

use super::overlay_command::OverlayCommand;
use crate::{
    app::{
        Action, Actions, ArticlePane, Effect, ExportTarget, FindBar, Notice, Overlay, Pane,
        PathPrompt, PathPurpose, Picker, PickerAction, PickerKind, ScrollAmount, StoreWrite,
        edit_of,
    },
    command::Command,
    model::{Entry, Feed, ListedAccount, Tag, View, ViewScope},
    settings::UserCommand,
    text::LocalNow,
};

/// The reply of an overlay to a command.
#[derive(Debug)]
pub(super) enum OverlayReply {
    /// The overlay stays open.
    Stay(Actions),
    /// The overlay closes.
    Close(Actions),
    /// The command is none of the overlay's: it closes, and the command does what it does without one.
    NotMine,
}

/// The data of the library that overlays check what is typed against.
#[derive(Debug, Clone, Copy)]
pub(super) struct OverlayData<'a> {
    /// The feeds of the user.
    pub(super) feeds: &'a [Feed],
    /// The accounts.
    pub(super) accounts: &'a [ListedAccount],
    /// The views, also hidden ones.
    pub(super) views: &'a [View],
    /// The tags of the user.
    pub(super) tags: &'a [Tag],
    /// The commands of the settings.
    pub(super) commands: &'a BTreeMap<String, UserCommand>,
    /// The current time.
    pub(super) now: LocalNow,
    /// The filter of the list.
    pub(super) filter: &'a str,
}

impl Overlay {
    /// Runs a command on the overlay.
    pub(super) fn apply(
        &mut self,
        command: Command,
        context: &OverlayData<'_>,
        pane: &mut ArticlePane,
    ) -> OverlayReply {
        let OverlayData { feeds, .. } = *context;
        if let Some(request) = edit_of(command).filter(|_| self.takes_text()) {
            self.edit_input(pane, |input| input.apply_edit(request));
            return OverlayReply::Stay(Actions::none());
        }
        let command = OverlayCommand::from_command(command);
        match (self, command) {
            (Overlay::CommandMenu(menu), OverlayCommand::Scroll(ScrollAmount::Pages(pages))) => {
                menu.turn_pages(pages as isize);
                OverlayReply::Stay(Actions::none())
            }
            (Overlay::CommandMenu(_), _) => OverlayReply::NotMine,
            (Overlay::FeedTable(table), _) => table.apply(command, feeds),
            (Overlay::Journal(table), _) => table.apply(command),
            (Overlay::RuleTable(table), _) => table.apply(command, context),
            (Overlay::AccountTable(table), _) => table.apply(command, context),
            (_, OverlayCommand::Leave) => OverlayReply::NotMine,
            (Overlay::FeedForm(form), _) => form.apply(command, feeds),
            (Overlay::FolderForm(form), _) => form.apply(command, feeds),
            (Overlay::ViewForm(form), _) => form.apply(command, context),
            (Overlay::RuleForm(form), _) => form.apply(command, context),
            (Overlay::AccountForm(form), _) => form.apply(command),
            (Overlay::Picker(picker), OverlayCommand::Cancel)
                if picker.kind == PickerKind::AccountRemovals =>
            {
                OverlayReply::Close(Action::Run(Command::ManageAccounts).into())
            }
            (Overlay::Question(question), OverlayCommand::Cancel) => {
                OverlayReply::Close(question.back_to_rules())
            }
            (_, OverlayCommand::Cancel) => OverlayReply::Close(Actions::none()),
            (Overlay::FindBar(find), _) => find.apply(command, pane),
            (Overlay::Picker(picker), _) => picker.apply(command, pane),
            (Overlay::AddFeed(dialog), _) => dialog.apply(command),
            (Overlay::PathPrompt(prompt), _) => prompt.apply(command),
            (Overlay::Question(question), OverlayCommand::Confirm) => {
                let actions = question.take_actions();
                OverlayReply::Close(actions.and(question.back_to_rules()))
            }
            (Overlay::Question(_), _) => OverlayReply::Stay(Actions::none()),
            (Overlay::TagPrompt(prompt), _) => prompt.apply(command, context.now),
        }
    }
}

impl Picker {
    /// Runs a command: moves, picks the selected item, or nothing.
    fn apply(&mut self, command: OverlayCommand, pane: &mut ArticlePane) -> OverlayReply {
        match command {
            OverlayCommand::Scroll(amount) => self.move_selection(amount.in_rows()),
            OverlayCommand::Previous => self.move_selection(-1),
            OverlayCommand::Next => self.move_selection(1),
            OverlayCommand::Confirm => return OverlayReply::Close(self.pick(pane)),
            OverlayCommand::Cancel
            | OverlayCommand::SavePage
            | OverlayCommand::Leave
            | OverlayCommand::Table(_)
            | OverlayCommand::Rules(_)
            | OverlayCommand::Accounts(_)
            | OverlayCommand::Other => {}
        }
        OverlayReply::Stay(Actions::none())
    }

    pub(super) fn pick(&self, pane: &mut ArticlePane) -> Actions {
        match self.selected_action().cloned() {
            Some(PickerAction::RunCommand(command)) => Action::Run(command).into(),
            Some(PickerAction::OpenUrl(url)) => Effect::OpenUrl(url).into(),
            Some(PickerAction::SetBidiMode(mode)) => Action::SetBidiMode(mode).into(),
            Some(PickerAction::JumpToBlock(block)) => {
                pane.jump_to_block(block);
                Action::Focus(Pane::Article).into()
            }
            Some(PickerAction::SortList(order)) => Action::SortList(order).into(),
            Some(PickerAction::ApplyChange(change)) => Action::ApplyChange(change).into(),
            Some(PickerAction::OpenDayPrompt(ids)) => Action::OpenDayPrompt(ids.to_vec()).into(),
            Some(PickerAction::GroupList(grouping)) => Action::GroupList(grouping).into(),
            Some(PickerAction::ChooseTargets(scope)) => Action::ChooseTargets(scope).into(),
            Some(PickerAction::Act(act, ids)) => Action::ActOn(act, ids.to_vec()).into(),
            Some(PickerAction::AddTerm(term)) => Action::AddTerm(term).into(),
            Some(PickerAction::ShowScope(scope)) => {
                Actions::from(Action::Focus(Pane::List)).and(Action::ShowScope(scope))
            }
            Some(PickerAction::ShowFilter(text)) => Actions::from(Action::Focus(Pane::List))
                .and(Action::SetFilter(text))
                .and(Action::ShowScope(ViewScope::All)),
            Some(PickerAction::RemoveAccount(account, removal)) => {
                Actions::from(StoreWrite::RemoveAccount(account, removal))
                    .and(Action::Run(Command::ManageAccounts))
            }
            Some(PickerAction::NoAction) | None => Actions::none(),
        }
    }
}

impl FindBar {
    /// Runs a command: steps through the matches, or scrolls the article.
    fn apply(&mut self, command: OverlayCommand, pane: &mut ArticlePane) -> OverlayReply {
        match command {
            OverlayCommand::Scroll(amount) => pane.scroll(amount),
            OverlayCommand::Confirm | OverlayCommand::Next => self.step_hit(1, pane),
            OverlayCommand::Previous => self.step_hit(-1, pane),
            OverlayCommand::Cancel
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

impl PathPrompt {
    /// Runs a command: completes the path, reads or writes the file, or nothing. The prompt stays
    /// open until the file was read or written.
    fn apply(&mut self, command: OverlayCommand) -> OverlayReply {
        OverlayReply::Stay(match command {
            OverlayCommand::Next => Effect::CompletePath(self.input.text().to_owned()).into(),
            OverlayCommand::Confirm => self.use_file().into(),
            OverlayCommand::Scroll(_)
            | OverlayCommand::Previous
            | OverlayCommand::Cancel
            | OverlayCommand::SavePage
            | OverlayCommand::Leave
            | OverlayCommand::Table(_)
            | OverlayCommand::Rules(_)
            | OverlayCommand::Accounts(_)
            | OverlayCommand::Other => Actions::none(),
        })
    }

    fn use_file(&mut self) -> Option<Effect> {
        let (path, existing) = self.start()?;
        Some(match &self.purpose {
            PathPurpose::ImportFeeds => Effect::ImportFeeds(path),
            PathPurpose::ExportFeeds => Effect::ExportFeeds(path, existing),
            PathPurpose::ExportArticles(ids) => {
                Effect::ExportArticles(ids.clone(), ExportTarget::File(path, existing))
            }
        })
    }
}

/// Opens a prompt for the path of a file.
pub(super) fn open_path_prompt(prompt: PathPrompt) -> Actions {
    Action::Open(Overlay::PathPrompt(prompt)).into()
}

/// Opens a prompt for the file to write an article to.
pub(super) fn open_export_prompt(entry: Option<&Entry>) -> Actions {
    match entry {
        Some(entry) => open_path_prompt(PathPrompt::export_article(entry)),
        None => Notice::no_article().into(),
    }
}
