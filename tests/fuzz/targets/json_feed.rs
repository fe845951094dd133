//! Parses arbitrary text as the items of a JSON Feed, repaired or not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::feed::{self, ParseHints};

fuzz_target!(|items: &str| {
    let text = format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{items}]}}");
    for text in [text.as_str(), items] {
        if let Ok(parsed) = feed::parse(text.as_bytes(), ParseHints::default()) {
            assert!(parsed.entries.len() <= text.len());
        }
    }
});
