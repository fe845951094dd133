//! Transitions of marked rows, of commands on several articles, and of filters made from an article.

use chrono::Days;
use newsreader::{
    app::{
        ArticleAct, ChangeAction, Effect, ExportTarget, Message, Overlay, Pane, StoreWrite,
        TerminalRequest,
    },
    model::{
        AppliedChange, Change, EntryId, EntryState, EntryTraits, ExistingFile, SearchResults,
        SessionState, TagMark, TagName, ViewScope,
    },
    settings::{SettingsLayer, merge_layers},
    ui::{Glyphs, Theme},
};
use ratatui::style::Modifier;

use crate::support::{self, Stage, entry, now, stage, stage_with};

fn ids(numbers: &[i64]) -> Vec<EntryId> {
    numbers.iter().copied().map(EntryId).collect()
}

fn marked(stage: &Stage) -> Vec<EntryId> {
    stage.app.entry_list.marked_ids()
}

fn change(change: Change) -> StoreWrite {
    StoreWrite::ApplyChange(change)
}

fn question(stage: &Stage) -> Option<&str> {
    match &stage.app.overlay {
        Some(Overlay::Question(question)) => Some(question.text()),
        _ => None,
    }
}

/// Articles with numbers from 1.
fn numbered(count: usize) -> Stage {
    let titles: Vec<String> = (1..=count).map(|number| format!("Article {number}")).collect();
    stage(&titles.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A list of so many articles of which only the first three rows are loaded.
fn mostly_unloaded(count: i64) -> Stage {
    let stage = stage(&["a"]);
    let request = stage.app.entry_list.latest_request().unwrap();
    let results = SearchResults {
        ids: (1..=count).map(EntryId).collect::<Vec<_>>().into(),
        rows: (1..=3).map(|id| entry(id, "a")).collect(),
        ..SearchResults::default()
    };
    stage.send(Message::ResultsLoaded(request, Ok(results)))
}

#[test]
fn mark_is_set_on_the_row_and_selection_moves_on() {
    let marks = stage(&["a", "b", "c"]).keys("alt-v alt-v");
    assert_eq!(marked(&marks), ids(&[1, 2]));
    assert_eq!(marks.selected(), "c");
    assert_eq!(marks.screen().matches('✓').count(), 2, "{}", marks.screen());
    assert!(marks.screen().contains("Unread 3 · 2 marked"), "{}", marks.screen());
    assert!(marks.screen().contains(" 2 marked  Alt-; act on  Esc clear"), "{}", marks.screen());
    let fewer = marks.keys("up alt-v");
    assert_eq!(marked(&fewer), ids(&[1]));
}

#[test]
fn escape_clears_marks_before_the_filter() {
    for keys in ["", "ctrl-x k / "] {
        let filtered = stage(&["rust a", "rust b", "c"]).keys(keys).text("rust");
        let marks = filtered.keys("ctrl-x *");
        assert_eq!(marked(&marks), ids(&[1]), "{keys}");
        let cleared = marks.keys("esc");
        assert_eq!(marked(&cleared), []);
        assert_eq!(cleared.app.filter_bar.text(), "rust");
        assert_eq!(cleared.keys("esc").app.filter_bar.text(), "");
    }
}

#[test]
fn range_and_inversion_mark_several_rows() {
    let range = stage(&["a", "b", "c", "d", "e"]).keys("down alt-v down alt-r");
    assert_eq!(marked(&range), ids(&[2, 3, 4]));
    let inverted = range.keys("alt-i");
    assert_eq!(marked(&inverted), ids(&[1, 5]));
    assert_eq!(marked(&inverted.keys("ctrl-x ,")), []);
    let vim = stage(&["a", "b", "c", "d"]).keys("ctrl-x k").keys("v j V");
    assert_eq!(marked(&vim), ids(&[1, 2, 3]));
    assert_eq!(marked(&vim.keys("~")), ids(&[4]));
}

#[test]
fn mark_leaves_with_its_row_and_does_not_come_back() {
    let marks = stage(&["rust a", "zig", "rust b"]).keys("alt-v alt-v");
    let filtered = marks.text("rust");
    assert_eq!(marked(&filtered), ids(&[1]));
    assert_eq!(marked(&filtered.keys("esc ctrl-u")), []);
}

#[test]
fn mark_survives_new_rows_and_another_order() {
    let mut marks = stage(&["a", "b", "c"]).keys("down alt-v");
    marks.entries.insert(0, entry(9, "new"));
    marks.entries.reverse();
    let again = marks.send(Message::IndexUpdated);
    assert_eq!(again.app.entry_list.ids(), ids(&[3, 2, 1, 9]));
    assert_eq!(marked(&again), ids(&[2]));
}

#[test]
fn mark_waits_for_the_end_of_a_search() {
    let marks = stage(&["a", "b", "c"]).keys("alt-v down alt-v").send(Message::IndexUpdated);
    let request = marks.app.entry_list.latest_request().unwrap();
    let partial = |ids: &[i64], is_partial| {
        let results = SearchResults { is_partial, ..support::partial_results(ids) };
        Message::ResultsLoaded(request, Ok(results))
    };
    let some = marks.send(partial(&[3, 2], true));
    assert_eq!(marked(&some), ids(&[3]), "only what is listed is acted on");
    let all = some.send(partial(&[3, 2, 1], false));
    assert_eq!(marked(&all), ids(&[3, 1]));
}

#[test]
fn commands_on_articles_act_on_the_marks() {
    let marks = || stage(&["a", "b", "c"]).keys("alt-v alt-v");
    let starred = marks().keys("alt-s");
    assert_eq!(starred.writes(), [&change(Change::set_starred(&ids(&[1, 2]), true))]);
    assert_eq!(marked(&starred), ids(&[1, 2]), "the marks stay for another command");
    let read = marks().keys("ctrl-x m");
    assert_eq!(read.writes(), [&change(Change::set_read(&ids(&[1, 2]), true))]);
    let copied = marks().keys("alt-y");
    let links = "https://example.org/1\nhttps://example.org/2".to_owned();
    assert!(copied.effects.contains(&Effect::Terminal(TerminalRequest::CopyText(links))));
    assert!(copied.screen().contains("Copied 2 links"), "{}", copied.screen());
    let opened = marks().keys("alt-o");
    let url = |id: i64| Effect::OpenUrl(format!("https://example.org/{id}"));
    assert_eq!(opened.effects, [url(1), url(2)]);
    let full_texts = marks().keys("ctrl-x x");
    let requests = full_texts.effects.iter().filter(|e| matches!(e, Effect::FetchFullText(..)));
    assert_eq!(requests.count(), 2);
    let texts = marks().keys("ctrl-x Y");
    assert_eq!(texts.effects, [Effect::ExportArticles(ids(&[1, 2]), ExportTarget::Clipboard)]);
    let exported = marks().keys("ctrl-x w enter");
    let file = ExportTarget::File("~/articles.md".to_owned(), ExistingFile::Keep);
    assert_eq!(exported.effects, [Effect::ExportArticles(ids(&[1, 2]), file)]);
}

#[test]
fn toggle_of_marks_takes_back_what_all_of_them_have() {
    let mut starred = stage(&["a", "b", "c"]);
    starred.entries.iter_mut().take(2).for_each(|entry| entry.state.starred = true);
    let two = starred.send(Message::IndexUpdated).keys("alt-v alt-v");
    let three = two.keys("alt-s");
    assert_eq!(three.writes(), [&change(Change::set_starred(&ids(&[1, 2]), false))]);
    let mixed = three.keys("alt-v alt-s");
    assert_eq!(mixed.writes(), [&change(Change::set_starred(&ids(&[1, 2, 3]), true))]);
}

#[test]
fn bulk_change_is_told_and_one_step_of_undo() {
    let starred = stage(&["a", "b", "c"]).keys("alt-v alt-v alt-s");
    let made = Change::set_starred(&ids(&[1, 2]), true);
    let applied = |change| Some(AppliedChange { change, title: None, copies: 0 });
    let told = starred.send(Message::ChangeFinished(ChangeAction::Applied, applied(made.clone())));
    assert!(told.screen().contains("Starred 2 articles · Alt-u to undo"), "{}", told.screen());
    assert_eq!(told.screen().matches('★').count(), 2, "{}", told.screen());
    let undone = told.keys("alt-u");
    assert_eq!(undone.writes(), [&StoreWrite::Undo]);
    let inverse = applied(made.inverse());
    let undone = undone.send(Message::ChangeFinished(ChangeAction::Undone, inverse));
    assert_eq!(undone.screen().matches('★').count(), 0, "{}", undone.screen());
}

#[test]
fn opening_offers_no_undo_which_would_take_back_something_else() {
    let opened = |change| {
        let done = AppliedChange { change, title: None, copies: 0 };
        stage(&["a", "b"]).send(Message::ChangeFinished(ChangeAction::Opened, Some(done))).screen()
    };
    let seen = opened(Change::set_tag(&ids(&[1]), TagName::unseen_edit(), TagMark::Off));
    assert!(!seen.contains("Marked") && !seen.contains("to undo"), "{seen}");
    let story = opened(Change::set_read(&ids(&[1, 2]), true));
    assert!(story.contains("2 articles marked read") && !story.contains("to undo"), "{story}");
}

#[test]
fn command_in_the_article_acts_on_it_alone() {
    let read = stage(&["a", "b", "c"]).keys("alt-v alt-v right s");
    assert_eq!(read.app.ui.focus, Pane::Article);
    assert_eq!(read.writes(), [&change(Change::set_starred(&ids(&[3]), true))]);
}

#[test]
fn more_than_ten_pages_are_opened_only_after_a_question() {
    let asked = numbered(11).keys("alt-i alt-o");
    assert_eq!(question(&asked), Some("Open 11 articles in the browser?"));
    assert_eq!(asked.effects, []);
    assert!(asked.screen().contains("in the browser? Enter yes  Esc no"), "{}", asked.screen());
    let confirmed = asked.keys("enter");
    assert_eq!(confirmed.effects.len(), 11);
    assert_eq!(question(&confirmed), None);
    let cancelled = numbered(11).keys("alt-i alt-o x esc");
    assert_eq!((question(&cancelled), &cancelled.effects[..]), (None, &[][..]));
    assert_eq!(marked(&cancelled).len(), 11);
    assert_eq!(question(&numbered(10).keys("alt-i alt-o")), None);
    let most = numbered(101).keys("alt-i alt-o");
    assert!(most.effects.is_empty() && question(&most).is_none());
    assert!(most.screen().contains("at most 100 at a time"), "{}", most.screen());
}

#[test]
fn question_names_what_was_listed_when_it_was_asked() {
    let counted = mostly_unloaded(9_395).with_feeds(|feeds| feeds[0].unread_count = 9_395);
    let mut asked = counted.keys("ctrl-x A");
    assert_eq!(question(&asked), Some("Mark 9,395 articles as read?"));
    for (width, height) in [(120, 40), (80, 24), (40, 15), (20, 4)] {
        asked = asked.size(width, height);
        let screen = asked.screen();
        assert!(screen.contains("Mark 9,395 article"), "{screen}");
    }
    // Another article arrives while the question is open.
    asked.entries.push(entry(20_000, "new"));
    let confirmed = asked.send(Message::IndexUpdated).keys("enter");
    let listed: Vec<EntryId> = (1..=9_395).map(EntryId).collect();
    assert_eq!(confirmed.writes(), [&change(Change::set_read(&listed, true))]);
    assert_eq!(numbered(50).keys("ctrl-x A").writes().len(), 1, "fifty are not asked about");
}

#[test]
fn many_unread_articles_of_the_sidebar_are_marked_only_after_a_question() {
    let sidebar = |unread| {
        let feeds = stage(&["a"]).with_feeds(|feeds| feeds[0].unread_count = unread);
        feeds.keys("left end up A")
    };
    let write = |stage: &Stage| {
        matches!(
            stage.writes()[..],
            [StoreWrite::MarkScopeRead { scope: ViewScope::Feed(_), name }] if name == "Evening Post"
        )
    };
    let few = sidebar(50);
    assert!(write(&few), "{:?}", few.effects);
    let many = sidebar(51);
    assert_eq!(question(&many), Some("Mark 51 articles in Evening Post as read?"));
    let confirmed = many.keys("enter");
    assert!(write(&confirmed), "{:?}", confirmed.effects);
}

#[test]
fn scope_is_chosen_before_the_act() {
    let scopes = stage(&["a", "b", "c", "d"]).keys("down alt-v alt-;");
    let screen = scopes.screen();
    for row in
        ["marked", "above the selected article", "everything in the list", "older than a week"]
    {
        assert!(screen.contains(row), "{row}: {screen}");
    }
    let acts = scopes.text("below").keys("enter");
    assert!(acts.screen().contains("Mark 1 article as read"), "{}", acts.screen());
    let read = acts.text("star").keys("enter");
    assert_eq!(read.writes(), [&change(Change::set_starred(&ids(&[4]), true))]);
    let above = read.keys("ctrl-x ;").text("above").keys("enter enter");
    assert_eq!(above.writes(), [&change(Change::set_read(&ids(&[1, 2]), true))]);
    let filtered = above.keys("esc").text("a").keys("alt-;");
    assert!(filtered.screen().contains("everything that the filter shows"));
}

#[test]
fn acts_that_would_change_nothing_are_not_offered() {
    let acts = |stage: &Stage| -> Vec<String> {
        let Some(Overlay::Picker(picker)) = &stage.app.overlay else {
            panic!("{}", stage.screen())
        };
        picker.matching_items().map(|item| item.label.clone()).collect()
    };
    let mut two = stage(&["a", "b"]);
    two.entries[0].state = EntryState { read: true, starred: true, ..EntryState::default() };
    let two = two.send(Message::IndexUpdated).keys("alt-;").text("everything").keys("enter");
    let offered = acts(&two);
    for word in ["Mark 2 articles as read", "Mark 2 articles as unread", "Star", "Unstar", "Hide"] {
        assert!(offered.iter().any(|label| label.starts_with(word)), "{word}: {offered:?}");
    }
    for word in ["Take", "Unhide"] {
        assert!(!offered.iter().any(|label| label.starts_with(word)), "{word}: {offered:?}");
    }
    let mut removed = stage(&["a"]);
    removed.entries[0].state = EntryState { removed: true, ..EntryState::default() };
    let removed =
        removed.send(Message::IndexUpdated).keys("alt-;").text("everything").keys("enter");
    let offered = acts(&removed);
    assert!(offered.contains(&"Take 1 article out of the trash".to_owned()), "{offered:?}");
    assert!(!offered.contains(&"Move 1 article to the trash".to_owned()), "{offered:?}");
    // Nothing is known of rows that are not in memory but the filter that lists them.
    let unloaded = stage(&["a"]).send(Message::OlderFound(Ok(ids(&[901, 902]))));
    let offered = acts(&unloaded);
    assert!(offered.contains(&"Unstar 2 articles".to_owned()), "{offered:?}");
    assert!(!offered.contains(&"Take 2 articles out of the trash".to_owned()), "{offered:?}");
}

#[test]
fn older_articles_are_looked_up_among_those_that_are_listed() {
    let day = support::now().today().checked_sub_days(Days::new(7)).unwrap();
    let asked = stage(&["a", "b", "c"]).keys("alt-;").text("week").keys("enter");
    assert_eq!(asked.effects, [Effect::FindOlder(ids(&[1, 2, 3]), day)]);
    let none = stage(&["a"]).send(Message::OlderFound(Ok(Vec::new())));
    assert!(none.screen().contains("Nothing in the list is like that"), "{}", none.screen());
    let acts = asked.send(Message::OlderFound(Ok(ids(&[2, 3]))));
    assert!(acts.screen().contains("Mark 2 articles as read"), "{}", acts.screen());
    let read = acts.keys("enter");
    assert_eq!(read.writes(), [&change(Change::set_read(&ids(&[2, 3]), true))]);
    let busy = stage(&["a"]).keys("ctrl-x :").send(Message::OlderFound(Ok(ids(&[1]))));
    assert!(busy.screen().contains("Commands"), "what the user has opened stays");
}

#[test]
fn rows_that_are_not_loaded_are_loaded_before_their_links_are_copied() {
    let asked = mostly_unloaded(20).keys("alt-i alt-y");
    let all: Vec<EntryId> = (1..=20).map(EntryId).collect();
    assert!(asked.effects.contains(&Effect::LoadTargets(ArticleAct::CopyLinks, all.clone())));
    let mut rows: Vec<_> = (1..=20).map(|id| entry(id, "a")).collect();
    rows[7].link = None;
    let copied = asked.send(Message::TargetsLoaded(ArticleAct::CopyLinks, Ok(rows)));
    assert!(
        copied.screen().contains("Copied 19 links; 1 article has no URL"),
        "{}",
        copied.screen()
    );
    // Marks need no rows.
    let starred = copied.keys("alt-s");
    assert_eq!(starred.writes(), [&change(Change::set_starred(&all, true))]);
}

#[test]
fn tags_and_trash_concern_the_marked_rows() {
    let marks = || stage(&["a", "b", "c"]).keys("alt-v alt-v");
    let both = [EntryId(1), EntryId(2)];
    let later = Change::set_tag(&both, TagName::later(), TagMark::On);
    let hidden = Change::set_tag(&both, TagName::hidden(), TagMark::On);
    let urgent = Change::set_tag(&both, TagName::parse("urgent").unwrap(), TagMark::On);
    for (keys, expected) in [
        ("alt-l", later),
        ("alt-h", hidden),
        ("ctrl-x delete", Change::remove_entries(&both, now().at)),
        ("ctrl-x insert", Change::restore_entries(&both)),
        ("alt-t u r g e n t enter", urgent),
    ] {
        let done = marks().keys(keys);
        assert_eq!(done.writes(), [&change(expected)]);
    }
    let prompt = marks().keys("alt-t").screen();
    assert!(prompt.contains("Tags of 2 articles"), "{prompt}");
    let snoozed = marks().keys("alt-z enter");
    let [StoreWrite::ApplyChange(Change::Tagged { ids: snoozed_ids, .. })] = snoozed.writes()[..]
    else {
        panic!("{:?}", snoozed.effects)
    };
    assert_eq!(*snoozed_ids, both);
}

#[test]
fn filter_gets_what_the_selected_article_has() {
    let terms = stage(&["rust a", "b"]).text("rus").keys("alt-=");
    let screen = terms.screen();
    for term in [r#"feed:"Evening Post""#, r#"author:"Anna Weil""#, "on:2026-11-23"] {
        assert!(screen.contains(term), "{term}: {screen}");
    }
    let filtered = terms.keys("enter");
    assert_eq!(filtered.app.filter_bar.text(), r#"feed:"Evening Post" rus"#);
    let without = filtered.keys("esc").keys("ctrl-x !").text("author").keys("enter");
    assert_eq!(without.app.filter_bar.text(), r#"-author:"Anna Weil" "#);
    let vim = stage(&["a"]).keys("ctrl-x k = down enter");
    assert_eq!(vim.app.filter_bar.text(), r#"author:"Anna Weil" "#);
}

#[test]
fn tags_and_language_of_the_article_join_its_terms_when_they_arrive() {
    let terms = stage(&["a", "b"]).keys("right !");
    assert!(terms.effects.contains(&Effect::LoadTraits(EntryId(1))));
    let traits = || EntryTraits { tags: vec!["c++".into()], language: Some("de".into()) };
    let arrived = terms.keys("down").send(Message::TraitsLoaded(EntryId(1), Ok(traits())));
    assert!(arrived.screen().contains(r#"-tag:"c++""#), "{}", arrived.screen());
    assert!(arrived.screen().contains("-lang:de"), "{}", arrived.screen());
    let added = arrived.keys("enter");
    assert_eq!(added.app.filter_bar.text(), r#"-author:"Anna Weil" "#, "the selection stays");
    let late = added.keys("alt-=").send(Message::TraitsLoaded(EntryId(2), Ok(traits())));
    assert!(!late.screen().contains("lang:de"), "of another article: {}", late.screen());
}

#[test]
fn marked_row_is_visible_in_every_theme_and_without_unicode() {
    let marks = stage(&["a", "b", "c"]).keys("alt-v alt-v alt-v");
    let y = marks.find("✓").1;
    for theme in Theme::names() {
        for row in y..y + 3 {
            let cell = marks.cell_style(theme, 0, row);
            let is_plain = cell.fg == cell.bg && !cell.add_modifier.contains(Modifier::REVERSED);
            let is_default = cell.fg == Some(ratatui::style::Color::Reset);
            assert!(is_default || !is_plain, "{theme}, row {row}: {cell:?}");
        }
    }
    let ascii = marks.screen_with(&Glyphs::ASCII);
    assert_eq!(ascii.lines().filter(|row| row.starts_with('x')).count(), 3, "{ascii}");
    let tiny = marks.size(20, 8);
    assert_eq!(tiny.screen().matches('✓').count(), 3, "{}", tiny.screen());
}

#[test]
fn marked_row_is_told_to_screen_readers() {
    let spoken =
        SettingsLayer::from_values("a test", &[("accessible".to_owned(), "true".to_owned())]);
    let settings = merge_layers(vec![spoken]).0;
    let marks = stage_with(&["a", "b"], settings, SessionState::default()).keys("alt-v up");
    let screen = marks.screen_with(&Glyphs::WORDS);
    assert!(screen.contains("marked, unread: a"), "{screen}");
    assert!(screen.contains("1 marked"), "{screen}");
}

#[test]
fn marks_outlive_a_filter_that_leaves_their_rows_out_for_a_while() {
    let marked = stage(&["a b", "b c", "c d"]).keys("alt-v down alt-v");
    assert_eq!(marked.app.entry_list.marked_count(), 2);
    let typed = marked.text("b");
    assert_eq!(typed.app.entry_list.marked_ids(), [EntryId(1)], "the other is not listed");
    let wider = typed.keys("backspace");
    assert_eq!(wider.app.entry_list.marked_ids(), [EntryId(1), EntryId(3)]);
    let elsewhere = wider.text("b").keys("ctrl-x g").text("star").keys("enter");
    assert_eq!(*elsewhere.app.scope(), ViewScope::Starred);
    let elsewhere = elsewhere.keys("ctrl-u ctrl-u");
    assert_eq!(elsewhere.app.entry_list.marked_ids(), [EntryId(1)], "another list was opened");
}
