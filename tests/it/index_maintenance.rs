//! Maintenance of the index beside the library: searches find the same with and without it, and
//! damage to its files or a killed indexer costs time but no articles.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use chrono::{DateTime, Utc};
use newsreader::{
    index::{IndexError, Segment, SegmentLocation},
    library::{BacklogLimit, IndexMaintainer, Searcher, search_once},
    model::{
        Attachments, BodyFormat, Change, EntryBody, EntryId, FeedId, FeedKind, KeptEntries,
        ListDefinition, NewEntry, PublicationDate, SearchRequest, TagMark, TagName, ViewScope,
    },
    store::{EntryUpsert, IngestBatch, LibraryLocation, ReadConnection, WriteConnection},
};

/// Time between two looks for the file at which an indexer is killed, while it runs.
const FILE_CHECK_INTERVAL: Duration = Duration::from_micros(50);

/// Extension of a segment's folder while it is being written.
const UNFINISHED_EXTENSION: &str = "part";

/// Files of a segment at whose appearance an indexer is killed. Their number is odd, so that each
/// has its turn although only every second round kills.
const SEGMENT_FILES: [&str; 11] = [
    "keys", "table", "postings", "heavy", "trigrams", "ranks", "tokens", "starts", "pairs",
    "articles", "facts",
];

/// Environment variable that names the library for the indexer in a child process.
const CHILD_LIBRARY: &str = "NEWSREADER_TEST_LIBRARY";

/// Name of the test that is run as the child process.
const CHILD_TEST: &str = "index_maintenance::child_process_indexes_library_until_killed";

/// A library in a temporary folder, with one feed.
struct IndexedLibrary {
    folder: tempfile::TempDir,
    store: WriteConnection,
    reader: ReadConnection,
    feed: FeedId,
}

impl IndexedLibrary {
    fn new() -> IndexedLibrary {
        let folder = tempfile::tempdir().unwrap();
        let location = LibraryLocation::Folder(folder.path().to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let feed = store.add_feed(FeedKind::Folder, "file:///none", "Evening Post").unwrap().feed;
        IndexedLibrary { folder, store, reader, feed }
    }

    /// Stores articles with these numbers, whose text holds `word`.
    fn put_articles(&mut self, numbers: std::ops::Range<i64>, word: &str) {
        let upserts = numbers.map(|n| entry_upsert(n, word)).collect();
        self.store
            .ingest_batch(
                &IngestBatch { feed: self.feed, upserts, missing_files: Vec::new() },
                Utc::now(),
            )
            .unwrap();
    }

    fn update_index(&mut self) {
        update_index(&mut self.store, &self.reader);
    }

    fn search(&self, filter: &str) -> Vec<EntryId> {
        let list = ListDefinition {
            scope: ViewScope::All,
            filter: filter.to_owned(),
            ..ListDefinition::default()
        };
        search_once(&self.reader, &SearchRequest { list, ..SearchRequest::default() })
            .unwrap()
            .ids
            .to_vec()
    }

    /// Runs a search for each kind of filter.
    fn search_all(&self) -> Vec<Vec<EntryId>> {
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
            "re:z[aeiou]ppel",
        ];
        filters.iter().map(|filter| self.search(filter)).collect()
    }

    fn first_segment(&self) -> SegmentLocation {
        let first = self.reader.list_segments().unwrap().remove(0);
        SegmentLocation::new(&self.folder.path().join("index"), first.number, first.id)
    }
}

fn update_index(store: &mut WriteConnection, reader: &ReadConnection) {
    let mut commit = |update| store.apply_manifest_update(&update).map(drop);
    let folder = reader.index_folder().unwrap().to_owned();
    IndexMaintainer { reader, folder: &folder, go_on: &|| true, commit: &mut commit }
        .update(1)
        .unwrap();
}

fn entry_upsert(n: i64, word: &str) -> EntryUpsert {
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
fn search_results_do_not_depend_on_index_progress() {
    let mut library = IndexedLibrary::new();
    library.put_articles(0..60, "zeppelin");
    let ids: Vec<EntryId> = (1..9).map(EntryId).collect();
    library.store.apply_change(&Change::set_read(&ids, true), Utc::now()).unwrap();
    let before = library.search_all();
    library.update_index();
    assert_eq!(library.reader.count_text_changes().unwrap(), 0);
    assert_eq!(library.search_all(), before);
    library.store.apply_change(&Change::set_starred(&ids[..3], true), Utc::now()).unwrap();
    library.put_articles(50..70, "balloon");
    let after = library.search_all();
    assert_eq!(after[2].len(), 50, "edited articles are found by their new text");
    library.update_index();
    assert_eq!(library.search_all(), after);
    library.store.queue_full_reindex().unwrap();
    assert_eq!(library.search_all(), after);
    library.update_index();
    assert_eq!(library.search_all(), after);
}

#[test]
fn update_merges_small_segments() {
    let mut library = IndexedLibrary::new();
    for n in 0..20 {
        library.put_articles(n * 5..n * 5 + 6, "zeppelin");
        library.update_index();
    }
    assert!(library.reader.list_segments().unwrap().len() < 9);
    assert_eq!(library.search("zeppelin").len(), 101);
    let folders = fs::read_dir(library.folder.path().join("index")).unwrap().flatten();
    let folders = folders.filter(|entry| entry.path().is_dir()).count();
    assert_eq!(
        folders,
        library.reader.list_segments().unwrap().len(),
        "folders of merged segments are deleted"
    );
}

#[test]
fn search_finds_every_article_with_damaged_segment_files() {
    let mut library = IndexedLibrary::new();
    library.put_articles(0..40, "zeppelin");
    let expected = library.search_all();
    library.update_index();
    let files: Vec<PathBuf> = fs::read_dir(library.first_segment().folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 11);
    for file in files {
        let whole = fs::read(&file).unwrap();
        let mut flipped = whole.clone();
        flipped[whole.len() / 3] ^= 4;
        for bytes in [Some(flipped), Some(whole[..whole.len() / 2].to_vec()), None] {
            replace_file(&file, bytes.as_deref());
            assert_eq!(library.search_all(), expected, "{}", file.display());
            assert!(Segment::verify(&library.first_segment()).is_err(), "{}", file.display());
            replace_file(&file, Some(&whole));
        }
    }
    assert!(Segment::verify(&library.first_segment()).is_ok());
}

/// Makes a segment what format version 4 wrote: the same files without trigrams.
fn make_format_4(segment: &SegmentLocation) {
    const FOOTER_BYTES: usize = 8;
    fs::remove_file(segment.folder.join("trigrams")).unwrap();
    for file in fs::read_dir(&segment.folder).unwrap().map(|file| file.unwrap().path()) {
        let mut bytes = fs::read(&file).unwrap();
        let version = bytes.len() - FOOTER_BYTES;
        assert_eq!(bytes[version..], *b"\x05\0\0\0nRix");
        bytes[version] = 4;
        fs::write(file, bytes).unwrap();
    }
}

#[test]
fn format_4_segment_is_searched_as_it_is_until_it_is_merged() {
    let mut library = IndexedLibrary::new();
    library.put_articles(0..40, "zeppelin");
    library.update_index();
    let expected = library.search_all();
    make_format_4(&library.first_segment());
    assert_eq!(library.search_all(), expected);
    assert_eq!(Segment::verify(&library.first_segment()), Ok(()));
    for n in 0..8 {
        library.put_articles(100 + n..101 + n, "balloon");
        library.update_index();
    }
    assert!(library.first_segment().folder.join("trigrams").exists());
    assert_eq!(library.search("re:z[aeiou]ppel").len(), 40);
}

/// Copies a folder of files.
fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap().map(|file| file.unwrap()) {
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

#[test]
fn search_never_takes_the_index_of_another_library_for_its_own() {
    let mut library = IndexedLibrary::new();
    library.put_articles(0..40, "zeppelin");
    let expected = library.search_all();
    library.update_index();
    let mut other = IndexedLibrary::new();
    other.put_articles(0..40, "balloon");
    other.update_index();
    copy_files(&other.first_segment().folder, &library.first_segment().folder);
    assert_eq!(library.search_all(), expected);
    let error = Segment::verify(&library.first_segment()).unwrap_err();
    assert!(matches!(error, IndexError::Foreign { .. }), "{error}");
    library.store.queue_full_reindex().unwrap();
    library.update_index();
    assert_eq!(library.search_all(), expected);
    assert!(Segment::verify(&library.first_segment()).is_ok());
}

#[test]
fn search_finds_every_article_with_exchanged_segment_files() {
    let mut library = IndexedLibrary::new();
    library.put_articles(0..40, "zeppelin");
    library.update_index();
    library.put_articles(40..80, "balloon");
    let expected = library.search_all();
    library.update_index();
    let [first, second] = &library.reader.list_segments().unwrap()[..] else { panic!() };
    let index = library.folder.path().join("index");
    let folder_of = |number| SegmentLocation::new(&index, number, None).folder;
    let (first, second) = (folder_of(first.number), folder_of(second.number));
    for name in fs::read_dir(&first).unwrap().map(|file| file.unwrap().file_name()) {
        let whole = fs::read(first.join(&name)).unwrap();
        fs::copy(second.join(&name), first.join(&name)).unwrap();
        assert_eq!(library.search_all(), expected, "{}", name.display());
        assert!(Segment::verify(&library.first_segment()).is_err(), "{}", name.display());
        fs::write(first.join(&name), whole).unwrap();
    }
    assert!(Segment::verify(&library.first_segment()).is_ok());
}

/// Not a test: the child process that the tests below start and kill.
#[test]
#[ignore = "child process of `killed_indexer_loses_nothing`; does nothing on its own"]
fn child_process_indexes_library_until_killed() {
    let Some(folder) = std::env::var_os(CHILD_LIBRARY) else { return };
    let location = LibraryLocation::Folder(folder.into());
    let (mut store, reader) =
        (WriteConnection::open(&location).unwrap(), ReadConnection::open(&location).unwrap());
    update_index(&mut store, &reader);
}

#[test]
fn killed_indexer_loses_nothing() {
    kill_indexers(KillCount { adding: 10, merging: 2 }, 400);
}

#[test]
#[ignore = "slow"]
fn killed_indexer_loses_nothing_after_a_hundred_kills() {
    kill_indexers(KillCount { adding: 90, merging: 10 }, 4_000);
}

/// Numbers of indexers that were killed while they added or merged segments.
#[derive(Debug, Clone, Copy, Default)]
struct KillCount {
    adding: u32,
    merging: u32,
}

/// Indexes a few new articles per round, kills the indexer in every second round, and checks that
/// searches find every article, until enough indexers were killed.
///
/// Each kill aims at the moment when a certain file of the new segment appears. An indexer may
/// finish before that, so the number of rounds is open; after `max_rounds` the test fails.
fn kill_indexers(wanted: KillCount, max_rounds: i64) {
    let mut library = IndexedLibrary::new();
    let mut killed = KillCount::default();
    let mut files = SEGMENT_FILES.iter().cycle();
    let mut round = 0;
    while killed.adding < wanted.adding || killed.merging < wanted.merging {
        assert!(round < max_rounds, "only {killed:?} in {round} rounds");
        library.put_articles(round * 4..round * 4 + 6, "zeppelin");
        let file = files.next().unwrap();
        if round % 2 == 0 {
            library.update_index();
        } else {
            library.update_index_in_killed_child(file, &mut killed);
            library.check_search_without_index(file);
        }
        round += 1;
    }
    library.update_index();
    let article_count = usize::try_from(round * 4 + 2).unwrap();
    assert_eq!(library.search("zeppelin").len(), article_count);
    assert!(Segment::verify(&library.first_segment()).is_ok());
}

impl IndexedLibrary {
    /// Updates the index in a child process, which is killed once `file` of the new segment exists.
    fn update_index_in_killed_child(&self, file: &str, killed: &mut KillCount) {
        // With seven segments, the indexer adds an eighth and merges them; the kill then aims at
        // the merged segment, which has the next number but one.
        let merges = self.reader.list_segments().unwrap().len() >= 7;
        let number = self.reader.next_segment_number().unwrap() + i64::from(merges);
        let segment = SegmentLocation::new(&self.folder.path().join("index"), number, None).folder;
        let target = segment.with_extension(UNFINISHED_EXTENSION).join(file);
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", CHILD_TEST])
            .env(CHILD_LIBRARY, self.folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = child.stdout.take().unwrap();
        let (open, ended) = mpsc::channel::<()>();
        // The output ends with the child; then the channel closes.
        thread::spawn(move || {
            let _open = open;
            io::copy(&mut output, &mut io::sink())
        });
        // Looking without a pause would keep a core busy and slow the indexer down.
        while ended.recv_timeout(FILE_CHECK_INTERVAL) == Err(RecvTimeoutError::Timeout) {
            if target.exists() {
                child.kill().unwrap();
                child.wait().unwrap();
                *if merges { &mut killed.merging } else { &mut killed.adding } += 1;
                return;
            }
        }
        assert!(child.wait().unwrap().success(), "the indexer fails by itself");
    }

    /// Checks that searches find the same with the index and without its folder.
    fn check_search_without_index(&self, file: &str) {
        let folder = self.folder.path().join("index");
        let hidden = self.folder.path().join("hidden");
        let hits = self.search_all();
        fs::rename(&folder, &hidden).unwrap();
        assert_eq!(hits, self.search_all(), "killed at {file}");
        fs::rename(&hidden, &folder).unwrap();
    }
}

/// Writes `bytes` to a file, or removes it.
fn replace_file(file: &Path, bytes: Option<&[u8]>) {
    match bytes {
        Some(bytes) => fs::write(file, bytes).unwrap(),
        None => fs::remove_file(file).unwrap(),
    }
}

#[test]
fn hidden_articles_of_a_list_are_counted_in_the_index_and_beside_it() {
    let mut library = IndexedLibrary::new();
    library.put_articles(0..20, "zeppelin");
    let ids: Vec<EntryId> = (1..=20).map(EntryId).collect();
    let mut apply = |change: Change| library.store.apply_change(&change, Utc::now()).unwrap();
    apply(Change::set_tag(&ids[..6], TagName::hidden(), TagMark::On));
    apply(Change::set_read(&ids[..2], true));
    apply(Change::remove_entries(&ids[5..8], Utc::now()));
    let count = |library: &IndexedLibrary, scope, filter: &str| {
        let list = ListDefinition { scope, filter: filter.to_owned(), ..ListDefinition::default() };
        let kept = KeptEntries { unlisted: [EntryId(3)].into(), ..KeptEntries::default() };
        let request = SearchRequest { list, kept, ..SearchRequest::default() };
        let mut searcher = Searcher::new(&library.reader, BacklogLimit::NONE);
        searcher.count_hidden(&request, &|| false).unwrap().unwrap().articles
    };
    for indexed in [false, true] {
        if indexed {
            library.update_index();
        }
        for (scope, filter, expected) in [
            (ViewScope::All, "", 4),
            (ViewScope::Unread, "", 2),
            (ViewScope::Unread, "zeppelin", 4),
            (ViewScope::Feed(library.feed), "is:read", 2),
            (ViewScope::Starred, "", 0),
            (ViewScope::All, "is:hidden", 0),
            (ViewScope::All, "re:zepp.lin -is:read", 2),
            (ViewScope::All, "nothing", 0),
        ] {
            let counted = count(&library, scope.clone(), filter);
            assert_eq!(counted, expected, "{scope:?} {filter} {indexed}");
        }
    }
}
