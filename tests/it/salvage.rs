//! `doctor --repair` on libraries with lost pages: every row that can be read is in the new library,
//! and what is missing is said.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};

use chrono::DateTime;
use newsreader::{
    model::{
        Attachments, BodyFormat, Change, EntryBody, EntryId, FeedKind, NewEntry, PublicationDate,
        TagMark, TagName, View,
    },
    store::{
        EntryUpsert, IngestBatch, LibraryLocation, LostRows, ReadConnection, StoreError,
        WriteConnection, salvage_library,
    },
};
use rusqlite::types::Value;

use crate::support::program::{home_with_library, run, stderr, stdout};

/// Page size of a new library.
const PAGE_BYTES: usize = 8 * 1024;

const FEEDS: u64 = 20;
const ENTRIES_PER_FEED: u64 = 30;
const RULES: i64 = 3;

/// The keys that are looked up one by one.
const KEYS: std::ops::RangeInclusive<i64> = 1..=700;

/// The tables, and the columns that a salvage does not change; the first one is the key.
const TABLES: [(&str, &str); 12] = [
    ("feeds", "id, kind, url, title, name, folder, fetch"),
    ("entries", "id, feed, guid, title, link, author, tags, published, read, starred, arrived"),
    ("bodies", "entry, format, text"),
    ("originals", "entry, at, url, html, shown"),
    ("versions", "rowid, entry, at, title, text, read"),
    ("places", "entry, piece, line"),
    ("journal", "id, at, change, undone, actor, refusal"),
    ("views", "id, name, query, position"),
    ("tags", "id, name, key, color"),
    ("entry_tags", "entry, tag, until"),
    ("acting_rules", "id, name"),
    ("rule_acts", "entry, rule, version, at, actions, undone"),
];

/// Returns a text without repetitions, so that it takes its length on the disk.
fn noise(seed: u64, words: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut text = String::new();
    for _ in 0..words {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        write!(text, "{state:x} ").unwrap();
    }
    text
}

fn new_entry(feed: u64, number: u64) -> EntryUpsert {
    let seed = feed * 100 + number;
    let body = EntryBody { format: BodyFormat::Plain, text: noise(seed + 7, 40 + number * 6) };
    let entry = NewEntry {
        guid: format!("{feed}-{number}"),
        digest: number + 1,
        title: noise(seed, 12),
        link: None,
        author: None,
        published: PublicationDate::Instant(DateTime::UNIX_EPOCH),
        tags: Vec::new(),
        body,
        attachments: Attachments::default(),
        page_article: None,
    };
    EntryUpsert::new(entry, 0, None)
}

/// Makes a library of 20 feeds and 600 articles, with stars, tags, views, reading positions, full
/// texts and earlier versions, and returns the bytes of its database.
fn make_library() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().to_owned());
    let mut store = WriteConnection::open(&location).unwrap();
    let now = DateTime::UNIX_EPOCH;
    for n in 0..FEEDS {
        let url = format!("https://{n}.example/");
        let feed = store.add_feed(FeedKind::Web, &url, &format!("Feed {n}")).unwrap().feed;
        let upserts = (0..ENTRIES_PER_FEED).map(|number| new_entry(n, number)).collect();
        store.ingest_batch(&IngestBatch { feed, upserts, missing_files: Vec::new() }, now).unwrap();
        let first = i64::try_from(n * ENTRIES_PER_FEED).unwrap() + 1;
        let ids: Vec<EntryId> = (first..first + 20).map(EntryId).collect();
        for change in [
            Change::set_starred(&ids[..7], true),
            Change::set_read(&ids, true),
            Change::set_tag(&ids[3..], TagName::later(), TagMark::On),
            Change::set_tag(&ids[..2], TagName::hidden(), TagMark::On),
            Change::set_tag(&ids[1..3], TagName::from_stored("removed".to_owned()), TagMark::On),
            Change::set_tag(&ids[..5], TagName::from_stored(format!("topic-{n}")), TagMark::On),
            Change::add_view(View::new(&format!("View {n}"), &noise(n, 3), &View::first_views())),
        ] {
            store.apply_change(&change, now).unwrap();
        }
    }
    drop(store);
    let db = rusqlite::Connection::open(location.database_path()).unwrap();
    for id in (1..=600_u32).step_by(5) {
        let text = noise(u64::from(id), 60);
        db.execute("INSERT INTO places VALUES (?1, 1, 2)", [id]).unwrap();
        let sql = "INSERT INTO originals (entry, at, url, html) VALUES (?1, 0, '', ?2)";
        db.execute(sql, (id, &text)).unwrap();
        let sql = "INSERT INTO versions (entry, at, title, format, text, read, packed, base)
                   VALUES (?1, 0, 'Before', 'plain', ?2, 0, ?3, ?1)";
        let packed = (id % 2 == 0).then_some(text.as_bytes());
        db.execute(sql, (id, if packed.is_some() { "" } else { &text }, packed)).unwrap();
    }
    for rule in 1..=RULES {
        let name = format!("Rule {rule}");
        db.execute("INSERT INTO acting_rules (id, name) VALUES (?1, ?2)", (rule, name)).unwrap();
        for entry in 1..=600_i64 {
            let sql = "INSERT INTO rule_acts VALUES (?1, ?2, 1, 0, ?3, ?2 % 2)";
            let actions = noise(u64::try_from(rule * 1_000 + entry).unwrap(), 8);
            db.execute(sql, (rule, entry, actions)).unwrap();
        }
    }
    db.query_row("PRAGMA wal_checkpoint(truncate)", [], |_| Ok(())).unwrap();
    drop(db);
    fs::read(location.database_path()).unwrap()
}

type Rows = BTreeMap<(i64, i64), Vec<Value>>;

/// Reads a table row by row, each by its key: it does not matter whether the others can be read.
fn rows_by_key(database: &Path, (table, columns): (&str, &str)) -> Rows {
    let db = rusqlite::Connection::open(database).unwrap();
    db.pragma_update(None, "writable_schema", true).unwrap();
    let seconds: Vec<i64> = match table {
        "entry_tags" => (1..=23).collect(),
        "rule_acts" => (1..=RULES).collect(),
        _ => vec![0],
    };
    let condition = match table {
        "entry_tags" => "WHERE entry = ?1 AND tag = ?2",
        "rule_acts" => "WHERE entry = ?1 AND rule = ?2",
        _ => "NOT INDEXED WHERE rowid = ?1 AND ?2 = 0",
    };
    let sql = format!("SELECT {columns} FROM {table} {condition}");
    let Ok(mut select) = db.prepare(&sql) else { return Rows::new() };
    let count = select.column_count();
    let mut read = |key: (i64, i64)| {
        let values =
            |row: &rusqlite::Row<'_>| (0..count).map(|at| row.get(at)).collect::<Result<_, _>>();
        Some((key, select.query_row([key.0, key.1], values).ok()?))
    };
    KEYS.flat_map(|key| seconds.iter().map(move |second| (key, *second)))
        .filter_map(&mut read)
        .collect()
}

/// Returns the keys that several rows of a table of pairs have, of which one is damaged: which of them is
/// right cannot be told.
fn keys_of_several_rows(database: &Path, (table, columns): (&str, &str)) -> BTreeSet<(i64, i64)> {
    let (mut seen, mut several) = (BTreeSet::new(), BTreeSet::new());
    if !["entry_tags", "rule_acts"].contains(&table) {
        return several;
    }
    let db = rusqlite::Connection::open(database).unwrap();
    db.pragma_update(None, "writable_schema", true).unwrap();
    let Ok(mut select) = db.prepare(&format!("SELECT {columns} FROM {table}")) else {
        return several;
    };
    let mut rows = select.query([]).unwrap();
    while let Ok(Some(row)) = rows.next() {
        let (Ok(first), Ok(second)) = (row.get(0), row.get(1)) else { continue };
        if !seen.insert((first, second)) {
            several.insert((first, second));
        }
    }
    several
}

/// Damages pages after the first one, which says where the tables are.
fn damage(bytes: &mut Vec<u8>, seed: usize) {
    let pages = bytes.len() / PAGE_BYTES;
    let page = |n: usize| (1 + (seed * 37 + n * 61) % (pages - 1)) * PAGE_BYTES;
    match seed % 4 {
        0 => (0..=seed % 5).for_each(|n| bytes[page(n)..page(n) + 16].fill(0xff)),
        1 => (0..=seed % 6).for_each(|n| bytes[page(n)..page(n) + PAGE_BYTES].fill(0)),
        2 => (0..=seed % 7).for_each(|n| bytes[page(n)] ^= 0x50),
        // Anywhere, also between two pages.
        _ => bytes.truncate((pages - 1 - seed % (pages / 2)) * PAGE_BYTES + seed % PAGE_BYTES),
    }
}

/// Checks that a library is whole, as `newsreader doctor` does.
fn check_whole(location: &LibraryLocation, case: &str) {
    let reader = ReadConnection::open(location).unwrap();
    assert_eq!(reader.check_integrity().unwrap(), [""; 0], "{case}");
    assert_eq!(reader.find_damaged_rows().unwrap(), [], "{case}");
    assert_eq!(reader.count_missing_feeds().unwrap(), 0, "{case}");
    let counted = reader.count_entries_one_by_one().unwrap();
    assert_eq!(counted, reader.stated_entry_count().unwrap(), "{case}");
    for (stated, counted) in [
        reader.count_tags_twice().unwrap(),
        reader.count_unlisted_twice().unwrap(),
        reader.count_copies_twice().unwrap(),
    ] {
        assert_eq!(stated, counted, "{case}");
    }
    let built_in =
        reader.list_views().unwrap().iter().filter(|view| view.built_in.is_some()).count();
    assert_eq!(built_in, 6, "{case}");
}

/// Checks one salvage; returns the number of rows that could be read of the damaged library.
fn check_salvage(whole: &[u8], whole_rows: &BTreeMap<&str, Rows>, seed: usize) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().to_owned());
    let (database, damaged) = (location.database_path(), folder.path().join("oracle.db"));
    let mut bytes = whole.to_vec();
    damage(&mut bytes, seed);
    fs::write(&database, &bytes).unwrap();
    fs::write(&damaged, &bytes).unwrap();
    let report = match salvage_library(folder.path()) {
        Ok(report) => report,
        Err(error) => {
            assert!(matches!(error, StoreError::Unsalvageable { .. }), "{seed}: {error}");
            assert!(rows_by_key(&damaged, TABLES[1]).is_empty(), "{seed}");
            assert!(fs::read(&database).unwrap() == bytes, "{seed}: left as it was");
            return 0;
        }
    };
    // Writing the log back changes the first page.
    let kept = fs::read(report.kept.unwrap()).unwrap();
    assert!(kept.get(PAGE_BYTES..) == bytes.get(PAGE_BYTES..), "{seed}: the damaged one is kept");
    let entries: BTreeSet<i64> =
        rows_by_key(&database, TABLES[1]).keys().map(|key| key.0).collect();
    let mut read_count = 0;
    for table in TABLES {
        let readable = rows_by_key(&damaged, table);
        let mut found = rows_by_key(&database, table);
        let name = table.0;
        let values = |rows: &Rows| -> Vec<Vec<Value>> { rows.values().cloned().collect() };
        if name == "versions" {
            // Their numbers mean nothing.
            let kept: BTreeSet<String> =
                values(&found).iter().map(|row| format!("{:?}", &row[1..])).collect();
            let is_kept = |row: &Vec<Value>| kept.contains(&format!("{:?}", &row[1..]));
            let of_entry =
                |row: &&Vec<Value>| matches!(row[1], Value::Integer(id) if entries.contains(&id));
            assert!(readable.values().filter(of_entry).all(is_kept), "{seed}: {name}");
        } else {
            let of_article = ["places", "entry_tags", "rule_acts"].contains(&name);
            for (key, row) in &readable {
                if !of_article || entries.contains(&key.0) {
                    assert_eq!(found.get(key), Some(row), "{seed}: {name} {key:?}");
                }
            }
        }
        // Rows that others need are made, and are not those that were lost.
        found.retain(|key, row| {
            // A row whose end is cut off is kept as it is read.
            let is_as_read = readable.get(key).is_some_and(|read| read == row);
            let is_right = |whole: &Vec<Value>| name == "versions" || whole == row;
            whole_rows[name].get(key).is_some_and(|whole| is_as_read || is_right(whole))
        });
        let lost = (whole_rows[name].len() - found.len()) as u64;
        let stated = report.tables.iter().find(|loss| loss.table == name).map(|loss| loss.rows);
        match stated {
            // What belongs to a lost article may go with it, and marks of articles are stated twice.
            None if ["places", "entry_tags", "versions", "bodies", "originals", "rule_acts"]
                .contains(&name) => {}
            None => assert_eq!(lost, 0, "{seed}: {name}"),
            Some(LostRows::Exactly(stated)) if ["feeds", "entries"].contains(&name) => {
                assert_eq!(lost, stated, "{seed}: {name}");
            }
            Some(LostRows::AtMost(stated))
                if !["places", "versions", "entry_tags", "rule_acts"].contains(&name) =>
            {
                assert!(lost <= stated, "{seed}: {name}: {lost} {stated}");
            }
            Some(_) => {}
        }
        read_count += readable.len();
    }
    check_whole(&location, &seed.to_string());
    read_count
}

fn check_salvages(seeds: std::ops::Range<usize>) {
    let whole = make_library();
    let rows = rows_of_whole(&whole);
    assert_eq!(rows["entries"].len(), 600);
    let row_count: usize = rows.values().map(BTreeMap::len).sum();
    let count = seeds.len();
    let read: usize = seeds.map(|seed| check_salvage(&whole, &rows, seed)).sum();
    assert!(read > row_count * count / 4, "{read} of {row_count} in each: the damage is smaller");
}

/// Flips single bits anywhere after the first page: of keys, sizes, pointers and values.
fn flip_bits(bytes: &mut [u8], seed: usize) {
    let mut state = (seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for _ in 0..=seed % 40 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let places = bytes.len() - PAGE_BYTES;
        let at = PAGE_BYTES + usize::try_from(state >> 8).unwrap() % places;
        bytes[at] ^= 1 << (state % 8);
    }
}

/// Checks that a salvage keeps every row that can be found by its key and is as it was.
fn check_flipped(whole: &[u8], whole_rows: &BTreeMap<&str, Rows>, seed: usize) {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().to_owned());
    let damaged = folder.path().join("oracle.db");
    let mut bytes = whole.to_vec();
    flip_bits(&mut bytes, seed);
    fs::write(location.database_path(), &bytes).unwrap();
    fs::write(&damaged, &bytes).unwrap();
    salvage_library(folder.path()).unwrap();
    let entries = rows_by_key(&location.database_path(), TABLES[1]);
    for table in TABLES.into_iter().filter(|table| table.0 != "versions") {
        let (name, found) = (table.0, rows_by_key(&location.database_path(), table));
        let of_article = ["places", "entry_tags", "rule_acts"].contains(&name);
        let ambiguous = keys_of_several_rows(&damaged, table);
        for (key, row) in rows_by_key(&damaged, table) {
            let is_right = whole_rows[name].get(&key) == Some(&row) && !ambiguous.contains(&key);
            if is_right && (!of_article || entries.contains_key(&(key.0, 0))) {
                assert_eq!(found.get(&key), Some(&row), "{seed}: {name} {key:?}");
            }
        }
    }
}

fn rows_of_whole(whole: &[u8]) -> BTreeMap<&'static str, Rows> {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("library.db");
    fs::write(&database, whole).unwrap();
    TABLES.into_iter().map(|table| (table.0, rows_by_key(&database, table))).collect()
}

#[test]
fn salvage_of_flipped_bits_loses_no_readable_row() {
    let whole = make_library();
    let rows = rows_of_whole(&whole);
    (0..4).for_each(|seed| check_flipped(&whole, &rows, seed * 13 + 7));
}

#[test]
#[ignore = "takes minutes"]
fn salvage_of_two_hundred_libraries_with_flipped_bits_loses_no_readable_row() {
    let whole = make_library();
    let rows = rows_of_whole(&whole);
    (100..300).for_each(|seed| check_flipped(&whole, &rows, seed));
}

#[test]
fn salvage_of_damaged_libraries_loses_no_readable_row() {
    check_salvages(0..12);
}

#[test]
#[ignore = "takes a minute"]
fn salvage_of_fifty_damaged_libraries_loses_no_readable_row() {
    check_salvages(60..110);
}

#[test]
#[ignore = "takes minutes"]
fn salvage_of_three_hundred_damaged_libraries_loses_no_readable_row() {
    check_salvages(110..410);
}

/// Fills the page at which a table or an index begins with zeros.
fn clear_root_page(database: &Path, name: &str) {
    let db = rusqlite::Connection::open(database).unwrap();
    db.query_row("PRAGMA wal_checkpoint(truncate)", [], |_| Ok(())).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let root: u32 = db.query_row(sql, [name], |row| row.get(0)).unwrap();
    drop(db);
    let mut bytes = fs::read(database).unwrap();
    let at = (root as usize - 1) * PAGE_BYTES;
    bytes[at..at + PAGE_BYTES].fill(0);
    fs::write(database, bytes).unwrap();
}

#[test]
fn repair_of_a_lost_table_names_it_and_leaves_a_library_without_problems() {
    let home = home_with_library();
    let command = |args: &[&str]| run(home.path(), args);
    for args in [&["star", "1"][..], &["tag", "--add", "hidden", "2"]] {
        assert!(command(args).status.success());
    }
    let folder = home.path().join("data/newsreader");
    for (table, line) in [
        ("bodies", "!  table bodies: 2 rows could not be read\n"),
        ("entry_tags", "!  table entry_tags: 1 row could not be read\n"),
        ("views", "!  table views: up to 6 rows could not be read\n"),
        ("feeds", "!  table feeds: 1 row could not be read\n"),
    ] {
        clear_root_page(&folder.join("library.db"), table);
        let found = command(&["doctor"]);
        assert_eq!(found.status.code(), Some(1), "{table}");
        assert!(stdout(&found).contains("doctor --repair"), "{table}: {}", stdout(&found));
        assert!(!stdout(&found).contains("`newsreader doctor` says"), "{}", stdout(&found));
        let repaired = command(&["doctor", "--repair"]);
        assert_eq!(repaired.status.code(), Some(1), "{table}: something is lost");
        assert!(stdout(&repaired).contains(line), "{table}: {}", stdout(&repaired));
        assert!(stdout(&repaired).contains("library.db.damaged"), "{table}");
        let sound = command(&["doctor"]);
        // The user has to give a feed its address.
        assert_eq!(sound.status.success(), table != "feeds", "{table}: {}", stdout(&sound));
        assert_eq!(stdout(&command(&["search", "--count", "is:starred"])), "1\n", "{table}");
        assert_eq!(stdout(&command(&["search", "--count", "is:hidden"])), "1\n", "{table}");
    }
    assert!(folder.join("library.db.damaged-4").exists());
}

#[test]
fn doctor_names_feeds_without_an_address_until_they_get_one() {
    let home = home_with_library();
    let command = |args: &[&str]| run(home.path(), args);
    let list = |args: &[&str]| stdout(&command(args));
    clear_root_page(&home.path().join("data/newsreader/library.db"), "feeds");
    let id = "1";
    assert_eq!(command(&["doctor", "--repair"]).status.code(), Some(1));
    for _ in 0..2 {
        let found = command(&["doctor"]);
        assert_eq!(found.status.code(), Some(1), "{}", stdout(&found));
        let advice = format!("`newsreader feed edit {id} --url URL` gives it its address");
        assert!(stdout(&found).contains(&advice), "{}", stdout(&found));
    }
    assert!(list(&["feed", "list"]).contains("its address is lost"), "{}", list(&["feed", "list"]));
    let edited = command(&["feed", "edit", id, "--url", "https://example.org/feed.xml"]);
    assert!(edited.status.success(), "{}", stderr(&edited));
    assert!(command(&["doctor"]).status.success());
    let feeds = list(&["feed", "list"]);
    assert!(!feeds.contains("paused") && !feeds.contains("lost:"), "{feeds}");
    assert_eq!(list(&["count"]), "2\n");
}

#[test]
fn repair_names_feeds_whose_number_is_lost_as_well() {
    let home = home_with_library();
    let command = |args: &[&str]| run(home.path(), args);
    let database = home.path().join("data/newsreader/library.db");
    clear_root_page(&database, "sqlite_sequence");
    clear_root_page(&database, "feeds");
    let repaired = command(&["doctor", "--repair"]);
    assert_eq!(repaired.status.code(), Some(1), "{}", stdout(&repaired));
    assert!(stdout(&repaired).contains("!  table feeds: "), "{}", stdout(&repaired));
    assert!(!stdout(&repaired).contains("nothing is missing"), "{}", stdout(&repaired));
}

#[test]
fn repair_does_not_miss_the_texts_of_articles_that_were_dropped() {
    let home = home_with_library();
    let command = |args: &[&str]| run(home.path(), args);
    assert!(command(&["remove", "1"]).status.success());
    assert!(command(&["trash", "empty", "--yes"]).status.success());
    clear_root_page(&home.path().join("data/newsreader/library.db"), "tag_pages");
    let repaired = command(&["doctor", "--repair"]);
    assert!(repaired.status.success(), "{}", stdout(&repaired));
    assert!(stdout(&repaired).contains("ok nothing is missing\n"), "{}", stdout(&repaired));
    assert!(command(&["doctor"]).status.success());
    assert_eq!(stdout(&command(&["count"])), "1\n");
    assert!(!command(&["read", "1"]).status.success(), "it stays dropped");
}

#[test]
fn repair_of_derived_pages_loses_nothing_and_a_whole_library_is_left_alone() {
    let home = home_with_library();
    let command = |args: &[&str]| run(home.path(), args);
    assert!(command(&["tag", "--add", "urgent", "2"]).status.success());
    let folder = home.path().join("data/newsreader");
    for page in ["tag_pages", "states", "text_changes", "entries_by_date"] {
        clear_root_page(&folder.join("library.db"), page);
        let repaired = command(&["doctor", "--repair"]);
        assert!(repaired.status.success(), "{page}: {}", stdout(&repaired));
        assert!(stdout(&repaired).contains("ok nothing is missing\n"), "{page}");
        assert_eq!(
            stdout(&command(&["search", "--count", "tag:urgent compiler"])),
            "1\n",
            "{page}"
        );
        fs::remove_file(folder.join("library.db.damaged")).unwrap();
    }
    let before = fs::read(folder.join("library.db")).unwrap();
    assert!(command(&["doctor", "--repair"]).status.success());
    assert!(fs::read(folder.join("library.db")).unwrap() == before);
    assert!(!folder.join("library.db.damaged").exists());
}

#[test]
fn repair_refuses_while_the_library_is_open_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().to_owned());
    let store = WriteConnection::open(&location).unwrap();
    let whole = fs::read(location.database_path()).unwrap();
    for length in [whole.len(), whole.len() - PAGE_BYTES] {
        let file = fs::OpenOptions::new().write(true).open(location.database_path()).unwrap();
        file.set_len(length as u64).unwrap();
        let refused = salvage_library(folder.path()).unwrap_err();
        assert!(matches!(refused, StoreError::OpenElsewhere { .. }), "{length}: {refused}");
    }
    drop(store);
}

#[test]
fn repair_of_a_library_that_is_cut_off_saves_the_rest() {
    let home = home_with_library();
    let database = home.path().join("data/newsreader/library.db");
    let whole = fs::read(&database).unwrap();
    fs::write(&database, &whole[..whole.len() - PAGE_BYTES]).unwrap();
    let refused = run(home.path(), &["list"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("doctor --repair"), "{}", stderr(&refused));
    let repaired = run(home.path(), &["doctor", "--repair"]);
    assert!(stdout(&repaired).contains("read 2 articles"), "{}", stdout(&repaired));
    assert_eq!(stdout(&run(home.path(), &["list"])).lines().count(), 2);
    assert!(run(home.path(), &["doctor"]).status.success());
}

#[test]
fn repair_names_the_newest_backup_where_nothing_can_be_read() {
    let home = home_with_library();
    assert!(run(home.path(), &["backup"]).status.success());
    let database = home.path().join("data/newsreader/library.db");
    let whole = fs::read(&database).unwrap();
    let mut without_magic = whole.clone();
    without_magic[..8].fill(0);
    let mut without_tables = whole.clone();
    without_tables[100..PAGE_BYTES].fill(0);
    for bytes in [whole[..PAGE_BYTES / 2].to_vec(), without_magic, without_tables] {
        fs::write(&database, &bytes).unwrap();
        let repaired = run(home.path(), &["doctor", "--repair"]);
        assert_eq!(repaired.status.code(), Some(1));
        assert!(stdout(&repaired).contains("`newsreader restore /"), "{}", stdout(&repaired));
        assert!(fs::read(&database).unwrap() == bytes, "left as it was");
    }
}
