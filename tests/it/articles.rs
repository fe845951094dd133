//! Navigating within an article, and copying, printing and exporting it.

use newsreader::{
    app::{Effect, ExportTarget, Pane, TerminalRequest},
    markup::{ExportFormat, ExportHeader, parse_html},
    model::{EntryId, ExistingFile},
};

use crate::support::{Stage, stage};

/// An open article of forty paragraphs under four headings; every tenth mentions a bridge.
fn long_article() -> Stage {
    let paragraph = |number: usize| {
        let topic = if number.is_multiple_of(10) { "the old bridge" } else { "nothing much" };
        let heading = if number % 10 == 1 {
            format!("## Part {}\n\n", number / 10 + 1)
        } else {
            String::new()
        };
        format!(
            "{heading}Paragraph {number} is about {topic}, and it goes on for a while so that it fills two lines of a page.\n\n"
        )
    };
    stage(&["A bridge", "Another"])
        .markdown(1, &(1..=40).map(paragraph).collect::<String>())
        .keys("right")
}

fn first_line(stage: &Stage) -> String {
    stage.app.article_pane.view().unwrap().visible_lines()[0].text()
}

fn shows_text(stage: &Stage, words: &str) -> bool {
    stage
        .app
        .article_pane
        .view()
        .unwrap()
        .visible_lines()
        .iter()
        .any(|line| line.text().contains(words))
}

#[test]
fn find_jumps_to_matches_and_wraps_around() {
    let first = long_article().keys("ctrl-f").text("old bri");
    assert!(shows_text(&first, "Paragraph 10 "));
    assert!(first.screen().contains("1 of 4"), "{}", first.screen());
    let second = first.keys("enter");
    assert!(shows_text(&second, "Paragraph 20 ") && second.screen().contains("2 of 4"));
    let around = second.keys("enter enter enter");
    assert!(shows_text(&around, "Paragraph 10 ") && around.screen().contains("1 of 4"));
    let back = around.keys("shift-tab");
    assert!(shows_text(&back, "Paragraph 40 "));
    let closed = back.keys("esc");
    assert!(
        closed.app.overlay.is_none() && shows_text(&closed, "Paragraph 40 "),
        "the place stays"
    );
}

#[test]
fn find_without_match_shows_notice() {
    let nowhere = long_article().keys("ctrl-f").text("quantum");
    assert!(nowhere.screen().contains("not in this article"));
    assert!(first_line(&nowhere.keys("enter")).contains("Part 1"), "the article stays where it is");
}

#[test]
fn bracket_keys_step_through_filter_hits() {
    let first = long_article().keys("left").text("bridge").keys("right");
    assert!(shows_text(&first, "Paragraph 10 "));
    let next = first.keys("]");
    assert!(shows_text(&next, "Paragraph 20 "));
    assert!(shows_text(&next.keys("["), "Paragraph 10 "));
}

#[test]
fn opening_filtered_article_shows_first_hit() {
    let listed = long_article().keys("left").text("bridge");
    let opened = listed.keys("right");
    assert!(shows_text(&opened, "Paragraph 10 "), "{}", opened.screen());
    assert!(opened.screen().contains("Hit 1 of 4 · ] next"), "{}", opened.screen());
    let scrolled = opened.keys("down down");
    assert!(scrolled.screen().contains("] [ hit 1 of 4"), "{}", scrolled.screen());
    let line = first_line(&scrolled);
    assert_eq!(
        first_line(&scrolled.size(81, 25).size(80, 24)),
        line,
        "only opening moves the text"
    );
    let reopened = long_article().keys("left").text("bridge").keys("right end left right");
    assert!(shows_text(&reopened, "Paragraph 10 "));
    assert!(shows_text(&reopened.keys("ctrl-o"), "Paragraph 40 "), "the place before is kept");
    let unfiltered = long_article().keys("end left right");
    assert!(shows_text(&unfiltered, "Paragraph 40 "));
}

#[test]
fn contents_menu_jumps_to_heading_and_back() {
    let contents = long_article().keys("c");
    assert!(contents.screen().contains("Part 3"), "{}", contents.screen());
    let there = contents.text("part 3").keys("enter");
    assert!(shows_text(&there, "Part 3") && shows_text(&there, "Paragraph 21 "));
    assert!(first_line(&there.keys("ctrl-o")).contains("Part 1"));
}

#[test]
fn footnote_link_jumps_to_note_and_back() {
    let text = "Words[^1].\n\n".to_owned() + &"Filler.\n\n".repeat(60) + "[^1]: The note itself.";
    let noted = stage(&["Notes"]).markdown(1, &text).keys("right l");
    assert!(noted.screen().contains("The note itself"), "{}", noted.screen());
    let there = noted.text("note itself").keys("enter");
    assert!(shows_text(&there, "The note itself"));
    assert!(shows_text(&there.keys("ctrl-o"), "Words¹"));
}

#[test]
fn click_on_footnote_mark_jumps_to_note() {
    let text = "Words[^1].\n\n".to_owned() + &"Filler.\n\n".repeat(60) + "[^1]: The note itself.";
    let noted = stage(&["Notes"]).markdown(1, &text).keys("right");
    let (x, y) = noted.find("¹");
    assert!(shows_text(&noted.click(x, y), "The note itself"));
}

#[test]
fn ruler_moves_line_by_line() {
    let ruled = long_article().keys("V");
    let row = |stage: &Stage| stage.app.article_pane.view().unwrap().ruler_row();
    let start = row(&ruled).unwrap();
    let below = ruled.keys("down down");
    assert_eq!(row(&below), Some(start + 2));
    let far = below.keys(&"down ".repeat(30));
    assert!(
        row(&far).unwrap() <= 12 && !first_line(&far).contains("Part 1"),
        "the text moves under it"
    );
    assert_eq!(row(&far.keys("V")), None);
}

#[test]
fn article_is_quoted_copied_printed_and_saved() {
    let quoted = long_article().keys("\"");
    let [Effect::Terminal(TerminalRequest::CopyText(quote))] = &quoted.effects[..] else {
        panic!("{:?}", quoted.effects)
    };
    assert!(
        quote.starts_with("> Part 1\n") && quote.ends_with("— A bridge, https://example.org/1\n"),
        "{quote}"
    );
    assert_eq!(
        long_article().keys("Y").effects,
        [Effect::ExportArticles(vec![EntryId(1)], ExportTarget::Clipboard)]
    );
    assert_eq!(
        long_article().keys("P").effects,
        [Effect::ExportArticles(vec![EntryId(1)], ExportTarget::Printer)]
    );
    let named = long_article().keys("w");
    assert!(named.screen().contains("~/a-bridge.md"), "{}", named.screen());
    let written = named.keys("enter");
    assert_eq!(
        written.effects,
        [Effect::ExportArticles(
            vec![EntryId(1)],
            ExportTarget::File("~/a-bridge.md".into(), ExistingFile::Keep)
        )]
    );
    assert_eq!(written.app.ui.focus, Pane::Article);
}

const PAGE: &str = "<h2>Part *one*</h2><p>Some <b>bold</b>, <i>soft</i> and <code>x_y</code> \
    words<sup><a href='#n'>1</a></sup>, <a href='https://example.org/a_b'>a link</a>.</p>\
    <ol start=3><li>three<li>four<ul><li>deep</ul></ol><blockquote><p>said<p>twice</blockquote>\
    <pre><code class=language-rust>let x = 1;\n\n// two</code></pre>\
    <table><tr><th>k<th>v<tr><td>a|b<td>c</table>\
    <figure><img src='https://example.org/a.png' alt='A tree'><figcaption>Seen</figcaption></figure>\
    <dl><dt>Term<dd>Meaning</dl><hr><p id=n>A note</p>";

#[test]
fn export_matches_snapshot_in_each_format() {
    let header = ExportHeader {
        title: "1. A <title>".into(),
        details: vec!["Post".into(), "28 January 2026".into()],
        url: Some("https://example.org/".into()),
    };
    for format in [ExportFormat::Markdown, ExportFormat::Html, ExportFormat::PlainText] {
        insta::assert_snapshot!(
            format!("export_{format:?}"),
            parse_html(PAGE, None).export(&header, format)
        );
    }
}

#[test]
fn html_export_parses_to_same_text() {
    let document = parse_html(PAGE, None);
    let page = document.clone().export(&ExportHeader::default(), ExportFormat::Html);
    assert_eq!(parse_html(&page, None).plain_text(), document.plain_text());
}
