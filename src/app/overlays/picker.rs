//! The picker: a list narrowed by typing.

use std::sync::Arc;

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

use super::{
    DialogLayout, RowWindow,
    help_page::{HelpLine, wrap_help_lines},
};
use crate::{
    app::{ArticleAct, PaneLayout, TargetScope, TextInput},
    command::Command,
    model::{Account, AccountRemoval, Change, EntryId, ListGrouping, SortOrder, ViewScope},
    text::bidi::BidiMode,
};

/// The sense in which a term is added to a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermSense {
    /// Only articles that have it are shown.
    With,
    /// Articles that have it are left out.
    Without,
}

/// The contents of a picker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickerKind {
    /// The help page, and every command.
    Help,
    /// Every command.
    Palette,
    /// The links of the article.
    Links,
    /// The headings of the article.
    Headings,
    /// Ways to write right-to-left text.
    BidiModes,
    /// Orders of the list.
    SortOrders,
    /// Groups of the list.
    Groupings,
    /// Times until which the article is hidden.
    SnoozeTimes,
    /// Views, feeds and folders.
    Scopes,
    /// Failures.
    Errors,
    /// The history of an article: what was done to it.
    History,
    /// Choices of articles to do something with.
    Targets,
    /// Acts on the articles that were chosen.
    Acts,
    /// Terms for the filter that the selected article gives.
    Terms(TermSense),
    /// Choices for the feeds of an account that is removed.
    AccountRemovals,
}

/// The effect of picking an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PickerAction {
    /// Runs a command.
    RunCommand(Command),
    /// Opens a URL.
    OpenUrl(String),
    /// Writes right-to-left text in this way.
    SetBidiMode(BidiMode),
    /// Jumps to a block of the article.
    JumpToBlock(u32),
    /// Sorts the list.
    SortList(SortOrder),
    /// Groups the list.
    GroupList(ListGrouping),
    /// Changes the marks of an entry.
    ApplyChange(Change),
    /// Asks for the day until which these articles are hidden.
    OpenDayPrompt(Arc<Vec<EntryId>>),
    /// Shows a scope.
    ShowScope(ViewScope),
    /// Shows what matches a filter in all articles.
    ShowFilter(String),
    /// Chooses the articles to do something with.
    ChooseTargets(TargetScope),
    /// Does something with these articles.
    Act(ArticleAct, Arc<Vec<EntryId>>),
    /// Adds a term to the filter.
    AddTerm(String),
    /// Removes an account.
    RemoveAccount(Box<Account>, AccountRemoval),
    /// Does nothing; the item is there to be read.
    NoAction,
}

/// One item of a picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickerItem {
    /// Text of the item.
    pub label: String,
    /// Details, shown at the right; in some pickers the whole sentence, shown below the list.
    pub detail: String,
    /// More words by which it is found, which are not shown.
    pub keywords: String,
    /// Effect of picking it.
    pub action: PickerAction,
}

/// Rows below the failures in which the selected one stands in full.
const DETAIL_ROWS: u16 = 4;

/// A list narrowed by typing.
#[derive(Debug)]
pub struct Picker {
    /// Contents.
    pub kind: PickerKind,
    /// Text that narrows the list.
    pub input: TextInput,
    items: Vec<PickerItem>,
    matching_indexes: Vec<usize>,
    selected_index: usize,
    window: RowWindow,
    /// The help page.
    page: Vec<HelpLine>,
    /// The help page as it is drawn, in the width of the picker.
    page_rows: Vec<HelpLine>,
}

impl Picker {
    /// Creates a picker over `items`.
    pub fn new(kind: PickerKind, items: Vec<PickerItem>) -> Picker {
        let matching = (0..items.len()).collect();
        Picker {
            kind,
            input: TextInput::default(),
            items,
            matching_indexes: matching,
            selected_index: 0,
            window: RowWindow::default(),
            page: Vec::new(),
            page_rows: Vec::new(),
        }
    }

    /// Creates the help: a page to be read until something is typed, which searches the page and
    /// the commands.
    pub(in crate::app) fn help(page: Vec<HelpLine>, commands: Vec<PickerItem>) -> Picker {
        let items = help_items(&page).into_iter().chain(commands).collect();
        Picker { page, ..Picker::new(PickerKind::Help, items) }
    }

    /// Returns the rows of the help page.
    pub fn page_rows(&self) -> &[HelpLine] {
        &self.page_rows
    }

    /// Returns the items that match the text, best first.
    pub fn matching_items(&self) -> impl ExactSizeIterator<Item = &PickerItem> {
        self.matching_indexes.iter().map(|index| &self.items[*index])
    }

    /// Returns the index of the selected item among those that match.
    pub fn selected_index(&self) -> usize {
        self.selected_index
    }

    /// Returns whether the help page stands in place of the items, which it does until something is typed.
    pub fn shows_help_page(&self) -> bool {
        self.kind == PickerKind::Help && self.input.text().is_empty()
    }

    /// Returns the effect of picking the selected item.
    pub fn selected_action(&self) -> Option<&PickerAction> {
        if self.shows_help_page() {
            return None;
        }
        self.matching_indexes.get(self.selected_index).map(|index| &self.items[*index].action)
    }

    /// Moves the selection; negative is up.
    pub fn move_selection(&mut self, delta: isize) {
        if self.shows_help_page() {
            return self.scroll_rows(delta);
        }
        let last = self.matching_indexes.len().saturating_sub(1);
        self.selected_index = self.selected_index.saturating_add_signed(delta).min(last);
    }

    /// Returns the index of the first item in view.
    pub fn top_index(&self) -> usize {
        self.window.top_index()
    }

    /// Lays out the picker; its list holds the items.
    pub fn layout(&self, panes: &PaneLayout) -> DialogLayout {
        let dialog = DialogLayout::centered(panes, 70, 26).with_margins(1, 0);
        let has_details = self.has_details() && dialog.list.height > 8;
        dialog.with_margins(1, if has_details { DETAIL_ROWS } else { 0 })
    }

    /// Returns whether the selected item stands in full below the list.
    pub fn has_details(&self) -> bool {
        matches!(self.kind, PickerKind::Errors | PickerKind::History)
    }

    pub(in crate::app) fn resize(&mut self, panes: &PaneLayout) {
        let layout = self.layout(panes);
        let rows = layout.rows();
        if self.shows_help_page() {
            self.page_rows = wrap_help_lines(&self.page, layout.list.width);
            self.window.fit(rows, self.window.top_index(), self.page_rows.len());
        } else {
            self.window.fit(rows, self.selected_index, self.matching_indexes.len());
        }
    }

    /// Selects the item in a row; returns false if the row has none.
    pub(in crate::app) fn click_row(&mut self, row: usize) -> bool {
        let index = self.window.top_index() + row;
        let is_item = index < self.matching_indexes.len() && !self.shows_help_page();
        if is_item {
            self.selected_index = index;
        }
        is_item
    }

    /// Scrolls the items; negative is up.
    pub(in crate::app) fn scroll_rows(&mut self, rows: isize) {
        if self.shows_help_page() {
            self.window.scroll(rows, 0, self.page_rows.len());
            return;
        }
        self.selected_index =
            self.window.scroll(rows, self.selected_index, self.matching_indexes.len());
    }

    /// Appends items that were found later; the selected one stays where it is, unless something was
    /// typed.
    pub(in crate::app) fn append_items(&mut self, items: Vec<PickerItem>) {
        self.items.extend(
            items.into_iter().filter(|item| !self.items.contains(item)).collect::<Vec<_>>(),
        );
        self.matching_indexes = rank_items(self.input.text(), &self.items);
    }

    /// Edits the text, and narrows the list to it.
    pub fn edit_input(&mut self, change: impl FnOnce(&mut TextInput)) {
        change(&mut self.input);
        self.matching_indexes = rank_items(self.input.text(), &self.items);
        self.selected_index = 0;
    }
}

/// Returns the lines of the help page as items, which a search finds.
fn help_items(lines: &[HelpLine]) -> Vec<PickerItem> {
    let item = |line: &HelpLine| PickerItem {
        keywords: line.keys.clone(),
        label: line.text.clone(),
        detail: line.keys.clone(),
        action: PickerAction::NoAction,
    };
    lines.iter().map(item).collect()
}

/// Returns the indexes of the items that match, best first; all of them in order for an empty text.
fn rank_items(text: &str, items: &[PickerItem]) -> Vec<usize> {
    if text.trim().is_empty() {
        return (0..items.len()).collect();
    }
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let pattern = Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let rank = |(index, item): (usize, &PickerItem)| {
        // Letters of keys and their places, "in the article", are in the order of many words.
        let detail = match item.action {
            PickerAction::RunCommand(_) => "",
            _ => &item.detail,
        };
        let label = format!("{} {detail}", item.label);
        let score = pattern.score(Utf32Str::new(&label, &mut buffer), &mut matcher);
        let kind = match_kind(&words, item, score.is_some())?;
        Some((kind, std::cmp::Reverse(score), index))
    };
    let mut ranked: Vec<_> = items.iter().enumerate().filter_map(rank).collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(.., index)| index).collect()
}

/// The way in which an item matches, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum MatchKind {
    /// Its label contains every word.
    Label,
    /// Every word is in its label or begins a keyword; with the number of bytes before the last of
    /// these keywords: names and synonyms come before descriptions.
    Keywords(usize),
    /// The letters occur in its label in this order.
    Letters,
}

fn match_kind(words: &[String], item: &PickerItem, has_letters: bool) -> Option<MatchKind> {
    let (label, keywords) = (item.label.to_lowercase(), item.keywords.to_lowercase());
    let keyword_place = |word: &String| {
        let mut places = keywords.match_indices(word.as_str()).map(|(at, _)| at);
        places.find(|at| !keywords[..*at].ends_with(char::is_alphanumeric))
    };
    let others: Vec<&String> = words.iter().filter(|word| !label.contains(*word)).collect();
    if others.is_empty() {
        return Some(MatchKind::Label);
    }
    let places: Option<Vec<usize>> = others.into_iter().map(keyword_place).collect();
    match places {
        Some(places) => places.into_iter().max().map(MatchKind::Keywords),
        None => has_letters.then_some(MatchKind::Letters),
    }
}
