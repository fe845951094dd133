//! What lies over the panes: the command menu, and lists to pick from by typing.

use chrono::{DateTime, TimeDelta, Utc};
use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

use super::{AddFeedDialog, FeedForm, FeedTable, FindBar, TextInput};
use crate::{command::Command, model::ViewScope, text::bidi::BidiMode};

/// How long after `^X` the menu appears: who knows the letter never sees it.
const MENU_DELAY: TimeDelta = TimeDelta::milliseconds(300);

/// What lies over the panes.
#[derive(Debug)]
pub enum Overlay {
    /// The command menu, waiting for its letter.
    CommandMenu {
        /// When the leader was pressed.
        since: DateTime<Utc>,
        /// Whether it is drawn yet.
        shown: bool,
    },
    /// A list to pick from.
    Picker(Picker),
    /// A feed is being added.
    AddFeed(Box<AddFeedDialog>),
    /// The table of feeds.
    FeedTable(FeedTable),
    /// A feed is being changed.
    FeedForm(Box<FeedForm>),
    /// A line to fill in: the path of a file.
    PathPrompt(PathPurpose, TextInput),
    /// Something is looked for in the article.
    FindBar(Box<FindBar>),
}

/// What a path is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathPurpose {
    /// A list to read.
    ImportFeeds,
    /// A list to write.
    ExportFeeds,
    /// The article, to write.
    ExportArticle,
}

impl Overlay {
    /// The menu, not drawn yet.
    pub fn command_menu(now: DateTime<Utc>) -> Overlay {
        Overlay::CommandMenu { since: now, shown: false }
    }

    /// Whether keys mean something of their own in it.
    pub fn handles_commands(&self) -> bool {
        !matches!(self, Overlay::CommandMenu { .. })
    }

    /// How long until the menu appears.
    pub fn time_until_menu(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        match self {
            Overlay::CommandMenu { since, shown: false } => Some(*since + MENU_DELAY - now),
            _ => None,
        }
    }

    /// Shows the menu once its time has come.
    pub fn reveal_menu_when_due(&mut self, now: DateTime<Utc>) {
        if let Overlay::CommandMenu { since, shown } = self {
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
    Headings,
    /// Ways to write right-to-left text.
    BidiModes,
    /// Views, feeds and folders.
    Scopes,
    /// What failed.
    Errors,
}

/// What picking an item does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PickerAction {
    /// Runs a command.
    RunCommand(Command),
    /// Opens an address.
    OpenUrl(String),
    /// Writes right-to-left text in this way.
    SetBidiMode(BidiMode),
    /// Goes to a piece of the article.
    JumpToBlock(u32),
    /// Shows a scope.
    ShowScope(ViewScope),
    /// Nothing; the item is there to be read.
    NoAction,
}

/// One item of a picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickerItem {
    /// What it is.
    pub label: String,
    /// More about it, shown at the right.
    pub detail: String,
    /// What picking it does.
    pub action: PickerAction,
}

/// A list narrowed by typing.
#[derive(Debug)]
pub struct Picker {
    /// What it lists.
    pub kind: PickerKind,
    /// What is typed.
    pub input: TextInput,
    items: Vec<PickerItem>,
    matching_indexes: Vec<usize>,
    selected_index: usize,
}

impl Picker {
    /// A picker over `items`.
    pub fn new(kind: PickerKind, items: Vec<PickerItem>) -> Picker {
        let matching = (0..items.len()).collect();
        Picker {
            kind,
            input: TextInput::default(),
            items,
            matching_indexes: matching,
            selected_index: 0,
        }
    }

    /// The items that match what is typed, the best first.
    pub fn matching_items(&self) -> impl ExactSizeIterator<Item = &PickerItem> {
        self.matching_indexes.iter().map(|index| &self.items[*index])
    }

    /// Index of the selected one among them; in a page, the row to begin with.
    pub fn selected_index(&self) -> usize {
        self.selected_index
    }

    /// Whether a page to read stands in place of the items: the help, until something is typed.
    pub fn shows_help_page(&self) -> bool {
        self.kind == PickerKind::Help && self.input.text().is_empty()
    }

    /// What picking the selected item does.
    pub fn selected_action(&self) -> Option<&PickerAction> {
        if self.shows_help_page() {
            return None;
        }
        self.matching_indexes.get(self.selected_index).map(|index| &self.items[*index].action)
    }

    /// Moves the selection; negative is up.
    pub fn move_selection(&mut self, delta: isize) {
        let last = self.matching_indexes.len().saturating_sub(1);
        self.selected_index = self.selected_index.saturating_add_signed(delta).min(last);
    }

    /// Selects an item by its index among those that match.
    pub fn select(&mut self, index: usize) {
        self.selected_index = index.min(self.matching_indexes.len().saturating_sub(1));
    }

    /// Changes what is typed.
    pub fn edit_input(&mut self, change: impl FnOnce(&mut TextInput)) {
        change(&mut self.input);
        self.matching_indexes = rank_items(self.input.text(), &self.items);
        self.selected_index = 0;
    }
}

/// Indexes of the items that match, the best first; without a text all of them, as they come.
fn rank_items(text: &str, items: &[PickerItem]) -> Vec<usize> {
    if text.trim().is_empty() {
        return (0..items.len()).collect();
    }
    let pattern = Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let score = |(index, item): (usize, &PickerItem)| {
        let label = format!("{} {}", item.label, item.detail);
        let score = pattern.score(Utf32Str::new(&label, &mut buffer), &mut matcher)?;
        Some((std::cmp::Reverse(score), index))
    };
    let mut scored: Vec<_> = items.iter().enumerate().filter_map(score).collect();
    scored.sort_unstable();
    scored.into_iter().map(|(_, index)| index).collect()
}
