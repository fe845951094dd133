//! Copies in the reader: the names of the feeds, the numbers of the sidebar, and the switch.

use chrono::TimeDelta;
use newsreader::{
    app::{Effect, Message, SidebarData, StoreWrite},
    model::{
        CopyListing, FeedId, FoldedCounts, OverriddenSetting, SessionState, SessionUpdate,
        SettingOverride,
    },
    settings::{CopySetting, Settings},
};

use crate::{
    feed_management::sidebar_data,
    support::{Stage, now, settings, stage_with},
};

/// An app whose first article was brought by "BBC News", "Haaretz" and "La Repubblica".
fn stage_of(settings: Settings, session: SessionState) -> Stage {
    let mut stage = stage_with(&["The bridge", "The ferry"], settings, session);
    stage.entries[0].other_feeds = vec![FeedId(2), FeedId(3)];
    let folded = FoldedCounts {
        total: 2,
        unread: 2,
        starred: 0,
        unread_today: 1,
        ..FoldedCounts::default()
    };
    let data = SidebarData { folded, unread_today: 5, ..sidebar_data() };
    stage.send(Message::SidebarLoaded(Ok(data))).keys("ctrl-x h")
}

fn copies_stage() -> Stage {
    stage_of(settings(), SessionState::default())
}

#[test]
fn row_names_the_first_feed_and_the_number_of_others() {
    for (width, row) in [(80, "BBC News +2"), (130, "BBC News +2"), (60, "BBC Ne… +2")] {
        let screen = copies_stage().size(width, 24).screen();
        assert_eq!(screen.matches(row).count(), 1, "{width}: {screen}");
    }
}

#[test]
fn article_head_names_every_feed_as_far_as_there_is_room() {
    let all = "BBC News, Haaretz, La Repubblica · ";
    let head = |width| copies_stage().keys("enter ctrl-x z").size(width, 24).screen();
    assert!(head(100).contains(&format!("{all}Anna Weil · 1 h ago")), "{}", head(100));
    for width in 30..100 {
        let screen = head(width);
        assert!(screen.contains(all) || screen.contains(" +2 · "), "{width}: {screen}");
        assert!(screen.contains("1 h ago"), "{width}: {screen}");
    }
    assert!(head(56).contains(&format!("{all}1 h ago")), "{}", head(56));
    assert!(head(46).contains("BBC News +2 · Anna Weil · 1 h ago"), "{}", head(46));
    assert!(head(34).contains("BBC News +2 · 1 h ago"), "{}", head(34));
}

#[test]
fn spoken_headline_names_every_feed() {
    let settings = Settings { accessible: true, ..settings() };
    let screen = stage_of(settings, SessionState::default()).size(120, 24).screen();
    assert!(screen.contains("The bridge, from BBC News, Haaretz, La Repubblica"), "{screen}");
}

/// Returns whether the last search of a stage folds copies.
fn searched_copies(stage: &Stage) -> Option<CopyListing> {
    stage.effects.iter().find_map(|effect| match effect {
        Effect::Search(_, request) => Some(request.list.copies),
        _ => None,
    })
}

#[test]
fn toggle_copies_changes_list_and_numbers_and_is_kept() {
    let stage = copies_stage();
    let unread = |stage: &Stage| stage.app.sidebar.unread_count();
    let (all, folded) = (unread(&stage) + 2, unread(&stage));
    let stage = stage.keys("ctrl-x &");
    assert_eq!(searched_copies(&stage), Some(CopyListing::Show));
    assert_eq!(unread(&stage), all);
    assert!(stage.screen().contains("Copies shown"), "{}", stage.screen());
    assert!(!stage.screen().contains("BBC News +2"), "{}", stage.screen());
    let kept = SessionUpdate::choose(OverriddenSetting::Copies, "show", "fold");
    assert_eq!(stage.writes(), [&StoreWrite::SaveSession(kept)]);
    let stage = stage.keys("ctrl-x &");
    assert_eq!(searched_copies(&stage), Some(CopyListing::Fold));
    assert_eq!(unread(&stage), folded);
}

#[test]
fn choice_of_an_earlier_run_holds_until_the_setting_changes() {
    let made = SettingOverride { choice: "show".to_owned(), setting: "fold".to_owned() };
    let mut session = SessionState::default();
    session.overrides.insert(OverriddenSetting::Copies, made);
    assert_eq!(stage_of(settings(), session.clone()).app.ui.copies, CopyListing::Show);
    let mut changed = settings();
    changed.list.copies = CopySetting::Show;
    assert_eq!(stage_of(changed.clone(), SessionState::default()).app.ui.copies, CopyListing::Show);
    session.overrides.get_mut(&OverriddenSetting::Copies).unwrap().choice = "fold".to_owned();
    assert_eq!(stage_of(changed, session).app.ui.copies, CopyListing::Show);
}

#[test]
fn row_in_the_trash_cuts_no_day_at_any_width() {
    for width in 40..140 {
        let mut stage = copies_stage();
        for entry in &mut stage.entries {
            entry.state.removed = true;
            entry.dropped_at = Some(now().at + TimeDelta::days(30));
        }
        let screen = stage.size(width, 40).keys("ctrl-x h").screen();
        assert_eq!(screen.matches("dropped 23 Dec").count(), 2, "{width}: {screen}");
        assert!(!screen.contains("Dec…"), "{width}: {screen}");
    }
}
