//! Lays out arbitrary text at arbitrary widths: no line is wider than its layout, and reordering a
//! right-to-left line keeps its width.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use newsreader::{
    markup::{
        Flow, FlowLayout, LayoutLine, ScrollPosition, parse_html, parse_markdown, parse_plain_text,
    },
    text::{
        bidi::{BidiMode, reorder_line},
        width,
    },
};

fuzz_target!(|input: (u8, &str)| {
    let (columns, text) = input;
    let columns = u16::from(columns % 120) + 1;
    for document in [parse_plain_text(text), parse_markdown(text), parse_html(text, None)] {
        let mut layout = FlowLayout::new(Arc::new(Flow::new(document)), columns);
        for line in layout.visible_lines(ScrollPosition::default(), u16::MAX) {
            assert!(width(&line.text()) <= usize::from(columns));
            check_visual_order(&line);
        }
    }
});

fn check_visual_order(line: &LayoutLine) {
    let Some(order) = &line.visual_order else { return };
    let text = line.text();
    // The order covers the text behind the marks at the beginning of the line.
    let reordered = &text[line.source.map_or(0, |source| source.prefix_bytes)..];
    let graphemes = reorder_line(reordered, order, BidiMode::Visual);
    let cells: usize = graphemes.iter().map(|grapheme| width(&grapheme.text)).sum();
    assert_eq!(cells, width(reordered));
}
