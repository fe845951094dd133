//! Libraries that cannot be written, that cannot be opened, or that are damaged in part: each
//! command says so, and none gives less than it was asked for with exit status 0.

use std::{fs, path::Path};

use newsreader::{
    library::search_once,
    model::{Change, EntryId, ListDefinition, SearchRequest, ViewScope},
    store::{LibraryLocation, ReadConnection, WriteConnection},
};

use crate::{
    support::program::{run, stderr, stdout},
    workers::RunningApp,
};

/// A home folder with a library of twelve indexed articles, each about an apple.
struct AppleLibrary {
    home: tempfile::TempDir,
}

impl AppleLibrary {
    fn new() -> AppleLibrary {
        let home = tempfile::tempdir().unwrap();
        let news = home.path().join("news");
        fs::create_dir(&news).unwrap();
        for n in 1..=12 {
            let text = format!(" date 2026-02-{n:02} Harvest {n}. An apple a day.\n");
            fs::write(news.join(format!("{n:02}.txt")), text).unwrap();
        }
        let library = AppleLibrary { home };
        assert!(library.run(&["add", news.to_str().unwrap()]).status.success());
        assert!(library.run(&["index", "rebuild"]).status.success());
        library
    }

    fn run(&self, args: &[&str]) -> std::process::Output {
        run(self.home.path(), args)
    }

    fn folder(&self) -> std::path::PathBuf {
        self.home.path().join("data/newsreader")
    }

    fn database(&self) -> std::path::PathBuf {
        self.folder().join("library.db")
    }
}

fn count_apples(reader: &ReadConnection) -> usize {
    let list = ListDefinition {
        scope: ViewScope::All,
        filter: "apple".to_owned(),
        ..ListDefinition::default()
    };
    search_once(reader, &SearchRequest { list, ..SearchRequest::default() }).unwrap().ids.len()
}

/// Commands that read the library, and would show another one's content if it were replaced.
const READING: [&[&str]; 8] = [
    &["list"],
    &["search", "--count", "apple"],
    &["read", "1"],
    &["feed", "list"],
    &["feed", "list", "--json"],
    &["feed", "export"],
    &["index", "status"],
    &["index", "verify"],
];

/// Commands that change the library.
const CHANGING: [&[&str]; 8] = [
    &["add", "/"],
    &["save", "https://a.example/"],
    &["refresh"],
    &["feed", "add", "/"],
    &["feed", "edit", "news", "--name", "Apples"],
    &["feed", "remove", "news"],
    &["feed", "import", "/dev/null"],
    &["index", "rebuild"],
];

#[test]
fn read_only_library_is_searched_with_its_index_and_refuses_changes() {
    let library = AppleLibrary::new();
    let location = LibraryLocation::ReadOnly(library.folder());
    let mut store = WriteConnection::open(&location).unwrap();
    let reader = ReadConnection::open(&location).unwrap();
    assert!(store.is_read_only());
    assert_eq!(reader.count_text_changes().unwrap(), 0, "every article is in the index");
    assert_eq!(count_apples(&reader), 12);
    let change = Change::set_starred(&[EntryId(1)], true);
    let error = store.apply_change(&change, chrono::DateTime::UNIX_EPOCH).unwrap_err();
    assert_eq!(error.to_string(), "cannot save: the library is read-only");
}

/// Makes the folder of the library unwritable; false for a user whom permissions do not stop.
#[cfg(unix)]
fn make_read_only(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o555)).unwrap();
    let is_stopped = fs::File::create(folder.join("probe")).is_err();
    if !is_stopped {
        eprintln!("skipped: this user may write everywhere");
    }
    is_stopped
}

#[cfg(unix)]
#[test]
fn program_reads_read_only_library_and_changes_nothing() {
    let library = AppleLibrary::new();
    if !make_read_only(&library.folder()) {
        return;
    }
    let found = library.run(&["search", "--count", "apple"]);
    assert_eq!((stdout(&found).as_str(), found.status.code()), ("12\n", Some(0)));
    assert!(stderr(&found).contains("nothing can be changed"), "{}", stderr(&found));
    for args in READING {
        assert!(library.run(args).status.success(), "{args:?}");
    }
    for args in CHANGING {
        let refused = library.run(args);
        assert_eq!((stdout(&refused).as_str(), refused.status.code()), ("", Some(1)), "{args:?}");
        assert!(stderr(&refused).contains("cannot be written"), "{args:?}");
    }
    assert!(stdout(&library.run(&["doctor"])).contains("!  The library "));
}

/// A thing in place of the database.
enum Replacement {
    Folder,
    DanglingLink,
    Bytes(Vec<u8>),
}

impl Replacement {
    fn put(&self, path: &Path) {
        match self {
            Replacement::Folder => fs::create_dir(path).unwrap(),
            Replacement::Bytes(bytes) => fs::write(path, bytes).unwrap(),
            #[cfg(unix)]
            Replacement::DanglingLink => {
                std::os::unix::fs::symlink(path.with_extension("gone"), path).unwrap();
            }
            #[cfg(not(unix))]
            Replacement::DanglingLink => {}
        }
    }
}

#[test]
fn library_that_cannot_be_opened_is_never_replaced_by_samples() {
    let library = AppleLibrary::new();
    let whole = fs::read(library.database()).unwrap();
    let mut damages: Vec<(String, Replacement)> =
        vec![("a folder".to_owned(), Replacement::Folder)];
    for length in [0, 1, 60, 1_000, 8_192, whole.len() / 2, whole.len() - 8_192] {
        let replacement = Replacement::Bytes(whole[..length].to_vec());
        damages.push((format!("{length} bytes"), replacement));
    }
    if cfg!(unix) {
        damages.push(("a dangling link".to_owned(), Replacement::DanglingLink));
    }
    for (name, damage) in damages {
        let path = library.database();
        fs::remove_file(&path).or_else(|_| fs::remove_dir(&path)).unwrap();
        damage.put(&path);
        for args in READING.iter().chain(&CHANGING).chain(&[&[][..]]) {
            let refused = library.run(args);
            assert_eq!(
                (stdout(&refused).as_str(), refused.status.code()),
                ("", Some(1)),
                "{name}, {args:?}"
            );
            assert!(stderr(&refused).contains("library.db"), "{name}: {}", stderr(&refused));
        }
        let doctor = library.run(&["doctor"]);
        assert_eq!(doctor.status.code(), Some(1), "{name}");
        assert!(stdout(&doctor).contains("library.db"), "{name}: {}", stdout(&doctor));
    }
}

#[test]
fn export_without_feeds_fails_and_prints_no_list() {
    let home = tempfile::tempdir().unwrap();
    let exported = run(home.path(), &["feed", "export"]);
    assert_eq!((stdout(&exported).as_str(), exported.status.code()), ("", Some(1)));
    assert!(stderr(&exported).contains("no feeds to export"), "{}", stderr(&exported));
}

impl AppleLibrary {
    fn execute(&self, sql: &str) {
        rusqlite::Connection::open(self.database()).unwrap().execute_batch(sql).unwrap();
    }

    /// Checks that eleven of twelve articles are found, and that the search says so.
    fn check_one_is_left_out(&self, damage: &str) {
        let found = self.run(&["search", "--count", "apple"]);
        assert_eq!((stdout(&found).as_str(), found.status.code()), ("11\n", Some(1)), "{damage}");
        let message = "1 article is damaged and not searched; `newsreader doctor` says more";
        assert!(stderr(&found).contains(message), "{damage}: {}", stderr(&found));
    }
}

#[test]
fn damaged_article_is_left_out_counted_named_and_repaired() {
    for (column, sql) in [
        ("entries.title", "UPDATE entries SET title = CAST(x'e1' || title AS TEXT) WHERE id = 3"),
        ("entries.author", "UPDATE entries SET author = CAST(x'c3' AS TEXT) WHERE id = 3"),
        ("entries.tags", "UPDATE entries SET tags = CAST(x'ff' AS TEXT) WHERE id = 3"),
        ("entries.link", "UPDATE entries SET link = CAST(x'80' AS TEXT) WHERE id = 3"),
        ("bodies.text", "UPDATE bodies SET text = CAST(x'fe' || text AS TEXT) WHERE entry = 3"),
        ("bodies.text", "UPDATE bodies SET text = x'20000000285b' WHERE entry = 3"),
    ] {
        let library = AppleLibrary::new();
        library.execute(sql);
        library.execute("INSERT INTO text_changes (entry) VALUES (3)");
        library.check_one_is_left_out(column);
        assert!(library.run(&["index", "rebuild"]).status.success(), "{column}");
        library.check_one_is_left_out(column);

        let listed = library.run(&["list"]);
        assert_eq!(
            (stdout(&listed).lines().count(), listed.status.code()),
            (12, Some(0)),
            "{column}"
        );
        assert!(library.run(&["read", "4"]).status.success(), "{column}");
        assert!(library.run(&["refresh"]).status.success(), "{column}");
        let doctor = library.run(&["doctor"]);
        let line = format!("!  article 3: {column} cannot be read\n");
        assert!(stdout(&doctor).contains(&line), "{column}: {}", stdout(&doctor));
        assert_eq!(doctor.status.code(), Some(1));

        let repaired = library.run(&["doctor", "--repair"]);
        assert!(
            stdout(&repaired).contains("ok repaired 1 damaged text\n"),
            "{}",
            stdout(&repaired)
        );
        assert!(repaired.status.success(), "{}", stdout(&repaired));
        assert!(library.run(&["refresh"]).status.success(), "{column}");
        let found = library.run(&["search", "--count", "apple"]);
        assert_eq!((stdout(&found).as_str(), stderr(&found).as_str()), ("12\n", ""), "{column}");
    }
}

#[test]
fn damaged_feed_keeps_its_articles_and_its_place_in_lists() {
    for column in ["title", "name", "folder", "site", "tags", "fetch"] {
        let library = AppleLibrary::new();
        library.execute(&format!("UPDATE feeds SET {column} = CAST(x'6170e1' AS TEXT)"));
        assert!(library.run(&["list"]).status.success(), "{column}");
        assert_eq!(stdout(&library.run(&["search", "--count", "apple"])), "12\n", "{column}");
        for args in [&["feed", "list"][..], &["feed", "export"]] {
            let output = library.run(args);
            assert!(stdout(&output).contains("/news"), "{column}: {}", stdout(&output));
            assert_eq!(output.status.code(), Some(1), "{column}, {args:?}");
            assert!(stderr(&output).contains("1 feed is damaged"), "{}", stderr(&output));
        }
        let doctor = stdout(&library.run(&["doctor"]));
        assert!(doctor.contains(&format!("feed 1: feeds.{column} cannot be read")), "{doctor}");
    }
}

#[test]
fn feeds_are_counted_as_damaged_behind_a_page_of_another_table() {
    let library = AppleLibrary::new();
    // This table has one row, as that of the feeds.
    library.execute(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'segments')
         WHERE name = 'feeds'",
    );
    for args in [&["list"][..], &["read", "3"], &["search", "--json"], &["feed", "list"]] {
        let output = library.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", stdout(&output));
        assert!(stderr(&output).contains("1 feed is damaged"), "{args:?}: {}", stderr(&output));
    }
    let doctor = library.run(&["doctor"]);
    assert!(stdout(&doctor).contains("1 feed missing"), "{}", stdout(&doctor));
}

#[test]
fn search_counts_articles_that_a_damaged_page_hides() {
    let message = "1 article is damaged and not searched";
    for (query, sql) in [
        // In the index: only a search that needs the text misses it.
        ("re:app.e", "DELETE FROM bodies WHERE entry = 3; DELETE FROM text_changes"),
        // Waiting to be indexed.
        ("apple", "DELETE FROM bodies WHERE entry = 3"),
        ("apple", "INSERT INTO text_changes (entry) VALUES (3); DELETE FROM entries WHERE id = 3"),
    ] {
        let library = AppleLibrary::new();
        library.execute(sql);
        let found = library.run(&["search", "--count", query]);
        assert_eq!((stdout(&found).as_str(), found.status.code()), ("11\n", Some(1)), "{sql}");
        assert!(stderr(&found).contains(message), "{sql}: {}", stderr(&found));
    }
}

#[test]
fn read_says_that_the_full_text_is_damaged() {
    let library = AppleLibrary::new();
    library.execute(
        "INSERT INTO originals (entry, at, url, html) VALUES (3, 0, '', CAST(x'ff' AS TEXT))",
    );
    let read = library.run(&["read", "3"]);
    assert_eq!(read.status.code(), Some(1));
    assert!(stdout(&read).contains("apple"), "{}", stdout(&read));
    let message = "the full text of article 3 is damaged";
    assert!(stderr(&read).contains(message), "{}", stderr(&read));
    assert_eq!(library.run(&["read", "4"]).status.code(), Some(0));
}

#[test]
fn missing_full_text_is_named_and_repaired() {
    let library = AppleLibrary::new();
    library.execute(
        "INSERT INTO originals (entry, at, url, html) VALUES (3, 0, '', '<p>The whole apple</p>')",
    );
    let read = library.run(&["read", "3"]);
    assert_eq!(read.status.code(), Some(0));
    assert!(stdout(&read).contains("The whole apple"), "{}", stdout(&read));
    // A damaged page hides the row without telling the trigger.
    library.execute("DROP TRIGGER full_text_unmarked; DELETE FROM originals");
    let read = library.run(&["read", "3"]);
    assert_eq!(read.status.code(), Some(1));
    let message = "the full text of article 3 is damaged";
    assert!(stderr(&read).contains(message), "{}", stderr(&read));
    let found = library.run(&["search", "--count", "re:app.e"]);
    assert_eq!((stdout(&found).as_str(), found.status.code()), ("11\n", Some(1)));
    let doctor = library.run(&["doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
    let named = "article 3: originals.html cannot be read";
    assert!(stdout(&doctor).contains(named), "{}", stdout(&doctor));
    assert!(library.run(&["doctor", "--repair"]).status.success());
    let read = library.run(&["read", "3"]);
    assert_eq!(read.status.code(), Some(0));
    assert!(stdout(&read).contains("An apple a day"), "{}", stdout(&read));
}

#[test]
fn reader_says_that_a_broken_index_of_a_read_only_library_stays() {
    let library = AppleLibrary::new();
    for segment in fs::read_dir(library.folder().join("index")).unwrap().flatten() {
        for file in fs::read_dir(segment.path()).into_iter().flatten().flatten() {
            fs::write(file.path(), "no segment").unwrap();
        }
    }
    let mut running = RunningApp::start(&LibraryLocation::ReadOnly(library.folder()), &[]);
    running.press_keys("a p");
    running.run_until(|app| app.notices.failures().count() > 0);
    let summary = running.app.notices.failures().next().unwrap().summary.clone();
    assert!(summary.contains("the library is read-only, so the index stays"), "{summary}");
}

#[test]
fn lists_say_that_feeds_are_missing() {
    let library = AppleLibrary::new();
    library.execute("PRAGMA foreign_keys = off; DELETE FROM feeds");
    for args in [&["list"][..], &["search", "apple"], &["read", "3"], &["feed", "list"]] {
        let output = library.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(stderr(&output).contains("1 feed is damaged"), "{args:?}: {}", stderr(&output));
    }
    let doctor = library.run(&["doctor"]);
    assert!(stdout(&doctor).contains("!  1 feed missing"), "{}", stdout(&doctor));
}

#[test]
fn list_says_what_a_damaged_database_index_leaves_out() {
    let library = AppleLibrary::new();
    let db = rusqlite::Connection::open(library.database()).unwrap();
    // A partial index in place of the whole one, as a flipped bit in its pages would make it.
    db.execute_batch(
        "PRAGMA writable_schema = 1;
         UPDATE sqlite_schema SET sql = 'CREATE INDEX entries_by_date ON entries (published DESC, id DESC, feed, read, starred) WHERE id < 6'
         WHERE name = 'entries_by_date';",
    )
    .unwrap();
    drop(db);
    library.execute("REINDEX entries_by_date");
    let db = rusqlite::Connection::open(library.database()).unwrap();
    db.execute_batch(
        "PRAGMA writable_schema = 1;
         UPDATE sqlite_schema SET sql = 'CREATE INDEX entries_by_date ON entries (published DESC, id DESC, feed, read, starred)'
         WHERE name = 'entries_by_date';",
    )
    .unwrap();
    drop(db);
    let listed = library.run(&["list"]);
    assert_eq!((stdout(&listed).lines().count(), listed.status.code()), (5, Some(1)));
    assert!(stderr(&listed).contains("7 articles are missing in the list"), "{}", stderr(&listed));
    let doctor = library.run(&["doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(stdout(&doctor).contains("entries_by_date"), "{}", stdout(&doctor));
}

#[test]
fn index_of_another_library_is_named_and_rebuilt() {
    let (library, other) = (AppleLibrary::new(), AppleLibrary::new());
    fs::copy(other.database(), library.database()).unwrap();
    assert_eq!(stdout(&library.run(&["search", "--count", "apple"])), "12\n");
    let verified = library.run(&["index", "verify"]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(stderr(&verified).contains("belongs to another index"), "{}", stderr(&verified));
    let doctor = library.run(&["doctor"]);
    assert!(stdout(&doctor).contains("`newsreader index rebuild` rebuilds"), "{}", stdout(&doctor));
    assert!(library.run(&["index", "rebuild"]).status.success());
    assert!(library.run(&["index", "verify"]).status.success());
    assert!(library.run(&["doctor"]).status.success());
}

#[test]
fn rebuild_of_an_index_that_cannot_be_written_fails_and_keeps_the_old_one() {
    let library = AppleLibrary::new();
    let index = library.folder().join("index");
    // A lock that is a folder cannot be opened for writing, whoever the user is.
    fs::remove_file(index.join("lock")).unwrap();
    fs::create_dir(index.join("lock")).unwrap();
    let rebuilt = library.run(&["index", "rebuild"]);
    assert_eq!((stdout(&rebuilt).as_str(), rebuilt.status.code()), ("", Some(1)));
    assert!(
        stderr(&rebuilt).contains("cannot read or write the index file"),
        "{}",
        stderr(&rebuilt)
    );
    assert!(stdout(&library.run(&["index", "status"])).contains("12 articles in"));
}

#[test]
fn rebuild_while_another_instance_has_the_index_fails() {
    let library = AppleLibrary::new();
    let lock = fs::File::create(library.folder().join("index/lock")).unwrap();
    lock.lock().unwrap();
    let rebuilt = library.run(&["index", "rebuild"]);
    assert_eq!((stdout(&rebuilt).as_str(), rebuilt.status.code()), ("", Some(1)));
    assert!(stderr(&rebuilt).contains("another newsreader is updating"), "{}", stderr(&rebuilt));
}

#[cfg(unix)]
#[test]
fn pipes_in_place_of_files_are_named() {
    let library = AppleLibrary::new();
    let make_pipe = |path: &Path| {
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    let feed = library.home.path().join("feed.xml");
    let document = "<rss version='2.0'><channel><title>Pipe</title><item><title>A</title></item></channel></rss>";
    fs::write(&feed, document).unwrap();
    assert!(library.run(&["add", feed.to_str().unwrap()]).status.success());
    fs::remove_file(&feed).unwrap();
    make_pipe(&feed);
    let refreshed = library.run(&["refresh"]);
    assert_eq!(refreshed.status.code(), Some(1));
    assert!(stderr(&refreshed).contains("is a pipe or a device"), "{}", stderr(&refreshed));

    fs::remove_file(library.database()).unwrap();
    make_pipe(&library.database());
    for args in READING.iter().chain(&CHANGING) {
        let refused = library.run(args);
        assert_eq!((stdout(&refused).as_str(), refused.status.code()), ("", Some(1)), "{args:?}");
        assert!(stderr(&refused).contains("is a pipe or a device"), "{}", stderr(&refused));
    }
}

#[test]
fn long_text_is_printed_to_its_end() {
    let library = AppleLibrary::new();
    let long = library.home.path().join("news/long.md");
    let lines = "line  \n".repeat(70_000);
    fs::write(&long, format!("# Long\n\n{lines}\nTHE END\n")).unwrap();
    assert!(library.run(&["refresh"]).status.success());
    for format in ["text", "markdown"] {
        let printed = stdout(&library.run(&["read", "13", "--format", format]));
        let count = printed.matches("line").count();
        assert_eq!((count, printed.contains("THE END")), (70_000, true), "{format}");
    }
}

#[cfg(unix)]
#[test]
fn library_and_index_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let library = AppleLibrary::new();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let index = library.folder().join("index");
    assert_eq!(
        (mode(&library.folder()), mode(&library.database()), mode(&index)),
        (0o700, 0o600, 0o700)
    );
    // A library of an earlier version.
    for (path, open_mode) in [(library.database(), 0o644), (index.clone(), 0o755)] {
        fs::set_permissions(path, fs::Permissions::from_mode(open_mode)).unwrap();
    }
    assert!(library.run(&["index", "rebuild"]).status.success());
    assert_eq!((mode(&library.database()), mode(&index)), (0o600, 0o700));
}
