//! The worker threads: starts them, hands each effect to its thread, and ends them.
//!
//! Start with [`Workers::start`] and `dispatch_effect`.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use super::{
    archive_thread::{ArchiveReplies, ArchiveTask, run_archive_thread},
    article_loads::ArticleLoads,
    backup_thread::run_backup_thread,
    download_thread::{DownloadContext, DownloadSender},
    hook_thread::start_hook_thread,
    image_loader::ImageLoader,
    index_thread::run_index_thread,
    job::spawn_worker,
    lazy_reader::LazyReader,
    loader::{article_subject, run_article_thread, run_load_thread},
    one_shot_jobs::JobContext,
    ports::{Ports, ReadingOptions, UnsavedChanges},
    refresh_requests::{PendingRefreshes, RefreshSender},
    refresher::RefreshThread,
    requests::{
        ImageRequest, LoadRequest, PendingCount, PendingHiddenCount, PendingSearch,
        SnapshotNotifier, WriteRequest, WriteSender,
    },
    search_thread::{SearchChannels, run_search_thread},
    write_barrier::WriteBarrier,
    writer::{WriterPorts, spawn_writer},
};
use crate::{
    app::{Effect, Effects, Message, StoreWrite, TerminalRequest},
    index::IndexError,
    library::{
        ArchiveSearcher, BacklogLimit, FeedSources, Foreground, ImageFiles, RefreshOutput,
        Searcher, WorkMarks, index_error_summary, read_only_index_summary, run_rule_programs,
    },
    model::{
        CopyListing, EntryId, Failure, FailureKind, ReadingPosition, RefreshScope, SessionUpdate,
    },
    picture,
    store::{ActsOfRule, LibraryLocation, ReadConnection, RuleFileAccess, StoreError},
};

/// Maximum number of batches that wait for the writer, each of up to a megabyte. With more, the refresh waits.
const MAX_QUEUED_BATCHES: usize = 2;

/// Maximum time to wait for the writer when the program is ended from outside.
const RESCUE_TIMEOUT: Duration = Duration::from_millis(200);

/// The running worker threads. Dropping this ends them, and waits only for the writer.
pub struct Workers {
    jobs: JobContext,
    requests: RequestSenders,
    /// The marks of work that might end the program.
    marks: Arc<WorkMarks>,
    messages: Receiver<Message>,
    /// Set when the program ends.
    stop: Arc<AtomicBool>,
    /// Ends the backup thread when it is dropped.
    _backup_stop: Sender<()>,
    /// Set when the user ends the program without waiting for another program's lock.
    abandon_writes: Arc<AtomicBool>,
    /// The article that is open and the position in it, for [`Workers::rescue_handler`].
    reading_position: Arc<Mutex<Option<(EntryId, ReadingPosition)>>>,
    writer_thread: Option<JoinHandle<Option<UnsavedChanges>>>,
}

/// The channels to all worker threads except the writer.
struct RequestSenders {
    search: Sender<PendingSearch>,
    tag_counts: Sender<CopyListing>,
    view_counts: Sender<PendingCount>,
    hidden_counts: Sender<PendingHiddenCount>,
    archive: Sender<ArchiveTask>,
    load: Sender<LoadRequest>,
    articles: ArticleLoads,
    refresh: RefreshSender,
    images: Sender<ImageRequest>,
    downloads: DownloadSender,
}

/// The channels to the search thread.
struct SearchSenders {
    requests: Sender<PendingSearch>,
    tag_counts: Sender<CopyListing>,
    view_counts: Sender<PendingCount>,
    hidden_counts: Sender<PendingHiddenCount>,
    snapshot: SnapshotNotifier,
}

impl Workers {
    /// Starts the threads.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be opened for reading.
    pub fn start(ports: Ports) -> Result<Workers, StoreError> {
        let Ports { location, store, desktop, sources, reading, .. } = ports;
        let Ports { podcasts, samples, refresh_at_start, .. } = ports;
        let (message_sender, messages) = unbounded();
        // The first frame is waited for like the answer to a key.
        sources.foreground.begin();
        let write_barrier = Arc::new(WriteBarrier::default());
        let stop = Arc::new(AtomicBool::new(false));
        let search_reader = ReadConnection::open(&location)?;
        let is_new_library = search_reader.is_new_library()?;
        let (write_sender, write_requests) = unbounded();
        let (index_waker, wake_ups) = unbounded();

        let report_index_error =
            index_error_reporter(&location, message_sender.clone(), write_sender.clone());
        let search = start_search_thread(
            (search_reader, backlog_limit(&location)),
            &message_sender,
            &write_barrier,
            report_index_error,
        );
        let marks = Arc::new(WorkMarks::new(&location));
        let load = start_load_thread(&location, &message_sender, &write_barrier, &marks);
        let articles = start_article_threads(&location, &reading, &message_sender, &marks);
        let refresh_input = (location.clone(), sources.clone(), Arc::clone(&marks));
        let (refresh, (output_sender, outputs)) =
            start_refresh_thread(refresh_input, &message_sender, &stop);
        let archive = start_archive_thread(
            (location.clone(), sources.clone()),
            ArchiveReplies { outputs: output_sender, messages: message_sender.clone() },
        );
        let images = start_image_thread(&location, &reading, sources.clone(), &message_sender);
        let give_way = (Arc::clone(&stop), Arc::clone(&sources.foreground));
        start_index_thread(location.clone(), wake_ups, &write_sender, &message_sender, give_way);
        let _ = index_waker.send(());
        let rule_programs = start_rule_program_thread(&location, &sources, &message_sender);
        let backup_stop = start_backup_thread(
            (location.clone(), store.rule_file()),
            &message_sender,
            Arc::clone(&sources.foreground),
        );
        let abandon_writes = Arc::new(AtomicBool::new(false));
        let writer_ports = WriterPorts {
            store,
            location: location.clone(),
            abandon: Arc::clone(&abandon_writes),
            messages: message_sender.clone(),
            search: search.snapshot,
            refresh: refresh.clone(),
            index_waker,
            write_barrier: Arc::clone(&write_barrier),
            rule_programs,
            hooks: start_hook_thread(location.clone(), sources.hooks.clone(), &message_sender),
        };
        let writer_thread = spawn_writer(writer_ports, write_requests, outputs);

        if is_new_library && !samples.is_empty() {
            refresh.load_samples(samples);
        }
        if refresh_at_start {
            refresh.request(RefreshScope::Due);
        }
        let writes = WriteSender::new(write_sender, write_barrier);
        let downloads = DownloadSender::start(DownloadContext {
            location: location.clone(),
            http: Arc::clone(&sources.http),
            variables: sources.variables.clone(),
            podcasts: podcasts.clone(),
            writes: writes.clone(),
            messages: message_sender.clone(),
        });
        Ok(Workers {
            jobs: JobContext {
                sources,
                location,
                reading,
                podcasts,
                desktop,
                messages: message_sender,
                writes,
            },
            requests: RequestSenders {
                search: search.requests,
                tag_counts: search.tag_counts,
                view_counts: search.view_counts,
                hidden_counts: search.hidden_counts,
                archive,
                load,
                articles,
                refresh,
                images,
                downloads,
            },
            marks,
            messages,
            stop,
            _backup_stop: backup_stop,
            abandon_writes,
            reading_position: Arc::default(),
            writer_thread: Some(writer_thread),
        })
    }

    /// Returns the channel of messages from the threads.
    pub fn messages(&self) -> &Receiver<Message> {
        &self.messages
    }

    /// Returns the sign that a key is being answered, to which background work gives way.
    pub fn foreground(&self) -> &Arc<Foreground> {
        &self.jobs.sources.foreground
    }

    /// Returns a sender into the channel of messages.
    pub fn message_sender(&self) -> Sender<Message> {
        self.jobs.messages.clone()
    }

    /// Hands each effect to its thread. Returns the requests to the terminal, which only the event
    /// loop can carry out.
    pub fn dispatch_effects(&self, effects: Effects) -> Vec<TerminalRequest> {
        effects.into_iter().filter_map(|effect| self.dispatch_effect(effect)).collect()
    }

    fn dispatch_effect(&self, effect: Effect) -> Option<TerminalRequest> {
        let (jobs, requests) = (&self.jobs, &self.requests);
        match effect {
            Effect::Search(id, request) => {
                let after = jobs.writes.ticket();
                send(&requests.search, PendingSearch { id, request, after });
            }
            Effect::LoadRows(ids) => {
                send(&requests.load, LoadRequest::Rows { ids, after: jobs.writes.ticket() });
            }
            Effect::LoadTargets(act, ids) => jobs.start_target_load(act, ids),
            Effect::FindOlder(ids, day) => jobs.start_age_query(ids, day),
            Effect::LoadTraits(id) => jobs.start_trait_load(id),
            Effect::LoadHistory(id) => jobs.start_history_load(id),
            Effect::FindSimilar(id) => jobs.start_similar_search(id),
            Effect::LoadDiff(request) => jobs.start_diff_load(request),
            Effect::LoadStoryReading(id, reading) => jobs.start_story_reading(id, reading),
            Effect::LoadArticle(request) => requests.articles.start(request),
            Effect::AllowArticle(entry) => self.marks.allow(&article_subject(entry)),
            Effect::CancelArticle(request) => requests.articles.cancel(request),
            Effect::LoadSidebar => {
                send(&requests.load, LoadRequest::Sidebar { after: jobs.writes.ticket() });
            }
            Effect::LoadJournal(request) => {
                let after = jobs.writes.ticket();
                send(&requests.load, LoadRequest::Journal { request, after });
            }
            Effect::LoadRules => jobs.start_rule_list(),
            Effect::TryRule(trial) => jobs.start_rule_trial(trial),
            Effect::CountTags(copies) => send(&requests.tag_counts, copies),
            Effect::CountViews(id, views, copies) => {
                send(&requests.view_counts, PendingCount { id, views, copies });
            }
            Effect::CountHidden(id, request) => {
                send(&requests.hidden_counts, PendingHiddenCount { id, request });
            }
            Effect::SearchArchive(id, list) => {
                send(&requests.archive, ArchiveTask::Search(id, list));
            }
            Effect::TakeFromArchive(list) => send(&requests.archive, ArchiveTask::Take(list)),
            Effect::TakeFarArticle(article) => {
                send(&requests.archive, ArchiveTask::TakeOne(article));
            }
            Effect::FindStoredFarArticles(articles) => {
                send(&requests.archive, ArchiveTask::FindStored(articles));
            }
            Effect::LoadImage(key, trust) => {
                send(&requests.images, ImageRequest { key, trust });
            }
            Effect::Refresh(scope) => requests.refresh.request_if_idle(scope),
            Effect::StopRefresh => {
                requests.refresh.stop_all();
                jobs.sources.http.interrupt();
            }
            Effect::Write(write) => jobs.writes.write(write),
            Effect::FinishWrites => jobs.writes.send(WriteRequest::Finish),
            Effect::AbandonWrites => self.abandon_writes.store(true, Ordering::Relaxed),
            Effect::CheckAccount(draft) => jobs.start_account_check(draft),
            Effect::DiscoverFeeds(typed_url, options) => jobs.start_discovery(typed_url, options),
            Effect::SavePage(typed_url) => jobs.start_saving_page(typed_url),
            Effect::ImportFeeds(path) => jobs.start_import(path),
            Effect::ExportFeeds(path, existing) => jobs.start_export(path, existing),
            Effect::SubscribePath(path) => jobs.start_subscription(path),
            Effect::CompletePath(path) => jobs.start_path_completion(path),
            Effect::ExportArticles(ids, target) => jobs.start_article_export(ids, target),
            Effect::RunProgram(id, run) => jobs.start_program(id, run),
            Effect::Play(id) => jobs.start_player(id),
            Effect::Download(ids) => requests.downloads.request(ids),
            Effect::StopDownloads => requests.downloads.stop_all(),
            Effect::FetchFullText(id, url, trust) => {
                jobs.start_full_text_fetch(id, url, trust);
            }
            Effect::DetectTerminal => jobs.start_terminal_query(),
            Effect::OpenUrl(url) => match jobs.desktop.terminal_browser(&url) {
                Some(argv) => return Some(TerminalRequest::RunBrowser { url, argv }),
                None => jobs.start_browser(url),
            },
            Effect::NotifyDesktop(text) => jobs.start_notification(text),
            Effect::Terminal(request) => return Some(request),
        }
        None
    }

    /// Sets the reading position that [`Workers::rescue_handler`] saves.
    pub fn set_reading_position(&self, position: Option<(EntryId, ReadingPosition)>) {
        *self.reading_position.lock().unwrap_or_else(PoisonError::into_inner) = position;
    }

    /// Notes that articles were loaded and drawn: opening them has not ended the program.
    pub fn finish_articles(&self, entries: Vec<EntryId>) {
        if !entries.is_empty() {
            send(&self.requests.load, LoadRequest::FinishArticles(entries));
        }
    }

    /// Returns a function that saves what is unsaved, for the case that the program is ended from
    /// outside.
    ///
    /// The function may be called on any thread and returns after `RESCUE_TIMEOUT` at the latest.
    pub fn rescue_handler(&self) -> impl Fn() + Send + Sync + 'static {
        let (writes, position) = (self.jobs.writes.clone(), Arc::clone(&self.reading_position));
        let marks = Arc::clone(&self.marks);
        move || {
            marks.close();
            let position = position.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some((id, position)) = position {
                writes.write(StoreWrite::SavePosition(id, position));
                writes.write(StoreWrite::SaveSession(SessionUpdate::Selected(id)));
            }
            let (reply, done) = bounded(1);
            writes.send(WriteRequest::Flush(reply));
            let _ = done.recv_timeout(RESCUE_TIMEOUT);
        }
    }

    /// Ends the threads and returns the changes that could not be saved. Waits for the writer, but
    /// not for a refresh or a job.
    pub fn shut_down(mut self) -> Option<UnsavedChanges> {
        self.stop_writer()
    }

    fn stop_writer(&mut self) -> Option<UnsavedChanges> {
        self.stop.store(true, Ordering::Relaxed);
        self.requests.refresh.stop_all();
        self.requests.downloads.stop_all();
        // After a panic, the marks stay: the article that was drawn may be the reason.
        if !std::thread::panicking() {
            self.marks.close();
        }
        self.jobs.writes.send(WriteRequest::Stop);
        self.writer_thread.take().and_then(|thread| thread.join().ok()).flatten()
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        let _ = self.stop_writer();
    }
}

/// Sends a request. If the thread has ended, it has reported that itself, and the request is
/// dropped.
fn send<T>(sender: &Sender<T>, request: T) {
    let _ = sender.send(request);
}

/// Starts a worker that nobody waits for at the end. If the thread cannot be started, its requests
/// stay unanswered and the program continues.
fn start_worker(
    name: &'static str,
    messages: &Sender<Message>,
    work: impl FnOnce() + Send + 'static,
) {
    let _ = spawn_worker(name, messages.clone(), work);
}

/// Starts the thread that runs the programs of rules, after their acts were stored.
fn start_rule_program_thread(
    location: &LibraryLocation,
    sources: &FeedSources,
    messages: &Sender<Message>,
) -> Sender<Vec<ActsOfRule>> {
    let (sender, requests) = unbounded::<Vec<ActsOfRule>>();
    let (location, commands) = (location.clone(), sources.rule_commands.clone());
    let replies = messages.clone();
    start_worker("rule programs", messages, move || {
        for acts in requests {
            for failure in run_rule_programs(&location, &commands, &acts) {
                send(&replies, Message::OperationFailed(failure));
            }
        }
    });
    sender
}

fn start_search_thread(
    (reader, backlog_limit): (ReadConnection, BacklogLimit),
    messages: &Sender<Message>,
    write_barrier: &Arc<WriteBarrier>,
    report_index_error: impl Fn(&IndexError) + Send + 'static,
) -> SearchSenders {
    let ((requests, request_receiver), (tag_counts, tag_requests)) = (unbounded(), unbounded());
    let ((changes, change_receiver), (reload, reloads)) = (unbounded(), unbounded());
    let ((view_counts, view_requests), (hidden_counts, hidden_requests)) =
        (unbounded(), unbounded());
    let (replies, write_barrier) = (messages.clone(), Arc::clone(write_barrier));
    start_worker("search", messages, move || {
        let channels = SearchChannels {
            requests: request_receiver,
            changes: change_receiver,
            reloads,
            tag_requests,
            view_requests,
            hidden_requests,
            messages: replies,
        };
        let searcher = Searcher::new(&reader, backlog_limit).lagging();
        run_search_thread(searcher, &channels, &write_barrier, &report_index_error);
    });
    let snapshot = SnapshotNotifier { changes, reload };
    SearchSenders { requests, tag_counts, view_counts, hidden_counts, snapshot }
}

/// Starts the thread that backs the library up once a day. It ends when the sender is dropped.
fn start_backup_thread(
    (location, rule_file): (LibraryLocation, Option<Arc<dyn RuleFileAccess>>),
    messages: &Sender<Message>,
    foreground: Arc<Foreground>,
) -> Sender<()> {
    let (stop, stopped) = unbounded();
    let failures = messages.clone();
    start_worker("backup", messages, move || {
        foreground.give_way();
        run_backup_thread(&location, rule_file.as_deref(), &stopped, &|failure| {
            let _ = failures.send(Message::OperationFailed(failure));
        });
    });
    stop
}

/// Returns the limit of the unindexed entries that a search scans.
fn backlog_limit(location: &LibraryLocation) -> BacklogLimit {
    match location {
        LibraryLocation::Folder(_) => BacklogLimit::WITH_INDEXING,
        LibraryLocation::ReadOnly(_) | LibraryLocation::Memory(_) => BacklogLimit::WITHOUT_INDEXING,
    }
}

/// Returns a function that reports the first error of the index and has the index rebuilt, unless the
/// library is read-only.
///
/// Later errors are ignored: if a rebuilt index breaks again, another rebuild would not repair the
/// cause.
fn index_error_reporter(
    location: &LibraryLocation,
    messages: Sender<Message>,
    writes: Sender<WriteRequest>,
) -> impl Fn(&IndexError) + use<> {
    let has_reported = AtomicBool::new(false);
    let is_read_only = matches!(location, LibraryLocation::ReadOnly(_));
    move |error| {
        if has_reported.swap(true, Ordering::Relaxed) {
            return;
        }
        let summary = if is_read_only {
            read_only_index_summary(error)
        } else {
            let _ = writes.send(WriteRequest::ResetIndex);
            index_error_summary(error)
        };
        let failure = Failure::new(FailureKind::Library, summary);
        let _ = messages.send(Message::OperationFailed(failure));
    }
}

fn start_index_thread(
    location: LibraryLocation,
    wake_ups: Receiver<()>,
    writes: &Sender<WriteRequest>,
    messages: &Sender<Message>,
    (stop, foreground): (Arc<AtomicBool>, Arc<Foreground>),
) {
    let (writes, failures) = (writes.clone(), messages.clone());
    let report_failure = move |failure| {
        let _ = failures.send(Message::OperationFailed(failure));
    };
    start_worker("index", messages, move || {
        run_index_thread(&location, &wake_ups, &writes, &report_failure, (&stop, &foreground));
    });
}

fn start_load_thread(
    location: &LibraryLocation,
    messages: &Sender<Message>,
    write_barrier: &Arc<WriteBarrier>,
    marks: &Arc<WorkMarks>,
) -> Sender<LoadRequest> {
    let (sender, requests) = unbounded();
    let (replies, write_barrier) = (messages.clone(), Arc::clone(write_barrier));
    let (marks, reader) = (Arc::clone(marks), LazyReader::new(location.clone()));
    start_worker("lists", messages, move || {
        run_load_thread(&reader, &requests, &replies, &write_barrier, &marks);
    });
    sender
}

/// Number of threads that load articles: while two are busy with heavy ones, the third opens others.
const ARTICLE_THREADS: usize = 3;

fn start_article_threads(
    location: &LibraryLocation,
    reading: &ReadingOptions,
    messages: &Sender<Message>,
    marks: &Arc<WorkMarks>,
) -> ArticleLoads {
    let (sender, loads) = unbounded();
    for _ in 0..ARTICLE_THREADS {
        let reader = LazyReader::new(location.clone());
        let (reading, loads, replies) = (reading.clone(), loads.clone(), messages.clone());
        let marks = Arc::clone(marks);
        start_worker("articles", messages, move || {
            run_article_thread(&reader, &reading, &loads, &replies, &marks);
        });
    }
    ArticleLoads::new(sender)
}

/// Starts the image thread. Images are cached in the folder of the library, if it can be written.
fn start_image_thread(
    location: &LibraryLocation,
    reading: &ReadingOptions,
    sources: FeedSources,
    messages: &Sender<Message>,
) -> Sender<ImageRequest> {
    let (sender, requests) = unbounded();
    let replies = messages.clone();
    let cache_folder = match location {
        LibraryLocation::Folder(folder) => Some(folder.join("pictures")),
        LibraryLocation::ReadOnly(_) | LibraryLocation::Memory(_) => None,
    };
    let files = ImageFiles { sources, cache_folder, max_bytes: picture::MAX_FILE_BYTES };
    let loader = ImageLoader { files, protocol: reading.image_protocol };
    start_worker("images", messages, move || loader.run(&requests, &replies));
    sender
}

fn start_refresh_thread(
    (location, sources, marks): (LibraryLocation, FeedSources, Arc<WorkMarks>),
    messages: &Sender<Message>,
    stop: &Arc<AtomicBool>,
) -> (RefreshSender, (Sender<RefreshOutput>, Receiver<RefreshOutput>)) {
    let (sender, requests) = unbounded();
    let (output_sender, outputs) = bounded(MAX_QUEUED_BATCHES);
    let pending = PendingRefreshes::default();
    let thread = RefreshThread {
        location,
        sources,
        marks,
        pending: pending.clone(),
        outputs: output_sender.clone(),
        quits: Arc::clone(stop),
    };
    start_worker("refresh", messages, move || thread.run(&requests));
    (RefreshSender::new(sender, pending, messages.clone()), (output_sender, outputs))
}

/// Starts the thread that searches the shared archive. Without an archive, its requests stay unanswered.
fn start_archive_thread(
    (location, sources): (LibraryLocation, FeedSources),
    replies: ArchiveReplies,
) -> Sender<ArchiveTask> {
    let (sender, requests) = unbounded();
    if let Some(searcher) = ArchiveSearcher::new(location, sources) {
        let messages = replies.messages.clone();
        start_worker("archive", &messages, move || {
            run_archive_thread(searcher, &requests, &replies);
        });
    }
    sender
}
