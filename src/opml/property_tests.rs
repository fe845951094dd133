//! Property tests of the parser and the writer.

use proptest::prelude::*;

use super::*;

/// Generates text that survives writing and reading unchanged.
fn kept_text(pattern: &'static str) -> impl Strategy<Value = String> {
    pattern.prop_map(|text: String| {
        text.chars().filter(|&c| escape::is_allowed_char(c)).collect::<String>().trim().to_owned()
    })
}

fn optional_text(pattern: &'static str) -> impl Strategy<Value = Option<String>> {
    proptest::option::of(kept_text(pattern)).prop_map(|text| text.filter(|text| !text.is_empty()))
}

fn tags() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::btree_set(kept_text("[^,/]{0,12}"), 0..4)
        .prop_map(|tags| tags.into_iter().filter(|tag| !tag.is_empty()).collect())
}

prop_compose! {
    fn outline()(
        url in "(https?://[a-z]{1,3}\\.org|file:///[a-z]{1,3})/[!-~é漢 ]{0,8}",
        title in optional_text("(?s).{0,20}"),
        site in optional_text("https://[a-z]{1,3}\\.org/[!-~]{0,8}"),
        folder in optional_text("(?s)([AB/ \n]| / |.){0,6}"),
        tags in tags(),
    ) -> OpmlOutline {
        OpmlOutline { xml_url: url.trim().to_owned(), title, html_url: site, folder, tags }
    }
}

fn outlines() -> impl Strategy<Value = Vec<OpmlOutline>> {
    proptest::collection::vec(outline(), 0..12).prop_map(|mut outlines| {
        outlines.sort_by(|one, other| one.xml_url.cmp(&other.xml_url));
        outlines.dedup_by(|one, other| one.xml_url == other.xml_url);
        outlines
    })
}

/// Generates texts from fragments of lists, valid and broken.
fn broken_opml() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
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
    proptest::collection::vec(fragment, 0..60).prop_map(|fragments| fragments.concat())
}

proptest! {
    #[test]
    fn parse_opml_round_trips_write_opml(title in kept_text("(?s).{0,20}"), outlines in outlines()) {
        let text = write_opml(&title, &outlines);
        let mut opml = parse_opml(&text).unwrap();
        prop_assert_eq!(opml.title.take().unwrap_or_default(), title);
        opml.outlines.sort_by(|one, other| one.xml_url.cmp(&other.xml_url));
        prop_assert_eq!(opml, OpmlDocument { outlines, ..OpmlDocument::default() });
    }

    #[test]
    fn write_opml_makes_well_formed_xml(
        title in "(?s)\\PC*|.*", texts in proptest::collection::vec("(?s).{0,20}|[\u{0}-\u{1f}]*", 5)
    ) {
        let [url, name, site, folder, tag] = texts.try_into().unwrap();
        let outline = OpmlOutline { xml_url: url, title: Some(name), html_url: Some(site), folder: Some(folder), tags: vec![tag] };
        let text = write_opml(&title, &[outline]);
        prop_assert!(text.chars().all(|c| c == '\n' || (escape::is_allowed_char(c) && c != '\t' && c != '\r')));
        let mut reader = quick_xml::Reader::from_str(&text);
        while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
        prop_assert!(parse_opml(&text).unwrap().warnings.is_empty());
    }

    #[test]
    fn parse_opml_never_panics_on_any_text(text in prop_oneof![any::<String>(), broken_opml()]) {
        let _ = parse_newsboat_urls(&text);
        let _ = parse_opml(&format!("<opml><body>{text}")).unwrap();
        let _ = parse_opml(&text);
    }

    #[test]
    fn parse_opml_merges_repeated_document(text in prop_oneof![broken_opml(), outlines().prop_map(|outlines| write_opml("T", &outlines))]) {
        // Written again first: an unclosed outline at the end of one copy would contain the next.
        let Ok(once) = parse_opml(&text) else { return Ok(()) };
        let output = write_opml("T", &once.outlines);
        let twice = parse_opml(&format!("{output}{output}")).unwrap();
        prop_assert_eq!(parse_opml(&output).unwrap().outlines, twice.outlines);
    }
}
