//! What holds for any list.

use proptest::prelude::*;

use super::*;

/// Any text that a list keeps as it is.
fn kept(pattern: &'static str) -> impl Strategy<Value = String> {
    pattern.prop_map(|text: String| {
        text.chars().filter(|&c| escape::is_held(c)).collect::<String>().trim().to_owned()
    })
}

fn named(pattern: &'static str) -> impl Strategy<Value = Option<String>> {
    proptest::option::of(kept(pattern)).prop_map(|text| text.filter(|text| !text.is_empty()))
}

fn tags() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::btree_set(kept("[^,/]{0,12}"), 0..4)
        .prop_map(|tags| tags.into_iter().filter(|tag| !tag.is_empty()).collect())
}

prop_compose! {
    fn outline()(
        address in "(https?|file)://[a-z]{1,3}\\.org/[!-~é漢 ]{0,8}",
        title in named("(?s).{0,20}"),
        site in named("https://[a-z]{1,3}\\.org/[!-~]{0,8}"),
        folder in named("(?s)([AB/ \n]| / |.){0,6}"),
        tags in tags(),
    ) -> Outline {
        Outline { address: address.trim().to_owned(), title, site, folder, tags }
    }
}

fn outlines() -> impl Strategy<Value = Vec<Outline>> {
    proptest::collection::vec(outline(), 0..12).prop_map(|mut outlines| {
        outlines.sort_by(|one, other| one.address.cmp(&other.address));
        outlines.dedup_by(|one, other| one.address == other.address);
        outlines
    })
}

/// Texts made of the pieces of lists, whole and broken.
fn shards() -> impl Strategy<Value = String> {
    let shard = prop_oneof![
        Just("<outline "),
        Just("</outline>"),
        Just("<opml>"),
        Just("<body>"),
        Just("</body"),
        Just("<title>"),
        Just(" xmlUrl="),
        Just("text='"),
        Just("\""),
        Just("'"),
        Just("/>"),
        Just(">"),
        Just("<!--"),
        Just("-->"),
        Just("http://a.org"),
        Just("&amp;"),
        Just("&#x"),
        Just(";"),
        Just("é"),
        Just("\u{feff}"),
        Just("\n"),
        Just("<![CDATA["),
        Just("<?"),
        Just("<!DOCTYPE"),
        Just("="),
        Just("feed:"),
        Just("|"),
        Just("~"),
        Just("#"),
        Just("\\"),
        Just("/"),
    ];
    proptest::collection::vec(shard, 0..60).prop_map(|shards| shards.concat())
}

proptest! {
    #[test]
    fn what_is_written_is_read(title in kept("(?s).{0,20}"), outlines in outlines()) {
        let text = write(&title, &outlines);
        let mut opml = read(&text).unwrap();
        prop_assert_eq!(opml.title.take().unwrap_or_default(), title);
        opml.outlines.sort_by(|one, other| one.address.cmp(&other.address));
        prop_assert_eq!(opml, Opml { outlines, ..Opml::default() });
    }

    #[test]
    fn any_outline_makes_sound_xml(
        title in "(?s)\\PC*|.*", texts in proptest::collection::vec("(?s).{0,20}|[\u{0}-\u{1f}]*", 5)
    ) {
        let [address, name, site, folder, tag] = texts.try_into().unwrap();
        let outline = Outline { address, title: Some(name), site: Some(site), folder: Some(folder), tags: vec![tag] };
        let text = write(&title, &[outline]);
        prop_assert!(text.chars().all(|c| c == '\n' || (escape::is_held(c) && c != '\t' && c != '\r')));
        let mut reader = quick_xml::Reader::from_str(&text);
        while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
        prop_assert!(read(&text).unwrap().complaints.is_empty());
    }

    #[test]
    fn any_text_is_read(text in prop_oneof![any::<String>(), shards()]) {
        let _ = read_urls(&text);
        let _ = read(&format!("<opml>{text}")).unwrap();
        let _ = read(&text);
    }

    #[test]
    fn twice_is_once(text in prop_oneof![shards(), outlines().prop_map(|outlines| write("T", &outlines))]) {
        // Whole outlines only: what is cut off at the end of the first would run into the second.
        let Ok(once) = read(&text) else { return Ok(()) };
        let written = write("T", &once.outlines);
        let twice = read(&format!("{written}{written}")).unwrap();
        prop_assert_eq!(read(&written).unwrap().outlines, twice.outlines);
    }
}
