//! Parses arbitrary text as HTML, and extracts an article from it: the document's text holds no
//! character that a terminal would act on, and neither export nor extraction panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::{
    extract,
    markup::{BoilerplateRule, ExportFormat, ExportHeader, parse_html},
    text::sanitize,
};

fuzz_target!(|text: &str| {
    let rules = BoilerplateRule::ALL.map(|(rule, _)| rule);
    let document =
        parse_html(text, Some("https://example.org/page")).without_boilerplate(&rules, "A title");
    let plain_text = document.plain_text();
    assert_eq!(sanitize::to_text_block(&plain_text), plain_text);
    document.export(&ExportHeader::default(), ExportFormat::Markdown);
    let _ = extract::extract_article(text, "https://example.org/page", &[]);
});
