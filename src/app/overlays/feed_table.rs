//! The table of all feeds.

use super::{FeedForm, Overlay, Reply, open_site, toggle_muted, toggle_paused};
use crate::{
    app::{Action, Actions, Effect, Pane, ScrollAmount, StoreWrite, TextInput},
    command::Command,
    model::{Change, Feed, FeedHealth, FeedId, RefreshScope, ViewScope},
};

/// The table of feeds.
#[derive(Debug, Default)]
pub struct FeedTable {
    /// Text that narrows the table.
    pub filter_input: TextInput,
    /// Letters go into the text, instead of being commands.
    pub is_filtering: bool,
    selected_id: Option<FeedId>,
}

impl FeedTable {
    /// Returns the feeds that match the text, in order.
    pub fn matching_feeds<'a>(&self, feeds: &'a [Feed]) -> Vec<&'a Feed> {
        let words: Vec<String> =
            self.filter_input.text().split_whitespace().map(str::to_lowercase).collect();
        let matches = |feed: &&Feed| {
            let state = if feed.health == FeedHealth::Healthy { "" } else { "failing" };
            let text = format!(
                "{} {} {} {state}",
                feed.display_name(),
                feed.url,
                feed.folder().unwrap_or_default()
            );
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        feeds.iter().filter(matches).collect()
    }

    /// Returns the index of the selected row, which stays with its feed.
    pub fn selected_index(&self, rows: &[&Feed]) -> usize {
        rows.iter().position(|feed| Some(feed.id) == self.selected_id).unwrap_or(0)
    }

    /// Moves the selection; negative is up.
    pub fn move_selection(&mut self, delta: isize, feeds: &[Feed]) {
        let rows = self.matching_feeds(feeds);
        let index = self
            .selected_index(&rows)
            .saturating_add_signed(delta)
            .min(rows.len().saturating_sub(1));
        self.selected_id = rows.get(index).map(|feed| feed.id);
    }

    /// Selects a feed.
    pub fn select_feed(&mut self, feed: FeedId) {
        self.selected_id = Some(feed);
    }

    /// Returns the selected feed.
    pub fn selected_feed<'a>(&self, feeds: &'a [Feed]) -> Option<&'a Feed> {
        let rows = self.matching_feeds(feeds);
        rows.get(self.selected_index(&rows)).copied()
    }

    /// Runs a command on the selected feed, or on the table itself.
    pub(in crate::app) fn apply(&mut self, command: Command, feeds: &[Feed]) -> Reply {
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
            (Command::OpenSite, _) => on_feed(open_site),
            (Command::RemoveFeed, _) => on_feed(|feed| {
                StoreWrite::ApplyChange(Change::set_unsubscribed(feed.id, true)).into()
            }),
            (Command::PauseFeed, _) => on_feed(toggle_paused),
            (Command::MuteFeed, _) => on_feed(toggle_muted),
            _ => Reply::NotMine,
        }
    }
}
