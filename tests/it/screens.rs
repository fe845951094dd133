//! Snapshots of whole screens at common and unusual sizes.

use chrono::TimeDelta;
use newsreader::{
    app::Message,
    documents::{RenderContext, render_article},
    markup::{CancelFlag, Emphasis, ExportFormat, ExportHeader},
    model::{Attachments, BodyFormat, EntryBody, FeedId, PublicationDate},
    settings::{SettingsLayer, merge_layers},
    ui::Glyphs,
};

use crate::support::{self, Stage, failure, partial_results, stage, stage_with};

const TITLES: [&str; 9] = [
    "Harbour bridge reopens after a repair that took two years and a winter",
    "東京の天気：週末は雪の予報",
    "A small compiler for a small language",
    "חדשות: הרכבת המהירה לירושלים",
    "How the night train came back",
    "Drought enters its third year in the valley",
    "مدينة تفتح مكتبتها ليلا",
    "City council votes for a centre without cars",
    "👩‍👩‍👧 A family of emoji",
];

const BODY: &str = "For thirty years the sleeper was the train that everyone remembered and nobody took. Then, within four \
summers, the bookings doubled, and doubled again.\n\nThe first surprise was who came: not the nostalgic but the young, with \
laptops and no car. See https://example.org/trains for a map.\n\n> You sell people the hours they were not going to use \
anyway.\n\n    $ trains --night --from A --to B\n\nNone of it pays without help.";

fn sample_stage() -> Stage {
    stage(&TITLES).body(1, BODY).keys("down up")
}

/// A filter without hits, and a similar one that has some.
fn unmatched_stage() -> Stage {
    let stage = sample_stage().text("quantm");
    let id = stage.app.entry_list.latest_request().unwrap();
    stage.send(Message::FilterSuggested(id, "quantum".to_owned()))
}

/// Articles of a feed with a long name, whose name is also the author of the first one, beside
/// another feed; their dates are of several years.
fn two_feed_stage() -> Stage {
    let name = "The Journal of Slow Trains and the People Who Wait for Them";
    let mut stage = sample_stage().body(2, BODY);
    stage.entries[0].author = Some(name.to_owned());
    for (entry, days) in stage.entries.iter_mut().skip(3).zip([1, 2, 30, 400, 3_000, 9_000]) {
        entry.published = PublicationDate::Instant(support::now().at - TimeDelta::days(days));
    }
    stage.entries[8].published = PublicationDate::Day(support::now().today());
    let stage = stage.with_feeds(|feeds| {
        let mut other = feeds[0].clone();
        name.clone_into(&mut feeds[0].title);
        other.id = FeedId(2);
        feeds.push(other);
    });
    stage.keys("ctrl-x h ctrl-x h").wait(9)
}

/// Articles with tags: of the user's, for a time, hidden, and more than fit.
fn tagged_stage() -> Stage {
    let mut stage = sample_stage();
    let friday = support::now().start_of_day("2026-11-27".parse().unwrap()).unwrap();
    let tags = |names: &[&str]| -> Vec<_> { names.iter().map(|name| support::tag(name)).collect() };
    stage.entries[0].tags = tags(&["transport"]);
    stage.entries[1].tags = tags(&["later", "weather"]);
    stage.entries[2].tags = tags(&["hidden", "rust"]);
    stage.entries[2].tags[0].until = Some(friday.timestamp());
    stage.entries[2].state.hidden = true;
    stage.entries[4].tags =
        tags(&["travel", "to-read", "europe", "night", "climate", "railways", "urgent"]);
    stage.keys("ctrl-x h ctrl-x h").wait(9)
}

/// An article of dated plain text, whose title is its first sentence.
fn dated_stage() -> Stage {
    let text = "Syria’s president, Ahmad Al-Sharaa, was received in Moscow on Wednesday, January 28, for talks with \
Vladimir Putin (https://example.org/talks). The two leaders spoke about closer ties.\n\nPutin opened the meeting.";
    let title = text.split(". The").next().unwrap();
    let body = EntryBody { format: BodyFormat::Plain, text: text.to_owned() };
    let context = RenderContext {
        title,
        link: None,
        attached: &Attachments::default(),
        boilerplate: &[],
        cancel: &CancelFlag::default(),
    };
    let mut stage = stage(&[title]).document(1, render_article(&body, &context));
    stage.entries[0].published = PublicationDate::Day(support::now().today());
    stage.entries[0].author = None;
    stage.keys("ctrl-x h ctrl-x h").wait(9)
}

/// An article in which characters go on behind markup, and marks have no letter before them.
fn marks_stage() -> Stage {
    let text = "Règle~~s~~\u{301}, **s**\u{301}taient, *x*\u{323}y, `q`\u{323}, [n](https://example.org)\u{303}o, \
                👩**\u{200d}💻**!, **👍**🏽, **\u{1112}**\u{1161}\u{11ab}글, हि**न्दी**.\n\n\u{301}first\n\n- \u{301}second\n\n\
                > **\u{301}**third  \n> \u{301}fourth\n\n| a | \u{301}b |\n|---|---|\n| *x*\u{323} | y |\n\n\
                tab\t**after**\ttab";
    stage(&["Marks"]).markdown(1, text).keys("right")
}

/// Defines a test for each screen, which compares it with snapshots at four sizes.
macro_rules! screens {
    ($($name:ident: $stage:expr;)+) => { $(
        #[test]
        fn $name() {
            for (width, height) in [(120, 40), (80, 24), (60, 20), (40, 15)] {
                let stage = $stage.size(width, height);
                insta::assert_snapshot!(format!("{}_{width}x{height}", stringify!($name)), stage.screen());
            }
        }
    )+ };
}

screens! {
    long_feed_name: two_feed_stage();
    long_feed_name_article: two_feed_stage().keys("right");
    dated_text: dated_stage().keys("right");
    entry_list: sample_stage().keys("alt-s down down alt-m");
    article: sample_stage().keys("right");
    marked_rows: sample_stage().keys("alt-v down alt-v alt-v");
    bulk_question: stage(&["The same again"; 60]).keys("ctrl-x A");
    act_on: sample_stage().keys("alt-v down alt-;");
    act_on_chosen: sample_stage().keys("alt-; enter");
    filter_by: sample_stage().keys("alt-=");
    find_bar: sample_stage().keys("right ctrl-f").text("was");
    filter: sample_stage().text("the");
    filter_in_feed: sample_stage().in_feed_of_many(12_389).text("the");
    no_match_in_feed: sample_stage().in_feed_of_many(12_389).text("xyz");
    slow_filter: sample_stage().paste_filter("re:tra.n", partial_results(&[]));
    slow_filter_with_hits: sample_stage().paste_filter("re:tra.n", partial_results(&[7, 5]));
    no_match: unmatched_stage();
    filter_error: sample_stage().text("the").send(Message::Paste(" on:2026-".to_owned()));
    filter_unknown_field: sample_stage().text("the").send(Message::Paste(" titel:train".to_owned()));
    histogram: stage(&["The same again"; 60]).text("the").keys("down");
    filter_completion: sample_stage().text("is:un");
    help: sample_stage().keys("?");
    command_palette: sample_stage().keys(":").text("star");
    command_menu: sample_stage().keys("ctrl-x").wait(1);
    sidebar: sample_stage().keys("left");
    empty_library: stage(&[]);
    failure_notice: sample_stage().send(Message::OperationFailed(failure("Cannot read old.txt: it is not text")));
    long_notice: sample_stage().send(Message::OperationFailed(failure(
        "Cannot play “Fog signals & what they say”: the player mpv cannot be started: there is no such file or folder",
    )));
    long_notice_with_keys: sample_stage().send(Message::UrlNotOpened(
        "https://example.org/1".to_owned(),
        failure("Cannot open https://example.org/1: the desktop has no browser; the setting `browser` names one"),
    ));
    marks_after_markup: marks_stage();
    marks_after_matches: marks_stage().keys("ctrl-f").text("s");
    tags: tagged_stage();
    tags_in_article: tagged_stage().keys("down down right");
    tag_prompt: tagged_stage().keys("alt-t").text("hidden until t");
    snooze: tagged_stage().keys("alt-z");
    add_feed: sample_stage().keys("ctrl-x a").text("~/news");
}

#[test]
fn first_sentence_of_dated_text_is_bold_in_place_and_exported_once() {
    let stage = dated_stage().size(120, 40);
    let view = stage.app.article_pane.view().unwrap();
    assert!(view.headline().is_empty());
    assert_eq!(view.links().len(), 1);
    let spans = view.visible_lines().iter().flat_map(|line| &line.spans);
    let bold: String = spans
        .filter(|span| span.emphasis.contains(Emphasis::STRONG))
        .map(|span| span.text.as_str())
        .collect();
    assert!(bold.starts_with("Syria") && bold.contains("/talks)."), "{bold}");
    assert!(!bold.contains("leaders"), "{bold}");
    let document = stage.bodies.values().next().unwrap();
    let header = ExportHeader { title: stage.entries[0].title.clone(), ..ExportHeader::default() };
    for format in [ExportFormat::Markdown, ExportFormat::Html, ExportFormat::PlainText] {
        let exported = document.clone().export(&header, format);
        let body = exported.split("</head>").last().unwrap();
        assert_eq!(body.matches("Al-Sharaa").count(), 1, "{exported}");
    }
}

#[test]
fn screen_matches_snapshot_at_unusual_sizes() {
    for (width, height) in [(160, 45), (60, 20), (60, 40), (20, 5), (7, 3), (2, 2), (1, 1)] {
        insta::assert_snapshot!(
            format!("sizes_{width}x{height}"),
            sample_stage().size(width, height).screen()
        );
    }
    assert_eq!(sample_stage().size(0, 0).screen().trim(), "");
}

#[test]
fn ascii_and_accessible_screens_match_snapshots() {
    insta::assert_snapshot!("ascii", sample_stage().keys("alt-s").screen_with(&Glyphs::ASCII));
    let layer =
        SettingsLayer::from_values("a test", &[("accessible".to_owned(), "true".to_owned())]);
    let settings = merge_layers(vec![layer]).0;
    let stage =
        || stage_with(&TITLES, settings.clone(), newsreader::model::SessionState::default());
    let starred = stage().keys("alt-s");
    insta::assert_snapshot!("accessible", starred.screen_with(&Glyphs::WORDS));
    let small = starred.size(40, 15);
    insta::assert_snapshot!("accessible_40x15", small.screen_with(&Glyphs::WORDS));
    assert_eq!(small.cursor_with(&Glyphs::WORDS), (0, 2));
    // A click below the rows of the selected headline selects the entry that is drawn there.
    let clicked = stage().size(40, 15);
    let (x, y) = clicked.find("A small compiler");
    assert_eq!(clicked.click(x, y).selected(), TITLES[2]);
}

#[test]
fn hint_lines_show_whole_hints_on_narrow_screens() {
    // The command menu has other hints there, because it has pages.
    let dialogs = [
        "",
        "down right",
        "ctrl-x f",
        "ctrl-x F",
        "ctrl-x F e",
        "ctrl-x F /",
        "ctrl-x a",
        "ctrl-x I",
        "ctrl-x w",
        "ctrl-x l",
        "ctrl-x D",
        "ctrl-x S",
        "ctrl-x g",
        ":",
        "?",
    ];
    for keys in dialogs {
        let hints = |width: u16, height: u16| {
            let screen = sample_stage().size(width, height).keys(keys).screen();
            screen.lines().last().unwrap_or_default().trim_end().to_owned()
        };
        let all = hints(300, 40);
        for (width, height) in [(40, 15), (60, 20)] {
            let line = hints(width, height);
            let rest = all.strip_prefix(&line).filter(|_| !line.is_empty());
            let is_whole = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("  "));
            assert!(is_whole, "{keys} at {width}x{height}: {line}, of {all}");
        }
    }
    let table = sample_stage().size(40, 15).keys("ctrl-x F").screen();
    assert!(table.trim_end().ends_with(" e edit  x unsubscribe  r refresh"), "{table}");
}

#[test]
fn filtered_list_styles_match_snapshot() {
    insta::assert_snapshot!(
        "filtered_list_styles",
        sample_stage().text("the").size(60, 12).cell_styles()
    );
}

#[test]
fn list_of_slow_filter_is_dimmed() {
    let stage = sample_stage().paste_filter("re:x", partial_results(&[])).size(40, 8);
    insta::assert_snapshot!("slow_filter_styles", stage.cell_styles());
}

#[test]
fn failure_list_wraps_long_message() {
    let sentence = "Cannot read /home/anna/archive/2026/a/rather/long/path/to/an/old.txt: it is not a text file";
    let stage = sample_stage()
        .send(Message::OperationFailed(failure(sentence)))
        .keys("ctrl-x e")
        .size(40, 15);
    insta::assert_snapshot!("failure_list_40x15", stage.screen());
}
