//! Commands on the overlays that concern feeds: the dialog that adds one, the form, the table.

use super::{
    feeds::{open_feed_site, toggle_muted, toggle_paused},
    overlays::Reply,
};
use crate::{
    app::{
        Action, Actions, AddFeedDialog, AddFeedStage, Effect, FeedForm, FeedTable, Overlay, Pane,
        ScrollAmount, StoreWrite, is_file_path,
    },
    command::Command,
    model::{Change, Feed, RefreshScope, ViewScope},
};

impl AddFeedDialog {
    /// Opens the dialog; a URL that is known already is looked up at once.
    pub(super) fn open(address: &str) -> Actions {
        let mut dialog = AddFeedDialog::with_address(address);
        let started =
            if address.is_empty() { Reply::Stay(Actions::none()) } else { dialog.discover() };
        match started {
            Reply::Stay(actions) => {
                Actions::from(Action::Open(Overlay::AddFeed(Box::new(dialog)))).and(actions)
            }
            Reply::Close(actions) => actions,
            Reply::NotMine => Actions::none(),
        }
    }

    /// Runs a command: moves and chooses, discovers feeds, subscribes.
    pub(super) fn apply(&mut self, command: Command) -> Reply {
        let is_choosing = matches!(self.stage, AddFeedStage::Choosing(_));
        match command {
            Command::MoveUp | Command::PreviousPane => self.move_selection(-1),
            Command::NextPane if is_choosing => self.toggle_selected(),
            Command::MoveDown | Command::NextPane => self.move_selection(1),
            Command::Open if is_choosing => {
                return Reply::Close(StoreWrite::Subscribe(self.chosen_feeds()).into());
            }
            Command::Open => return self.discover(),
            _ => {}
        }
        Reply::Stay(Actions::none())
    }

    /// Discovers the feeds behind the URL; subscribes to a path, or imports it, at once.
    fn discover(&mut self) -> Reply {
        let typed = self.address_input.text().trim().to_owned();
        if typed.is_empty() {
            return Reply::Close(Actions::none());
        }
        if !is_file_path(&typed) {
            self.stage = AddFeedStage::Discovering;
            return Reply::Stay(Effect::DiscoverFeeds(typed).into());
        }
        Reply::Close(if typed.to_lowercase().ends_with(".opml") {
            Effect::ImportFeeds(typed).into()
        } else {
            StoreWrite::SubscribePath(typed).into()
        })
    }
}

impl FeedForm {
    /// Runs a command: moves the focus, saves or closes the form.
    pub(super) fn apply(&mut self, command: Command) -> Reply {
        match command {
            Command::MoveUp | Command::PreviousPane => self.move_focus(-1),
            Command::MoveDown | Command::NextPane => self.move_focus(1),
            Command::Back | Command::ClearFilter => return Reply::Close(self.back_to_table()),
            Command::Open => {
                let Some((before, after)) = self.validate() else {
                    return Reply::Stay(Actions::none());
                };
                let change = (before != after)
                    .then(|| Change::set_subscription(self.feed_id, before, after));
                let write = change.map(StoreWrite::ApplyChange);
                return Reply::Close(self.back_to_table().and(write));
            }
            _ => {}
        }
        Reply::Stay(Actions::none())
    }

    fn back_to_table(&mut self) -> Actions {
        self.take_table().map(|table| Action::Open(Overlay::FeedTable(table))).into()
    }
}

impl FeedTable {
    /// Runs a command on the selected feed, or on the table itself.
    pub(super) fn apply(&mut self, command: Command, feeds: &[Feed]) -> Reply {
        if let Some(amount) = ScrollAmount::of_command(command) {
            self.move_selection(amount.in_rows(), feeds);
            return Reply::Stay(Actions::none());
        }
        match command {
            Command::PreviousPane => self.move_selection(-1, feeds),
            Command::NextPane => self.move_selection(1, feeds),
            Command::FocusFilter => self.is_filtering = true,
            Command::Back | Command::ClearFilter if self.is_filtering => {
                self.is_filtering = false;
                self.filter_input.set_text("");
            }
            Command::Back | Command::ClearFilter => return Reply::Close(Actions::none()),
            Command::Open if self.is_filtering => self.is_filtering = false,
            Command::Undo => return Reply::Stay(StoreWrite::Undo.into()),
            Command::Redo => return Reply::Stay(StoreWrite::Redo.into()),
            _ => return self.apply_to_feed(command, feeds),
        }
        Reply::Stay(Actions::none())
    }

    fn apply_to_feed(&mut self, command: Command, feeds: &[Feed]) -> Reply {
        let feed = self.selected_feed(feeds);
        let on_feed = |actions: fn(&Feed) -> Actions| Reply::Stay(feed.map(actions).into());
        match (command, feed) {
            (Command::Open, Some(feed)) => Reply::Close(
                Actions::from(Action::Focus(Pane::List))
                    .and(Action::ShowScope(ViewScope::Feed(feed.id))),
            ),
            (Command::EditFeed, Some(feed)) => {
                let form = FeedForm::new(feed, Some(std::mem::take(self)));
                Reply::Close(Action::Open(Overlay::FeedForm(Box::new(form))).into())
            }
            (Command::Open | Command::EditFeed, None) => Reply::Stay(Actions::none()),
            (Command::RetryFeed, _) => {
                on_feed(|feed| Effect::Refresh(RefreshScope::One(feed.id)).into())
            }
            (Command::OpenSite, _) => on_feed(open_feed_site),
            (Command::RemoveFeed, _) => on_feed(|feed| {
                StoreWrite::ApplyChange(Change::set_unsubscribed(feed.id, true)).into()
            }),
            (Command::PauseFeed, _) => on_feed(toggle_paused),
            (Command::MuteFeed, _) => on_feed(toggle_muted),
            _ => Reply::NotMine,
        }
    }
}
