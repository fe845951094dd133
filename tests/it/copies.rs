//! Copies: one article in several feeds is one row, has one read mark and one star, and is found in each
//! of its feeds.

mod by_text;
mod edits;
mod trash;

use chrono::{DateTime, TimeDelta, Utc};
use newsreader::{
    app::SidebarData,
    library::{BacklogLimit, IndexMaintainer, Searcher, search_once},
    model::{
        Attachments, BodyFormat, Change, CopyListing, EntryBody, EntryId, FeedId, FeedKind,
        FoldedCounts, ListDefinition, NewEntry, PublicationDate, RuleAct, RuleMark, SearchRequest,
        Subscription, TagMark, TagName, ViewScope,
    },
    store::{
        ActOnStored, CopyMap, EntryUpsert, IngestBatch, LibraryLocation, ReadConnection,
        WriteConnection,
    },
};
use proptest::prelude::*;

/// A library with the feeds 1, 2 and 3, and a clock that each change moves on by a minute.
struct CopyLibrary {
    store: WriteConnection,
    reader: ReadConnection,
    location: LibraryLocation,
    now: DateTime<Utc>,
}

fn ids(numbers: &[i64]) -> Vec<EntryId> {
    numbers.iter().copied().map(EntryId).collect()
}

fn upsert(guid: &str, link: &str, text: &str) -> EntryUpsert {
    let entry = NewEntry {
        guid: guid.to_owned(),
        digest: 1,
        title: format!("Title of {link}"),
        link: Some(link.to_owned()),
        author: None,
        published: PublicationDate::Instant(DateTime::UNIX_EPOCH),
        tags: Vec::new(),
        body: EntryBody { format: BodyFormat::Plain, text: text.to_owned() },
        attachments: Attachments::default(),
        page_article: None,
    };
    EntryUpsert::new(entry, 0, None)
}

impl CopyLibrary {
    fn new(name: &str) -> CopyLibrary {
        CopyLibrary::at(LibraryLocation::Memory(format!("copies-{name}")))
    }

    fn at(location: LibraryLocation) -> CopyLibrary {
        let mut store = WriteConnection::open(&location).unwrap();
        for (number, folder) in [(1, "Work"), (2, "Work"), (3, "Home")] {
            let url = format!("https://{number}.example/feed");
            let folder = Some(folder.to_owned());
            let subscription = Subscription { folder, ..Subscription::default() };
            store.subscribe(FeedKind::Web, &url, &format!("Feed {number}"), &subscription).unwrap();
        }
        let reader = ReadConnection::open(&location).unwrap();
        CopyLibrary { store, reader, location, now: DateTime::UNIX_EPOCH }
    }

    fn tick(&mut self) -> DateTime<Utc> {
        self.now += TimeDelta::minutes(1);
        self.now
    }

    /// Stores an article of a feed; its guid is its link.
    fn arrive(&mut self, feed: i64, link: &str) {
        self.arrive_as(feed, upsert(link, link, "An apple a day."));
    }

    fn arrive_as(&mut self, feed: i64, upsert: EntryUpsert) {
        let batch =
            IngestBatch { feed: FeedId(feed), upserts: vec![upsert], missing_files: Vec::new() };
        let now = self.tick();
        self.store.ingest_batch(&batch, now).unwrap();
    }

    fn apply(&mut self, change: &Change) -> usize {
        let now = self.tick();
        self.store.apply_change(change, now).unwrap().changed_entry_count()
    }

    /// Applies a rule to the article of the first feed.
    fn apply_rule(&mut self, rule: &str, description: &str, marks: Vec<RuleMark>) {
        let act = RuleAct {
            rule: rule.to_owned(),
            description: description.to_owned(),
            marks,
            full_text: false,
            run: None,
            notify: false,
            refresh_after: None,
        };
        let acts = [ActOnStored { act: act.into(), ids: ids(&[1]) }];
        let now = self.tick();
        self.store.apply_rule_acts(&acts, now).unwrap();
    }

    fn request(scope: ViewScope, filter: &str, copies: CopyListing) -> SearchRequest {
        let filter = filter.to_owned();
        let list = ListDefinition { scope, filter, copies, ..ListDefinition::default() };
        SearchRequest { list, ..SearchRequest::default() }
    }

    /// Returns the entries of a list that folds copies, in ascending order.
    fn list(&self, scope: ViewScope, filter: &str) -> Vec<i64> {
        let request = CopyLibrary::request(scope, filter, CopyListing::Fold);
        let found = search_once(&self.reader, &request).unwrap();
        let mut ids: Vec<i64> = found.ids.iter().map(|id| id.0).collect();
        ids.sort_unstable();
        ids
    }

    fn all(&self) -> Vec<i64> {
        self.list(ViewScope::All, "")
    }

    fn search(&self, filter: &str) -> Vec<i64> {
        self.list(ViewScope::All, filter)
    }

    /// Returns the numbers beside "All articles", "Unread" and "Starred" while copies are folded.
    fn totals(&self) -> [u64; 3] {
        let feeds = self.reader.list_feeds().unwrap();
        let folded = self.reader.count_folded(0).unwrap();
        let unread: u64 = feeds.iter().map(|feed| feed.unread_count).sum();
        [
            self.reader.count_listed_entries(CopyListing::Fold).unwrap(),
            unread - folded.unread,
            self.reader.count_starred().unwrap() - folded.starred,
        ]
    }

    fn is_read(&self, id: i64) -> bool {
        self.reader.load_entry(EntryId(id)).unwrap().unwrap().state.read
    }

    /// Checks that lists, totals and stored counts agree.
    fn check_counts(&self) {
        let lists =
            [ViewScope::All, ViewScope::Unread, ViewScope::Starred].map(|it| self.list(it, ""));
        assert_eq!(self.totals(), lists.map(|list| list.len() as u64));
        let data = SidebarData {
            feeds: self.reader.list_feeds().unwrap(),
            folded: self.reader.count_folded(0).unwrap(),
            ..SidebarData::default()
        };
        for folder in ["Work", "Home"] {
            let listed =
                |filter| self.list(ViewScope::Folder(folder.to_owned()), filter).len() as u64;
            let counts = data.folder_counts(folder, CopyListing::Fold);
            assert_eq!(counts, (listed(""), listed("is:unread")), "{folder}");
        }
        let (on_record, counted) = self.reader.count_copies_twice().unwrap();
        assert_eq!(on_record, counted);
        let states = self.reader.load_state_bitmaps().unwrap();
        for entry in self.reader.load_entries(&ids(&(1..50).collect::<Vec<_>>())).unwrap() {
            assert_eq!(states.get(entry.id.0), entry.state, "{}", entry.id);
        }
    }
}

const BRIDGE: &str = "https://press.example/bridge";

#[test]
fn article_of_two_feeds_is_one_row_and_found_in_each() {
    let mut library = CopyLibrary::new("row");
    library.arrive(1, BRIDGE);
    library
        .arrive_as(2, upsert("b", "http://www.press.example/bridge/?utm_source=x", "A zeppelin."));
    library.arrive(3, "https://press.example/ferry");
    assert_eq!(library.all(), [1, 3]);
    assert_eq!(library.totals(), [2, 2, 0]);
    assert_eq!(library.list(ViewScope::Feed(FeedId(2)), ""), [2], "its own article");
    assert_eq!(library.list(ViewScope::Folder("Work".to_owned()), ""), [1]);
    assert_eq!(library.search("is:copy"), [2]);
    assert_eq!(library.search("-is:copy"), [1, 3]);
    assert_eq!(library.search("feed:\"feed 2\""), [2]);
    assert_eq!(library.search("zeppelin"), [2], "only the copy has the word");
    assert_eq!(library.search("title:bridge"), [1]);
    let shown = CopyLibrary::request(ViewScope::All, "", CopyListing::Show);
    assert_eq!(search_once(&library.reader, &shown).unwrap().ids.len(), 3);
    library.check_counts();
}

/// Indexes what is not indexed yet.
fn update_index(library: &mut CopyLibrary) {
    let mut commit = |update| library.store.apply_manifest_update(&update).map(drop);
    let (reader, folder) = (&library.reader, library.reader.index_folder().unwrap());
    IndexMaintainer { reader, folder, go_on: &|| true, commit: &mut commit }.update(1).unwrap();
}

#[test]
fn index_folds_copies_across_segments_and_backlog() {
    let folder = tempfile::tempdir().unwrap();
    let mut library = CopyLibrary::at(LibraryLocation::Folder(folder.path().to_owned()));
    let words = ["zeppelin", "apple", "zeppelin apple"];
    for round in 0..3 {
        for (article, feed) in (0..8).flat_map(|article| (1..=3).map(move |feed| (article, feed))) {
            // Each feed has other articles in each round, so that copies are in other segments.
            if (article + feed + round) % 3 == 0 {
                let (link, word) = (article_link(article), words[feed - 1]);
                library.arrive_as(i64::try_from(feed).unwrap(), upsert(&link, &link, word));
            }
        }
        if round < 2 {
            update_index(&mut library);
        }
    }
    assert_eq!(library.reader.list_segments().unwrap().len(), 2);
    let copies = library.reader.load_copies().unwrap();
    let reader = ReadConnection::open(&library.location).unwrap();
    let mut searcher = Searcher::new(&reader, BacklogLimit::NONE);
    let check = |searcher: &mut Searcher<'_>, copies: &CopyMap| {
        for filter in
            ["zeppelin", "apple", "\"zeppelin apple\"", "re:pp.l", "is:unread apple", "is:star"]
        {
            let mut search = |listing| {
                let request = CopyLibrary::request(ViewScope::All, filter, listing);
                searcher.search(&request, &|| false, &mut drop).unwrap().unwrap().ids.to_vec()
            };
            let mut expected = search(CopyListing::Show);
            let shown = expected.len();
            copies.fold(&mut expected);
            assert_eq!(search(CopyListing::Fold), expected, "{filter}");
            assert!(!filter.ends_with("apple") || expected.len() < shown, "{filter}");
        }
    };
    check(&mut searcher, &copies);
    for change in [Change::set_read(&ids(&[2, 5]), true), Change::set_starred(&ids(&[3]), true)] {
        let now = library.tick();
        let applied = library.store.apply_change(&change, now).unwrap();
        searcher.apply_change(&applied, library.reader.generation().unwrap());
        check(&mut searcher, &library.reader.load_copies().unwrap());
    }
    library.apply(&Change::set_unsubscribed(FeedId(1), true));
    check(&mut searcher, &library.reader.load_copies().unwrap());
}

#[test]
fn histogram_and_views_count_an_article_once() {
    let mut library = CopyLibrary::new("figures");
    (1..=3).for_each(|feed| library.arrive(feed, BRIDGE));
    let request = CopyLibrary::request(ViewScope::All, "title:bridge", CopyListing::Fold);
    let request = SearchRequest {
        histogram_columns: newsreader::model::HistogramBuckets::AtMost(20),
        ..request
    };
    let found = search_once(&library.reader, &request).unwrap();
    assert_eq!(found.summary.histogram.unwrap().counts.iter().sum::<u32>(), 1);
    assert_eq!(found.stored_count, 1);
    let mut searcher = Searcher::new(&library.reader, BacklogLimit::NONE);
    let view = newsreader::model::View::new("Bridges", "title:bridge", &[]);
    let count = |searcher: &mut Searcher<'_>, copies| {
        let counts = searcher.count_views(std::slice::from_ref(&view), copies, &|| false);
        counts.unwrap().unwrap()[0].unread_count
    };
    assert_eq!(count(&mut searcher, CopyListing::Fold), 1);
    assert_eq!(count(&mut searcher, CopyListing::Show), 3);
}

#[test]
fn marks_are_shared_and_one_undo_restores_each_own_state() {
    let mut library = CopyLibrary::new("marks");
    library.arrive(1, BRIDGE);
    library.arrive(2, BRIDGE);
    let urgent = TagName::parse("urgent").unwrap();
    assert_eq!(library.apply(&Change::set_read(&ids(&[2]), true)), 1, "one article");
    library.apply(&Change::set_tag(&ids(&[1]), urgent, TagMark::On));
    library.apply(&Change::set_starred(&ids(&[1]), true));
    library.check_counts();
    assert_eq!((library.is_read(1), library.totals()), (true, [1, 0, 1]));
    assert_eq!(library.search("tag:urgent is:star is:copy"), [2]);
    let undone = library.store.undo().unwrap().unwrap();
    assert_eq!(
        (undone.title.as_deref(), undone.changed_entry_count()),
        (Some(&*format!("Title of {BRIDGE}")), 1)
    );
    library.store.undo_last(2).unwrap();
    assert_eq!(library.search("is:unread is:copy -is:tagged -is:star"), [2]);
    library.check_counts();
}

#[test]
fn copy_that_arrives_later_takes_over_the_marks() {
    let mut library = CopyLibrary::new("late");
    library.arrive(1, BRIDGE);
    let urgent = TagName::parse("urgent").unwrap();
    library.apply(&Change::set_tag(&ids(&[1]), urgent, TagMark::On));
    library.apply(&Change::set_starred(&ids(&[1]), true));
    library.apply(&Change::set_read(&ids(&[1]), true));
    library.arrive(2, BRIDGE);
    assert_eq!(library.search("is:copy is:read is:star tag:urgent"), [2]);
    library.check_counts();
    library.store.undo().unwrap();
    assert!(!library.is_read(1) && !library.is_read(2), "what was undone is undone for both");
    library.store.redo().unwrap();
    assert!(library.is_read(1) && library.is_read(2));
    library.check_counts();
}

#[test]
fn next_copy_stands_for_the_article_of_an_unsubscribed_feed() {
    let mut library = CopyLibrary::new("unsubscribed");
    (1..=3).for_each(|feed| library.arrive(feed, BRIDGE));
    library.apply(&Change::set_unsubscribed(FeedId(1), true));
    assert_eq!((library.all(), library.search("is:copy")), (vec![2], vec![3]));
    library.check_counts();
    library.store.undo().unwrap();
    assert_eq!((library.all(), library.search("is:copy")), (vec![1], vec![2, 3]));
    library.apply(&Change::set_unsubscribed(FeedId(1), true));
    library.apply(&Change::set_unsubscribed(FeedId(2), true));
    assert_eq!((library.all(), library.search("is:copy")), (vec![3], vec![]));
    let again = library.store.add_feed(FeedKind::Web, "https://1.example/feed", "Feed 1").unwrap();
    assert!(again.is_new);
    assert_eq!((library.all(), library.search("is:copy")), (vec![1], vec![3]));
    library.check_counts();
}

#[test]
fn rows_name_the_other_feeds_and_the_tags_of_each_article() {
    let mut library = CopyLibrary::new("rows");
    for feed in [2, 1, 3] {
        library.arrive(feed, BRIDGE);
    }
    library.arrive(1, "https://example.org/alone");
    for (id, tag) in [(4, "zebra"), (4, "ape"), (3, "bridge")] {
        library.apply(&Change::set_tag(&ids(&[id]), TagName::parse(tag).unwrap(), TagMark::On));
    }
    let rows = library.reader.load_entries(&ids(&[4, 3, 9, 1, 3])).unwrap();
    let found: Vec<(i64, Vec<i64>, Vec<&str>)> = rows
        .iter()
        .map(|row| {
            let feeds = row.other_feeds.iter().map(|feed| feed.0).collect();
            (row.id.0, feeds, row.tags.iter().map(|tag| tag.name.as_str()).collect())
        })
        .collect();
    let copy = (3, vec![2, 1], vec!["bridge"]);
    let first = (1, vec![1, 3], vec!["bridge"]);
    assert_eq!(found, [(4, vec![], vec!["ape", "zebra"]), copy.clone(), first, copy]);
}

#[test]
fn marks_reach_the_copy_of_an_unsubscribed_feed() {
    let mut library = CopyLibrary::new("resubscribed");
    (1..=2).for_each(|feed| library.arrive(feed, BRIDGE));
    library.apply(&Change::set_unsubscribed(FeedId(1), true));
    assert_eq!(library.apply(&Change::set_starred(&ids(&[2]), true)), 1, "one article");
    assert_eq!(library.apply(&Change::set_read(&ids(&[2]), true)), 1, "one article");
    assert_eq!((library.totals(), library.search("is:copy")), ([1, 0, 1], vec![]));
    assert_eq!(library.reader.count_folded(-1).unwrap(), FoldedCounts::default());
    let entry = library.reader.load_entry(EntryId(2)).unwrap().unwrap();
    assert_eq!(entry.other_feeds, []);
    library.check_counts();
    library.store.add_feed(FeedKind::Web, "https://1.example/feed", "Feed 1").unwrap();
    assert_eq!((library.search("is:star is:read"), library.totals()), (vec![1], [1, 0, 1]));
    library.check_counts();
    library.store.undo_last(2).unwrap();
    assert_eq!(library.search("-is:star is:unread is:copy"), [2]);
    assert_eq!(library.search("-is:star is:unread"), [1]);
    library.check_counts();
}

#[test]
fn url_that_a_feed_gives_to_several_articles_is_none_of_theirs() {
    let mut library = CopyLibrary::new("landing");
    library.arrive(1, BRIDGE);
    library.arrive_as(2, upsert("a", BRIDGE, "One."));
    assert_eq!(library.all(), [1]);
    library.arrive_as(2, upsert("b", BRIDGE, "Two."));
    assert_eq!(library.all(), [1, 2, 3]);
    library.arrive(3, BRIDGE);
    assert_eq!(library.all(), [1, 2, 3], "the feeds 1 and 3 have the URL once");
    library.check_counts();
}

#[test]
fn url_of_very_many_articles_costs_no_more_than_that_of_few() {
    let mut library = CopyLibrary::new("many");
    library.arrive(1, BRIDGE);
    library.arrive(3, BRIDGE);
    assert_eq!(library.all(), [1]);
    for number in 0..70 {
        library.arrive_as(2, upsert(&number.to_string(), BRIDGE, "Again."));
    }
    assert_eq!(library.all().len(), 72, "none is a copy any more");
    library.check_counts();
}

#[test]
fn articles_of_folders_are_no_copies() {
    let mut library = CopyLibrary::new("folders");
    library.arrive(1, BRIDGE);
    let folder = library.store.add_feed(FeedKind::Folder, "file:///srv", "Files").unwrap().feed;
    library.arrive(folder.0, BRIDGE);
    assert_eq!(library.all(), [1, 2]);
}

#[test]
fn muted_feed_does_not_make_the_article_of_another_read() {
    let mut library = CopyLibrary::new("muted");
    let muted = Subscription { muted: true, ..Subscription::default() };
    let change = Change::set_subscription(FeedId(1), Subscription::default(), muted);
    library.apply(&change);
    library.arrive(1, BRIDGE);
    library.arrive(2, BRIDGE);
    assert_eq!((library.is_read(1), library.is_read(2)), (true, false));
    assert_eq!(library.list(ViewScope::Unread, ""), [2]);
    assert_eq!(library.all(), [2], "the unread one stands for both");
    library.check_counts();
    library.apply(&Change::set_read(&ids(&[2]), true));
    library.arrive(3, BRIDGE);
    assert!(library.is_read(3), "the user has read it");
    library.check_counts();
}

#[test]
fn rule_that_hides_the_article_of_one_feed_leaves_the_others() {
    let mut library = CopyLibrary::new("rules");
    library.arrive(1, BRIDGE);
    library.apply_rule(
        "Quiet",
        "mark read, hide",
        vec![RuleMark::Read, RuleMark::Tagged(TagName::hidden(), TagMark::On)],
    );
    library.arrive(2, BRIDGE);
    assert_eq!((library.all(), library.is_read(2)), (vec![2], false));
    library.check_counts();
    library.apply_rule("Loud", "star", vec![RuleMark::Starred]);
    assert_eq!(library.list(ViewScope::Starred, ""), [2], "a star is one of the article");
    library.check_counts();
}

#[test]
fn what_the_user_does_after_a_rule_is_taken_over() {
    for mark in ["hide", "remove"] {
        let mut library = CopyLibrary::new(&format!("rule-then-{mark}"));
        let hide = RuleMark::Tagged(TagName::hidden(), TagMark::On);
        let by_rule = if mark == "hide" { hide } else { RuleMark::Removed };
        library.arrive(1, BRIDGE);
        library.apply_rule("Quiet", mark, vec![by_rule]);
        library.arrive(2, BRIDGE);
        assert_eq!(library.all(), [2], "{mark}: the rule is one for the first feed");
        let now = library.now;
        library.apply(&if mark == "hide" {
            Change::set_tag(&ids(&[2]), TagName::hidden(), TagMark::On)
        } else {
            Change::remove_entries(&ids(&[2]), now)
        });
        library.arrive(3, BRIDGE);
        assert_eq!(library.all(), [0; 0], "{mark}");
        library.check_counts();
    }
}

#[test]
fn restored_backup_keeps_copies() {
    let folder = tempfile::tempdir().unwrap();
    let mut library = CopyLibrary::at(LibraryLocation::Folder(folder.path().join("library")));
    (1..=3).for_each(|feed| library.arrive(feed, BRIDGE));
    let backup = folder.path().join("backup");
    newsreader::store::write_backup(
        &library.location,
        &backup,
        newsreader::model::PasswordExport::LeaveOut,
        "",
    )
    .unwrap();
    let restored = folder.path().join("restored");
    newsreader::store::restore_backup(&restored, &backup, newsreader::store::WaitingMarks::Refuse)
        .unwrap();
    let location = LibraryLocation::Folder(restored);
    let reader = ReadConnection::open(&location).unwrap();
    assert_eq!(reader.load_copies().unwrap(), library.reader.load_copies().unwrap());
    assert_eq!(reader.count_copies_twice().unwrap(), (2, 2));
    drop((library, reader));
    let folder = folder.path().join("library");
    newsreader::store::salvage_library(&folder).unwrap();
    let reader = ReadConnection::open(&LibraryLocation::Folder(folder)).unwrap();
    assert_eq!(reader.load_copies().unwrap().first_of(EntryId(3)), EntryId(1));
    assert_eq!(reader.count_copies_twice().unwrap(), (2, 2));
}

/// One step of the property test.
#[derive(Debug, Clone)]
enum Step {
    Arrive { feed: i64, article: usize },
    Read(Vec<i64>, bool),
    Star(Vec<i64>, bool),
    Hide(Vec<i64>, TagMark),
    Undo,
    Redo,
}

fn any_step() -> impl Strategy<Value = Step> {
    let numbers = || prop::collection::vec(1_i64..13, 1..4);
    prop_oneof![
        4 => (1_i64..4, 0_usize..5).prop_map(|(feed, article)| Step::Arrive { feed, article }),
        2 => (numbers(), any::<bool>()).prop_map(|(ids, read)| Step::Read(ids, read)),
        2 => (numbers(), any::<bool>()).prop_map(|(ids, starred)| Step::Star(ids, starred)),
        1 => (numbers(), prop::sample::select(vec![TagMark::On, TagMark::Off, TagMark::Until(9)]))
            .prop_map(|(ids, mark)| Step::Hide(ids, mark)),
        2 => Just(Step::Undo),
        1 => Just(Step::Redo),
    ]
}

/// The articles of the property test by number: an article of each feed at most has the URL.
fn article_link(article: usize) -> String {
    format!("https://press.example/{article}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn copies_share_marks_and_the_first_stands_for_them(steps in prop::collection::vec(any_step(), 1..30)) {
        let mut library = CopyLibrary::new("property");
        for step in steps {
            match step {
                Step::Arrive { feed, article } => library.arrive(feed, &article_link(article)),
                Step::Read(numbers, read) => drop(library.apply(&Change::set_read(&ids(&numbers), read))),
                Step::Star(numbers, starred) => drop(library.apply(&Change::set_starred(&ids(&numbers), starred))),
                Step::Hide(numbers, mark) => drop(library.apply(&Change::set_tag(&ids(&numbers), TagName::hidden(), mark))),
                Step::Undo => drop(library.store.undo().unwrap()),
                Step::Redo => drop(library.store.redo().unwrap()),
            }
            library.check_counts();
            let entries = library.reader.load_entries(&ids(&(1..40).collect::<Vec<_>>())).unwrap();
            let mut firsts = Vec::new();
            for article in 0..5 {
                let link = article_link(article);
                let group: Vec<_> = entries.iter().filter(|entry| entry.link.as_deref() == Some(&*link)).collect();
                let Some(first) = group.first() else { continue };
                for copy in &group {
                    let marks = |state: newsreader::model::EntryState| (state.read, state.starred, state.hidden);
                    prop_assert_eq!(marks(copy.state), marks(first.state));
                    prop_assert_eq!(copy.state.copy, copy.id != first.id);
                }
                firsts.extend((!first.state.hidden).then_some(first.id.0));
            }
            firsts.sort_unstable();
            prop_assert_eq!(library.all(), firsts);
        }
    }
}
