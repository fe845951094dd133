//! Benchmarks of the feed parser.

use divan::{Bencher, black_box, counter::BytesCount};
use newsreader::feed::{self, ParseHints};

const PARAGRAPH: &str = "<p>The first surprise, says the woman who ran the night desk at <a \
    href=\"/vienna\">Vienna</a>, was who came: not the nostalgic, but the young, with laptops &amp; no car.</p>";

fn main() {
    divan::main();
}

/// Builds a document of 4 MiB: `head`, then items that `item` makes from their number, then `tail`.
fn document(head: &str, item: impl Fn(usize) -> String, tail: &str) -> String {
    let mut text = head.to_owned();
    let mut number = 0;
    while text.len() < 4 << 20 {
        text.push_str(&item(number));
        number += 1;
    }
    text + tail
}

fn rss() -> String {
    let item = |n: usize| {
        let body = PARAGRAPH.repeat(20);
        format!(
            "<item><title>Item {n}</title><link>https://example.org/{n}</link><guid>{n}</guid>\
             <pubDate>Wed, 28 Jan 2026 10:00:00 +0000</pubDate>\
             <description><![CDATA[{body}]]></description></item>\n"
        )
    };
    document("<rss version=\"2.0\"><channel><title>News</title>", item, "</channel></rss>")
}

fn atom() -> String {
    let item = |n: usize| {
        let body = PARAGRAPH.repeat(20).replace('&', "&amp;").replace('<', "&lt;");
        format!(
            "<entry><title>Entry {n}</title><link href=\"/{n}\"/><id>urn:{n}</id>\
             <updated>2026-01-28T10:00:00Z</updated><content type=\"html\">{body}</content></entry>\n"
        )
    };
    let head = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>News</title>";
    document(head, item, "</feed>")
}

fn json() -> String {
    let item = |n: usize| {
        let body = PARAGRAPH.repeat(20).replace('"', "\\\"");
        format!(
            "{{\"id\":\"{n}\",\"url\":\"https://example.org/{n}\",\"content_html\":\"{body}\"}},\n"
        )
    };
    let head = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"News\",\"items\":[";
    document(head, item, "{\"id\":\"last\",\"content_text\":\"\"}]}")
}

/// Decodes the bytes and scans them once: the lower bound for any parser.
#[divan::bench]
fn decode_only(bencher: Bencher<'_, '_>) {
    let text = rss();
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        std::str::from_utf8(black_box(text.as_bytes())).map(|text| text.matches('<').count())
    });
}

#[divan::bench(args = ["rss", "atom", "json"])]
fn parse_feed_4_mb(bencher: Bencher<'_, '_>, format: &str) {
    let text = match format {
        "rss" => rss(),
        "atom" => atom(),
        _ => json(),
    };
    let hints = ParseHints { content_type: None, location: Some("https://example.org/feed") };
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| feed::parse(black_box(text.as_bytes()), hints));
}

/// Parses 200 dates in the forms that feeds use.
#[divan::bench]
fn parse_200_dates(bencher: Bencher<'_, '_>) {
    let forms = [
        "Wed, 28 Jan 2026 10:00:00 +0000",
        "2026-01-28T10:00:00Z",
        "28 Jan 2026 10:00 EST",
        "mercredi 28 janvier 2026",
        "Jan 28, 2026 10:00 am",
    ];
    bencher.bench(|| {
        forms
            .iter()
            .cycle()
            .take(200)
            .filter_map(|form| feed::date::parse_date(black_box(form)))
            .count()
    });
}
