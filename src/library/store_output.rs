//! Storage of the output of a refresh.

use std::sync::{Arc, atomic::AtomicBool};

use chrono::{DateTime, Utc};

use super::{
    archive::store_archive_write,
    clock::utc_now,
    feed_source::FeedSources,
    hooks::{HookEvent, run_hook},
    refresh_run::{RefreshOutput, RefreshWrite, refresh_library},
    retention,
    rules::run_rule_programs,
    samples::store_samples,
    sync::store_sync_write,
    work_marks::WorkMarks,
};
use crate::{
    model::{
        Actor, AppliedChange, EntryId, Failure, FailureKind, RefreshProgress, RefreshScope,
        RefreshSummary, RuleNotification,
    },
    store::{
        ActsOfRule, FeedMerge, FeedUpdate, IngestOutcome, LibraryLocation, StoreError,
        WriteConnection,
    },
};

/// The result of storing a [`RefreshWrite`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOutput {
    /// The effect on the lists.
    pub effect: OutputEffect,
    /// The acts of rules.
    pub acts: Vec<ActsOfRule>,
    /// The articles that are new.
    pub new_ids: Vec<EntryId>,
}

/// The effect of a stored [`RefreshWrite`] on the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputEffect {
    /// No list has changed.
    Nothing,
    /// Articles were added or changed.
    NewArticles,
    /// The samples were added.
    Samples,
    /// Two subscriptions have become one.
    FeedsMerged(Vec<MergedFeed>),
    /// Old articles were moved to the trash, as the notice for the user says.
    Removed(String),
}

/// A feed that has moved to the URL of another one, and was unsubscribed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedFeed {
    /// The change, which can be undone.
    pub change: AppliedChange,
    /// The notice for the user.
    pub notice: String,
}

/// Stores one write of a refresh.
pub fn store_output(
    store: &mut WriteConnection,
    write: &RefreshWrite,
    now: DateTime<Utc>,
) -> Result<StoredOutput, StoreError> {
    let (mut acts, mut new_ids) = (Vec::new(), Vec::new());
    let effect = match write {
        RefreshWrite::FolderBatch(batch) => {
            let outcome = store.ingest_batch(batch, now)?;
            (acts, new_ids) = (outcome.acts, outcome.new_ids);
            OutputEffect::NewArticles
        }
        RefreshWrite::FolderHealth(feed, health) => {
            store.set_feed_health(*feed, health)?;
            OutputEffect::Nothing
        }
        RefreshWrite::Mailboxes(feed, mailboxes) => {
            store.save_mailboxes(*feed, mailboxes)?;
            OutputEffect::Nothing
        }
        RefreshWrite::FeedUpdates(updates) => {
            let outcome = store.ingest_feed_updates(updates)?;
            let is_unchanged = outcome == IngestOutcome::default();
            (acts, new_ids) = (outcome.acts, outcome.new_ids);
            let merged = merge_moved_feeds(store, updates, now)?;
            if !merged.is_empty() {
                OutputEffect::FeedsMerged(merged)
            } else if is_unchanged {
                OutputEffect::Nothing
            } else {
                OutputEffect::NewArticles
            }
        }
        RefreshWrite::FullText(page) => {
            page.save(store)?;
            OutputEffect::NewArticles
        }
        RefreshWrite::RuleActs(on_stored) => {
            acts = store.apply_rule_acts(std::slice::from_ref(on_stored), now)?;
            OutputEffect::NewArticles
        }
        RefreshWrite::Samples(upserts) => {
            store_samples(store, upserts.clone(), now)?;
            OutputEffect::Samples
        }
        RefreshWrite::Sync(job) => {
            let stored = store_sync_write(store, job, now);
            (acts, new_ids) = (stored.acts, stored.new_ids);
            if stored.affects_lists { OutputEffect::NewArticles } else { OutputEffect::Nothing }
        }
        RefreshWrite::Archive(job) => {
            let stored = store_archive_write(store, job, now);
            (acts, new_ids) = (stored.acts, stored.new_ids);
            if stored.affects_lists { OutputEffect::NewArticles } else { OutputEffect::Nothing }
        }
        RefreshWrite::RemoveOutdated(ids) => {
            let removed = retention::remove_outdated(store, ids, now)?;
            let notice = retention::outdated_notice(removed.changed_entry_count());
            OutputEffect::Removed(notice)
        }
    };
    Ok(StoredOutput { effect, acts, new_ids })
}

impl StoredOutput {
    /// Returns a failure for each rule that a limit of tags kept from acting.
    pub fn rule_failures(&self) -> impl Iterator<Item = Failure> {
        self.acts.iter().filter_map(|acts| {
            let reason = acts.refusal.as_ref()?;
            let sentence = format!("The rule “{}” could not act: {reason}", acts.act.rule);
            Some(Failure::new(FailureKind::Library, sentence))
        })
    }
}

/// Returns the notifications of the rules that acted.
pub fn notifications(acts: &[ActsOfRule]) -> Vec<RuleNotification> {
    acts.iter().filter_map(|acts| acts.notification.clone()).collect()
}

/// Unsubscribes from feeds that have moved to the URL of another subscription.
fn merge_moved_feeds(
    store: &mut WriteConnection,
    updates: &[FeedUpdate],
    now: DateTime<Utc>,
) -> Result<Vec<MergedFeed>, StoreError> {
    let mut merged = Vec::new();
    for update in updates {
        let Some(url) = &update.moved_to else { continue };
        let Some(merge) = store.plan_feed_merge(update.feed, url)? else { continue };
        let FeedMerge { change, merged_name, kept_name } = merge;
        let change = store.apply_change_by(&Actor::Refresh, &change, now)?;
        let notice =
            format!("{merged_name} has moved to the address of {kept_name}; they are one feed now");
        merged.push(MergedFeed { change, notice });
    }
    Ok(merged)
}

/// Refreshes the library and calls `report` for each step of progress. Feeds are fetched on a pool
/// of threads; new articles are stored on the calling thread.
///
/// # Errors
///
/// Ends the refresh and fails if something cannot be stored.
pub fn refresh_now(
    store: &mut WriteConnection,
    location: &LibraryLocation,
    sources: &FeedSources,
    scope: RefreshScope,
    report: &mut dyn FnMut(RefreshProgress),
) -> Result<RefreshSummary, StoreError> {
    let mut store_error = None;
    let (mut notices, mut rule_failures, mut acts) = (Vec::new(), Vec::new(), Vec::new());
    let mut new_ids = Vec::new();
    let mut handle_output = |output| {
        match output {
            RefreshOutput::Progress(progress) => report(progress),
            RefreshOutput::Write(write) => match store_output(store, &write, utc_now()) {
                Ok(stored) => {
                    rule_failures.extend(stored.rule_failures());
                    acts.extend(stored.acts);
                    new_ids.extend(stored.new_ids);
                    match stored.effect {
                        OutputEffect::FeedsMerged(merged) => {
                            notices.extend(merged.into_iter().map(|merged| merged.notice));
                        }
                        OutputEffect::Removed(notice) => notices.push(notice),
                        OutputEffect::Nothing
                        | OutputEffect::NewArticles
                        | OutputEffect::Samples => {}
                    }
                }
                Err(error) => store_error = Some(error),
            },
        }
        store_error.is_none()
    };
    let stop = Arc::new(AtomicBool::new(false));
    let marks = WorkMarks::new(location);
    let mut summary = refresh_library(location, sources, &marks, scope, &stop, &mut handle_output);
    let to_warning = |notice| Failure::new(FailureKind::Feed, notice);
    summary.warnings.extend(notices.into_iter().map(to_warning));
    summary.wrong_rules.extend(rule_failures);
    summary.notifications = notifications(&acts);
    let new = HookEvent::New(new_ids);
    summary.failed_programs = run_rule_programs(location, &sources.rule_commands, &acts);
    summary.failed_programs.extend(run_hook(location, &sources.hooks, &new));
    let refreshed = HookEvent::refreshed(&summary);
    summary.failed_programs.extend(run_hook(location, &sources.hooks, &refreshed));
    store_error.map_or(Ok(summary), Err)
}
