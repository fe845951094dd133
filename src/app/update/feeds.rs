//! Commands on feeds outside of their table.
//!
//! Pausing, muting and opening the site apply to the feed of the selected article, or to the
//! selected feed while the sidebar is focused. Editing and unsubscribing do too, but first to the
//! feed that the list shows; refreshing applies to that only.

use super::{accounts, folders, views};
use crate::{
    app::{
        Action, Actions, BackgroundJobs, Effect, FeedForm, FeedTable, Notice, NoticeAction,
        Overlay, Pane, Sidebar, StoreWrite,
    },
    command::Command,
    model::{Change, Feed, RefreshScope, Subscription, ViewScope},
    text::count_noun,
};

/// Returns the notice for a command that needs a feed while none is selected.
fn no_feed_notice() -> Actions {
    const SHOW: &[NoticeAction] = &[NoticeAction::new(Command::ShowFeeds, "shows the feeds")];
    Notice::info("No feed is selected").offering(SHOW).into()
}

/// Pauses the feed in focus, or resumes it.
pub(super) fn pause(focus: Pane, sidebar: &Sidebar, entry_feed: Option<&Feed>) -> Actions {
    feed_in_focus(focus, sidebar, entry_feed).map_or_else(no_feed_notice, toggle_paused)
}

/// Mutes the feed in focus, or unmutes it.
pub(super) fn mute(focus: Pane, sidebar: &Sidebar, entry_feed: Option<&Feed>) -> Actions {
    feed_in_focus(focus, sidebar, entry_feed).map_or_else(no_feed_notice, toggle_muted)
}

/// Opens the site of the feed in focus in the browser.
pub(super) fn open_site(focus: Pane, sidebar: &Sidebar, entry_feed: Option<&Feed>) -> Actions {
    feed_in_focus(focus, sidebar, entry_feed).map_or_else(no_feed_notice, open_feed_site)
}

pub(super) fn feed_in_focus<'a>(
    focus: Pane,
    sidebar: &'a Sidebar,
    entry_feed: Option<&'a Feed>,
) -> Option<&'a Feed> {
    if focus == Pane::Sidebar { sidebar.selected_feed() } else { entry_feed }
}

/// Refreshes every feed and folder. While a refresh runs, says how far it is: the same refresh is
/// not done twice.
pub(super) fn refresh_all(jobs: &BackgroundJobs) -> Actions {
    const STOP: &[NoticeAction] = &[NoticeAction::new(Command::StopRefresh, "stops it")];
    let running = jobs.refresh_progress().map(|at| {
        let syncing = match jobs.syncing_accounts().len() {
            0 => String::new(),
            count => format!(", {} still syncing", count_noun(count, "account")),
        };
        let text = format!("Refreshing: {} of {} feeds done{syncing}", at.done, at.total);
        Notice::info(text).offering(STOP)
    });
    Actions::from(running).and(Effect::Refresh(RefreshScope::All))
}

/// Ends the running refresh early.
pub(super) fn stop_refresh(jobs: &BackgroundJobs) -> Actions {
    match jobs.refresh_progress() {
        Some(_) => Actions::from(Notice::info("Stopping the refresh")).and(Effect::StopRefresh),
        None => Notice::info("No refresh is running").into(),
    }
}

/// Refreshes the feed that the list shows, even if it is not due; all feeds if the list shows none.
pub(super) fn refresh_listed(listed: &ViewScope) -> Actions {
    let scope = match listed {
        ViewScope::Feed(id) => RefreshScope::One(*id),
        _ => RefreshScope::All,
    };
    Effect::Refresh(scope).into()
}

/// Opens the form of the selected view, account or folder, or else of the feed in question: see [`feed_to_change`].
pub(super) fn edit_selected(
    focus: Pane,
    sidebar: &Sidebar,
    listed: &ViewScope,
    entry_feed: Option<&Feed>,
) -> Actions {
    if let Some(view) = sidebar.selected_view().filter(|_| focus == Pane::Sidebar) {
        return views::open_form(view);
    }
    if let Some(account) = sidebar.selected_account().filter(|_| focus == Pane::Sidebar) {
        return accounts::open_form(account, None);
    }
    if let Some(folder) = sidebar.selected_folder().filter(|_| focus == Pane::Sidebar) {
        return folders::open_form(folder);
    }
    let open = |feed| Action::Open(Overlay::FeedForm(Box::new(FeedForm::new(feed, None)))).into();
    feed_to_change(focus, sidebar, listed, entry_feed).map_or_else(no_feed_notice, open)
}

/// Removes the selected view or account, or unsubscribes from the selected folder or the feed in question:
/// see [`feed_to_change`].
pub(super) fn remove_selected(
    focus: Pane,
    sidebar: &Sidebar,
    listed: &ViewScope,
    entry_feed: Option<&Feed>,
) -> Actions {
    if let Some(view) = sidebar.selected_view().filter(|_| focus == Pane::Sidebar) {
        return views::remove(view);
    }
    if let Some(account) = sidebar.selected_account().filter(|_| focus == Pane::Sidebar) {
        return accounts::ask_removal(account, &sidebar.data().feeds);
    }
    if let Some(folder) = sidebar.selected_folder().filter(|_| focus == Pane::Sidebar) {
        return folders::ask_removal(folder, sidebar.data());
    }
    let Some(feed) = feed_to_change(focus, sidebar, listed, entry_feed) else {
        return no_feed_notice();
    };
    let is_listed = *listed == ViewScope::Feed(feed.id);
    Actions::from(StoreWrite::ApplyChange(Change::set_unsubscribed(feed.id, true)))
        .and(is_listed.then_some(Action::ShowScope(ViewScope::Unread)))
}

/// Returns the feed that is selected in the focused sidebar, otherwise the one that the list shows,
/// otherwise that of the selected article.
fn feed_to_change<'a>(
    focus: Pane,
    sidebar: &'a Sidebar,
    listed: &ViewScope,
    entry_feed: Option<&'a Feed>,
) -> Option<&'a Feed> {
    match listed {
        _ if focus == Pane::Sidebar => sidebar.selected_feed(),
        ViewScope::Feed(id) => sidebar.feed(*id),
        _ => entry_feed,
    }
}

/// Hides the sample library.
pub(super) fn hide_samples(sidebar: &Sidebar) -> Actions {
    match sidebar.samples_feed() {
        Some(feed) => StoreWrite::ApplyChange(Change::set_unsubscribed(feed.id, true)).into(),
        None => Notice::info("The samples are hidden already").into(),
    }
}

/// Opens the table of feeds, with the feed that the list shows selected.
pub(super) fn open_table(listed: &ViewScope) -> Actions {
    let mut table = FeedTable::default();
    if let ViewScope::Feed(feed) = listed {
        table.select_feed(*feed);
    }
    Actions::from(Action::Open(Overlay::FeedTable(table))).and(Effect::LoadSidebar)
}

/// Opens the site of a feed in the browser.
pub(super) fn open_feed_site(feed: &Feed) -> Actions {
    let name = feed.display_name();
    match &feed.site_url {
        Some(url) => Actions::from(Notice::info(format!("Opened the site of {name}")))
            .and(Effect::OpenUrl(url.clone())),
        None => Notice::info(format!("{name} has no site")).into(),
    }
}

/// Pauses a feed, or resumes it; the notice comes with the change.
pub(super) fn toggle_paused(feed: &Feed) -> Actions {
    change_subscription(feed, |subscription| subscription.paused = !subscription.paused)
}

/// Mutes a feed, or unmutes it; the notice comes with the change.
pub(super) fn toggle_muted(feed: &Feed) -> Actions {
    change_subscription(feed, |subscription| subscription.muted = !subscription.muted)
}

fn change_subscription(feed: &Feed, change: impl FnOnce(&mut Subscription)) -> Actions {
    let mut after = feed.subscription.clone();
    change(&mut after);
    let change = Change::set_subscription(feed.id, feed.subscription.clone(), after);
    StoreWrite::ApplyChange(change).into()
}
