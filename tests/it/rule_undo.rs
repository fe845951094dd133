//! Undo of rules whose file was edited by hand, and what stays known of acts that were undone.

use std::{fs, sync::Arc};

use chrono::Utc;
use newsreader::{
    app::{ChangeAction, Message},
    library::{RuleSet, clock::local_now, load_entry_history, run_rule_on},
    model::{
        AppliedChange, Change, ChangeId, EntryId, HidingRules, JournalSteps, RecordedChange, Rule,
        RuleActions, RuleEdit,
    },
    store::{ReadConnection, RuleFileAccess, WriteConnection},
};

use crate::{
    library::library_with,
    support::{
        MemoryRuleFile,
        program::{home_with_library, run, stderr, stdout},
        stage,
    },
};

const THREE: [(&str, &str); 3] = [("a", "one"), ("b", "two"), ("c", "three")];

fn rule(name: &str, actions: RuleActions) -> Rule {
    Rule { name: name.to_owned(), query: "one".to_owned(), off: false, actions }
}

fn starring(name: &str) -> Rule {
    rule(name, RuleActions { star: true, ..RuleActions::default() })
}

/// A library of three articles with a file of rules.
struct RuleFileLibrary {
    store: WriteConnection,
    reader: ReadConnection,
    file: MemoryRuleFile,
}

impl RuleFileLibrary {
    fn new(name: &str) -> RuleFileLibrary {
        let (mut store, reader, _) = library_with(&format!("rule-undo-{name}"), &THREE);
        let file = MemoryRuleFile::default();
        store.set_rule_file(Arc::new(file.clone()));
        RuleFileLibrary { store, reader, file }
    }

    fn star(&mut self, id: i64) {
        let change = Change::set_starred(&[EntryId(id)], true);
        self.store.apply_change(&change, Utc::now()).unwrap();
    }

    fn add_rule(&mut self, name: &str) {
        let edit = RuleEdit { before: None, after: Some(starring(name)) };
        self.store.edit_rules(&[edit], Utc::now()).unwrap();
    }

    /// Replaces words of the file, as an editor does.
    fn edit_file(&self, from: &str, to: &str) {
        self.file.write_text(&self.file.text().replace(from, to)).unwrap();
    }

    /// Takes one step back; returns whether it undid a change, refused one, or passed over some.
    fn undo(&mut self) -> (usize, usize, usize) {
        describe(&self.store.undo_last(1).unwrap())
    }

    /// The ids of the articles that are starred.
    fn starred(&self) -> Vec<i64> {
        let is_starred =
            |id: &i64| self.reader.load_entry(EntryId(*id)).unwrap().unwrap().state.starred;
        (1..=3).filter(is_starred).collect()
    }

    /// The journal, newest first.
    fn journal(&self) -> Vec<RecordedChange> {
        let mut rows = Vec::new();
        self.reader.for_each_recorded_change(None, 99, &mut |row| rows.push(row)).unwrap();
        rows
    }
}

fn describe(steps: &JournalSteps) -> (usize, usize, usize) {
    (steps.changes.len(), steps.refusals.len(), steps.passed_over)
}

#[test]
fn undo_is_refused_once_and_then_goes_on_with_older_changes() {
    let mut library = RuleFileLibrary::new("older");
    library.star(1);
    library.star(2);
    library.add_rule("Noise");
    library.edit_file("star = true", "read = true");
    let edited = library.file.text();
    let refused = library.store.undo_last(1).unwrap();
    assert_eq!(describe(&refused), (0, 1, 0));
    assert!(refused.refusals[0].contains("`read = true`, where `star = true` was expected"));
    let row = &library.journal()[0];
    assert_eq!((&row.refusal, row.is_undone), (&Some(refused.refusals[0].clone()), false));
    assert_eq!(library.undo(), (1, 0, 1), "the refused change is passed over");
    assert_eq!(library.undo(), (1, 0, 1));
    assert_eq!(library.starred(), Vec::<i64>::new());
    assert_eq!(library.file.text(), edited);
    library.edit_file("read = true", "star = true");
    assert_eq!(library.undo(), (1, 0, 0), "the file is as it was expected again");
    assert_eq!((library.file.text().as_str(), &library.journal()[0].refusal), ("", &None));
}

#[test]
fn several_steps_at_once_are_the_steps_one_by_one() {
    let mut library = RuleFileLibrary::new("several");
    for id in 1..=2 {
        library.star(id);
    }
    library.add_rule("Noise");
    library.star(3);
    library.edit_file("star = true", "# why\nstar = true");
    assert_eq!(describe(&library.store.undo_last(3).unwrap()), (2, 1, 0));
    assert_eq!(library.starred(), [1]);
}

#[test]
fn step_back_to_a_change_counts_refused_ones_and_tries_the_selected_one_again() {
    let mut library = RuleFileLibrary::new("back-to");
    library.star(1);
    library.add_rule("Noise");
    library.star(2);
    let [_, noise, first] = [0, 1, 2].map(|row| library.journal()[row].id);
    library.edit_file("star = true", "read = true");
    assert_eq!(describe(&library.store.undo_back_to(noise, 2).unwrap()), (1, 1, 0));
    assert_eq!(describe(&library.store.undo_back_to(noise, 1).unwrap()), (0, 1, 0), "once more");
    assert_eq!(describe(&library.store.undo_back_to(first, 1).unwrap()), (1, 0, 1));
    library.edit_file("read = true", "star = true");
    assert_eq!(describe(&library.store.undo_back_to(noise, 1).unwrap()), (1, 0, 0));
    assert_eq!(library.file.text(), "");
}

#[test]
fn redo_of_a_rule_is_refused_where_another_has_its_name() {
    let mut library = RuleFileLibrary::new("redo");
    library.add_rule("Noise");
    library.star(1);
    library.store.undo_last(2).unwrap();
    library.file.write_text("[[rule]]\nname = \"noise\"\nquery = \"x\"\nread = true\n").unwrap();
    assert_eq!(describe(&library.store.redo_next().unwrap()), (0, 1, 0));
    assert_eq!(describe(&library.store.redo_next().unwrap()), (1, 0, 1));
    assert_eq!(library.starred(), [1]);
}

#[test]
fn file_that_cannot_be_parsed_does_not_block_older_changes() {
    let mut library = RuleFileLibrary::new("broken");
    library.star(1);
    library.add_rule("Noise");
    library.file.write_text("[[rule]\n").unwrap();
    assert_eq!((library.undo(), library.undo()), ((0, 1, 0), (1, 0, 1)));
    assert_eq!(library.file.text(), "[[rule]\n");
}

#[test]
fn notices_of_refused_and_passed_over_changes_name_keys_at_80_columns() {
    let star = Change::set_starred(&[EntryId(1)], false);
    let title = Some("A small compiler for a small language and its many users".to_owned());
    let changes = vec![AppliedChange { change: star, title, copies: 0 }];
    let problem = "the rule “Noise” was edited since: the file has `read = true`, where `star = \
                   true` was expected (/home/me/.config/newsreader/rules.toml)";
    let refusal = JournalSteps { refusals: vec![problem.to_owned()], ..JournalSteps::default() };
    let passed = JournalSteps { changes, passed_over: 1, ..JournalSteps::default() };
    let last_line = |action, steps: &JournalSteps| {
        let shown = stage(&["a"]).size(80, 24).send(Message::ChangesStepped(action, steps.clone()));
        shown.screen().lines().last().unwrap().trim().to_owned()
    };
    let lines = [
        last_line(ChangeAction::Undone, &refusal),
        last_line(ChangeAction::Redone, &refusal),
        last_line(ChangeAction::Undone, &passed),
    ];
    insta::assert_snapshot!(lines.join("\n"));
    let refused = stage(&["a"]).send(Message::ChangesStepped(ChangeAction::Undone, refusal));
    let listed = refused.size(120, 40).keys("ctrl-x e").screen();
    assert!(listed.contains("where `star = true` was expected"), "{listed}");
}

#[test]
fn undo_command_goes_on_and_says_what_it_passed_over() {
    let home = home_with_library();
    let command = |args: &[&str]| run(home.path(), args);
    command(&["star", "1"]);
    command(&["rule", "add", "Noise", "--query", "ad", "--hide"]);
    let path = home.path().join("config/newsreader/rules.toml");
    fs::write(&path, fs::read_to_string(&path).unwrap() + "read = true\n").unwrap();
    let refused = command(&["undo"]);
    assert_eq!((refused.status.code(), &*stdout(&refused)), (Some(1), ""));
    assert!(stderr(&refused).starts_with("Cannot undo the change: the rule “Noise” was edited"));
    let older = command(&["undo"]);
    assert_eq!(stdout(&older), "Undone: starred “The bridge reopens”\n");
    assert!(older.status.success() && stderr(&older).starts_with("1 change passed over"));
    let journal = stdout(&command(&["journal", "--json"]));
    assert!(journal.contains("\"refusal\":\"the rule “Noise” was edited since"), "{journal}");
}

#[test]
fn undone_act_of_a_rule_stays_known_when_the_journal_has_forgotten_it() {
    let mut library = RuleFileLibrary::new("acts");
    let hide = rule("Noise", RuleActions { hide: true, ..RuleActions::default() });
    let (id, now) = (EntryId(1), local_now());
    assert!(!RuleSet::compile(std::slice::from_ref(&hide), now).is_empty());
    let is_undone = |library: &RuleFileLibrary| {
        let acts = load_entry_history(&library.reader, id).unwrap().unwrap().acts;
        acts.last().unwrap().is_undone()
    };
    let counts = |library: &RuleFileLibrary| {
        let HidingRules { articles, .. } = library.reader.count_hiding_rules(&[id]).unwrap();
        (library.reader.count_rule_acts().unwrap()[0].1, articles)
    };
    run_rule_on(&mut library.store, &hide, &[id], now).unwrap();
    assert_eq!((is_undone(&library), counts(&library)), (false, (1, 1)));
    library.store.undo().unwrap();
    assert_eq!((is_undone(&library), counts(&library)), (true, (0, 0)));
    library.star(2);
    assert_eq!(library.journal().len(), 1, "the undone change is forgotten");
    assert_eq!((is_undone(&library), counts(&library)), (true, (0, 0)));
    run_rule_on(&mut library.store, &hide, &[id], now).unwrap();
    assert_eq!(counts(&library), (1, 1), "the rule has acted again");
    library.store.undo().unwrap();
    library.store.redo().unwrap();
    assert_eq!(counts(&library), (1, 1));
    assert!(library.journal()[0].id > ChangeId(0));
}
