//! One sync of an account: asks the server, and hands every write to the caller.

use std::{
    cell::OnceCell,
    sync::atomic::{AtomicBool, Ordering},
};

use chrono::{DateTime, Utc};
use crossbeam_channel::bounded;

use super::{
    account_network::{AccountNetwork, SyncTime},
    account_password::{PasswordError, read_account_password},
    incoming::{OTHER_ARTICLES, other_articles},
    plan::{MarkBatch, ServerLists, never_sent, plan_requests, split_by_server},
    schedule::state_after_failure,
    server::ServerSession,
    writes::{SyncJob, SyncOutput, SyncReply, SyncWrite},
};
use crate::{
    library::{clock::utc_now, feed_source::FeedSources},
    model::{
        Account, AccountLogin, AccountSyncState, RefreshProgress, RefreshScope, RemoteFeed,
        RemoteId, RemoteMark, ServerLogin, SyncFailure, SyncSummary, UnsentFeedChange, WantedMark,
    },
    remote::ServerError,
    store::{AccountFeed, LibraryLocation, OutboxPart, ReadConnection, StoreError},
    text::{count_noun, url},
};

/// Maximum number of unread articles, and of starred ones, that are kept alike.
pub(super) const MAX_LISTED: usize = 25_000;

/// Everything that a sync needs besides the account.
pub(in crate::library) struct SyncContext<'a> {
    /// The library.
    pub(in crate::library) location: &'a LibraryLocation,
    /// The network, and the rules.
    pub(in crate::library) sources: &'a FeedSources,
    /// The scope of the refresh that the sync is a part of.
    pub(in crate::library) scope: RefreshScope,
    /// Set when the sync should end: the request in flight has then been interrupted.
    pub(in crate::library) stop: &'a AtomicBool,
    /// Takes writes and progress; returns false if the sync should end.
    pub(in crate::library) send: &'a mut dyn FnMut(SyncOutput) -> bool,
}

/// The reason why a sync has ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum SyncError {
    #[error("{0}")]
    Server(#[from] ServerError),
    #[error("{0}")]
    Password(#[from] PasswordError),
    #[error("{0}")]
    Library(#[from] StoreError),
    #[error(
        "{host} is too slow: the sync was ended after {minutes} minutes. What has arrived is kept, and the \
         next sync goes on"
    )]
    TooSlow { host: String, minutes: u64 },
    /// The user has stopped it, or the program ends.
    #[error("it was stopped")]
    Stopped,
}

/// Syncs an account, and stores how it went. Returns `None` if that was stopped: the account is then as it
/// was, except for what has arrived.
pub(in crate::library) fn sync_account(
    context: &mut SyncContext<'_>,
    account: &Account,
) -> Option<SyncSummary> {
    let summary = SyncSummary { account: account.name.clone(), ..SyncSummary::default() };
    let mut run = SyncRun {
        context,
        account,
        reader: OnceCell::new(),
        summary,
        time: SyncTime::start(),
        rechecked: false,
        made_unread: Vec::new(),
        moved_out: Vec::new(),
    };
    let result = run.run();
    if run.context.stop.load(Ordering::Relaxed) || matches!(result, Err(SyncError::Stopped)) {
        return None;
    }
    let now = utc_now();
    let state = match &result {
        Ok(problem) => {
            run.summary.problem.clone_from(problem);
            let state = &account.sync_state;
            AccountSyncState {
                last_sync: Some(now),
                last_recheck: if run.rechecked { Some(now) } else { state.last_recheck },
                problem: problem.clone(),
                ..AccountSyncState::default()
            }
        }
        Err(error) => {
            run.summary.problem = Some(error.to_string());
            run.summary.has_failed = true;
            // Being offline is a state, and no failure of the server.
            run.summary.is_offline = error.kind() == SyncFailure::Offline;
            return Some(run.fail(error, now));
        }
    };
    // What is not stored here is asked for once more.
    let _ = run.write(SyncWrite::State(account.id, state));
    run.count_waiting();
    Some(run.summary)
}

impl SyncError {
    fn kind(&self) -> SyncFailure {
        match self {
            SyncError::Server(error) if error.is_offline() => SyncFailure::Offline,
            SyncError::Server(error) if error.refused_certificate().is_some() => {
                SyncFailure::Certificate
            }
            SyncError::Server(ServerError::Refused { .. }) | SyncError::Password(_) => {
                SyncFailure::Password
            }
            SyncError::Server(_)
            | SyncError::Library(_)
            | SyncError::TooSlow { .. }
            | SyncError::Stopped => SyncFailure::Other,
        }
    }

    /// Returns the time for which the server wants to be left alone.
    fn wait(&self) -> Option<std::time::Duration> {
        match self {
            SyncError::Server(error) => error.wait(),
            SyncError::Password(_)
            | SyncError::Library(_)
            | SyncError::TooSlow { .. }
            | SyncError::Stopped => None,
        }
    }
}

pub(super) struct SyncRun<'r, 'c> {
    pub(super) context: &'r mut SyncContext<'c>,
    pub(super) account: &'r Account,
    reader: OnceCell<ReadConnection>,
    pub(super) summary: SyncSummary,
    pub(super) time: SyncTime,
    /// Known articles were asked for again.
    pub(super) rechecked: bool,
    /// The articles of which the server was told that they are unread again.
    pub(super) made_unread: Vec<RemoteId>,
    /// The changes that put feeds into no folder, as far as the server has confirmed them.
    pub(super) moved_out: Vec<UnsentFeedChange>,
}

impl SyncRun<'_, '_> {
    /// Runs the sync. Returns what the server's lists left out, as a sentence.
    fn run(&mut self) -> Result<Option<String>, SyncError> {
        match self.run_in_time() {
            Err(SyncError::Server(ServerError::NoAnswer(_))) if self.time.is_over() => {
                let host = url::host(&self.account.login.url).to_owned();
                Err(SyncError::TooSlow { host, minutes: self.time.allowed().as_secs() / 60 })
            }
            result => result,
        }
    }

    fn run_in_time(&mut self) -> Result<Option<String>, SyncError> {
        let login = self.login()?;
        let http = std::sync::Arc::clone(&self.context.sources.http);
        let AccountLogin { kind, certificate, .. } = &self.account.login;
        let http = AccountNetwork::new(&*http, certificate.as_deref()).within(self.time.clone());
        let mut session = ServerSession::log_in(&http, *kind, login)?;
        let mut problems = self.send_feed_changes(&mut session)?;
        problems.extend(self.send_outbox(&mut session)?);
        let feeds = session.list_subscriptions()?;
        problems.extend(self.describe_kept_folders(&feeds));
        self.store_feeds(&feeds)?;
        let labels = self.exchange_labels(&mut session, &feeds, &mut problems)?;
        problems.extend(self.merge_lists(&mut session, &feeds, labels.as_ref())?);
        Ok(join_sentences(problems.into_iter().map(Some)))
    }

    fn login(&self) -> Result<ServerLogin, PasswordError> {
        let Account { name, login, .. } = self.account;
        let SyncContext { location, sources, .. } = &self.context;
        let password = read_account_password(location, name, &login.password, &sources.variables)?;
        Ok(ServerLogin { url: login.url.clone(), user: login.user.clone(), password })
    }

    /// Returns the connection of this sync, which the first use opens: to read the schema takes two milliseconds.
    pub(super) fn reader(&self) -> Result<&ReadConnection, StoreError> {
        if let Some(reader) = self.reader.get() {
            return Ok(reader);
        }
        let opened = ReadConnection::open(self.context.location)?;
        Ok(self.reader.get_or_init(|| opened))
    }

    pub(super) fn list_unsent(&self) -> Result<Vec<UnsentFeedChange>, StoreError> {
        self.reader()?.list_unsent_feed_changes(self.account.id)
    }

    pub(super) fn list_feeds(&self) -> Result<Vec<AccountFeed>, StoreError> {
        self.reader()?.list_account_feeds(self.account.id)
    }

    /// Hands a write to the caller, and waits for its result.
    pub(super) fn write(&mut self, write: SyncWrite) -> Result<SyncReply, SyncError> {
        let (reply, replies) = bounded(1);
        let goes_on = (self.context.send)(SyncOutput::Write(SyncJob { write, reply }));
        // What was handed over is stored, even if nothing is to follow.
        let result = replies.recv().map_err(|_| SyncError::Stopped)?;
        if goes_on { Ok(result?) } else { Err(SyncError::Stopped) }
    }

    /// Tells the server what the user did, as far as it does not have it already. Marks that it refuses
    /// stay in the outbox, and keep nothing else from arriving; returns why.
    fn send_outbox(
        &mut self,
        session: &mut ServerSession<'_>,
    ) -> Result<Option<String>, SyncError> {
        let waiting = self.reader()?.list_outbox(self.account.id, OutboxPart::All)?;
        if waiting.is_empty() {
            return Ok(None);
        }
        let tried = self.reader()?.list_outbox(self.account.id, OutboxPart::Tried)?;
        let lists = fetch_marked(session)?;
        self.write(SyncWrite::Sending(self.account.id))?;
        let outbox = self.reader()?.list_outbox(self.account.id, OutboxPart::Tried)?;
        let (known, new) = split_by_server(outbox, &lists);
        let by_others = never_sent(&known, &waiting, &tried);
        self.write(SyncWrite::Known(self.account.id, known, by_others))?;
        let mut batches = plan_requests(&new, session.marks_per_request());
        let most = session.mark_requests_per_sync().min(batches.len());
        let left: usize = batches.split_off(most).iter().map(|batch| batch.ids.len()).sum();
        let refused = self.send_batches(session, batches)?;
        let postponed = (left > 0).then(|| describe_postponed(left));
        Ok(join_sentences([refused, postponed]))
    }

    /// Sends marks, and notes those that the server has confirmed. Returns why it refuses some of them.
    fn send_batches(
        &mut self,
        session: &mut ServerSession<'_>,
        batches: Vec<MarkBatch>,
    ) -> Result<Option<String>, SyncError> {
        let (mut confirmed, mut refused) = (Vec::new(), None);
        let total = batches.iter().map(|batch| batch.ids.len()).sum();
        for MarkBatch { mark, wanted, ids } in batches {
            match session.set_mark(&ids, mark, wanted) {
                Ok(()) => {
                    let sent = ids.into_iter().map(|item| WantedMark { item, mark, wanted });
                    confirmed.extend(sent);
                }
                Err(error) if error.is_about_one_call() => refused = Some(error.to_string()),
                Err(error) => {
                    self.note_sent(std::mem::take(&mut confirmed))?;
                    return Err(error.into());
                }
            }
            if confirmed.len() >= MIN_MARKS_PER_NOTE {
                self.note_sent(std::mem::take(&mut confirmed))?;
                let (account, done) = (self.account.name.clone(), self.summary.sent_marks);
                self.report(RefreshProgress::MarksSent { account, done, total })?;
            }
        }
        self.note_sent(confirmed)?;
        Ok(refused)
    }

    fn note_sent(&mut self, sent: Vec<WantedMark>) -> Result<(), SyncError> {
        if sent.is_empty() {
            return Ok(());
        }
        self.summary.sent_marks += sent.len();
        self.time.note_done(sent.len());
        let made_unread = sent.iter().filter(|sent| sent.mark == RemoteMark::Read && !sent.wanted);
        self.made_unread.extend(made_unread.map(|sent| sent.item.clone()));
        self.write(SyncWrite::Sent(self.account.id, sent)).map(drop)
    }

    /// Stores the subscriptions, with the feed for other articles if there is one already.
    fn store_feeds(&mut self, feeds: &[RemoteFeed]) -> Result<(), SyncError> {
        let known = self.list_feeds()?;
        let mut feeds = feeds.to_vec();
        if known.iter().any(|feed| feed.remote == OTHER_ARTICLES) {
            feeds.push(other_articles());
        }
        self.write(SyncWrite::Feeds(Box::new(self.account.clone()), feeds)).map(drop)
    }

    pub(super) fn report(&mut self, progress: RefreshProgress) -> Result<(), SyncError> {
        let goes_on = (self.context.send)(SyncOutput::Progress(progress));
        goes_on.then_some(()).ok_or(SyncError::Stopped)
    }

    /// Stores the failure of the sync.
    fn fail(mut self, error: &SyncError, now: DateTime<Utc>) -> SyncSummary {
        let failure = (error.kind(), error.to_string());
        let state = state_after_failure(&self.account.sync_state, failure, error.wait(), now);
        let _ = self.write(SyncWrite::State(self.account.id, state));
        self.count_waiting();
        self.summary
    }

    fn count_waiting(&mut self) {
        let waiting = self.reader().and_then(|reader| reader.count_outbox_of(self.account.id));
        self.summary.waiting_marks = waiting.unwrap_or(0);
        self.summary.waiting_feed_changes = self.list_unsent().map_or(0, |unsent| unsent.len());
    }
}

/// Number of confirmed marks that are noted together, where each is a request: a transaction for each
/// would take longer.
const MIN_MARKS_PER_NOTE: usize = 50;

pub(super) fn join_sentences(
    sentences: impl IntoIterator<Item = Option<String>>,
) -> Option<String> {
    let sentences: Vec<String> = sentences.into_iter().flatten().collect();
    (!sentences.is_empty()).then(|| sentences.join("; "))
}

fn describe_postponed(count: usize) -> String {
    let (marks, wait) = (count_noun(count, "mark"), if count == 1 { "waits" } else { "wait" });
    format!("{marks} {wait} for the next sync, because the server takes them one at a time")
}

/// Fetches the lists of unread and of starred articles alone.
fn fetch_marked(session: &mut ServerSession<'_>) -> Result<ServerLists, ServerError> {
    Ok(ServerLists {
        unread: session.list_unread(MAX_LISTED)?,
        starred: session.list_starred(MAX_LISTED)?,
        newest: Vec::new(),
    })
}
