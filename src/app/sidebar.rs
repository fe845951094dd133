//! The sidebar: views, feeds by folder, saved filters, and which of them the list shows.

use std::collections::BTreeSet;

use super::SidebarFacts;
use crate::model::{Collection, Feed, Health, Scope};

/// One row of the sidebar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SidebarRow {
    /// A built-in view.
    View(Scope, &'static str, u64),
    /// A folder and the unread entries in it.
    Folder(String, u64, Fold),
    /// A feed.
    Feed(Box<Feed>),
    /// A saved filter.
    Saved(String),
    /// The line over the saved filters, or a blank one.
    Caption(&'static str),
}

/// Whether the feeds of a folder are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// They are.
    Open,
    /// They are not.
    Closed,
}

/// What choosing a row shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// A scope.
    Scope(Scope),
    /// A filter over everything.
    Filter(String),
}

/// Views, feeds, saved filters.
#[derive(Debug, Default)]
pub struct Sidebar {
    facts: SidebarFacts,
    known: bool,
    collections: Vec<Collection>,
    rows: Vec<SidebarRow>,
    closed: BTreeSet<String>,
    selected: usize,
    top: usize,
    height: usize,
}

impl Sidebar {
    /// Whether it is known what is followed.
    pub fn is_known(&self) -> bool {
        self.known
    }

    /// Collections to begin with, for those who follow nothing yet.
    pub fn collections(&self) -> &[Collection] {
        &self.collections
    }

    /// Offers collections to begin with.
    pub fn offer(&mut self, collections: Vec<Collection>) {
        self.collections = collections;
    }

    /// What it shows.
    pub fn facts(&self) -> &SidebarFacts {
        &self.facts
    }

    /// Its rows.
    pub fn rows(&self) -> &[SidebarRow] {
        &self.rows
    }

    /// Index of the selected row.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// Index of the first row on the screen.
    pub fn top(&self) -> usize {
        self.top
    }

    /// How many entries are unread.
    pub fn unread(&self) -> u64 {
        self.facts.feeds.iter().map(|feed| feed.unread).sum()
    }

    /// The feed with this id.
    pub fn feed(&self, id: crate::model::FeedId) -> Option<&Feed> {
        self.facts.feeds.iter().find(|feed| feed.id == id)
    }

    /// How a scope is called on the screen.
    pub fn name(&self, scope: &Scope) -> String {
        match scope {
            Scope::Unread => "Unread".to_owned(),
            Scope::Starred => "Starred".to_owned(),
            Scope::Today => "Today".to_owned(),
            Scope::Everything => "All articles".to_owned(),
            Scope::Feed(id) => {
                self.feed(*id).map_or_else(|| "Feed".to_owned(), |feed| feed.name().to_owned())
            }
            Scope::Folder(name) => name.clone(),
        }
    }

    /// Takes what the library says.
    pub fn take(&mut self, facts: SidebarFacts) {
        self.facts = facts;
        self.known = true;
        self.rebuild();
    }

    /// Moves the selection over what can be chosen; negative is up.
    pub fn move_by(&mut self, delta: isize) {
        let step = if delta < 0 { -1 } else { 1 };
        for _ in 0..delta.unsigned_abs() {
            let mut next = self.selected;
            loop {
                let Some(index) = next.checked_add_signed(step).filter(|index| *index < self.rows.len())
                else {
                    return;
                };
                next = index;
                if !matches!(self.rows[next], SidebarRow::Caption(_)) {
                    break;
                }
            }
            self.select(next);
        }
    }

    /// Selects a row, if it can be chosen.
    pub fn select(&mut self, index: usize) {
        if self.rows.get(index).is_some_and(|row| !matches!(row, SidebarRow::Caption(_))) {
            self.selected = index;
        }
        self.scroll_into_view();
    }

    /// Selects the row of a scope, if it has one.
    pub fn select_scope(&mut self, scope: &Scope) {
        let found =
            self.rows.iter().position(|row| choice(row).as_ref() == Some(&Choice::Scope(scope.clone())));
        if let Some(index) = found {
            self.select(index);
        }
    }

    /// What the selected row shows.
    pub fn choice(&self) -> Option<Choice> {
        self.rows.get(self.selected).and_then(choice)
    }

    /// Opens or closes the selected folder.
    pub fn toggle_folder(&mut self) {
        if let Some(SidebarRow::Folder(name, ..)) = self.rows.get(self.selected) {
            let name = name.clone();
            if !self.closed.remove(&name) {
                self.closed.insert(name);
            }
            self.rebuild();
        }
    }

    /// How many rows fit on the screen.
    pub fn fit(&mut self, height: usize) {
        self.height = height;
        self.scroll_into_view();
    }

    fn scroll_into_view(&mut self) {
        let lowest = self.selected.saturating_sub(self.height.max(1) - 1);
        self.top = self.top.clamp(lowest, self.selected.max(lowest));
    }

    fn rebuild(&mut self) {
        let mut rows = vec![
            SidebarRow::View(Scope::Unread, "All unread", self.unread()),
            SidebarRow::View(Scope::Starred, "Starred", self.facts.starred),
            SidebarRow::View(Scope::Today, "Today", self.facts.today),
            SidebarRow::View(
                Scope::Everything,
                "All articles",
                self.facts.feeds.iter().map(|feed| feed.total).sum(),
            ),
        ];
        if !self.facts.feeds.is_empty() {
            rows.push(SidebarRow::Caption(""));
        }
        let mut folder = None;
        for feed in &self.facts.feeds {
            if feed.folder() != folder.as_deref() {
                folder = feed.folder().map(str::to_owned);
                rows.extend(folder.iter().map(|name| self.folder_row(name)));
            }
            if folder.as_ref().is_none_or(|name| !self.closed.contains(name)) {
                rows.push(SidebarRow::Feed(Box::new(feed.clone())));
            }
        }
        if !self.facts.saved.is_empty() {
            rows.extend([SidebarRow::Caption(""), SidebarRow::Caption("Saved filters")]);
            rows.extend(self.facts.saved.iter().cloned().map(SidebarRow::Saved));
        }
        self.rows = rows;
        self.selected = self.selected.min(self.rows.len() - 1);
        self.scroll_into_view();
    }

    fn folder_row(&self, name: &str) -> SidebarRow {
        let inside = self.facts.feeds.iter().filter(|feed| feed.folder() == Some(name));
        let fold = if self.closed.contains(name) { Fold::Closed } else { Fold::Open };
        SidebarRow::Folder(name.to_owned(), inside.map(|feed| feed.unread).sum(), fold)
    }
}

impl SidebarRow {
    /// Whether the last refresh of the feed failed.
    pub fn is_failing(&self) -> bool {
        matches!(self, SidebarRow::Feed(feed) if feed.health != Health::Fine)
    }
}

fn choice(row: &SidebarRow) -> Option<Choice> {
    match row {
        SidebarRow::View(scope, ..) => Some(Choice::Scope(scope.clone())),
        SidebarRow::Folder(name, ..) => Some(Choice::Scope(Scope::Folder(name.clone()))),
        SidebarRow::Feed(feed) => Some(Choice::Scope(Scope::Feed(feed.id))),
        SidebarRow::Saved(text) => Some(Choice::Filter(text.clone())),
        SidebarRow::Caption(_) => None,
    }
}
