//! Screens worth seeing, at sizes that matter.

use std::collections::BTreeMap;

use newsreader::{
    app::Message,
    settings::{SettingsLayer, merge_layers},
    ui::Glyphs,
};

use crate::support::{Stage, failure, stage, staged};

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

fn scene() -> Stage {
    stage(&TITLES).body(1, BODY).keys("down up")
}

macro_rules! screens {
    ($($name:ident: $stage:expr;)+) => { $(
        #[test]
        fn $name() {
            for (width, height) in [(120, 40), (80, 24), (40, 15)] {
                let stage = $stage.size(width, height);
                insta::assert_snapshot!(format!("{}_{width}x{height}", stringify!($name)), stage.screen());
            }
        }
    )+ };
}

screens! {
    the_list: scene().keys("alt-s down down alt-m");
    an_article: scene().keys("right");
    finding: scene().keys("right ctrl-f").text("was");
    a_filter: scene().text("the");
    no_match: scene().text("quantm");
    a_complaint: scene().text("the").send(Message::Paste(" on:2026-".to_owned()));
    a_histogram: stage(&["The same again"; 60]).text("the").keys("down");
    a_completion: scene().text("is:un");
    the_help: scene().keys("?");
    the_palette: scene().keys(":").text("star");
    the_menu: scene().keys("ctrl-x").wait(1);
    the_feeds: scene().keys("left");
    nothing_yet: stage(&[]);
    a_failure: scene().send(Message::OperationFailed(failure("Cannot read old.txt: it is not text")));
    adding: scene().keys("ctrl-x a").text("~/news");
}

#[test]
fn three_panes_and_slivers() {
    for (width, height) in [(160, 45), (60, 20), (60, 40), (20, 5), (7, 3), (2, 2), (1, 1)] {
        insta::assert_snapshot!(
            format!("sizes_{width}x{height}"),
            scene().size(width, height).screen()
        );
    }
}

#[test]
fn ascii_marks_and_words_for_those_who_ask() {
    insta::assert_snapshot!("ascii", scene().keys("alt-s").screen_with(&Glyphs::ASCII));
    let layer =
        SettingsLayer::from_values("a test", &[("accessible".to_owned(), "true".to_owned())]);
    let settings = merge_layers(vec![layer]).0;
    insta::assert_snapshot!(
        "accessible",
        staged(&TITLES, settings, BTreeMap::default()).keys("alt-s").screen()
    );
}

#[test]
fn the_looks_of_a_filtered_list() {
    insta::assert_snapshot!("looks", scene().text("the").size(60, 12).looks());
}

#[test]
fn a_long_failure_can_be_read_in_full() {
    let sentence = "Cannot read /home/anna/archive/2026/a/rather/long/path/to/an/old.txt: it is not a text file";
    let stage =
        scene().send(Message::OperationFailed(failure(sentence))).keys("ctrl-x e").size(40, 15);
    insta::assert_snapshot!("failures_in_full_40x15", stage.screen());
}
