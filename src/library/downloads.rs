//! Several downloads, two at a time. Start with [`download_all`].

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Sender, bounded};

use super::{
    clock::monotonic_now,
    download::{DownloadEvent, EventLink, run_download},
    download_folder::{DownloadPlan, download_failure},
};
use crate::{
    model::{EntryId, Failure},
    net::Fetch,
};

/// Number of files that are fetched at the same time.
const MAX_AT_ONCE: usize = 2;

/// Time after which a server that sends nothing is given up.
const STALL_TIMEOUT: Duration = Duration::from_secs(60);

/// Time between two looks at the clock and at `stop`.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// A download that runs.
struct RunningDownload {
    title: String,
    cancel: Arc<AtomicBool>,
    heard_at: Instant,
}

/// Fetches the files that `next` names, two at a time, and hands their events to `take`, until all have
/// ended or `stop` is set: what has arrived by then stays, and the next download of the same file goes on
/// there. `next` is asked whenever there is room, so that it may name more while others run.
///
/// A thread whose server sends nothing is left behind; it ends with its connection, and writes nothing
/// more.
pub fn download_all(
    http: &Arc<dyn Fetch>,
    next: &mut dyn FnMut() -> Option<DownloadPlan>,
    stop: &AtomicBool,
    take: &mut dyn FnMut(DownloadEvent),
) {
    let (sender, events) = bounded(16);
    let mut running: BTreeMap<EntryId, RunningDownload> = BTreeMap::new();
    loop {
        while running.len() < MAX_AT_ONCE
            && let Some(plan) = next()
        {
            let entry = plan.download.entry;
            match start_download(http, plan, &sender) {
                Ok(started) => drop(running.insert(entry, started)),
                Err(failure) => take(DownloadEvent::Failed { entry, failure }),
            }
        }
        if running.is_empty() {
            return;
        }
        if let Ok(event) = events.recv_timeout(POLL_INTERVAL) {
            note_event(&mut running, event, take);
        }
        if stop.load(Ordering::Relaxed) {
            for download in running.values() {
                download.cancel.store(true, Ordering::Relaxed);
            }
            return;
        }
        give_up_stalled(&mut running, take);
    }
}

/// Starts the thread of a download.
fn start_download(
    http: &Arc<dyn Fetch>,
    plan: DownloadPlan,
    events: &Sender<DownloadEvent>,
) -> Result<RunningDownload, Failure> {
    let (title, cancel) = (plan.title.clone(), Arc::new(AtomicBool::new(false)));
    let link = EventLink { events: events.clone(), cancel: Arc::clone(&cancel) };
    let http = Arc::clone(http);
    let work = move || run_download(&*http, &plan, &link);
    let thread = thread::Builder::new().name("job download".to_owned()).spawn(work);
    match thread {
        Ok(_) => Ok(RunningDownload { title, cancel, heard_at: monotonic_now() }),
        Err(error) => Err(download_failure(&title, &error.to_string())),
    }
}

/// Hands an event on, unless its download was given up.
fn note_event(
    running: &mut BTreeMap<EntryId, RunningDownload>,
    event: DownloadEvent,
    take: &mut dyn FnMut(DownloadEvent),
) {
    let Some(download) = running.get_mut(&event.entry()) else { return };
    download.heard_at = monotonic_now();
    if event.is_last() {
        running.remove(&event.entry());
    }
    take(event);
}

/// Gives up downloads of which nothing was heard for long.
fn give_up_stalled(
    running: &mut BTreeMap<EntryId, RunningDownload>,
    take: &mut dyn FnMut(DownloadEvent),
) {
    let is_stalled = |download: &RunningDownload| download.heard_at.elapsed() >= STALL_TIMEOUT;
    let stalled: Vec<EntryId> =
        running.iter().filter(|(_, download)| is_stalled(download)).map(|(id, _)| *id).collect();
    for entry in stalled {
        if let Some(RunningDownload { title, cancel, .. }) = running.remove(&entry) {
            cancel.store(true, Ordering::Relaxed);
            let reason = format!("the server sent nothing for {} s", STALL_TIMEOUT.as_secs());
            take(DownloadEvent::Failed { entry, failure: download_failure(&title, &reason) });
        }
    }
}
