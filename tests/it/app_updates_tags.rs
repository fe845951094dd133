//! Transitions of tags: putting them on, taking them off, hiding for a time, and showing them.

use chrono::{DateTime, FixedOffset, Utc};
use newsreader::{
    app::{ChangeAction, Effect, Message, Overlay, SidebarData, SidebarRow, StoreWrite},
    model::{
        AppliedChange, Change, CopyListing, EntryId, SessionState, Tag, TagColor, TagCount, TagId,
        TagMark, TagName, View,
    },
    text::LocalZone,
    ui::{Glyphs, Theme},
};

use crate::support::{Stage, now, settings, stage, stage_with, tag};

fn name(text: &str) -> TagName {
    TagName::parse(text).unwrap()
}

fn set_tag(id: i64, tag: &str, mark: TagMark) -> Change {
    Change::set_tag(&[EntryId(id)], name(tag), mark)
}

/// Returns the beginning of a day in the time zone of the tests, in seconds since 1970.
fn start_of(day: &str) -> i64 {
    now().start_of_day(day.parse().unwrap()).unwrap().timestamp()
}

#[track_caller]
fn assert_written(stage: &Stage, change: Change) {
    assert_eq!(stage.writes(), [&StoreWrite::ApplyChange(change)]);
}

/// The library's answer to a change that was asked for.
fn finish(stage: Stage, action: ChangeAction, change: Change) -> Stage {
    let done = AppliedChange { change, title: Some("a".to_owned()), copies: 0 };
    stage.send(Message::ChangeFinished(action, Some(done)))
}

/// A library with the tags `urgent` and `Unread-Later`.
fn with_known_tags(stage: Stage) -> Stage {
    let known = |(id, text): (i64, &str)| Tag {
        id: TagId(id),
        name: name(text),
        color: TagColor::from_number(id),
    };
    let tags = [(4, "Unread-Later"), (5, "urgent")].map(known).to_vec();
    let data = SidebarData { tags, ..stage.app.sidebar.data().clone() };
    stage.send(Message::SidebarLoaded(Ok(data)))
}

#[test]
fn later_is_put_on_and_taken_off() {
    let kept = stage(&["a", "b"]).keys("alt-l");
    assert_written(&kept, set_tag(1, "later", TagMark::On));
    assert!(kept.screen().contains("later"), "{}", kept.screen());
    let again = kept.keys("alt-l");
    assert_written(&again, set_tag(1, "later", TagMark::Off));
    assert!(!again.screen().contains("later"));
    let in_article = again.keys("right +");
    assert_written(&in_article, set_tag(1, "later", TagMark::On));
    assert!(stage(&[]).keys("ctrl-x +").writes().is_empty());
}

#[test]
fn hidden_article_stays_in_its_place_and_is_dimmed() {
    let hidden = stage(&["first", "second"]).keys("alt-h");
    assert_written(&hidden, set_tag(1, "hidden", TagMark::On));
    let below = hidden.keys("down");
    assert_eq!(below.selected(), "second");
    let (x, y) = below.find("first");
    let muted = Theme::built_in("ink").unwrap().muted;
    assert_eq!(below.cell_style("ink", x, y).fg, muted.fg);
    let shown = below.keys("up alt-h");
    assert_written(&shown, set_tag(1, "hidden", TagMark::Off));
}

#[test]
fn notice_names_the_change_and_its_undo() {
    let notice = |change: Change| finish(stage(&["a"]), ChangeAction::Applied, change).screen();
    for (change, sentence) in [
        (set_tag(1, "hidden", TagMark::On), "Hid “a” · Alt-u to undo"),
        (
            set_tag(1, "hidden", TagMark::Until(0)),
            "Snoozed “a” until Thu 1 Jan 1970 01:00 · Alt-u to undo",
        ),
        (set_tag(1, "later", TagMark::On), "Kept “a” for later · Alt-u to undo"),
        (set_tag(1, "urgent", TagMark::On), "Tagged “a” urgent · Alt-u to undo"),
        (set_tag(1, "urgent", TagMark::Off), "Took the tag urgent off “a” · Alt-u to undo"),
        (Change::set_tag(&[], name("urgent"), TagMark::On), "Nothing to change"),
    ] {
        let screen = notice(change);
        assert!(screen.contains(sentence), "{sentence}: {screen}");
    }
}

#[test]
fn typed_tags_are_one_change() {
    let typed = stage(&["a"]).keys("alt-t").text("urgent -old later until friday");
    let saved = typed.keys("enter");
    let changes = vec![
        set_tag(1, "urgent", TagMark::On),
        set_tag(1, "old", TagMark::Off),
        set_tag(1, "later", TagMark::Until(start_of("2026-11-27"))),
    ];
    assert_written(&saved, Change::Many(changes));
    assert!(saved.app.overlay.is_none());
    let single = stage(&["a"]).keys("alt-t").text("urgent").keys("enter");
    assert_written(&single, set_tag(1, "urgent", TagMark::On));
}

#[test]
fn wrong_tag_is_named_and_stays_to_be_corrected() {
    let wrong = stage(&["a"]).keys("alt-t").text("later until never").keys("enter");
    assert!(wrong.writes().is_empty());
    assert!(wrong.screen().contains("“never”: a time to come is 18:00"), "{}", wrong.screen());
    let corrected = wrong.keys("ctrl-w").text("2d").keys("enter");
    assert_written(&corrected, set_tag(1, "later", TagMark::Until(start_of("2026-11-25"))));
    assert!(stage(&["a"]).keys("alt-t").text("x").keys("esc").writes().is_empty());
}

#[test]
fn tags_are_completed() {
    let mut with_tag = with_known_tags(stage(&["a"]));
    with_tag.entries[0].tags = vec![tag("weather"), tag("urgent")];
    let prompt = with_tag.send(Message::IndexUpdated).keys("alt-t");
    let text = |stage: &Stage| match &stage.app.overlay {
        Some(Overlay::TagPrompt(prompt)) => prompt.input.text().to_owned(),
        other => panic!("{other:?}"),
    };
    assert!(prompt.screen().contains("has "), "{}", prompt.screen());
    let first = prompt.text("u").keys("tab");
    assert_eq!(text(&first), "Unread-Later");
    let second = first.keys("tab");
    assert_eq!(text(&second), "urgent");
    let off = second.text(" -w").keys("tab");
    assert_eq!(text(&off), "urgent -weather", "after a minus, the tags of the article");
    let day = off.text(" later until f").keys("tab");
    assert_eq!(text(&day), "urgent -weather later until friday");
    let filter = with_known_tags(stage(&["a"])).text("tag:ur").keys("tab");
    assert_eq!(filter.app.filter_bar.text(), "tag:urgent");
}

#[test]
fn article_is_hidden_until_a_time() {
    let picked = |keys: &str| stage(&["a"]).keys("alt-z").keys(keys);
    let until = |at: i64| set_tag(1, "hidden", TagMark::Until(at));
    assert_written(&picked("enter"), until(start_of("2026-11-23") + 18 * 3_600));
    assert_written(&picked("down enter"), until(start_of("2026-11-24")));
    assert_written(&picked("down down enter"), until(start_of("2026-11-28")));
    assert_written(&picked("down down down enter"), until(start_of("2026-11-30")));
    let other = picked("end enter").text("2026-12-24").keys("enter");
    assert_written(&other, until(start_of("2026-12-24")));
    let evening = stage(&["a"]).wait(12 * 3_600).keys("alt-z");
    assert!(!evening.screen().contains("this evening"), "{}", evening.screen());
}

#[test]
fn article_is_hidden_until_an_hour_of_its_own_day_when_clocks_change() {
    // Clocks go from 02:00 to 03:00 on 28 March 2027: the day has 23 hours.
    let change: DateTime<Utc> = "2027-03-28T01:00:00Z".parse().unwrap();
    let hours = |hours: i32| FixedOffset::east_opt(hours * 3_600).unwrap();
    let offset_at = |at: DateTime<Utc>| if at < change { hours(1) } else { hours(2) };
    let on_saturday = || {
        let mut stage = stage(&["a"]);
        stage.now.at = "2027-03-27T20:00:00Z".parse().unwrap();
        stage.now.zone = LocalZone::around(stage.now.at, offset_at);
        stage.keys("alt-z")
    };
    let until = |at: &str| {
        let at: DateTime<Utc> = at.parse().unwrap();
        set_tag(1, "hidden", TagMark::Until(at.timestamp()))
    };
    let typed = |text: &str| on_saturday().keys("end enter").text(text).keys("enter");
    assert_written(&typed("tomorrow 9:00"), until("2027-03-28T07:00:00Z"));
    assert_written(&typed("9:00"), until("2027-03-28T07:00:00Z"));
    assert_written(&typed("mon"), until("2027-03-28T22:00:00Z"));
    assert_written(&typed("2d"), until("2027-03-28T22:00:00Z"));
    let listed = on_saturday();
    assert!(listed.screen().contains("Mon 29 Mar"), "{}", listed.screen());
    assert_written(&listed.keys("end up enter"), until("2027-03-28T22:00:00Z"));
}

#[test]
fn tags_of_loaded_rows_follow_a_change_and_its_undo() {
    let change = Change::set_tag(&[EntryId(2), EntryId(99)], name("urgent"), TagMark::On);
    let mut tagged = stage(&["a", "b"]);
    tagged.entries[1].tags = vec![tag("urgent")];
    let mut tagged = finish(tagged, ChangeAction::Applied, change.clone());
    assert!(tagged.effects.contains(&Effect::LoadRows(vec![EntryId(2)])), "{:?}", tagged.effects);
    assert!(tagged.screen().contains("b · urgent"), "{}", tagged.screen());
    tagged.entries[1].tags.clear();
    let undone = finish(tagged, ChangeAction::Undone, change.inverse());
    assert!(!undone.screen().contains("b · urgent"), "{}", undone.screen());
    assert_eq!(undone.app.entry_list.selected_index(), 0, "nothing moves");
}

#[test]
fn sidebar_lists_tags_of_the_user_first_and_counts_them_again() {
    let counted = |tag: &str, color: Option<i64>| TagCount {
        tag: tag.to_owned(),
        entry_count: 3,
        color: color.map(TagColor::from_number),
    };
    let tags = vec![counted("urgent", Some(4)), counted("kernel", None)];
    let opened = stage(&["a"]).keys("left end space").send(Message::TagsCounted(tags));
    let rows = opened.app.sidebar.rows();
    let [.., SidebarRow::Tag(own), SidebarRow::Caption(line), SidebarRow::Tag(other)] = rows else {
        panic!("{rows:?}")
    };
    let named = (own.tag.as_str(), line.trim(), other.tag.as_str());
    assert_eq!(named, ("urgent", "from publishers", "kernel"));
    let changed = finish(opened, ChangeAction::Applied, set_tag(1, "urgent", TagMark::On));
    assert!(
        changed.effects.contains(&Effect::CountTags(CopyListing::Fold)),
        "{:?}",
        changed.effects
    );
    let listed = changed.keys("end up");
    assert_eq!(listed.app.filter_bar.text(), "tag:\"urgent\"");
    let closed = finish(stage(&["a"]), ChangeAction::Applied, set_tag(1, "x", TagMark::On));
    assert!(!closed.effects.contains(&Effect::CountTags(CopyListing::Fold)));
}

#[test]
fn tags_are_words_for_screen_readers_and_in_ascii() {
    let mut settings = settings();
    settings.accessible = true;
    let mut spoken = stage_with(&["a", "b"], settings, SessionState::default());
    spoken.entries[0].tags = vec![tag("hidden"), tag("urgent")];
    spoken.entries[0].state.hidden = true;
    let spoken = spoken.send(Message::IndexUpdated);
    let screen = spoken.screen_with(&Glyphs::ASCII);
    assert!(screen.contains("hidden, unread: a, tagged hidden, urgent"), "{screen}");
    let article = spoken.keys("right").screen_with(&Glyphs::ASCII);
    assert!(article.contains("tagged hidden  urgent"), "{article}");
    assert!(article.is_ascii(), "{article}");
}

#[test]
fn another_day_of_snoozing_asks_for_a_day_alone() {
    let asked = stage(&["a"]).keys("alt-z").text("another").keys("enter");
    let screen = asked.screen();
    assert!(screen.contains("Hide until when: “a”"), "{screen}");
    assert!(screen.contains("2026-12-01  2d") && screen.contains("hide until then"), "{screen}");
    let wrong = asked.text("soon").keys("enter");
    assert!(wrong.screen().contains("“soon”: a time to come is 18:00"), "{}", wrong.screen());
    let completed = wrong.keys("ctrl-u").text("thu").keys("tab enter");
    assert_written(&completed, set_tag(1, "hidden", TagMark::Until(start_of("2026-11-26"))));
}

/// A list of three queued articles, in the view of the queue.
fn queue_stage() -> Stage {
    // The search of the tests looks for the filter in titles.
    let mut queued = stage(&["is:queued a", "is:queued b", "is:queued c"]);
    for entry in &mut queued.entries {
        entry.tags = vec![tag("queue")];
    }
    let views = View::first_views();
    let data = SidebarData { views, ..queued.app.sidebar.data().clone() };
    queued.send(Message::SidebarLoaded(Ok(data))).text("is:queued")
}

#[test]
fn episode_moves_in_the_queue_at_once() {
    let ids = |stage: &Stage| stage.app.entry_list.ids().to_vec();
    let listed = queue_stage();
    let [first, second, third] = ids(&listed)[..] else { panic!("{:?}", ids(&listed)) };
    let down = listed.keys("alt-j");
    assert_written(&down, Change::order_queue(&[first], &[second, first, third]));
    assert_eq!(ids(&down), [second, first, third]);
    assert_eq!(down.app.entry_list.selected_id(), Some(first));
    let again = down.keys("alt-j");
    assert_eq!(ids(&again), [second, third, first], "without waiting for the library");
    let up = again.keys("alt-k");
    assert_eq!(ids(&up), [second, first, third]);
    let next = up.keys("alt-n");
    assert_eq!(ids(&next), [first, second, third]);
    let at_the_top = next.keys("alt-k");
    assert!(at_the_top.writes().is_empty(), "{:?}", at_the_top.writes());
}

#[test]
fn episode_moves_in_the_view_of_the_queue_only() {
    let elsewhere = stage(&["a", "b"]).keys("alt-j");
    assert!(elsewhere.writes().is_empty());
    assert!(elsewhere.screen().contains("moved in the view Queue"), "{}", elsewhere.screen());
    let narrowed = queue_stage().text(" a").keys("alt-j");
    assert!(narrowed.writes().is_empty());
}

#[test]
fn row_of_the_queue_has_the_length_of_its_episode() {
    let mut queued = queue_stage();
    queued.entries[0].queued_seconds = Some(3_723);
    let screen = queued.send(Message::IndexUpdated).screen();
    assert!(screen.contains("1:02:03"), "{screen}");
}
