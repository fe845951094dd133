//! The writer thread: writes the user's changes first, then what a refresh brings.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, at, never, select_biased, tick};

use super::{
    change_notifier::ChangeNotifier,
    hook_thread::HookSender,
    job::spawn_worker,
    ports::UnsavedChanges,
    priority::{WRITE_NICENESS, lower_priority},
    refresh_requests::RefreshSender,
    requests::{BackgroundChange, SnapshotNotifier, WriteRequest, WrittenChange},
    write_barrier::WriteBarrier,
};
use crate::{
    app::{ChangeAction, Message, SaveStatus, StoreWrite},
    library::{
        FetchedPage, HookEvent, MergedFeed, OutputEffect, RefreshOutput, RefreshWrite,
        StoredOutput,
        clock::{local_now, local_today, monotonic_now, utc_now},
        hide_samples, local_day_start, notifications, plan_feed_edit, run_rule_on, save_page,
        store_output,
    },
    model::{
        Actor, AppliedChange, Change, Failure, FailureKind, FeedEdit, JournalSteps,
        RefreshProgress, RefreshScope, StoryLink, TextSource, ViewScope,
    },
    store::{ActsOfRule, LibraryLocation, ManifestUpdate, StoreError, WriteConnection},
};

/// Time after which a refused write is tried again.
const RETRY_DELAY: Duration = Duration::from_secs(5);

/// Time for which the program waits for another one's lock when it ends, as commands do.
const QUIT_PATIENCE: Duration = Duration::from_secs(30);

/// Time between two looks at whether another instance has changed the library. A look reads a
/// counter in shared memory (20 µs), and SQLite offers no other way to be told.
const OTHER_INSTANCES_INTERVAL: Duration = Duration::from_secs(1);

/// Time between two looks at whether the time of a tag is over.
const TAG_EXPIRY_INTERVAL: Duration = Duration::from_secs(60);

/// Time between two looks at whether the time of articles in the trash is over.
const TRASH_INTERVAL: Duration = Duration::from_secs(24 * 3600);

/// Everything that the writer thread needs.
pub(super) struct WriterPorts {
    pub(super) store: WriteConnection,
    /// The location of the library, beside which the passwords of accounts are kept.
    pub(super) location: LibraryLocation,
    /// Set once the user does not want to wait for another program's lock.
    pub(super) abandon: Arc<AtomicBool>,
    pub(super) messages: Sender<Message>,
    /// The search thread.
    pub(super) search: SnapshotNotifier,
    pub(super) refresh: RefreshSender,
    /// Wakes the index thread.
    pub(super) index_waker: Sender<()>,
    pub(super) write_barrier: Arc<WriteBarrier>,
    /// Runs the programs of rules.
    pub(super) rule_programs: Sender<Vec<ActsOfRule>>,
    /// Runs the programs of hooks.
    pub(super) hooks: HookSender,
}

/// Starts the thread, which ends with what it could not save.
pub(super) fn spawn_writer(
    mut ports: WriterPorts,
    requests: Receiver<WriteRequest>,
    outputs: Receiver<RefreshOutput>,
) -> JoinHandle<Option<UnsavedChanges>> {
    let (messages, abandon) = (ports.messages.clone(), Arc::clone(&ports.abandon));
    // Without this setting, writes wait as well, but always for two seconds.
    let _ = ports.store.wait_unless(move || abandon.load(Ordering::Relaxed));
    let notifier = ChangeNotifier::new(
        messages.clone(),
        ports.search.reload.clone(),
        ports.index_waker.clone(),
    );
    let writer = WriterThread {
        other_instances_version: ports.store.other_instances_version().unwrap_or_default(),
        ports,
        pending: VecDeque::new(),
        pending_output: None,
        failure_summary: String::new(),
        next_retry: None,
        is_lock_held: false,
        notifier,
        next_tag_expiry: monotonic_now(),
        next_trash_step: monotonic_now(),
    };
    spawn_worker("library", messages, move || writer.run(&requests, outputs))
        .expect("the first threads of a process start")
}

/// Returns whether a write stores what the user did, and not the session of the program itself.
fn is_change_of_user(write: &StoreWrite) -> bool {
    !matches!(
        write,
        StoreWrite::SavePosition(..)
            | StoreWrite::SaveSession(_)
            | StoreWrite::SaveDownload(_)
            | StoreWrite::SavePlayPosition(..)
    )
}

pub(super) struct WriterThread {
    pub(super) ports: WriterPorts,
    /// Writes that the disk refused, in order.
    pending: VecDeque<StoreWrite>,
    /// The output of a refresh that the disk refused. Until it is stored, the refresh waits.
    pending_output: Option<RefreshWrite>,
    /// The reason for the last refusal.
    failure_summary: String,
    /// The last refusal was that of another program's lock.
    is_lock_held: bool,
    /// The time at which refused writes are tried again.
    next_retry: Option<Instant>,
    pub(super) notifier: ChangeNotifier,
    /// The state of the library after the last change of another instance.
    other_instances_version: i64,
    /// The time at which the next tags may have to be taken off.
    next_tag_expiry: Instant,
    /// The time at which articles may have to be dropped from the trash.
    next_trash_step: Instant,
}

impl WriterThread {
    /// Runs until it is told to stop; requests of the user's come before what a refresh brings.
    fn run(
        mut self,
        requests: &Receiver<WriteRequest>,
        mut outputs: Receiver<RefreshOutput>,
    ) -> Option<UnsavedChanges> {
        lower_priority(WRITE_NICENESS);
        let (every_second, no_outputs) = (tick(OTHER_INSTANCES_INTERVAL), never());
        self.expire_tags();
        loop {
            let retry = self.next_retry.map_or_else(never, at);
            let notification = self.notifier.next_notification().map_or_else(never, at);
            let outputs_now = if self.pending_output.is_none() { &outputs } else { &no_outputs };
            select_biased! {
                recv(requests) -> request => match request {
                    Ok(WriteRequest::Stop) | Err(_) => break,
                    Ok(request) => self.handle_request(request),
                },
                recv(outputs_now) -> output => match output {
                    Ok(output) => self.handle_refresh_output(output),
                    // A refresher that has died said so itself; the user's writes go on.
                    Err(_) => outputs = never(),
                },
                recv(retry) -> _ => self.retry_pending(),
                recv(notification) -> _ => self.notifier.notify_throttled(monotonic_now()),
                recv(every_second) -> _ => {
                    self.notice_other_instances();
                    self.expire_tags();
                    self.drop_expired_entries();
                }
            }
        }
        self.retry_pending();
        let count = self.unsaved_count();
        (count > 0).then_some(UnsavedChanges { count, reason: self.failure_summary })
    }

    fn handle_request(&mut self, request: WriteRequest) {
        match request {
            WriteRequest::Write(write) => self.handle_write(write),
            WriteRequest::SavePage(page) => self.save_page(*page),
            WriteRequest::CommitIndex { update, reply } => {
                let _ = reply.send(self.commit_index(&update));
            }
            WriteRequest::CommitStories { update, reply } => {
                let has_copies = !update.copies.is_empty();
                let stored = self.ports.store.apply_story_update(&update);
                if stored.as_ref().is_ok_and(Option::is_some) {
                    let _ = self.ports.search.reload.send(BackgroundChange::Stories);
                    if has_copies {
                        // Lists fold them, and they share their marks.
                        self.notifier.notify();
                    }
                }
                let _ = reply.send(stored);
            }
            WriteRequest::ResetIndex => self.reset_index(),
            WriteRequest::Flush(reply) => {
                self.retry_pending();
                let _ = reply.send(());
            }
            WriteRequest::Finish => self.finish_writes(),
            WriteRequest::Stop => {}
        }
    }

    /// Writes a change to the list of segments, and tells the search thread.
    fn commit_index(&mut self, update: &ManifestUpdate) -> Result<(), StoreError> {
        let committed = self.ports.store.apply_manifest_update(update);
        let change = match &committed {
            Ok(generation) => BackgroundChange::Index { generation: *generation },
            // The list may have been written all the same, and only the sync after it failed.
            Err(_) => BackgroundChange::Content,
        };
        let _ = self.ports.search.reload.send(change);
        committed.map(drop)
    }

    /// Tells of changes that another instance has made since the last look.
    fn notice_other_instances(&mut self) {
        // An error shows when something is read or written.
        let Ok(version) = self.ports.store.other_instances_version() else { return };
        if std::mem::replace(&mut self.other_instances_version, version) != version {
            self.notifier.notify();
        }
    }

    /// Takes off the tags whose time is over, at most once a minute.
    fn expire_tags(&mut self) {
        let now = monotonic_now();
        if now < self.next_tag_expiry || self.ports.store.is_read_only() {
            return;
        }
        self.next_tag_expiry = now + TAG_EXPIRY_INTERVAL;
        match self.ports.store.expire_tags(utc_now()) {
            Ok(true) => self.notifier.notify(),
            // The next look takes off what another program's lock has kept.
            Ok(false) | Err(StoreError::Unsaved { .. }) => {}
            Err(error) => self.send_message(Message::OperationFailed(error.into())),
        }
    }

    /// Drops articles whose time in the trash is over: soon after the start and once a day, a few each
    /// second.
    fn drop_expired_entries(&mut self) {
        let now = monotonic_now();
        if now < self.next_trash_step || self.ports.store.is_read_only() {
            return;
        }
        match self.ports.store.drop_expired_entries(utc_now()) {
            Ok(0) => self.next_trash_step = now + TRASH_INTERVAL,
            Ok(_) => self.notifier.notify_throttled(now),
            // The next second tries again what another program's lock has kept.
            Err(StoreError::Unsaved { .. }) => {}
            Err(error) => {
                self.next_trash_step = now + TRASH_INTERVAL;
                self.send_message(Message::OperationFailed(error.into()));
            }
        }
    }

    fn reset_index(&mut self) {
        match self.ports.store.queue_full_reindex() {
            Ok(()) => self.notifier.notify(),
            Err(error) => self.send_message(Message::OperationFailed(error.into())),
        }
    }

    /// Sends a message to the app. If the event loop has ended, nothing needs it.
    pub(super) fn send_message(&self, message: Message) {
        let _ = self.ports.messages.send(message);
    }

    /// Writes, or queues the write if the disk refuses it or earlier ones; the order is kept.
    fn handle_write(&mut self, write: StoreWrite) {
        if self.pending.is_empty() {
            if let Err(error) = self.apply_write(&write) {
                self.handle_write_error(write, error);
            }
        } else {
            self.pending.push_back(write);
            self.report_pending();
        }
        self.ports.write_barrier.complete_request();
    }

    /// Keeps a write that may succeed later, and reports the failure of another.
    fn handle_write_error(&mut self, write: StoreWrite, error: StoreError) {
        if self.ports.store.is_read_only() {
            if is_change_of_user(&write) {
                let failure = Failure { kind: FailureKind::Library, ..error.into() };
                self.send_message(Message::ChangeFailed(write, failure));
            }
        } else if error.is_transient() {
            self.pending.push_back(write);
            self.wait_for_retry(error);
            self.report_pending();
        } else {
            self.send_message(Message::ChangeFailed(write, error.into()));
        }
    }

    fn unsaved_count(&self) -> usize {
        self.pending.iter().filter(|write| is_change_of_user(write)).count()
    }

    fn report_pending(&self) {
        self.send_message(Message::SaveStatusChanged(SaveStatus::Waiting {
            reason: self.failure_summary.clone(),
            count: self.unsaved_count(),
        }));
    }

    fn wait_for_retry(&mut self, reason: StoreError) {
        self.is_lock_held = reason.is_lock_held();
        self.failure_summary = Failure::from(reason).summary;
        self.next_retry = Some(monotonic_now() + RETRY_DELAY);
    }

    /// Tries refused writes again: the user's changes, then the output of a refresh.
    fn retry_pending(&mut self) {
        self.next_retry = None;
        let was_waiting = !self.pending.is_empty() || self.pending_output.is_some();
        while let Some(write) = self.pending.pop_front() {
            match self.apply_write(&write) {
                Ok(()) => {}
                Err(error) if error.is_transient() => {
                    self.pending.push_front(write);
                    self.wait_for_retry(error);
                    return;
                }
                // Kept, it would hold up those after it for good.
                Err(error) => self.send_message(Message::ChangeFailed(write, error.into())),
            }
        }
        if let Some(write) = self.pending_output.take() {
            self.store_refresh_write(write);
        }
        if was_waiting && self.pending_output.is_none() {
            self.send_message(Message::SaveStatusChanged(SaveStatus::Restored));
        }
    }

    /// Writes what waits, because the program ends. Another program's lock is waited for, until the
    /// user gives up.
    fn finish_writes(&mut self) {
        let deadline = monotonic_now() + QUIT_PATIENCE;
        loop {
            if self.waits_for_lock() {
                self.report_pending();
            }
            self.retry_pending();
            let is_abandoned = self.ports.abandon.load(Ordering::Relaxed);
            if !self.waits_for_lock() || is_abandoned || monotonic_now() >= deadline {
                break;
            }
        }
        self.send_message(Message::WritesFinished);
    }

    fn waits_for_lock(&self) -> bool {
        self.is_lock_held && self.unsaved_count() > 0
    }

    fn apply_write(&mut self, write: &StoreWrite) -> Result<(), StoreError> {
        let store = &mut self.ports.store;
        match write {
            StoreWrite::ApplyChange(change) => {
                let done = store.apply_change(change, utc_now())?;
                self.ports.hooks.send_change(&done);
                self.publish_change(ChangeAction::Applied, Some(done));
            }
            StoreWrite::MarkOpened(id) => {
                let read = Change::set_read(&[*id], true);
                let done = store.apply_change_by(&Actor::Opening, &read, utc_now())?;
                self.publish_change(ChangeAction::Opened, Some(done));
            }
            StoreWrite::MarkStoryOpened(id) => {
                let read = Change::set_read(&store.list_story_of(*id)?, true);
                let done = store.apply_change_by(&Actor::Opening, &read, utc_now())?;
                self.publish_change(ChangeAction::Opened, Some(done));
            }
            StoreWrite::LeaveStory(id) => {
                let mut others = store.list_story_of(*id)?;
                others.retain(|other| other != id);
                let change = Change::link_story(*id, &others, StoryLink::Different);
                let done = store.apply_change(&change, utc_now())?;
                self.publish_change(ChangeAction::Applied, Some(done));
            }
            StoreWrite::EditFeed(edit) => self.edit_feed(edit)?,
            StoreWrite::EditRule(edit) => {
                let done = store.edit_rules(std::slice::from_ref(edit), utc_now())?;
                self.publish_change(ChangeAction::Applied, Some(done));
            }
            StoreWrite::RunRule { rule, ids } => {
                let done = run_rule_on(store, rule, ids, local_now())?;
                self.publish_change(ChangeAction::Applied, Some(done));
            }
            StoreWrite::MarkScopeRead { scope, name } => self.mark_scope_read(scope, name)?,
            StoreWrite::Undo => {
                let done = store.undo_last(1)?;
                self.publish_step(ChangeAction::Undone, done);
            }
            StoreWrite::Redo => {
                let done = store.redo_next()?;
                self.publish_step(ChangeAction::Redone, done);
            }
            StoreWrite::UndoBackTo { change, count } => {
                let done = store.undo_back_to(*change, *count)?;
                self.publish_steps(ChangeAction::Undone, done);
            }
            StoreWrite::RedoUpTo { change, count } => {
                let done = store.redo_up_to(*change, *count)?;
                self.publish_steps(ChangeAction::Redone, done);
            }
            StoreWrite::SavePosition(id, position) => {
                store.save_reading_position(*id, *position)?;
            }
            StoreWrite::SaveSession(update) => store.save_session(update)?,
            StoreWrite::SaveDownload(download) => {
                store.save_download(download)?;
                // Only the end of a download is the answer to a filter.
                download.is_finished.then(|| self.notifier.notify());
            }
            StoreWrite::SavePlayPosition(id, second) => store.save_play_position(*id, *second)?,
            StoreWrite::SaveFullText(id, full_text) => {
                store.save_full_text(*id, full_text)?;
                self.notifier.notify();
                self.send_message(Message::FullTextChanged(*id));
            }
            StoreWrite::ShowText(id, source) => {
                store.set_full_text_shown(*id, *source == TextSource::Page)?;
                self.notifier.notify();
                self.send_message(Message::FullTextChanged(*id));
            }
            StoreWrite::SubscribePath(path) => self.subscribe_folder(path)?,
            StoreWrite::SaveAccount(draft, checked) => self.save_account(draft, checked)?,
            StoreWrite::RemoveAccount(account, removal) => {
                self.remove_account(account, *removal)?;
            }
            StoreWrite::Subscribe(feeds) => self.subscribe_feeds(feeds, &Actor::User)?,
            StoreWrite::ImportFeeds(feeds) => self.subscribe_feeds(feeds, &Actor::Import)?,
        }
        Ok(())
    }

    /// Saves the article of a page, and hides the samples.
    fn save_page(&mut self, page: FetchedPage) {
        let title = page.article.metadata.title.clone().unwrap_or_else(|| page.url.clone());
        let store = &mut self.ports.store;
        let saved = save_page(store, page, utc_now());
        match saved.and_then(|_| hide_samples(store, (&Actor::User, utc_now()))) {
            Ok(hidden) => {
                if hidden.is_some() {
                    self.publish_change(ChangeAction::Applied, hidden);
                }
                self.notifier.notify();
                self.send_message(Message::Notified(format!("Saved “{title}”")));
            }
            Err(error) => self.send_message(Message::OperationFailed(error.into())),
        }
    }

    fn edit_feed(&mut self, edit: &FeedEdit) -> Result<(), StoreError> {
        match plan_feed_edit(&self.ports.store, edit)? {
            Ok(change) => {
                let done = self.ports.store.apply_change(&change, utc_now())?;
                self.publish_change(ChangeAction::Applied, Some(done));
                self.ports.refresh.request(RefreshScope::One(edit.feed));
            }
            Err(failure) => self.send_message(Message::OperationFailed(failure)),
        }
        Ok(())
    }

    fn mark_scope_read(&mut self, scope: &ViewScope, name: &str) -> Result<(), StoreError> {
        let day_start = local_day_start(local_today());
        let done = self.ports.store.mark_scope_read(scope, day_start, utc_now())?;
        let count = done.changed_entry_count();
        let title = Some(name.to_owned()).filter(|_| count > 1);
        self.publish_change(ChangeAction::Applied, Some(AppliedChange { title, ..done }));
        // The change of one article has no notice: a list shows it at its row.
        match count {
            0 => self.send_message(Message::Notified(format!("Nothing is unread in {name}"))),
            1 => self.send_message(Message::Notified(format!("1 article in {name} marked read"))),
            _ => {}
        }
        Ok(())
    }

    /// Tells the search thread and the app of a change that was made.
    pub(super) fn publish_change(&self, action: ChangeAction, change: Option<AppliedChange>) {
        if let Some(change) = change.clone() {
            let generation = self.ports.store.generation().unwrap_or(-1);
            let _ = self.ports.search.changes.send(WrittenChange { change, generation });
        }
        self.send_message(Message::ChangeFinished(action, change));
    }

    /// Tells of one step through the journal, and of what it could not do.
    fn publish_step(&self, action: ChangeAction, mut steps: JournalSteps) {
        let is_whole = steps.dropped + steps.changed_since + steps.passed_over + steps.lost == 0
            && steps.refusals.is_empty()
            && steps.overtaken.is_empty();
        if is_whole {
            self.publish_change(action, steps.changes.pop());
        } else {
            self.publish_steps(action, steps);
        }
    }

    /// Tells the search thread and the app of changes that were made together. Each of them is a
    /// generation of the library.
    fn publish_steps(&self, action: ChangeAction, steps: JournalSteps) {
        let count = i64::try_from(steps.changes.len()).unwrap_or(i64::MAX);
        let before = self.ports.store.generation().map_or(i64::MIN, |last| last - count);
        for (change, generation) in steps.changes.iter().zip(before.saturating_add(1)..) {
            let change = change.clone();
            let _ = self.ports.search.changes.send(WrittenChange { change, generation });
        }
        self.send_message(Message::ChangesStepped(action, steps));
    }

    fn handle_refresh_output(&mut self, output: RefreshOutput) {
        match output {
            RefreshOutput::Write(write) => self.store_refresh_write(write),
            RefreshOutput::Progress(progress) => {
                if let RefreshProgress::Finished(summary) = &progress {
                    self.notifier.finish_refresh();
                    self.ports.hooks.send(HookEvent::refreshed(summary));
                }
                self.send_message(Message::RefreshProgressed(progress));
            }
        }
    }

    /// Tells of the output of a refresh that was stored.
    fn publish_stored_output(&mut self, stored: StoredOutput) {
        for failure in stored.rule_failures() {
            self.send_message(Message::OperationFailed(failure));
        }
        let notifications = notifications(&stored.acts);
        if !notifications.is_empty() {
            self.send_message(Message::RulesNotified(notifications));
        }
        self.ports.hooks.send(HookEvent::New(stored.new_ids));
        if stored.acts.iter().any(|acts| acts.act.run.is_some()) {
            let _ = self.ports.rule_programs.send(stored.acts);
        }
        match stored.effect {
            OutputEffect::Nothing => {}
            OutputEffect::NewArticles => self.notifier.notify_throttled(monotonic_now()),
            OutputEffect::Samples => self.notifier.notify(),
            OutputEffect::FeedsMerged(merged) => {
                for MergedFeed { change, notice } in merged {
                    self.publish_change(ChangeAction::Applied, Some(change));
                    self.send_message(Message::Notified(notice));
                }
                self.notifier.notify();
            }
            OutputEffect::Removed(notice) => {
                self.notifier.notify();
                self.send_message(Message::Notified(notice));
            }
        }
    }

    /// Stores an output of a refresh, or keeps it if the disk refuses it for now.
    fn store_refresh_write(&mut self, write: RefreshWrite) {
        match store_output(&mut self.ports.store, &write, utc_now()) {
            Ok(stored) => self.publish_stored_output(stored),
            Err(error) if error.is_transient() && !self.ports.store.is_read_only() => {
                self.pending_output = Some(write);
                self.wait_for_retry(error);
                self.report_pending();
            }
            Err(error) => self.send_message(Message::OperationFailed(error.into())),
        }
    }
}
