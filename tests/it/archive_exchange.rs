//! Readers that take part in one archive, in memory, with feeds in an internet of the test's own.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chrono::Utc;
use newsreader::{
    archive::{Archive, ArchiveCursor, MemoryArchive},
    library::{ArchiveAccessError, ArchiveSource},
    model::{
        Change, EntryId, FeedKind, FetchOptions, KeptEntries, ListDefinition, RefreshScope,
        Subscription, SubscriptionField, SyncSummary, TagMark, TagName, ViewScope,
    },
};

use crate::{
    archive::arrivals,
    refresh::{FeedLibrary, rss_document},
    support::{
        server::{Server, TestResponse},
        stand_in::TestInternet,
    },
};

/// An archive in memory as the settings would name it.
pub struct MemorySource(pub MemoryArchive, pub u64);

impl ArchiveSource for MemorySource {
    fn address(&self) -> &'static str {
        "postgres://ann@archive.example/news"
    }

    fn newest_count(&self) -> u64 {
        self.1
    }

    fn connect(&self) -> Result<Box<dyn Archive>, ArchiveAccessError> {
        Ok(Box::new(self.0.clone()))
    }
}

/// A team with an archive, and a feed at `http://post.example/feed` whose requests are counted.
pub struct Team {
    pub archive: MemoryArchive,
    internet: TestInternet,
    requests: Arc<AtomicUsize>,
    _server: Server,
}

pub const FEED: &str = "http://post.example/feed";

impl Team {
    pub fn new() -> Team {
        // The same for all requests: its dates are those of its making.
        Team::serving(rss_document([2, 1]))
    }

    pub fn serving(document: String) -> Team {
        let internet = TestInternet::default();
        internet.name("post.example", &["93.184.216.34"]);
        internet.name("home.example", &["192.168.1.9"]);
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        let server = Server::start(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
            TestResponse::ok(document.clone())
        });
        internet.serve("93.184.216.34:80", &server);
        internet.serve("192.168.1.9:80", &server);
        Team { archive: MemoryArchive::new("owner"), internet, requests, _server: server }
    }

    /// Returns the library of a user, which takes part in the archive.
    pub fn reader(&self, name: &str, user: &str) -> FeedLibrary {
        self.reader_of_newest(name, user, 1_000)
    }

    /// Returns the library of a user, which takes so many of the newest articles when it joins.
    pub fn reader_of_newest(&self, name: &str, user: &str, count: u64) -> FeedLibrary {
        let mut library =
            FeedLibrary::with_client(&format!("archive-{name}"), self.internet.client());
        library.sources.archive = Some(Arc::new(MemorySource(self.archive.connect(user), count)));
        library
    }

    pub fn archived(&self) -> Vec<String> {
        arrivals(&mut self.archive.clone(), ArchiveCursor::After(0))
    }
}

pub fn refresh(library: &mut FeedLibrary) -> SyncSummary {
    let summary = library.refresh(RefreshScope::All);
    summary.syncs.into_iter().next().expect("the archive is part of each refresh")
}

/// Returns the titles of all articles with their marks and tags, sorted.
pub fn articles(library: &FeedLibrary) -> Vec<String> {
    let list = ListDefinition { scope: ViewScope::All, ..ListDefinition::default() };
    let ids = library.reader.list_entry_ids(&list, 0, &KeptEntries::default(), 1000).unwrap();
    let entries = library.reader.load_entries(&ids).unwrap();
    let mut lines: Vec<String> = entries
        .iter()
        .map(|entry| {
            let read = if entry.state.read { " read" } else { "" };
            let starred = if entry.state.starred { " starred" } else { "" };
            let mut line = format!("{}{read}{starred}", entry.title);
            for tag in &entry.tags {
                line = line + " " + tag.name.as_str();
            }
            line
        })
        .collect();
    lines.sort();
    lines
}

pub fn find(library: &FeedLibrary, title: &str) -> EntryId {
    let list = ListDefinition { scope: ViewScope::All, ..ListDefinition::default() };
    let ids = library.reader.list_entry_ids(&list, 0, &KeptEntries::default(), 1000).unwrap();
    let entries = library.reader.load_entries(&ids).unwrap();
    entries.into_iter().find(|entry| entry.title == title).unwrap().id
}

pub fn change(library: &mut FeedLibrary, change: &Change) {
    library.store.apply_change(change, Utc::now()).unwrap();
}

#[test]
fn article_that_one_reader_fetches_is_there_for_all() {
    let team = Team::new();
    let (mut desk, mut laptop) = (team.reader("all-desk", "ann"), team.reader("all-laptop", "bob"));
    desk.subscribe(FEED);
    let done = refresh(&mut desk);
    assert_eq!((done.published_articles, done.waiting_marks, &done.problem), (2, 0, &None));
    assert_eq!(team.archived().len(), 2);
    let done = refresh(&mut laptop);
    assert_eq!((done.new_entries, done.published_articles), (2, 0));
    assert_eq!(articles(&laptop), ["Story 1", "Story 2"]);
    let feed =
        laptop.reader.list_feeds().unwrap().into_iter().find(|feed| feed.url == FEED).unwrap();
    assert_eq!((feed.title.as_str(), feed.folder()), ("Evening Post", Some("Archive")));
    // Nothing goes round.
    assert_eq!(refresh(&mut laptop).sent_count() + refresh(&mut desk).new_entries, 0);
    assert_eq!(team.archived().len(), 2);
}

#[test]
fn feed_is_fetched_by_one_reader_for_all() {
    let team = Team::new();
    let (mut desk, mut laptop) = (team.reader("one-desk", "ann"), team.reader("one-laptop", "bob"));
    for library in [&mut desk, &mut laptop] {
        let feed = library.subscribe(FEED);
        // Whether a feed is for everybody is known once it has answered.
        library.refresh(RefreshScope::One(feed));
    }
    let before = team.requests.load(Ordering::SeqCst);
    refresh(&mut desk);
    refresh(&mut laptop);
    refresh(&mut desk);
    assert_eq!(team.requests.load(Ordering::SeqCst), before + 1);
    team.archive.advance(3_601);
    refresh(&mut laptop);
    assert_eq!(team.requests.load(Ordering::SeqCst), before + 2);
}

#[test]
fn marks_of_a_user_are_on_all_machines_and_team_tags_are_everybodys() {
    let team = Team::new();
    let mut desk = team.reader("marks-desk", "ann");
    let mut laptop = team.reader("marks-laptop", "ann");
    let mut other = team.reader("marks-other", "bob");
    desk.subscribe(FEED);
    for library in [&mut desk, &mut laptop, &mut other] {
        refresh(library);
    }
    let (one, two) = (find(&desk, "Story 1"), find(&desk, "Story 2"));
    let tag = |name: &str| TagName::parse(name).unwrap();
    change(&mut desk, &Change::set_read(&[one], true));
    change(&mut desk, &Change::set_starred(&[two], true));
    change(&mut desk, &Change::set_tag(&[two], tag("team:bridges"), TagMark::On));
    change(&mut desk, &Change::set_tag(&[two], tag("mine"), TagMark::On));
    change(&mut desk, &Change::set_tag(&[two], TagName::later(), TagMark::On));
    assert_eq!(refresh(&mut desk).sent_marks, 4);
    assert_eq!(refresh(&mut laptop).received_marks, 4);
    assert_eq!(articles(&laptop), ["Story 1 read", "Story 2 starred mine team:bridges"]);
    refresh(&mut other);
    assert_eq!(articles(&other), ["Story 1", "Story 2 team:bridges"]);
    // What is done last counts, wherever.
    let two = find(&laptop, "Story 2");
    change(&mut laptop, &Change::set_starred(&[two], false));
    refresh(&mut laptop);
    refresh(&mut desk);
    assert!(articles(&desk)[1].starts_with("Story 2 later"), "{:?}", articles(&desk));
    // A reader that joins later has all of it.
    let mut late = team.reader("marks-late", "ann");
    refresh(&mut late);
    assert_eq!(articles(&late), ["Story 1 read", "Story 2 mine team:bridges"]);
}

#[test]
fn marks_from_before_a_library_joins_are_told_unless_the_archive_knows_better() {
    let team = Team::new();
    let mut desk = team.reader("before-desk", "ann");
    desk.subscribe(FEED);
    refresh(&mut desk);
    // A library that has read the feed by itself, and joins later.
    let mut laptop = team.reader("before-laptop", "ann");
    let archive = laptop.sources.archive.take();
    let feed = laptop.subscribe(FEED);
    laptop.refresh(RefreshScope::One(feed));
    let (one, two) = (find(&laptop, "Story 1"), find(&laptop, "Story 2"));
    let tag = |name: &str| TagName::parse(name).unwrap();
    change(&mut laptop, &Change::set_read(&[one, two], true));
    change(&mut laptop, &Change::set_starred(&[two], true));
    change(&mut laptop, &Change::set_tag(&[one], tag("mine"), TagMark::On));
    change(&mut laptop, &Change::set_tag(&[one], TagName::later(), TagMark::On));
    let one = find(&desk, "Story 1");
    change(&mut desk, &Change::set_read(&[one], true));
    refresh(&mut desk);
    change(&mut desk, &Change::set_read(&[one], false));
    refresh(&mut desk);
    laptop.sources.archive = archive;
    refresh(&mut laptop);
    assert_eq!(articles(&laptop), ["Story 1 later mine", "Story 2 read starred"]);
    assert_eq!(refresh(&mut desk).received_marks, 3);
    assert_eq!(articles(&desk), ["Story 1 mine", "Story 2 read starred"]);
    assert_eq!(refresh(&mut laptop).sent_marks, 0, "once");
}

#[test]
fn archive_that_is_down_costs_nothing() {
    let team = Team::new();
    let (mut desk, mut laptop) =
        (team.reader("down-desk", "ann"), team.reader("down-laptop", "ann"));
    desk.subscribe(FEED);
    refresh(&mut desk);
    refresh(&mut laptop);
    team.archive.set_down(true);
    let one = find(&desk, "Story 1");
    change(&mut desk, &Change::set_read(&[one], true));
    let done = refresh(&mut desk);
    assert!(done.is_offline && done.problem.is_some(), "{done:?}");
    assert_eq!(done.waiting_marks, 1);
    // The other one changes it as well: the later act waits, and wins.
    let same = find(&laptop, "Story 1");
    change(&mut laptop, &Change::set_starred(&[same], true));
    team.archive.set_down(false);
    refresh(&mut desk);
    refresh(&mut laptop);
    refresh(&mut desk);
    for library in [&desk, &laptop] {
        assert_eq!(articles(library), ["Story 1 read starred", "Story 2"]);
    }
}

#[test]
fn private_feeds_are_not_published() {
    let team = Team::new();
    let mut desk = team.reader("private", "ann");
    desk.subscribe("http://home.example/feed");
    desk.subscribe("http://post.example/feed?token=8fea");
    let fetch = FetchOptions { headers: vec!["X-Key: 1".to_owned()], ..FetchOptions::default() };
    let subscription = Subscription { fetch, ..Subscription::default() };
    desk.store.subscribe(FeedKind::Web, "http://post.example/paid", "Paid", &subscription).unwrap();
    let done = refresh(&mut desk);
    assert!(!articles(&desk).is_empty());
    assert_eq!((done.published_articles, done.waiting_count(), done.problem), (0, 0, None));
    assert_eq!(team.archived(), [""; 0]);
}

#[test]
fn private_feed_that_is_shared_comes_to_others_paused_with_what_it_had() {
    let team = Team::new();
    let (mut desk, mut laptop) =
        (team.reader("shared-desk", "ann"), team.reader("shared-laptop", "bob"));
    let url = "http://post.example/feed?token=8fea";
    let feed = desk.subscribe(url);
    refresh(&mut desk);
    let one = find(&desk, "Story 1");
    let tag = TagName::parse("team:bridges").unwrap();
    change(&mut desk, &Change::set_tag(&[one], tag, TagMark::On));
    assert_eq!(refresh(&mut desk).published_articles, 0);
    let before = Subscription::default();
    let mut shared = before.clone();
    shared.set_field(SubscriptionField::Archive, "share").unwrap();
    change(&mut desk, &Change::set_subscription(feed, before.clone(), shared.clone()));
    let done = refresh(&mut desk);
    assert_eq!((done.published_articles, done.sent_marks), (2, 1));
    refresh(&mut laptop);
    assert_eq!(articles(&laptop), ["Story 1 team:bridges", "Story 2"]);
    let feeds = laptop.reader.list_feeds().unwrap();
    let received = feeds.iter().find(|feed| feed.url == url).unwrap();
    assert!(received.subscription.paused, "only who shares it can fetch it");
    // Nobody fetches it for the one who shares it.
    let requests = team.requests.load(Ordering::SeqCst);
    refresh(&mut laptop);
    assert_eq!(team.requests.load(Ordering::SeqCst), requests);
    refresh(&mut desk);
    assert_eq!(team.requests.load(Ordering::SeqCst), requests + 1);
    let two = find(&laptop, "Story 2");
    change(&mut laptop, &Change::set_starred(&[two], true));
    assert_eq!(refresh(&mut laptop).sent_marks, 1);
    // What was published stays there; what follows does not.
    change(&mut desk, &Change::set_subscription(feed, shared, before));
    change(&mut desk, &Change::set_read(&[one], true));
    assert_eq!(refresh(&mut desk).sent_marks, 0);
    assert_eq!(team.archived().len(), 2);
}

#[test]
fn public_feed_that_is_never_shared_is_not_published() {
    let team = Team::new();
    let mut desk = team.reader("never", "ann");
    let mut subscription = Subscription::default();
    subscription.set_field(SubscriptionField::Archive, "never").unwrap();
    desk.store.subscribe(FeedKind::Web, FEED, "Post", &subscription).unwrap();
    refresh(&mut desk);
    assert_eq!(refresh(&mut desk).published_articles, 0);
    assert_eq!((articles(&desk).len(), team.archived().len()), (2, 0));
}

#[test]
fn feed_that_the_user_has_left_stays_away() {
    let team = Team::new();
    let (mut desk, mut laptop) =
        (team.reader("left-desk", "ann"), team.reader("left-laptop", "bob"));
    refresh(&mut laptop);
    desk.subscribe(FEED);
    refresh(&mut desk);
    refresh(&mut laptop);
    let feed = laptop.reader.list_feeds().unwrap().iter().find(|feed| feed.url == FEED).unwrap().id;
    change(&mut laptop, &Change::set_unsubscribed(feed, true));
    let mut fresh = team.reader("left-fresh", "ann");
    fresh.subscribe("http://post.example/other");
    refresh(&mut fresh);
    assert_eq!(team.archived().len(), 4);
    let done = refresh(&mut laptop);
    assert_eq!(done.new_entries, 2, "those of the other feed");
    assert!(laptop.reader.list_feeds().unwrap().iter().all(|feed| feed.url != FEED));
}

#[test]
fn own_articles_that_come_back_change_nothing() {
    let item = |number: u32| {
        format!(
            "<item><title>Story {number} &amp;amp; more</title><guid isPermaLink='false'>{number}</guid>
             <link>http://post.example/{number}?a=1&amp;b=2</link><author>ann@post.example (Ann)</author>
             <category>Sea</category><category>Bridges</category><comments>http://post.example/c</comments>
             <description>Short</description>
             <content:encoded><![CDATA[<p>A <b>long</b> text&nbsp;of {number}<script>x()</script></p>\r\n]]></content:encoded>
             <enclosure url='http://post.example/{number}.mp3' type='audio/mpeg' length='9'/></item>"
        )
    };
    let dated = "<item><title>Day</title><guid isPermaLink='false'>d</guid><pubDate>2026-03-01</pubDate></item>";
    let document = format!(
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>
         <channel><title>Evening Post</title>{}{}{dated}</channel></rss>",
        item(1),
        item(2)
    );
    let team = Team::serving(document);
    let (mut desk, mut laptop) = (team.reader("own-desk", "ann"), team.reader("own-laptop", "ann"));
    desk.subscribe(FEED);
    assert_eq!(refresh(&mut desk).published_articles, 3);
    let done = refresh(&mut desk);
    assert_eq!((done.new_entries, done.changed_entries, done.published_articles), (0, 0, 0));
    assert_eq!(refresh(&mut laptop).new_entries, 3);
    let done = refresh(&mut laptop);
    assert_eq!((done.changed_entries, done.published_articles), (0, 0));
}
