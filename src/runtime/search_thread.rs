//! The search thread: runs the newest search request, and keeps the searcher ready for the next one.

use crossbeam_channel::{Receiver, Sender};

use super::{
    requests::SearchThreadRequest,
    write_barrier::{WriteBarrier, WriteTicket},
};
use crate::{
    app::{Message, RequestId},
    index::IndexError,
    library::{MAX_BACKLOG, Searcher},
    model::{SearchRequest, SearchResults},
    store::ReadConnection,
};

/// A search that is yet to be run. A newer one takes its place.
struct PendingSearch {
    id: RequestId,
    request: SearchRequest,
    after: WriteTicket,
}

/// Runs until all senders of requests are gone. `report_index_error` is called for each error in the index.
pub(super) fn run_search_thread(
    reader: &ReadConnection,
    requests: &Receiver<SearchThreadRequest>,
    messages: &Sender<Message>,
    write_barrier: &WriteBarrier,
    report_index_error: &dyn Fn(&IndexError),
) {
    let mut searcher = Searcher::new(reader, MAX_BACKLOG);
    let is_stale = || !requests.is_empty();
    let (mut pending, mut awaits_index) = (None, false);
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
            }
        }
        if let Some(search) = pending.take() {
            write_barrier.wait_for(search.after);
            let send = |results| messages.send(Message::ResultsLoaded(search.id, results)).is_ok();
            let mut report = |partial| {
                let _ = send(Ok(partial));
            };
            match searcher.search(&search.request, &is_stale, &mut report) {
                // A newer request waits and takes the place of this one; if it is no search, this one is run again.
                Ok(None) => pending = Some(search),
                results => {
                    let results = results.map(Option::unwrap_or_default).map_err(Into::into);
                    awaits_index = results.as_ref().is_ok_and(has_unindexed);
                    if !send(results) {
                        return;
                    }
                }
            }
        }
        // Prepared for the next key while nobody waits; an error shows when a search meets it again.
        if requests.is_empty() {
            let generation = searcher.generation();
            let _ = searcher.prepare(&is_stale);
            if awaits_index && searcher.generation() != generation {
                awaits_index = false;
                let _ = messages.send(Message::IndexUpdated);
            }
        }
        searcher.take_index_errors().iter().for_each(report_index_error);
    }
}

fn has_unindexed(results: &SearchResults) -> bool {
    results.summary.unindexed_count > 0
}
