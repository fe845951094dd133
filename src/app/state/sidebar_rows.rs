//! The rows of the sidebar, made from its contents.

use std::collections::BTreeSet;

use super::ViewCounts;
use crate::{
    app::SidebarData,
    model::{BuiltInView, CopyListing, Feed, FeedHealth, TagCount, View, ViewScope},
    text::count_noun,
};

/// One row of the sidebar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SidebarRow {
    /// A view and the number of its articles; `None` while that is not known.
    View(Box<View>, Option<u64>),
    /// A folder and the unread entries in it.
    Folder(String, u64, FolderState),
    /// A feed.
    Feed(Box<Feed>),
    /// The group of the tags.
    TagGroup(FolderState),
    /// A tag and the number of entries that have it.
    Tag(TagCount),
    /// A line that cannot be selected: a heading, or a blank one.
    Caption(String),
}

/// The state of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderState {
    /// Its feeds are shown.
    Open,
    /// Its feeds are hidden.
    Closed,
}

/// The list that a row of the sidebar opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SidebarTarget {
    /// A scope.
    Scope(ViewScope),
    /// A filter over everything.
    Filter(String),
}

/// The tags of the user and of the publishers, as far as the sidebar has them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum TagList {
    /// The group is closed. The tags are counted only when it is opened.
    #[default]
    Closed,
    /// The group is open, and the tags are being counted.
    Counting,
    /// The group is open.
    Counted(Vec<TagCount>),
}

/// The choices that decide which rows there are.
#[derive(Debug, Clone, Default)]
pub(super) struct RowOptions {
    /// Folders whose feeds are hidden.
    pub(super) closed_folders: BTreeSet<String>,
    /// Feeds without unread entries are hidden.
    pub(super) hides_read_feeds: bool,
    /// The row that is shown in any case.
    pub(super) kept: Option<SidebarTarget>,
    /// The tags.
    pub(super) tags: TagList,
    /// Views that are hidden have rows too.
    pub(super) shows_hidden_views: bool,
    /// The treatment of copies in lists.
    pub(super) copies: CopyListing,
}

impl SidebarRow {
    /// Returns whether the last refresh of the feed failed.
    pub fn is_failing(&self) -> bool {
        matches!(self, SidebarRow::Feed(feed) if feed.health != FeedHealth::Healthy)
    }

    /// Returns whether the row can be selected.
    pub(super) fn can_be_selected(&self) -> bool {
        !matches!(self, SidebarRow::Caption(_))
    }

    /// Returns the list that the row opens.
    pub(super) fn target(&self) -> Option<SidebarTarget> {
        match self {
            SidebarRow::View(view, _) => Some(match view.scope() {
                Some(scope) => SidebarTarget::Scope(scope),
                None => SidebarTarget::Filter(view.query.clone()),
            }),
            SidebarRow::Folder(name, ..) => {
                Some(SidebarTarget::Scope(ViewScope::Folder(name.clone())))
            }
            SidebarRow::Feed(feed) => Some(SidebarTarget::Scope(ViewScope::Feed(feed.id))),
            SidebarRow::Tag(counted) => Some(SidebarTarget::Filter(TagCount::filter(&counted.tag))),
            SidebarRow::TagGroup(_) | SidebarRow::Caption(_) => None,
        }
    }
}

/// Returns the rows: views, feeds by folder, tags.
pub(super) fn build_rows(
    data: &SidebarData,
    counts: &ViewCounts,
    options: &RowOptions,
) -> Vec<SidebarRow> {
    let shown = data.views.iter().filter(|view| !view.hidden || options.shows_hidden_views);
    let row = |view: &View| {
        SidebarRow::View(Box::new(view.clone()), view_count(view, data, counts, options))
    };
    let mut rows: Vec<SidebarRow> = shown.map(row).collect();
    if !data.feeds.is_empty() {
        push_feed_rows(data, options, &mut rows);
        rows.push(SidebarRow::Caption(String::new()));
        rows.extend(tag_rows(&options.tags));
    }
    rows
}

/// Returns the count of a view. Those of scopes are stored with the feeds.
fn view_count(
    view: &View,
    data: &SidebarData,
    counts: &ViewCounts,
    options: &RowOptions,
) -> Option<u64> {
    let totals = data.totals(options.copies);
    match view.built_in {
        Some(BuiltInView::Unread) => Some(totals.unread),
        Some(BuiltInView::Starred) => Some(totals.starred),
        Some(BuiltInView::Today) => Some(totals.unread_today),
        Some(BuiltInView::All) => Some(totals.all),
        Some(BuiltInView::Later) | None => counts.get(view.id),
    }
}

fn push_feed_rows(data: &SidebarData, options: &RowOptions, rows: &mut Vec<SidebarRow>) {
    let is_kept = |row: &SidebarRow| options.kept.is_some() && row.target() == options.kept;
    let is_shown =
        |row: &SidebarRow, unread| !options.hides_read_feeds || unread > 0 || is_kept(row);
    let (heading, mut hidden, mut folder) = (rows.len(), 0, None);
    for feed in &data.feeds {
        if feed.folder() != folder.as_deref() {
            folder = feed.folder().map(str::to_owned);
            let row = folder.as_ref().map(|name| folder_row(data, options, name));
            rows.extend(row.filter(|row| is_shown(row, unread_in(row))));
        }
        let row = SidebarRow::Feed(Box::new(feed.clone()));
        if !is_shown(&row, feed.unread_count) {
            hidden += 1;
        } else if folder.as_ref().is_none_or(|name| !options.closed_folders.contains(name)) {
            rows.push(row);
        }
    }
    let text = match hidden {
        0 => String::new(),
        count => format!("{} hidden", count_noun(count, "read feed")),
    };
    rows.insert(heading, SidebarRow::Caption(text));
}

fn unread_in(row: &SidebarRow) -> u64 {
    if let SidebarRow::Folder(_, unread, _) = row { *unread } else { 0 }
}

fn folder_row(data: &SidebarData, options: &RowOptions, name: &str) -> SidebarRow {
    let inside = data.feeds.iter().filter(|feed| feed.folder() == Some(name));
    let state =
        if options.closed_folders.contains(name) { FolderState::Closed } else { FolderState::Open };
    SidebarRow::Folder(name.to_owned(), inside.map(|feed| feed.unread_count).sum(), state)
}

fn tag_rows(tags: &TagList) -> Vec<SidebarRow> {
    let open = SidebarRow::TagGroup(FolderState::Open);
    match tags {
        TagList::Closed => vec![SidebarRow::TagGroup(FolderState::Closed)],
        TagList::Counting => vec![open, SidebarRow::Caption("   counting…".to_owned())],
        TagList::Counted(tags) if tags.is_empty() => {
            vec![open, SidebarRow::Caption("   no tags".to_owned())]
        }
        TagList::Counted(tags) => [open].into_iter().chain(counted_tag_rows(tags)).collect(),
    }
}

/// Returns the rows of tags, with a line between those of the user and those of the publishers.
fn counted_tag_rows(tags: &[TagCount]) -> impl Iterator<Item = SidebarRow> {
    let own_count = tags.iter().take_while(|counted| counted.color.is_some()).count();
    let (own, others) = tags.split_at(own_count);
    let has_both = !own.is_empty() && !others.is_empty();
    let caption = has_both.then(|| SidebarRow::Caption("   from publishers".to_owned()));
    let row = |counted: &TagCount| SidebarRow::Tag(counted.clone());
    own.iter().map(row).chain(caption).chain(others.iter().map(row))
}
