//! The real worker threads on a real library in a temporary folder.

use std::{
    fs,
    path::Path,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};

use newsreader::{
    app::{App, AppSetup, Effect, Effects, Message, SidebarRow, Size, StoreWrite},
    command::Keymap,
    library::{FeedSources, RuleCommands, RuleLoader},
    model::{
        Change, EntryId, Failure, FailureKind, Feed, FeedDefinition, FeedKind, FeedNetwork,
        RefreshScope, Subscription, ViewScope,
    },
    net::{Fetch, FetchError, FetchLimits, FetchProblem, FetchRequest, FetchResponse},
    runtime::{Desktop, PodcastOptions, Ports, ReadingOptions, Workers},
    store::{LibraryLocation, ReadConnection, RuleFileAccess, WriteConnection},
};

use crate::support::{now, settings};

/// A desktop that records the URLs instead of opening them.
#[derive(Default)]
struct RecordingDesktop(Mutex<Vec<String>>);

impl Desktop for RecordingDesktop {
    fn open_url(&self, url: &str) -> Result<(), Failure> {
        self.0.lock().unwrap().push(url.to_owned());
        Ok(())
    }

    fn show_notification(&self, _: &str) -> Result<(), Failure> {
        Err(Failure::new(FailureKind::Desktop, "There is no desktop"))
    }
}

/// An app whose effects are carried out by real worker threads.
pub struct RunningApp {
    pub app: App,
    pub workers: Workers,
    location: LibraryLocation,
}

impl RunningApp {
    pub fn start(
        location: &LibraryLocation,
        samples: &'static [(&'static str, &'static [u8])],
    ) -> RunningApp {
        RunningApp::start_with_sources(location, samples, FeedSources::offline())
    }

    /// Starts an app with a file of rules, which `rules` loads.
    pub fn start_with_rules(
        location: &LibraryLocation,
        rules: RuleLoader,
        file: Arc<dyn RuleFileAccess>,
    ) -> RunningApp {
        let mut store = WriteConnection::open(location).unwrap();
        store.set_rule_file(file);
        let sources = FeedSources { rules, ..FeedSources::offline() };
        RunningApp::start_with_store(location, &[], sources, store)
    }

    /// Starts an app with rules that run these commands.
    pub fn start_with_commands(
        location: &LibraryLocation,
        rules: RuleLoader,
        rule_commands: RuleCommands,
    ) -> RunningApp {
        let sources = FeedSources { rules, rule_commands, ..FeedSources::offline() };
        RunningApp::start_with_sources(location, &[], sources)
    }

    pub fn start_with_sources(
        location: &LibraryLocation,
        samples: &'static [(&'static str, &'static [u8])],
        sources: FeedSources,
    ) -> RunningApp {
        let store = WriteConnection::open(location).unwrap();
        RunningApp::start_with_store(location, samples, sources, store)
    }

    fn start_with_store(
        location: &LibraryLocation,
        samples: &'static [(&'static str, &'static [u8])],
        sources: FeedSources,
        store: WriteConnection,
    ) -> RunningApp {
        let desktop = Arc::new(RecordingDesktop::default());
        let ports = Ports {
            location: location.clone(),
            store,
            desktop,
            sources,
            reading: ReadingOptions::default(),
            podcasts: PodcastOptions::default(),
            samples,
            refresh_at_start: true,
        };
        let workers = Workers::start(ports).unwrap();
        let preferences = ReadConnection::open(location).unwrap().load_preferences().unwrap();
        let (app, effects) = App::new(AppSetup {
            settings: settings(),
            type_keymap: Keymap::type_preset(),
            vim_keymap: Keymap::vim_preset(),
            themes: Vec::new(),
            collections: Vec::new,
            session: preferences.session,
            views: preferences.views,
            initial_scope: Some(ViewScope::All),
            failures: Vec::new(),
            warning: None,
            size: Size::new(80, 24),
            now: now(),
        });
        let _ = workers.dispatch_effects(effects);
        RunningApp { app, workers, location: location.clone() }
    }

    fn dispatch(&mut self, effects: Effects) {
        let _ = self.workers.dispatch_effects(effects);
    }

    /// Handles messages of the workers until the app is as `wanted`.
    pub fn run_until(&mut self, wanted: impl Fn(&App) -> bool) {
        while !wanted(&self.app) {
            let message =
                self.workers.messages().recv_timeout(Duration::from_secs(20)).expect("progress");
            let effects = self.app.update(message, now()).and(self.app.request_missing());
            self.dispatch(effects);
        }
    }

    pub fn press_keys(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            let effects = self
                .app
                .update(Message::Key(key.parse().unwrap()), now())
                .and(self.app.request_missing());
            self.dispatch(effects);
        }
    }

    pub fn subscribe_folder(&mut self, path: &Path) {
        self.dispatch(StoreWrite::SubscribePath(path.to_str().unwrap().to_owned()).into());
    }
}

fn write_article(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), format!(" date 2026-01-28 {text}.\n\nThe rest of {text}.\n"))
        .unwrap();
}

pub fn library_in_folder() -> (tempfile::TempDir, LibraryLocation) {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().join("library"));
    (folder, location)
}

static SAMPLE: [(&str, &[u8]); 1] =
    [("a.txt", b" date 2026-01-28 A sample article.\n\nIts text.\n")];

#[test]
fn new_library_shows_samples_until_folder_is_subscribed() {
    let (folder, location) = library_in_folder();
    let mut running = RunningApp::start(&location, &SAMPLE);
    running.run_until(|app| app.article_pane.view().is_some());
    assert_eq!(running.app.entry_list.selected_entry().unwrap().title, "A sample article");
    running.run_until(|app| {
        app.notices.banner().is_some_and(|banner| banner.text == "Sample articles")
    });

    let news = folder.path().join("news");
    fs::create_dir(&news).unwrap();
    write_article(&news, "one.txt", "The bridge reopens");
    running.subscribe_folder(&news);
    running.run_until(|app| {
        app.entry_list.selected_entry().is_some_and(|entry| entry.title == "The bridge reopens")
    });
    running.run_until(|app| app.notices.banner().is_none());
    // The first undo reverts the subscription, the second one brings the samples back.
    running.press_keys("ctrl-_");
    running.run_until(|app| app.entry_list.is_empty());
    running.press_keys("ctrl-_");
    running.run_until(|app| {
        app.entry_list.selected_entry().is_some_and(|entry| entry.title == "A sample article")
    });
}

#[test]
fn changed_moved_and_deleted_files_keep_their_articles() {
    let (folder, location) = library_in_folder();
    let news = folder.path().join("news");
    fs::create_dir_all(news.join("old")).unwrap();
    for n in 0..600 {
        write_article(&news, &format!("{n}.txt"), &format!("Story {n}"));
    }
    let mut running = RunningApp::start(&location, &[]);
    running.subscribe_folder(&news);
    running.run_until(|app| app.entry_list.len() == 600 && app.jobs.refresh_progress().is_none());
    let ids = running.app.entry_list.ids().to_vec();
    running.dispatch(StoreWrite::ApplyChange(Change::set_starred(&ids, true)).into());

    running.press_keys("home");
    fs::rename(news.join("7.txt"), news.join("old/7.txt")).unwrap();
    fs::remove_file(news.join("8.txt")).unwrap();
    write_article(&news, "9.txt", "Story nine, rewritten at length");
    running.dispatch(Effect::Refresh(RefreshScope::All).into());
    let reader = ReadConnection::open(&running.location).unwrap();
    let rows = |app: &App| {
        (0..app.entry_list.len()).filter_map(|n| app.entry_list.row(n)).cloned().collect::<Vec<_>>()
    };
    running.run_until(|app| {
        rows(app).iter().any(|entry| entry.title == "Story nine, rewritten at length")
    });
    assert_eq!(running.app.entry_list.len(), 600, "no article is lost or doubled");
    let rows = reader.load_entries(&ids).unwrap();
    assert!(rows.iter().all(|entry| entry.state.starred));
}

/// A network that answers nothing until it is interrupted, and says when it is asked.
struct StuckNetwork {
    asked: Mutex<std::sync::mpsc::Sender<()>>,
    interrupted: Mutex<Receiver<()>>,
    interrupt: Mutex<std::sync::mpsc::Sender<()>>,
}

impl Fetch for StuckNetwork {
    fn fetch(&self, request: &FetchRequest, _: &FetchLimits) -> Result<FetchResponse, FetchError> {
        self.asked.lock().unwrap().send(()).unwrap();
        self.interrupted.lock().unwrap().recv().unwrap();
        let problem = FetchProblem::ConnectionClosed;
        Err(FetchError { host: request.url.clone(), problem })
    }

    fn interrupt(&self) {
        self.interrupt.lock().unwrap().send(()).unwrap();
    }
}

#[test]
fn stopped_refresh_ends_requests_and_fails_no_feed() {
    let (_folder, location) = library_in_folder();
    let mut store = WriteConnection::open(&location).unwrap();
    store.add_feed(FeedKind::Web, "https://stuck.example/feed", "Stuck").unwrap();
    drop(store);
    let ((asked, requests), (interrupt, interrupted)) = (channel(), channel());
    let network = StuckNetwork {
        asked: Mutex::new(asked),
        interrupted: Mutex::new(interrupted),
        interrupt: Mutex::new(interrupt),
    };
    let sources = FeedSources { http: Arc::new(network), ..FeedSources::offline() };
    let reader = ReadConnection::open(&location).unwrap();
    let before = reader.list_feeds().unwrap();
    let mut running = RunningApp::start_with_sources(&location, &[], sources);
    requests.recv().unwrap();
    running.run_until(|app| app.jobs.refresh_progress().is_some());
    running.dispatch(Effect::StopRefresh.into());
    running.run_until(|app| {
        app.notices
            .current()
            .is_some_and(|notice| notice.text == "Refresh stopped · 0 new articles")
    });
    assert_eq!(reader.list_feeds().unwrap(), before);
}

#[test]
fn unreadable_file_reports_one_failure() {
    let (folder, location) = library_in_folder();
    let news = folder.path().join("news");
    fs::create_dir(&news).unwrap();
    write_article(&news, "good.txt", "A good one");
    fs::write(
        news.join("binary.txt"),
        b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0\xf0\x88",
    )
    .unwrap();
    fs::write(news.join("empty.txt"), "").unwrap();
    let mut running = RunningApp::start(&location, &[]);
    running.subscribe_folder(&news);
    running.run_until(|app| !app.entry_list.is_empty() && app.notices.failures().count() >= 2);
    let summaries: Vec<String> =
        running.app.notices.failures().map(|failure| failure.summary.clone()).collect();
    assert!(
        summaries.iter().any(|summary| summary.contains("binary.txt"))
            && summaries.iter().any(|summary| summary.contains("empty")),
        "{summaries:?}"
    );
}

fn tags(app: &App) -> Vec<(&str, usize)> {
    let rows = app.sidebar.rows().iter();
    let counted = rows.filter_map(|row| match row {
        SidebarRow::Tag(counted) => Some((counted.tag.as_str(), counted.entry_count)),
        _ => None,
    });
    counted.collect()
}

#[test]
fn sidebar_counts_tags_and_marks_what_is_selected_read() {
    let (folder, location) = library_in_folder();
    let news = folder.path().join("news");
    fs::create_dir(&news).unwrap();
    for (name, tags) in [("one", "kernel, of"), ("two", "Kernel, desktop")] {
        let text = format!("---\ntags: [{tags}]\n---\n# Story {name}\n\nIts text.\n");
        fs::write(news.join(format!("{name}.md")), text).unwrap();
    }
    let mut running = RunningApp::start(&location, &[]);
    running.subscribe_folder(&news);
    running.run_until(|app| app.entry_list.len() == 2 && app.jobs.refresh_progress().is_none());
    running.run_until(|app| app.sidebar.unread_count() == 2);
    running.press_keys("left end space");
    running.run_until(|app| !tags(app).is_empty());
    assert_eq!(tags(&running.app), [("kernel", 2), ("desktop", 1)], "“of” is no tag");
    running.press_keys("down down");
    running.run_until(|app| app.entry_list.len() == 1);
    running.press_keys("home A");
    running.run_until(|app| {
        let notice = app.notices.current();
        notice.is_some_and(|notice| notice.text == "2 articles in Unread marked read")
    });
    running.run_until(|app| app.sidebar.unread_count() == 0);
    running.press_keys("u");
    running.run_until(|app| app.sidebar.unread_count() == 2);
    running.press_keys("down A");
    running.run_until(|app| {
        app.notices.current().is_some_and(|notice| notice.text == "Nothing is unread in Starred")
    });
}

#[test]
fn missing_path_is_reported() {
    let (folder, location) = library_in_folder();
    let mut running = RunningApp::start(&location, &[]);
    running.subscribe_folder(&folder.path().join("nowhere"));
    running
        .run_until(|app| app.notices.failures().any(|failure| failure.summary.contains("nowhere")));
}

#[test]
fn quitting_saves_pending_changes() {
    let (folder, location) = library_in_folder();
    let news = folder.path().join("news");
    fs::create_dir(&news).unwrap();
    write_article(&news, "one.txt", "The bridge reopens");
    let mut running = RunningApp::start(&location, &[]);
    running.subscribe_folder(&news);
    running.run_until(|app| app.entry_list.len() == 1 && app.entry_list.selected_entry().is_some());
    running.press_keys("alt-s ctrl-q");
    assert_eq!(running.workers.shut_down(), None);
    let reader = ReadConnection::open(&location).unwrap();
    assert!(reader.load_entry(EntryId(1)).unwrap().unwrap().state.starred);
    assert_eq!(reader.load_preferences().unwrap().session.selected, Some(EntryId(1)));
}

#[test]
fn locked_library_keeps_change_until_shutdown() {
    let (folder, location) = library_in_folder();
    let news = folder.path().join("news");
    fs::create_dir(&news).unwrap();
    write_article(&news, "one.txt", "The bridge reopens");
    let mut running = RunningApp::start(&location, &[]);
    running.subscribe_folder(&news);
    running.run_until(|app| {
        app.entry_list.selected_entry().is_some() && app.jobs.refresh_progress().is_none()
    });
    // Another program locks the library for longer than the writer waits.
    let blocker = rusqlite::Connection::open(location.database_path()).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    running.press_keys("alt-s");
    running.run_until(|app| {
        app.notices.banner().is_some_and(|banner| banner.text.contains("1 unsaved change kept"))
    });
    blocker.execute_batch("ROLLBACK").unwrap();
    assert_eq!(running.workers.shut_down(), None, "the change is saved at shutdown");
    assert!(
        ReadConnection::open(&location)
            .unwrap()
            .load_entry(EntryId(1))
            .unwrap()
            .unwrap()
            .state
            .starred
    );
}

#[test]
fn waiting_change_that_fails_for_good_does_not_hold_up_the_next() {
    let (folder, location) = library_in_folder();
    let mut running = RunningApp::start(&location, &[]);
    for name in ["one", "two"] {
        let news = folder.path().join(name);
        fs::create_dir(&news).unwrap();
        write_article(&news, "a.txt", name);
        running.subscribe_folder(&news);
    }
    running.run_until(|app| app.entry_list.len() == 2 && app.jobs.refresh_progress().is_none());
    let feeds = ReadConnection::open(&location).unwrap().list_feeds().unwrap();
    let definition = |url: &str| {
        let network = FeedNetwork::Unknown;
        Box::new(FeedDefinition {
            url: url.to_owned(),
            network,
            subscription: Subscription::default(),
        })
    };
    // The other feed has this address already.
    let (before, after) = (definition(&feeds[0].url), definition(&feeds[1].url));
    let impossible = Change::Address { feed: feeds[0].id, before, after };

    let blocker = rusqlite::Connection::open(location.database_path()).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    running.dispatch(StoreWrite::ApplyChange(impossible).into());
    running.dispatch(StoreWrite::ApplyChange(Change::set_starred(&[EntryId(1)], true)).into());
    running.run_until(|app| {
        app.notices.banner().is_some_and(|banner| banner.text.contains("2 unsaved"))
    });
    blocker.execute_batch("ROLLBACK").unwrap();
    running.dispatch(Effect::FinishWrites.into());
    running.run_until(|app| {
        app.notices.failures().any(|failure| failure.summary.contains("could not"))
    });
    assert_eq!(running.workers.shut_down(), None, "nothing is left unsaved");
    let entry = ReadConnection::open(&location).unwrap().load_entry(EntryId(1)).unwrap().unwrap();
    assert!(entry.state.starred);
}

/// A network in which some hosts answer only when the test lets them.
struct GatedNetwork(Vec<(&'static str, Mutex<Receiver<()>>)>);

impl Fetch for GatedNetwork {
    fn fetch(&self, request: &FetchRequest, _: &FetchLimits) -> Result<FetchResponse, FetchError> {
        let gate = self.0.iter().find(|(host, _)| request.url.contains(host));
        gate.map(|(_, gate)| gate.lock().unwrap().recv());
        if request.url.contains("broken") {
            let problem = FetchProblem::Other("the server is broken".to_owned());
            return Err(FetchError { host: "broken.example".to_owned(), problem });
        }
        let body = format!(
            "<rss version='2.0'><channel><title>Harbour</title><item><title>News of {0}</title>\
             <guid>{0}</guid></item></channel></rss>",
            request.url
        );
        Ok(FetchResponse::from_body(&request.url, body.into_bytes(), false))
    }
}

#[test]
fn refresh_shows_articles_while_another_feed_hangs() {
    let (_folder, location) = library_in_folder();
    let mut store = WriteConnection::open(&location).unwrap();
    for host in ["north", "hanging", "late", "south"] {
        let url = format!("http://{host}.example/feed");
        store.subscribe(FeedKind::Web, &url, host, &Subscription::default()).unwrap();
    }
    drop(store);
    let ((hanging, hanging_gate), (late, late_gate)) = (channel(), channel());
    let gates = vec![("hanging", Mutex::new(hanging_gate)), ("late", Mutex::new(late_gate))];
    let sources = FeedSources { http: Arc::new(GatedNetwork(gates)), ..FeedSources::offline() };
    let mut running = RunningApp::start_with_sources(&location, &[], sources);
    running.run_until(|app| app.entry_list.len() == 2);
    running.run_until(|app| app.jobs.refresh_progress().is_some());
    drop(late);
    running.run_until(|app| app.entry_list.len() == 3);
    drop(hanging);
    running.run_until(|app| app.entry_list.len() == 4);
}

#[test]
fn failure_shows_while_another_feed_hangs() {
    let (_folder, location) = library_in_folder();
    let mut store = WriteConnection::open(&location).unwrap();
    let mut subscribe = |host: &str| {
        let url = format!("http://{host}.example/feed");
        store.subscribe(FeedKind::Web, &url, host, &Subscription::default()).unwrap().feed
    };
    let (broken, hanging) = (subscribe("broken"), subscribe("hanging"));
    drop(store);
    let (gate_sender, gate) = channel();
    let network = GatedNetwork(vec![("hanging", Mutex::new(gate))]);
    let sources = FeedSources { http: Arc::new(network), ..FeedSources::offline() };
    let mut running = RunningApp::start_with_sources(&location, &[], sources);
    running.run_until(|app| {
        let state = |feed| app.sidebar.feed(feed).map(Feed::state_text).unwrap_or_default();
        state(broken).contains("the server is broken")
            && state(hanging) == "not refreshed yet"
            && app.jobs.is_refreshing(hanging)
            && !app.jobs.is_refreshing(broken)
    });
    assert_eq!(running.app.notices.failures().count(), 1);
    drop(gate_sender);
    running.run_until(|app| app.entry_list.len() == 1 && app.jobs.refresh_progress().is_none());
    assert!(!running.app.jobs.is_refreshing(hanging));
    assert_eq!(running.app.notices.failures().count(), 1, "the end lists no failure twice");
}

/// A network with one article, and a feed that is not found.
struct ArticleNetwork;

impl Fetch for ArticleNetwork {
    fn fetch(&self, request: &FetchRequest, _: &FetchLimits) -> Result<FetchResponse, FetchError> {
        let text = "The bridge opened again after a repair that took two years. ".repeat(20);
        let page = format!(
            "<html><head><title>The bridge</title></head><body><article><h1>The bridge</h1>\
             <p>{text}</p></article></body></html>"
        );
        Ok(FetchResponse::from_body(&request.url, page.into_bytes(), false))
    }
}

#[test]
fn page_that_is_saved_in_the_reader_becomes_an_article() {
    let (_folder, location) = library_in_folder();
    let sources = FeedSources { http: Arc::new(ArticleNetwork), ..FeedSources::offline() };
    let mut running = RunningApp::start_with_sources(&location, &[], sources);
    running.dispatch(Effect::SavePage("bridge.example/article".to_owned()).into());
    running.run_until(|app| app.entry_list.row(0).is_some_and(|row| row.title == "The bridge"));
    running.run_until(|app| {
        app.notices.current().is_some_and(|notice| notice.text == "Saved “The bridge”")
    });
    running.dispatch(Effect::SavePage("nowhere".to_owned()).into());
    running
        .run_until(|app| app.notices.failures().any(|failure| failure.summary.contains("nowhere")));
}

#[test]
fn reader_shows_changes_of_other_instance() {
    let (folder, location) = library_in_folder();
    let articles = folder.path().join("articles");
    fs::create_dir(&articles).unwrap();
    write_article(&articles, "a.txt", "An article of ours");
    let mut running = RunningApp::start(&location, &[]);
    running.subscribe_folder(&articles);
    running.run_until(|app| app.entry_list.row(0).is_some());
    let id = running.app.entry_list.ids()[0];

    let mut other = WriteConnection::open(&location).unwrap();
    other.apply_change(&Change::set_starred(&[id], true), now().at).unwrap();
    running.run_until(|app| app.entry_list.row(0).is_some_and(|row| row.state.starred));
    other.undo().unwrap();
    running.run_until(|app| app.entry_list.row(0).is_some_and(|row| !row.state.starred));
}

#[test]
fn refresh_waits_while_other_instance_writes() {
    let (folder, location) = library_in_folder();
    let articles = folder.path().join("articles");
    fs::create_dir(&articles).unwrap();
    let mut running = RunningApp::start(&location, &[]);
    running.subscribe_folder(&articles);
    running.run_until(|app| app.sidebar.data().feeds.len() == 1);
    write_article(&articles, "a.txt", "An article that waits");
    let other = rusqlite::Connection::open(location.database_path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    running.dispatch(Effect::Refresh(RefreshScope::All).into());
    running.run_until(|app| {
        app.notices.banner().is_some_and(|banner| banner.text.contains("the refresh waits"))
    });
    other.execute_batch("COMMIT").unwrap();
    running.run_until(|app| app.entry_list.len() == 1);
}
