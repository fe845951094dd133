//! Commands on the overlays that concern feeds: the dialog that adds one, the form, the table.

use super::{
    feeds::{open_feed_site, toggle_muted, toggle_paused},
    overlay_command::{FeedTableCommand, OverlayCommand},
    overlays::OverlayReply,
};
use crate::{
    app::{
        Action, Actions, AddFeedDialog, AddFeedStage, App, Effect, Effects, FeedForm, FeedTable,
        Notice, NoticeAction, Overlay, Pane, ScrollAmount, SidebarData, StoreWrite, is_file_path,
    },
    command::Command,
    model::{Change, Feed, NewFeed, RefreshScope, ViewScope},
};

impl App {
    /// Opens the dialog that adds a feed, which looks at `address` at once.
    pub fn look_up_address(&mut self, address: &str) -> Effects {
        self.perform(AddFeedDialog::open(address, self.sidebar.data()))
    }
}

impl AddFeedDialog {
    /// Opens the dialog for the address of a page to save.
    pub(super) fn open_for_page(data: &SidebarData) -> Actions {
        const SAVE: &[NoticeAction] = &[NoticeAction::new(Command::SavePage, "saves it")];
        let notice = Notice::info("Type the address of the page").offering(SAVE);
        AddFeedDialog::open("", data).and(notice)
    }

    /// Opens the dialog; a URL that is known already is looked up at once.
    pub(super) fn open(address: &str, data: &SidebarData) -> Actions {
        let mut dialog = AddFeedDialog::new(address, data);
        let started = if address.is_empty() {
            OverlayReply::Stay(Actions::none())
        } else {
            dialog.discover()
        };
        match started {
            OverlayReply::Stay(actions) => {
                Actions::from(Action::Open(Overlay::AddFeed(Box::new(dialog)))).and(actions)
            }
            OverlayReply::Close(actions) => actions,
            OverlayReply::NotMine => Actions::none(),
        }
    }

    /// Runs a command: moves and chooses, discovers feeds, subscribes.
    pub(super) fn apply(&mut self, command: OverlayCommand) -> OverlayReply {
        let is_choosing = matches!(self.stage, AddFeedStage::Choosing(_));
        match command {
            OverlayCommand::Scroll(ScrollAmount::Lines(lines)) if self.is_account_focused() => {
                self.cycle_account(lines as isize);
                self.reset_stage();
            }
            OverlayCommand::Scroll(ScrollAmount::Lines(lines)) => {
                self.move_selection(lines as isize);
            }
            OverlayCommand::Previous if is_choosing => self.move_selection(-1),
            OverlayCommand::Previous => self.move_focus(-1),
            OverlayCommand::Next if is_choosing => self.toggle_selected(),
            OverlayCommand::Next => {
                if let Some(path) = self.focused_path() {
                    return OverlayReply::Stay(Effect::CompletePath(path.to_owned()).into());
                }
                self.move_focus(1);
            }
            OverlayCommand::Confirm if is_choosing => {
                return OverlayReply::Close(self.subscribe_to_chosen());
            }
            OverlayCommand::SavePage => return self.save_page(),
            OverlayCommand::Confirm if self.stage == AddFeedStage::Discovering => {}
            OverlayCommand::Confirm => {
                return match self.feed_for_server() {
                    Some(feed) => OverlayReply::Close(StoreWrite::Subscribe(vec![feed]).into()),
                    None => self.discover(),
                };
            }
            OverlayCommand::Scroll(_)
            | OverlayCommand::Cancel
            | OverlayCommand::Leave
            | OverlayCommand::Table(_)
            | OverlayCommand::Rules(_)
            | OverlayCommand::Accounts(_)
            | OverlayCommand::Other => {}
        }
        OverlayReply::Stay(Actions::none())
    }

    /// Returns the feed that the server of the chosen account is to find by itself, because it could not
    /// be found from here.
    pub fn feed_for_server(&self) -> Option<NewFeed> {
        matches!(self.stage, AddFeedStage::Failed(_)).then(|| self.unseen_feed()).flatten()
    }

    fn subscribe_to_chosen(&self) -> Actions {
        match self.chosen_feeds() {
            feeds if feeds.is_empty() => Notice::info("No feed was chosen").into(),
            feeds => StoreWrite::Subscribe(feeds).into(),
        }
    }

    /// Saves the page at the address as an article.
    fn save_page(&self) -> OverlayReply {
        let typed = self.url_input.text().trim();
        if typed.is_empty() || is_file_path(typed) {
            return OverlayReply::Stay(Notice::info("Type the address of a web page first").into());
        }
        let notice = Notice::info("Saving the page…");
        OverlayReply::Close(Actions::from(notice).and(Effect::SavePage(typed.to_owned())))
    }

    /// Discovers the feeds behind the URL; subscribes to a path, or imports it.
    fn discover(&mut self) -> OverlayReply {
        let typed = self.url_input.text().trim().to_owned();
        if typed.is_empty() {
            return OverlayReply::Close(Actions::none());
        }
        if !is_file_path(&typed) {
            let options = self.account().map(drop).and_then(|()| self.request_options());
            return OverlayReply::Stay(match options {
                Ok(options) => {
                    self.stage = AddFeedStage::Discovering;
                    Effect::DiscoverFeeds(typed, options).into()
                }
                Err(sentence) => {
                    self.stage = AddFeedStage::Failed(sentence);
                    Actions::none()
                }
            });
        }
        self.stage = AddFeedStage::Discovering;
        OverlayReply::Stay(if typed.to_lowercase().ends_with(".opml") {
            Effect::ImportFeeds(typed).into()
        } else {
            Effect::SubscribePath(typed).into()
        })
    }
}

impl FeedForm {
    /// Runs a command: moves the focus, saves or closes the form.
    pub(super) fn apply(&mut self, command: OverlayCommand, feeds: &[Feed]) -> OverlayReply {
        match command {
            OverlayCommand::Scroll(ScrollAmount::Lines(lines)) => {
                self.form.move_focus(lines as isize);
            }
            OverlayCommand::Previous => self.form.move_focus(-1),
            OverlayCommand::Next => self.form.move_focus(1),
            OverlayCommand::Cancel => return OverlayReply::Close(self.back_to_table()),
            OverlayCommand::Confirm => return self.save(feeds),
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

    fn save(&mut self, feeds: &[Feed]) -> OverlayReply {
        let Some(edit) = self.validate(feeds) else {
            return OverlayReply::Stay(Actions::none());
        };
        let write = if edit.address != edit.before.url {
            Some(StoreWrite::EditFeed(Box::new(edit)))
        } else if edit.subscription != edit.before.subscription {
            let before = edit.before.subscription;
            let change = Change::set_subscription(edit.feed, before, edit.subscription);
            Some(StoreWrite::ApplyChange(change))
        } else {
            None
        };
        OverlayReply::Close(self.back_to_table().and(write))
    }

    pub(super) fn back_to_table(&mut self) -> Actions {
        self.take_table().map(|table| Action::Open(Overlay::FeedTable(table))).into()
    }
}

impl FeedTable {
    /// Runs a command on the selected feed, or on the table itself.
    pub(super) fn apply(&mut self, command: OverlayCommand, feeds: &[Feed]) -> OverlayReply {
        let showed_keys = std::mem::take(&mut self.shows_keys);
        match command {
            OverlayCommand::Cancel if showed_keys => {}
            OverlayCommand::Table(FeedTableCommand::Keys) => self.shows_keys = !showed_keys,
            OverlayCommand::Scroll(amount) => self.move_selection(amount.in_rows(), feeds),
            OverlayCommand::Previous => self.move_selection(-1, feeds),
            OverlayCommand::Next => self.move_selection(1, feeds),
            OverlayCommand::Cancel if self.is_filtering || self.is_filtered() => {
                self.clear_filter(feeds);
            }
            OverlayCommand::Cancel => return OverlayReply::Close(Actions::none()),
            OverlayCommand::Confirm if self.is_filtering => self.is_filtering = false,
            OverlayCommand::Confirm => return self.show_selected(feeds),
            OverlayCommand::Table(command) => return self.apply_to_feed(command, feeds),
            OverlayCommand::SavePage | OverlayCommand::Rules(_) | OverlayCommand::Accounts(_) => {}
            OverlayCommand::Leave | OverlayCommand::Other => return OverlayReply::NotMine,
        }
        OverlayReply::Stay(Actions::none())
    }

    pub(super) fn show_selected(&self, feeds: &[Feed]) -> OverlayReply {
        match self.selected_feed(feeds) {
            Some(feed) => OverlayReply::Close(
                Actions::from(Action::Focus(Pane::List))
                    .and(Action::ShowScope(ViewScope::Feed(feed.id))),
            ),
            None => OverlayReply::Stay(Actions::none()),
        }
    }

    fn apply_to_feed(&mut self, command: FeedTableCommand, feeds: &[Feed]) -> OverlayReply {
        // Notes the place of the selection, which stays there if the command removes its feed.
        self.move_selection(0, feeds);
        let feed = self.selected_feed(feeds);
        let on_feed = |actions: fn(&Feed) -> Actions| OverlayReply::Stay(feed.map(actions).into());
        match command {
            FeedTableCommand::Filter => {
                self.is_filtering = true;
                OverlayReply::Stay(Actions::none())
            }
            FeedTableCommand::Sort => {
                self.cycle_order(feeds);
                OverlayReply::Stay(Actions::none())
            }
            FeedTableCommand::Keys => OverlayReply::Stay(Actions::none()),
            FeedTableCommand::Undo => OverlayReply::Stay(StoreWrite::Undo.into()),
            FeedTableCommand::Redo => OverlayReply::Stay(StoreWrite::Redo.into()),
            FeedTableCommand::Edit => self.edit_selected(feeds),
            FeedTableCommand::Refresh => {
                on_feed(|feed| Effect::Refresh(RefreshScope::One(feed.id)).into())
            }
            FeedTableCommand::OpenSite => on_feed(open_feed_site),
            FeedTableCommand::Unsubscribe => on_feed(|feed| {
                StoreWrite::ApplyChange(Change::set_unsubscribed(feed.id, true)).into()
            }),
            FeedTableCommand::Pause => on_feed(toggle_paused),
            FeedTableCommand::Mute => on_feed(toggle_muted),
        }
    }

    fn edit_selected(&mut self, feeds: &[Feed]) -> OverlayReply {
        let Some(feed) = self.selected_feed(feeds) else {
            return OverlayReply::Stay(Actions::none());
        };
        let form = FeedForm::new(feed, Some(std::mem::take(self)));
        OverlayReply::Close(Action::Open(Overlay::FeedForm(Box::new(form))).into())
    }
}
