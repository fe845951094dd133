//! Parses arbitrary bytes as a file of articles, or an archive of them: no text holds a character that a terminal
//! would act on, and every article of a feed has that feed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::{
    imports::parse_item_files,
    model::{ArticleOrigin, TagName},
    text::sanitize,
};

fuzz_target!(|bytes: &[u8]| {
    let Ok(files) = parse_item_files("file", bytes) else { return };
    for batch in &files.batches {
        if let ArticleOrigin::Feed(url) = &batch.origin {
            assert!(files.imported.feeds.iter().any(|feed| feed.url == *url));
        }
        for article in &batch.articles {
            assert!(!article.title.contains(char::is_control));
            assert_eq!(sanitize::to_text_block(&article.body.text), article.body.text);
            assert!(article.marks.tags.iter().all(|tag| TagName::parse(tag.as_str()).is_ok()));
        }
    }
});
