//! The groups of the entry list, and the lines that its rows take on the screen.
//!
//! A heading is not a row of the list: it is a line above the first row of its group, and above the first row on
//! the screen, so that the group of what is in view is always named.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::{
    model::{Entry, Feed, FeedId, ListGrouping},
    text::LocalNow,
};

/// A group of the entry list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListGroup {
    /// The articles of a day; what has a later date than today counts as today's.
    Day(NaiveDate),
    /// The articles of a feed.
    Feed(FeedId),
    /// The articles of a folder; `None` for those of feeds without one.
    Folder(Option<String>),
    /// The articles that the shared archive has found.
    Archive,
}

/// A row of the entry list in view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisibleRow {
    /// Index of the entry.
    pub index: usize,
    /// The line of the screen area at which the row begins.
    pub line: usize,
    /// Number of lines that the row takes.
    pub line_count: usize,
    /// The group whose heading takes the line above.
    pub heading: Option<ListGroup>,
}

/// The lines of the screen that the list has, and those that its entries take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListSize {
    /// Lines of the list on the screen.
    pub line_count: usize,
    /// Lines that an entry takes.
    pub lines_per_entry: usize,
    /// Lines that the selected entry takes: more than others on accessible screens.
    pub selected_lines: usize,
}

impl ListSize {
    /// Returns the number of entries that the screen has room for if no headings take lines; at least one.
    pub(in crate::app) fn row_count(self) -> usize {
        let per_entry = self.lines_per_entry.max(1);
        let more = self.selected_lines.saturating_sub(per_entry);
        (self.line_count.saturating_sub(more) / per_entry).max(1)
    }
}

/// The lines of the screen that the list has, and what decides the groups of its entries.
#[derive(Debug, Default)]
pub(in crate::app) struct ListLines {
    pub(in crate::app) size: ListSize,
    now: Option<LocalNow>,
    folders: HashMap<FeedId, String>,
}

impl ListLines {
    /// Sets the current time, which decides the days.
    pub(in crate::app) fn set_now(&mut self, now: LocalNow) {
        self.now = Some(now);
    }

    /// Takes over the folders of the feeds.
    pub(in crate::app) fn set_folders(&mut self, feeds: &[Feed]) {
        let folder = |feed: &Feed| Some((feed.id, feed.folder()?.to_owned()));
        self.folders = feeds.iter().filter_map(folder).collect();
    }

    /// Returns the group of an entry.
    pub(in crate::app) fn group_of(
        &self,
        entry: &Entry,
        grouping: ListGrouping,
    ) -> Option<ListGroup> {
        match grouping {
            ListGrouping::None | ListGrouping::Story => None,
            ListGrouping::Day => {
                let now = self.now?;
                Some(ListGroup::Day(entry.published.day_in(&now.zone).min(now.today())))
            }
            ListGrouping::Feed => Some(ListGroup::Feed(entry.feed)),
            ListGrouping::Folder => Some(ListGroup::Folder(self.folders.get(&entry.feed).cloned())),
        }
    }

    /// Places rows from the first one on the screen until no more fit. `heading` returns the
    /// group that begins at an index. The first row is placed even where its heading has no room.
    pub(in crate::app) fn place_rows(
        &self,
        indexes: std::ops::Range<usize>,
        selected: usize,
        heading: impl Fn(usize) -> Option<ListGroup>,
    ) -> Vec<VisibleRow> {
        let ListSize { line_count: room, lines_per_entry, selected_lines } = self.size;
        let (mut rows, mut line) = (Vec::new(), 0);
        for index in indexes {
            let own_lines = if index == selected { selected_lines } else { lines_per_entry };
            let line_count = own_lines.max(1);
            let mut heading = heading(index);
            if rows.is_empty() && line_count + 1 > room {
                heading = None;
            }
            let start = line + usize::from(heading.is_some());
            if start + line_count > room.max(line_count) {
                break;
            }
            rows.push(VisibleRow { index, line: start, line_count, heading });
            line = start + line_count;
        }
        rows
    }
}
