//! Commands on accounts: the table, the form, and what their server answers.

use std::collections::BTreeSet;

use super::{
    overlay_command::{AccountTableCommand, FeedTableCommand, OverlayCommand},
    overlays::{OverlayData, OverlayReply},
};
use crate::{
    app::{
        AccountForm, AccountTable, Action, Actions, App, Effect, Effects, Notice, NoticeAction,
        Overlay, Picker, PickerAction, PickerItem, PickerKind, ScrollAmount, StoreWrite,
    },
    command::Command,
    model::{
        AccountDraft, AccountId, AccountRefusal, AccountRemedy, AccountRemoval, CheckedAccount,
        Failure, Feed, ListedAccount, RefreshScope, TRASH_DAYS,
    },
    text::{count_noun, names_other_private_host, url},
};

/// Opens the table of accounts.
pub(super) fn open_table() -> Actions {
    show_table(AccountTable::default()).and(Effect::LoadSidebar)
}

fn show_table(table: AccountTable) -> Actions {
    Action::Open(Overlay::AccountTable(table)).into()
}

/// Opens the form of a new account.
pub(super) fn open_new(table: Option<AccountTable>) -> Actions {
    Action::Open(Overlay::AccountForm(Box::new(AccountForm::for_new(table)))).into()
}

/// Opens the form of an account.
pub(super) fn open_form(listed: &ListedAccount, table: Option<AccountTable>) -> Actions {
    let form = AccountForm::for_account(&listed.account, table);
    Action::Open(Overlay::AccountForm(Box::new(form))).into()
}

/// Syncs all accounts.
pub(super) fn sync_all(accounts: &[ListedAccount]) -> Actions {
    const ADD: &[NoticeAction] = &[NoticeAction::new(Command::AddAccount, "adds one")];
    match accounts {
        [] => Notice::info("There is no account to sync").offering(ADD).into(),
        [one] => sync(one),
        several => Actions::from(Effect::Refresh(RefreshScope::Accounts(None)))
            .and(Notice::info(format!("Syncing {}", count_noun(several.len(), "account")))),
    }
}

fn sync(listed: &ListedAccount) -> Actions {
    Actions::from(Effect::Refresh(RefreshScope::Accounts(Some(listed.id()))))
        .and(Notice::info(format!("Syncing {}", listed.account.name)))
}

/// Asks what becomes of the feeds of an account that is removed.
pub(super) fn ask_removal(listed: &ListedAccount, feeds: &[Feed]) -> Actions {
    let name = &listed.account.name;
    let item = |label: String, action: PickerAction| PickerItem {
        label,
        detail: String::new(),
        keywords: String::new(),
        action,
    };
    let remove = |removal| PickerAction::RemoveAccount(Box::new(listed.account.clone()), removal);
    let fact = match listed.waiting {
        0 => "nothing changes on its server".to_owned(),
        1 => "1 change was not sent".to_owned(),
        count => format!("{} were not sent", count_noun(count, "change")),
    };
    let mut items = vec![item(
        "Keep its feeds and articles here".to_owned(),
        remove(AccountRemoval::KeepFeeds),
    )];
    if let Some(hosts) = private_hosts(listed, feeds) {
        "Keep them, but fetch none in the private network".clone_into(&mut items[0].label);
        let label = format!("Keep them, and fetch those in the private network ({hosts})");
        items.insert(0, item(label, remove(AccountRemoval::KeepPrivateFeeds)));
    }
    let drop = format!("Drop its articles after {TRASH_DAYS} days");
    items.push(item(drop, remove(AccountRemoval::Unsubscribe)));
    items.push(item(format!("{name}: {fact}"), PickerAction::NoAction));
    Action::Open(Overlay::Picker(Picker::new(PickerKind::AccountRemovals, items))).into()
}

/// Returns the hosts in the private network, other than that of its server, from which feeds of an account
/// come; `None` if there are none.
fn private_hosts(listed: &ListedAccount, feeds: &[Feed]) -> Option<String> {
    let of_account = |feed: &&Feed| feed.account.as_ref().is_some_and(|of| of.id == listed.id());
    let urls = feeds.iter().filter(of_account).map(|feed| feed.url.as_str());
    let server = &listed.account.login.url;
    let private = urls.filter(|url| names_other_private_host(url, server));
    let hosts: BTreeSet<&str> = private.map(url::host).collect();
    (!hosts.is_empty()).then(|| hosts.into_iter().collect::<Vec<_>>().join(", "))
}

impl AccountTable {
    /// Runs a command on the selected account, or on the table itself.
    pub(super) fn apply(
        &mut self,
        command: OverlayCommand,
        data: &OverlayData<'_>,
    ) -> OverlayReply {
        let stay = |actions: Actions| OverlayReply::Stay(actions);
        let accounts = data.accounts;
        match command {
            OverlayCommand::Scroll(amount) => self.move_selection(amount.in_rows(), accounts),
            OverlayCommand::Previous => self.move_selection(-1, accounts),
            OverlayCommand::Next => self.move_selection(1, accounts),
            OverlayCommand::Cancel => return OverlayReply::Close(Actions::none()),
            OverlayCommand::Table(FeedTableCommand::Undo) => return stay(StoreWrite::Undo.into()),
            OverlayCommand::Table(FeedTableCommand::Redo) => return stay(StoreWrite::Redo.into()),
            OverlayCommand::Accounts(AccountTableCommand::Add) => {
                return OverlayReply::Close(open_new(Some(std::mem::take(self))));
            }
            OverlayCommand::Confirm
            | OverlayCommand::Accounts(AccountTableCommand::Sync | AccountTableCommand::Remove) => {
                return self.apply_to_selected(command, accounts, data.feeds);
            }
            OverlayCommand::Leave => return OverlayReply::NotMine,
            OverlayCommand::Table(_)
            | OverlayCommand::Rules(_)
            | OverlayCommand::SavePage
            | OverlayCommand::Other => {}
        }
        stay(Actions::none())
    }

    fn apply_to_selected(
        &mut self,
        command: OverlayCommand,
        accounts: &[ListedAccount],
        feeds: &[Feed],
    ) -> OverlayReply {
        let Some(listed) = self.selected(accounts) else {
            return OverlayReply::Stay(Actions::none());
        };
        match command {
            OverlayCommand::Accounts(AccountTableCommand::Sync) => OverlayReply::Stay(sync(listed)),
            OverlayCommand::Accounts(AccountTableCommand::Remove) => {
                OverlayReply::Close(ask_removal(listed, feeds))
            }
            _ => OverlayReply::Close(open_form(listed, Some(std::mem::take(self)))),
        }
    }
}

impl AccountForm {
    /// Runs a command: moves the focus, asks the server, or closes the form.
    pub(super) fn apply(&mut self, command: OverlayCommand) -> OverlayReply {
        match command {
            OverlayCommand::Scroll(ScrollAmount::Lines(lines)) => {
                self.form.move_focus(lines as isize);
            }
            OverlayCommand::Previous => self.form.move_focus(-1),
            OverlayCommand::Next => self.form.move_focus(1),
            OverlayCommand::Cancel => return OverlayReply::Close(self.back_to_table()),
            OverlayCommand::Confirm if self.is_settled() => {
                return OverlayReply::Close(self.back_to_table());
            }
            OverlayCommand::Confirm => {
                let draft = self.start_check();
                let check = draft.map(|draft| Effect::CheckAccount(Box::new(draft)));
                return OverlayReply::Stay(check.into());
            }
            OverlayCommand::Scroll(_)
            | OverlayCommand::SavePage
            | OverlayCommand::Leave
            | OverlayCommand::Table(_)
            | OverlayCommand::Rules(_)
            | OverlayCommand::Accounts(_)
            | OverlayCommand::Other => {}
        }
        OverlayReply::Stay(Actions::none())
    }

    /// Returns to the table that the form was opened from.
    pub(super) fn back_to_table(&mut self) -> Actions {
        self.take_table(None).map_or_else(Actions::none, show_table)
    }
}

impl App {
    /// Returns the open form, if it waits for the outcome of this account.
    fn waiting_account_form(&mut self, draft: &AccountDraft) -> Option<&mut AccountForm> {
        match &mut self.overlay {
            Some(Overlay::AccountForm(form)) if form.waits_for(draft) => Some(form),
            _ => None,
        }
    }

    /// Takes the answer of the server of an account, which is stored unless the form was closed meanwhile.
    pub(super) fn finish_account_check(
        &mut self,
        draft: Box<AccountDraft>,
        checked: Result<Box<CheckedAccount>, AccountRefusal>,
    ) -> Effects {
        let Some(form) = self.waiting_account_form(&draft) else { return Effects::none() };
        match checked {
            Ok(checked) => StoreWrite::SaveAccount(draft, checked).into(),
            Err(refusal) => {
                form.refuse(refusal);
                Effects::none()
            }
        }
    }

    /// Closes the form of an account that was stored, and syncs the account; or shows why it was not.
    pub(super) fn finish_account(
        &mut self,
        draft: &AccountDraft,
        checked: &CheckedAccount,
        saved: Result<AccountId, AccountRefusal>,
    ) -> Effects {
        let form = self.waiting_account_form(draft);
        match (saved, form) {
            (Ok(id), form) => {
                let table = form.map(|form| form.take_table(Some(id)).map(Overlay::AccountTable));
                if let Some(table) = table {
                    self.overlay = table;
                }
                self.notices.show(saved_notice(checked), self.current_time.at);
                let syncs = checked.feed_count.is_some();
                let sync = Effect::Refresh(RefreshScope::Accounts(Some(id)));
                Effects::from(Effect::LoadSidebar).and(Effects::from(syncs.then_some(sync)))
            }
            (Err(refusal), Some(form)) => {
                form.refuse(refusal);
                Effects::none()
            }
            (Err(refusal), None) => {
                self.notices.show(Notice::error(refusal.problem), self.current_time.at);
                Effects::none()
            }
        }
    }

    /// Shows why an account was not stored. Returns false if its form is closed.
    pub(super) fn fail_account_form(&mut self, write: &StoreWrite, failure: &Failure) -> bool {
        let StoreWrite::SaveAccount(draft, _) = write else { return false };
        let Some(form) = self.waiting_account_form(draft) else { return false };
        let problem = failure.summary.clone();
        form.refuse(AccountRefusal { problem, remedy: AccountRemedy::SeeProblem });
        true
    }
}

/// Returns the notice about an account that was stored. Undo does not take an account away: the notice
/// says what does.
fn saved_notice(checked: &CheckedAccount) -> Notice {
    const REMOVE: &[NoticeAction] = &[NoticeAction::new(Command::RemoveAccount, "does")];
    let name = &checked.name;
    match (&checked.before, checked.feed_count) {
        (None, count) => {
            let feeds = count_noun(count.unwrap_or_default(), "feed");
            Notice::info(format!("Added {name}: {feeds}; undo does not remove it")).offering(REMOVE)
        }
        (Some(_), _) => Notice::info(format!("Changed {name}")),
    }
}
