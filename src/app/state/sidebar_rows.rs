//! The rows of the sidebar, made from its contents.

use std::collections::BTreeSet;

use super::ViewCounts;
use crate::{
    app::SidebarData,
    model::{
        BuiltInView, CopyListing, Feed, FeedHealth, FeedKind, ListedAccount, TagCount, View,
        ViewScope,
    },
    text::count_noun,
};

/// One row of the sidebar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SidebarRow {
    /// A view and the number of its articles; `None` while that is not known.
    View(Box<View>, Option<u64>),
    /// A folder and the unread entries in it.
    Folder(String, u64, FolderState),
    /// An account, the unread entries of its feeds, and whether they are shown.
    Account(Box<ListedAccount>, u64, FolderState),
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
    /// Returns whether the last refresh of the feed, or the last sync of the account, failed.
    pub fn is_failing(&self) -> bool {
        match self {
            SidebarRow::Feed(feed) => feed.health != FeedHealth::Healthy,
            SidebarRow::Account(listed, ..) => listed.account.sync_state.failure.is_some(),
            _ => false,
        }
    }

    /// Returns whether the number of the row is that of all its articles, and not of the unread ones.
    pub fn counts_all_articles(&self) -> bool {
        match self {
            SidebarRow::View(view, _) => {
                matches!(view.built_in, Some(BuiltInView::Starred | BuiltInView::All))
            }
            SidebarRow::Tag(_) => true,
            _ => false,
        }
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
            SidebarRow::Account(listed, ..) => {
                let name = listed.account.name.clone();
                Some(SidebarTarget::Scope(ViewScope::Account(name)))
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
    let is_shown = |view: &&View| is_view_shown(view, counts, options);
    let shown = data.views.iter().filter(is_shown);
    let row = |view: &View| {
        SidebarRow::View(Box::new(view.clone()), view_count(view, data, counts, options))
    };
    let mut rows: Vec<SidebarRow> = shown.map(row).collect();
    if !data.feeds.is_empty() || !data.accounts.is_empty() {
        push_feed_rows(data, options, &mut rows);
        rows.push(SidebarRow::Caption(String::new()));
        rows.extend(tag_rows(&options.tags));
    }
    rows
}

/// Returns whether a view has a row. An empty queue has none: most people have no podcasts.
pub(super) fn is_view_shown(view: &View, counts: &ViewCounts, options: &RowOptions) -> bool {
    let is_empty_queue = || {
        let target = SidebarTarget::Filter(view.query.clone());
        view.built_in == Some(BuiltInView::Queue)
            && counts.get(view.id).is_none_or(|count| count == 0)
            && options.kept.as_ref() != Some(&target)
    };
    options.shows_hidden_views || !view.hidden && !is_empty_queue()
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
        Some(BuiltInView::Later | BuiltInView::Queue) | None => counts.get(view.id),
    }
}

/// Returns the feeds in the order of the sidebar: those of the user's own, and then by account.
pub(super) fn feeds_in_order(data: &SidebarData) -> Vec<&Feed> {
    let own = data.feeds.iter().filter(|feed| account_of(data, feed).is_none());
    let of_accounts = data.accounts.iter().flat_map(|listed| feeds_of(data, listed));
    own.chain(of_accounts).collect()
}

/// Returns the account in whose group a feed stands. A feed that the user has moved to another folder
/// stands there.
fn account_of<'a>(data: &'a SidebarData, feed: &Feed) -> Option<&'a ListedAccount> {
    let folder = feed.folder().filter(|_| feed.kind == FeedKind::Synced)?;
    data.accounts.iter().find(|listed| listed.has_folder(folder))
}

fn feeds_of<'a>(
    data: &'a SidebarData,
    listed: &'a ListedAccount,
) -> impl Iterator<Item = &'a Feed> {
    let id = listed.id();
    data.feeds
        .iter()
        .filter(move |feed| account_of(data, feed).is_some_and(|found| found.id() == id))
}

/// Adds the rows of feeds of the user's own by folder, then those of accounts.
fn push_feed_rows(data: &SidebarData, options: &RowOptions, rows: &mut Vec<SidebarRow>) {
    let heading = rows.len();
    let own = data.feeds.iter().filter(|feed| account_of(data, feed).is_none());
    let mut hidden = push_feeds(own, None, (data, options), rows);
    for listed in &data.accounts {
        let row = account_row(data, options, listed);
        let is_open = matches!(row, SidebarRow::Account(_, _, FolderState::Open));
        rows.extend(Some(row).filter(|row| is_row_shown(options, row, unread_in(row))));
        let mut inside = Vec::new();
        let name = Some(listed.account.name.as_str());
        hidden += push_feeds(feeds_of(data, listed), name, (data, options), &mut inside);
        rows.extend(inside.into_iter().filter(|_| is_open));
    }
    let text = match hidden {
        0 => String::new(),
        count => format!("{} hidden", count_noun(count, "read feed")),
    };
    rows.insert(heading, SidebarRow::Caption(text));
}

fn is_row_shown(options: &RowOptions, row: &SidebarRow, unread: u64) -> bool {
    let is_kept = options.kept.is_some() && row.target() == options.kept;
    !options.hides_read_feeds || unread > 0 || is_kept
}

/// Adds the rows of feeds by folder, those of the folder `group` without a row of its own. Returns the
/// number of feeds that are hidden because they are read.
fn push_feeds<'a>(
    feeds: impl Iterator<Item = &'a Feed>,
    group: Option<&str>,
    (data, options): (&SidebarData, &RowOptions),
    rows: &mut Vec<SidebarRow>,
) -> usize {
    let (mut hidden, mut folder) = (0, group.map(str::to_owned));
    for feed in feeds {
        if feed.folder() != folder.as_deref() {
            folder = feed.folder().map(str::to_owned);
            let row = folder.as_ref().map(|name| folder_row(data, options, name));
            rows.extend(row.filter(|row| is_row_shown(options, row, unread_in(row))));
        }
        let row = SidebarRow::Feed(Box::new(feed.clone()));
        let is_closed =
            |name: &String| Some(name.as_str()) != group && options.closed_folders.contains(name);
        if !is_row_shown(options, &row, feed.unread_count) {
            hidden += 1;
        } else if !folder.as_ref().is_some_and(is_closed) {
            rows.push(row);
        }
    }
    hidden
}

fn account_row(data: &SidebarData, options: &RowOptions, listed: &ListedAccount) -> SidebarRow {
    let unread = feeds_of(data, listed).map(|feed| feed.unread_count).sum();
    let is_closed = options.closed_folders.contains(&listed.account.name);
    let state = if is_closed { FolderState::Closed } else { FolderState::Open };
    SidebarRow::Account(Box::new(listed.clone()), unread, state)
}

fn unread_in(row: &SidebarRow) -> u64 {
    match row {
        SidebarRow::Folder(_, unread, _) | SidebarRow::Account(_, unread, _) => *unread,
        _ => 0,
    }
}

fn folder_row(data: &SidebarData, options: &RowOptions, name: &str) -> SidebarRow {
    let (_, unread) = data.folder_counts(name, options.copies);
    let state =
        if options.closed_folders.contains(name) { FolderState::Closed } else { FolderState::Open };
    SidebarRow::Folder(name.to_owned(), unread, state)
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
