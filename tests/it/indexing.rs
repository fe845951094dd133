//! The index beside the library: what is found with it is what is found without it, and nothing that happens to its
//! files is worse than slow.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::AtomicBool,
};

use chrono::{DateTime, Utc};
use newsreader::{
    app::SearchRequest,
    index::{Segment, segment_folder},
    model::{
        Attachments, BodyFormat, Change, EntryBody, EntryId, FeedId, FeedKind, NewEntry,
        PublicationDate, View, ViewScope,
    },
    runtime::{IndexMaintainer, search_once},
    store::{EntryUpsert, IngestBatch, LibraryLocation, ReadConnection, WriteConnection},
};

/// What the folder of a segment is called until it is whole.
const UNFINISHED: &str = "part";

struct Library {
    folder: tempfile::TempDir,
    store: WriteConnection,
    reader: ReadConnection,
    feed: FeedId,
}

impl Library {
    fn new() -> Library {
        let folder = tempfile::tempdir().unwrap();
        let location = LibraryLocation::Folder(folder.path().to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let (feed, _) = store.add_feed(FeedKind::Folder, "file:///none", "Evening Post").unwrap();
        Library { folder, store, reader, feed }
    }

    fn put(&mut self, numbers: std::ops::Range<i64>, word: &str) {
        let arrivals = numbers.map(|n| arrival(n, word)).collect();
        self.store
            .ingest_batch(
                &IngestBatch { feed: self.feed, upserts: arrivals, missing_files: Vec::new() },
                Utc::now(),
            )
            .unwrap();
    }

    fn index(&mut self) {
        index(&mut self.store, &self.reader);
    }

    fn found(&self, filter: &str) -> Vec<EntryId> {
        let view = View { scope: ViewScope::All, filter: filter.to_owned(), ..View::default() };
        search_once(&self.reader, &SearchRequest { view, ..SearchRequest::default() })
            .unwrap()
            .ids
            .to_vec()
    }

    fn all_found(&self) -> Vec<Vec<EntryId>> {
        let filters = [
            "the",
            "\"the word",
            "zeppelin",
            "n7",
            "title:article",
            "is:unread",
            "is:star",
            "evening",
            "!zeppelin",
            "on:2026-01-05",
            "\"of the\" !n3",
        ];
        filters.iter().map(|filter| self.found(filter)).collect()
    }

    fn segment(&self) -> PathBuf {
        let known = self.reader.list_segments().unwrap();
        segment_folder(&self.folder.path().join("index"), known[0].number)
    }
}

fn index(store: &mut WriteConnection, reader: &ReadConnection) {
    let stop = AtomicBool::new(false);
    let mut take = |new| store.apply_manifest_update(&new);
    let folder = reader.index_folder().unwrap().to_owned();
    IndexMaintainer { reader, folder: &folder, stop: &stop, commit: &mut take }.update(1).unwrap();
}

fn arrival(n: i64, word: &str) -> EntryUpsert {
    let text = format!("The word of the day is {word} n{} and the rest of the text.", n % 10);
    let entry = NewEntry {
        guid: n.to_string(),
        digest: n.unsigned_abs(),
        title: format!("Article {n}"),
        link: None,
        author: None,
        published: PublicationDate::Instant(
            DateTime::from_timestamp(1_767_225_600 + n * 40_000, 0).unwrap(),
        ),
        tags: Vec::new(),
        body: EntryBody { format: BodyFormat::Plain, text },
        attachments: Attachments::default(),
        page_article: None,
    };
    EntryUpsert::new(entry, 0, None)
}

#[test]
fn what_is_found_does_not_depend_on_what_is_indexed() {
    let mut library = Library::new();
    library.put(0..60, "zeppelin");
    let ids: Vec<EntryId> = (1..9).map(EntryId).collect();
    library.store.apply_change(&Change::set_read(&ids, true), Utc::now()).unwrap();
    let before = library.all_found();
    library.index();
    assert_eq!(library.reader.count_text_changes().unwrap(), 0);
    assert_eq!(library.all_found(), before);
    library.store.apply_change(&Change::set_starred(&ids[..3], true), Utc::now()).unwrap();
    library.put(50..70, "balloon");
    let after = library.all_found();
    assert_eq!(after[2].len(), 50, "edited articles are found by what they say now");
    library.index();
    assert_eq!(library.all_found(), after);
    library.store.queue_full_reindex().unwrap();
    assert_eq!(library.all_found(), after);
    library.index();
    assert_eq!(library.all_found(), after);
}

#[test]
fn many_small_segments_become_few() {
    let mut library = Library::new();
    for n in 0..20 {
        library.put(n * 5..n * 5 + 6, "zeppelin");
        library.index();
    }
    assert!(library.reader.list_segments().unwrap().len() < 9);
    assert_eq!(library.found("zeppelin").len(), 101);
    let folders = fs::read_dir(library.folder.path().join("index")).unwrap().flatten();
    let folders = folders.filter(|entry| entry.path().is_dir()).count();
    assert_eq!(folders, library.reader.list_segments().unwrap().len(), "what is merged is deleted");
}

#[test]
fn nothing_that_happens_to_its_files_hides_an_article() {
    let mut library = Library::new();
    library.put(0..40, "zeppelin");
    let expected = library.all_found();
    library.index();
    let files: Vec<PathBuf> =
        fs::read_dir(library.segment()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 10);
    for file in files {
        let whole = fs::read(&file).unwrap();
        let mut flipped = whole.clone();
        flipped[whole.len() / 3] ^= 4;
        for bytes in [Some(flipped), Some(whole[..whole.len() / 2].to_vec()), None] {
            change(&file, bytes.as_deref());
            assert_eq!(library.all_found(), expected, "{}", file.display());
            assert!(Segment::verify(&library.segment()).is_err(), "{}", file.display());
            change(&file, Some(&whole));
        }
    }
    assert!(Segment::verify(&library.segment()).is_ok());
}

/// Whether the segment of this number is being written, and has come as far as this file.
fn has_come_to(index: &Path, number: i64, file: &str) -> bool {
    segment_folder(index, number).with_extension(UNFINISHED).join(file).exists()
}

/// The library that the indexer of another process is to index.
const OTHER_LIBRARY: &str = "NEWSREADER_TEST_LIBRARY";

/// No test by itself: what the next one kills.
#[test]
#[ignore = "is run by another test"]
fn an_indexer_to_be_killed() {
    let Some(folder) = std::env::var_os(OTHER_LIBRARY) else { return };
    let location = LibraryLocation::Folder(folder.into());
    let (mut store, reader) =
        (WriteConnection::open(&location).unwrap(), ReadConnection::open(&location).unwrap());
    index(&mut store, &reader);
}

#[test]
fn an_indexer_that_is_killed_loses_nothing() {
    let (adding, merging) = kill_indexers(40);
    assert!(
        adding > 10 && merging > 1,
        "killed {adding} times while adding, {merging} times while merging"
    );
}

#[test]
#[ignore = "slow"]
fn an_indexer_that_is_killed_a_hundred_times_loses_nothing() {
    let (adding, merging) = kill_indexers(220);
    assert!(
        adding + merging >= 100 && merging >= 10,
        "{adding} times while adding, {merging} while merging"
    );
}

/// Indexes some new articles in every round, and kills every second indexer; tells how many of them were adding, and
/// how many merging.
fn kill_indexers(rounds: usize) -> (i32, i32) {
    let mut library = Library::new();
    let (folder, away) = (library.folder.path().join("index"), library.folder.path().join("away"));
    // An odd number: only every second round kills.
    let files =
        ["keys", "table", "heavy", "ranks", "tokens", "starts", "pairs", "articles", "facts"];
    let (mut adding, mut merging) = (0, 0);
    for (round, file) in (0_i64..).zip(files.iter().cycle()).take(rounds) {
        library.put(round * 4..round * 4 + 6, "zeppelin");
        // Where there are many already, the new one is left alone, and the one that they are merged into is not.
        let merges = library.reader.list_segments().unwrap().len() >= 7;
        if round % 2 == 0 {
            library.index();
            continue;
        }
        let number = library.reader.next_segment_number().unwrap() + i64::from(merges);
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "indexing::an_indexer_to_be_killed"])
            .env(OTHER_LIBRARY, library.folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut killed = false;
        while child.try_wait().unwrap().is_none() {
            if !killed && has_come_to(&folder, number, file) {
                child.kill().unwrap();
                killed = true;
            }
        }
        *if merges { &mut merging } else { &mut adding } += i32::from(killed);
        let found = library.all_found();
        fs::rename(&folder, &away).unwrap();
        assert_eq!(found, library.all_found(), "killed at {file}");
        fs::rename(&away, &folder).unwrap();
    }
    library.index();
    assert_eq!(library.found("zeppelin").len(), rounds * 4 + 2);
    assert!(Segment::verify(&library.segment()).is_ok());
    (adding, merging)
}

fn change(file: &Path, bytes: Option<&[u8]>) {
    match bytes {
        Some(bytes) => fs::write(file, bytes).unwrap(),
        None => fs::remove_file(file).unwrap(),
    }
}
