//! The mouse in dialogs: clicks choose rows and focus fields, the wheel scrolls the dialog.

use newsreader::{
    app::{Effect, Message, MouseAction, Overlay, Pane},
    model::{DiscoveredSite, FeedId, FeedKind, ViewScope},
};

use crate::support::{Stage, failure, stage};

/// Turns the wheel over the middle of the screen.
fn wheel(stage: Stage, notches: usize) -> Stage {
    (0..notches).fold(stage, |stage, _| stage.mouse(MouseAction::WheelDown, 40, 12))
}

fn click_on(stage: Stage, words: &str) -> Stage {
    let (x, y) = stage.find(words);
    stage.click(x, y)
}

/// The table of 40 feeds.
fn feed_table() -> Stage {
    stage(&["a", "b", "c"]).keys("ctrl-x F").with_feeds(|feeds| {
        let first = feeds[0].clone();
        feeds.clear();
        for number in 1..=40 {
            let title = format!("Feed {number:02}");
            let mut feed = first.clone();
            (feed.id, feed.kind, feed.title) = (FeedId(number), FeedKind::Web, title);
            feeds.push(feed);
        }
    })
}

fn field_texts(stage: &Stage) -> Vec<String> {
    let Some(Overlay::FeedForm(form)) = &stage.app.overlay else { panic!("the form is open") };
    form.form.fields.iter().map(|(_, input)| input.text().to_owned()).collect()
}

#[test]
fn click_on_palette_row_runs_its_command() {
    let stage = stage(&["a", "b"]).keys(":").text("wide article");
    let stage = click_on(stage, "^X z");
    assert!(stage.app.ui.wide_article && stage.app.overlay.is_none());
}

#[test]
fn click_outside_closes_only_where_nothing_was_typed() {
    let empty = stage(&["a"]).keys(":").click(0, 22);
    assert!(empty.app.overlay.is_none());
    let typed = stage(&["a"]).keys(":").text("star").click(0, 22);
    assert!(typed.app.overlay.is_some());
    for keys in ["ctrl-x a", "ctrl-x I", "right ctrl-f"] {
        let typed = stage(&["a"]).keys(keys).text("x").click(0, 1);
        assert!(typed.app.overlay.is_some(), "{keys}");
        assert!(stage(&["a"]).keys(keys).click(0, 1).app.overlay.is_none(), "{keys}");
    }
}

#[test]
fn click_on_frame_or_text_of_dialog_changes_nothing() {
    let help = stage(&["a"]).keys("?");
    let (x, y) = help.find("read the article");
    assert!(help.click(x, y).app.overlay.is_some());
}

#[test]
fn wheel_scrolls_dialog_and_not_the_list_behind() {
    let titles = ["entry"; 60];
    for keys in ["?", ":", "ctrl-x", "ctrl-x g", "ctrl-x F", "ctrl-x a", "ctrl-x I", "right ctrl-f"]
    {
        let stage = wheel(stage(&titles).keys(keys), 5);
        assert!(stage.app.overlay.is_some(), "{keys}");
        assert_eq!(stage.app.entry_list.top_index(), 0, "{keys}");
        assert_eq!(stage.app.entry_list.selected_index(), 0, "{keys}");
    }
    let palette = stage(&titles).keys(":");
    let first = palette.rows()[3].clone();
    assert_ne!(wheel(palette, 1).rows()[3], first);
}

#[test]
fn click_in_form_focuses_field_and_keeps_text() {
    let form = feed_table().keys("e").text("mine");
    let before = field_texts(&form);
    let stage = click_on(form, "Tags").text("x");
    let after = field_texts(&stage);
    assert_eq!(after[0], before[0]);
    assert_eq!(after[3], format!("{}x", before[3]));
    let outside = stage.click(0, 0);
    assert_eq!(field_texts(&outside), after);
}

#[test]
fn click_outside_unchanged_form_returns_to_table() {
    let stage = feed_table().keys("e").click(0, 0);
    assert!(matches!(stage.app.overlay, Some(Overlay::FeedTable(_))));
}

#[test]
fn feed_table_selects_on_click_and_shows_on_second_click() {
    let selected = click_on(feed_table(), "Feed 05");
    assert!(matches!(selected.app.overlay, Some(Overlay::FeedTable(_))));
    let shown = click_on(selected, "Feed 05");
    assert_eq!(*shown.app.scope(), ViewScope::Feed(FeedId(5)));
    assert_eq!((shown.app.overlay.is_none(), shown.app.ui.focus), (true, Pane::List));
    let scrolled = wheel(feed_table(), 10);
    assert!(scrolled.screen().contains("Feed 40"), "{}", scrolled.screen());
}

#[test]
fn click_in_add_feed_ticks_feed_or_focuses_option() {
    let dialog = stage(&["a"]).keys("ctrl-x a").text("post.example").keys("tab");
    let Some(Overlay::AddFeed(_)) = &dialog.app.overlay else { panic!("the dialog is open") };
    let on_headers = click_on(dialog, "Headers").text("X-A: b");
    assert!(on_headers.screen().contains("X-A: b"), "{}", on_headers.screen());
    let on_address = click_on(on_headers, "post.example").text("/feed");
    let Some(Overlay::AddFeed(dialog)) = &on_address.app.overlay else { panic!("it is open") };
    assert_eq!(dialog.url_input.text(), "post.example/feed");
    let found = Message::FeedsDiscovered(
        "post.example/feed".to_owned(),
        Ok(DiscoveredSite {
            feeds: vec![crate::feed_management::candidate("post")],
            ..DiscoveredSite::default()
        }),
    );
    let ticked = on_address.keys("enter").send(found);
    assert!(ticked.screen().contains("[x] post"), "{}", ticked.screen());
    let unticked = click_on(ticked, "[x] post");
    assert!(unticked.screen().contains("[ ] post"), "{}", unticked.screen());
}

#[test]
fn click_in_command_menu_runs_command_of_its_page() {
    let starred = click_on(stage(&["a"]).keys("ctrl-x").wait(1), "star");
    assert!(starred.app.entry_list.selected_entry().unwrap().state.starred);
    let menu = stage(&["a"]).size(40, 15).keys("ctrl-x").wait(1);
    assert!(!menu.screen().contains("theme"), "{}", menu.screen());
    let last = wheel(menu, 5);
    assert!(last.screen().contains("quit"), "{}", last.screen());
    let (x, y) = last.find("quit");
    let quit = last.mouse(MouseAction::Press, x, y);
    assert!(quit.effects.contains(&Effect::FinishWrites));
}

#[test]
fn click_on_failure_selects_it() {
    let stage = stage(&["a"])
        .send(Message::OperationFailed(failure("The first failed")))
        .send(Message::OperationFailed(failure("The second failed")))
        .keys("ctrl-x e");
    let selected = click_on(stage, "The first failed");
    assert_eq!(selected.screen().matches("The first failed").count(), 2);
}
