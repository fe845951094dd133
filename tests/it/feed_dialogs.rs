//! The feed table, the feed form, the dialog that adds a feed, and what they say about refreshes.

use newsreader::{
    app::{Effect, FeedForm, Message, Overlay, StoreWrite},
    model::{
        Change, Failure, FailureKind, Feed, FeedHealth, FeedId, FeedKind, RefreshProgress,
        RefreshSummary,
    },
};

use crate::{
    feed_management::{add_feed_candidates_stage, feed, feed_table_stage, sidebar_data},
    support::{Stage, failure, program::run, program::stdout, stage},
};

/// The open table over these feeds.
fn table_over(change: impl FnOnce(&mut Vec<Feed>)) -> Stage {
    feed_table_stage().with_feeds(change)
}

fn selected_feed(stage: &Stage) -> FeedId {
    let Some(Overlay::FeedTable(table)) = &stage.app.overlay else { panic!("no table is open") };
    table.selected_feed(&stage.app.sidebar.data().feeds).unwrap().id
}

fn form(stage: &Stage) -> &FeedForm {
    let Some(Overlay::FeedForm(form)) = &stage.app.overlay else { panic!("no form is open") };
    form
}

#[test]
fn feed_table_sorts_by_the_next_column_and_keeps_its_selection() {
    let table = feed_table_stage().keys("down");
    assert!(table.screen().contains("by folder"), "{}", table.screen());
    let by_unread = table.keys("s s");
    assert!(by_unread.screen().contains("by unread"), "{}", by_unread.screen());
    assert_eq!(selected_feed(&by_unread), FeedId(2), "the selection stays with its feed");
    // Feeds have 7, 14, 21, 5, 12 and 19 unread articles.
    let first = by_unread.keys("home");
    assert_eq!(selected_feed(&first), FeedId(3));
    assert_eq!(selected_feed(&first.keys("down")), FeedId(6));
}

#[test]
fn feed_table_selection_stays_in_its_place_after_a_removal() {
    let removed = feed_table_stage().keys("down down x");
    let written = Change::set_unsubscribed(FeedId(3), true);
    assert_eq!(removed.writes(), [&StoreWrite::ApplyChange(written)]);
    let after = removed.with_feeds(|feeds| feeds.retain(|feed| feed.id != FeedId(3)));
    assert_eq!(selected_feed(&after), sidebar_data().feeds[3].id);
    let undone = after.keys("u").send(Message::SidebarLoaded(Ok(sidebar_data())));
    assert_eq!(selected_feed(&undone), FeedId(4));
}

#[test]
fn feed_table_selection_stays_with_its_feed_when_the_filter_is_cleared() {
    let narrowed = feed_table_stage().keys("/").text("monde").keys("enter");
    assert_eq!(selected_feed(&narrowed), FeedId(4));
    let all = narrowed.keys("esc");
    assert_eq!(selected_feed(&all), FeedId(4));
    let written = Change::set_unsubscribed(FeedId(4), true);
    assert_eq!(all.keys("x").writes(), [&StoreWrite::ApplyChange(written)]);
}

#[test]
fn feed_table_lists_its_own_keys() {
    let keys = feed_table_stage().keys("?");
    assert!(keys.screen().contains("mute the feed"), "{}", keys.screen());
    let closed = keys.keys("esc");
    assert!(closed.app.overlay.is_some() && closed.screen().contains("BBC News"));
}

#[test]
fn feed_state_is_told_as_it_is() {
    let screen = |change: fn(&mut Feed)| {
        table_over(|feeds| change(&mut feeds[0])).keys("home").size(120, 40).screen()
    };
    let unasked = screen(|feed| feed.refresh_state.last_checked = None);
    assert!(unasked.contains("not refreshed yet"), "{unasked}");
    let paused = screen(|feed| feed.subscription.paused = true);
    assert!(paused.contains("Paused: the feed is not refreshed."), "{paused}");
    assert!(!paused.contains("Next refresh"), "{paused}");
    let long =
        "the server has been asked too often and answers only from next Monday on, as it said";
    let failing = table_over(|feeds| feeds[0].health = FeedHealth::Failing(long.to_owned()));
    let failing = failing.keys("home").size(120, 40).screen();
    assert!(failing.contains("Articles already here are kept."), "in full: {failing}");
}

#[test]
fn errors_list_feeds_that_failed_in_an_earlier_run() {
    let listed = feed_table_stage().keys("esc ctrl-x e").screen();
    assert!(listed.contains("Reuters: timed out after 20 s"), "{listed}");
    let paused = table_over(|feeds| feeds[5].subscription.paused = true).keys("esc ctrl-x e");
    assert!(paused.screen().contains("Nothing has failed"), "{}", paused.screen());
}

#[test]
fn feed_being_refreshed_says_so_until_the_end() {
    let progress = |progress| Message::RefreshProgressed(progress);
    let running = feed_table_stage()
        .send(progress(RefreshProgress::Started(6)))
        .send(progress(RefreshProgress::Unanswered(vec![FeedId(1)])));
    assert_eq!(running.screen().matches("refreshing…").count(), 1, "{}", running.screen());
    let ended = running.send(progress(RefreshProgress::Finished(RefreshSummary::default())));
    assert!(!ended.screen().contains("refreshing…"), "{}", ended.screen());
}

#[test]
fn failure_of_a_feed_is_recorded_when_it_happens_and_once() {
    let failures = vec![failure("NHK: timed out")];
    let failed = Message::RefreshProgressed(RefreshProgress::FeedsFailed(failures.clone()));
    let running = stage(&["a"]).send(failed);
    assert_eq!(running.effects, [Effect::LoadSidebar], "the table shows it");
    assert_eq!(running.app.notices.failures().count(), 1);
    let ended = running.send(finished(RefreshSummary { failures, ..requested() }));
    assert_eq!(ended.app.notices.failures().count(), 1);
}

fn requested() -> RefreshSummary {
    RefreshSummary { was_requested: true, requested_feeds: 9, ..RefreshSummary::default() }
}

fn finished(summary: RefreshSummary) -> Message {
    Message::RefreshProgressed(RefreshProgress::Finished(summary))
}

#[test]
fn refresh_ends_with_one_true_line() {
    let of_feed = |text: &str| Failure::new(FailureKind::Feed, text);
    let failures: Vec<Failure> = ["A: gone", "B: gone"].map(of_feed).into();
    let line = |summary| {
        let stage = stage(&["a"]).send(finished(summary));
        stage.screen().lines().last().unwrap().trim().to_owned()
    };
    let why = "2 feeds failed · ^X e shows why";
    let failed = RefreshSummary { failures: failures.clone(), ..requested() };
    assert_eq!(line(failed.clone()), format!("Nothing new · {why}"));
    assert_eq!(
        line(RefreshSummary { new_entries: 12, ..failed }),
        format!("12 new articles · {why}")
    );
    let unread_file = failure("a.txt cannot be read");
    let mixed = [failures, vec![unread_file.clone()]].concat();
    assert_eq!(
        line(RefreshSummary { failures: mixed, ..requested() }),
        "Nothing new · 2 feeds failed · 1 file could not be read · ^X e shows why"
    );
    assert_eq!(
        line(RefreshSummary { failures: vec![unread_file], ..requested() }),
        "Nothing new · 1 file could not be read · ^X e shows why"
    );
    assert_eq!(line(requested()), "Nothing new");
    assert_eq!(line(RefreshSummary { requested_feeds: 0, ..requested() }), "No feeds to refresh");
    let by_itself = RefreshSummary { was_requested: false, ..requested() };
    assert!(!line(by_itself).contains("new"), "a refresh of its own without news is silent");
}

#[test]
fn saved_pages_name_their_sites_in_the_list_and_the_article() {
    let mut stage = stage(&["A bridge", "A ferry"])
        .with_feeds(|feeds| feeds[0].kind = FeedKind::Saved)
        .size(100, 24);
    stage.entries[0].site = Some("Harbour News".to_owned());
    stage.entries[1].site = Some("ferry.example".to_owned());
    let screen = stage.keys("ctrl-x h ctrl-x h").screen();
    let count_of = |source: &str| screen.matches(source).count();
    assert_eq!((count_of("Harbour News"), count_of("ferry.example")), (2, 1), "{screen}");
    assert!(!screen.contains("Evening Post"), "{screen}");
}

#[test]
fn form_changes_choices_by_one_key() {
    let opened = feed_table_stage().keys("e down down down down down");
    let label = |stage: &Stage| form(stage).form.fields[form(stage).form.focused_index].0.label();
    assert_eq!(label(&opened), "Paused");
    assert!(opened.screen().contains("[ ]"), "{}", opened.screen());
    let paused = opened.keys("space").text("letters").keys("backspace");
    assert_eq!(paused.screen().matches("[x]").count(), 1, "{}", paused.screen());
    let saved = paused.keys("enter");
    let [StoreWrite::ApplyChange(Change::Subscription { after, .. })] = saved.writes()[..] else {
        panic!("{:?}", saved.writes())
    };
    assert!(after.paused && !after.muted);
}

#[test]
fn form_gives_a_feed_another_address() {
    let edit = |address: &str| feed_table_stage().keys("e down ctrl-u").text(address).keys("enter");
    let moved = edit("new.example/feed");
    let [StoreWrite::EditFeed(written)] = moved.writes()[..] else { panic!("{:?}", moved.effects) };
    assert_eq!((written.feed, written.address.as_str()), (FeedId(1), "new.example/feed"));
    assert_eq!(written.before.url, feed(1, "BBC News").url);
    for (address, mistake) in [
        ("nowhere", "“nowhere” is not the address of a site, such as example.org"),
        ("ftp://a.example/", "“ftp://a.example/” begins with ftp:"),
        ("https://haaretz.example/feed", "Haaretz has this address already"),
    ] {
        let wrong = edit(address);
        assert!(wrong.writes().is_empty());
        assert!(wrong.screen().contains(mistake), "{address}: {}", wrong.screen());
    }
}

#[test]
fn form_of_a_folder_has_no_address() {
    let folder = table_over(|feeds| feeds[0].kind = FeedKind::Folder).keys("home e");
    assert!(form(&folder).form.fields.iter().all(|(field, _)| field.label() != "Address"));
}

#[test]
fn edit_and_unsubscribe_reach_the_feed_of_the_article() {
    let edited = stage(&["a"]).keys("ctrl-x E");
    assert_eq!(form(&edited).feed_id, FeedId(1));
    let unsubscribed = stage(&["a"]).keys("ctrl-x X");
    let change = Change::set_unsubscribed(FeedId(1), true);
    assert_eq!(unsubscribed.writes(), [&StoreWrite::ApplyChange(change)]);
}

#[test]
fn add_feed_with_nothing_ticked_subscribes_to_nothing() {
    let none = add_feed_candidates_stage().keys("tab enter");
    assert!(none.writes().is_empty() && none.app.overlay.is_none());
    assert!(none.screen().contains("No feed was chosen"), "{}", none.screen());
}

#[test]
fn add_feed_offers_to_save_the_page() {
    let pasted = stage(&["a"]).send(Message::Paste("https://a.example/article".to_owned()));
    let none = pasted.send(Message::FeedsDiscovered(
        "https://a.example/article".to_owned(),
        Err(failure("No feed was found at a.example")),
    ));
    assert!(none.screen().contains("^S save this page"), "{}", none.screen());
    let saved = none.keys("ctrl-s");
    assert_eq!(saved.effects, [Effect::SavePage("https://a.example/article".to_owned())]);
    assert!(saved.app.overlay.is_none() && saved.screen().contains("Saving the page…"));
    let empty = stage(&["a"]).keys("ctrl-x a ctrl-s");
    assert!(empty.effects.is_empty() && empty.app.overlay.is_some());
}

#[test]
fn feed_edit_changes_the_address_and_undo_restores_it() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let list = home.join("urls");
    std::fs::write(&list, "https://127.0.0.1:9/old\nhttps://127.0.0.1:9/other\n").unwrap();
    run(home, &["feed", "import", list.to_str().unwrap()]);
    let listed = || stdout(&run(home, &["feed", "list"]));
    assert!(listed().contains("https://127.0.0.1:9/old\tnot refreshed yet\n"), "{}", listed());
    let edited = run(home, &["feed", "edit", "1", "--url", "https://127.0.0.1:9/new"]);
    assert!(edited.status.success(), "{edited:?}");
    assert!(String::from_utf8_lossy(&edited.stderr).contains("https://127.0.0.1:9/new"));
    assert!(listed().contains("https://127.0.0.1:9/new\t"), "{}", listed());
    let taken = run(home, &["feed", "edit", "1", "--url", "https://127.0.0.1:9/other"]);
    assert_eq!(taken.status.code(), Some(1), "{taken:?}");
    assert!(run(home, &["undo"]).status.success());
    assert!(listed().contains("https://127.0.0.1:9/old\t"), "{}", listed());
}

#[test]
fn empty_view_says_why_there_are_no_articles() {
    let first_start = stage(&[]).send(Message::SidebarLoaded(Ok(sidebar_data())));
    let screen = first_start.screen();
    assert!(screen.contains("No articles yet.") && !screen.contains("All read."), "{screen}");
    assert!(screen.contains("why refreshing failed"), "{screen}");
}

#[test]
fn failing_feed_with_a_long_name_keeps_its_mark_in_the_sidebar() {
    let name = "A feed whose name is longer than the sidebar is wide";
    let sidebar = table_over(|feeds| feeds[5].title = name.to_owned()).keys("esc ctrl-x f");
    let screen = sidebar.size(120, 40).screen();
    let row = screen.lines().find(|row| row.contains("A feed whose")).unwrap();
    assert!(row.contains("… ⚠"), "{screen}");
}
