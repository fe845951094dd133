//! The overlays: dialogs, tables and lists that lie over the panes.
//!
//! While one is open it sees every command first and gives a [`Reply`]: it stays open, it closes, or it leaves the
//! command to the panes, which closes it, too. Overlays ignore commands that make no sense in them, so that a key that
//! belongs to a pane below does nothing.

mod add_feed;
mod feed_form;
mod feed_table;
mod find_bar;
mod path_prompt;
mod picker;
mod picker_items;

use chrono::{DateTime, TimeDelta, Utc};
use tui_input::InputRequest;

pub use add_feed::{AddFeedDialog, AddFeedStage, DiscoveredFeeds};
pub use feed_form::FeedForm;
pub use feed_table::FeedTable;
pub use find_bar::FindBar;
pub(super) use find_bar::find_hits;
pub use path_prompt::{PathPrompt, PathPurpose};
pub use picker::{Picker, PickerAction, PickerItem, PickerKind};
pub(super) use picker_items::{
    bidi_items, command_items, failure_item, heading_items, link_items, scope_items,
};

use super::{Actions, ArticlePane, Effect, MouseAction, Notice, StoreWrite, TextInput, edit_of};
use crate::{
    command::{Command, KeyContext},
    model::{Change, Feed, Subscription},
};

/// Time after which the command menu appears: who knows the letter never sees it.
const MENU_DELAY: TimeDelta = TimeDelta::milliseconds(300);

/// An overlay.
#[derive(Debug)]
pub enum Overlay {
    /// The command menu, waiting for its letter.
    CommandMenu {
        /// Time of the key that opened it.
        since: DateTime<Utc>,
        /// The menu is drawn.
        shown: bool,
    },
    /// A list narrowed by typing.
    Picker(Picker),
    /// The dialog that adds a feed.
    AddFeed(Box<AddFeedDialog>),
    /// The table of feeds.
    FeedTable(FeedTable),
    /// The form in which a feed is edited.
    FeedForm(Box<FeedForm>),
    /// The prompt for the path of a file.
    PathPrompt(PathPrompt),
    /// The find bar of the article.
    FindBar(Box<FindBar>),
}

/// The reply of an overlay to a command.
#[derive(Debug)]
pub(super) enum Reply {
    /// The overlay stays open.
    Stay(Actions),
    /// The overlay closes.
    Close(Actions),
    /// The command is none of the overlay's: it closes, and the command does what it does without one.
    NotMine,
}

impl Overlay {
    /// Creates the command menu, not drawn yet.
    pub fn command_menu(now: DateTime<Utc>) -> Overlay {
        Overlay::CommandMenu { since: now, shown: false }
    }

    /// Runs a command on the overlay.
    pub(super) fn apply(
        &mut self,
        command: Command,
        feeds: &[Feed],
        pane: &mut ArticlePane,
    ) -> Reply {
        if let Some(request) = edit_of(command).filter(|_| self.takes_text()) {
            self.edit_input(pane, |input| input.apply_edit(request));
            return Reply::Stay(Actions::none());
        }
        match (self, command) {
            (Overlay::CommandMenu { .. }, _) => Reply::NotMine,
            (Overlay::FeedTable(table), _) => table.apply(command, feeds),
            (_, Command::Quit | Command::Redraw | Command::Suspend) => Reply::NotMine,
            (Overlay::FeedForm(form), _) => form.apply(command),
            (_, Command::Back | Command::ClearFilter) => Reply::Close(Actions::none()),
            (Overlay::FindBar(find), _) => find.apply(command, pane),
            (Overlay::Picker(picker), _) => picker.apply(command, pane),
            (Overlay::AddFeed(dialog), _) => dialog.apply(command),
            (Overlay::PathPrompt(prompt), _) => prompt.apply(command),
        }
    }

    /// Types a character.
    pub(super) fn type_char(&mut self, c: char, pane: &mut ArticlePane) {
        if self.takes_text() {
            self.edit_input(pane, |input| input.apply_edit(InputRequest::InsertChar(c)));
        }
    }

    /// Pastes text in one edit.
    pub(super) fn paste(&mut self, text: &str, pane: &mut ArticlePane) {
        match self {
            Overlay::Picker(_) => self.edit_input(pane, |input| input.insert_text(text)),
            _ => self.edit_input(pane, |input| input.insert_text(text.trim())),
        }
    }

    /// Returns whether characters are typed into a line, instead of being keys.
    fn takes_text(&self) -> bool {
        match self {
            Overlay::FeedTable(table) => table.is_filtering,
            Overlay::CommandMenu { .. } => false,
            Overlay::Picker(_)
            | Overlay::AddFeed(_)
            | Overlay::FeedForm(_)
            | Overlay::PathPrompt(_)
            | Overlay::FindBar(_) => true,
        }
    }

    /// Edits the line that has the caret.
    fn edit_input(&mut self, pane: &mut ArticlePane, edit: impl FnOnce(&mut TextInput)) {
        match self {
            Overlay::Picker(picker) => picker.edit_input(edit),
            Overlay::AddFeed(dialog) => {
                edit(dialog.focused_input());
                dialog.reset_stage();
            }
            Overlay::FeedForm(form) => edit(form.focused_input()),
            Overlay::PathPrompt(prompt) => edit(&mut prompt.input),
            Overlay::FindBar(find) => {
                edit(&mut find.input);
                find.update_hits(pane);
            }
            Overlay::FeedTable(table) => edit(&mut table.filter_input),
            Overlay::CommandMenu { .. } => {}
        }
    }

    /// Handles the mouse; returns whether the overlay stays open.
    pub(super) fn handle_mouse(&mut self, action: MouseAction) -> bool {
        match (self, action) {
            (Overlay::Picker(picker), MouseAction::WheelUp) => picker.move_selection(-1),
            (Overlay::Picker(picker), MouseAction::WheelDown) => picker.move_selection(1),
            (_, MouseAction::Press) => return false,
            _ => {}
        }
        true
    }

    /// Returns the contexts in which keys are looked up while the overlay is open, the innermost first.
    pub(super) fn key_contexts(&self) -> &'static [KeyContext] {
        match self {
            Overlay::CommandMenu { .. } => &[KeyContext::Menu],
            Overlay::FeedTable(table) if !table.is_filtering => {
                &[KeyContext::Feeds, KeyContext::Overlay]
            }
            _ => &[KeyContext::Overlay, KeyContext::Filter],
        }
    }

    /// Returns the time until the command menu appears.
    pub fn time_until_menu(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        match self {
            Overlay::CommandMenu { since, shown: false } => Some(*since + MENU_DELAY - now),
            _ => None,
        }
    }

    /// Shows the command menu once its time has come.
    pub fn reveal_menu_when_due(&mut self, now: DateTime<Utc>) {
        if let Overlay::CommandMenu { since, shown } = self {
            *shown |= *since + MENU_DELAY <= now;
        }
    }
}

/// Opens the site of a feed in the browser.
pub(super) fn open_site(feed: &Feed) -> Actions {
    let name = feed.display_name();
    match &feed.site_url {
        Some(url) => Actions::from(Notice::info(format!("Opened the site of {name}")))
            .and(Effect::OpenUrl(url.clone())),
        None => Notice::info(format!("{name} has no site")).into(),
    }
}

/// Pauses a feed, or resumes it; the notice comes with the change.
pub(super) fn toggle_paused(feed: &Feed) -> Actions {
    change_subscription(feed, |subscription| subscription.paused = !subscription.paused)
}

/// Mutes a feed, or unmutes it; the notice comes with the change.
pub(super) fn toggle_muted(feed: &Feed) -> Actions {
    change_subscription(feed, |subscription| subscription.muted = !subscription.muted)
}

fn change_subscription(feed: &Feed, change: impl FnOnce(&mut Subscription)) -> Actions {
    let mut after = feed.subscription.clone();
    change(&mut after);
    let change = Change::set_subscription(feed.id, feed.subscription.clone(), after);
    StoreWrite::ApplyChange(change).into()
}

/// Returns whether text is nothing but a URL of the web.
pub(super) fn is_web_url(text: &str) -> bool {
    let text = text.trim();
    let web = text.starts_with("http://") || text.starts_with("https://");
    web && !text.contains(char::is_whitespace)
}

/// Returns whether text is a path, not a URL.
fn is_file_path(text: &str) -> bool {
    !is_web_url(text) && (text.starts_with(['/', '~', '.', '\\']) || text.get(1..3) == Some(":\\"))
}
