//! Files of earlier versions: a library, its index, a keymap and settings that the first version
//! wrote open in today's program, and a library of a later version is refused.
//!
//! `tests/fixtures/first-version` was written by that version and must never be written again. Its
//! user followed the folder `/srv/news` (entries 1 to 3) and a web feed (entries 4 and 5), starred
//! and read some articles, and searched for "ferry".

use std::{fs, path::Path};

use chrono::Utc;
use newsreader::{
    command::{COMMANDS, Command, Key, KeyContext, Keymap, KeymapLookup},
    index::{IndexReader, Segment, SegmentLocation, SegmentMeta},
    library::{IndexMaintainer, search_once},
    model::{Change, Entry, EntryId, FeedId, FeedKind, ListDefinition, SearchRequest, ViewScope},
    settings::{
        GlyphMode, KeyPreset, ListDensity, OnOff, Settings, SettingsLayer, SiteSettings,
        TidyOption, merge_layers,
    },
    store::{LibraryLocation, ReadConnection, StoreError, WriteConnection},
};

use crate::support::{
    program::{run, stderr, stdout},
    settings, stage_with,
};

const FIXTURE: &str = "tests/fixtures/first-version";

/// A copy of the fixture's library in a temporary folder.
struct LibraryCopy {
    folder: tempfile::TempDir,
    location: LibraryLocation,
}

impl LibraryCopy {
    fn new() -> LibraryCopy {
        let folder = tempfile::tempdir().unwrap();
        copy_folder(&Path::new(FIXTURE).join("library"), folder.path());
        let location = LibraryLocation::Folder(folder.path().to_owned());
        LibraryCopy { folder, location }
    }

    fn open(&self) -> (WriteConnection, ReadConnection) {
        let store = WriteConnection::open(&self.location).unwrap();
        (store, ReadConnection::open(&self.location).unwrap())
    }

    fn path(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn load_all_entries(reader: &ReadConnection) -> Vec<Entry> {
    reader.load_entries(&(1..=5).map(EntryId).collect::<Vec<_>>()).unwrap()
}

fn search(reader: &ReadConnection, filter: &str) -> Vec<EntryId> {
    let list = ListDefinition {
        scope: ViewScope::All,
        filter: filter.to_owned(),
        ..ListDefinition::default()
    };
    let request = SearchRequest { list, row_count: 10, ..SearchRequest::default() };
    search_once(reader, &request).unwrap().ids.to_vec()
}

#[test]
fn first_version_library_keeps_entries_and_their_state() {
    let library = LibraryCopy::new();
    let (_store, reader) = library.open();
    assert_eq!(reader.count_entries().unwrap(), 5);
    assert_eq!(reader.check_integrity().unwrap(), Vec::<String>::new());
    let entries = load_all_entries(&reader);
    let expected = [
        (1, "The old bridge opens again", false),
        (2, "Ferry timetable for spring", true),
        (3, "A night train to the coast", true),
        (4, "A seal in the harbour", false),
        (5, "Low water tomorrow", false),
    ];
    for (entry, (id, title, read)) in entries.iter().zip(expected) {
        assert_eq!((entry.id, entry.title.as_str()), (EntryId(id), title));
        assert_eq!((entry.state.read, entry.state.starred), (read, false), "{title}");
    }
    assert_eq!(entries[2].author.as_deref(), Some("Ida Holm"));
    assert_eq!(entries[3].link.as_deref(), Some("https://harbour.example/1"));
    let states = reader.load_state_bitmaps().unwrap();
    assert!((1..=5).all(|id| states.get(id) == entries[usize::try_from(id).unwrap() - 1].state));
    // Bodies 1 and 2 are stored compressed, the others are not.
    for (id, words) in [(1, "bridge"), (2, "ferry"), (3, "**night train**"), (5, "ferry landing")] {
        let body = reader.load_body(EntryId(id)).unwrap().unwrap();
        assert!(body.text.contains(words), "{id}: {}", body.text);
    }
}

#[test]
fn first_version_library_keeps_subscriptions() {
    let library = LibraryCopy::new();
    let (_store, reader) = library.open();
    let feeds = reader.list_feeds().unwrap();
    // Feeds in folders come first.
    let [web, folder] = &feeds[..] else { panic!("{feeds:?}") };
    assert_eq!(
        (folder.id, folder.kind, folder.url.as_str(), folder.display_name()),
        (FeedId(1), FeedKind::Folder, "file:///srv/news", "news")
    );
    assert_eq!((folder.entry_count, folder.unread_count, folder.folder()), (3, 1, None));
    assert_eq!(
        (web.id, web.kind, web.url.as_str(), web.display_name()),
        (FeedId(2), FeedKind::Web, "http://127.0.0.1:8099/feed.xml", "Harbour notes")
    );
    assert_eq!((web.entry_count, web.unread_count, web.folder()), (2, 2, Some("coast")));
    assert_eq!(web.subscription.tags, ["sea"]);
    assert_eq!(web.site_url.as_deref(), Some("https://harbour.example/"));
    let interval = web.refresh_state.next_check.unwrap() - web.refresh_state.last_checked.unwrap();
    assert_eq!(interval.num_hours(), 2);
}

#[test]
fn undo_reverts_newest_change_of_first_version() {
    let library = LibraryCopy::new();
    let (mut store, reader) = library.open();
    let undone = store.undo().unwrap().unwrap();
    assert_eq!(undone.change, Change::set_read(&[EntryId(2)], false));
    assert!(!reader.load_entry(EntryId(2)).unwrap().unwrap().state.read);
    let undone = store.undo().unwrap().unwrap();
    assert_eq!(undone.change, Change::set_starred(&[EntryId(2)], true));
    assert!(reader.load_entry(EntryId(2)).unwrap().unwrap().state.starred);
    let redone = store.redo().unwrap().unwrap();
    assert_eq!(redone.change, Change::set_starred(&[EntryId(2)], false));
    // All eight changes of the journal can be undone.
    let mut undo_count = 0;
    while store.undo().unwrap().is_some() {
        undo_count += 1;
    }
    assert_eq!(undo_count, 7);
    assert!(load_all_entries(&reader).iter().all(|entry| !entry.state.read));
}

#[test]
fn first_version_preferences_restore_the_session() {
    let library = LibraryCopy::new();
    let (_store, reader) = library.open();
    let preferences = reader.load_preferences().unwrap();
    let views: Vec<_> = preferences.views.iter().map(|view| (&*view.name, &*view.query)).collect();
    let built_in = [
        ("Unread", "is:unread"),
        ("Starred", "is:star"),
        ("Today", "since:today"),
        ("Later", "is:later"),
        ("Queue", "is:queued"),
    ];
    assert_eq!(views[..5], built_in);
    assert_eq!(views[5..], [("All articles", ""), ("ferry", "ferry")]);
    assert_eq!(preferences.session.selected, Some(EntryId(2)));
    assert_eq!(preferences.session.scope, Some(ViewScope::Unread));
    assert_eq!(preferences.session.filter_history, ["ferryv", "ferry"]);
    let stage = stage_with(&["first", "second", "third"], settings(), preferences.session);
    assert_eq!((stage.app.scope(), stage.selected()), (&ViewScope::Unread, "second"));
    let recalled = stage.keys("alt-up");
    assert_eq!(recalled.app.filter_bar.text(), "ferry");
    assert_eq!(recalled.keys("alt-up").app.filter_bar.text(), "ferryv");
}

#[test]
fn first_version_index_is_searched_without_a_rebuild() {
    let library = LibraryCopy::new();
    let (mut store, reader) = library.open();
    let folder = reader.index_folder().unwrap().to_owned();
    let segments = reader.list_segments().unwrap();
    let numbers: Vec<i64> = segments.iter().map(|segment| segment.number).collect();
    assert_eq!(numbers, [1]);
    assert!(Segment::verify(&SegmentLocation::new(&folder, 1, None)).is_ok());
    assert_eq!(reader.count_text_changes().unwrap(), 0, "every entry is indexed");

    let mut index = IndexReader::default();
    let listed = SegmentMeta { number: 1, id: None, deleted: segments[0].tombstones.clone() };
    let states = reader.load_state_bitmaps().unwrap();
    assert_eq!(index.reload(&folder, &[listed], &|id| states.get(id), std::iter::empty()), []);
    assert_eq!(index.num_docs(), 5);

    assert_eq!(search(&reader, "ferry"), [EntryId(5), EntryId(2)]);
    assert_eq!(search(&reader, "is:unread ferry"), [EntryId(5)]);
    assert_eq!(search(&reader, "\"night train\" tag:rail"), [EntryId(3)]);
    assert_eq!(search(&reader, "in:coast seal"), [EntryId(4)]);
    assert_eq!(search(&reader, "re:f[aeiou]rry"), [EntryId(5), EntryId(2)]);

    let mut commit = |update| store.apply_manifest_update(&update).map(drop);
    let mut maintainer =
        IndexMaintainer { reader: &reader, folder: &folder, go_on: &|| true, commit: &mut commit };
    maintainer.update(1).unwrap();
    assert_eq!(reader.list_segments().unwrap(), segments, "nothing was indexed again");
}

fn command_named(name: &str) -> Command {
    COMMANDS.iter().find(|spec| spec.name == name).unwrap().command
}

#[test]
fn first_version_keymap_keeps_its_bindings() {
    let text = fs::read_to_string(Path::new(FIXTURE).join("keymap.toml")).unwrap();
    let keymap = Keymap::type_preset().overridden_by(Keymap::parse(&text).unwrap());
    let lookup = |contexts: &[KeyContext], key: &str| {
        let key: Key = key.parse().unwrap();
        keymap.lookup(contexts, &[key])
    };
    for (context, key, name) in [
        (KeyContext::Global, "ctrl-g", "command-menu"),
        (KeyContext::Global, "f9", "next-theme"),
        (KeyContext::Article, "1", "open-link-1"),
        (KeyContext::Article, "2", "open-link-2"),
        (KeyContext::Article, "9", "open-link-9"),
        (KeyContext::Article, "e", "undo"),
        (KeyContext::Menu, "0", "put-samples-away"),
    ] {
        assert_eq!(lookup(&[context], key), KeymapLookup::Command(command_named(name)), "{key}");
    }
    assert_eq!(lookup(&[KeyContext::Global], "ctrl-x"), KeymapLookup::Unbound);
    assert_eq!(lookup(&[KeyContext::Article], "u"), KeymapLookup::Unbound);
}

#[test]
fn first_version_settings_keep_their_values() {
    let text = fs::read_to_string(Path::new(FIXTURE).join("settings.toml")).unwrap();
    let layer = SettingsLayer::from_toml("settings.toml", &text);
    let (settings, failures) = merge_layers(vec![layer]);
    assert_eq!(failures, []);
    let Settings {
        keys, theme, glyphs, escape_ms, list, article, refresh, sites, programs, ..
    } = settings;
    assert_eq!((keys, theme.as_str(), glyphs), (KeyPreset::Type, "ink", GlyphMode::Ascii));
    assert_eq!((escape_ms, list.density), (40, ListDensity::TwoLines));
    assert_eq!((article.measure, article.images), (60, OnOff::Off));
    assert_eq!(article.tidy, [TidyOption::ShareLinks, TidyOption::ReadMore]);
    assert_eq!(article.pager, ["less", "-R"]);
    assert_eq!((refresh.at_start, refresh.every), (false, 120));
    let site = SiteSettings {
        host: "harbour.example".to_owned(),
        keep: vec!["article".to_owned()],
        drop: vec![".teaser".to_owned()],
    };
    assert_eq!(sites, [site]);
    assert_eq!(programs["weather"], ["weather-feed", "--city", "Lisbon"]);
}

#[test]
fn program_lists_first_version_library() {
    let (home, library) = (tempfile::tempdir().unwrap(), LibraryCopy::new());
    let config = home.path().join("config/newsreader");
    fs::create_dir_all(&config).unwrap();
    for name in ["keymap.toml", "settings.toml"] {
        fs::copy(Path::new(FIXTURE).join(name), config.join(name)).unwrap();
    }
    let listed = run(home.path(), &["--library", library.path(), "list"]);
    assert_eq!(stderr(&listed), "");
    assert_eq!(
        stdout(&listed),
        "5\t2026-03-11\tHarbour notes\tLow water tomorrow\n\
         4\t2026-03-10\tHarbour notes\tA seal in the harbour\n\
         2\t2026-03-09\tnews\tFerry timetable for spring\n\
         3\t2026-03-05\tnews\tA night train to the coast\n\
         1\t2026-03-02\tnews\tThe old bridge opens again\n"
    );
    let found = run(home.path(), &["--library", library.path(), "list", "ferry"]);
    assert_eq!(stdout(&found).lines().count(), 2);
    let doctor = stdout(&run(home.path(), &["--library", library.path(), "doctor"]));
    assert!(!doctor.contains(".toml, line"), "{doctor}");
}

#[test]
fn program_refuses_library_of_a_later_version() {
    let (home, library) = (tempfile::tempdir().unwrap(), LibraryCopy::new());
    let db = rusqlite::Connection::open(library.location.database_path()).unwrap();
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 5);
    db.pragma_update(None, "user_version", 1_000).unwrap();
    drop(db);
    let error = WriteConnection::open(&library.location).unwrap_err();
    assert!(matches!(error, StoreError::NewerFormat { found: 1_000, .. }), "{error}");
    let refused = run(home.path(), &["--library", library.path(), "list"]);
    assert_eq!(refused.status.code(), Some(1));
    let message = stderr(&refused);
    assert!(message.contains("was written by a newer newsreader (format 1000"), "{message}");
    assert!(message.contains("update newsreader, or name another folder"), "{message}");
}

#[test]
fn first_version_library_accepts_new_changes() {
    let library = LibraryCopy::new();
    let (mut store, reader) = library.open();
    let generation = reader.generation().unwrap();
    store.apply_change(&Change::set_starred(&[EntryId(4)], true), Utc::now()).unwrap();
    assert!(reader.generation().unwrap() > generation);
    assert_eq!(reader.count_starred().unwrap(), 1);
    assert_eq!(search(&reader, "is:star"), [EntryId(4)]);
}
