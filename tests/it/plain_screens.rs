//! Screens in ASCII, and screens for screen readers.

use newsreader::{
    app::Message,
    markup::parse_html,
    model::{
        DiscoveredSite, Feed, FeedCandidate, FeedHealth, FeedNetwork, FetchOptions, SessionState,
    },
    settings::{SettingsLayer, merge_layers},
    ui::Glyphs,
};

use crate::support::{Stage, failure, partial_results, stage_with};

const TITLES: [&str; 4] = [
    "Harbour bridge reopens after a repair that took two years, a winter, and a ferry strike",
    "A small compiler for a small language",
    "How the night train came back",
    "City council votes for a centre without cars",
];

const ARTICLE: &str = "<h2>A heading</h2><p>Words about the night train, \
    <a href='https://example.org/trains'>with a link</a>.</p>\
    <blockquote><p>A quotation.</p></blockquote><ul><li>one<li>two</ul>\
    <img src='https://example.org/a.png' alt='A train' width=640 height=480><hr>\
    <pre>a line of code that is too long for the pane that it is in, and that is cut at the edge\
    of it, wherever that may be, since code is not wrapped</pre>\
    <table><tr><th>From<th>To<tr><td>Brussels<td>Prague</table>";

fn plain_stage(titles: &[&str], is_accessible: bool) -> Stage {
    let value = if is_accessible { "true" } else { "false" };
    let values = [("accessible".to_owned(), value.to_owned())];
    let mut settings = merge_layers(vec![SettingsLayer::from_values("a test", &values)]).0;
    settings.refresh.every = 0;
    let stage = stage_with(titles, settings, SessionState::default());
    let article = parse_html(ARTICLE, None);
    let article = if is_accessible { article.for_screen_reader() } else { article };
    if titles.is_empty() { stage } else { stage.document(1, article).keys("down up") }
}

fn candidate(name: &str) -> FeedCandidate {
    FeedCandidate {
        url: format!("https://{name}.example/feed"),
        title: name.to_owned(),
        format: "RSS",
        entry_count: 20,
        newest_published: None,
        entry_titles: vec!["One".to_owned(), "Two".to_owned()],
        is_subscribed: false,
        fetch: FetchOptions::default(),
        network: FeedNetwork::Public,
    }
}

fn found_feeds(stage: Stage) -> Stage {
    let feeds = vec![candidate("post"), candidate("comments")];
    let site = DiscoveredSite { feeds, ..DiscoveredSite::default() };
    let stage = stage.keys("ctrl-x a").text("post.example").keys("enter");
    stage.send(Message::FeedsDiscovered("post.example".to_owned(), Ok(site)))
}

/// Every pane and every dialog, but for the choice of a direction, whose sample is Hebrew.
fn every_screen(is_accessible: bool) -> Vec<(&'static str, Stage)> {
    let stage = || plain_stage(&TITLES, is_accessible);
    let failed = || stage().send(Message::OperationFailed(failure("Cannot read “old.txt”: …")));
    vec![
        ("list", stage().keys("alt-s")),
        ("filter", stage().text("the")),
        ("no match", stage().text("quantm")),
        ("progress", stage().paste_filter("re:x", partial_results(&[]))),
        ("filter error", stage().text("on:2026-")),
        ("filter in feed", stage().in_feed_of_many(900).text("the")),
        ("welcome", plain_stage(&[], is_accessible)),
        ("article", stage().keys("right")),
        ("wide article", stage().keys("right z")),
        ("find bar", stage().keys("right ctrl-f").text("train")),
        ("sidebar", stage().keys("left")),
        ("notice", failed()),
        ("full text", stage().keys("ctrl-x x")),
        ("marked rows", stage().keys("alt-v alt-v")),
        ("question", plain_stage(&["The night train"; 60], is_accessible).keys("ctrl-x A")),
        ("act on", stage().keys("alt-;")),
        ("acts", stage().keys("alt-; enter")),
        ("filter by", stage().keys("alt-=")),
        ("errors", failed().keys("ctrl-x e")),
        ("help", stage().keys("?")),
        ("help search", stage().keys("?").text("star")),
        ("palette", stage().keys(":")),
        ("menu", stage().keys("ctrl-x").wait(1)),
        ("links", stage().keys("right l")),
        ("contents", stage().keys("right c")),
        ("sort", stage().keys("ctrl-x S")),
        ("go to", stage().keys("ctrl-x g")),
        ("add feed", stage().keys("ctrl-x a")),
        ("look up", stage().keys("ctrl-x a").text("post.example").keys("enter")),
        ("found feeds", found_feeds(stage())),
        ("feed table", stage().keys("ctrl-x F")),
        ("feed form", stage().keys("ctrl-x F e")),
        ("account table", stage().keys("ctrl-x @")),
        ("account form", stage().keys("ctrl-x @ a")),
        ("import", stage().keys("ctrl-x i")),
        ("export", stage().keys("right w")),
    ]
}

#[test]
fn ascii_screens_have_no_other_characters() {
    for (width, height) in [(160, 50), (120, 40), (80, 24), (40, 15), (12, 4), (6, 2)] {
        for (name, stage) in every_screen(false) {
            let screen = stage.size(width, height).screen_with(&Glyphs::ASCII);
            assert!(screen.is_ascii(), "{name} at {width}x{height}:\n{screen}");
        }
    }
}

#[test]
fn ascii_screen_keeps_characters_of_the_publisher() {
    let stage = plain_stage(&TITLES, false)
        .html(1, "<p>“Quoted” — and cut…</p><blockquote>naïve</blockquote>")
        .keys("right z");
    let screen = stage.screen_with(&Glyphs::ASCII);
    assert!(screen.contains("“Quoted” — and cut…"), "{screen}");
    assert!(screen.contains("| naïve"), "{screen}");
}

#[test]
fn accessible_screens_draw_nothing() {
    for (width, height) in [(120, 40), (80, 24), (40, 15)] {
        for (name, stage) in every_screen(true) {
            let screen = stage.size(width, height).screen_with(&Glyphs::WORDS);
            let is_drawn =
                |c: char| matches!(c, '›' | '\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{27bf}');
            assert!(!screen.contains(is_drawn), "{name} at {width}x{height}:\n{screen}");
            assert!(!screen.contains("--"), "{name} at {width}x{height}:\n{screen}");
        }
    }
}

#[test]
fn accessible_dialog_is_alone_on_the_screen() {
    for (name, stage) in every_screen(true) {
        let screen = stage.screen_with(&Glyphs::WORDS);
        let has_dialog = stage.app.overlay.is_some() && name != "find bar";
        assert!(!has_dialog || !screen.contains("City council"), "{name}:\n{screen}");
    }
}

#[test]
fn accessible_cursor_is_on_the_selected_row() {
    let stage = || plain_stage(&TITLES, true);
    let two_links = "<h2>One</h2><p><a href='https://a.example/'>a</a></p>\
        <h2>Two</h2><p><a href='https://b.example/'>b</a></p>";
    for (stage, words) in vec![
        (stage().keys("down"), "A small compiler"),
        (stage().keys(":").text("star").keys("down"), "s"),
        (stage().keys("ctrl-x S down"), "oldest"),
        (stage().keys("ctrl-x g down"), "Starred"),
        (stage().html(1, two_links).keys("right l down"), "https://b.example/"),
        (stage().html(1, two_links).keys("right c down"), "Two"),
        (found_feeds(stage()).keys("down"), "comments"),
        (stage().keys("ctrl-x F"), "Evening Post"),
        (stage().keys("ctrl-x F e down"), "Folder"),
        (stage().keys("ctrl-x F").text("?"), "choose a feed"),
        (stage().keys("ctrl-x").wait(1), "Type the letter of a command"),
        (stage().text("quantm"), "Nothing matches"),
        (plain_stage(&[], true), "Welcome"),
        (
            stage().send(Message::OperationFailed(failure("It failed"))).keys("ctrl-x e"),
            "It failed",
        ),
    ] {
        let (_, y) = stage.cursor_with(&Glyphs::WORDS);
        let screen = stage.screen_with(&Glyphs::WORDS);
        let row = screen.lines().nth(usize::from(y)).unwrap();
        assert!(row.contains(words), "{words}: the cursor is on {row:?} of\n{screen}");
    }
}

#[test]
fn accessible_menu_has_a_row_for_each_command_on_pages() {
    for (width, height) in [(120, 40), (80, 24), (40, 15)] {
        let mut menu = plain_stage(&TITLES, true).size(width, height).keys("ctrl-x").wait(1);
        let mut pages = Vec::new();
        for _ in 0..30 {
            pages.push(menu.screen_with(&Glyphs::WORDS));
            menu = menu.keys("page-down");
        }
        pages.dedup();
        let count = pages.len();
        for (page, number) in pages.iter().zip(1..) {
            assert!(page.contains(&format!("Page {number} of {count}.")), "{page}");
        }
        let rows: Vec<&str> = pages.iter().flat_map(|page| page.lines()).map(str::trim).collect();
        for row in ["s: star", "Shift-t: tag…", "colon: palette…", "Ctrl-f: find in article"] {
            assert_eq!(rows.iter().filter(|found| **found == row).count(), 1, "{row}: {pages:?}");
        }
        assert!(rows.contains(&"q: quit"), "the last command is listed: {pages:?}");
    }
}

#[test]
fn accessible_right_to_left_text_is_in_the_order_of_reading() {
    let title = "חדשות: הרכבת המהירה לירושלים";
    let stage = plain_stage(&[title, "b"], true).html(1, &format!("<p>{title}</p>"));
    let mut settings = stage.app.ui.settings.clone();
    settings = newsreader::settings::resolve_auto_settings(settings, &[]);
    let stage = stage_with(&[title, "b"], settings, SessionState::default());
    let stage = stage.html(1, &format!("<p>{title}</p>"));
    let screen = stage.screen_with(&Glyphs::WORDS);
    assert!(screen.contains(&format!("unread: {title}")), "{screen}");
    assert!(!screen.contains("looks wrong"), "{screen}");
    let screen = stage.keys("right").screen_with(&Glyphs::WORDS);
    assert!(screen.lines().any(|line| line.trim_end().ends_with(title)), "{screen}");
}

#[test]
fn accessible_rows_say_what_their_columns_and_marks_mean() {
    let stage = || plain_stage(&TITLES, true).size(120, 40);
    let failing = |feeds: &mut Vec<Feed>| {
        feeds[0].health = FeedHealth::Failing("the server did not answer".to_owned());
        feeds[0].unread_count = 1_200;
    };
    let form = "ctrl-x F e down down down down";
    for (stage, row) in vec![
        (stage().keys("ctrl-x F"), "Evening Post, 4 unread, ok"),
        (
            stage().keys("ctrl-x F").with_feeds(failing),
            "Evening Post, 1,200 unread, failing: the server did not answer",
        ),
        (stage().keys(form), "Paused           not ticked"),
        (stage().keys(form).keys("space"), "Paused           ticked"),
        (found_feeds(stage()), "ticked post  RSS, 20 articles, no dates"),
        (found_feeds(stage()).keys("tab"), "not ticked post  RSS, 20 articles"),
        (
            stage().send(Message::OperationFailed(failure("Cannot read a.txt"))),
            "Error: Cannot read a.txt",
        ),
        (stage(), "Ctrl-x commands"),
        (stage().keys(":").text("unsubscribe"), "Ctrl-x Shift-x"),
    ] {
        let screen = stage.screen_with(&Glyphs::WORDS);
        assert!(screen.contains(row), "{row}:\n{screen}");
    }
}

#[test]
fn accessible_cursor_comes_to_every_row_of_an_article() {
    let paragraphs: Vec<String> =
        (1..=40).map(|number| format!("<p>Paragraph {number}.</p>")).collect();
    let mut stage = plain_stage(&TITLES, true).html(1, &paragraphs.concat()).keys("right");
    let mut heard = Vec::new();
    for _ in 0..100 {
        let (_, y) = stage.cursor_with(&Glyphs::WORDS);
        let screen = stage.screen_with(&Glyphs::WORDS);
        heard.push(screen.lines().nth(usize::from(y)).unwrap().trim().to_owned());
        stage = stage.keys("down");
    }
    heard.dedup();
    assert!(heard[0].starts_with("Harbour bridge reopens"), "{heard:#?}");
    assert!(heard.iter().any(|row| row.starts_with("Evening Post - Anna Weil")), "{heard:#?}");
    let text: Vec<&String> = heard.iter().filter(|row| row.starts_with("Paragraph")).collect();
    let expected: Vec<String> = (1..=40).map(|number| format!("Paragraph {number}.")).collect();
    assert_eq!(text, expected.iter().collect::<Vec<_>>());
}

#[test]
fn accessible_form_says_the_help_of_a_field_once() {
    let screen = plain_stage(&TITLES, true).keys("ctrl-x F e down").screen_with(&Glyphs::WORDS);
    assert_eq!(screen.matches("A / B nests folder B in folder A").count(), 1, "{screen}");
}
