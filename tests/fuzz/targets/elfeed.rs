//! Parses arbitrary text as the index of elfeed's database: every article is counted, and none names a file
//! outside of the database.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::imports::parse_elfeed_index;

fuzz_target!(|text: &str| {
    let Ok((imported, articles)) = parse_elfeed_index(text) else { return };
    let read = imported.report.sources[0].read;
    let batches = articles.map(|batch| batch.expect("reading a text cannot fail"));
    let taken: usize = batches.map(|batch| batch.articles.len()).sum();
    assert_eq!(taken as u64 + imported.report.articles.damaged, read);
});
