//! What the user does about feeds: add, manage, edit, import, export.

use super::{
    AddFeedDialog, AddFeedStage, App, Effect, Effects, ExportTarget, FeedForm, FeedTable, Overlay,
    Pane, PathPurpose, SidebarTarget, StoreWrite, TextInput, keys::is_web_url,
};
use crate::{
    command::Command,
    model::{Change, Failure, Feed, FeedCandidate, NewFeed, RefreshScope, ViewScope},
};

impl App {
    /// Opens the dialogue that follows a feed; an address that is known already is looked at at once.
    pub(super) fn open_add_feed(&mut self, address: &str) -> Effects {
        self.overlay = Some(Overlay::AddFeed(Box::new(AddFeedDialog::with_address(address))));
        if address.is_empty() { Effects::none() } else { self.discover_feeds() }
    }

    /// What a command does while a feed is being added.
    pub(super) fn handle_add_feed_command(&mut self, command: Command) -> Effects {
        let Some(Overlay::AddFeed(adding)) = &mut self.overlay else { return Effects::none() };
        let found = matches!(adding.stage, AddFeedStage::Choosing(_));
        match command {
            Command::MoveUp | Command::PreviousPane => adding.move_selection(-1),
            Command::NextPane if found => adding.toggle_selected(),
            Command::MoveDown | Command::NextPane => adding.move_selection(1),
            Command::Open if found => return self.subscribe_to_chosen(),
            Command::Open => return self.discover_feeds(),
            _ => {}
        }
        Effects::none()
    }

    /// Looks for feeds behind what was typed; a path is followed as it is.
    fn discover_feeds(&mut self) -> Effects {
        let Some(Overlay::AddFeed(adding)) = &mut self.overlay else { return Effects::none() };
        let typed = adding.address_input.text().trim().to_owned();
        if typed.is_empty() {
            self.overlay = None;
            return Effects::none();
        }
        if is_file_path(&typed) {
            self.overlay = None;
            let list = typed.to_lowercase().ends_with(".opml");
            return if list {
                Effect::ImportFeeds(typed).into()
            } else {
                StoreWrite::SubscribePath(typed).into()
            };
        }
        adding.stage = AddFeedStage::Discovering;
        Effect::DiscoverFeeds(typed).into()
    }

    fn subscribe_to_chosen(&mut self) -> Effects {
        let Some(Overlay::AddFeed(adding)) = self.overlay.take() else { return Effects::none() };
        StoreWrite::Subscribe(adding.chosen_feeds()).into()
    }

    /// Takes what was found behind an address.
    pub(super) fn handle_discovered_feeds(
        &mut self,
        address: &str,
        found: Result<Vec<FeedCandidate>, Failure>,
    ) -> Effects {
        if let Some(Overlay::AddFeed(adding)) = &mut self.overlay {
            adding.set_discovered(address, found.map_err(|failure| failure.summary));
        }
        Effects::none()
    }

    pub(super) fn open_feed_table(&mut self) -> Effects {
        let mut manager = FeedTable::default();
        if let ViewScope::Feed(feed) = self.scope() {
            manager.select_feed(*feed);
        }
        self.overlay = Some(Overlay::FeedTable(manager));
        Effect::LoadSidebar.into()
    }

    /// What a command does in the table of feeds; `None` if it means what it always means.
    pub(super) fn handle_feed_table_command(&mut self, command: Command) -> Option<Effects> {
        let Some(Overlay::FeedTable(manager)) = &mut self.overlay else { return None };
        let feeds = &self.sidebar.data().feeds;
        match command {
            Command::MoveUp | Command::PreviousPane => manager.move_selection(-1, feeds),
            Command::MoveDown | Command::NextPane => manager.move_selection(1, feeds),
            Command::PageUp => manager.move_selection(-10, feeds),
            Command::PageDown => manager.move_selection(10, feeds),
            Command::GoFirst => manager.move_selection(isize::MIN / 2, feeds),
            Command::GoLast => manager.move_selection(isize::MAX / 2, feeds),
            Command::FocusFilter => manager.is_filtering = true,
            Command::Back | Command::ClearFilter if manager.is_filtering => {
                manager.is_filtering = false;
                manager.filter_input.set_text("");
            }
            Command::Back | Command::ClearFilter => self.overlay = None,
            Command::Open if manager.is_filtering => manager.is_filtering = false,
            Command::Open => return Some(self.show_table_feed()),
            Command::EditFeed => return Some(self.edit_table_feed()),
            Command::RetryFeed => {
                return Some(
                    self.with_table_feed(|feed| Effect::Refresh(RefreshScope::One(feed.id)).into()),
                );
            }
            Command::OpenSite => {
                return Some(
                    self.with_table_feed(|feed| feed.site_url.clone().map(Effect::OpenUrl).into()),
                );
            }
            Command::RemoveFeed => {
                return Some(
                    self.change_table_feed(|feed| Change::set_unsubscribed(feed.id, true)),
                );
            }
            Command::PauseFeed => {
                return Some(self.change_table_feed(|feed| {
                    subscription_change(feed, |how| how.paused = !how.paused)
                }));
            }
            Command::MuteFeed => {
                return Some(self.change_table_feed(|feed| {
                    subscription_change(feed, |how| how.muted = !how.muted)
                }));
            }
            Command::Undo => return Some(StoreWrite::Undo.into()),
            Command::Redo => return Some(StoreWrite::Redo.into()),
            _ => return None,
        }
        Some(Effects::none())
    }

    fn table_feed(&self) -> Option<&Feed> {
        let Some(Overlay::FeedTable(manager)) = &self.overlay else { return None };
        manager.selected_feed(&self.sidebar.data().feeds)
    }

    fn with_table_feed(&self, effects: impl FnOnce(&Feed) -> Effects) -> Effects {
        self.table_feed().map(effects).unwrap_or_default()
    }

    fn change_table_feed(&mut self, change: impl FnOnce(&Feed) -> Change) -> Effects {
        let change = self.table_feed().map(change);
        change.map(StoreWrite::ApplyChange).into()
    }

    fn show_table_feed(&mut self) -> Effects {
        let Some(feed) = self.table_feed().map(|feed| feed.id) else { return Effects::none() };
        self.overlay = None;
        self.ui.focus = Pane::List;
        self.show_scope(ViewScope::Feed(feed))
    }

    fn edit_table_feed(&mut self) -> Effects {
        let Some(feed) = self.table_feed().cloned() else { return Effects::none() };
        let manager = match self.overlay.take() {
            Some(Overlay::FeedTable(manager)) => Some(manager),
            _ => None,
        };
        self.overlay = Some(Overlay::FeedForm(Box::new(FeedForm::new(&feed, manager))));
        Effects::none()
    }

    /// Opens the form for the feed that is chosen.
    pub(super) fn edit_current_feed(&mut self) -> Effects {
        let scope = match (self.ui.focus, self.sidebar.selected_target()) {
            (Pane::Sidebar, Some(SidebarTarget::Scope(scope))) => scope,
            _ => self.scope().clone(),
        };
        let feed = match scope {
            ViewScope::Feed(id) => self.sidebar.feed(id),
            _ => None,
        };
        match feed {
            Some(feed) => {
                self.overlay = Some(Overlay::FeedForm(Box::new(FeedForm::new(feed, None))));
                Effects::none()
            }
            None => self.notify("Choose the feed first: ← shows the feeds."),
        }
    }

    /// What a command does in the form.
    pub(super) fn handle_feed_form_command(&mut self, command: Command) -> Effects {
        let Some(Overlay::FeedForm(form)) = &mut self.overlay else { return Effects::none() };
        match command {
            Command::MoveUp | Command::PreviousPane => form.move_focus(-1),
            Command::MoveDown | Command::NextPane => form.move_focus(1),
            Command::Back | Command::ClearFilter => self.close_feed_form(),
            Command::Open => {
                let (feed, change) = (form.feed_id, form.validate());
                let Some((before, after)) = change else { return Effects::none() };
                self.close_feed_form();
                let changed = before != after;
                return changed
                    .then(|| StoreWrite::ApplyChange(Change::set_subscription(feed, before, after)))
                    .into();
            }
            _ => {}
        }
        Effects::none()
    }

    fn close_feed_form(&mut self) {
        if let Some(Overlay::FeedForm(form)) = self.overlay.take() {
            self.overlay = form.into_feed_table().map(Overlay::FeedTable);
        }
    }

    /// Asks for the path of a subscription list.
    pub(super) fn open_path_prompt(&mut self, purpose: PathPurpose) -> Effects {
        let mut line = TextInput::default();
        if purpose == PathPurpose::ExportArticle {
            let name = self
                .entry_list
                .selected_entry()
                .map_or_else(String::new, |entry| export_file_name(&entry.title));
            line.set_text(&format!("~/{name}.md"));
        }
        if purpose == PathPurpose::ExportFeeds {
            line.set_text("~/newsreader.opml");
        }
        self.overlay = Some(Overlay::PathPrompt(purpose, line));
        Effects::none()
    }

    /// What a command does while a path is typed.
    pub(super) fn handle_path_command(&mut self, command: Command) -> Effects {
        if command != Command::Open {
            return Effects::none();
        }
        let Some(Overlay::PathPrompt(purpose, line)) = self.overlay.take() else {
            return Effects::none();
        };
        let path = line.text().trim().to_owned();
        match purpose {
            _ if path.is_empty() => Effects::none(),
            PathPurpose::ImportFeeds => Effect::ImportFeeds(path).into(),
            PathPurpose::ExportFeeds => Effect::ExportFeeds(path).into(),
            PathPurpose::ExportArticle => self.export_article(ExportTarget::File(path)),
        }
    }

    /// Whether nothing is followed yet, so that the welcome with its collections is shown.
    pub fn shows_welcome(&self) -> bool {
        let nothing = self.sidebar.is_loaded() && self.sidebar.data().feeds.is_empty();
        nothing
            && self.overlay.is_none()
            && self.filter_bar.is_empty()
            && self.ui.focus != Pane::Article
    }

    /// What a letter does on the welcome screen: a collection to begin with, or an import.
    pub(super) fn handle_welcome_key(&mut self, letter: char) -> Option<Effects> {
        if letter == 'i' {
            return Some(self.open_path_prompt(PathPurpose::ImportFeeds));
        }
        let number = usize::try_from(letter.to_digit(10)?).ok()?;
        let feeds: Vec<NewFeed> = match number.checked_sub(1)? {
            all if all == self.sidebar.collections().len() => self
                .sidebar
                .collections()
                .iter()
                .flat_map(|collection| collection.feeds.clone())
                .collect(),
            index => self.sidebar.collections().get(index)?.feeds.clone(),
        };
        Some(StoreWrite::Subscribe(feeds).into())
    }
}

fn subscription_change(
    feed: &Feed,
    change: impl FnOnce(&mut crate::model::Subscription),
) -> Change {
    let mut after = feed.subscription.clone();
    change(&mut after);
    Change::set_subscription(feed.id, feed.subscription.clone(), after)
}

/// Whether what was typed is a path, not an address.
fn is_file_path(text: &str) -> bool {
    !is_web_url(text) && (text.starts_with(['/', '~', '.', '\\']) || text.get(1..3) == Some(":\\"))
}

/// A name for the file of an article: its first words, in letters that every file system has.
fn export_file_name(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(8);
    let name = words.map(str::to_lowercase).collect::<Vec<_>>().join("-");
    let name: String = name.chars().take(80).collect();
    if name.is_empty() { "article".to_owned() } else { name }
}
