//! The values of feeds: which of several is shown, and what their URLs and dates mean.

use newsreader::feed::{FeedDocument, ParseHints, join_author_names, parse};

fn parse_text(text: &str) -> FeedDocument {
    parse(text.as_bytes(), ParseHints::default()).unwrap()
}

fn titles(parsed: &FeedDocument) -> Vec<String> {
    parsed.entries.iter().map(|entry| entry.title.to_single_line()).collect()
}

fn rss_item(item: &str) -> FeedDocument {
    parse_text(&format!(
        "<rss xmlns:dc='http://purl.org/dc/elements/1.1/' \
         xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>F</title>\
         <link>https://mill.example/</link><item><title>t</title>{item}</item></channel></rss>"
    ))
}

#[test]
fn parse_prefers_content_to_summary_by_visible_text() {
    let shown = |item: &str| rss_item(item).entries[0].longest_text().to_single_line();
    let tag = format!("&lt;p style='{}'&gt;", "margin:0;".repeat(40));
    let content = "<content:encoded>&lt;p&gt;The whole story.&lt;/p&gt;</content:encoded>";
    for (item, expected) in [
        (format!("<description>{tag}Short.</description>{content}"), "The whole story."),
        (
            format!("<description>A summary that is longer than the story.</description>{content}"),
            "The whole story.",
        ),
        (
            "<description>Words.</description>\
             <content:encoded>&lt;img src='/a.png'&gt;</content:encoded>"
                .to_owned(),
            "Words.",
        ),
        (
            format!(
                "<description>{tag}Short.</description><description>&lt;p&gt;This is the whole \
                 story.</description>"
            ),
            "This is the whole story.",
        ),
        (
            "<description>The longer one of two.</description><description>Short.</description>"
                .to_owned(),
            "The longer one of two.",
        ),
    ] {
        assert_eq!(shown(&item), expected, "{item}");
    }
}

#[test]
fn parse_names_all_authors_of_a_complete_list() {
    let authors = |item: &str| join_author_names(&rss_item(item).entries[0].authors);
    for (item, expected) in [
        (
            "<author>ina@x.org (Ina Berg)</author><dc:creator>Ina Berg</dc:creator>\
             <dc:creator>Ole Dahl</dc:creator>",
            "Ina Berg, Ole Dahl",
        ),
        ("<author>ina@x.org (Ina), ole@x.org (Ole)</author>", "Ina, Ole"),
        ("<author>Desk</author><dc:creator>Ole Dahl</dc:creator>", "Desk"),
        ("<author>Ina</author><author>Ole</author><dc:creator>Ina</dc:creator>", "Ina, Ole"),
    ] {
        assert_eq!(authors(item).as_deref(), Some(expected), "{item}");
    }
}

#[test]
fn parse_tells_documents_that_are_cut_off() {
    let whole = "<rss><channel><title>F</title><item><title>a</title></item>\
                 <item><title>b</title><description>text</description></item></channel></rss>";
    let is_cut_off = |text: &str| (parse_text(text).is_cut_off, parse_text(text).warnings.len());
    assert_eq!(is_cut_off(whole), (false, 0));
    for end in ["</rss>", "</channel>", "</item></channel>", "text</description>"] {
        assert_eq!(is_cut_off(&whole[..whole.rfind(end).unwrap()]), (true, 1), "{end}");
    }
    let whole = r#"{"version":"1","title":"T","items":[{"id":"1"},{"id":"2","title":"two"}]}"#;
    assert_eq!(is_cut_off(whole), (false, 0));
    for end in ["}", "]}", "o\"}]}", ",\"title"] {
        let parsed = parse_text(&whole[..whole.rfind(end).unwrap()]);
        let warnings: Vec<String> = parsed.warnings.iter().map(ToString::to_string).collect();
        assert!(parsed.is_cut_off && parsed.entries[0].id.as_deref() == Some("1"), "{end}");
        assert_eq!(warnings, ["line 1: the document is cut off here; the items before were kept"]);
    }
}

#[test]
fn parse_json_replaces_half_of_a_surrogate_pair() {
    let parsed = parse_text(
        r#"{"version":"1","title":"T","items":[{"id":"1","title":"a \ud83d"},{"id":"2","title":"b"}]}"#,
    );
    assert_eq!(titles(&parsed), ["a \u{fffd}", "b"]);
    assert_eq!((parsed.is_cut_off, parsed.warnings.len()), (false, 1));
}

#[test]
fn parse_resolves_urls_against_xml_base_inside_of_xhtml() {
    let html = |content: &str| {
        let parsed = parse_text(&format!(
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://mill.example/f/'>\
             <entry><title>t</title>{content}</entry></feed>"
        ));
        parsed.entries[0].longest_text().value.clone()
    };
    let xhtml = |inside: &str| {
        html(&format!(
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{inside}</div></content>"
        ))
    };
    for (inside, expected) in [
        ("<a href='r'>r</a>", vec!["https://mill.example/f/r"]),
        ("<p xml:base='https://x.org/p/'><a href='r'>r</a></p>", vec!["https://x.org/p/r"]),
        (
            "<p xml:base='d/'><img src='i.png'/><b xml:base='/e/'><a href='r'>r</a></b></p><a href='s'>s</a>",
            vec![
                "https://mill.example/f/d/i.png",
                "https://mill.example/e/r",
                "https://mill.example/f/s",
            ],
        ),
    ] {
        let found = xhtml(inside);
        for url in expected {
            assert!(found.contains(&format!("'{url}'")), "{url}: {found}");
        }
    }
    let div = "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml' \
               xml:base='https://x.org/d/'><a href='r'>r</a></div></content>";
    assert_eq!(html(div), "<a href='https://x.org/d/r'>r</a>");
    let escaped = "<content type='html'>&lt;base href='https://x.org/q/'&gt;&lt;a href='r'&gt;r&lt;/a&gt;</content>";
    assert!(html(escaped).contains("href='https://x.org/q/r'"));
}

#[test]
fn clamp_future_dates_drops_dates_years_ahead() {
    let mut parsed = rss_item("<pubDate>23 Nov 2094</pubDate><dc:date>2026-11-23</dc:date>");
    let now = chrono::DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    newsreader::feed::clamp_future_dates(&mut parsed, now);
    assert_eq!(parsed.entries[0].dates.published, Some(now));
    let mut parsed = rss_item("<pubDate>23 Nov 2094</pubDate>");
    newsreader::feed::clamp_future_dates(&mut parsed, now);
    assert_eq!(parsed.entries[0].dates.published, None);
    assert!(parsed.warnings[0].message.ends_with("is in the future; it was ignored"));
}

#[test]
fn parse_keeps_tags_that_are_the_subject_of_a_title() {
    for (title, expected) in [
        ("Why &lt;canvas&gt; is slow", "Why <canvas> is slow"),
        ("Why &lt;canvas&gt; &amp;amp; &lt;i&gt;co&lt;/i&gt;", "Why <canvas> & co"),
        ("<![CDATA[<b>Bold</b> and <select>]]>", "Bold and <select>"),
    ] {
        let parsed = parse_text(&format!(
            "<rss><channel><title>F</title><item><title>{title}</title></item></channel></rss>"
        ));
        assert_eq!(titles(&parsed), [expected]);
    }
}

#[test]
fn parse_reads_enclosure_whose_url_is_its_text() {
    let parsed = rss_item("<enclosure type='audio/mpeg'>https://mill.example/e.mp3</enclosure>");
    let file = &parsed.entries[0].enclosures[0];
    assert_eq!(file.href, "https://mill.example/e.mp3");
    assert_eq!(file.media_type.as_deref(), Some("audio/mpeg"));
    assert!(rss_item("<enclosure/>").entries[0].enclosures.is_empty());
}

#[test]
fn parse_describes_picture_of_the_text_by_that_of_its_file() {
    let parsed = parse_text(
        "<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><title>F</title><item>\
         <link>https://mill.example/1</link><title>t</title>\
         <description>&lt;img src='/d.jpg'&gt;</description>\
         <media:content url='https://mill.example/d.jpg' type='image/jpeg'>\
         <media:description>A door</media:description></media:content></item></channel></rss>",
    );
    assert!(parsed.entries[0].longest_text().value.contains("alt=\"A door\""));
}
