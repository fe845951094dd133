//! Properties of lines of text with markup in it.

use std::sync::Arc;

use proptest::prelude::*;

use super::{Flow, FlowLayout, LayoutLine, ScrollPosition};
use crate::markup::{Document, parse_html, parse_markdown};

/// Tags that style text and change nothing else.
const TAGS: [(&str, &str); 6] = [
    ("", ""),
    ("<b>", "</b>"),
    ("<i>", "</i>"),
    ("<code>", "</code>"),
    ("<s>", "</s>"),
    ("<u><b>", "</b></u>"),
];

/// Generates text of characters that belong to the one before them, and their like.
fn styled_part() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "s",
        "e",
        "x ",
        " ",
        "\u{301}",
        "\u{323}",
        "\u{344}",
        "\u{338}",
        "\u{200d}",
        "\u{200c}",
        "\u{200b}",
        "\u{ad}",
        "\u{fe0f}",
        "\u{20e3}",
        "👩",
        "💻",
        "🏽",
        "🇫",
        "🏴",
        "\u{e0067}",
        "\u{e007f}",
        "\u{1112}",
        "\u{1161}",
        "\u{11ab}",
        "한",
        "क",
        "\u{94d}",
        "\u{93f}",
        "ก",
        "\u{e33}",
        "ا",
        "\u{64e}",
        "\u{600}",
        "←",
        "\u{2060}",
        "か",
        "\u{3099}",
        "東",
    ]);
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

fn lines(document: Document, columns: u16) -> Vec<String> {
    let mut layout = FlowLayout::new(Arc::new(Flow::new(document)), columns);
    let lines = layout.visible_lines(ScrollPosition::default(), u16::MAX);
    lines.iter().map(LayoutLine::text).collect()
}

proptest! {
    #[test]
    fn layout_lines_are_those_of_text_without_markup(
        parts in prop::collection::vec((0..TAGS.len(), styled_part()), 1..12),
        width in 1_u16..40,
    ) {
        let plain: String = parts.iter().map(|(_, text)| text.as_str()).collect();
        let enclosed = |(tag, text): &(usize, String)| [TAGS[*tag].0, text, TAGS[*tag].1].concat();
        let marked: String = parts.iter().map(enclosed).collect();
        prop_assert_eq!(lines(parse_html(&marked, None), width), lines(parse_html(&plain, None), width), "{:?}", marked);
        // A line that begins with a tag may be a block of HTML.
        let [marked, plain] = [marked, plain].map(|text| format!("x{text}"));
        prop_assert_eq!(lines(parse_markdown(&marked), width), lines(parse_markdown(&plain), width), "{:?}", marked);
    }
}
