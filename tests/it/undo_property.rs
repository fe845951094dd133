//! Any acts on articles, tags, views, rules and feeds, followed by as many undos, give the first state.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use newsreader::{
    library::{clock::local_now, run_rule_on, search_once},
    model::{
        Attachments, BodyFormat, Change, CopyListing, EntryBody, EntryId, FeedId, FeedKind,
        ListDefinition, NewEntry, PublicationDate, QueueTarget, Rule, RuleActions, RuleEdit,
        SearchRequest, SortOrder, Subscription, TagMark, TagName, View, ViewScope, move_in_queue,
    },
    settings::RulesFile,
    store::{EntryUpsert, IngestBatch, LibraryLocation, ReadConnection, WriteConnection},
};
use proptest::prelude::*;

use crate::{
    support::MemoryRuleFile,
    tags::{ids, tag},
};

/// One act of the user's.
#[derive(Debug, Clone)]
enum Act {
    Read(Vec<i64>, bool),
    Star(Vec<i64>, bool),
    Tag(Vec<i64>, &'static str, TagMark),
    MoveEpisodes(Vec<i64>, bool),
    Remove(Vec<i64>),
    Restore(Vec<i64>),
    ReadFeed(i64),
    AddView(usize),
    RenameView(usize),
    HideView(usize),
    RemoveView(usize),
    AddRule(usize, bool),
    EditRule(usize),
    RemoveRule(usize),
    RunRule(usize, Vec<i64>),
    Unsubscribe(i64, bool),
    MoveFeed(i64, &'static str),
}

fn any_act() -> impl Strategy<Value = Act> {
    let numbers = || prop::collection::vec(1_i64..13, 1..5);
    let marks = vec![TagMark::On, TagMark::Off, TagMark::Until(9_000_000_000)];
    let names = vec!["urgent", "port", "hidden", "later", "queue"];
    prop_oneof![
        2 => (numbers(), any::<bool>()).prop_map(|(ids, read)| Act::Read(ids, read)),
        2 => (numbers(), any::<bool>()).prop_map(|(ids, starred)| Act::Star(ids, starred)),
        3 => (numbers(), prop::sample::select(names), prop::sample::select(marks))
            .prop_map(|(ids, name, mark)| Act::Tag(ids, name, mark)),
        2 => numbers().prop_map(|ids| Act::Tag(ids, "queue", TagMark::On)),
        3 => (numbers(), any::<bool>()).prop_map(|(ids, first)| Act::MoveEpisodes(ids, first)),
        2 => numbers().prop_map(Act::Remove),
        1 => numbers().prop_map(Act::Restore),
        1 => (1_i64..4).prop_map(Act::ReadFeed),
        1 => (0_usize..3).prop_map(Act::AddView),
        1 => (0_usize..8).prop_map(Act::RenameView),
        1 => (0_usize..8).prop_map(Act::HideView),
        1 => (0_usize..8).prop_map(Act::RemoveView),
        2 => (0_usize..3, any::<bool>()).prop_map(|(n, hides)| Act::AddRule(n, hides)),
        2 => (0_usize..3).prop_map(Act::EditRule),
        1 => (0_usize..3).prop_map(Act::RemoveRule),
        2 => (0_usize..3, numbers()).prop_map(|(n, ids)| Act::RunRule(n, ids)),
        1 => (1_i64..4, any::<bool>()).prop_map(|(feed, is_gone)| Act::Unsubscribe(feed, is_gone)),
        1 => (1_i64..4, prop::sample::select(vec!["Work", "Home"]))
            .prop_map(|(feed, folder)| Act::MoveFeed(feed, folder)),
    ]
}

/// A library of three feeds with four articles each, of which two are in all of them, and a file of
/// rules with a comment.
struct WholeLibrary {
    store: WriteConnection,
    reader: ReadConnection,
    file: MemoryRuleFile,
    now: DateTime<Utc>,
}

fn upsert(feed: i64, number: i64) -> EntryUpsert {
    let article = if number <= 2 { format!("shared-{number}") } else { format!("{feed}-{number}") };
    let entry = NewEntry {
        guid: article.clone(),
        digest: number.unsigned_abs(),
        title: format!("Article {article}"),
        link: Some(format!("https://press.example/{article}")),
        author: None,
        published: PublicationDate::Instant(DateTime::UNIX_EPOCH),
        tags: Vec::new(),
        body: EntryBody { format: BodyFormat::Plain, text: "A ferry.".to_owned() },
        attachments: Attachments::default(),
        page_article: None,
    };
    EntryUpsert::new(entry, 0, None)
}

impl WholeLibrary {
    fn new(name: &str) -> WholeLibrary {
        let location = LibraryLocation::Memory(name.to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        let file = MemoryRuleFile::new("# Mine.\n");
        store.set_rule_file(Arc::new(file.clone()));
        for number in 1..=3 {
            let url = format!("https://{number}.example/feed");
            let feed = store.add_feed(FeedKind::Web, &url, &format!("Feed {number}")).unwrap().feed;
            let upserts = (1..=4).map(|article| upsert(number, article)).collect();
            let batch = IngestBatch { feed, upserts, missing_files: Vec::new() };
            store.ingest_batch(&batch, DateTime::UNIX_EPOCH).unwrap();
        }
        let reader = ReadConnection::open(&location).unwrap();
        WholeLibrary { store, reader, file, now: DateTime::UNIX_EPOCH }
    }

    fn rules(&self) -> Vec<Rule> {
        let rules = RulesFile::parse("", &self.file.text()).rules;
        rules.into_iter().map(|filed| filed.rule).collect()
    }

    fn change(&mut self, change: &Change) {
        self.store.apply_change(change, self.now).unwrap();
    }

    fn edit_rule(&mut self, before: Option<Rule>, after: Option<Rule>) {
        self.store.edit_rules(&[RuleEdit { before, after }], self.now).unwrap();
    }

    fn act(&mut self, act: Act) {
        self.now += TimeDelta::minutes(1);
        let view = |n: usize| self.reader.list_views().unwrap().into_iter().nth(n);
        let rule =
            |n: usize| self.rules().into_iter().find(|rule| rule.name == format!("Rule {n}"));
        match act {
            Act::Read(numbers, read) => self.change(&Change::set_read(&ids(&numbers), read)),
            Act::Star(numbers, on) => self.change(&Change::set_starred(&ids(&numbers), on)),
            Act::Tag(numbers, name, mark) => {
                self.change(&Change::set_tag(
                    &ids(&numbers),
                    TagName::from_stored(name.to_owned()),
                    mark,
                ));
            }
            Act::MoveEpisodes(numbers, is_first) => {
                let queue = self.list("is:queued");
                let moved: Vec<EntryId> =
                    ids(&numbers).into_iter().filter(|id| queue.contains(id)).collect();
                let target = if is_first { QueueTarget::First } else { QueueTarget::Last };
                let order = move_in_queue(&queue, &moved, target);
                self.change(&Change::order_queue(&moved, &order));
            }
            Act::Remove(numbers) => self.change(&Change::remove_entries(&ids(&numbers), self.now)),
            Act::Restore(numbers) => self.change(&Change::restore_entries(&ids(&numbers))),
            Act::ReadFeed(feed) => {
                self.store.mark_scope_read(&ViewScope::Feed(FeedId(feed)), 0, self.now).unwrap();
            }
            Act::AddView(n) => {
                let views = self.reader.list_views().unwrap();
                self.change(&Change::add_view(View::new(
                    &format!("View {n}"),
                    &format!("word{n}"),
                    &views,
                )));
            }
            Act::RenameView(n) => {
                let Some(view) = view(n) else { return };
                let name = format!("{}!", view.name);
                self.change(&Change::edit_view(view.clone(), View { name, ..view }));
            }
            Act::HideView(n) => {
                let Some(view) = view(n) else { return };
                self.change(&Change::edit_view(
                    view.clone(),
                    View { hidden: !view.hidden, ..view },
                ));
            }
            Act::RemoveView(n) => {
                let Some(view) = view(n).filter(|view| view.built_in.is_none()) else { return };
                self.change(&Change::remove_view(view));
            }
            Act::AddRule(n, hides) => {
                if rule(n).is_none() {
                    let tags = vec![tag("ruled")];
                    let actions = RuleActions { tags, hide: hides, ..RuleActions::default() };
                    let (name, query) = (format!("Rule {n}"), "ferry".to_owned());
                    self.edit_rule(None, Some(Rule { name, query, off: false, actions }));
                }
            }
            Act::EditRule(n) => {
                let Some(before) = rule(n) else { return };
                let mut after = before.clone();
                after.actions.star = !before.actions.star;
                self.edit_rule(Some(before), Some(after));
            }
            Act::RemoveRule(n) => {
                let Some(before) = rule(n) else { return };
                self.edit_rule(Some(before), None);
            }
            Act::RunRule(n, numbers) => {
                let Some(rule) = rule(n) else { return };
                run_rule_on(&mut self.store, &rule, &ids(&numbers), local_now()).unwrap();
            }
            Act::Unsubscribe(feed, is_gone) => {
                let is_listed = self.reader.list_feeds().unwrap().iter().any(|it| it.id.0 == feed);
                if is_listed == is_gone {
                    self.change(&Change::set_unsubscribed(FeedId(feed), is_gone));
                }
            }
            Act::MoveFeed(feed, folder) => {
                let feeds = self.reader.list_feeds().unwrap();
                let Some(feed) = feeds.into_iter().find(|it| it.id.0 == feed) else { return };
                let folder = Some(folder.to_owned());
                let after = Subscription { folder, ..feed.subscription.clone() };
                self.change(&Change::set_subscription(feed.id, feed.subscription, after));
            }
        }
    }

    /// The articles that a filter finds, those of the queue in its order.
    fn list(&self, filter: &str) -> Vec<EntryId> {
        let list = ListDefinition {
            scope: ViewScope::All,
            filter: filter.to_owned(),
            order: SortOrder::Queue,
            copies: CopyListing::Fold,
            ..ListDefinition::default()
        };
        let request = SearchRequest { list, ..SearchRequest::default() };
        search_once(&self.reader, &request).unwrap().ids.to_vec()
    }

    /// Everything that the user sees: articles with their marks, lists, counts, views, feeds, the trash
    /// and the rules.
    fn state(&self) -> String {
        let entries = self.reader.load_entries(&(1..=12).map(EntryId).collect::<Vec<_>>()).unwrap();
        let lists = [
            "",
            "is:removed",
            "is:hidden",
            "is:star",
            "is:unread",
            "tag:urgent",
            "is:queued",
            "is:copy",
        ];
        let lists = lists.map(|filter| self.list(filter));
        let views = self.reader.list_views().unwrap().into_iter();
        let views: Vec<_> =
            views.map(|view| (view.name, view.query, view.hidden, view.position)).collect();
        let feeds = self.reader.list_feeds().unwrap().into_iter();
        let feeds: Vec<_> = feeds
            .map(|feed| (feed.id, feed.unread_count, feed.entry_count, feed.subscription))
            .collect();
        let trash = self.reader.list_trash().unwrap();
        // Blank lines may move from the end of the file to a rule that is added there.
        let text = self.file.text();
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        format!("{entries:?}\n{lists:?}\n{views:?}\n{feeds:?}\n{trash:?}\n{lines:?}")
    }
}

#[test]
fn move_that_names_an_episode_twice_is_undone() {
    let mut library = WholeLibrary::new("undo-of-move");
    library.act(Act::Tag(vec![7, 2], "queue", TagMark::On));
    let before = library.state();
    library.act(Act::MoveEpisodes(vec![2, 2], false));
    assert_ne!(library.state(), before);
    library.store.undo().unwrap();
    assert_eq!(library.state(), before);
    library.store.redo().unwrap();
    library.store.undo().unwrap();
    assert_eq!(library.state(), before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_acts_and_as_many_undos_give_the_first_state(acts in prop::collection::vec(any_act(), 1..16)) {
        let mut library = WholeLibrary::new("undo-property");
        let first = library.state();
        let mut states = Vec::new();
        for act in acts {
            library.act(act);
            states.push(library.state());
        }
        let last = library.state();
        let mut undone = 0;
        while let Some(_change) = library.store.undo().unwrap() {
            undone += 1;
            let state = library.state();
            prop_assert!(state == first || states.contains(&state), "after {undone} undos: {state}");
        }
        prop_assert_eq!(library.state(), first.clone());
        for _ in 0..undone {
            prop_assert!(library.store.redo().unwrap().is_some());
        }
        prop_assert_eq!(library.state(), last);
        prop_assert_eq!(library.store.undo_last(usize::MAX).unwrap().count(), undone);
        prop_assert_eq!(library.state(), first, "together");
    }
}
