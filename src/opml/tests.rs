//! Tests of valid and invalid lists, and of the limits.

use super::*;

fn xml_urls(opml: &OpmlDocument) -> Vec<&str> {
    opml.outlines.iter().map(|outline| outline.xml_url.as_str()).collect()
}

fn folders(opml: &OpmlDocument) -> Vec<Option<&str>> {
    opml.outlines.iter().map(|outline| outline.folder.as_deref()).collect()
}

#[test]
fn parse_opml_reads_folders_feeds_and_title() {
    let opml = parse_opml(
        "junk\n\u{feff}<?xml version=\"1.0\">\n<!-- <outline xmlUrl='http://no.org'/> -->\n<OPML>\
         <head><title>My &amp; <![CDATA[<list>]]> caf&eacute;</title></head><body>\n\
         <outline text='A'><Outline text='B'><outline type='rss' xmlUrl='http://1.org' text='One'>\
         <outline text='inner' url='http://2.org'/></outline></Outline></outline>\
         <outline title='C' xmlUrl=''><outline xmlUrl='http://3.org'/></outline></body></OPML>",
    )
    .unwrap();
    assert_eq!(opml.title.as_deref(), Some("My & <list> café"));
    assert_eq!(xml_urls(&opml), ["http://1.org", "http://2.org", "http://3.org"]);
    assert_eq!(folders(&opml), [Some("A / B"), Some("A / B"), Some("C")]);
    assert_eq!(opml.warnings, ["line 2: invalid XML was skipped"]);
}

#[test]
fn parse_opml_recovers_after_broken_tags() {
    let opml = parse_opml(
        "<opml><body>\n<outline text=\"5\" disk\" xmlUrl=\"http://1.org\"/>\n<outline text='Bob's' xmlUrl='http://2.org'>\n\
         </outline>\n<outline text=\"no end\" xmlUrl=\"http://3.org\"\n<outline text=\"x < y > z\" xmlUrl=http://4.org/>\n\
         </outline>\n<outline text='<title> & <b>' xmlUrl='http://5.org'>\n<outline text='cut' xmlUrl='http://6.or",
    )
    .unwrap();
    assert_eq!(
        xml_urls(&opml),
        ["http://1.org", "http://2.org", "http://3.org", "http://4.org", "http://5.org"]
    );
    assert_eq!(opml.outlines[3].title.as_deref(), Some("x < y > z"));
    assert_eq!(opml.outlines[4].title.as_deref(), Some("<title> & <b>"));
    assert_eq!(opml.warnings.len(), 7, "{:#?}", opml.warnings);
    assert!(opml.warnings[0].starts_with("line 2: a tag with an unmatched quote"));
    assert!(opml.warnings[4].starts_with("line 9: the file ends inside a tag"));
}

#[test]
fn parse_opml_keeps_folders_with_broken_tags() {
    let opml = parse_opml(
        "<opml><outline text='A'\n<outline xmlUrl='http://1.org'\n<outline xmlUrl='http://2.org' /\n</outline\n\
         <outline xmlUrl='http://3.org'/><outline type='rss' text='F'><outline xmlUrl='http://4.org'/></outline>",
    )
    .unwrap();
    assert_eq!(xml_urls(&opml), ["http://1.org", "http://2.org", "http://3.org", "http://4.org"]);
    assert_eq!(folders(&opml), [Some("A"), Some("A"), None, Some("F")]);
    assert_eq!(opml.warnings.len(), 5, "{:?}", opml.warnings);
}

#[test]
fn parse_opml_warns_about_unbalanced_outlines() {
    let opml =
        parse_opml("<opml><body><outline text='A'><outline xmlUrl='http://1.org'></body></opml>")
            .unwrap();
    assert_eq!(folders(&opml), [Some("A")]);
    assert_eq!(opml.warnings, ["line 1: 2 </outline> tags are missing above this line"]);
    let opml = parse_opml(
        "<outline xmlUrl='http://1.org'/></outline><!-- never\n<outline xmlUrl='http://2.org'/>",
    )
    .unwrap();
    assert_eq!(xml_urls(&opml), ["http://1.org"]);
    assert_eq!(opml.warnings.len(), 2);
}

#[test]
fn parse_opml_merges_duplicate_feeds() {
    let opml = parse_opml(
        "<opml><outline xmlUrl='http://1.org' category='a'/><outline text='F'>\
         <outline xmlUrl='feed://1.org' text='T' htmlUrl='http://s.org' category='b,a'/></outline></opml>",
    )
    .unwrap();
    let merged = OpmlOutline {
        xml_url: "http://1.org".into(),
        title: Some("T".into()),
        html_url: Some("http://s.org".into()),
        folder: Some("F".into()),
        tags: vec!["a".into(), "b".into()],
    };
    assert_eq!(opml.outlines, [merged]);
    assert_eq!(
        opml.warnings,
        ["line 1: http://1.org is already in the list; both entries were merged"]
    );
}

#[test]
fn parse_opml_rejections_name_line() {
    let opml = parse_opml(
        "<opml>\n<outline xmlUrl='|~/fetch.py'/>\n<outline type='rss' text='News'/>\n\
         <outline type='include' url='http://a.org/b'/>\n<outline xmlUrl='http://f.org' filtercmd='rm'/></opml>",
    )
    .unwrap();
    let rejected: Vec<_> = opml
        .rejected
        .iter()
        .map(|outline| (outline.line, &*outline.url, &*outline.reason))
        .collect();
    assert_eq!(
        rejected,
        [
            (2, "|~/fetch.py", "runs a program, which an imported list may not do"),
            (3, "", "“News” has no address"),
            (4, "http://a.org/b", "is another subscription list; import it separately"),
        ]
    );
    assert_eq!(opml.warnings, ["line 5: the filter program of http://f.org was not imported"]);
}

#[test]
fn parse_opml_rejects_other_files() {
    for text in [
        "",
        "hello",
        "<html><body><p>outline</p></body></html>",
        "<rss><channel/></rss>",
        "<outlines/>",
    ] {
        assert_eq!(parse_opml(text), Err(OpmlError::NotOpml), "{text}");
    }
}

#[test]
fn parse_opml_rejects_lists_without_body() {
    for text in ["<opml/>", "<opml version='2.0'>", "<opml><head><title>T</title></head></opml>"] {
        assert_eq!(parse_opml(text), Err(OpmlError::MissingBody), "{text}");
    }
    for text in ["<opml><body/></opml>", "<OPML><BODY></BODY></OPML>"] {
        assert_eq!(parse_opml(text), Ok(OpmlDocument::default()), "{text}");
    }
}

#[test]
fn parse_opml_marks_cut_off_lists_incomplete() {
    let list = "<opml><head><title>T</title></head><body><outline text='A'>\n\
                <outline xmlUrl='http://1.org'/></outline></body></opml>";
    let is_incomplete = |text: &str| parse_opml(text).map(|opml| opml.is_incomplete);
    assert_eq!(is_incomplete(list), Ok(false));
    assert_eq!(is_incomplete(list.trim_end_matches("</opml>")), Ok(false));
    assert_eq!(is_incomplete("<outline xmlUrl='http://1.org'/>"), Ok(false), "a fragment");
    let (body, end) = (list.find("<body>").unwrap() + 6, list.find("</body>").unwrap());
    for cut in body..end {
        assert_eq!(is_incomplete(&list[..cut]), Ok(true), "{}", &list[..cut]);
    }
    let opml = parse_opml(&list[..end]).unwrap();
    assert_eq!(opml.warnings, ["line 2: the list ends before </opml>; feeds may be missing"]);
}

#[test]
fn parse_opml_limits_file_size() {
    let mut text = String::from("<opml><body/>");
    text.extend(std::iter::repeat_n(' ', MAX_BYTES - text.len()));
    assert!(parse_opml(&text).is_ok());
    text.push(' ');
    assert_eq!(parse_opml(&text), Err(OpmlError::TooLarge { bytes: MAX_BYTES + 1 }));
}

#[test]
fn parse_opml_limits_folder_depth() {
    let nested =
        |depth| format!("{}\n<outline xmlUrl='http://1.org'/>", "<outline text='x'>".repeat(depth));
    assert_eq!(parse_opml(&nested(MAX_DEPTH)).unwrap().outlines.len(), 1);
    assert_eq!(parse_opml(&nested(MAX_DEPTH + 1)), Err(OpmlError::TooDeep { line: 1 }));
    let unclosed = "<outline xmlUrl='http://1.org'>".repeat(MAX_DEPTH * 2);
    assert_eq!(parse_opml(&unclosed).unwrap().outlines.len(), 1);
}

#[test]
fn parse_opml_limits_outlines() {
    let many = |count: usize| {
        (0..count)
            .map(|at| format!("<outline xmlUrl='http://{at}.org'/>\n"))
            .collect::<Vec<_>>()
            .concat()
    };
    assert_eq!(parse_opml(&many(MAX_OUTLINES)).unwrap().outlines.len(), MAX_OUTLINES);
    let line = MAX_OUTLINES as u64 + 1;
    assert_eq!(parse_opml(&many(MAX_OUTLINES + 1)), Err(OpmlError::TooManyOutlines { line }));
    let lines = |count: usize| {
        (0..count).map(|at| format!("http://{at}.org\n")).collect::<Vec<_>>().concat()
    };
    assert!(parse_newsboat_urls(&lines(MAX_OUTLINES)).warnings.is_empty());
    let opml = parse_newsboat_urls(&lines(MAX_OUTLINES + 1));
    assert_eq!((opml.outlines.len(), opml.warnings.len()), (MAX_OUTLINES, 1));
    assert!(opml.is_incomplete);
}

/// Each of these patterns would take hours if the parser scanned the rest of the text for every
/// occurrence.
#[test]
fn parse_opml_is_linear_on_hostile_input() {
    for pattern in [
        "<outline \"",
        "<!-- <outline",
        "<?x ",
        "<![CDATA[<outline ",
        "<body '",
        "&",
        "<",
        "<title>",
        "</outline><!",
        "&#1",
    ] {
        let text = format!("<opml>{}", pattern.repeat(1024 * 1024 / pattern.len()));
        let _ = parse_opml(&text);
        let _ = parse_opml(&format!("<outline text=\"{text}"));
        let _ = parse_newsboat_urls(&text);
    }
}

#[test]
fn starter_feeds_opml_has_no_warnings() {
    let opml = parse_opml(include_str!("../../assets/feeds.opml")).unwrap();
    assert_eq!((opml.warnings.len(), opml.rejected.len()), (0, 0));
    assert!(
        opml.outlines
            .iter()
            .all(|feed| feed.title.is_some() && feed.html_url.is_some() && feed.folder.is_some())
    );
    let mut folders: Vec<_> = folders(&opml);
    folders.dedup();
    assert_eq!(folders.len(), 6);
}
