//! The command menu: every command that has a letter, in columns and, on small screens, on pages.

use chrono::{DateTime, TimeDelta, Utc};
use ratatui::layout::Rect;

use super::DialogLayout;
use crate::{
    app::PaneLayout,
    command::{Command, KeyContext, Keymap},
    text::width,
};

/// Time after which the command menu appears: who knows the letter never sees it.
const MENU_DELAY: TimeDelta = TimeDelta::milliseconds(300);

/// Columns of a command where not all titles fit on one page whole.
const MIN_ITEM_COLUMNS: usize = 18;

/// The command menu, waiting for its letter.
#[derive(Debug)]
pub struct CommandMenu {
    /// Time of the key that opened it.
    since: DateTime<Utc>,
    is_shown: bool,
    /// Index of the page in view.
    page: usize,
    page_count: usize,
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
    /// Columns that a command takes, with the gap after it.
    pub item_columns: u16,
    /// Number of pages.
    pub page_count: usize,
}

impl CommandMenu {
    /// Creates the menu, not drawn yet.
    pub(in crate::app) fn new(now: DateTime<Utc>) -> CommandMenu {
        CommandMenu { since: now, is_shown: false, page: 0, page_count: 1 }
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

    /// Lays out the page in view at the bottom of the screen. Titles are cut only where that saves
    /// pages.
    pub fn layout(&self, panes: &PaneLayout, keymap: &Keymap) -> MenuLayout {
        let items = menu_items(keymap);
        let screen = panes.screen;
        let bottom = panes.hint_line.map_or(screen.bottom(), |hints| hints.y);
        let max_rows = usize::from(bottom.saturating_sub(3)).max(1);
        let inside = usize::from(screen.width.saturating_sub(4)).max(1);
        let widest = items.iter().map(MenuItem::columns).max().unwrap_or(1);
        let mut columns = (inside / widest).max(1);
        if items.len() > columns * max_rows {
            columns = columns.max(inside / MIN_ITEM_COLUMNS);
        }
        let rows = items.len().div_ceil(columns).clamp(1, max_rows);
        let height = u16::try_from(rows + 2).unwrap_or(u16::MAX).min(bottom);
        let frame = Rect { y: bottom - height, height, ..screen };
        let per_page = rows * columns;
        MenuLayout {
            dialog: DialogLayout::framed(frame),
            item_columns: u16::try_from(inside / columns).unwrap_or(u16::MAX),
            page_count: items.len().div_ceil(per_page).max(1),
            items: items.into_iter().skip(self.page * per_page).take(per_page).collect(),
        }
    }
}

impl MenuItem {
    /// Returns the columns of key and title with the gaps beside them.
    fn columns(&self) -> usize {
        width(&self.key) + width(&self.title) + 4
    }
}

impl MenuLayout {
    /// Returns the commands with the cells at which they are drawn.
    pub fn placed_items(&self) -> impl Iterator<Item = (&MenuItem, u16, u16)> {
        let list = self.dialog.list;
        let rows = self.dialog.rows().max(1);
        self.items.iter().enumerate().filter_map(move |(index, item)| {
            let column = u16::try_from(index / rows).ok()?;
            let row = u16::try_from(index % rows).ok()?;
            let x = list.x.saturating_add(column.saturating_mul(self.item_columns));
            (x < list.right()).then_some((item, x, list.y + row))
        })
    }

    /// Returns the command at a cell.
    pub(in crate::app) fn command_at(&self, column: u16, row: u16) -> Option<Command> {
        self.placed_items()
            .find(|(_, x, y)| row == *y && (*x..*x + self.item_columns).contains(&column))
            .map(|(item, ..)| item.command)
    }
}

/// Returns the commands that have one key in the menu, each with the first of its keys.
pub(super) fn menu_items(keymap: &Keymap) -> Vec<MenuItem> {
    let mut items: Vec<MenuItem> = Vec::new();
    for (context, keys, command) in keymap.iter() {
        let turns_page = matches!(command, Command::PageUp | Command::PageDown);
        let is_listed = items.iter().any(|item| item.command == command);
        if let ([key], false) = (keys, turns_page || is_listed || context != KeyContext::Menu) {
            let title = keymap.title(command).to_owned();
            items.push(MenuItem { key: key.hint(), command, title });
        }
    }
    items
}
