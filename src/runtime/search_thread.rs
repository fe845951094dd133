//! The search thread: runs the newest search request and keeps the searcher ready for the next one.

use crossbeam_channel::{Receiver, Sender, at, never, select_biased};

use super::{
    requests::{BackgroundChange, PendingCount, PendingHiddenCount, PendingSearch, WrittenChange},
    write_barrier::WriteBarrier,
};
use crate::{
    app::Message,
    index::IndexError,
    library::Searcher,
    model::{CopyListing, Failure, FailureKind, SearchResults},
    text::count_noun,
};

/// The channels of the search thread.
pub(super) struct SearchChannels {
    /// The searches. A newer one interrupts a search.
    pub(super) requests: Receiver<PendingSearch>,
    /// The changes of the user's. They interrupt a search, which is then run again: its rows would
    /// show the state before a change that the app has shown already.
    pub(super) changes: Receiver<WrittenChange>,
    /// Other changes, to be loaded while nobody waits. They interrupt nothing: while articles arrive
    /// and are indexed, the library changes more often than a long search ends.
    pub(super) reloads: Receiver<BackgroundChange>,
    /// The requests to count the tags, which a search interrupts.
    pub(super) tag_requests: Receiver<CopyListing>,
    /// The requests to count views, which a search interrupts.
    pub(super) view_requests: Receiver<PendingCount>,
    /// The requests to count what a list hides, which a search interrupts.
    pub(super) hidden_requests: Receiver<PendingHiddenCount>,
    /// The messages to the app.
    pub(super) messages: Sender<Message>,
}

/// Runs until the senders of one channel are dropped. Calls `report_index_error` for each
/// error in the index.
pub(super) fn run_search_thread(
    mut searcher: Searcher<'_>,
    channels: &SearchChannels,
    write_barrier: &WriteBarrier,
    report_index_error: &dyn Fn(&IndexError),
) {
    let SearchChannels {
        requests,
        changes,
        reloads,
        tag_requests,
        view_requests,
        hidden_requests,
        messages,
    } = channels;
    let is_stale = || !requests.is_empty() || !changes.is_empty();
    let (mut awaits_index, mut counts_tags, mut reported_count) = (false, None, 0);
    let (mut pending, mut pending_count, mut pending_hidden) = (None, None, None);
    loop {
        let story_reload = searcher.story_reload_time().map_or_else(never, at);
        select_biased! {
            recv(requests) -> search => match search {
                Ok(search) => pending = Some(search),
                Err(_) => return,
            },
            recv(changes) -> change => match change {
                Ok(change) => apply_change(&mut searcher, &change),
                Err(_) => return,
            },
            recv(reloads) -> change => match change {
                Ok(change) => note_background_change(&mut searcher, change),
                Err(_) => return,
            },
            recv(tag_requests) -> request => match request {
                Ok(copies) => counts_tags = Some(copies),
                Err(_) => return,
            },
            recv(view_requests) -> request => match request {
                Ok(request) => pending_count = Some(request),
                Err(_) => return,
            },
            recv(hidden_requests) -> request => match request {
                Ok(request) => pending_hidden = Some(request),
                Err(_) => return,
            },
            recv(story_reload) -> _ => {}
        }
        pending = requests.try_iter().last().or(pending);
        if let Some(search) = &pending {
            write_barrier.wait_for(search.after);
            reloads.try_iter().for_each(|change| note_background_change(&mut searcher, change));
            changes.try_iter().for_each(|change| apply_change(&mut searcher, &change));
            let send = |results| messages.send(Message::ResultsLoaded(search.id, results)).is_ok();
            let mut report = |partial| {
                let _ = send(Ok(partial));
            };
            let found = searcher.search(&search.request, &is_stale, &mut report);
            // Without results, or with those of an older state, a newer search or a change waits.
            if let Some(results) = found.transpose().filter(|_| !is_stale()) {
                awaits_index = results.as_ref().is_ok_and(has_unindexed);
                let has_hits = results.as_ref().is_ok_and(|results| !results.ids.is_empty());
                if let Ok(results) = &results {
                    report_unreadable(results, &mut reported_count, messages);
                }
                if !send(results.map_err(Into::into)) {
                    return;
                }
                if !has_hits {
                    suggest_filter(&mut searcher, search, (&is_stale, messages));
                }
                pending = None;
            }
        }
        if let Some(copies) = counts_tags
            && let Some(message) = count_tags(&mut searcher, copies, &is_stale)
        {
            counts_tags = None;
            let _ = messages.send(message);
        }
        pending_count = view_requests.try_iter().last().or(pending_count);
        if let Some(request) = &pending_count
            && let Some((message, is_complete)) = count_views(&mut searcher, request, &is_stale)
        {
            awaits_index |= !is_complete;
            let _ = messages.send(message);
            pending_count = None;
        }
        pending_hidden = hidden_requests.try_iter().last().or(pending_hidden);
        if let Some(request) = &pending_hidden
            && let Some(message) = count_hidden(&mut searcher, request, &is_stale)
        {
            let _ = messages.send(message);
            pending_hidden = None;
        }
        // The snapshot is updated while nobody waits. An error is reported by the next search,
        // which meets it again.
        if requests.is_empty() {
            let was_loaded = searcher.prepare(&is_stale).unwrap_or(false);
            if awaits_index && was_loaded {
                awaits_index = false;
                let _ = messages.send(Message::IndexUpdated);
            }
            if searcher.reload_stories(&is_stale).unwrap_or(false) {
                let _ = messages.send(Message::StoriesChanged);
            }
        }
        searcher.take_index_errors().iter().for_each(report_index_error);
    }
}

/// Looks for the filter that was meant with one without hits, and sends it to the app.
fn suggest_filter(
    searcher: &mut Searcher<'_>,
    search: &PendingSearch,
    (is_stale, messages): (&dyn Fn() -> bool, &Sender<Message>),
) {
    if let Some(filter) = searcher.suggest_filter(&search.request, is_stale) {
        let _ = messages.send(Message::FilterSuggested(search.id, filter));
    }
}

/// Counts the tags; returns `None` if a search waits, after which they are counted
/// anew.
fn count_tags(
    searcher: &mut Searcher<'_>,
    copies: CopyListing,
    is_stale: &dyn Fn() -> bool,
) -> Option<Message> {
    match searcher.count_tags(copies, is_stale) {
        Ok(tags) => tags.map(Message::TagsCounted),
        Err(error) => Some(Message::OperationFailed(error.into())),
    }
}

/// Counts views; returns `None` if a search waits, after which they are counted anew. Also returns whether all are known:
/// the others are counted once the index has more.
fn count_views(
    searcher: &mut Searcher<'_>,
    PendingCount { id, views, copies }: &PendingCount,
    is_stale: &dyn Fn() -> bool,
) -> Option<(Message, bool)> {
    Some(match searcher.count_views(views, *copies, is_stale).transpose()? {
        Ok(counts) => {
            let is_complete = counts.len() >= views.len();
            (Message::ViewsCounted(*id, counts), is_complete)
        }
        Err(error) => (Message::OperationFailed(error.into()), true),
    })
}

/// Counts the entries that a list hides; returns `None` if a search waits, after which they are counted anew.
fn count_hidden(
    searcher: &mut Searcher<'_>,
    PendingHiddenCount { id, request }: &PendingHiddenCount,
    is_stale: &dyn Fn() -> bool,
) -> Option<Message> {
    let count = searcher.count_hidden(request, is_stale).transpose()?;
    // An error is reported by the search for the list itself.
    Some(Message::HiddenCounted(*id, count.unwrap_or_default()))
}

fn apply_change(searcher: &mut Searcher<'_>, written: &WrittenChange) {
    searcher.apply_change(&written.change, written.generation);
}

fn note_background_change(searcher: &mut Searcher<'_>, change: BackgroundChange) {
    match change {
        BackgroundChange::Index { generation } => searcher.note_index_commit(generation),
        BackgroundChange::Stories => searcher.note_stories(),
        BackgroundChange::Content => searcher.expire_snapshot(),
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
