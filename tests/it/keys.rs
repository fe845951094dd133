//! Keys of the user's own, and commands that the palette runs.

use newsreader::{
    app::{ChangeAction, Effect, Message, StoreWrite, StoryReading},
    command::{Command, Key, KeyCode, KeyContext, Keymap, KeymapLookup},
    model::{AppliedChange, Change, EntryId, Feed, FeedId, Subscription},
};

use crate::support::{Stage, stage, stage_with_keys};

/// The command menu on another key; no key for undo.
const OWN_KEYS: &str = r#"
[global]
"ctrl-x" = "none"
"ctrl-g" = "command-menu"
"ctrl-_" = "none"
[list]
"alt-u" = "none"
[article]
"u" = "none"
[sidebar]
"u" = "none"
[menu]
"u" = "none"
"#;

/// The library's answer to a change that was asked for.
fn made(stage: Stage, change: Change, title: Option<&str>) -> Stage {
    let done = AppliedChange { change, title: title.map(str::to_owned), copies: 0 };
    stage.send(Message::ChangeFinished(ChangeAction::Applied, Some(done)))
}

fn marked_read(stage: Stage) -> Stage {
    made(stage, Change::Read { ids: [1, 2, 3].map(EntryId).to_vec(), read: true }, None)
}

#[test]
fn notice_names_key_of_the_focused_pane() {
    let in_list = marked_read(stage(&["a", "b", "c"]));
    assert!(in_list.screen().contains("3 articles marked read · Alt-u to undo"));
    let in_article = marked_read(stage(&["a", "b", "c"]).keys("right"));
    assert!(in_article.screen().contains("3 articles marked read · u to undo"));
    let in_sidebar = marked_read(stage(&["a", "b", "c"]).keys("left"));
    assert!(in_sidebar.screen().contains("3 articles marked read · u to undo"));
    let vim = marked_read(stage(&["a", "b", "c"]).keys("ctrl-x k"));
    assert!(vim.screen().contains("3 articles marked read · u to undo"));
}

#[test]
fn filter_hint_keeps_its_key_while_an_overlay_is_open() {
    let vim = stage(&["a"]).keys("ctrl-x k");
    assert!(vim.screen().contains("/ to filter"), "{}", vim.screen());
    for keys in ["?", "ctrl-x a", "ctrl-x :"] {
        let overlay = stage(&["a"]).keys("ctrl-x k").keys(keys);
        assert!(overlay.app.overlay.is_some());
        assert!(overlay.screen().contains("/ to filter"), "{}", overlay.screen());
    }
}

#[test]
fn notice_names_rebound_keys_and_no_unbound_ones() {
    let read = marked_read(stage_with_keys(&["a", "b", "c"], OWN_KEYS));
    assert!(read.screen().contains("3 articles marked read"), "{}", read.screen());
    assert!(!read.screen().contains("undo"), "{}", read.screen());
    let saved = read.keys("ctrl-g v");
    assert!(saved.screen().contains("Type a filter first · ^G v to save it"), "{}", saved.screen());
    for screen in [saved.keys("?"), stage_with_keys(&[], OWN_KEYS), saved_palette()] {
        let screen = screen.size(120, 40).screen();
        assert!(screen.contains("^G") && !screen.contains("^X"), "{screen}");
    }
}

fn saved_palette() -> Stage {
    stage_with_keys(&["a"], OWN_KEYS).keys(":").text("save filter")
}

/// Runs a command by its name in the palette.
fn palette(stage: Stage, name: &str) -> Stage {
    stage.keys("ctrl-x :").text(name).keys("enter")
}

fn changed(stage: &Stage) -> &Subscription {
    match stage.writes()[..] {
        [StoreWrite::ApplyChange(Change::Subscription { feed: FeedId(1), after, .. })] => after,
        _ => panic!("{:?}", stage.effects),
    }
}

fn one_feed() -> Stage {
    stage(&["a", "b"]).with_feeds(|feeds: &mut Vec<Feed>| {
        "LWN".clone_into(&mut feeds[0].title);
        feeds[0].site_url = Some("https://lwn.example/".to_owned());
    })
}

#[test]
fn palette_pauses_and_mutes_feed_of_selected_article() {
    let paused = palette(one_feed(), "pause feed");
    assert!(changed(&paused).paused);
    let Some(StoreWrite::ApplyChange(change)) = paused.writes().first().copied().cloned() else {
        panic!("{:?}", paused.effects)
    };
    let told = made(paused, change.clone(), Some("LWN"));
    assert!(told.screen().contains("Paused LWN · Alt-u to undo"), "{}", told.screen());
    let told = made(told, change.inverse(), Some("LWN"));
    assert!(told.screen().contains("Resumed LWN · Alt-u to undo"), "{}", told.screen());
    let muted = palette(one_feed().keys("right"), "mute feed");
    assert!(changed(&muted).muted);
}

#[test]
fn palette_opens_site_of_selected_article() {
    let opened = palette(one_feed(), "open site");
    assert!(opened.effects.contains(&Effect::OpenUrl("https://lwn.example/".to_owned())));
    assert!(opened.screen().contains("Opened the site of LWN"), "{}", opened.screen());
    let none = one_feed().with_feeds(|feeds: &mut Vec<Feed>| feeds[0].site_url = None);
    let none = palette(none, "open site");
    assert_eq!(none.effects, []);
    assert!(none.screen().contains("LWN has no site"), "{}", none.screen());
}

#[test]
fn palette_acts_on_feed_in_focused_sidebar() {
    let feed = palette(one_feed().keys("left end up"), "pause feed");
    assert!(changed(&feed).paused);
    let view = palette(one_feed().keys("left home"), "pause feed");
    assert!(view.writes().is_empty());
    assert!(view.screen().contains("No feed is selected"), "{}", view.screen());
    let notice = view.app.notices.current().unwrap();
    assert_eq!(notice.actions[0].command, Command::ShowFeeds);
}

#[test]
fn key_of_the_article_says_so_where_it_does_nothing() {
    let notice = |keys: &str| {
        let stage = stage(&["a"]).keys(keys);
        let notice = stage.app.notices.current();
        notice.map(|notice| notice.text.clone()).unwrap_or_default()
    };
    for (keys, title) in [
        ("ctrl-o", "jump back"),
        ("left s", "star"),
        ("left delete", "remove"),
        ("ctrl-x k c", "contents"),
        ("ctrl-x k left c", "contents"),
    ] {
        assert_eq!(notice(keys), format!("This key is “{title}” in the article"), "{keys}");
    }
    let in_list = stage(&["a"]).keys("ctrl-o").screen();
    assert!(in_list.contains("in the article · → opens it"), "{in_list}");
    for keys in ["c", "ctrl-g", "right ctrl-e", ": ctrl-o", "ctrl-x k / c"] {
        assert_eq!(notice(keys), "", "{keys}");
    }
}

#[test]
fn no_key_of_the_article_is_silent_in_another_pane() {
    for (preset, keys) in [(Keymap::type_preset(), ""), (Keymap::vim_preset(), "ctrl-x k")] {
        let bound = preset.iter().filter(|(context, keys, _)| {
            *context == KeyContext::Article && keys.len() == 1 && keys[0].code != KeyCode::Esc
        });
        for (_, article_keys, command) in bound {
            for pane in ["", "left"] {
                let stage = stage(&["a", "b"]).keys(keys).keys(pane);
                let contexts = stage.app.pane_key_contexts();
                let lookup = preset.lookup(contexts, article_keys);
                let stage = stage.send(Message::Key(article_keys[0]));
                let is_told = stage.app.notices.current().is_some();
                let is_typed = !stage.app.filter_bar.is_empty();
                assert!(
                    lookup != KeymapLookup::Unbound || is_told || is_typed,
                    "{article_keys:?} ({command:?}) in {contexts:?}"
                );
            }
        }
    }
}

#[test]
fn keys_of_stories_work_in_the_list() {
    let additions = stage(&["a"]).keys("ctrl-y");
    let load = Effect::LoadStoryReading(EntryId(1), StoryReading::Additions);
    assert_eq!(additions.effects, [load]);
    assert_eq!(stage(&["a"]).keys("ctrl-t").app.filter_bar.text(), "story:1");
}

/// Commands that move in the article; the menu has other uses for their letters.
const MOVES: [Command; 7] = [
    Command::MoveUp,
    Command::MoveDown,
    Command::PageUp,
    Command::PageDown,
    Command::GoFirst,
    Command::GoLast,
    Command::Back,
];

#[test]
fn menu_letters_do_what_they_do_in_the_article() {
    for keymap in [Keymap::type_preset(), Keymap::vim_preset()] {
        let bound = keymap.iter().filter(|(context, ..)| *context == KeyContext::Article);
        for (_, keys, command) in bound.filter(|(.., command)| !MOVES.contains(command)) {
            let is_letter = |key: &Key| matches!(key.code, KeyCode::Char(c) if c.is_alphabetic());
            let KeymapLookup::Command(in_menu) = keymap.lookup(&[KeyContext::Menu], keys) else {
                continue;
            };
            assert!(!keys.iter().all(is_letter) || in_menu == command, "{keys:?}: {command:?}");
        }
    }
}

#[test]
fn old_letters_of_a_users_keymap_keep_their_commands() {
    let own = "[menu]\n\"x\" = \"remove-feed\"\n\"T\" = \"full-text\"\n";
    let removed = stage_with_keys(&["a"], own).keys("ctrl-x x");
    let change = Change::set_unsubscribed(FeedId(1), true);
    assert_eq!(removed.writes(), [&StoreWrite::ApplyChange(change)]);
}
