//! Rules on stored articles: the trial and the run find the same ones, and stars are told apart.

use chrono::Utc;
use newsreader::{
    library::{
        RuleSet, clock::local_now, find_acts_on_stored, plan_rule_run, run_rule_on, stored_query,
        try_rule,
    },
    model::{Change, EntryId, Rule, RuleActions, TagMark, TagName},
    store::{ReadConnection, WriteConnection},
};

use crate::{library::library_with, tags::ids};

/// A library of a listed article, one that is hidden until a time, and one in the trash.
fn library(name: &str) -> (WriteConnection, ReadConnection) {
    let entries = [("a", "ferry"), ("b", "ferry"), ("c", "ferry")];
    let (mut store, reader, _) = library_with(&format!("rule-runs-{name}"), &entries);
    let now = Utc::now();
    let hidden =
        Change::set_tag(&ids(&[2]), TagName::hidden(), TagMark::Until(now.timestamp() + 9_000));
    store.apply_change(&hidden, now).unwrap();
    store.apply_change(&Change::remove_entries(&ids(&[3]), now), now).unwrap();
    (store, reader)
}

fn rule(query: &str, actions: RuleActions) -> Rule {
    Rule { name: "Ships".to_owned(), query: query.to_owned(), off: false, actions }
}

fn hiding() -> RuleActions {
    RuleActions { hide: true, ..RuleActions::default() }
}

fn starring() -> RuleActions {
    RuleActions { star: true, ..RuleActions::default() }
}

#[test]
fn trial_run_and_later_acts_of_a_rule_concern_the_same_articles() {
    let (_store, reader) = library("same");
    let removing = RuleActions { remove: true, ..RuleActions::default() };
    for (query, actions, expected) in [
        ("ferry", starring(), &[1, 2][..]),
        ("ferry", hiding(), &[1, 2]),
        ("ferry is:hidden", starring(), &[2]),
        ("ferry age:>1d", starring(), &[1, 2]),
        // It spares what is hidden, unread or starred.
        ("ferry age:>1d", removing.clone(), &[]),
        ("ferry age:>1d is:unread", removing.clone(), &[1]),
        ("ferry", removing, &[1, 2]),
    ] {
        let rule = rule(query, actions);
        let sorted = |mut ids: Vec<EntryId>| {
            ids.sort_unstable();
            ids
        };
        let tried = try_rule(&reader, &stored_query(&rule, local_now()), None).unwrap();
        let run = plan_rule_run(&reader, &rule, local_now()).unwrap().unwrap();
        let rules = RuleSet::compile(std::slice::from_ref(&rule), local_now());
        let acts = find_acts_on_stored(&reader, &rules, false).unwrap();
        let acts = acts.into_iter().next().map_or_else(Vec::new, |act| act.ids);
        let found = [tried.ids, run.act.ids, acts].map(sorted);
        assert_eq!(found, [ids(expected), ids(expected), ids(expected)], "{rule:?}");
    }
}

#[test]
fn rule_that_hides_leaves_hidden_articles_their_time() {
    let (mut store, reader) = library("time");
    let until = || reader.load_entry(EntryId(2)).unwrap().unwrap().tags[0].until;
    let before = until();
    let done =
        run_rule_on(&mut store, &rule("ferry", hiding()), &ids(&[1, 2]), local_now()).unwrap();
    assert_eq!((done.change.all_entry_ids(), until()), (ids(&[1]), before));
    assert!(before.is_some());
}

#[test]
fn trial_counts_only_the_stars_of_the_user() {
    let (mut store, reader) = library("stars");
    let stars = || {
        let query = stored_query(&rule("ferry", hiding()), local_now());
        try_rule(&reader, &query, None).unwrap().starred_count
    };
    let star = |store: &mut WriteConnection, id, starred| {
        store.apply_change(&Change::set_starred(&ids(&[id]), starred), Utc::now()).unwrap();
    };
    run_rule_on(&mut store, &rule("ferry", starring()), &ids(&[1, 2]), local_now()).unwrap();
    assert_eq!(stars(), 0, "the rule has starred both");
    star(&mut store, 1, false);
    assert_eq!(stars(), 0);
    star(&mut store, 1, true);
    assert_eq!(stars(), 1, "the user has starred it again");
    store.undo_last(3).unwrap();
    star(&mut store, 2, true);
    assert_eq!(stars(), 1, "what the rule did is undone");
}
