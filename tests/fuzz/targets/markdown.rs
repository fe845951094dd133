//! Parses arbitrary text as Markdown: the document's text holds no character that a terminal would
//! act on, and no export panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::{
    markup::{ExportFormat, ExportHeader, find_first_heading, parse_markdown},
    text::sanitize,
};

fuzz_target!(|text: &str| {
    let document = parse_markdown(text);
    let plain_text = document.plain_text();
    assert_eq!(sanitize::to_text_block(&plain_text), plain_text);
    find_first_heading(text);
    document.export(&ExportHeader::default(), ExportFormat::Html);
});
