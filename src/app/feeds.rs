//! What the user does about feeds: add, manage, edit, import, export.

use super::{
    AddFeed, App, Choice, Delivery, EditFeed, Effect, Effects, Manager, Overlay, Pane, PathFor, Stage,
    StoreWrite, TextLine, keys::is_address,
};
use crate::{
    command::Command,
    model::{Candidate, Change, Failure, Feed, NewFeed, RefreshScope, Scope},
};

impl App {
    /// Opens the dialogue that follows a feed; an address that is known already is looked at at once.
    pub(super) fn show_add(&mut self, address: &str) -> Effects {
        self.overlay = Some(Overlay::Add(Box::new(AddFeed::with(address))));
        if address.is_empty() { Effects::none() } else { self.look_for_feeds() }
    }

    /// What a command does while a feed is being added.
    pub(super) fn in_add(&mut self, command: Command) -> Effects {
        let Some(Overlay::Add(adding)) = &mut self.overlay else { return Effects::none() };
        let found = matches!(adding.stage, Stage::Found(_));
        match command {
            Command::MoveUp | Command::PreviousPane => adding.move_by(-1),
            Command::NextPane if found => adding.tick(),
            Command::MoveDown | Command::NextPane => adding.move_by(1),
            Command::Open if found => return self.follow_chosen(),
            Command::Open => return self.look_for_feeds(),
            _ => {}
        }
        Effects::none()
    }

    /// Looks for feeds behind what was typed; a path is followed as it is.
    fn look_for_feeds(&mut self) -> Effects {
        let Some(Overlay::Add(adding)) = &mut self.overlay else { return Effects::none() };
        let typed = adding.address.text().trim().to_owned();
        if typed.is_empty() {
            self.overlay = None;
            return Effects::none();
        }
        if is_path(&typed) {
            self.overlay = None;
            let list = typed.to_lowercase().ends_with(".opml");
            return if list { Effect::Import(typed).into() } else { StoreWrite::AddFolder(typed).into() };
        }
        adding.stage = Stage::Looking;
        Effect::Discover(typed).into()
    }

    fn follow_chosen(&mut self) -> Effects {
        let Some(Overlay::Add(adding)) = self.overlay.take() else { return Effects::none() };
        StoreWrite::Follow(adding.chosen()).into()
    }

    /// Takes what was found behind an address.
    pub(super) fn discovered(&mut self, address: &str, found: Result<Vec<Candidate>, Failure>) -> Effects {
        if let Some(Overlay::Add(adding)) = &mut self.overlay {
            adding.found(address, found.map_err(|failure| failure.summary));
        }
        Effects::none()
    }

    pub(super) fn show_manager(&mut self) -> Effects {
        let mut manager = Manager::default();
        if let Scope::Feed(feed) = self.scope() {
            manager.select(*feed);
        }
        self.overlay = Some(Overlay::Feeds(manager));
        Effect::Sidebar.into()
    }

    /// What a command does in the table of feeds; `None` if it means what it always means.
    pub(super) fn in_manager(&mut self, command: Command) -> Option<Effects> {
        let Some(Overlay::Feeds(manager)) = &mut self.overlay else { return None };
        let feeds = &self.sidebar.facts().feeds;
        match command {
            Command::MoveUp | Command::PreviousPane => manager.move_by(-1, feeds),
            Command::MoveDown | Command::NextPane => manager.move_by(1, feeds),
            Command::PageUp => manager.move_by(-10, feeds),
            Command::PageDown => manager.move_by(10, feeds),
            Command::GoFirst => manager.move_by(isize::MIN / 2, feeds),
            Command::GoLast => manager.move_by(isize::MAX / 2, feeds),
            Command::FocusFilter => manager.typing = true,
            Command::Back | Command::ClearFilter if manager.typing => {
                manager.typing = false;
                manager.line.set("");
            }
            Command::Back | Command::ClearFilter => self.overlay = None,
            Command::Open if manager.typing => manager.typing = false,
            Command::Open => return Some(self.show_managed()),
            Command::EditFeed => return Some(self.edit_managed()),
            Command::RetryFeed => {
                return Some(self.with_managed(|feed| Effect::Refresh(RefreshScope::One(feed.id)).into()));
            }
            Command::OpenSite => {
                return Some(self.with_managed(|feed| feed.site.clone().map(Effect::Open).into()));
            }
            Command::RemoveFeed => return Some(self.change_managed(|feed| Change::gone(feed.id, true))),
            Command::PauseFeed => {
                return Some(self.change_managed(|feed| toggled(feed, |how| how.paused = !how.paused)));
            }
            Command::MuteFeed => {
                return Some(self.change_managed(|feed| toggled(feed, |how| how.muted = !how.muted)));
            }
            Command::Undo => return Some(StoreWrite::Undo.into()),
            Command::Redo => return Some(StoreWrite::Redo.into()),
            _ => return None,
        }
        Some(Effects::none())
    }

    fn managed(&self) -> Option<&Feed> {
        let Some(Overlay::Feeds(manager)) = &self.overlay else { return None };
        manager.feed(&self.sidebar.facts().feeds)
    }

    fn with_managed(&self, effects: impl FnOnce(&Feed) -> Effects) -> Effects {
        self.managed().map(effects).unwrap_or_default()
    }

    fn change_managed(&mut self, change: impl FnOnce(&Feed) -> Change) -> Effects {
        let change = self.managed().map(change);
        change.map(StoreWrite::Change).into()
    }

    fn show_managed(&mut self) -> Effects {
        let Some(feed) = self.managed().map(|feed| feed.id) else { return Effects::none() };
        self.overlay = None;
        self.look.focus = Pane::List;
        self.show_scope(Scope::Feed(feed))
    }

    fn edit_managed(&mut self) -> Effects {
        let Some(feed) = self.managed().cloned() else { return Effects::none() };
        let manager = match self.overlay.take() {
            Some(Overlay::Feeds(manager)) => Some(manager),
            _ => None,
        };
        self.overlay = Some(Overlay::Edit(Box::new(EditFeed::new(&feed, manager))));
        Effects::none()
    }

    /// Opens the form for the feed that is chosen.
    pub(super) fn edit_chosen(&mut self) -> Effects {
        let scope = match (self.look.focus, self.sidebar.choice()) {
            (Pane::Sidebar, Some(Choice::Scope(scope))) => scope,
            _ => self.scope().clone(),
        };
        let feed = match scope {
            Scope::Feed(id) => self.sidebar.feed(id),
            _ => None,
        };
        match feed {
            Some(feed) => {
                self.overlay = Some(Overlay::Edit(Box::new(EditFeed::new(feed, None))));
                Effects::none()
            }
            None => self.say("Choose the feed first: ← shows the feeds."),
        }
    }

    /// What a command does in the form.
    pub(super) fn in_edit(&mut self, command: Command) -> Effects {
        let Some(Overlay::Edit(form)) = &mut self.overlay else { return Effects::none() };
        match command {
            Command::MoveUp | Command::PreviousPane => form.move_by(-1),
            Command::MoveDown | Command::NextPane => form.move_by(1),
            Command::Back | Command::ClearFilter => self.close_form(),
            Command::Open => {
                let (feed, change) = (form.feed, form.change());
                let Some((before, after)) = change else { return Effects::none() };
                self.close_form();
                let changed = before != after;
                return changed.then(|| StoreWrite::Change(Change::subscription(feed, before, after))).into();
            }
            _ => {}
        }
        Effects::none()
    }

    fn close_form(&mut self) {
        if let Some(Overlay::Edit(form)) = self.overlay.take() {
            self.overlay = form.into_manager().map(Overlay::Feeds);
        }
    }

    /// Asks for the path of a subscription list.
    pub(super) fn show_path(&mut self, purpose: PathFor) -> Effects {
        let mut line = TextLine::default();
        if purpose == PathFor::Article {
            let name = self.entries.selected().map_or_else(String::new, |entry| file_name(&entry.title));
            line.set(&format!("~/{name}.md"));
        }
        if purpose == PathFor::Export {
            line.set("~/newsreader.opml");
        }
        self.overlay = Some(Overlay::Path(purpose, line));
        Effects::none()
    }

    /// What a command does while a path is typed.
    pub(super) fn in_path(&mut self, command: Command) -> Effects {
        if command != Command::Open {
            return Effects::none();
        }
        let Some(Overlay::Path(purpose, line)) = self.overlay.take() else { return Effects::none() };
        let path = line.text().trim().to_owned();
        match purpose {
            _ if path.is_empty() => Effects::none(),
            PathFor::Import => Effect::Import(path).into(),
            PathFor::Export => Effect::Export(path).into(),
            PathFor::Article => self.deliver(Delivery::File(path)),
        }
    }

    /// Whether nothing is followed yet, so that the welcome with its collections is shown.
    pub fn is_new_here(&self) -> bool {
        let nothing = self.sidebar.is_known() && self.sidebar.facts().feeds.is_empty();
        nothing && self.overlay.is_none() && self.filter.is_empty() && self.look.focus != Pane::Article
    }

    /// What a letter does on the welcome screen: a collection to begin with, or an import.
    pub(super) fn begin_with(&mut self, letter: char) -> Option<Effects> {
        if letter == 'i' {
            return Some(self.show_path(PathFor::Import));
        }
        let number = usize::try_from(letter.to_digit(10)?).ok()?;
        let feeds: Vec<NewFeed> = match number.checked_sub(1)? {
            all if all == self.sidebar.collections().len() => {
                self.sidebar.collections().iter().flat_map(|collection| collection.feeds.clone()).collect()
            }
            index => self.sidebar.collections().get(index)?.feeds.clone(),
        };
        Some(StoreWrite::Follow(feeds).into())
    }
}

fn toggled(feed: &Feed, change: impl FnOnce(&mut crate::model::Subscription)) -> Change {
    let mut after = feed.subscription.clone();
    change(&mut after);
    Change::subscription(feed.id, feed.subscription.clone(), after)
}

/// Whether what was typed is a path, not an address.
fn is_path(text: &str) -> bool {
    !is_address(text) && (text.starts_with(['/', '~', '.', '\\']) || text.get(1..3) == Some(":\\"))
}

/// A name for the file of an article: its first words, in letters that every file system has.
fn file_name(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(8);
    let name = words.map(str::to_lowercase).collect::<Vec<_>>().join("-");
    let name: String = name.chars().take(80).collect();
    if name.is_empty() { "article".to_owned() } else { name }
}
