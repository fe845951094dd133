//! The search thread: runs the newest search request and keeps the searcher ready for the next one.

use crossbeam_channel::{Receiver, Sender, select_biased};

use super::{
    requests::{PendingSearch, SnapshotUpdate},
    write_barrier::WriteBarrier,
};
use crate::{
    app::Message,
    index::IndexError,
    library::Searcher,
    model::{Failure, FailureKind, SearchResults},
    text::count_noun,
};

/// The channels of the search thread.
pub(super) struct SearchChannels {
    /// The searches. They have a channel of their own, so that only a newer one interrupts a search:
    /// while articles arrive and are indexed, the library changes more often than a long search ends.
    pub(super) requests: Receiver<PendingSearch>,
    /// The changes of the library.
    pub(super) updates: Receiver<SnapshotUpdate>,
    /// The requests to count the publishers' tags, which a search interrupts.
    pub(super) tag_requests: Receiver<()>,
    /// The messages to the app.
    pub(super) messages: Sender<Message>,
}

/// Runs until the senders of searches or of updates are dropped. Calls `report_index_error` for each
/// error in the index.
pub(super) fn run_search_thread(
    mut searcher: Searcher<'_>,
    channels: &SearchChannels,
    write_barrier: &WriteBarrier,
    report_index_error: &dyn Fn(&IndexError),
) {
    let SearchChannels { requests, updates, tag_requests, messages } = channels;
    let is_stale = || !requests.is_empty();
    let (mut awaits_index, mut counts_tags, mut reported_count) = (false, false, 0);
    loop {
        let mut pending = None;
        select_biased! {
            recv(requests) -> search => match search {
                Ok(search) => pending = Some(search),
                Err(_) => return,
            },
            recv(updates) -> update => match update {
                Ok(update) => apply_update(&mut searcher, &update),
                Err(_) => return,
            },
            recv(tag_requests) -> request => match request {
                Ok(()) => counts_tags = true,
                Err(_) => return,
            },
        }
        if let Some(search) = requests.try_iter().last().or(pending) {
            write_barrier.wait_for(search.after);
            updates.try_iter().for_each(|update| apply_update(&mut searcher, &update));
            let send = |results| messages.send(Message::ResultsLoaded(search.id, results)).is_ok();
            let mut report = |partial| {
                let _ = send(Ok(partial));
            };
            let found = searcher.search(&search.request, &is_stale, &mut report);
            // Without results, a newer search waits.
            if let Some(results) = found.transpose() {
                awaits_index = results.as_ref().is_ok_and(has_unindexed);
                if let Ok(results) = &results {
                    report_unreadable(results, &mut reported_count, messages);
                }
                if !send(results.map_err(Into::into)) {
                    return;
                }
            }
        }
        updates.try_iter().for_each(|update| apply_update(&mut searcher, &update));
        if counts_tags && let Some(message) = count_tags(&mut searcher, &is_stale) {
            counts_tags = false;
            let _ = messages.send(message);
        }
        // The snapshot is updated while nobody waits. An error is reported by the next search,
        // which meets it again.
        if requests.is_empty() {
            let old_generation = searcher.generation();
            let _ = searcher.prepare(&is_stale);
            if awaits_index && searcher.generation() != old_generation {
                awaits_index = false;
                let _ = messages.send(Message::IndexUpdated);
            }
        }
        searcher.take_index_errors().iter().for_each(report_index_error);
    }
}

/// Counts the publishers' tags; returns `None` if a search waits, after which they are counted
/// anew.
fn count_tags(searcher: &mut Searcher<'_>, is_stale: &dyn Fn() -> bool) -> Option<Message> {
    match searcher.count_tags(is_stale) {
        Ok(tags) => tags.map(Message::TagsCounted),
        Err(error) => Some(Message::OperationFailed(error.into())),
    }
}

/// Applies a change that was written. After others, the snapshot is loaded again when it is used next.
fn apply_update(searcher: &mut Searcher<'_>, update: &SnapshotUpdate) {
    match update {
        SnapshotUpdate::ApplyChange { change, generation } => {
            searcher.apply_change(change, *generation);
        }
        SnapshotUpdate::Reload => {}
    }
}

/// Returns true if some articles were not searched because they are not indexed yet.
fn has_unindexed(results: &SearchResults) -> bool {
    results.summary.unindexed_count > 0
}

/// Tells the user of articles that cannot be searched, once for each number of them.
fn report_unreadable(
    results: &SearchResults,
    reported_count: &mut usize,
    messages: &Sender<Message>,
) {
    let count = results.summary.unreadable_count;
    if count > *reported_count {
        *reported_count = count;
        let sentence = format!(
            "Searches leave out {}, whose text is damaged; `newsreader doctor` says which",
            count_noun(count, "article")
        );
        let failure = Failure::new(FailureKind::Library, sentence);
        let _ = messages.send(Message::OperationFailed(failure));
    }
}
