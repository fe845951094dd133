//! Finding one's way in an article, and taking it along.

use newsreader::{
    app::{Effect, ExportTarget, Pane, TerminalRequest},
    markup::{ExportFormat, ExportHeader, parse_html},
    model::EntryId,
};

use crate::support::{Stage, stage};

/// Forty paragraphs under four headings; every tenth speaks of a bridge.
fn long() -> Stage {
    let paragraph = |number: usize| {
        let what = if number.is_multiple_of(10) { "the old bridge" } else { "nothing much" };
        let heading = if number % 10 == 1 {
            format!("## Part {}\n\n", number / 10 + 1)
        } else {
            String::new()
        };
        format!(
            "{heading}Paragraph {number} is about {what}, and it goes on for a while so that it fills two lines of a page.\n\n"
        )
    };
    stage(&["A bridge", "Another"])
        .markdown(1, &(1..=40).map(paragraph).collect::<String>())
        .keys("right")
}

fn top(stage: &Stage) -> String {
    stage.app.article_pane.view().unwrap().visible_lines()[0].text()
}

fn in_view(stage: &Stage, words: &str) -> bool {
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
fn what_is_typed_is_found_below_and_above() {
    let found = long().keys("ctrl-f").text("old bri");
    assert!(in_view(&found, "Paragraph 10 "));
    assert!(found.screen().contains("1 of 4"), "{}", found.screen());
    let second = found.keys("enter");
    assert!(in_view(&second, "Paragraph 20 ") && second.screen().contains("2 of 4"));
    let around = second.keys("enter enter enter");
    assert!(in_view(&around, "Paragraph 10 ") && around.screen().contains("1 of 4"));
    let back = around.keys("shift-tab");
    assert!(in_view(&back, "Paragraph 40 "));
    let closed = back.keys("esc");
    assert!(closed.app.overlay.is_none() && in_view(&closed, "Paragraph 40 "), "the place stays");
}

#[test]
fn what_is_not_there_is_said() {
    let nowhere = long().keys("ctrl-f").text("quantum");
    assert!(nowhere.screen().contains("not in this article"));
    assert!(top(&nowhere.keys("enter")).contains("Part 1"), "the article stays where it is");
}

#[test]
fn the_filters_hits_are_stepped_through() {
    let first = long().keys("left").text("bridge").keys("right ]");
    assert!(in_view(&first, "Paragraph 10 "));
    let next = first.keys("]");
    assert!(in_view(&next, "Paragraph 20 "));
    assert!(in_view(&next.keys("["), "Paragraph 10 "));
}

#[test]
fn headings_are_a_table_of_contents_and_a_jump_leads_back() {
    let contents = long().keys("c");
    assert!(contents.screen().contains("Part 3"), "{}", contents.screen());
    let there = contents.text("part 3").keys("enter");
    assert!(in_view(&there, "Part 3") && in_view(&there, "Paragraph 21 "));
    assert!(top(&there.keys("ctrl-o")).contains("Part 1"));
}

#[test]
fn a_footnote_is_listed_and_leads_back() {
    let text = "Words[^1].\n\n".to_owned() + &"Filler.\n\n".repeat(60) + "[^1]: The note itself.";
    let noted = stage(&["Notes"]).markdown(1, &text).keys("right l");
    assert!(noted.screen().contains("The note itself"), "{}", noted.screen());
    let there = noted.text("note itself").keys("enter");
    assert!(in_view(&there, "The note itself"));
    assert!(in_view(&there.keys("ctrl-o"), "Words¹"));
}

#[test]
fn a_click_on_a_reference_follows_it() {
    let text = "Words[^1].\n\n".to_owned() + &"Filler.\n\n".repeat(60) + "[^1]: The note itself.";
    let noted = stage(&["Notes"]).markdown(1, &text).keys("right");
    let (x, y) = noted.find("¹");
    assert!(in_view(&noted.click(x, y), "The note itself"));
}

#[test]
fn the_ruler_moves_line_by_line() {
    let ruled = long().keys("v");
    let row = |stage: &Stage| stage.app.article_pane.view().unwrap().ruler_row();
    let start = row(&ruled).unwrap();
    let below = ruled.keys("down down");
    assert_eq!(row(&below), Some(start + 2));
    let far = below.keys(&"down ".repeat(30));
    assert!(row(&far).unwrap() <= 12 && !top(&far).contains("Part 1"), "the text moves under it");
    assert_eq!(row(&far.keys("v")), None);
}

#[test]
fn an_article_is_taken_along() {
    let quoted = long().keys("\"");
    let [Effect::Terminal(TerminalRequest::CopyText(quote))] = &quoted.effects[..] else {
        panic!("{:?}", quoted.effects)
    };
    assert!(
        quote.starts_with("> Part 1\n") && quote.ends_with("— A bridge, https://example.org/1\n"),
        "{quote}"
    );
    assert_eq!(
        long().keys("Y").effects,
        [Effect::ExportArticle(EntryId(1), ExportTarget::Clipboard)]
    );
    assert_eq!(
        long().keys("P").effects,
        [Effect::ExportArticle(EntryId(1), ExportTarget::Printer)]
    );
    let named = long().keys("w");
    assert!(named.screen().contains("~/a-bridge.md"), "{}", named.screen());
    let written = named.keys("enter");
    assert_eq!(
        written.effects,
        [Effect::ExportArticle(EntryId(1), ExportTarget::File("~/a-bridge.md".into()))]
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
fn each_format_says_what_the_document_says() {
    let heading = ExportHeader {
        title: "1. A <title>".into(),
        details: vec!["Post".into(), "28 January 2026".into()],
        url: Some("https://example.org/".into()),
    };
    for format in [ExportFormat::Markdown, ExportFormat::Html, ExportFormat::PlainText] {
        insta::assert_snapshot!(
            format!("export_{format:?}"),
            parse_html(PAGE, None).export(&heading, format)
        );
    }
}

#[test]
fn what_is_written_as_html_is_read_again() {
    let document = parse_html(PAGE, None);
    let page = document.clone().export(&ExportHeader::default(), ExportFormat::Html);
    assert_eq!(parse_html(&page, None).plain_text(), document.plain_text());
}
