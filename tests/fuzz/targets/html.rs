//! Any text is HTML; what it becomes holds no character that a terminal obeys, in any format.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::{
    extract,
    markup::{Format, Heading, Junk, html},
    text::clean,
};

fuzz_target!(|text: &str| {
    let rules: Vec<Junk> = Junk::ALL.iter().map(|(rule, _)| *rule).collect();
    let document = html(text, Some("https://example.org/page")).tidied(&rules, "A title");
    let words = document.plain_text();
    assert_eq!(clean::block(&words), words);
    document.export(&Heading::default(), Format::Markdown);
    let _ = extract::extract(text, "https://example.org/page", &[]);
});
