//! Parses and completes arbitrary filters.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::query::{self, CompletionSources};

fuzz_target!(|text: &str| {
    let _ = query::parse(text, Default::default());
    let sources = CompletionSources {
        feeds: vec!["The Guardian", "Le Café"],
        folders: vec!["World"],
        tags: vec!["daily"],
    };
    let _ = query::complete_query(text, &sources);
    let _ = query::find_unknown_name(text, &sources);
});
