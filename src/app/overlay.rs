//! What lies over the panes: the command menu, and lists to pick from by typing.

use chrono::{DateTime, TimeDelta, Utc};
use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

use super::{AddFeed, EditFeed, Find, Manager, TextLine};
use crate::{command::Command, model::Scope, text::bidi::Writer};

/// How long after `^X` the menu appears: who knows the letter never sees it.
const MENU_DELAY: TimeDelta = TimeDelta::milliseconds(300);

/// What lies over the panes.
#[derive(Debug)]
pub enum Overlay {
    /// The command menu, waiting for its letter.
    Menu {
        /// When the leader was pressed.
        since: DateTime<Utc>,
        /// Whether it is drawn yet.
        shown: bool,
    },
    /// A list to pick from.
    Picker(Picker),
    /// A feed is being added.
    Add(Box<AddFeed>),
    /// The table of feeds.
    Feeds(Manager),
    /// A feed is being changed.
    Edit(Box<EditFeed>),
    /// A line to fill in: the path of a file.
    Path(PathFor, TextLine),
    /// Something is looked for in the article.
    Find(Box<Find>),
}

/// What a path is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathFor {
    /// A list to read.
    Import,
    /// A list to write.
    Export,
    /// The article, to write.
    Article,
}

impl Overlay {
    /// The menu, not drawn yet.
    pub fn menu(now: DateTime<Utc>) -> Overlay {
        Overlay::Menu { since: now, shown: false }
    }

    /// Whether keys mean something of their own in it.
    pub fn takes_keys(&self) -> bool {
        !matches!(self, Overlay::Menu { .. })
    }

    /// How long until the menu appears.
    pub fn wake_in(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        match self {
            Overlay::Menu { since, shown: false } => Some(*since + MENU_DELAY - now),
            _ => None,
        }
    }

    /// Shows the menu once its time has come.
    pub fn tick(&mut self, now: DateTime<Utc>) {
        if let Overlay::Menu { since, shown } = self {
            *shown |= *since + MENU_DELAY <= now;
        }
    }
}

/// What a picker lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickerKind {
    /// How the keys work, and every command.
    Help,
    /// Every command.
    Palette,
    /// The links of the article.
    Links,
    /// The headings of the article.
    Contents,
    /// Ways to write right-to-left text.
    Directions,
    /// Views, feeds and folders.
    Places,
    /// What failed.
    Errors,
}

/// What picking an item does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// Runs a command.
    Command(Command),
    /// Opens an address.
    Link(String),
    /// Writes right-to-left text in this way.
    Direction(Writer),
    /// Goes to a piece of the article.
    Piece(u32),
    /// Shows a scope.
    Scope(Scope),
    /// Nothing; the item is there to be read.
    Nothing,
}

/// One item of a picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub label: String,
    /// More about it, shown at the right.
    pub detail: String,
    /// What picking it does.
    pub pick: Pick,
}

/// A list narrowed by typing.
#[derive(Debug)]
pub struct Picker {
    /// What it lists.
    pub kind: PickerKind,
    /// What is typed.
    pub line: TextLine,
    items: Vec<Item>,
    matching: Vec<usize>,
    selected: usize,
}

impl Picker {
    /// A picker over `items`.
    pub fn new(kind: PickerKind, items: Vec<Item>) -> Picker {
        let matching = (0..items.len()).collect();
        Picker { kind, line: TextLine::default(), items, matching, selected: 0 }
    }

    /// The items that match what is typed, the best first.
    pub fn items(&self) -> impl ExactSizeIterator<Item = &Item> {
        self.matching.iter().map(|index| &self.items[*index])
    }

    /// Index of the selected one among them; in a page, the row to begin with.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// Whether a page to read stands in place of the items: the help, until something is typed.
    pub fn shows_page(&self) -> bool {
        self.kind == PickerKind::Help && self.line.text().is_empty()
    }

    /// What picking the selected item does.
    pub fn pick(&self) -> Option<&Pick> {
        if self.shows_page() {
            return None;
        }
        self.matching.get(self.selected).map(|index| &self.items[*index].pick)
    }

    /// Moves the selection; negative is up.
    pub fn move_by(&mut self, delta: isize) {
        let last = self.matching.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(delta).min(last);
    }

    /// Selects an item by its index among those that match.
    pub fn select(&mut self, index: usize) {
        self.selected = index.min(self.matching.len().saturating_sub(1));
    }

    /// Changes what is typed.
    pub fn edit(&mut self, change: impl FnOnce(&mut TextLine)) {
        change(&mut self.line);
        self.matching = matching(self.line.text(), &self.items);
        self.selected = 0;
    }
}

/// Indexes of the items that match, the best first; without a text all of them, as they come.
fn matching(text: &str, items: &[Item]) -> Vec<usize> {
    if text.trim().is_empty() {
        return (0..items.len()).collect();
    }
    let pattern = Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let score = |(index, item): (usize, &Item)| {
        let label = format!("{} {}", item.label, item.detail);
        let score = pattern.score(Utf32Str::new(&label, &mut buffer), &mut matcher)?;
        Some((std::cmp::Reverse(score), index))
    };
    let mut scored: Vec<_> = items.iter().enumerate().filter_map(score).collect();
    scored.sort_unstable();
    scored.into_iter().map(|(_, index)| index).collect()
}
