//! Parses arbitrary filters.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::query;

fuzz_target!(|text: &str| {
    let _ = query::parse(text, Default::default());
});
