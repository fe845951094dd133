//! Telling the server about the subscriptions that the user has changed.

use super::{
    feed_plan::{FeedRequests, FolderRename, find_listed, find_new_of_site, plan_feed_requests},
    server::ServerSession,
    sync_run::{SyncError, SyncRun},
    writes::SyncWrite,
};
use crate::{
    greader::Session,
    model::{FeedChange, RemoteFeed, UnsentFeedChange},
    remote::ServerError,
    text::count_noun,
};

impl SyncRun<'_, '_> {
    /// Tells the server about the subscriptions that the user has changed, before it is asked for its
    /// list. Returns the sentences about what it refuses.
    pub(super) fn send_feed_changes(
        &mut self,
        server: &mut ServerSession<'_>,
    ) -> Result<Vec<String>, SyncError> {
        // No other protocol knows changes of subscriptions.
        let ServerSession::GoogleReader(session) = server else { return Ok(Vec::new()) };
        let mut problems = Vec::new();
        let unsent = self.list_unsent()?;
        if unsent.iter().any(|change| change.remote.is_none() || is_subscription(change)) {
            self.settle_subscriptions(session, &unsent, &mut problems)?;
        }
        let (unsent, feeds) = (self.list_unsent()?, self.list_feeds()?);
        let FeedRequests { folders, mut changes } = plan_feed_requests(&unsent, &feeds);
        for folder in folders {
            if !self.rename_folder(session, &folder)? {
                changes.splice(0..0, folder.moves);
            }
        }
        for change in changes {
            self.write(SyncWrite::FeedTried(change.clone()))?;
            match send_change(session, &change) {
                Ok(()) => self.confirm(change)?,
                Err(error) => problems.extend(self.note_failure(change, error)?),
            }
        }
        Ok(problems)
    }

    /// Finds out which of the feeds that wait for the server it lists, and asks it for the others.
    fn settle_subscriptions(
        &mut self,
        session: &mut Session<'_>,
        unsent: &[UnsentFeedChange],
        problems: &mut Vec<String>,
    ) -> Result<(), SyncError> {
        let listed = session.list_subscriptions()?;
        for change in unsent {
            match (find_listed(change, &listed), &change.change) {
                (Some(feed), FeedChange::Subscribe) => self.link(change, feed)?,
                (Some(feed), FeedChange::Unsubscribe) if change.remote.is_none() => {
                    self.link(change, feed)?;
                }
                (None, FeedChange::Subscribe) => {
                    problems.extend(self.subscribe(session, change, &listed)?);
                }
                // It is gone already.
                (None, FeedChange::Unsubscribe) => self.confirm(change.clone())?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Asks the server to subscribe to a feed. After a failure, its list tells whether it has.
    fn subscribe(
        &mut self,
        session: &mut Session<'_>,
        change: &UnsentFeedChange,
        before: &[RemoteFeed],
    ) -> Result<Option<String>, SyncError> {
        let Some(url) = &change.url else { return Ok(None) };
        self.write(SyncWrite::FeedTried(change.clone()))?;
        let error = match session.subscribe(url) {
            Ok(id) => {
                let feed = new_feed(id, change);
                return self.link(change, &feed).map(|()| None);
            }
            Err(error) if error.is_offline() => return Err(error.into()),
            Err(error) => error,
        };
        let listed = session.list_subscriptions()?;
        let found = find_listed(change, &listed);
        match found.or_else(|| find_new_of_site(change, before, &listed)) {
            Some(feed) => self.link(change, feed).map(|()| None),
            None if matches!(error, ServerError::NoAnswer(_)) => {
                self.refuse_or_wait(change.clone(), &error)
            }
            None => self.note_failure(change.clone(), error),
        }
    }

    fn link(&mut self, change: &UnsentFeedChange, feed: &RemoteFeed) -> Result<(), SyncError> {
        let account = Box::new(self.account.clone());
        self.summary.sent_feed_changes += 1;
        self.write(SyncWrite::FeedLinked(account, change.feed, feed.clone())).map(drop)
    }

    fn confirm(&mut self, change: UnsentFeedChange) -> Result<(), SyncError> {
        self.summary.sent_feed_changes += 1;
        if change.change == FeedChange::Move(None) {
            self.moved_out.push(change.clone());
        }
        self.write(SyncWrite::FeedConfirmed(change)).map(drop)
    }

    /// Describes the feeds that are in a folder although the user has put them into none: servers with a
    /// folder for every feed confirm that, and choose one.
    pub(super) fn describe_kept_folders(&self, listed: &[RemoteFeed]) -> Option<String> {
        let kept: Vec<(&str, &str)> = self
            .moved_out
            .iter()
            .filter_map(|change| {
                Some((&*change.name, find_listed(change, listed)?.folder.as_deref()?))
            })
            .collect();
        match kept[..] {
            [] => None,
            [(name, folder)] => Some(format!(
                "the server has a folder for every feed: “{name}” is in “{folder}” there"
            )),
            [(_, folder), ..] => Some(format!(
                "the server has a folder for every feed: {} are in a folder there, such as “{folder}”",
                count_noun(kept.len(), "feed")
            )),
        }
    }

    /// Renames a folder; returns false if the server cannot, so that its feeds are moved one by one.
    fn rename_folder(
        &mut self,
        session: &mut Session<'_>,
        folder: &FolderRename,
    ) -> Result<bool, SyncError> {
        match session.rename_folder(&folder.from, &folder.to) {
            Ok(()) => {}
            Err(error) if error.is_about_one_call() => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        for change in &folder.moves {
            self.confirm(change.clone())?;
        }
        Ok(true)
    }

    /// Takes a change back that the server refuses, and leaves another one that failed for the next sync.
    /// Fails if the server does not answer at all.
    fn note_failure(
        &mut self,
        change: UnsentFeedChange,
        error: ServerError,
    ) -> Result<Option<String>, SyncError> {
        if !error.is_about_one_call() {
            return Err(error.into());
        }
        self.refuse_or_wait(change, &error)
    }

    fn refuse_or_wait(
        &mut self,
        change: UnsentFeedChange,
        error: &ServerError,
    ) -> Result<Option<String>, SyncError> {
        let what = describe_failure(&change);
        if !error.is_refusal() {
            return Ok(Some(format!("{what} yet: {error}")));
        }
        self.write(SyncWrite::FeedReverted(change))?;
        Ok(Some(format!("{what}: {error}")))
    }
}

fn is_subscription(change: &UnsentFeedChange) -> bool {
    change.change == FeedChange::Subscribe
}

/// Returns a feed to which the server has just subscribed. Its title and folder come with the list.
fn new_feed(id: String, change: &UnsentFeedChange) -> RemoteFeed {
    RemoteFeed { id, title: change.name.clone(), folder: None, url: None, site_url: None }
}

fn send_change(session: &mut Session<'_>, change: &UnsentFeedChange) -> Result<(), ServerError> {
    let Some(remote) = &change.remote else { return Ok(()) };
    match &change.change {
        FeedChange::Subscribe => Ok(()),
        FeedChange::Rename(title) => session.rename_feed(remote, title),
        FeedChange::Move(to) => session.move_feed(remote, change.folder.as_deref(), to.as_deref()),
        FeedChange::Unsubscribe => session.unsubscribe(remote),
    }
}

/// Describes a change that the server has not made; a reason follows.
fn describe_failure(change: &UnsentFeedChange) -> String {
    let name = &change.name;
    match &change.change {
        FeedChange::Subscribe => format!("{name} was not subscribed to"),
        FeedChange::Rename(_) => format!("{name} was not renamed"),
        FeedChange::Move(_) => format!("{name} was not moved to another folder"),
        FeedChange::Unsubscribe => format!("{name} was not unsubscribed from"),
    }
}
