//! Reading and laying out articles.

use std::sync::Arc;

use divan::{Bencher, black_box};
use newsreader::{
    documents,
    markup::{self, Flow, Layout, Place},
};

const PARAGRAPH: &str = "The first surprise, says the woman who ran the night desk at Vienna, was who came: not the \
    nostalgic, but the young, with laptops and no car. An old timetable, redrawn, is still a timetable; the carriages \
    are new but the paths are not — night trains thread between freight on lines laid out for mail. ";

fn main() {
    divan::main();
}

/// About `bytes` bytes of paragraphs, each between `before` and `after`.
fn text(bytes: usize, before: &str, after: &str) -> String {
    let one = format!("{before}{PARAGRAPH}{after}");
    one.repeat(bytes / one.len() + 1)
}

#[divan::bench]
fn parse_dated_plain_1_mb(bencher: Bencher<'_, '_>) {
    let file = format!("date 2026-01-28 {}", text(1 << 20, "", "\n\n"));
    bencher.bench(|| documents::parse("a.txt", black_box(file.as_bytes()), None));
}

#[divan::bench]
fn plain_500_kb(bencher: Bencher<'_, '_>) {
    let text = text(500_000, "", "\n\n");
    bencher.bench(|| markup::plain(black_box(&text)));
}

#[divan::bench]
fn html_1_mb(bencher: Bencher<'_, '_>) {
    let text = text(1 << 20, "<p><a href='https://example.org/'>More</a> ", "</p>\n");
    bencher.bench(|| markup::html(black_box(&text), None));
}

#[divan::bench]
fn markdown_1_mb(bencher: Bencher<'_, '_>) {
    let text = text(1 << 20, "*More* ", "\n\n");
    bencher.bench(|| markup::markdown(black_box(&text)));
}

#[divan::bench]
fn wrap_10k_words_at_80(bencher: Bencher<'_, '_>) {
    let flow = Arc::new(Flow::new(markup::plain(&text(57_000, "", "\n\n"))));
    bencher.bench(|| Layout::new(Arc::clone(&flow), 80).page(Place::default(), u16::MAX));
}

#[divan::bench]
fn first_page_of_500_kb(bencher: Bencher<'_, '_>) {
    let flow = Arc::new(Flow::new(markup::plain(&text(500_000, "", "\n\n"))));
    bencher.bench(|| {
        let mut layout = Layout::new(Arc::clone(&flow), 68);
        (layout.page(Place::default(), 40), layout.progress(Place::default(), 40))
    });
}

#[divan::bench]
fn one_line_down_in_500_kb(bencher: Bencher<'_, '_>) {
    let mut layout = Layout::new(Arc::new(Flow::new(markup::plain(&text(500_000, "", "\n\n")))), 68);
    let mut top = Place::default();
    bencher.bench_local(|| {
        top = layout.down(top, 1, 40);
        layout.page(top, 40)
    });
}
