//! Refreshing feeds from a local server: new, changed and moved entries, schedules and failures.

use std::{
    fmt::Write as _,
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use chrono::{TimeDelta, Utc};
use newsreader::{
    library::{FeedSources, RefreshOutput, WorkMarks, refresh_library, search_once, store_output},
    model::{
        Change, Feed, FeedHealth, FeedId, FeedKind, FullTextPolicy, KeptEntries, ListDefinition,
        RefreshScope, RefreshSummary, SearchRequest, Subscription, ViewScope,
    },
    net::{
        Fetch, FetchError, FetchLimits, FetchProblem, FetchRequest, FetchResponse, HttpClient,
        HttpOptions,
    },
    store::{LibraryLocation, ReadConnection, WriteConnection},
};

use crate::support::server::{Server, TestResponse};

/// Time between two refreshes of a feed whose publisher gives no hint.
const DEFAULT_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// A library whose feeds are refreshed from a local server.
pub struct FeedLibrary {
    pub store: WriteConnection,
    pub reader: ReadConnection,
    pub location: LibraryLocation,
    pub sources: FeedSources,
}

impl FeedLibrary {
    pub fn new(name: &str) -> FeedLibrary {
        FeedLibrary::with_client(name, HttpClient::new(&HttpOptions::default()).unwrap())
    }

    pub fn with_client(name: &str, client: HttpClient) -> FeedLibrary {
        let location = LibraryLocation::Memory(format!("refresh-{name}"));
        let store = WriteConnection::open(&location).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let fetch: Arc<dyn Fetch> = Arc::new(client);
        let sources = FeedSources {
            http: fetch,
            default_interval: DEFAULT_INTERVAL,
            ..FeedSources::offline()
        };
        FeedLibrary { store, reader, location, sources }
    }

    pub fn subscribe(&mut self, url: &str) -> FeedId {
        self.store.subscribe(FeedKind::Web, url, url, &Subscription::default()).unwrap().feed
    }

    pub fn refresh(&mut self, scope: RefreshScope) -> RefreshSummary {
        let store = &mut self.store;
        let mut write_output = |output| {
            if let RefreshOutput::Write(write) = output {
                store_output(store, &write, Utc::now()).unwrap();
            }
            true
        };
        refresh_library(
            &self.location,
            &self.sources,
            &WorkMarks::new(&self.location),
            scope,
            &Arc::new(AtomicBool::new(false)),
            &mut write_output,
        )
    }

    pub fn feed(&self, id: FeedId) -> Feed {
        self.reader.list_feeds().unwrap().into_iter().find(|feed| feed.id == id).unwrap()
    }

    fn titles(&self) -> Vec<String> {
        let list = ListDefinition { scope: ViewScope::All, ..ListDefinition::default() };
        let ids = self.reader.list_entry_ids(&list, 0, &KeptEntries::default(), 1000).unwrap();
        self.reader.load_entries(&ids).unwrap().into_iter().map(|entry| entry.title).collect()
    }

    pub fn health_message(&self, id: FeedId) -> String {
        match self.feed(id).health {
            FeedHealth::Healthy => String::new(),
            FeedHealth::Failing(sentence) => sentence,
        }
    }
}

/// Returns an RSS document with one story per number, published in the order of the numbers.
pub fn rss_document(numbers: impl IntoIterator<Item = u32>) -> String {
    let mut text = String::from("<rss version='2.0'><channel><title>Evening Post</title>");
    for number in numbers {
        write!(
            text,
            "<item><title>Story {number}</title><guid isPermaLink='false'>{number}</guid>
             <link>https://post.example/{number}</link><description>Text of {number}</description>
             <pubDate>{}</pubDate></item>",
            (Utc::now() - TimeDelta::minutes(i64::from(9_999 - number))).to_rfc2822()
        )
        .unwrap();
    }
    text + "</channel></rss>"
}

#[test]
fn refresh_sends_etag_and_respects_max_age() {
    let body = Arc::new(Mutex::new(("\"1\"".to_owned(), rss_document([2, 1]))));
    let document = Arc::clone(&body);
    let server = Server::start(move |request| {
        let (tag, text) = document.lock().unwrap().clone();
        if request.headers.get("if-none-match") == Some(&tag) {
            return TestResponse::status(304).with("Cache-Control", "max-age=18000");
        }
        TestResponse::ok(text).with("ETag", &tag)
    });
    let mut library = FeedLibrary::new("once");
    let feed = library.subscribe(&server.url("/feed"));
    assert_eq!(library.refresh(RefreshScope::All).new_entries, 2);
    assert_eq!(library.titles(), ["Story 2", "Story 1"]);
    assert_eq!(library.feed(feed).display_name(), "Evening Post");
    assert_eq!(library.refresh(RefreshScope::All).new_entries, 0);
    let schedule = library.feed(feed).refresh_state;
    assert_eq!(
        (schedule.next_check.unwrap() - schedule.last_checked.unwrap()).num_hours(),
        5,
        "max-age counts"
    );
    assert_eq!(library.refresh(RefreshScope::Due).requested_feeds, 0, "it is not due");
    *body.lock().unwrap() = ("\"2\"".to_owned(), rss_document([3, 2, 1]));
    assert_eq!(library.refresh(RefreshScope::All).new_entries, 1);
    assert_eq!(library.titles(), ["Story 3", "Story 2", "Story 1"]);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn edited_article_keeps_star_and_older_version() {
    let body = Arc::new(Mutex::new(rss_document([1])));
    let document = Arc::clone(&body);
    let server = Server::start(move |_| TestResponse::ok(document.lock().unwrap().clone()));
    let mut library = FeedLibrary::new("edited");
    library.subscribe(&server.url("/feed"));
    library.refresh(RefreshScope::All);
    let list = ListDefinition { scope: ViewScope::All, ..ListDefinition::default() };
    let ids = library.reader.list_entry_ids(&list, 0, &KeptEntries::default(), 1000).unwrap();
    library.store.apply_change(&Change::set_starred(&ids, true), Utc::now()).unwrap();
    let edited = body.lock().unwrap().replace("Text of 1", "Corrected text");
    *body.lock().unwrap() = edited;
    let summary = library.refresh(RefreshScope::All);
    assert_eq!((summary.new_entries, summary.changed_entries), (0, 1));
    let entry = library.reader.load_entry(ids[0]).unwrap().unwrap();
    assert!(entry.state.starred);
    assert_eq!(library.reader.load_body(ids[0]).unwrap().unwrap().text, "Corrected text");
    let versions = library.reader.list_versions(ids[0]).unwrap();
    assert_eq!(versions.len(), 1);
    assert_eq!(versions[0].body.text, "Text of 1");
}

#[test]
fn refresh_recognizes_entries_with_changed_guids_and_links() {
    let body = Arc::new(Mutex::new(rss_document([1, 2])));
    let document = Arc::clone(&body);
    let server = Server::start(move |_| TestResponse::ok(document.lock().unwrap().clone()));
    let mut library = FeedLibrary::new("same");
    let first = library.subscribe(&server.url("/a"));
    let second = library.subscribe(&server.url("/b"));
    assert_eq!(
        library.refresh(RefreshScope::All).new_entries,
        4,
        "the same guid in two feeds is two entries"
    );
    let moved = body
        .lock()
        .unwrap()
        .replace("isPermaLink='false'>", ">https://post.example/id/")
        .replace("https://post.example/1<", "http://www.post.example/1/?utm_source=feed<");
    *body.lock().unwrap() = moved;
    assert_eq!(library.refresh(RefreshScope::All).new_entries, 0);
    assert_eq!((library.feed(first).entry_count, library.feed(second).entry_count), (2, 2));
}

#[test]
fn responses_without_content_are_no_failures() {
    let count = Arc::new(AtomicUsize::new(0));
    let requests = Arc::clone(&count);
    let server = Server::start(move |request| {
        let is_first = requests.fetch_add(1, Ordering::SeqCst) < 3;
        match request.path.as_str() {
            "/never" => TestResponse::ok(""),
            _ if is_first => TestResponse::ok(rss_document([1])),
            "/204" => TestResponse::status(204),
            _ => TestResponse::ok(""),
        }
    });
    let mut library = FeedLibrary::new("without content");
    let [no_content, empty, never] =
        ["/204", "/empty", "/never"].map(|path| library.subscribe(&server.url(path)));
    for _ in 0..3 {
        library.refresh(RefreshScope::All);
    }
    for feed in [no_content, empty] {
        assert_eq!(
            (library.health_message(feed).as_str(), library.feed(feed).entry_count),
            ("", 1)
        );
    }
    assert!(library.health_message(never).contains("empty"), "{}", library.health_message(never));
    assert_eq!(count.load(Ordering::SeqCst), 9);
}

#[test]
fn refresh_waits_after_429_and_stops_feed_on_410() {
    let server = Server::start(|request| match request.path.as_str() {
        "/busy" => TestResponse::status(429).with("Retry-After", "7200"),
        "/gone" => TestResponse::status(410),
        _ => TestResponse::status(404),
    });
    let mut library = FeedLibrary::new("later");
    let [busy, gone, missing] =
        ["/busy", "/gone", "/missing"].map(|path| library.subscribe(&server.url(path)));
    assert_eq!(library.refresh(RefreshScope::All).failures.len(), 3);
    assert_eq!(library.health_message(busy), "the server has been asked too often (429)");
    assert!(library.health_message(gone).contains("410"));
    assert!(library.feed(gone).refresh_state.stopped);
    let schedule = library.feed(busy).refresh_state;
    assert_eq!((schedule.not_before.unwrap() - schedule.last_checked.unwrap()).num_hours(), 2);
    assert!(library.health_message(missing).contains("404"));
    assert_eq!(
        library.refresh(RefreshScope::All).requested_feeds,
        1,
        "only the missing one is due"
    );
    assert_eq!(library.feed(missing).refresh_state.consecutive_failures, 2);
    assert_eq!(
        library.refresh(RefreshScope::One(gone)).requested_feeds,
        1,
        "a refresh of one feed ignores its schedule"
    );
}

#[test]
fn refresh_reports_one_failure_per_bad_feed() {
    let server = Server::start(|request| match request.path.as_str() {
        "/page" => TestResponse::ok("<html><body>Welcome</body></html>"),
        "/status" => TestResponse::Raw(b"garbage\r\n\r\n".to_vec()),
        "/cut" => {
            TestResponse::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss>".to_vec())
        }
        "/error" => TestResponse::status(500),
        "/charset" => TestResponse::ok(
            b"<rss><channel><item><title>caf\xe9 du port</title></item></channel></rss>".to_vec(),
        )
        .with("Content-Type", "text/xml; charset=utf-8"),
        "/large" => TestResponse::Endless(
            b"HTTP/1.1 200 OK\r\n\r\n<rss><channel>".to_vec(),
            b"<item><title>x</title></item>".repeat(500),
        ),
        _ => TestResponse::ok(rss_document([1])),
    });
    let mut library = FeedLibrary::new("bad");
    let paths = ["/page", "/status", "/cut", "/error", "/charset", "/large", "/good"];
    let feeds = paths.map(|path| library.subscribe(&server.url(path)));
    let summary = library.refresh(RefreshScope::All);
    assert_eq!(summary.failures.len(), 5, "{:?}", summary.failures);
    let messages = feeds.map(|feed| library.health_message(feed));
    for (message, words) in
        messages.iter().zip(["web page", "HTTP", "middle", "problem (500)", "", "16 MiB", ""])
    {
        assert!(message.contains(words), "{message}");
    }
    assert!(library.titles().contains(&"café du port".to_owned()));
    assert!(library.titles().contains(&"Story 1".to_owned()));
}

/// A client without a network; counts the requests.
struct DisconnectedClient(AtomicUsize);

impl Fetch for DisconnectedClient {
    fn fetch(&self, _: &FetchRequest, _: &FetchLimits) -> Result<FetchResponse, FetchError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(FetchError { host: "anywhere".to_owned(), problem: FetchProblem::NoNetwork })
    }
}

#[test]
fn refresh_without_network_blames_no_feed() {
    let mut library = FeedLibrary::new("offline");
    let feeds: Vec<FeedId> = (0..40)
        .map(|number| library.subscribe(&format!("http://host{number}.example/feed")))
        .collect();
    let client = Arc::new(DisconnectedClient(AtomicUsize::new(0)));
    library.sources.http = Arc::clone(&client) as Arc<dyn Fetch>;
    let summary = library.refresh(RefreshScope::All);
    assert!(summary.is_offline && summary.failures.is_empty(), "{summary:?}");
    assert!(client.0.load(Ordering::SeqCst) < 40, "the rest is not tried");
    assert!(feeds.iter().all(|feed| library.feed(*feed).refresh_state.consecutive_failures == 0));
}

#[test]
fn refresh_marks_muted_entries_read_and_skips_paused_feeds() {
    let server = Server::start(|_| TestResponse::ok(rss_document([1])));
    let mut library = FeedLibrary::new("muted");
    let subscription = |muted, paused| Subscription { muted, paused, ..Subscription::default() };
    let muted = library
        .store
        .subscribe(FeedKind::Web, &server.url("/m"), "m", &subscription(true, false))
        .unwrap()
        .feed;
    let paused = library
        .store
        .subscribe(FeedKind::Web, &server.url("/p"), "p", &subscription(false, true))
        .unwrap()
        .feed;
    library.refresh(RefreshScope::All);
    assert_eq!((library.feed(muted).entry_count, library.feed(muted).unread_count), (1, 0));
    assert_eq!(library.feed(paused).entry_count, 0);
}

#[test]
fn refresh_sends_at_most_two_requests_per_host_at_once() {
    let (running, peak) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (running_now, recorded_peak) = (Arc::clone(&running), Arc::clone(&peak));
    let server = Server::start(move |_| {
        recorded_peak.fetch_max(running_now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::yield_now();
        running_now.fetch_sub(1, Ordering::SeqCst);
        TestResponse::ok(rss_document([1]))
    });
    let mut library = FeedLibrary::new("polite");
    for number in 0..40 {
        library.subscribe(&server.url(&format!("/{number}")));
    }
    assert_eq!(library.refresh(RefreshScope::All).new_entries, 40);
    assert!(peak.load(Ordering::SeqCst) <= 2);
}

/// A refresh is killed fifty times at different moments; the next one brings every entry once.
#[test]
fn killed_refresh_loses_nothing() {
    const FEED_COUNT: usize = 8;
    let folder = tempfile::tempdir().unwrap();
    let request_count = Arc::new(AtomicUsize::new(0));
    let (alarm, alarms) = std::sync::mpsc::channel();
    let (count, alarm) = (Arc::clone(&request_count), Mutex::new(alarm));
    let round = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&round);
    let server = Server::start(move |request| {
        let (round, count) = (now.load(Ordering::SeqCst), count.fetch_add(1, Ordering::SeqCst));
        if count == round % FEED_COUNT {
            let _ = alarm.lock().unwrap().send(());
        }
        let newest = u32::try_from(round).unwrap() + 1;
        let tag = format!("\"{newest}\"");
        match request.headers.get("if-none-match") {
            Some(known) if *known == tag => TestResponse::status(304),
            _ => TestResponse::ok(rss_document((1..=newest).rev())).with("ETag", &tag),
        }
    });
    let location = LibraryLocation::Folder(folder.path().to_owned());
    let mut store = WriteConnection::open(&location).unwrap();
    for number in 0..FEED_COUNT {
        let url = server.url(&format!("/{number}"));
        store.subscribe(FeedKind::Web, &url, &url, &Subscription::default()).unwrap();
    }
    drop(store);
    let refresh_command = |stdout| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_newsreader"));
        command
            .arg("--library")
            .arg(folder.path())
            .arg("refresh")
            .stdout(stdout)
            .stderr(Stdio::null());
        command
    };
    for number in 0..50 {
        round.store(number, Ordering::SeqCst);
        request_count.store(0, Ordering::SeqCst);
        let mut child = refresh_command(Stdio::null()).spawn().unwrap();
        // The alarm comes in the middle of the refresh. If the refresh ends earlier, there is
        // nothing to kill.
        let _ = alarms.recv_timeout(std::time::Duration::from_secs(10));
        let _ = child.kill();
        child.wait().unwrap();
    }
    assert!(refresh_command(Stdio::null()).status().unwrap().success());
    let reader = ReadConnection::open(&location).unwrap();
    for feed in reader.list_feeds().unwrap() {
        assert_eq!(feed.entry_count, 50, "{}", feed.url);
    }
    assert!(reader.check_integrity().unwrap().is_empty());
}

#[test]
fn refresh_fetches_full_text_of_new_entries() {
    let paragraph =
        "The ferry that took its place was never on time, as everybody who crosses knows. "
            .repeat(8);
    let server = Server::start(move |request| match request.path.as_str() {
        "/feed" => {
            let item = |n: u8| {
                format!(
                    "<item><guid>{n}</guid><title>Story {n}</title><link>/page/{n}</link></item>"
                )
            };
            TestResponse::ok(format!(
                "<rss><channel><title>Post</title>{}{}</channel></rss>",
                item(2),
                item(1)
            ))
        }
        "/page/1" => TestResponse::ok(format!(
            "<html><body><article><p>Zeppelin.</p><p>{paragraph}</p></article></body></html>"
        ))
        .with("Content-Type", "text/html"),
        _ => TestResponse::status(404),
    });
    let mut library = FeedLibrary::new("in-full");
    let feed = library.subscribe(&server.url("/feed"));
    let mut subscription = Subscription::default();
    subscription.fetch.full_text = FullTextPolicy::Always;
    library
        .store
        .apply_change(
            &Change::set_subscription(feed, Subscription::default(), subscription),
            Utc::now(),
        )
        .unwrap();
    assert_eq!(library.refresh(RefreshScope::All).new_entries, 2);
    let list = ListDefinition {
        scope: ViewScope::All,
        filter: "zeppelin".to_owned(),
        ..ListDefinition::default()
    };
    let found = search_once(
        &library.reader,
        &SearchRequest { list, row_count: 5, ..SearchRequest::default() },
    )
    .unwrap()
    .ids;
    assert_eq!(found.len(), 1, "the full text is searched");
    assert!(library.reader.load_full_text(found[0]).unwrap().unwrap().html.contains("ferry"));
    let request_count = server.requests().len();
    library.refresh(RefreshScope::All);
    assert_eq!(
        server.requests().len(),
        request_count + 1,
        "pages are fetched for new entries only"
    );
}

#[test]
fn search_finds_descriptions_of_pictures() {
    let server = Server::start(|_| {
        TestResponse::ok(
            "<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><item><guid>1</guid>
             <description>Good morning</description><media:content url='https://x.org/a.png'
             type='image/png'><media:description>A lighthouse in fog</media:description>
             </media:content></item></channel></rss>",
        )
    });
    let mut library = FeedLibrary::new("described");
    library.subscribe(&server.url("/feed"));
    library.refresh(RefreshScope::All);
    for filter in ["lighthouse", "re:light.*fog"] {
        let list = ListDefinition {
            scope: ViewScope::All,
            filter: filter.to_owned(),
            ..ListDefinition::default()
        };
        let request = SearchRequest { list, row_count: 5, ..SearchRequest::default() };
        assert_eq!(search_once(&library.reader, &request).unwrap().ids.len(), 1, "{filter}");
    }
}

/// A network with servers that make the program panic.
struct Panicking(HttpClient);

impl Fetch for Panicking {
    fn fetch(
        &self,
        request: &FetchRequest,
        limits: &FetchLimits,
    ) -> Result<FetchResponse, FetchError> {
        assert!(!request.url.contains("panic"), "a mistake of the program");
        self.0.fetch(request, limits)
    }
}

#[test]
fn refresh_panic_in_some_feeds_fails_only_those() {
    let server = Server::start(|_| TestResponse::ok(rss_document([1])));
    let mut library = FeedLibrary::new("panicking");
    library.sources.http = Arc::new(Panicking(HttpClient::new(&HttpOptions::default()).unwrap()));
    let bad: Vec<FeedId> =
        (0..3).map(|n| library.subscribe(&format!("http://host{n}.example/panic"))).collect();
    let good = library.subscribe(&server.url("/feed"));
    let summary = library.refresh(RefreshScope::All);
    assert_eq!((summary.new_entries, summary.failures.len()), (1, 3));
    assert!(!summary.is_offline);
    let expected = "the reader failed while reading this feed";
    assert!(summary.failures.iter().all(|failure| failure.summary.contains(expected)));
    for id in bad {
        let feed = library.feed(id);
        let FeedHealth::Failing(sentence) = feed.health else { panic!("it is healthy") };
        assert!(sentence.contains(expected), "{sentence}");
        assert_eq!(feed.refresh_state.consecutive_failures, 1);
    }
    assert_eq!(library.feed(good).health, FeedHealth::Healthy);
    assert_eq!(library.titles(), ["Story 1"]);
}
