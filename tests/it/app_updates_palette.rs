//! The palette, the help and the command menu: what is found, and what is said.

use newsreader::{
    app::Message,
    model::{DownloadProgress, RefreshProgress},
};

use crate::support::{Stage, stage, stage_with_keys};

/// Returns the first item of the open picker.
fn first_item(stage: &Stage) -> String {
    stage.rows()[3].trim_matches([' ', '\u{2502}']).to_owned()
}

#[test]
fn palette_finds_commands_by_name_title_synonym_and_description() {
    for (words, title) in [
        ("toggle-star", "star"),
        ("unsubscribe", "unsubscribe"),
        ("remove feed", "unsubscribe"),
        ("dark", "theme"),
        ("sidebar", "feeds"),
        ("image", "pictures"),
        ("sort", "sort\u{2026}"),
        ("quit", "quit"),
        ("exit", "quit"),
        ("rename", "edit feed\u{2026}"),
        ("one and two rows", "two-line rows"),
        ("apply a rule", "rules\u{2026}"),
        ("remove account", "accounts\u{2026}"),
    ] {
        let stage = stage(&["a"]).keys(":").text(words);
        let found = first_item(&stage);
        assert!(found.starts_with(title), "{words}: {}", stage.screen());
    }
}

#[test]
fn palette_names_the_keys_that_work_where_it_was_opened() {
    for (pane, words, item) in [
        ("", "find in article", "^X ^F"),
        ("right", "find in article", "^F  ^X ^F"),
        ("", "toggle-star", "Alt-s  ^X s"),
        ("right", "toggle-star", "s  Alt-s  ^X s"),
        ("", "older-version", "< in the article"),
        ("right", "older-version", "<"),
        ("right", "move-episode-up", "Alt-k in the list"),
        ("", "move-view-up", "K in the sidebar"),
        ("left", "move-view-up", "K  Alt-↑"),
    ] {
        let stage = stage(&["a"]).keys(pane).keys(":").text(words);
        let keys = first_item(&stage).split_once("  ").unwrap().1.trim().to_owned();
        assert_eq!(keys, item, "{words}: {}", stage.screen());
    }
}

#[test]
fn palette_begins_with_commands_that_people_look_for() {
    let screen = stage(&["a"]).size(80, 60).keys(":").screen();
    let row_of = |words: &str| screen.lines().position(|row| row.contains(words));
    assert!(row_of("add feed").unwrap() < row_of("full text").unwrap(), "{screen}");
    assert_eq!(row_of(" page up "), None, "it stands below the first page: {screen}");
    assert!(row_of(" quit ").is_some(), "{screen}");
}

#[test]
fn help_search_finds_lines_of_its_page() {
    for (words, line) in [
        ("phrase", "\"a phrase\"  !word"),
        ("mouse", "click selects"),
        ("since", "since: before: on:"),
        ("regular", "re:colou?r"),
        ("unsubscribe", "unsubscribe"),
    ] {
        let stage = stage(&["a"]).size(100, 30).keys("?").text(words);
        assert!(stage.screen().contains(line), "{words}: {}", stage.screen());
    }
}

#[test]
fn help_search_offers_to_run_commands_but_not_lines_of_its_page() {
    let hints = |words: &str| {
        let screen = stage(&["a"]).size(100, 30).keys("?").text(words).screen();
        screen.lines().last().unwrap().to_owned()
    };
    assert!(hints("unsubscribe from").contains("Enter run"), "{}", hints("unsubscribe from"));
    let of_a_line = hints("wheel scrolls");
    assert!(!of_a_line.contains("run") && of_a_line.contains("Esc close"), "{of_a_line}");
}

#[test]
fn help_page_scrolls_by_keys_and_back() {
    let page = stage(&["a"]).keys("?");
    let top = page.screen();
    let last_line = "exported files, copied text";
    assert!(!top.contains(last_line), "{top}");
    let end = page.keys("page-down page-down page-down page-down");
    assert!(end.screen().contains(last_line), "{}", end.screen());
    let higher = end.keys("up");
    assert!(!higher.screen().contains(last_line), "one key moves one row back");
    assert_eq!(higher.keys("home").screen(), top);
}

#[test]
fn help_page_shows_every_explanation_whole() {
    for (width, height) in [(40, 15), (60, 20), (80, 24)] {
        for pages in 0..8 {
            let keys = format!("?{}", " page-down".repeat(pages));
            let screen = stage(&["a"]).size(width, height).keys(&keys).screen();
            assert!(!screen.contains('…'), "{screen}");
        }
    }
}

#[test]
fn help_page_names_the_key_of_the_filter_where_letters_are_commands() {
    let first = |stage: Stage| {
        let screen = stage.keys("?").screen();
        screen.lines().find(|row| row.contains("filter the list")).unwrap().to_owned()
    };
    assert!(first(stage(&["a"])).contains("letters"));
    let vim = first(stage(&["a"]).keys("ctrl-x k"));
    assert!(vim.contains("│ / ") && !vim.contains("letters"), "{vim}");
}

#[test]
fn unbound_key_in_command_menu_is_named() {
    let unbound = stage(&["a"]).keys("ctrl-x j");
    assert!(unbound.screen().contains("^X j is not bound"), "{}", unbound.screen());
    assert!(unbound.app.overlay.is_none() && unbound.app.filter_bar.is_empty());
    let cancelled = stage(&["a"]).keys("ctrl-x esc");
    assert!(!cancelled.screen().contains("not bound") && cancelled.app.overlay.is_none());
    let own =
        stage_with_keys(&["a"], "[global]\n\"ctrl-x\" = \"none\"\n\"ctrl-g\" = \"command-menu\"");
    let own = own.keys("ctrl-g j");
    assert!(own.screen().contains("^G j is not bound"), "{}", own.screen());
}

#[test]
fn commands_on_article_in_empty_view_say_that_none_is_open() {
    for keys in ["ctrl-x o", "ctrl-x c", "ctrl-x l", "ctrl-x y", "ctrl-x w", "ctrl-x ctrl-f"] {
        let stage = stage(&["a"]).text("zzz").keys(keys);
        assert!(stage.screen().contains("No article is open"), "{keys}: {}", stage.screen());
    }
}

#[test]
fn switches_name_what_they_would_do() {
    let titles_of = |stage: Stage, words: &str| first_item(&stage.keys("ctrl-x :").text(words));
    for (words, keys, before, after) in [
        ("toggle-star", "alt-s", "star", "unstar"),
        ("toggle-read", "alt-m", "mark read", "mark unread"),
        ("toggle-later", "alt-l", "later", "not later"),
        ("toggle-hidden", "alt-h", "hide", "unhide"),
        ("hide-read-feeds", "ctrl-x H", "hide read feeds", "show read feeds"),
        ("toggle-copies", "ctrl-x &", "show copies", "fold copies"),
        ("toggle-order", "ctrl-x B", "best first", "newest first"),
        ("toggle-density", "ctrl-x d", "two-line rows", "one-line rows"),
        ("toggle-ruler", "ctrl-x V", "reading ruler", "no ruler"),
        ("switch-keys", "ctrl-x k", "vim keys", "typing filters"),
    ] {
        let (off, on) =
            (titles_of(stage(&["a"]), words), titles_of(stage(&["a"]).keys(keys), words));
        assert!(format!(" {off}").contains(&format!(" {before} ")), "{words}: {off}");
        assert!(format!(" {on}").contains(&format!(" {after} ")), "{words}: {on}");
    }
}

#[test]
fn menu_leaves_out_what_has_nothing_to_act_on_and_fits_on_a_page() {
    let menu = |stage: Stage| stage.size(80, 24).keys("ctrl-x").wait(1).screen();
    let idle = menu(stage(&["a", "b"]));
    assert!(idle.contains("─ Commands ─") && idle.contains("quit"), "{idle}");
    let titles = ["stop downloads", "stop refresh", "clear marks", "restore", "next hit"];
    for title in titles {
        assert!(!idle.contains(title), "{title}: {idle}");
    }
    let progress = DownloadProgress { files: 1, received: 1, length: 2 };
    let busy = stage(&["a", "b"])
        .send(Message::DownloadsProgressed(Some(progress)))
        .send(Message::RefreshProgressed(RefreshProgress::Started(3)))
        .text("a")
        .keys("alt-v");
    let busy = menu(busy);
    for title in titles {
        assert!(busy.contains(title), "{title}: {busy}");
    }
    let small = stage(&["a"]).size(40, 15).keys("ctrl-x").wait(1).screen();
    for title in ["star", "undo", "add feed", "refresh", "search all", "help"] {
        assert!(small.contains(title), "{title} is on the first page: {small}");
    }
}

#[test]
fn menu_and_palette_leave_out_samples_that_are_hidden() {
    let menu = stage(&["a"]).size(120, 40).keys("ctrl-x").wait(1).screen();
    assert!(menu.contains("palette"), "{menu}");
    assert!(!menu.contains("hide samples"), "{menu}");
    let palette = stage(&["a"]).keys("ctrl-x :").text("put-samples-away").screen();
    assert!(!palette.contains("hide samples"), "{palette}");
}
