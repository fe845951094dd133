//! The command menu: every command that has a letter, in columns and, on small screens, on pages. For
//! screen readers it is a list, below a sentence.

use chrono::{DateTime, TimeDelta, Utc};
use ratatui::layout::Rect;

use super::DialogLayout;
use crate::{
    app::{CommandTitles, PaneLayout},
    command::{Command, KeyContext, Keymap},
    text::width,
};

/// Time after which the command menu appears: who knows the letter never sees it.
const MENU_DELAY: TimeDelta = TimeDelta::milliseconds(300);

/// Columns of a command where not all titles fit on one page whole.
const MIN_ITEM_COLUMNS: usize = 18;

/// Rows of the sentence above the list for screen readers, with a blank one below it.
const SENTENCE_ROWS: u16 = 4;

/// Columns of the gap after a command.
const GAP_COLUMNS: usize = 2;

/// The command menu, waiting for its letter.
#[derive(Debug)]
pub struct CommandMenu {
    /// Time of the key that opened it.
    since: DateTime<Utc>,
    is_shown: bool,
    /// Index of the page in view.
    page: usize,
    page_count: usize,
    /// The titles of commands when the menu was opened.
    titles: CommandTitles,
}

/// A command in the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuItem {
    /// The key that runs it.
    pub key: String,
    /// The command.
    pub command: Command,
    /// The words of the command.
    pub title: String,
}

/// The commands of the menu as they stand on the screen.
#[derive(Debug)]
pub struct MenuLayout {
    /// The areas of the menu.
    pub dialog: DialogLayout,
    /// The commands of the page in view, from the top of the first column.
    pub items: Vec<MenuItem>,
    /// Widths of the columns, with the gaps after them.
    columns: Vec<u16>,
    /// Number of pages.
    pub page_count: usize,
}

impl CommandMenu {
    /// Creates the menu, not drawn yet.
    pub(in crate::app) fn new(now: DateTime<Utc>, titles: CommandTitles) -> CommandMenu {
        CommandMenu { since: now, is_shown: false, page: 0, page_count: 1, titles }
    }

    /// Returns whether the menu is drawn.
    pub fn is_shown(&self) -> bool {
        self.is_shown
    }

    /// Returns the index of the page in view.
    pub fn page(&self) -> usize {
        self.page
    }

    /// Returns the number of pages.
    pub fn page_count(&self) -> usize {
        self.page_count
    }

    /// Returns the time until the menu appears.
    pub fn time_until_shown(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        (!self.is_shown).then(|| self.since + MENU_DELAY - now)
    }

    /// Shows the menu once its time has come.
    pub(in crate::app) fn show_when_due(&mut self, now: DateTime<Utc>) {
        self.is_shown |= self.since + MENU_DELAY <= now;
    }

    /// Turns pages, and shows the menu; negative is back.
    pub(in crate::app) fn turn_pages(&mut self, pages: isize) {
        self.is_shown = true;
        self.page = self.page.saturating_add_signed(pages).min(self.page_count - 1);
    }

    /// Fits the pages to the screen.
    pub(in crate::app) fn resize(&mut self, panes: &PaneLayout, keymap: &Keymap) {
        self.page_count = self.layout(panes, keymap).page_count;
        self.page = self.page.min(self.page_count - 1);
    }

    /// Lays out the page in view at the bottom of the screen, or as a list where dialogs have the screen
    /// to themselves. Titles are cut only where that saves pages.
    pub fn layout(&self, panes: &PaneLayout, keymap: &Keymap) -> MenuLayout {
        let items = menu_items(keymap, &self.titles);
        if panes.has_whole_dialogs {
            return self.list_layout(items, panes.screen);
        }
        let screen = panes.screen;
        let bottom = panes.hint_line.map_or(screen.bottom(), |hints| hints.y);
        let max_rows = usize::from(bottom.saturating_sub(3)).max(1);
        let inside = usize::from(screen.width.saturating_sub(4)).max(1);
        let mut columns = count_whole_columns(&items, inside);
        if items.len() > columns * max_rows {
            columns = columns.max(inside / MIN_ITEM_COLUMNS);
        }
        let rows = items.len().div_ceil(columns).clamp(1, max_rows);
        let height = u16::try_from(rows + 2).unwrap_or(u16::MAX).min(bottom);
        let frame = Rect { y: bottom - height, height, ..screen };
        let (items, page_count) = self.items_in_view(items, rows * columns);
        MenuLayout {
            dialog: DialogLayout::framed(frame),
            columns: spread_columns(&column_widths(&items, rows), (columns, inside)),
            page_count,
            items,
        }
    }

    /// Lays out the page in view as a list over the whole screen, with a row for each command.
    fn list_layout(&self, items: Vec<MenuItem>, screen: Rect) -> MenuLayout {
        let dialog = DialogLayout::whole(screen).with_margins(SENTENCE_ROWS, 0);
        let (items, page_count) = self.items_in_view(items, dialog.rows());
        MenuLayout { dialog, columns: vec![dialog.list.width], page_count, items }
    }

    /// Returns the commands of the page in view, and the number of pages.
    fn items_in_view(&self, items: Vec<MenuItem>, per_page: usize) -> (Vec<MenuItem>, usize) {
        let per_page = per_page.max(1);
        let page_count = items.len().div_ceil(per_page).max(1);
        (items.into_iter().skip(self.page * per_page).take(per_page).collect(), page_count)
    }
}

impl MenuItem {
    /// Returns the columns of key and title with the gap after them.
    fn columns(&self) -> usize {
        width(&self.key) + width(&self.title) + 4
    }
}

impl MenuLayout {
    /// Returns the commands with the areas in which they are drawn, a gap at the end included.
    pub fn placed_items(&self) -> impl Iterator<Item = (&MenuItem, Rect)> {
        let list = self.dialog.list;
        let rows = self.dialog.rows().max(1);
        self.items.iter().enumerate().filter_map(move |(index, item)| {
            let (before, row) =
                (self.columns.get(..index / rows)?, u16::try_from(index % rows).ok()?);
            let x = list.x.saturating_add(before.iter().sum());
            let width = (*self.columns.get(index / rows)?).min(list.right().saturating_sub(x));
            (width > 0 && row < list.height)
                .then_some((item, Rect { x, y: list.y + row, width, height: 1 }))
        })
    }

    /// Returns the command at a cell.
    pub(in crate::app) fn command_at(&self, column: u16, row: u16) -> Option<Command> {
        let mut items = self.placed_items();
        let found = items.find(|(_, area)| area.contains((column, row).into()));
        found.map(|(item, _)| item.command)
    }
}

/// Returns the most columns in which all titles are whole; 1 at least.
fn count_whole_columns(items: &[MenuItem], inside: usize) -> usize {
    let is_whole = |columns: &usize| {
        let widths = column_widths(items, items.len().div_ceil(*columns).max(1));
        widths.iter().sum::<usize>().saturating_sub(GAP_COLUMNS) <= inside
    };
    (1..=items.len()).take_while(is_whole).last().unwrap_or(1)
}

/// Returns the columns that the widest command of each column takes, with the gap after it.
fn column_widths(items: &[MenuItem], rows: usize) -> Vec<usize> {
    let widest = |column: &[MenuItem]| column.iter().map(MenuItem::columns).max().unwrap_or(1);
    items.chunks(rows.max(1)).map(widest).collect()
}

/// Spreads columns over the width: each gets its part of what is left, and all are equally wide where
/// some must be cut.
fn spread_columns(widths: &[usize], (columns, inside): (usize, usize)) -> Vec<u16> {
    let taken = widths.iter().sum::<usize>().saturating_sub(GAP_COLUMNS);
    let spread = |width: &usize| match inside.checked_sub(taken) {
        Some(left) => width + left / columns,
        None => inside / columns,
    };
    widths.iter().map(|width| u16::try_from(spread(width)).unwrap_or(u16::MAX)).collect()
}

/// Returns the commands that have one key in the menu, each with the first of its keys.
pub(super) fn menu_items(keymap: &Keymap, titles: &CommandTitles) -> Vec<MenuItem> {
    let mut items: Vec<MenuItem> = Vec::new();
    for (context, keys, command) in keymap.iter() {
        let turns_page = matches!(command, Command::PageUp | Command::PageDown);
        let is_listed = items.iter().any(|item| item.command == command);
        if let ([key], false) = (keys, turns_page || is_listed || context != KeyContext::Menu)
            && let Some(title) = titles.find(command, keymap)
        {
            items.push(MenuItem { key: key.hint(), command, title });
        }
    }
    items
}
