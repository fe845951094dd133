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
    app::Question,
    index::{Segment, folder_of},
    model::{Attached, Body, BodyFormat, Change, EntryId, FeedId, FeedKind, NewEntry, Scope, Stamp, View},
    runtime::{Indexer, answer},
    store::{Arrival, Batch, Location, Reader, Store},
};

struct Library {
    folder: tempfile::TempDir,
    store: Store,
    reader: Reader,
    feed: FeedId,
}

impl Library {
    fn new() -> Library {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Folder(folder.path().to_owned());
        let mut store = Store::open(&location).unwrap();
        let reader = Reader::open(&location).unwrap();
        let (feed, _) = store.add_feed(FeedKind::Folder, "file:///none", "Evening Post").unwrap();
        Library { folder, store, reader, feed }
    }

    fn put(&mut self, numbers: std::ops::Range<i64>, word: &str) {
        let arrivals = numbers.map(|n| arrival(n, word)).collect();
        self.store.ingest(&Batch { feed: self.feed, arrivals, missing: Vec::new() }, Utc::now()).unwrap();
    }

    fn index(&mut self) {
        let (stop, store) = (AtomicBool::new(false), &mut self.store);
        let mut take = |new| store.take_segments(&new);
        let folder = self.reader.index_folder().unwrap().to_owned();
        Indexer { reader: &self.reader, folder: &folder, stop: &stop, take: &mut take }.run(1).unwrap();
    }

    fn found(&self, filter: &str) -> Vec<EntryId> {
        let view = View { scope: Scope::Everything, filter: filter.to_owned(), ..View::default() };
        answer(&self.reader, &Question { view, ..Question::default() }).unwrap().ids.to_vec()
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
        let known = self.reader.segments().unwrap();
        folder_of(&self.folder.path().join("index"), known[0].number)
    }
}

fn arrival(n: i64, word: &str) -> Arrival {
    let text = format!("The word of the day is {word} n{} and the rest of the text.", n % 10);
    let entry = NewEntry {
        guid: n.to_string(),
        digest: n.unsigned_abs(),
        title: format!("Article {n}"),
        link: None,
        author: None,
        published: Stamp::Instant(DateTime::from_timestamp(1_767_225_600 + n * 40_000, 0).unwrap()),
        tags: Vec::new(),
        body: Body { format: BodyFormat::Plain, text },
        attached: Attached::default(),
        article: None,
    };
    Arrival::new(entry, 0, None)
}

#[test]
fn what_is_found_does_not_depend_on_what_is_indexed() {
    let mut library = Library::new();
    library.put(0..60, "zeppelin");
    let ids: Vec<EntryId> = (1..9).map(EntryId).collect();
    library.store.change(&Change::read(&ids, true), Utc::now()).unwrap();
    let before = library.all_found();
    library.index();
    assert_eq!(library.reader.count_text_changes().unwrap(), 0);
    assert_eq!(library.all_found(), before);
    library.store.change(&Change::starred(&ids[..3], true), Utc::now()).unwrap();
    library.put(50..70, "balloon");
    let after = library.all_found();
    assert_eq!(after[2].len(), 50, "edited articles are found by what they say now");
    library.index();
    assert_eq!(library.all_found(), after);
    library.store.forget_segments().unwrap();
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
    assert!(library.reader.segments().unwrap().len() < 9);
    assert_eq!(library.found("zeppelin").len(), 101);
    let folders = fs::read_dir(library.folder.path().join("index")).unwrap().flatten();
    let folders = folders.filter(|entry| entry.path().is_dir()).count();
    assert_eq!(folders, library.reader.segments().unwrap().len(), "what is merged is deleted");
}

#[test]
fn nothing_that_happens_to_its_files_hides_an_article() {
    let mut library = Library::new();
    library.put(0..40, "zeppelin");
    let expected = library.all_found();
    library.index();
    let files: Vec<PathBuf> =
        fs::read_dir(library.segment()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 9);
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

/// Whether some segment that is being written has come as far as this file.
fn has_come_to(index: &Path, file: &str) -> bool {
    let folders = fs::read_dir(index).into_iter().flatten().flatten().map(|entry| entry.path());
    folders.filter(|folder| folder.extension().is_some()).any(|folder| folder.join(file).exists())
}

#[test]
fn an_indexer_that_is_killed_loses_nothing() {
    let mut library = Library::new();
    let (index, away) = (library.folder.path().join("index"), library.folder.path().join("away"));
    let files = ["keys", "table", "heavy", "ranks", "tokens", "articles", "facts"];
    for (round, file) in (0_i64..).zip(files.iter().cycle()).take(14) {
        library.put(round * 50..round * 50 + 80, "zeppelin");
        let mut child = Command::new(env!("CARGO_BIN_EXE_newsreader"))
            .arg("--library")
            .arg(library.folder.path())
            .args(["index", "rebuild"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while child.try_wait().unwrap().is_none() {
            if has_come_to(&index, file) {
                child.kill().unwrap();
            }
        }
        let found = library.all_found();
        fs::rename(&index, &away).unwrap();
        assert_eq!(found, library.all_found(), "killed at {file}");
        fs::rename(&away, &index).unwrap();
    }
    library.index();
    assert_eq!(library.found("zeppelin").len(), 730);
    assert!(Segment::verify(&library.segment()).is_ok());
}

fn change(file: &Path, bytes: Option<&[u8]>) {
    match bytes {
        Some(bytes) => fs::write(file, bytes).unwrap(),
        None => fs::remove_file(file).unwrap(),
    }
}
