//! Why an article is as it is: the overlay of the reader.

use chrono::TimeDelta;
use newsreader::{
    app::{Effect, Message},
    model::{
        Actor, AppliedChange, Change, ChangeId, EntryHistory, EntryId, PastAct, RecordedAct,
        RecordedChange, StoryExplanation, StoryId, TagMark, TagName,
    },
};

use crate::support::{Stage, entry, now, stage, tag};

fn change(id: i64, hours_ago: i64, actor: Actor, change: Change) -> RecordedChange {
    let title = Some("Ferries on strike".to_owned());
    let applied = AppliedChange { change, title, copies: 0 };
    RecordedChange {
        id: ChangeId(id),
        at: now().at - TimeDelta::hours(hours_ago),
        actor,
        change: Some(applied),
        is_undone: false,
        is_lost: false,
        refusal: None,
    }
}

/// An article that a rule has hidden until Friday and tagged, and whose star was taken back.
fn history() -> EntryHistory {
    let ids = [EntryId(1)];
    // Midnight in the time zone of the tests.
    let friday = (now().at + TimeDelta::minutes(86 * 60 + 30)).timestamp();
    let mut entry = entry(1, "Ferries on strike");
    entry.tags = vec![tag("hidden"), tag("port")];
    entry.tags[0].until = Some(friday);
    (entry.state.hidden, entry.state.read) = (true, true);
    let rule = Actor::Rule("Harbour".to_owned());
    let marks = Change::Many(vec![
        Change::set_tag(&ids, TagName::hidden(), TagMark::Until(friday)),
        Change::set_tag(&ids, TagName::parse("port").unwrap(), TagMark::On),
    ]);
    let act = RecordedAct {
        rule: "Harbour".to_owned(),
        actions: "tag port, hide until friday".to_owned(),
        at: (now().at - TimeDelta::hours(20)).timestamp(),
        is_current: true,
        is_undone: false,
    };
    let starred = change(2, 5, Actor::User, Change::set_starred(&ids, true));
    EntryHistory {
        entry,
        story: Some(story()),
        acts: vec![
            PastAct::Change(change(3, 1, Actor::User, Change::set_read(&ids, true))),
            PastAct::Change(RecordedChange { is_undone: true, ..starred }),
            PastAct::Rule { act, change: Some(change(1, 20, rule, marks)) },
        ],
    }
}

fn story() -> StoryExplanation {
    StoryExplanation {
        story: StoryId(2),
        others: vec![EntryId(2), EntryId(3)],
        nearest: EntryId(3),
        nearest_title: "No ferry".to_owned(),
        words: ["harbour", "2026", "ferry"].map(str::to_owned).to_vec(),
        is_chosen: false,
    }
}

fn explained(stage: Stage) -> Stage {
    let asked = stage.keys("alt-w");
    assert_eq!(asked.effects, [Effect::LoadHistory(EntryId(1))]);
    asked.send(Message::HistoryLoaded(Ok(Box::new(history()))))
}

#[test]
fn overlay_names_the_cause_of_each_mark_and_what_was_done() {
    for (width, height) in [(120, 40), (80, 24), (40, 15)] {
        let stage = explained(stage(&["Ferries on strike"]).size(width, height));
        insta::assert_snapshot!(format!("why_{width}x{height}"), stage.keys("down").screen());
    }
}

#[test]
fn overlay_opens_from_the_article_and_closes_without_a_change() {
    let stage = stage(&["Ferries on strike"]).keys("right O");
    assert_eq!(stage.effects, [Effect::LoadHistory(EntryId(1))]);
    let shown = stage.send(Message::HistoryLoaded(Ok(Box::new(history()))));
    assert!(shown.screen().contains("Hidden until Fri, by the rule Harbour"), "{}", shown.screen());
    let closed = shown.keys("enter esc");
    assert!(closed.writes().is_empty() && closed.app.overlay.is_none(), "{:?}", closed.effects);
}

#[test]
fn overlay_says_so_where_nothing_was_done() {
    let nothing = EntryHistory { entry: entry(1, "a"), story: None, acts: Vec::new() };
    let stage = stage(&["a"]).keys("alt-w").send(Message::HistoryLoaded(Ok(Box::new(nothing))));
    assert!(stage.screen().contains("Neither a rule nor you"), "{}", stage.screen());
}

#[test]
fn overlay_names_the_words_that_put_an_article_into_its_story() {
    let shown = |story: StoryExplanation| {
        let history = EntryHistory { entry: entry(1, "a"), story: Some(story), acts: Vec::new() };
        let stage = stage(&["a"]).size(120, 40).keys("alt-w");
        stage.send(Message::HistoryLoaded(Ok(Box::new(history)))).screen()
    };
    let of_two = StoryExplanation { others: vec![EntryId(3)], words: Vec::new(), ..story() };
    let chosen = StoryExplanation { is_chosen: true, ..story() };
    for (story, expected) in [
        (story(), "In a story with 2 other articles; shares harbour · 2026 · ferry"),
        (of_two, "In a story with 1 other article; is nearest to “No ferry”"),
        (chosen, "In a story with 2 other articles, by you"),
    ] {
        let screen = shown(story);
        assert!(screen.contains(expected), "{screen}");
    }
}

#[test]
fn history_that_comes_late_opens_nothing_over_another_overlay() {
    let stage = stage(&["Ferries on strike"]).keys("alt-w ?");
    let stage = stage.send(Message::HistoryLoaded(Ok(Box::new(history()))));
    assert!(!stage.screen().contains("Harbour"), "{}", stage.screen());
}
