//! Backups: what they hold, how many are kept, and what restoring one brings back.

use std::{fs, path::Path};

use chrono::{DateTime, Days, NaiveDate, Utc};
use newsreader::{
    library::{DailyBackup, back_up_daily, newest_backup},
    model::{Change, EntryId, FeedKind, FetchOptions, PasswordExport, Subscription, View},
    store::{
        LibraryLocation, ReadConnection, StoreError, WaitingMarks, WriteConnection, restore_backup,
        write_backup,
    },
};
use rusqlite::types::Value;

use crate::support::program::{home_with_library, run, stderr, stdout};

const SECRET: &str = "hunter2-in-a-header";

/// A library in `folder` with a feed that has a login, changed twice.
fn library_with_login(folder: &Path) -> (LibraryLocation, WriteConnection) {
    let location = LibraryLocation::Folder(folder.to_owned());
    let mut store = WriteConnection::open(&location).unwrap();
    let fetch =
        FetchOptions { headers: vec![format!("Token: {SECRET}")], ..FetchOptions::default() };
    let before = Subscription { fetch, ..Subscription::default() };
    let feed = store.subscribe(FeedKind::Web, "https://a.example/", "A", &before).unwrap().feed;
    let after = Subscription { paused: true, ..before.clone() };
    let now = DateTime::<Utc>::UNIX_EPOCH;
    store.apply_change(&Change::set_subscription(feed, before, after), now).unwrap();
    store
        .apply_change(&Change::add_view(View::new("rust", "rust", &View::first_views())), now)
        .unwrap();
    (location, store)
}

/// Every row of a table, in the order of their first columns.
fn rows(database: &Path, table: &str) -> Vec<Vec<Value>> {
    let db = rusqlite::Connection::open(database).unwrap();
    let mut select = db.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
    let count = select.column_count();
    let rows = select.query_map([], |row| (0..count).map(|at| row.get(at)).collect()).unwrap();
    rows.map(Result::unwrap).collect()
}

fn contains_secret(backup: &Path) -> bool {
    let bytes = zstd::decode_all(fs::File::open(backup).unwrap()).unwrap();
    bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes())
}

#[test]
fn backup_has_logins_only_if_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (location, _store) = library_with_login(folder.path());
    for (passwords, name) in
        [(PasswordExport::LeaveOut, "without"), (PasswordExport::Include, "with")]
    {
        let backup = folder.path().join(name);
        write_backup(&location, &backup, passwords, "").unwrap();
        assert_eq!(contains_secret(&backup), passwords == PasswordExport::Include, "{name}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(backup.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}

#[test]
fn restored_library_has_every_row_of_the_backup() {
    let home = home_with_library();
    for args in
        [&["star", "1"][..], &["tag", "--add", "urgent", "1"], &["mark", "read", "2"], &["undo"]]
    {
        assert!(run(home.path(), args).status.success());
    }
    let folder = home.path().join("data/newsreader");
    let location = LibraryLocation::Folder(folder.clone());
    let backup = home.path().join("backup");
    write_backup(&location, &backup, PasswordExport::Include, "").unwrap();
    let restored = home.path().join("restored");
    restore_backup(&restored, &backup, WaitingMarks::Refuse).unwrap();
    let (before, after) = (folder.join("library.db"), restored.join("library.db"));
    for table in ["journal", "places", "views", "tags", "entry_tags", "states"] {
        assert_eq!(rows(&before, table), rows(&after, table), "{table}");
    }
    let db = rusqlite::Connection::open(&after).unwrap();
    let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let triggers = "SELECT count(*) FROM sqlite_schema WHERE type IN ('trigger', 'index')";
    let count = |path: &Path| -> i64 {
        rusqlite::Connection::open(path).unwrap().query_row(triggers, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count(&before), count(&after));
}

#[test]
fn restore_brings_marks_back_and_the_next_refresh_the_texts() {
    let home = home_with_library();
    let command = |args: &[&str]| run(home.path(), args);
    command(&["star", "1"]);
    let backup = home.path().join("backup");
    let written = command(&["backup", backup.to_str().unwrap()]);
    assert_eq!(stdout(&written), format!("{}\n", backup.display()));
    let again = command(&["backup", backup.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(1), "a file of the user's is not replaced");
    command(&["unstar", "1"]);

    let restored = command(&["restore", backup.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", stderr(&restored));
    let kept = home.path().join("data/newsreader/library.db.before-restore");
    assert!(stdout(&restored).contains(kept.to_str().unwrap()) && kept.exists());
    let starred = command(&["search", "--count", "is:starred"]);
    assert_eq!(
        (stdout(&starred).as_str(), stderr(&starred).as_str()),
        ("1\n", ""),
        "needs no text"
    );
    assert!(starred.status.success());
    let read = stdout(&command(&["read", "1"]));
    assert!(read.contains("is not in the library"), "{read}");
    for args in [
        &["search", "--count", "bridge"][..],
        &["count", "bridge"],
        &["list", "bridge"],
        &["export", "--format", "json-lines", "bridge"],
    ] {
        let found = command(args);
        assert_eq!((stdout(&found).lines().count(), found.status.code()), (1, Some(1)), "{args:?}");
        let sentence = "2 articles have no text since the library was restored";
        assert!(stderr(&found).contains(sentence), "{args:?}: {}", stderr(&found));
    }
    assert!(stdout(&command(&["doctor"])).contains("2 articles without a text"));

    assert_eq!(stdout(&command(&["refresh"])), "0 new, 2 changed, 0 failed\n");
    assert!(stdout(&command(&["read", "1"])).contains("It was shut for two years."));
    let found = command(&["search", "--count", "shut"]);
    assert_eq!((stderr(&found).as_str(), found.status.code()), ("", Some(0)));
    let reader =
        ReadConnection::open(&LibraryLocation::Folder(home.path().join("data/newsreader")))
            .unwrap();
    assert!(reader.load_entry(EntryId(1)).unwrap().unwrap().state.starred);
    assert!(reader.list_versions(EntryId(1)).unwrap().is_empty(), "the text is no edit");
    assert_eq!(stdout(&command(&["undo"])), "Undone: starred “The bridge reopens”\n");
}

#[test]
fn restore_refuses_while_the_library_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let (location, store) = library_with_login(folder.path());
    let backup = folder.path().join("backup");
    write_backup(&location, &backup, PasswordExport::LeaveOut, "").unwrap();
    let refused = restore_backup(folder.path(), &backup, WaitingMarks::Refuse).unwrap_err();
    assert!(matches!(refused, StoreError::OpenElsewhere { .. }), "{refused}");
    drop(store);
    let restored = restore_backup(folder.path(), &backup, WaitingMarks::Refuse).unwrap();
    assert_eq!(restored.kept, Some(folder.path().join("library.db.before-restore")));
    let second = restore_backup(folder.path(), &backup, WaitingMarks::Refuse).unwrap();
    assert_eq!(second.kept, Some(folder.path().join("library.db.before-restore-2")));
    let left_over: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(&std::process::id().to_string()))
        .collect();
    assert!(left_over.is_empty(), "{left_over:?}");
}

#[test]
fn restore_refuses_what_is_no_whole_backup_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (location, store) = library_with_login(folder.path());
    let backup = folder.path().join("backup");
    write_backup(&location, &backup, PasswordExport::LeaveOut, "").unwrap();
    drop(store);
    let before = fs::read(location.database_path()).unwrap();
    let whole = fs::read(&backup).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x55;
    let other = zstd::encode_all(&b"a diary"[..], 1).unwrap();
    let cut = whole[..whole.len() / 2].to_vec();
    for (name, bytes) in
        [("flipped", flipped), ("cut", cut), ("other", other), ("empty", Vec::new())]
    {
        fs::write(&backup, bytes).unwrap();
        let refused = restore_backup(folder.path(), &backup, WaitingMarks::Refuse).unwrap_err();
        assert!(matches!(refused, StoreError::NotABackup { .. }), "{name}: {refused}");
        assert_eq!(fs::read(location.database_path()).unwrap(), before, "{name}");
    }
}

#[test]
fn restore_replaces_a_library_that_cannot_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let (location, store) = library_with_login(folder.path());
    let backup = folder.path().join("backup");
    write_backup(&location, &backup, PasswordExport::LeaveOut, "").unwrap();
    drop(store);
    let path = location.database_path();
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 3]).unwrap();
    let restored = restore_backup(folder.path(), &backup, WaitingMarks::Refuse).unwrap();
    assert_eq!(fs::read(restored.kept.unwrap()).unwrap().len(), whole.len() / 3);
    let reader = ReadConnection::open(&location).unwrap();
    let views = reader.load_preferences().unwrap().views;
    assert!(views.iter().any(|view| view.query == "rust"), "{views:?}");
}

#[test]
fn one_backup_a_day_and_the_newest_seven_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (location, _store) = library_with_login(folder.path());
    let first = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
    for day in 0..10 {
        let today = first + Days::new(day);
        let written = back_up_daily(&location, today, None).unwrap();
        assert!(matches!(written, DailyBackup::Written(_)), "{today}: {written:?}");
        assert_eq!(
            back_up_daily(&location, today, None).unwrap(),
            DailyBackup::UpToDate,
            "{today}"
        );
    }
    let backups = location.backup_folder().unwrap();
    assert_eq!(fs::read_dir(&backups).unwrap().count(), 7);
    assert_eq!(newest_backup(&backups).unwrap().0, first + Days::new(9));
    let memory = LibraryLocation::Memory("no-backups".to_owned());
    assert_eq!(back_up_daily(&memory, first, None).unwrap(), DailyBackup::Impossible);
}

#[test]
fn backup_has_the_rules_and_restore_puts_them_back_unless_they_were_edited() {
    let home = home_with_library();
    let command = |args: &[&str]| {
        let output = run(home.path(), args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        stdout(&output)
    };
    let rules = home.path().join("config/newsreader/rules.toml");
    let beside = |name: &str| fs::read_to_string(rules.with_file_name(name));
    command(&["rule", "add", "Noise", "--query", "ad", "--hide"]);
    let saved = fs::read_to_string(&rules).unwrap();
    let backup = home.path().join("backup");
    let backup = backup.to_str().unwrap();
    command(&["backup", backup]);
    let restore = || command(&["restore", backup]);
    assert!(!restore().contains("rules"), "they are the same");

    fs::remove_file(&rules).unwrap();
    assert!(restore().contains(&format!("The rules of the backup are in {}\n", rules.display())));
    assert_eq!(fs::read_to_string(&rules).unwrap(), saved);
    assert_eq!(command(&["undo"]), "Undone: added the rule “Noise”\n", "the journal fits them");

    for name in ["rules.restored.toml", "rules.restored-2.toml"] {
        fs::write(&rules, "# Mine.\n").unwrap();
        let told = restore();
        assert!(
            told.contains("rules.toml was edited since the backup, and stays as it is"),
            "{told}"
        );
        assert!(told.contains(name), "{told}");
        assert_eq!(beside(name).unwrap(), saved);
        assert_eq!(fs::read_to_string(&rules).unwrap(), "# Mine.\n");
    }
}

#[test]
fn backup_without_readable_rules_has_everything_else_and_says_so() {
    let home = home_with_library();
    let rules = home.path().join("config/newsreader/rules.toml");
    fs::create_dir_all(rules.parent().unwrap()).unwrap();
    fs::write(&rules, b"\xff\xfe").unwrap();
    let backup = home.path().join("backup");
    let written = run(home.path(), &["backup", backup.to_str().unwrap()]);
    assert_eq!(written.status.code(), Some(1));
    let reason = "cannot back up the rules: Cannot read ";
    assert!(stderr(&written).contains(reason), "{}", stderr(&written));
    assert!(stderr(&written).contains("; everything else is in "), "{}", stderr(&written));
    let restored = run(home.path(), &["restore", backup.to_str().unwrap()]);
    assert!(restored.status.success(), "{restored:?}");
}

#[test]
fn restore_counts_no_article_of_a_feed_that_was_unsubscribed() {
    let home = home_with_library();
    let command = |args: &[&str]| run(home.path(), args);
    let other = home.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("a.txt"), "date 2026-01-28 One more.").unwrap();
    assert!(command(&["add", other.to_str().unwrap()]).status.success());
    assert!(command(&["feed", "remove", "other"]).status.success());
    let backup = home.path().join("a.backup");
    assert!(command(&["backup", backup.to_str().unwrap()]).status.success());
    let restored = command(&["restore", backup.to_str().unwrap()]);
    assert!(stdout(&restored).starts_with("Restored 2 articles\n"), "{}", stdout(&restored));
}
