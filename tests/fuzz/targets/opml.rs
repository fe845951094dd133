//! Any text is a subscription list, or a reason why not; what was read is the same after it was written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::opml;

fuzz_target!(|text: &str| {
    let Ok(mut list) = opml::read(text) else { return };
    let mut again = opml::read(&opml::write("", &list.outlines)).expect("what was written can be read");
    // Folders are written together.
    for outlines in [&mut list.outlines, &mut again.outlines] {
        outlines.sort_by(|one, other| one.address.cmp(&other.address));
    }
    assert_eq!(again.outlines, list.outlines);
});
