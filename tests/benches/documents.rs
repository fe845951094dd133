//! Benchmarks of parsing, extracting and laying out articles.

use std::sync::Arc;

use divan::{Bencher, black_box, counter::BytesCount};
use newsreader::{
    documents, extract,
    markup::{self, BoilerplateRule, Flow, FlowLayout, ScrollPosition},
};

const PARAGRAPH: &str = "The first surprise, says the woman who ran the night desk at Vienna, was who came: not the \
    nostalgic, but the young, with laptops and no car. An old timetable, redrawn, is still a timetable; the carriages \
    are new but the paths are not — night trains thread between freight on lines laid out for mail. ";

fn main() {
    divan::main();
}

/// Returns about `bytes` bytes of paragraphs, each between `before` and `after`.
fn text(bytes: usize, before: &str, after: &str) -> String {
    let one = format!("{before}{PARAGRAPH}{after}");
    one.repeat(bytes / one.len() + 1)
}

#[divan::bench]
fn parse_dated_plain_1_mb(bencher: Bencher<'_, '_>) {
    let file = format!("date 2026-01-28 {}", text(1 << 20, "", "\n\n"));
    bencher.bench(|| documents::parse_file("a.txt", black_box(file.as_bytes()), None));
}

#[divan::bench]
fn parse_plain_500_kb(bencher: Bencher<'_, '_>) {
    let text = text(500_000, "", "\n\n");
    bencher.bench(|| markup::parse_plain_text(black_box(&text)));
}

#[divan::bench]
fn parse_html_1_mb(bencher: Bencher<'_, '_>) {
    let text = text(1 << 20, "<p><a href='https://example.org/'>More</a> ", "</p>\n");
    bencher.counter(BytesCount::of_str(&text)).bench(|| markup::parse_html(black_box(&text), None));
}

/// Parses HTML with as many tags as real pages have.
#[divan::bench]
fn parse_html_1_mb_dense(bencher: Bencher<'_, '_>) {
    let one = "<div class='c'><p>Some <b>bold</b> and <a href='/x'>linked</a> words, and <i>more</i>.</p></div>\n";
    let text = one.repeat((1 << 20) / one.len());
    bencher.counter(BytesCount::of_str(&text)).bench(|| markup::parse_html(black_box(&text), None));
}

/// Opens an article: from its stored HTML to the lines of the first screen.
#[divan::bench(args = [500_000, 5_000_000])]
fn open_html(bencher: Bencher<'_, '_>, bytes: usize) {
    let text = text(bytes, "<p><a href='https://example.org/'>More</a> ", "</p>\n");
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let rules = [
            BoilerplateRule::ShareLinks,
            BoilerplateRule::ReadMore,
            BoilerplateRule::RepeatedImage,
            BoilerplateRule::RepeatedTitle,
        ];
        let document =
            markup::parse_html(black_box(&text), None).without_boilerplate(&rules, "A title");
        FlowLayout::new(Arc::new(Flow::new(document)), 68)
            .visible_lines(ScrollPosition::default(), 40)
    });
}

#[divan::bench]
fn wrap_arabic_500_kb(bencher: Bencher<'_, '_>) {
    let paragraph = "قال وزير الخارجية (الأربعاء) إن الاجتماع الذي عقد في 2026 كان مثمرا، وأضاف أن الطرفين اتفقا على المتابعة.\n\n";
    let text = paragraph.repeat(500_000 / paragraph.len());
    let flow = Arc::new(Flow::new(markup::parse_plain_text(&text)));
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        FlowLayout::new(Arc::clone(&flow), 68).visible_lines(ScrollPosition::default(), u16::MAX)
    });
}

#[divan::bench]
fn extract_1_mb(bencher: Bencher<'_, '_>) {
    let body = text(1 << 20, "<p>", "</p>\n");
    let page = format!(
        "<html><head><title>T</title></head><body><nav>Home</nav><article>{body}</article></body></html>"
    );
    bencher.counter(BytesCount::of_str(&page)).bench(|| {
        extract::extract_article(black_box(&page), "https://example.org/", &[])
            .map(|article| article.html.len())
    });
}

#[divan::bench]
fn parse_markdown_1_mb(bencher: Bencher<'_, '_>) {
    let text = text(1 << 20, "*More* ", "\n\n");
    bencher.bench(|| markup::parse_markdown(black_box(&text)));
}

#[divan::bench]
fn wrap_10k_words_at_80(bencher: Bencher<'_, '_>) {
    let flow = Arc::new(Flow::new(markup::parse_plain_text(&text(57_000, "", "\n\n"))));
    bencher.bench(|| {
        FlowLayout::new(Arc::clone(&flow), 80).visible_lines(ScrollPosition::default(), u16::MAX)
    });
}

#[divan::bench]
fn first_page_of_500_kb(bencher: Bencher<'_, '_>) {
    let flow = Arc::new(Flow::new(markup::parse_plain_text(&text(500_000, "", "\n\n"))));
    bencher.bench(|| {
        let mut layout = FlowLayout::new(Arc::clone(&flow), 68);
        (
            layout.visible_lines(ScrollPosition::default(), 40),
            layout.progress_percent(ScrollPosition::default(), 40),
        )
    });
}

#[divan::bench]
fn one_line_down_in_500_kb(bencher: Bencher<'_, '_>) {
    let mut layout = FlowLayout::new(
        Arc::new(Flow::new(markup::parse_plain_text(&text(500_000, "", "\n\n")))),
        68,
    );
    let mut top = ScrollPosition::default();
    bencher.bench_local(|| {
        top = layout.scroll_down(top, 1, 40);
        layout.visible_lines(top, 40)
    });
}
