//! Rules in the reader: the form that makes one of the filter, and the table.

use std::{fs, sync::Arc};

use newsreader::{
    app::{
        ChangeAction, Effect, Message, Overlay, RuleTrial, StoreWrite, TRIAL_DAYS, TrialPurpose,
    },
    command::Command,
    model::{
        AppliedChange, Change, DryRun, EntryId, FeedId, ListedRule, Rule, RuleActions, RuleEdit,
        RuleMistake, RuleText, TagName, ViewScope,
    },
    settings::UserCommand,
    store::{LibraryLocation, RuleFileAccess},
};

use crate::{
    support::{MemoryRuleFile, Stage, failure, settings, stage, stage_with},
    workers::RunningApp,
};

/// The request of a trial that waits for its outcome.
fn trial_of(stage: &Stage) -> RuleTrial {
    let trial = stage.effects.iter().find_map(|effect| match effect {
        Effect::TryRule(trial) => Some((**trial).clone()),
        _ => None,
    });
    trial.unwrap_or_else(|| panic!("no rule is tried: {:?}", stage.effects))
}

fn found(count: i64, starred_count: usize) -> DryRun {
    let ids: Vec<EntryId> = (1..=count).map(EntryId).collect();
    DryRun { article_count: ids.len(), ids, starred_count, unsearched_count: 0, days: Some(90) }
}

/// Answers the trial that waits.
fn answer(stage: Stage, count: i64, starred_count: usize) -> Stage {
    let trial = Box::new(trial_of(&stage));
    stage.send(Message::RuleTried(trial, Ok(found(count, starred_count))))
}

/// The form of a new rule for the filter `sponsored`, with its numbers.
fn form_of_filter() -> Stage {
    let stage = stage(&["Sponsored: a bridge", "A ferry", "Sponsored post"]);
    answer(stage.text("sponsored").keys("ctrl-x Q"), 214, 3)
}

/// The same form with a name, and a tick at "Hide".
fn filled_form() -> Stage {
    form_of_filter().text("Noise").keys("down down down down space")
}

fn noise() -> Rule {
    let actions = RuleActions { hide: true, ..RuleActions::default() };
    Rule { name: "Noise".to_owned(), query: "sponsored".to_owned(), off: false, actions }
}

/// The change that is stored once a rule was added.
fn added(rule: &Rule) -> AppliedChange {
    let text = RuleText { name: rule.name.clone(), text: "[[rule]]\n".to_owned(), line: 0 };
    AppliedChange {
        change: Change::Rule { before: None, after: Some(Box::new(text)) },
        title: None,
        copies: 0,
    }
}

fn is_form_open(stage: &Stage) -> bool {
    matches!(stage.app.overlay, Some(Overlay::RuleForm(_)))
}

#[test]
fn rule_form_screens() {
    for (width, height) in [(120, 40), (80, 24), (40, 15)] {
        let screen = filled_form().size(width, height).screen();
        insta::assert_snapshot!(format!("rule_form_{width}x{height}"), screen);
    }
    let wrong = form_of_filter().keys("enter").screen();
    insta::assert_snapshot!("rule_form_mistake_80x24", wrong);
}

#[test]
fn form_says_what_the_rule_would_have_applied_to() {
    let counting = stage(&["Sponsored: a bridge"]).text("sponsored").keys("ctrl-x Q");
    assert!(counting.screen().contains("Counting…"), "{}", counting.screen());
    assert_eq!(trial_of(&counting).rule.query, "sponsored");
    let counted = answer(counting, 214, 3).screen();
    let sentence = format!("Would have applied to 214 articles of the last {TRIAL_DAYS} days; 3");
    assert!(counted.contains(&sentence), "{counted}");
}

#[test]
fn list_and_numbers_follow_the_query_in_the_form() {
    let typed = form_of_filter().keys("down").text(" post");
    assert_eq!(typed.app.filter_bar.text(), "sponsored post");
    // The first character has started a trial, after which what is typed by then is tried.
    let first = RuleTrial {
        rule: Rule { query: "sponsored ".to_owned(), ..Rule::default() },
        purpose: TrialPurpose::Form,
    };
    let typed = typed.send(Message::RuleTried(Box::new(first), Ok(found(9, 0))));
    let trial = trial_of(&typed);
    assert_eq!(trial.rule.query, "sponsored post");
    let late = RuleTrial {
        rule: Rule { query: "sponsored p".to_owned(), ..trial.rule.clone() },
        purpose: TrialPurpose::Form,
    };
    let late = typed.send(Message::RuleTried(Box::new(late), Ok(found(7, 0))));
    assert!(late.screen().contains("Counting…"), "an older trial is no answer");
    let done = late.send(Message::RuleTried(Box::new(trial), Ok(found(2, 0))));
    assert!(done.screen().contains("applied to 2 articles"), "{}", done.screen());
    let wrong = done.text(" titel:x");
    assert!(wrong.screen().contains("did you mean “title:”?"), "{}", wrong.screen());
}

#[test]
fn rule_made_in_a_feed_lists_what_it_finds_elsewhere() {
    let scope = |stage: &Stage| stage.app.entry_list.definition().scope.clone();
    let feed = stage(&["Sponsored: a bridge", "A ferry"]).in_feed_of_many(9).text("sponsored");
    let feed_scope = scope(&feed);
    assert!(matches!(feed_scope, ViewScope::Feed(_)), "{feed_scope:?}");
    let form = feed.keys("ctrl-x Q down").text(" or ferry");
    assert_eq!(scope(&form), ViewScope::All);
    let closed = form.keys("esc");
    assert_eq!(scope(&closed), feed_scope);
    assert_eq!(closed.app.filter_bar.text(), "sponsored");
}

#[test]
fn trials_run_one_after_the_other() {
    let typing = stage(&["Sponsored: a bridge"]).text("sponsored").keys("ctrl-x Q down");
    let typing = typing.text("x");
    assert!(!typing.effects.iter().any(|effect| matches!(effect, Effect::TryRule(_))));
    let first = RuleTrial {
        rule: Rule { query: "sponsored".to_owned(), ..Rule::default() },
        purpose: TrialPurpose::Form,
    };
    let next = typing.send(Message::RuleTried(Box::new(first), Ok(found(1, 0))));
    assert_eq!(trial_of(&next).rule.query, "sponsoredx");
}

#[test]
fn rule_that_cannot_be_carried_out_is_refused_in_words() {
    let refused = |stage: Stage, sentence: &str| {
        let stage = stage.keys("enter");
        let screen = stage.screen();
        assert!(screen.contains(sentence), "{sentence}: {screen}");
        assert!(stage.writes().is_empty() && is_form_open(&stage));
    };
    refused(form_of_filter(), "A rule needs a name");
    refused(form_of_filter().text("Noise"), "Choose an action: tick one");
    refused(filled_form().keys("up up up ctrl-u"), "The query is empty");
    let in_tags = || form_of_filter().text("Noise").keys("down down down down down down down down");
    refused(in_tags().text("a b -"), "“-” is no tag");
    refused(in_tags().keys("down").text("soon"), "“soon”: a time to come is 18:00");
    refused(in_tags().keys("down").text("2020-01-01"), "a time to come is 18:00");
    refused(in_tags().keys("down down").text("nte"), "There is no command that a rule can run");
    refused(filled_form().keys("down down down down down").text("2d"), "not both");
}

#[test]
fn words_of_the_form_are_completed() {
    let mut settings = settings();
    let command = UserCommand { argv: vec!["note".to_owned()], ..UserCommand::default() };
    settings.commands.insert("note".to_owned(), command);
    let stage = stage_with(&["Sponsored"], settings, newsreader::model::SessionState::default());
    let form = stage.text("spon").keys("ctrl-x Q").text("N");
    let form = form.keys("down down down down down down down down down").text("fri").keys("tab");
    assert!(form.screen().contains("friday"), "{}", form.screen());
    let form = form.keys("tab").text("no").keys("tab enter");
    let [StoreWrite::EditRule(edit)] = &form.writes()[..] else { panic!("{:?}", form.writes()) };
    let actions = RuleActions {
        hide_until: Some("friday".to_owned()),
        run: Some("note".to_owned()),
        ..RuleActions::default()
    };
    assert_eq!(edit.after.as_ref().unwrap().actions, actions);
}

#[test]
fn rule_in_a_feed_names_the_feed() {
    let form = stage(&["Sponsored"]).in_feed_of_many(9).text("spon").keys("ctrl-x Q");
    assert_eq!(*form.app.scope(), ViewScope::All, "the query alone says what a rule acts on");
    assert_eq!(trial_of(&form).rule.query, "feed:\"Evening Post\" spon");
    assert_eq!(form.app.filter_bar.text(), "feed:\"Evening Post\" spon");
    assert_eq!(form.keys("esc").app.filter_bar.text(), "spon", "nothing has changed");
}

#[test]
fn saved_rule_is_offered_for_the_articles_of_its_trial() {
    let saving = filled_form().keys("enter");
    let edit = RuleEdit { before: None, after: Some(noise()) };
    assert_eq!(saving.writes(), [&StoreWrite::EditRule(Box::new(edit))]);
    assert!(saving.screen().contains("Saving…") && is_form_open(&saving));
    assert!(saving.writes().len() == 1, "a second Enter saves nothing");
    let asked = saving.send(Message::ChangeFinished(ChangeAction::Applied, Some(added(&noise()))));
    assert!(asked.screen().contains("Apply “Noise” to 214 articles of the last 90 days?"));
    let run = asked.keys("enter");
    let ids = found(214, 0).ids;
    assert_eq!(run.writes(), [&StoreWrite::RunRule { rule: Box::new(noise()), ids }]);
    assert!(run.app.overlay.is_none());
}

#[test]
fn rule_that_was_not_saved_stays_in_the_form() {
    let saving = filled_form().keys("enter");
    let write = saving.writes()[0].clone();
    let reason = failure("Cannot change the rules: the file has a rule called “Noise” already");
    let failed = saving.send(Message::ChangeFailed(write, reason));
    assert!(is_form_open(&failed));
    assert!(failed.screen().contains("a rule called “Noise” already"), "{}", failed.screen());
    assert_eq!(failed.keys("enter").writes().len(), 1, "it can be saved again");
}

#[test]
fn rule_saved_before_its_numbers_are_known_is_offered_once_they_are() {
    let form = stage(&["Sponsored"]).text("sponsored").keys("ctrl-x Q").text("Noise");
    let saved = form
        .keys("down down down down space enter")
        .send(Message::ChangeFinished(ChangeAction::Applied, Some(added(&noise()))));
    let trial = trial_of(&saved);
    assert_eq!(trial, RuleTrial { rule: noise(), purpose: TrialPurpose::Offer });
    let told = saved.send(Message::RuleTried(Box::new(trial), Ok(found(2, 0))));
    let notice = "“Noise” would have applied to 2 articles of the last 90 days · ^X % to apply it";
    assert!(told.screen().contains(notice), "{}", told.screen());
    assert!(told.app.overlay.is_none(), "a key may be on its way to something else");
}

/// The table with two rules and a mistake.
fn table() -> Stage {
    let harbour = Rule {
        name: "Harbour".to_owned(),
        query: "feed:harbour (strike or ferry)".to_owned(),
        off: true,
        actions: RuleActions {
            tags: vec![TagName::parse("port").unwrap()],
            star: true,
            notify: true,
            ..RuleActions::default()
        },
    };
    let mistake = RuleMistake {
        line: Some(12),
        problem: "there is no action `tga`; did you mean `tag`?".to_owned(),
    };
    let rows = vec![
        ListedRule { rule: Ok(noise()), act_count: 1_234 },
        ListedRule { rule: Err(mistake), act_count: 0 },
        ListedRule { rule: Ok(harbour), act_count: 0 },
    ];
    let open = stage(&["Sponsored: a bridge", "A ferry"]).keys("ctrl-x %");
    assert!(open.effects.contains(&Effect::LoadRules));
    open.send(Message::RulesLoaded(Ok(rows)))
}

#[test]
fn rule_table_screens() {
    for (width, height) in [(120, 40), (80, 24), (40, 15)] {
        let screen = table().size(width, height).screen();
        insta::assert_snapshot!(format!("rule_table_{width}x{height}"), screen);
    }
    insta::assert_snapshot!("rule_table_mistake_80x24", table().keys("down").screen());
}

#[test]
fn clearing_the_filter_of_what_a_rule_matches_goes_back_to_the_list_before() {
    let stage = stage(&["Sponsored: a bridge", "A ferry"]).keys("ctrl-x g").text("evening");
    let stage = stage.keys("enter").text("fer").keys("ctrl-x %");
    let rows = vec![ListedRule { rule: Ok(noise()), act_count: 1 }];
    let listed = stage.send(Message::RulesLoaded(Ok(rows))).keys("h");
    assert_eq!(*listed.app.scope(), ViewScope::All);
    let back = listed.keys("esc");
    let definition = back.app.entry_list.definition();
    assert_eq!((&definition.scope, &*definition.filter), (&ViewScope::Feed(FeedId(1)), "fer"));
    assert_eq!(back.app.filter_bar.text(), "fer");
    // From the trash, what a rule matches leads back to the list before both.
    let rows = vec![ListedRule { rule: Ok(noise()), act_count: 1 }];
    let visits = back.keys("ctrl-x b ctrl-x %").send(Message::RulesLoaded(Ok(rows)));
    let back = visits.keys("h esc");
    assert_eq!(*back.app.scope(), ViewScope::Feed(FeedId(1)));
}

#[test]
fn table_edits_removes_and_lists_the_selected_rule() {
    let form = table().keys("enter");
    assert!(is_form_open(&form) && form.screen().contains("Rule “Noise”"), "{}", form.screen());
    let back = form.keys("esc");
    assert!(matches!(back.app.overlay, Some(Overlay::RuleTable(_))));
    let removed = back.keys("x");
    let edit = RuleEdit { before: Some(noise()), after: None };
    assert_eq!(removed.writes(), [&StoreWrite::EditRule(Box::new(edit))]);
    let change = added(&noise()).change.inverse();
    let gone = AppliedChange { change, title: None, copies: 0 };
    let told = removed.send(Message::ChangeFinished(ChangeAction::Applied, Some(gone)));
    assert!(told.screen().contains("Removed the rule “Noise” · u to undo"), "{}", told.screen());
    assert!(told.effects.contains(&Effect::LoadRules), "the table is loaded anew");
    let listed = table().keys("h");
    assert_eq!(listed.app.filter_bar.text(), "(is:hidden or -is:hidden) (sponsored");
    assert!(listed.app.overlay.is_none());
}

#[test]
fn table_runs_a_rule_after_asking_with_the_count() {
    let trying = table().keys("r");
    let trial = trial_of(&trying);
    assert_eq!(trial, RuleTrial { rule: noise(), purpose: TrialPurpose::Run });
    let none = table().keys("r");
    let none = none.send(Message::RuleTried(Box::new(trial.clone()), Ok(found(0, 0))));
    assert!(none.screen().contains("“Noise” matches no listed article"), "{}", none.screen());
    let asked = trying
        .send(Message::RuleTried(Box::new(trial), Ok(DryRun { days: None, ..found(1_500, 0) })));
    let screen = asked.screen();
    assert!(screen.contains("Apply “Noise” to 1,500 articles?"), "{screen}");
    assert!(screen.contains("Harbour"), "the table stays in view: {screen}");
    let run = asked.keys("enter");
    assert!(matches!(run.writes()[..], [StoreWrite::RunRule { .. }]), "{:?}", run.writes());
    assert!(matches!(run.app.overlay, Some(Overlay::RuleTable(_))), "the table is back");
}

#[test]
fn mistake_is_listed_and_cannot_be_edited_in_the_form() {
    for key in ["enter", "x", "r", "h"] {
        let told = table().keys("down").keys(key);
        assert!(told.writes().is_empty() && !is_form_open(&told));
        let screen = told.screen();
        assert!(screen.contains("Correct the mistake in rules.toml first, line 12"), "{screen}");
    }
}

#[test]
fn rule_is_saved_applied_and_undone_on_a_real_library() {
    let folder = tempfile::tempdir().unwrap();
    let news = folder.path().join("news");
    fs::create_dir(&news).unwrap();
    for (name, title) in [("a.txt", "The night train"), ("b.txt", "The bridge")] {
        fs::write(news.join(name), format!(" date 2021-03-01 {title}.\n\nText.\n")).unwrap();
    }
    let (location, file) =
        (LibraryLocation::Folder(folder.path().join("library")), MemoryRuleFile::default());
    let mut running =
        RunningApp::start_with_rules(&location, file.loader(), Arc::new(file.clone()));
    running.subscribe_folder(&news);
    running.run_until(|app| app.entry_list.len() == 2);
    running.press_keys("t r a i n ctrl-x Q N down down space enter");
    running.run_until(|app| app.overlay.is_none());
    let added = file.text();
    assert_eq!(added, "[[rule]]\nname = \"N\"\nquery = \"train\"\nstar = true\n");
    running.press_keys("ctrl-x %");
    running.run_until(
        |app| matches!(&app.overlay, Some(Overlay::RuleTable(table)) if !table.rows().is_empty()),
    );
    running.press_keys("r");
    running.run_until(|app| matches!(app.overlay, Some(Overlay::Question(_))));
    running.press_keys("enter");
    running.run_until(|app| app.sidebar.data().starred_count == 1);
    running.press_keys("u");
    running.run_until(|app| app.sidebar.data().starred_count == 0);
    file.write_text(&added.replace("star", "read")).unwrap();
    running.press_keys("u");
    let is_reason = |text: &str| text.contains("the file has `read = true`, where `star = true`");
    running.run_until(|app| app.notices.failures().any(|failure| is_reason(&failure.summary)));
    let notice = running.app.notices.current().cloned().unwrap();
    assert_eq!(notice.text, "Not undone: rules.toml was edited");
    file.write_text(&added).unwrap();
    running.press_keys("u");
    running.run_until(|app| {
        app.notices.current().is_some_and(|notice| notice.text == "Undone: added the rule “N”")
    });
    assert_eq!(file.text(), "");
}

#[test]
fn commands_of_the_table_open_it_elsewhere() {
    for command in [Command::ShowRules, Command::RunRule, Command::RemoveRule] {
        let open = stage(&["a"]).send(Message::Command(command));
        assert!(matches!(open.app.overlay, Some(Overlay::RuleTable(_))));
    }
    let empty = stage(&["a"]).keys("ctrl-x %").send(Message::RulesLoaded(Ok(Vec::new())));
    assert!(empty.screen().contains("No rules yet: a makes one"), "{}", empty.screen());
    assert!(is_form_open(&empty.keys("a")));
}
