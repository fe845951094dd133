//! Parses arbitrary text as a subscription list: a list that could be read is the same after it
//! was written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::opml::{parse_opml, write_opml};

fuzz_target!(|text: &str| {
    let Ok(mut list) = parse_opml(text) else { return };
    let written = write_opml("", &list.outlines);
    let mut reread = parse_opml(&written).expect("a written list can be read");
    // The writer puts the outlines of a folder together, so the order may differ.
    for outlines in [&mut list.outlines, &mut reread.outlines] {
        outlines.sort_by(|one, other| one.xml_url.cmp(&other.xml_url));
    }
    assert_eq!(reread.outlines, list.outlines);
});
