//! Refreshing feeds from a server: what comes in once, what stays, and what one bad feed costs.

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
    app::{RefreshSummary, SearchRequest},
    model::{
        Change, Feed, FeedHealth, FeedId, FeedKind, FullTextPolicy, RefreshScope, Subscription,
        View, ViewScope,
    },
    net::{
        Fetch, FetchError, FetchLimits, FetchProblem, FetchRequest, FetchResponse, HttpClient,
        HttpOptions,
    },
    runtime::{FeedSources, RefreshOutput, refresh_library, search_once},
    store::{LibraryLocation, ReadConnection, WriteConnection},
};

use crate::support::server::{Answer, Server};

/// Hours that the clock of feeds is from now in these tests.
const EVERY: TimeDelta = TimeDelta::hours(1);

struct Library {
    store: WriteConnection,
    reader: ReadConnection,
    location: LibraryLocation,
    sources: FeedSources,
}

impl Library {
    fn new(name: &str) -> Library {
        let location = LibraryLocation::Memory(format!("refreshing-{name}"));
        let store = WriteConnection::open(&location).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let fetch: Arc<dyn Fetch> = Arc::new(HttpClient::new(&HttpOptions::default()).unwrap());
        let sources =
            FeedSources { http: fetch, default_interval: EVERY, ..FeedSources::offline() };
        Library { store, reader, location, sources }
    }

    fn follow(&mut self, url: &str) -> FeedId {
        self.store.subscribe(FeedKind::Web, url, url, &Subscription::default()).unwrap().0
    }

    fn refresh(&mut self, scope: RefreshScope) -> RefreshSummary {
        let store = &mut self.store;
        let mut take = |arrived| {
            match arrived {
                RefreshOutput::FeedUpdates(news) => drop(store.ingest_feed_updates(&news).unwrap()),
                RefreshOutput::FullText(page) => page.save(store).unwrap(),
                RefreshOutput::FolderBatch(batch) => {
                    store.ingest_batch(&batch, Utc::now()).unwrap();
                }
                _ => {}
            }
            true
        };
        refresh_library(&self.location, &self.sources, scope, &AtomicBool::new(false), &mut take)
    }

    fn feed(&self, id: FeedId) -> Feed {
        self.reader.list_feeds().unwrap().into_iter().find(|feed| feed.id == id).unwrap()
    }

    fn titles(&self) -> Vec<String> {
        let view = View { scope: ViewScope::All, ..View::default() };
        let ids = self.reader.list_entry_ids(&view, 0, &[], 1000).unwrap();
        self.reader.load_entries(&ids).unwrap().into_iter().map(|entry| entry.title).collect()
    }

    fn problem(&self, id: FeedId) -> String {
        match self.feed(id).health {
            FeedHealth::Healthy => String::new(),
            FeedHealth::Failing(sentence) => sentence,
        }
    }
}

/// A feed of entries with these numbers, the first the newest.
fn rss(numbers: impl IntoIterator<Item = u32>) -> String {
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
fn a_feed_is_read_once_and_then_asked_whether_it_has_changed() {
    let body = Arc::new(Mutex::new(("\"1\"".to_owned(), rss([2, 1]))));
    let document = Arc::clone(&body);
    let server = Server::start(move |asked| {
        let (tag, text) = document.lock().unwrap().clone();
        if asked.headers.get("if-none-match") == Some(&tag) {
            return Answer::status(304).with("Cache-Control", "max-age=18000");
        }
        Answer::ok(text).with("ETag", &tag)
    });
    let mut library = Library::new("once");
    let feed = library.follow(&server.url("/feed"));
    assert_eq!(library.refresh(RefreshScope::All).new_entries, 2);
    assert_eq!(library.titles(), ["Story 2", "Story 1"]);
    assert_eq!(library.feed(feed).display_name(), "Evening Post");
    assert_eq!(library.refresh(RefreshScope::All).new_entries, 0);
    let clock = library.feed(feed).refresh_state;
    assert_eq!(
        (clock.next_check.unwrap() - clock.last_checked.unwrap()).num_hours(),
        5,
        "max-age counts"
    );
    assert_eq!(library.refresh(RefreshScope::Due).requested_feeds, 0, "it is not due");
    *body.lock().unwrap() = ("\"2\"".to_owned(), rss([3, 2, 1]));
    assert_eq!(library.refresh(RefreshScope::All).new_entries, 1);
    assert_eq!(library.titles(), ["Story 3", "Story 2", "Story 1"]);
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn an_edited_article_keeps_its_star_and_its_older_version() {
    let body = Arc::new(Mutex::new(rss([1])));
    let document = Arc::clone(&body);
    let server = Server::start(move |_| Answer::ok(document.lock().unwrap().clone()));
    let mut library = Library::new("edited");
    library.follow(&server.url("/feed"));
    library.refresh(RefreshScope::All);
    let view = View { scope: ViewScope::All, ..View::default() };
    let ids = library.reader.list_entry_ids(&view, 0, &[], 1000).unwrap();
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
fn entries_are_the_same_at_https_and_under_new_ids() {
    let body = Arc::new(Mutex::new(rss([1, 2])));
    let document = Arc::clone(&body);
    let server = Server::start(move |_| Answer::ok(document.lock().unwrap().clone()));
    let mut library = Library::new("same");
    let first = library.follow(&server.url("/a"));
    let second = library.follow(&server.url("/b"));
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
fn a_feed_that_has_moved_for_good_gets_its_new_address_at_the_third_time() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/old" => Answer::status(301).with("Location", "/new"),
        "/today" => Answer::status(302).with("Location", "/new"),
        _ => Answer::ok(rss([1])),
    });
    let mut library = Library::new("moved");
    let (old, today) = (library.follow(&server.url("/old")), library.follow(&server.url("/today")));
    for expected in ["/old", "/old", "/new"] {
        library.refresh(RefreshScope::All);
        assert_eq!(library.feed(old).url, server.url(expected));
    }
    assert_eq!(library.feed(today).url, server.url("/today"));
}

#[test]
fn who_says_later_or_never_is_left_alone() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/busy" => Answer::status(429).with("Retry-After", "7200"),
        "/gone" => Answer::status(410),
        _ => Answer::status(404),
    });
    let mut library = Library::new("later");
    let [busy, gone, missing] =
        ["/busy", "/gone", "/missing"].map(|path| library.follow(&server.url(path)));
    assert_eq!(library.refresh(RefreshScope::All).failures.len(), 3);
    assert_eq!(library.problem(busy), "the server has been asked too often (429)");
    assert!(library.problem(gone).contains("410"));
    assert!(library.feed(gone).refresh_state.stopped);
    let clock = library.feed(busy).refresh_state;
    assert_eq!((clock.not_before.unwrap() - clock.last_checked.unwrap()).num_hours(), 2);
    assert!(library.problem(missing).contains("404"));
    assert_eq!(
        library.refresh(RefreshScope::All).requested_feeds,
        1,
        "only the one that was missing"
    );
    assert_eq!(library.feed(missing).refresh_state.consecutive_failures, 2);
    assert_eq!(
        library.refresh(RefreshScope::One(gone)).requested_feeds,
        1,
        "unless it is asked for by name"
    );
}

#[test]
fn one_bad_feed_costs_one_line() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/page" => Answer::ok("<html><body>Welcome</body></html>"),
        "/status" => Answer::Raw(b"garbage\r\n\r\n".to_vec()),
        "/cut" => Answer::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss>".to_vec()),
        "/error" => Answer::status(500),
        "/charset" => Answer::ok(
            b"<rss><channel><item><title>caf\xe9 du port</title></item></channel></rss>".to_vec(),
        )
        .with("Content-Type", "text/xml; charset=utf-8"),
        "/large" => Answer::Endless(
            b"HTTP/1.1 200 OK\r\n\r\n<rss><channel>".to_vec(),
            b"<item><title>x</title></item>".repeat(500),
        ),
        _ => Answer::ok(rss([1])),
    });
    let mut library = Library::new("bad");
    let paths = ["/page", "/status", "/cut", "/error", "/charset", "/large", "/good"];
    let feeds = paths.map(|path| library.follow(&server.url(path)));
    let summary = library.refresh(RefreshScope::All);
    assert_eq!(summary.failures.len(), 5, "{:?}", summary.failures);
    let problems = feeds.map(|feed| library.problem(feed));
    for (problem, words) in
        problems.iter().zip(["web page", "HTTP", "middle", "problem (500)", "", "16 MiB", ""])
    {
        assert!(problem.contains(words), "{problem}");
    }
    assert!(library.titles().contains(&"café du port".to_owned()));
    assert!(library.titles().contains(&"Story 1".to_owned()));
}

/// No network at all.
struct Unplugged(AtomicUsize);

impl Fetch for Unplugged {
    fn fetch(&self, _: &FetchRequest, _: &FetchLimits) -> Result<FetchResponse, FetchError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(FetchError { host: "anywhere".to_owned(), problem: FetchProblem::NoNetwork })
    }
}

#[test]
fn without_a_network_nobody_is_at_fault() {
    let mut library = Library::new("offline");
    let feeds: Vec<FeedId> = (0..40)
        .map(|number| library.follow(&format!("http://host{number}.example/feed")))
        .collect();
    let asked = Arc::new(Unplugged(AtomicUsize::new(0)));
    library.sources.http = Arc::clone(&asked) as Arc<dyn Fetch>;
    let summary = library.refresh(RefreshScope::All);
    assert!(summary.is_offline && summary.failures.is_empty(), "{summary:?}");
    assert!(asked.0.load(Ordering::SeqCst) < 40, "the rest is not even tried");
    assert!(feeds.iter().all(|feed| library.feed(*feed).refresh_state.consecutive_failures == 0));
}

#[test]
fn muted_feeds_come_in_read_and_paused_ones_not_at_all() {
    let server = Server::start(|_| Answer::ok(rss([1])));
    let mut library = Library::new("muted");
    let how = |muted, paused| Subscription { muted, paused, ..Subscription::default() };
    let muted = library
        .store
        .subscribe(FeedKind::Web, &server.url("/m"), "m", &how(true, false))
        .unwrap()
        .0;
    let paused = library
        .store
        .subscribe(FeedKind::Web, &server.url("/p"), "p", &how(false, true))
        .unwrap()
        .0;
    library.refresh(RefreshScope::All);
    assert_eq!((library.feed(muted).entry_count, library.feed(muted).unread_count), (1, 0));
    assert_eq!(library.feed(paused).entry_count, 0);
}

#[test]
fn no_host_is_asked_more_than_twice_at_once() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (running, record) = (Arc::clone(&now), Arc::clone(&most));
    let server = Server::start(move |_| {
        record.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::yield_now();
        running.fetch_sub(1, Ordering::SeqCst);
        Answer::ok(rss([1]))
    });
    let mut library = Library::new("polite");
    for number in 0..40 {
        library.follow(&server.url(&format!("/{number}")));
    }
    assert_eq!(library.refresh(RefreshScope::All).new_entries, 40);
    assert!(most.load(Ordering::SeqCst) <= 2);
}

/// Killed at any moment, the next refresh brings everything, and nothing twice.
#[test]
fn a_refresh_that_is_killed_loses_nothing() {
    const FEEDS: usize = 8;
    let folder = tempfile::tempdir().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let (alarm, alarms) = std::sync::mpsc::channel();
    let (count, alarm) = (Arc::clone(&asked), Mutex::new(alarm));
    let round = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&round);
    let server = Server::start(move |asked| {
        let (round, count) = (now.load(Ordering::SeqCst), count.fetch_add(1, Ordering::SeqCst));
        if count == round % FEEDS {
            let _ = alarm.lock().unwrap().send(());
        }
        let newest = u32::try_from(round).unwrap() + 1;
        let tag = format!("\"{newest}\"");
        match asked.headers.get("if-none-match") {
            Some(known) if *known == tag => Answer::status(304),
            _ => Answer::ok(rss((1..=newest).rev())).with("ETag", &tag),
        }
    });
    let location = LibraryLocation::Folder(folder.path().to_owned());
    let mut store = WriteConnection::open(&location).unwrap();
    for number in 0..FEEDS {
        let url = server.url(&format!("/{number}"));
        store.subscribe(FeedKind::Web, &url, &url, &Subscription::default()).unwrap();
    }
    drop(store);
    let program = |stdout| {
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
        asked.store(0, Ordering::SeqCst);
        let mut child = program(Stdio::null()).spawn().unwrap();
        // The alarm is somewhere in the middle of the refresh; if it ends before, there is nothing to kill.
        let _ = alarms.recv_timeout(std::time::Duration::from_secs(10));
        let _ = child.kill();
        child.wait().unwrap();
    }
    assert!(program(Stdio::null()).status().unwrap().success());
    let reader = ReadConnection::open(&location).unwrap();
    for feed in reader.list_feeds().unwrap() {
        assert_eq!(feed.entry_count, 50, "{}", feed.url);
    }
    assert!(reader.check_integrity().unwrap().is_empty());
}

#[test]
fn what_is_always_wanted_in_full_comes_with_the_refresh() {
    let paragraph =
        "The ferry that took its place was never on time, as everybody who crosses knows. "
            .repeat(8);
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/feed" => {
            let item = |n: u8| {
                format!(
                    "<item><guid>{n}</guid><title>Story {n}</title><link>/page/{n}</link></item>"
                )
            };
            Answer::ok(format!(
                "<rss><channel><title>Post</title>{}{}</channel></rss>",
                item(2),
                item(1)
            ))
        }
        "/page/1" => Answer::ok(format!(
            "<html><body><article><p>Zeppelin.</p><p>{paragraph}</p></article></body></html>"
        ))
        .with("Content-Type", "text/html"),
        _ => Answer::status(404),
    });
    let mut library = Library::new("in-full");
    let feed = library.follow(&server.url("/feed"));
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
    let view = View { scope: ViewScope::All, filter: "zeppelin".to_owned(), ..View::default() };
    let found = search_once(
        &library.reader,
        &SearchRequest { view, row_count: 5, ..SearchRequest::default() },
    )
    .unwrap()
    .ids;
    assert_eq!(found.len(), 1, "the full text is searched");
    assert!(library.reader.load_full_text(found[0]).unwrap().unwrap().html.contains("ferry"));
    let asked = server.asked().len();
    library.refresh(RefreshScope::All);
    assert_eq!(server.asked().len(), asked + 1, "pages are fetched with what is new");
}
