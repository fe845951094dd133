//! The search thread: runs the newest search request and keeps the searcher ready for the next one.

use crossbeam_channel::{Receiver, Sender};

use super::{
    requests::SearchThreadRequest,
    write_barrier::{WriteBarrier, WriteTicket},
};
use crate::{
    app::{Message, RequestId},
    index::IndexError,
    library::{MAX_BACKLOG, Searcher},
    model::{Failure, FailureKind, SearchRequest, SearchResults},
    store::ReadConnection,
    text::count_noun,
};

/// A search that has not been run yet. A newer one replaces it.
struct PendingSearch {
    id: RequestId,
    request: SearchRequest,
    after: WriteTicket,
}

/// Runs until all senders of requests are dropped. Calls `report_index_error` for each error in the
/// index.
pub(super) fn run_search_thread(
    reader: &ReadConnection,
    requests: &Receiver<SearchThreadRequest>,
    messages: &Sender<Message>,
    write_barrier: &WriteBarrier,
    report_index_error: &dyn Fn(&IndexError),
) {
    let mut searcher = Searcher::new(reader, MAX_BACKLOG);
    let is_stale = || !requests.is_empty();
    let (mut pending, mut awaits_index, mut counts_tags) = (None, false, false);
    let mut reported_count = 0;
    while let Ok(first) = requests.recv() {
        for request in std::iter::once(first).chain(requests.try_iter()) {
            match request {
                SearchThreadRequest::Search { id, request, after } => {
                    pending = Some(PendingSearch { id, request, after });
                }
                SearchThreadRequest::ApplyChange { change, generation } => {
                    searcher.apply_change(&change, generation);
                }
                SearchThreadRequest::Reload => {}
                SearchThreadRequest::CountTags => counts_tags = true,
            }
        }
        if let Some(search) = pending.take() {
            write_barrier.wait_for(search.after);
            let send = |results| messages.send(Message::ResultsLoaded(search.id, results)).is_ok();
            let mut report = |partial| {
                let _ = send(Ok(partial));
            };
            match searcher.search(&search.request, &is_stale, &mut report) {
                // Another request waits. If it is a search it replaces this one, otherwise this one
                // is run again.
                Ok(None) => pending = Some(search),
                results => {
                    let results = results.map(Option::unwrap_or_default).map_err(Into::into);
                    awaits_index = results.as_ref().is_ok_and(has_unindexed);
                    if let Ok(results) = &results {
                        report_unreadable(results, &mut reported_count, messages);
                    }
                    if !send(results) {
                        return;
                    }
                }
            }
        }
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

/// Counts the publishers' tags; returns `None` if a request waits, after which they are counted
/// anew.
fn count_tags(searcher: &mut Searcher<'_>, is_stale: &dyn Fn() -> bool) -> Option<Message> {
    match searcher.count_tags(is_stale) {
        Ok(tags) => tags.map(Message::TagsCounted),
        Err(error) => Some(Message::OperationFailed(error.into())),
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
