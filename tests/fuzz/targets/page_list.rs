//! Parses arbitrary text as a list of pages: each is taken or noted, and leads to the web.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::imports::parse_page_list;

fuzz_target!(|text: &str| {
    let Ok(list) = parse_page_list("list", text) else { return };
    let articles = list.batches.iter().flat_map(|batch| &batch.articles);
    let links: Vec<&str> = articles.filter_map(|article| article.link.as_deref()).collect();
    assert!(links.iter().all(|link| link.starts_with("http")));
    assert!(links.len() as u64 <= list.imported.report.sources[0].read);
});
