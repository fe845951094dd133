//! The article's edges: its full text, its links and footnotes, hits of the filter, the cursor.

use newsreader::{
    app::{Message, Pane},
    model::{EntryId, FeedKind, SessionState, TextSource},
    settings::{SettingsLayer, merge_layers},
};

use crate::support::{Stage, stage, stage_with};

/// The article, whose full text is long, scrolled down in it.
fn in_full_text() -> Stage {
    let words = "A word of the page. ".repeat(400);
    stage(&["The bridge"])
        .full_text(1, &words, TextSource::Page)
        .send(Message::FullTextChanged(EntryId(1)))
        .keys("right page-down page-down")
}

#[test]
fn fetching_notice_ends_with_the_fetch() {
    let fetching = stage(&["The bridge"]).keys("right x");
    assert!(fetching.screen().contains("Fetching the full text"), "{}", fetching.screen());
    let arrived = fetching
        .full_text(1, "The whole text.", TextSource::Page)
        .send(Message::FullTextChanged(EntryId(1)));
    assert!(!arrived.screen().contains("Fetching"), "{}", arrived.screen());
}

#[test]
fn return_to_text_of_feed_shows_headline() {
    let scrolled = in_full_text();
    assert!(!scrolled.screen().contains("The bridge"), "{}", scrolled.screen());
    let back = scrolled
        .full_text(1, &"The feed's text. ".repeat(300), TextSource::Feed)
        .send(Message::FullTextChanged(EntryId(1)));
    assert!(back.screen().contains("The bridge"), "{}", back.screen());
    let edited = in_full_text()
        .full_text(1, &"Another word. ".repeat(400), TextSource::Page)
        .send(Message::FullTextChanged(EntryId(1)));
    assert!(!edited.screen().contains("The bridge"), "the same text keeps its place");
}

#[test]
fn jump_back_returns_to_headline() {
    let text = format!("# One\n\n{0}\n\n# Two\n\n{0}", "Some words. ".repeat(300));
    let opened = stage(&["The bridge"]).markdown(1, &text).keys("right");
    let jumped = opened.keys("c down enter");
    assert!(!jumped.screen().contains("The bridge"), "{}", jumped.screen());
    assert!(jumped.keys("ctrl-o").screen().contains("The bridge"));
    let short = stage(&["The bridge"]).markdown(1, "# One\n\na\n\n# Two\n\nb").keys("right");
    assert!(short.keys("c down enter").screen().contains("The bridge"), "everything fits");
}

#[test]
fn link_list_shows_words_and_no_back_links() {
    let html = "<p>See <a href='https://a.example/long/path'>the map</a>.<sup id=r1><a \
                href='#n1'>1</a></sup></p><p id=n1>The note. <a href='#r1'>back</a></p>";
    let links = stage(&["The bridge"]).html(1, html).keys("right l");
    let screen = links.screen();
    let row = screen.lines().find(|row| row.contains("1 the map")).unwrap();
    assert!(row.contains("https://a.example/long/path"), "{screen}");
    assert_eq!(screen.matches("in this article").count(), 1, "{screen}");
    let jumped = links.keys("down enter");
    assert_eq!(jumped.app.ui.focus, Pane::Article);
}

#[test]
fn hints_of_article_name_hits_of_filter() {
    let text = format!("A train.\n\n{}\n\nA train and a train.", "Some words. ".repeat(300));
    let opened = stage(&["The train", "Another train"]).body(1, &text).text("train").keys("enter");
    let passed = opened.keys("v");
    let hints = |stage: &Stage| stage.rows()[23].trim().to_owned();
    let passed = passed.keys("v").wait(9);
    assert!(hints(&passed).starts_with("] [ hit 1 of 3  Space page/next"), "{}", hints(&passed));
    let second = passed.keys("]").wait(9);
    assert!(hints(&second).starts_with("] [ hit 2 of 3"), "{}", hints(&second));
    let without = second.keys("n").wait(9);
    assert!(hints(&without).starts_with("↑↓ scroll"), "{}", hints(&without));
}

#[test]
fn find_bar_names_its_keys() {
    let find = stage(&["a"]).body(1, "word word").keys("right ctrl-f").text("word").size(100, 24);
    let screen = find.screen();
    assert!(screen.contains("1 of 2  Enter next  Shift-Tab previous"), "{screen}");
}

#[test]
fn cursor_covers_no_letter_of_the_article() {
    for size in [(120, 40), (80, 24), (40, 15)] {
        let stage = stage(&["The bridge"]).keys("right").size(size.0, size.1);
        let (x, y) = stage.cursor();
        let row: Vec<char> = stage.rows()[usize::from(y)].chars().collect();
        assert_eq!(row[usize::from(x)], ' ', "{}", stage.screen());
        assert_eq!(row[usize::from(x) + 1], 'T', "it stands beside the text");
    }
    let layer = SettingsLayer::from_values("a test", &[("accessible".into(), "true".into())]);
    let settings = merge_layers(vec![layer]).0;
    let stage = stage_with(&["The bridge"], settings, SessionState::default()).keys("right");
    assert_eq!(stage.cursor(), stage.find("The bridge"), "a screen reader reads from there");
}

#[test]
fn samples_banner_keeps_its_keys_at_every_width() {
    let full = "Sample articles · ^X a or a pasted URL adds a feed · ^X 0 hides the samples";
    for (width, height, text) in [
        (80, 24, full),
        (60, 20, "Sample articles · ^X a add feed · ^X 0 hide samples"),
        (40, 15, "^X a add feed · ^X 0 hide samples"),
        (30, 15, "^X 0 hide samples"),
    ] {
        let samples = stage(&["a"]).with_feeds(|feeds| feeds[0].kind = FeedKind::Samples);
        assert_eq!(samples.size(width, height).rows()[1].trim(), text);
    }
}

#[test]
fn tab_completes_name_by_any_word_and_stays_with_unknown_name() {
    let typed = stage(&["a"]).text("in:post");
    assert!(typed.screen().contains("in:post  \"Evening Post\""), "{}", typed.screen());
    let completed = typed.keys("tab");
    assert_eq!(completed.app.filter_bar.text(), "in:\"Evening Post\"");
    let left = completed.keys("tab");
    assert_eq!(left.app.ui.focus, Pane::Article, "the name is whole");
    let unknown = stage(&["a"]).text("in:zzz").keys("tab");
    assert!(unknown.screen().contains("No name matches “zzz”"), "{}", unknown.screen());
    assert_eq!(unknown.text("1").app.filter_bar.text(), "in:zzz1");
}
