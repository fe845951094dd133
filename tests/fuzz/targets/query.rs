//! Parses, checks, completes and extends arbitrary filters, and looks for each in its own text: a
//! short filter without a mistake has none with another term.
#![no_main]

use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;
use newsreader::query::{self, CompletionSources};

fuzz_target!(|text: &str| {
    let today = NaiveDate::default();
    query::parse(text, today).highlight_ranges(text);
    let extended = query::add_term(text, "tag:later", today);
    match query::find_mistake(text, today) {
        Some(mistake) => {
            mistake.character_number(text);
            mistake.describe(text);
        }
        // With another term, a longer one may have too many, or too deep a nesting.
        None if text.len() < 30 => assert_eq!(query::find_mistake(&extended, today), None),
        None => {}
    }
    let sources = CompletionSources {
        feeds: vec!["The Guardian", "Le Café"],
        folders: vec!["World"],
        tags: vec!["daily"],
    };
    let _ = query::complete_query(text, &sources);
    let _ = query::find_unknown_name(text, &sources);
});
