//! Parses arbitrary text as newsboat's `urls`, as its `config` and as a filter: each line is taken or noted, and
//! every view has a query that can be used.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use newsreader::{
    imports::{FlagNames, parse_newsboat_config, parse_newsboat_feeds, translate_filter},
    model::{ImportedLibrary, View},
};

fn check(imported: &ImportedLibrary) {
    let of_settings = imported.settings.iter().map(|setting| setting.source.line);
    let of_notes = imported.report.notes.iter().map(|note| note.place.line);
    let lines: BTreeSet<Option<u64>> = of_settings.chain(of_notes).collect();
    let read = imported.report.sources[0].read;
    assert!(lines.len() as u64 <= read + 1);
    assert!(imported.views.iter().all(|view| view.query.len() <= View::MAX_QUERY_BYTES));
}

fuzz_target!(|text: &str| {
    check(&parse_newsboat_config(text));
    let feeds = parse_newsboat_feeds(text);
    check(&feeds);
    assert!(feeds.feeds.len() as u64 <= feeds.report.sources[0].read);
    let _ = translate_filter(text, &FlagNames::default());
});
