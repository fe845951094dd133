//! Readers that are killed while they exchange with an archive on PostgreSQL: all agree in the end. Run with `--ignored` and
//! the variables that `tests/servers/postgres.sh` prints; `ARCHIVE_KILLS` is the number of kills, 10 without it.

use std::{
    path::Path,
    process::{Child, Stdio},
};

use chrono::{DateTime, Utc};
use newsreader::{
    archive::{ArchiveReport, ArchiveRequest},
    model::{
        Attachments, BodyFormat, Change, EntryBody, EntryId, FeedId, FeedKind, FeedNetwork,
        KeptEntries, ListDefinition, NewEntry, PublicationDate, ViewScope,
    },
    store::{EntryUpsert, FeedUpdate, LibraryLocation, ReadConnection, WriteConnection},
};

use crate::{archive_postgres::PostgresGround, support::program::command};

/// Number of articles that are new in each round.
const ARTICLES: i64 = 300;

/// A reader of a user, with a library in a folder of its own.
struct Reader {
    home: tempfile::TempDir,
    url: String,
}

impl Reader {
    fn new(ground: &PostgresGround, user: &str) -> Reader {
        Reader { home: tempfile::tempdir().unwrap(), url: ground.url(user) }
    }

    fn location(&self) -> LibraryLocation {
        LibraryLocation::Folder(self.home.path().join("data/newsreader"))
    }

    /// Starts a refresh. No feed is reached: the proxy is one that nobody listens at.
    fn start(&self) -> Child {
        let mut command = command(self.home.path(), &["refresh"]);
        command
            .env("NEWSREADER_ARCHIVE", &self.url)
            .env("NEWSREADER_ARCHIVE_PASSWORD", "env:ARCHIVE_SECRET")
            .env("ARCHIVE_SECRET", "secret")
            .env("NEWSREADER_NETWORK_PROXY", "http://127.0.0.1:1");
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    fn refresh(&self) {
        self.start().wait().unwrap();
    }

    /// Starts a refresh, and kills it once `is_moment` says so.
    fn refresh_until(&self, mut is_moment: impl FnMut() -> bool) {
        let mut child = self.start();
        while child.try_wait().unwrap().is_none() {
            if is_moment() {
                child.kill().unwrap();
                child.wait().unwrap();
                return;
            }
            std::thread::yield_now();
        }
    }

    fn articles(&self) -> Vec<(String, bool, bool)> {
        list(&self.location())
            .into_iter()
            .map(|entry| (entry.title, entry.state.read, entry.state.starred))
            .collect()
    }
}

fn list(location: &LibraryLocation) -> Vec<newsreader::model::Entry> {
    let reader = ReadConnection::open(location).unwrap();
    let list = ListDefinition { scope: ViewScope::All, ..ListDefinition::default() };
    let ids = reader.list_entry_ids(&list, 0, &KeptEntries::default(), 1_000_000).unwrap();
    let mut entries = reader.load_entries(&ids).unwrap();
    entries.retain(|entry| entry.title.starts_with("Story"));
    entries.sort_by(|one, other| one.title.cmp(&other.title));
    entries
}

/// Stores articles as if a feed on the web had brought them.
fn add_articles(location: &LibraryLocation, round: i64) {
    let mut store = WriteConnection::open(location).unwrap();
    let feed =
        store.add_feed(FeedKind::Web, "https://post.example/feed", "Evening Post").unwrap().feed;
    let upserts = (0..ARTICLES).map(|number| new_article(round * ARTICLES + number)).collect();
    store.ingest_feed_updates(&[update(location, feed, upserts)]).unwrap();
}

fn update(location: &LibraryLocation, feed: FeedId, upserts: Vec<EntryUpsert>) -> FeedUpdate {
    let feeds = ReadConnection::open(location).unwrap().list_feeds().unwrap();
    let stored = feeds.into_iter().find(|stored| stored.id == feed).unwrap();
    FeedUpdate {
        feed,
        upserts,
        metadata: None,
        health: stored.health,
        refresh_state: stored.refresh_state,
        validators: newsreader::model::Validators::default(),
        moved_to: None,
        network: FeedNetwork::Public,
    }
}

fn new_article(number: i64) -> EntryUpsert {
    let at = DateTime::<Utc>::from_timestamp(1_767_225_600 + number * 600, 0).unwrap();
    let entry = NewEntry {
        guid: number.to_string(),
        digest: u64::try_from(number).unwrap(),
        title: format!("Story {number:05}"),
        link: Some(format!("https://post.example/{number}")),
        author: None,
        published: PublicationDate::Instant(at),
        tags: Vec::new(),
        body: EntryBody {
            format: BodyFormat::Plain,
            text: format!("The text of {number}. ").repeat(40),
        },
        attachments: Attachments::default(),
        page_article: None,
    };
    EntryUpsert::new(entry, 0, None)
}

fn mark_some(location: &LibraryLocation, round: i64) {
    let entries = list(location);
    let chosen = |step: usize| -> Vec<EntryId> {
        entries
            .iter()
            .skip(usize::try_from(round).unwrap())
            .step_by(step)
            .map(|entry| entry.id)
            .collect()
    };
    let mut store = WriteConnection::open(location).unwrap();
    store.apply_change(&Change::set_read(&chosen(3), round % 2 == 0), Utc::now()).unwrap();
    store.apply_change(&Change::set_starred(&chosen(7), round % 3 != 0), Utc::now()).unwrap();
}

#[test]
#[ignore = "needs PostgreSQL"]
fn readers_that_are_killed_agree_with_the_archive_in_the_end() {
    let Some(ground) = PostgresGround::new() else { return };
    let kills: i64 =
        std::env::var("ARCHIVE_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(10);
    let (desk, laptop) = (Reader::new(&ground, "ann"), Reader::new(&ground, "ann"));
    let mut sql = ground.client("owner", &ground.database);
    // They take part before there is anything, so that each kill meets what is new.
    for reader in [&desk, &laptop] {
        drop(WriteConnection::open(&reader.location()).unwrap());
        reader.refresh();
    }
    for round in 0..kills {
        add_articles(&desk.location(), round);
        mark_some(&desk.location(), round);
        // At another place in each round: of publishing, of marks, of taking.
        let (table, count) =
            [("article", 60), ("mark", 10), ("article", 220)][usize::try_from(round % 3).unwrap()];
        let counted = format!("SELECT count(*) FROM newsreader.{table}");
        let before: i64 = sql.query_one(&counted, &[]).unwrap().get(0);
        desk.refresh_until(|| {
            sql.query_one(&counted, &[]).unwrap().get::<_, i64>(0) >= before + count
        });
        let path = laptop.location().database_path();
        let before = count_entries(&path);
        laptop.refresh_until(|| count_entries(&path) > before);
    }
    for reader in [&desk, &laptop, &desk, &laptop] {
        reader.refresh();
    }
    let (here, there) = (desk.articles(), laptop.articles());
    assert_eq!(here.len(), usize::try_from(kills * ARTICLES).unwrap());
    assert_eq!(here, there);
    let Ok(ArchiveReport::Verified(verified)) = ground.administer(&ArchiveRequest::Verify) else {
        panic!("the archive can be read")
    };
    assert_eq!(verified.articles, u64::try_from(here.len()).unwrap());
    assert!(verified.is_whole(), "{verified:?}");
    for reader in [&desk, &laptop] {
        let waiting = ReadConnection::open(&reader.location()).unwrap().count_archive_outbox();
        assert_eq!(waiting.unwrap(), (0, 0));
    }
}

/// Counts the entries of a library that may not be there yet.
fn count_entries(path: &Path) -> u64 {
    if !path.exists() {
        return 0;
    }
    let location = LibraryLocation::Folder(path.parent().unwrap().to_owned());
    let feeds = ReadConnection::open(&location).and_then(|reader| reader.list_feeds());
    feeds.map_or(0, |feeds| feeds.iter().map(|feed| feed.entry_count).sum())
}
