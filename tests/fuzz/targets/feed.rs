//! Any bytes are a feed document, or a reason why not; what is read has no character that a terminal obeys.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::feed::{self, Hints};

fuzz_target!(|bytes: &[u8]| {
    let hints = Hints { content_type: None, location: Some("https://example.org/feed") };
    if let Ok(parsed) = feed::parse(bytes, hints) {
        assert!(parsed.entries.len() <= bytes.len());
    }
});
