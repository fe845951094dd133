//! Rules: on articles that arrive, on stored ones, once per version, as a file and as commands.

use std::fs;

use chrono::{NaiveDate, Utc};
use newsreader::{
    app::{describe_past_act, mark_reasons, mark_sentence},
    library::{
        ArrivingEntry, LoadedRules, RuleLoader, RuleSet, clock::local_now, find_acts_on_stored,
        list_rules, load_entry_history, run_rule_on, try_rule,
    },
    model::{
        Actor, Attachments, BodyFormat, Change, EntryBody, EntryId, FeedKind, HidingRules,
        ListedRule, NewEntry, PublicationDate, RefreshScope, Rule, RuleActions, RuleMistake,
        TagMark, TagName,
    },
    query::FeedNames,
    store::{EntryUpsert, IngestBatch, LibraryLocation, ReadConnection, WriteConnection},
};
use proptest::prelude::*;

use crate::{
    refresh::{FeedLibrary, rss_document},
    support::{
        now,
        program::{home_with_library, run, stderr, stdout},
        server::{Server, TestResponse},
    },
};

fn tag(name: &str) -> TagName {
    TagName::parse(name).unwrap()
}

fn rule(name: &str, query: &str, actions: RuleActions) -> Rule {
    Rule { name: name.to_owned(), query: query.to_owned(), off: false, actions }
}

fn tagging(name: &str, query: &str, tags: &[&str]) -> Rule {
    let tags = tags.iter().map(|name| tag(name)).collect();
    rule(name, query, RuleActions { tags, ..RuleActions::default() })
}

fn entry(guid: usize, title: &str, body: &str) -> NewEntry {
    let body = EntryBody { format: BodyFormat::Html, text: body.to_owned() };
    let day = NaiveDate::from_ymd_opt(2026, 1, 28).unwrap();
    NewEntry {
        guid: guid.to_string(),
        digest: guid as u64,
        title: title.to_owned(),
        link: None,
        author: None,
        published: PublicationDate::Day(day),
        tags: Vec::new(),
        body,
        attachments: Attachments::default(),
        page_article: None,
    }
}

/// A library in memory with the feed "Post".
struct RuleLibrary {
    store: WriteConnection,
    reader: ReadConnection,
    feed: newsreader::model::FeedId,
}

impl RuleLibrary {
    fn new(name: &str) -> RuleLibrary {
        let location = LibraryLocation::Memory(format!("rules-{name}"));
        let mut store = WriteConnection::open(&location).unwrap();
        let feed = store.add_feed(FeedKind::Web, "https://post.example/", "Post").unwrap().feed;
        RuleLibrary { store, reader: ReadConnection::open(&location).unwrap(), feed }
    }

    /// Stores entries, on which `rules` act as they arrive.
    fn ingest(&mut self, entries: &[NewEntry], rules: &[Rule]) {
        let rules = RuleSet::compile(rules, local_now());
        let names = FeedNames::new("Post", None, &[]);
        let to_upsert = |entry: &NewEntry| {
            let arriving = ArrivingEntry { entry, feed: &names, is_muted: false, is_edited: false };
            let acts = rules.match_arrival(arriving);
            let mut upsert = EntryUpsert::new(entry.clone(), 1, None);
            upsert.set_rule_acts(acts);
            upsert
        };
        let upserts = entries.iter().map(to_upsert).collect();
        let batch = IngestBatch { feed: self.feed, upserts, missing_files: Vec::new() };
        self.store.ingest_batch(&batch, Utc::now()).unwrap();
    }

    /// Applies `rules` to what is stored.
    fn apply(&mut self, rules: &[Rule]) {
        let rules = RuleSet::compile(rules, local_now());
        let acts = find_acts_on_stored(&self.reader, &rules, false).unwrap();
        self.store.apply_rule_acts(&acts, Utc::now()).unwrap();
    }

    /// Describes the state, the tags and the weights of an entry.
    fn marks(&self, id: i64) -> String {
        let entry = self.reader.load_entry(EntryId(id)).unwrap().unwrap();
        let state = entry.state;
        let mut words: Vec<String> = entry.tags.iter().map(|tag| tag.name.to_string()).collect();
        words.sort_unstable();
        for (is_set, word) in [
            (state.read, "READ"),
            (state.starred, "STAR"),
            (state.hidden, "HIDDEN"),
            (state.removed, "REMOVED"),
        ] {
            words.extend(is_set.then(|| word.to_owned()));
        }
        let weights = self.reader.list_entry_weights(EntryId(id)).unwrap();
        words.extend(weights.iter().map(|(rule, weight)| format!("{rule}{weight:+}")));
        words.join(" ")
    }

    fn journal(&self) -> Vec<(Actor, Option<Change>)> {
        let mut rows = Vec::new();
        self.reader
            .for_each_recorded_change(None, usize::MAX, &mut |row| {
                rows.push((row.actor, row.change.map(|change| change.change)));
            })
            .unwrap();
        rows
    }
}

#[test]
fn rules_act_on_arrival_and_are_undone_one_by_one() {
    let mut library = RuleLibrary::new("arrival");
    let rules = [
        tagging("Ships", "ferry", &["ships"]),
        rule("Noise", "title:ad", RuleActions { hide: true, read: true, ..RuleActions::default() }),
        Rule { off: true, ..tagging("Off", "ferry", &["off"]) },
    ];
    library.ingest(&[entry(1, "A ferry", "<p>Sails."), entry(2, "Ad", "A ferry.")], &rules);
    assert_eq!(
        (library.marks(1), library.marks(2)),
        ("ships".into(), "hidden ships READ HIDDEN".into())
    );
    let actors: Vec<Actor> = library.journal().into_iter().map(|(actor, _)| actor).collect();
    assert_eq!(actors, [Actor::Rule("Ships".into()), Actor::Rule("Noise".into())]);
    library.store.undo().unwrap();
    assert_eq!((library.marks(1), library.marks(2)), (String::new(), "hidden READ HIDDEN".into()));
    let acts = library.reader.list_rule_acts(EntryId(2)).unwrap();
    let acts: Vec<(&str, &str)> = acts.iter().map(|act| (&*act.rule, &*act.actions)).collect();
    assert_eq!(acts, [("Noise", "mark read, hide"), ("Ships", "tag ships")]);
    let hiding = library.reader.count_hiding_rules(&[EntryId(1), EntryId(2)]).unwrap();
    assert_eq!(hiding, HidingRules { count: 1, articles: 1 });
}

#[test]
fn rule_acts_once_per_version_and_never_puts_back_what_the_user_took_off() {
    let mut library = RuleLibrary::new("versions");
    let rules = [tagging("Ships", "ferry", &["ships"])];
    let first = entry(1, "A ferry", "Sails.");
    library.ingest(std::slice::from_ref(&first), &rules);
    library
        .store
        .apply_change(&Change::set_tag(&[EntryId(1)], tag("ships"), TagMark::Off), Utc::now())
        .unwrap();
    library.apply(&rules);
    library.ingest(std::slice::from_ref(&first), &rules);
    assert_eq!(library.marks(1), "", "the version is the same");
    let edited = NewEntry { digest: 99, ..entry(1, "A ferry", "Sails at noon.") };
    library.ingest(&[edited], &rules);
    assert_eq!(library.marks(1), "", "the publisher edited it, and the user still wants no tag");
    let acts = library.reader.list_rule_acts(EntryId(1)).unwrap();
    let current: Vec<bool> = acts.iter().map(|act| act.is_current).collect();
    assert_eq!(current.iter().filter(|is_current| **is_current).count(), 1, "{acts:?}");
}

#[test]
fn counter_that_changes_is_no_new_version() {
    let mut library = RuleLibrary::new("counter");
    let rules = [tagging("Ships", "ferry", &["ships"])];
    library.ingest(&[entry(1, "A ferry", "9 views")], &rules);
    library
        .store
        .apply_change(&Change::set_tag(&[EntryId(1)], tag("ships"), TagMark::Off), Utc::now())
        .unwrap();
    let counted = NewEntry { digest: 7, ..entry(1, "A ferry", "10 views") };
    let upsert = EntryUpsert::new(counted, 1, None).with_known_id(EntryId(1)).without_archiving();
    let batch =
        IngestBatch { feed: library.feed, upserts: vec![upsert], missing_files: Vec::new() };
    library.store.ingest_batch(&batch, Utc::now()).unwrap();
    library.apply(&rules);
    assert_eq!(library.marks(1), "");
}

#[test]
fn acts_of_one_refresh_are_one_change_until_somebody_else_acts() {
    let mut library = RuleLibrary::new("one-row");
    let begin_refresh = |library: &RuleLibrary| {
        let newest = library.reader.newest_change_id().unwrap();
        let rules = [tagging("Ships", "ferry", &["ships"])];
        RuleSet::compile(&rules, local_now()).for_refresh_after(newest)
    };
    let first = begin_refresh(&library);
    let (names, now) = (FeedNames::default(), Utc::now());
    let ingest = |library: &mut RuleLibrary, rules: &RuleSet, guid: usize| {
        let entry = entry(guid, "A ferry", "");
        let arriving =
            ArrivingEntry { entry: &entry, feed: &names, is_muted: false, is_edited: false };
        let acts = rules.match_arrival(arriving);
        let mut upsert = EntryUpsert::new(entry.clone(), 1, None);
        upsert.set_rule_acts(acts);
        let batch =
            IngestBatch { feed: library.feed, upserts: vec![upsert], missing_files: Vec::new() };
        library.store.ingest_batch(&batch, now).unwrap();
    };
    ingest(&mut library, &first, 1);
    ingest(&mut library, &first, 2);
    let [(_, Some(Change::Tagged { ids, .. }))] = &library.journal()[..] else { panic!() };
    assert_eq!(ids, &[EntryId(1), EntryId(2)]);
    library.store.apply_change(&Change::set_read(&[EntryId(1)], true), Utc::now()).unwrap();
    ingest(&mut library, &first, 3);
    assert_eq!(library.journal().len(), 3);
    let second = begin_refresh(&library);
    ingest(&mut library, &second, 4);
    assert_eq!(library.journal().len(), 4, "another refresh within the same second");
    library.store.undo_last(4).unwrap();
    assert_eq!([1, 2, 3, 4].map(|id| library.marks(id)), ["", "", "", ""]);
}

#[test]
fn rule_is_tried_on_all_articles_and_run_on_those_that_were_named() {
    let mut library = RuleLibrary::new("run");
    let titles = ["A ferry", "A ferry too", "An ad"];
    let entries: Vec<NewEntry> = (1..).zip(titles).map(|(n, title)| entry(n, title, "")).collect();
    library.ingest(&entries, &[]);
    let change = Change::set_starred(&[EntryId(2)], true);
    library.store.apply_change(&change, Utc::now()).unwrap();
    let ships = tagging("Ships", "ferry", &["ships"]);
    let mut found = try_rule(&library.reader, &ships.query, None).unwrap();
    found.ids.sort_unstable();
    assert_eq!((found.ids, found.starred_count), (vec![EntryId(1), EntryId(2)], 1));
    let done = run_rule_on(&mut library.store, &ships, &[EntryId(1)], local_now()).unwrap();
    assert_eq!((done.changed_entry_count(), done.title.as_deref()), (1, Some("A ferry")));
    assert_eq!([1, 2, 3].map(|id| library.marks(id)), ["ships", "STAR", ""]);
    let rows = [Ok(ships), Err(RuleMistake { line: Some(9), problem: "wrong".to_owned() })];
    let rows = rows.map(|rule| ListedRule { rule, act_count: 0 }).to_vec();
    let loader =
        RuleLoader::new(move || LoadedRules { rows: rows.clone(), ..LoadedRules::default() });
    let listed = list_rules(&loader, &library.reader).unwrap();
    let counts: Vec<(Option<&str>, u64)> =
        listed.iter().map(|row| (row.name(), row.act_count)).collect();
    assert_eq!(counts, [(Some("Ships"), 1), (None, 0)]);
}

#[test]
fn rule_beyond_the_limit_of_tags_is_refused_and_articles_are_stored() {
    let mut library = RuleLibrary::new("limit");
    let names: Vec<String> = (0..65).map(|n| format!("t{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rules = [tagging("Greedy", "ferry", &names), tagging("Ships", "ferry", &["ships"])];
    library.ingest(&[entry(1, "A ferry", "")], &rules);
    assert_eq!(library.marks(1), "ships");
    assert_eq!(library.reader.list_rule_acts(EntryId(1)).unwrap().len(), 1);
}

#[test]
fn dated_rule_acts_at_a_later_refresh_and_spares_what_is_kept() {
    let server = Server::start(|_| TestResponse::ok(rss_document(1..=3)));
    let mut library = FeedLibrary::new("dated-rules");
    let feed = library.subscribe(&server.url("/feed"));
    library.refresh(RefreshScope::One(feed));
    let ids: Vec<EntryId> = (1..=3).map(EntryId).collect();
    library.store.apply_change(&Change::set_read(&ids[..2], true), Utc::now()).unwrap();
    library.store.apply_change(&Change::set_starred(&ids[..1], true), Utc::now()).unwrap();
    let remove = RuleActions { remove: true, ..RuleActions::default() };
    let rules = vec![rule("Old", "age:<2w story", remove)];
    library.sources.rules =
        RuleLoader::new(move || LoadedRules { rules: rules.clone(), ..LoadedRules::default() });
    library.refresh(RefreshScope::One(feed));
    let is_removed = |id: &EntryId| library.reader.load_entry(*id).unwrap().unwrap().state.removed;
    let removed: Vec<bool> = ids.iter().map(is_removed).collect();
    assert_eq!(removed, [false, true, false], "one is starred, one is unread");
}

#[test]
fn refresh_applies_rules_to_new_articles_of_feeds() {
    let server = Server::start(|_| TestResponse::ok(rss_document(1..=3)));
    let mut library = FeedLibrary::new("refresh-rules");
    let rules = vec![tagging("Two", "feed:evening \"story 2\"", &["two"])];
    library.sources.rules =
        RuleLoader::new(move || LoadedRules { rules: rules.clone(), ..LoadedRules::default() });
    let feed = library.subscribe(&server.url("/feed"));
    let summary = library.refresh(RefreshScope::One(feed));
    assert_eq!(summary.failures, [], "{summary:?}");
    let entries = library.reader.load_entries(&[1, 2, 3].map(EntryId)).unwrap();
    let tagged: Vec<&str> = entries
        .iter()
        .filter(|entry| !entry.tags.is_empty())
        .map(|entry| entry.title.as_str())
        .collect();
    assert_eq!(tagged, ["Story 2"], "the title of the feed came with the document");
}

const WORDS: [&str; 6] = ["ferry", "bridge", "ferryboat", "Ärger", "rust", "c++"];

fn queries() -> impl Strategy<Value = String> {
    let word = || prop::sample::select(&WORDS[..]);
    prop_oneof![
        word().prop_map(str::to_owned),
        word().prop_map(|word| format!("title:{word}")),
        (word(), word()).prop_map(|(a, b)| format!("{a} -{b}")),
        (word(), word()).prop_map(|(a, b)| format!("{a} or body:{b}")),
        (word(), word()).prop_map(|(a, b)| format!("({a} or {b}) feed:post")),
        word().prop_map(|word| format!("\"{word} {word}\"")),
        Just("is:unread -is:star rust".to_owned()),
        Just("has:image".to_owned()),
        Just("words:>3".to_owned()),
        Just("since:2026-01 re:fer+y".to_owned()),
        Just("tag:one or is:hidden".to_owned()),
    ]
}

fn actions() -> impl Strategy<Value = RuleActions> {
    let tags = prop::collection::vec(prop::sample::select(&["one", "two", "later"][..]), 0..3);
    (tags, any::<[bool; 4]>(), -2..3).prop_map(|(names, [star, read, hide, remove], weight)| {
        let tags = names.into_iter().map(tag).collect();
        RuleActions { tags, star, read, hide, remove, weight, ..RuleActions::default() }
    })
}

fn articles() -> impl Strategy<Value = Vec<NewEntry>> {
    let text = || prop::collection::vec(prop::sample::select(&WORDS[..]), 0..5);
    let article = (text(), text(), any::<bool>()).prop_map(|(title, body, has_image)| {
        let image = if has_image { "<img src=x>" } else { "" };
        (title.join(" "), format!("<p>{}{image}", body.join(" ")))
    });
    prop::collection::vec(article, 1..8).prop_map(|articles| {
        let numbered = articles.into_iter().enumerate();
        numbered.map(|(guid, (title, body))| entry(guid + 1, &title, &body)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Rules that act on articles as they arrive do the same as rules that act on the stored ones, and
    /// undoing what they did restores the state before.
    #[test]
    fn rules_on_arrival_equal_rules_applied_afterwards(
        articles in articles(),
        rules in prop::collection::vec((queries(), actions()), 1..6),
    ) {
        let rules: Vec<Rule> = rules
            .into_iter()
            .enumerate()
            .map(|(n, (query, actions))| rule(&n.to_string(), &query, actions))
            .collect();
        let mut arrived = RuleLibrary::new("property-arrived");
        arrived.ingest(&articles, &rules);
        let mut afterwards = RuleLibrary::new("property-afterwards");
        afterwards.ingest(&articles, &[]);
        afterwards.apply(&rules);
        let marks = |library: &RuleLibrary| -> Vec<String> {
            (1..=articles.len()).map(|id| library.marks(id.try_into().unwrap())).collect()
        };
        prop_assert_eq!(marks(&arrived), marks(&afterwards), "{:?}", rules);
        for library in [&mut arrived, &mut afterwards] {
            library.store.undo_last(usize::MAX).unwrap();
            prop_assert!(marks(library).iter().all(String::is_empty), "{:?}", rules);
        }
    }
}

#[test]
fn rule_commands_add_test_run_explain_and_remove() {
    let home = home_with_library();
    let told = |args: &[&str]| {
        let output = run(home.path(), args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        stdout(&output)
    };
    told(&["star", "1"]);
    told(&["rule", "add", "Bridges", "--query", "bridge or ferry", "--tag", "b", "--read"]);
    assert_eq!(told(&["rule", "list"]), "Bridges\tbridge or ferry\ttag b, mark read\n");
    let test = told(&["rule", "test", "bridges", "--days", "36500"]);
    let (head, list) = test.split_once('\n').unwrap();
    assert_eq!(
        head,
        "would have applied to 1 article of the last 36,500 days; 1 of them you starred"
    );
    assert!(list.starts_with("1\t2026-01-28\t"), "{list}");
    let run_once = || told(&["rule", "run", "Bridges"]);
    assert_eq!(run_once(), "The rule “Bridges” changed 1 article of 1 that match\n");
    assert_eq!(run_once(), "The rule “Bridges” changed 0 articles of 1 that match\n");
    assert_eq!(told(&["search", "--count", "tag:b is:read"]), "1\n");
    let why = told(&["why", "1"]);
    let lines: Vec<&str> = why.lines().collect();
    assert_eq!(
        lines[..4],
        [
            "1\tThe bridge reopens",
            "tag\tb\trule Bridges",
            "state\tread\trule Bridges",
            "state\tstarred\tyou"
        ]
    );
    assert!(lines[4].ends_with("\trule Bridges\ttag b, mark read"), "{why}");
    assert!(lines[5].ends_with("\tyou\tStarred “The bridge reopens”"), "{why}");
    assert_eq!(told(&["undo"]), "Undone: tagged “The bridge reopens” b and marked it read\n");
    let why = told(&["why", "1"]);
    let lines: Vec<&str> = why.lines().collect();
    assert_eq!(lines[1], "state\tstarred\tyou", "{why}");
    assert!(lines[2].ends_with("\trule Bridges\tUndone: tag b, mark read"), "{why}");
    assert!(lines[3].ends_with("\tyou\tStarred “The bridge reopens”"), "{why}");
    assert_eq!(told(&["search", "--count", "tag:b"]), "0\n");
    fs::write(home.path().join("news/c.txt"), " date 2026-01-30 Another ferry.\n\nIt sails.\n")
        .unwrap();
    told(&["refresh"]);
    assert_eq!(told(&["search", "--count", "tag:b is:read"]), "1\n", "it arrived");
    told(&["rule", "remove", "bridges"]);
    assert_eq!(told(&["rule", "list"]), "");
}

#[test]
fn rule_commands_refuse_what_cannot_be_carried_out() {
    let home = home_with_library();
    for (args, status, sentence) in [
        (&["rule", "add", "A", "--query", "a"][..], 2, "name an action, such as --tag x or --hide"),
        (&["rule", "add", "A", "--query", "titel:a", "--star"], 2, "did you mean “title:”?"),
        (&["rule", "add", "A", "--query", " ", "--star"], 2, "the query is empty"),
        (
            &["rule", "add", "A", "--query", "a", "--hide-until", "2020-01-01"],
            2,
            "a time to come is",
        ),
        (&["rule", "add", " ", "--query", "a", "--star"], 2, "a rule needs a name"),
        (&["rule", "add", "A", "--query", "a", "--tag", "a b"], 2, "“a b” is no tag"),
        (&["rule", "add", "A", "--query", "a", "--hide-until", "soon"], 2, "a time to come is"),
        (&["rule", "run", "Nose"], 2, "no rule is called “Nose”; `newsreader rule list` shows"),
        (&["why", "99"], 1, "there is no article 99"),
    ] {
        let output = run(home.path(), args);
        assert_eq!(output.status.code(), Some(status), "{args:?}: {output:?}");
        assert!(stderr(&output).contains(sentence), "{args:?}: {}", stderr(&output));
    }
    let config = home.path().join("config/newsreader");
    fs::create_dir_all(&config).unwrap();
    let good = "[[rule]]\nname = \"Noise\"\nquery = \"ad\"\nhide = true\n";
    fs::write(
        config.join("rules.toml"),
        format!("{good}[[rule]]\nname = \"B\"\nquery = \"(\"\nread = true\n"),
    )
    .unwrap();
    let listed = run(home.path(), &["rule", "list"]);
    assert_eq!((listed.status.code(), &*stdout(&listed)), (Some(1), "Noise\tad\thide\n"));
    assert!(stderr(&listed).contains("rules.toml, line 5: the rule “B”: "), "{}", stderr(&listed));
    let refreshed = run(home.path(), &["refresh"]);
    assert!(stderr(&refreshed).contains("the rule “B”: "), "{}", stderr(&refreshed));
    assert_eq!(refreshed.status.code(), Some(1), "a rule was left out");
    assert!(stdout(&refreshed).ends_with(" 0 failed, 1 rule not applied\n"), "{refreshed:?}");
    assert!(stdout(&run(home.path(), &["refresh", "--json"])).contains("_not_applied\": 1,"));
    let again = run(home.path(), &["rule", "add", "noise", "--query", "a", "--star"]);
    assert!(stderr(&again).contains("a rule is called “noise” already"), "{}", stderr(&again));
    fs::write(config.join("rules.toml"), "[[rule]\n").unwrap();
    let broken = run(home.path(), &["rule", "add", "A", "--query", "a", "--star"]);
    assert!(stderr(&broken).contains("line 1: ") && !broken.status.success());
    assert_eq!(fs::read_to_string(config.join("rules.toml")).unwrap(), "[[rule]\n");
}

#[test]
fn changes_of_rules_are_in_the_journal_and_undone_with_their_comments() {
    let home = home_with_library();
    let told = |args: &[&str]| {
        let output = run(home.path(), args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        stdout(&output)
    };
    let path = home.path().join("config/newsreader/rules.toml");
    let file = || fs::read_to_string(&path).unwrap();
    told(&["rule", "add", "Noise", "--query", "ad", "--hide"]);
    let commented = file().replace("hide = true", "# for now\nhide = true # loud");
    fs::write(&path, &commented).unwrap();
    let refused = run(home.path(), &["undo"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        stderr(&refused).contains(
            "Cannot undo the change: the rule “Noise” was edited since: the file has `# for now`, \
             `hide = true # loud`, where `hide = true` was expected ("
        ),
        "{}",
        stderr(&refused)
    );
    assert_eq!(file(), commented, "nothing was written");
    told(&["rule", "add", "Ships", "--query", "ferry", "--star"]);
    let both = file();
    told(&["rule", "remove", "ships", "Noise", "noise"]);
    assert_eq!(told(&["rule", "list"]), "");
    assert_eq!(told(&["undo"]), "Undone: removed 2 rules\n");
    assert_eq!(file(), both);
    assert_eq!(told(&["redo"]), "Redone: removed 2 rules\n");
    assert_eq!(told(&["undo", "2"]), "Undone: removed 2 rules\nUndone: added the rule “Ships”\n");
    assert_eq!(file(), commented);
    fs::write(&path, both.replace("ferry", "boat")).unwrap();
    let taken = run(home.path(), &["redo"]);
    assert!(stderr(&taken).contains("the file has a rule called “Ships” already"), "{taken:?}");
    let journal = told(&["journal"]);
    let sentences: Vec<&str> = journal.lines().filter_map(|line| line.split('\t').nth(3)).collect();
    assert_eq!(
        sentences[..3],
        [
            "Undone: removed 2 rules",
            "Undone: added the rule “Ships” (cannot be redone: rules.toml was edited)",
            "Added the rule “Noise” (cannot be undone: rules.toml was edited)"
        ]
    );
}

#[test]
fn rule_that_would_be_left_out_is_not_added() {
    let home = home_with_library();
    let config = home.path().join("config/newsreader");
    fs::create_dir_all(&config).unwrap();
    let rule = |n: usize| format!("[[rule]]\nname = \"{n}\"\nquery = \"a\"\nstar = true\n");
    let text: String = (0..500).map(rule).collect();
    fs::write(config.join("rules.toml"), &text).unwrap();
    let added = run(home.path(), &["rule", "add", "A", "--query", "a", "--star"]);
    assert!(!added.status.success());
    assert!(
        stderr(&added).contains("the file has 500 rules, the most that it may have"),
        "{}",
        stderr(&added)
    );
    assert_eq!(fs::read_to_string(config.join("rules.toml")).unwrap(), text);
}

#[cfg(unix)]
#[test]
fn rule_runs_a_command_with_the_text_of_each_article_that_arrives() {
    let home = home_with_library();
    let config = home.path().join("config/newsreader");
    fs::create_dir_all(&config).unwrap();
    let script = "cat > \"$1.out\"";
    let folder = home.path().display();
    let settings = format!(
        "[commands]\nkeep = ['sh', '-c', '{script}', 'sh', '{folder}/{{title}}']\nfail = ['false']\n"
    );
    fs::write(config.join("settings.toml"), settings).unwrap();
    let added = |name: &str, command: &str| {
        run(home.path(), &["rule", "add", name, "--query", "ferry", "--run", command])
    };
    let wrong = added("Wrong", "kep");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("did you mean `keep`?"), "{}", stderr(&wrong));
    assert!(added("Keep", "keep").status.success());
    fs::write(home.path().join("news/c.txt"), " date 2026-01-30 A ferry. It sails.\n\nAt noon.\n")
        .unwrap();
    let refreshed = run(home.path(), &["refresh"]);
    assert!(refreshed.status.success(), "{}", stderr(&refreshed));
    let text = fs::read_to_string(home.path().join("A ferry.out")).unwrap();
    assert!(text.contains("At noon."), "{text}");
    assert!(added("Fail", "fail").status.success());
    fs::write(home.path().join("news/d.txt"), " date 2026-01-31 Ferry two. It sails.\n\nLate.\n")
        .unwrap();
    let refreshed = run(home.path(), &["refresh"]);
    assert_eq!(refreshed.status.code(), Some(1));
    assert!(
        stderr(&refreshed).contains("The rule “Fail”: false failed: "),
        "{}",
        stderr(&refreshed)
    );
}

#[test]
fn history_names_the_cause_of_each_mark_and_what_was_undone() {
    let mut library = RuleLibrary::new("history");
    let hide = RuleActions { hide: true, ..RuleActions::default() };
    let rules = [rule("Sport", "ferry", hide), tagging("Ships", "ferry", &["ships"])];
    library.ingest(&[entry(1, "A ferry", "")], &rules);
    let id = EntryId(1);
    library.store.apply_change(&Change::set_starred(&[id], true), Utc::now()).unwrap();
    let describe = |library: &RuleLibrary| {
        let history = load_entry_history(&library.reader, id).unwrap().unwrap();
        let marks = mark_reasons(&history);
        let marks = marks.iter().map(|reason| mark_sentence(reason, &|at| at.to_string()));
        let acts = history.acts.iter();
        let acts =
            acts.map(|act| format!("{} {}", act.actor().label(), describe_past_act(act, now())));
        (marks.collect::<Vec<_>>(), acts.collect::<Vec<_>>())
    };
    let (marks, acts) = describe(&library);
    assert_eq!(
        marks,
        ["Hidden, by the rule Sport", "Tagged ships, by the rule Ships", "Starred, by you"]
    );
    assert_eq!(acts, ["you Starred “A ferry”", "rule Sport hide", "rule Ships tag ships"]);
    library.store.undo_last(2).unwrap();
    let (marks, acts) = describe(&library);
    assert_eq!(marks, ["Tagged ships, by the rule Ships"]);
    assert_eq!(
        acts,
        ["you Undone: starred “A ferry”", "rule Sport Undone: hide", "rule Ships tag ships"]
    );
}
