//! Parses arbitrary bytes as a feed document: the parser never panics, and a document never has
//! more entries than bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::feed::{self, ParseHints};

fuzz_target!(|bytes: &[u8]| {
    let hints = ParseHints { content_type: None, location: Some("https://example.org/feed") };
    if let Ok(parsed) = feed::parse(bytes, hints) {
        assert!(parsed.entries.len() <= bytes.len());
    }
});
