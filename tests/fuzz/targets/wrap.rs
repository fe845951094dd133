//! Any text fits into any width, line by line, and every grapheme of a line is written into its cells once.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use newsreader::{
    markup::{Flow, Layout, Place, html, markdown, plain},
    text::{
        bidi::{Writer, arrange},
        width,
    },
};

fuzz_target!(|input: (u8, &str)| {
    let (columns, text) = input;
    let columns = u16::from(columns % 120) + 1;
    for document in [plain(text), markdown(text), html(text, None)] {
        let mut layout = Layout::new(Arc::new(Flow::new(document)), columns);
        for line in layout.page(Place::default(), u16::MAX) {
            let text = line.text();
            assert!(width(&text) <= usize::from(columns));
            if let Some(order) = &line.order {
                let marks = line.source.map_or(0, |source| source.marks);
                let glyphs = arrange(&text[marks..], order, Writer::Visual);
                let cells: usize = glyphs.iter().map(|glyph| width(&glyph.text)).sum();
                assert_eq!(cells, width(&text[marks..]));
            }
        }
    }
});
