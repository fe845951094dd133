//! Parses arbitrary text as a `urls` file of Newsboat: there are never more feeds than lines.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::opml::parse_newsboat_urls;

fuzz_target!(|text: &str| {
    assert!(parse_newsboat_urls(text).outlines.len() <= text.lines().count());
});
