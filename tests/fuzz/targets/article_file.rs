//! Parses arbitrary bytes as article files of every type (dated text, Markdown, HTML, mail): no file
//! that is read has a blank title, and every body can be rendered.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::documents::{parse_file, render_body};

fuzz_target!(|bytes: &[u8]| {
    for name in ["a.txt", "a.md", "a.html", "a.eml", "new/a"] {
        let Ok(read) = parse_file(name, bytes, None) else { continue };
        assert!(!read.entry.title.is_empty());
        assert!(!read.entry.title.contains(char::is_control));
        render_body(&read.entry.body);
    }
});
