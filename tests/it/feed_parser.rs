//! The feed parser: every format, every kind of damage, and the limits.

use std::{fmt::Write, fs};

use newsreader::feed::{
    FeedDocument, FeedFormat, FeedParseError, ParseHints, join_author_names, parse,
};
use proptest::prelude::*;

fn parse_text(text: &str) -> FeedDocument {
    parse(text.as_bytes(), ParseHints::default()).unwrap()
}

fn titles(parsed: &FeedDocument) -> Vec<String> {
    parsed.entries.iter().map(|entry| entry.title.to_single_line()).collect()
}

#[test]
fn seed_feeds_match_snapshots() {
    let mut files: Vec<_> =
        fs::read_dir("seeds/feeds").unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension != "opml"));
    files.sort();
    for path in files {
        let parsed = parse(&fs::read(&path).unwrap(), ParseHints::default()).unwrap();
        let mut text = format!("{:?}\n{:#?}\n", parsed.format, parsed.feed);
        for entry in &parsed.entries {
            writeln!(text, "{entry:#?}").unwrap();
        }
        for warning in &parsed.warnings {
            writeln!(text, "{warning}").unwrap();
        }
        insta::assert_snapshot!(path.file_name().unwrap().to_str().unwrap(), text);
    }
}

#[test]
fn parse_rejects_documents_that_are_not_feeds() {
    let parse_error = |text: &str| parse(text.as_bytes(), ParseHints::default()).unwrap_err();
    assert_eq!(parse_error(" \n"), FeedParseError::Empty);
    assert_eq!(
        parse_error("<!DOCTYPE html><html><body><p>Welcome</p></body></html>"),
        FeedParseError::WebPage
    );
    assert_eq!(parse_error("just text"), FeedParseError::NotAFeed);
    assert_eq!(parse_error("<note><to>Anna</to></note>"), FeedParseError::NotAFeed);
    assert_eq!(parse_error("[1, 2"), FeedParseError::NotAFeed);
    assert_eq!(parse_error("{\"a\": 1}"), FeedParseError::NotAFeed);
}

/// Joins the texts that `write` makes of the numbers below `count`.
fn numbered(count: usize, write: impl Fn(usize) -> String) -> String {
    (0..count).map(write).collect()
}

/// Parses a document and returns what the parser makes too much of; `None` if it is read.
fn parse_excess(text: &str) -> Option<&'static str> {
    match parse(text.as_bytes(), ParseHints::default()) {
        Ok(_) => None,
        Err(FeedParseError::TooComplex { content, .. }) => Some(content),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn parse_refuses_documents_that_make_too_much() {
    let rss = |attributes: &str, head: &str, items: &str| {
        format!("<rss{attributes}><channel><title>t</title>{head}{items}</channel></rss>")
    };
    let tags = numbered(9_000, |n| format!("<category>{n}</category>"));
    let name = "n".repeat(400_000);
    let base = format!(" xml:base='https://example.org/{}/'", "b".repeat(8_000));
    let file = format!(
        "<media:content url='https://example.org/a'><media:description>{}</media:description></media:content>",
        "d".repeat(70_000)
    );
    let pictures = "&lt;img src='https://example.org/a'>".repeat(1_000);
    let texts = "texts, links, files, tags and authors";
    let urls = "completed URLs and descriptions";
    for (document, expected) in [
        (rss("", &tags, &"<item/>".repeat(2_000)), texts),
        (rss("", &numbered(300_000, |n| format!("<link href='{n}'/>")), ""), texts),
        (rss("", "", &format!("<item>{}</item>", "<link href='a'/>".repeat(300_000))), texts),
        (
            rss("", "", &format!("<item><author>{}</author></item>", "a@b.c,".repeat(110_000))),
            texts,
        ),
        (
            rss(
                "",
                "",
                &format!(
                    "<item><itunes:keywords>{}</itunes:keywords></item>",
                    numbered(270_000, |n| format!("{n},"))
                ),
            ),
            texts,
        ),
        (
            rss(
                &base,
                &format!("<description>{}</description>", "&lt;a href=x>".repeat(5_000)),
                "",
            ),
            urls,
        ),
        (rss("", "", &format!("<item>{file}<description>{pictures}</description></item>")), urls),
        (format!("{{\"version\":\"1\",\"items\":[[{}1]]}}", "{\"a\":1},".repeat(95_000)), texts),
        (format!("{{\"items\":[{{\"authors\":[{}1]}}]}}", "\"a\",".repeat(110_000)), texts),
        (format!("{{\"author\":\"{name}\",\"items\":[{}{{}},]}}", "{},".repeat(200)), texts),
    ] {
        assert_eq!(parse_excess(&document), Some(expected), "{document:.200}");
    }
    let error = FeedParseError::TooComplex { limit_mib: 64, content: texts };
    assert_eq!(
        error.to_string(),
        "the document is too complex to read: it makes more than 64 MiB of texts, links, files, tags and authors"
    );
}

#[test]
fn parse_reads_large_feeds_within_the_budget() {
    let categories = numbered(20, |n| format!("<category>topic {n}</category>"));
    let text = "&lt;p>&lt;a href='page'>Some words&lt;/a>".repeat(4);
    let items = numbered(10_100, |n| {
        format!("<item><guid>{n}</guid>{categories}<description>{text}</description></item>")
    });
    let link = "<link>https://example.org/</link>";
    let parsed = parse_text(&format!("<rss><channel>{link}{items}</channel></rss>"));
    assert_eq!(parsed.entries.len(), 5_000);
    let items = numbered(60_000, |n| format!("{{\"id\":\"{n}\",\"title\":\"t\"}},"));
    let parsed =
        parse_text(&format!("{{\"version\":\"1\",\"x\":[{items}0],\"items\":[{items}{{}}]}}"));
    assert_eq!(parsed.entries.len(), 5_000);
}

#[test]
fn parse_resolves_namespaces_by_uri() {
    let parsed = parse_text(
        "<a:feed xmlns:a='http://www.w3.org/2005/Atom' xmlns:title='urn:x'><a:title>Right</a:title>
         <title:title>Wrong</title:title><a:entry><a:id>1</a:id><x:title>Wrong</x:title></a:entry></a:feed>",
    );
    assert_eq!(parsed.format, FeedFormat::Atom);
    assert_eq!(parsed.feed.title.to_single_line(), "Right");
    assert_eq!(parsed.entries.len(), 1);
    assert_ne!(titles(&parsed), ["Wrong"]);
}

#[test]
fn truncated_document_keeps_its_complete_entries() {
    for name in ["rss-2-podcast.xml", "atom-relative-links.xml", "json-feed.json", "rss-1-rdf.xml"]
    {
        let bytes = fs::read(format!("seeds/feeds/{name}")).unwrap();
        let whole = parse(&bytes, ParseHints::default()).unwrap().entries.len();
        let mut kept = 0;
        for end in 0..bytes.len() {
            let entries = parse(&bytes[..end], ParseHints::default())
                .map_or(0, |parsed| parsed.entries.len());
            assert!(
                entries >= kept && entries <= whole,
                "{name} cut at {end}: {entries} after {kept}"
            );
            kept = entries;
        }
        assert_eq!(kept, whole, "{name}");
    }
}

#[test]
fn parse_keeps_newest_5000_entries() {
    let mut text = String::from("<rss><channel>");
    for number in 0..200_000 {
        let year = 1900 + number / 2_000;
        write!(text, "<item><guid>{number}</guid><pubDate>1 Jan {year} 00:00 GMT</pubDate></item>")
            .unwrap();
    }
    let parsed = parse_text(&text);
    assert_eq!(parsed.entries.len(), 5_000);
    assert_eq!(parsed.entries.last().unwrap().id.as_deref(), Some("199999"));
    assert!(parsed.warnings.iter().any(|warning| warning.message.contains("200000 entries")));
}

#[test]
fn parse_limits_nesting_depth() {
    let parse_nested = |depth: usize| {
        let (open, close) = ("<b>".repeat(depth), "</b>".repeat(depth));
        parse_text(&format!(
            "<rss><channel><item><description>{open}x{close}</description></item></channel></rss>"
        ))
    };
    let first_text = |parsed: &FeedDocument| parsed.entries[0].longest_text().to_single_line();
    assert_eq!(
        (parse_nested(252).warnings.len(), first_text(&parse_nested(252)).as_str()),
        (0, "x")
    );
    assert_eq!(parse_nested(253).warnings.len(), 1);
    assert_eq!(parse_nested(200_000).entries.len(), 1);
}

#[test]
fn parse_limits_document_size() {
    let entry = "<item><title>One of many</title></item>";
    let many = entry.repeat((16 << 20) / entry.len() + 10);
    let parsed = parse_text(&format!("<rss><channel>{many}</channel></rss>"));
    assert!(parsed.warnings[0].message.contains("larger than 16 MiB"));
    assert_eq!(parsed.entries.len(), 5_000);
}

#[test]
fn parse_does_not_expand_custom_entities() {
    let bomb =
        "<!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c SYSTEM 'file:///etc/passwd'>]>
        <rss><channel><title>&b;&c;&eacute;</title><item/></channel></rss>";
    assert_eq!(parse_text(bomb).feed.title.value, "&b;&c;é");
}

#[test]
fn parse_takes_linear_time_on_unclosed_markup() {
    // Each of these takes minutes if the parser searches for the end again at every part.
    for part in
        ["<a ", "<!--", "<![CDATA[", "&", "<", "</", "<a b='", "<?", "<item>", "]]>", "<!DOCTYPE"]
    {
        let text = format!("<rss><channel><item><title>x</title>{}", part.repeat(200_000));
        assert!(!parse_text(&text).entries.is_empty(), "{part}");
        let closed = format!("{text}></channel></rss>");
        assert!(!parse_text(&closed).entries.is_empty(), "{part}");
    }
}

#[test]
fn parse_prefers_alternate_link_to_enclosures_and_pictures() {
    let page = "https://mill.example/notes/7";
    let link_of = |format: &str, inside: &str| {
        let text = match format {
            "atom" => format!(
                "<feed xmlns='http://www.w3.org/2005/Atom'><link href='https://mill.example/'/>\
                 <entry><id>urn:x:7</id>{inside}</entry></feed>"
            ),
            _ => format!(
                "<rss xmlns:a='http://www.w3.org/2005/Atom' xmlns:media='http://search.yahoo.com/mrss/'>\
                 <channel><link>https://mill.example/</link><item>{inside}</item></channel></rss>"
            ),
        };
        parse_text(&text).entries[0].link.clone().unwrap()
    };
    let cases = [
        (
            "atom",
            format!(
                "<link rel='enclosure' type='image/png'>https://c.example/a</link><link href='{page}'/>"
            ),
        ),
        ("atom", format!("<link href='https://c.example/a.jpg'/><link href='{page}'/>")),
        (
            "atom",
            format!(
                "<link rel='alternate' type='audio/mpeg' href='https://c.example/a'/><link href='{page}'/>"
            ),
        ),
        (
            "atom",
            format!(
                "<link rel='http://x.example/rel/thumbnail'>https://c.example/a.png</link><link>{page}</link>"
            ),
        ),
        (
            "atom",
            format!(
                "<link rel='enclosure' href='https://c.example/a.mp3'/><link rel='via' href='{page}'/>"
            ),
        ),
        (
            "rss",
            format!(
                "<a:link rel='enclosure' type='video/mp4'>https://c.example/v</a:link><link>{page}</link>"
            ),
        ),
        ("rss", format!("<link>https://c.example/v.webp</link><a:link href='{page}'/>")),
        ("rss", format!("<link>https://c.example/a.ogg</link><link>{page}</link>")),
        (
            "rss",
            format!(
                "<link>https://c.example/v</link><enclosure url='https://c.example/v'/><guid>{page}</guid>"
            ),
        ),
        (
            "rss",
            format!(
                "<media:content url='https://c.example/v.mp4'><link>{page}</link></media:content>"
            ),
        ),
    ];
    for (format, inside) in cases {
        assert_eq!(link_of(format, &inside), page, "{inside}");
    }
    let only_media = "<link rel='enclosure' href='https://c.example/a.mp3'/>";
    assert_eq!(link_of("atom", only_media), "https://c.example/a.mp3");
}

#[test]
fn parse_resolves_urls_against_xml_base_then_link_then_site_then_document() {
    let parse_at = |text: &str| {
        let hints =
            ParseHints { content_type: None, location: Some("https://feeds.example/x.xml") };
        parse(text.as_bytes(), hints).unwrap()
    };
    let item = |inside: &str, site: &str| {
        let text = format!(
            "<rss xmlns:media='http://search.yahoo.com/mrss/'><channel>{site}<item>{inside}\
             <description>&lt;img src='p.png'&gt;</description><enclosure url='p.mp3'/>\
             <media:thumbnail url='t.png'/><comments>c</comments></item></channel></rss>"
        );
        let mut parsed = parse_at(&text);
        let entry = parsed.entries.remove(0);
        let text = entry.longest_text().value.clone();
        let urls = [
            &entry.enclosures[0].href,
            entry.extras.image.as_ref().unwrap(),
            entry.comments.as_ref().unwrap(),
        ];
        (text, urls.map(|url| url.rsplit_once('/').unwrap().0.to_owned()))
    };
    let site = "<link>https://mill.example/blog/</link>";
    for (inside, site, base) in [
        ("<link>https://mill.example/2026/a</link>", site, "https://mill.example/2026"),
        ("<link>2026/a</link>", site, "https://mill.example/blog/2026"),
        ("<link>https://www.mill.example/2026/a</link>", site, "https://mill.example/2026"),
        ("<link>https://cdn.example/a.mp3</link>", site, "https://mill.example/blog"),
        ("", site, "https://mill.example/blog"),
        ("", "", "https://feeds.example"),
    ] {
        let (text, urls) = item(inside, site);
        assert_eq!(text, format!("<img src='{base}/p.png'>"), "{inside} {site}");
        assert_eq!(urls, [base; 3], "{inside} {site}");
    }
    let atom = parse_at(
        "<feed xmlns='http://www.w3.org/2005/Atom'><link href='https://mill.example/'/>\
         <entry xml:base='https://base.example/b/#x'><link href=''/>\
         <content type='html'>&lt;a href='q'&gt;q&lt;/a&gt;&lt;a href=''&gt;e&lt;/a&gt;</content></entry></feed>",
    );
    assert_eq!(atom.entries[0].link.as_deref(), Some("https://base.example/b/"));
    assert_eq!(
        atom.entries[0].longest_text().value,
        "<a href='https://base.example/b/q'>q</a><a href='https://base.example/b/'>e</a>"
    );
    let json = parse_at(
        r#"{"version":"1.1","home_page_url":"https://mill.example/","items":[{"id":"1",
        "url":"/2026/a","content_html":"<img src='p.png'>","image":"i.png"}]}"#,
    );
    assert_eq!(json.entries[0].link.as_deref(), Some("https://mill.example/2026/a"));
    assert_eq!(json.entries[0].longest_text().value, "<img src='https://mill.example/2026/p.png'>");
    assert_eq!(json.entries[0].extras.image.as_deref(), Some("https://mill.example/2026/i.png"));
}

#[test]
fn parse_json_decodes_references_in_titles_once() {
    let parsed = parse_text(
        r#"{"version":"1.1","title":"Quay &amp; Co","description":"&bdquo;daily&#8220;","items":[
        {"id":"1","title":"Salt &#38; &lt;b&gt;, &amp;amp;","summary":"s &mdash; t","tags":["A&amp;B"],
         "authors":[{"name":"J&ouml;rn"},{"name":"Ida"},{"name":"J&ouml;rn"}],"content_text":"&amp;"},
        {"id":"2","title":"AT&T, R&D;","authors":{"name":"Ida"},"author":"Ida"},
        {"id":"3","title":" \u200b&nbsp; ","content_text":"It\u0092s here"}]}"#,
    );
    assert_eq!(parsed.feed.title.value, "Quay & Co");
    assert_eq!(parsed.feed.subtitle.value, "„daily“");
    let entry = &parsed.entries[0];
    assert_eq!(entry.title.to_single_line(), "Salt & <b>, &amp;");
    assert_eq!((entry.summary.value.as_str(), entry.tags[0].as_str()), ("s — t", "A&B"));
    assert_eq!(join_author_names(&entry.authors).as_deref(), Some("Jörn, Ida"));
    assert_eq!(entry.content[0].value, "&amp;");
    assert_eq!(titles(&parsed)[1..], ["AT&T, R&D;", "It’s here"]);
    assert_eq!(join_author_names(&parsed.entries[1].authors).as_deref(), Some("Ida"));
}

#[test]
fn parse_json_repairs_small_errors_and_names_the_place_of_others() {
    let repaired = parse_text(
        "\n{\"title\": \"a\tb\",\n\"items\": [{\"id\": \"1\",\n\"title\": \"one\ntwo\",},],}",
    );
    assert_eq!(titles(&repaired), ["one two"]);
    let lines: Vec<usize> = repaired.warnings.iter().map(|warning| warning.line).collect();
    assert_eq!(lines, [2, 4, 5, 5, 5]);
    let half = parse_text(
        "{\"items\": [{\"id\": \"1\", \"title\": \"kept\"},\n{\"id\": 2 \"title\": 3}]}",
    );
    assert_eq!(titles(&half), ["kept"]);
    assert!(half.warnings[0].to_string().starts_with("line 2: the JSON is invalid"), "{half:?}");
    let error = parse(b"{\n \"items\" [1]}", ParseHints::default()).unwrap_err();
    assert_eq!(error.to_string(), "the JSON is invalid at line 2, column 10: expected `:`");
}

#[test]
fn parse_replaces_blank_titles() {
    for title in [
        "&lt;div/&gt;",
        "&amp;nbsp;",
        "<![CDATA[]]>",
        "<![CDATA[ <p></p> ]]>",
        "\u{200b}\u{feff}",
        "&#160;",
        "<div xmlns='http://www.w3.org/1999/xhtml'/>",
    ] {
        let parsed = parse_text(&format!(
            "<rss xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><link>https://x.org/</link>\
             <title>{title}</title><item><title>{title}</title><description>Words</description></item>\
             <item><title>{title}</title><dc:title>Named</dc:title></item></channel></rss>"
        ));
        assert_eq!(titles(&parsed), ["Words", "Named"], "{title}");
        assert_eq!(parsed.feed.title.value, "https://x.org/", "{title}");
    }
}

#[test]
fn parse_prefers_text_to_blank_markup() {
    let parsed = parse_text(
        "<rss xmlns:c='http://purl.org/rss/1.0/modules/content/'><channel><item>\
         <description>Hi</description><c:encoded>&lt;div&gt;&amp;nbsp;&lt;/div&gt;</c:encoded></item>\
         <item><description/><c:encoded>&lt;img src=\"https://x.org/i\"&gt;</c:encoded></item></channel></rss>",
    );
    assert_eq!(parsed.entries[0].longest_text().value, "Hi");
    assert_eq!(parsed.entries[1].longest_text().value, "<img src=\"https://x.org/i\">");
}

#[test]
fn parse_finds_feed_wrapped_in_web_page() {
    let parsed = parse_text(
        "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>Page</title></head><body><div>\
         <feed xmlns='http://www.w3.org/2005/Atom'><title>Wrapped</title><entry><title>Inside</title>\
         <content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Text</div></content>\
         </entry></feed></div></body></html>",
    );
    assert_eq!((parsed.feed.title.value.as_str(), &*titles(&parsed)[0]), ("Wrapped", "Inside"));
}

#[test]
fn parse_reads_c1_characters_as_windows_1252() {
    let parsed = parse_text(
        "<rss><channel><item><title>\u{91}Tide\u{92} \u{96} now</title></item></channel></rss>",
    );
    assert_eq!(titles(&parsed), ["‘Tide’ – now"]);
    assert!(parsed.warnings[0].message.contains("windows-1252"));
}

#[test]
fn parse_reads_descriptions_and_durations_of_files() {
    let parsed = parse_text(
        "<rss xmlns:media='http://search.yahoo.com/mrss/'
         xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'><channel>
         <itunes:new-feed-url> https://new.example/feed </itunes:new-feed-url>
         <item><description>Toot</description><media:content url='https://x.org/a' medium='image'>
         <media:description type='plain'>A chart &amp;amp; a map</media:description></media:content>
         <media:content url='https://x.org/b.png' type='image/png'/></item>
         <item><description>News</description><media:content url='https://x.org/c.jpg' type='image/jpeg'/>
         <media:description>Ships at the quay</media:description></item>
         <item><media:group><media:content url='https://x.org/v' type='video/mp4' duration='75'/>
         <media:description>What the video is about</media:description></media:group></item>
         <item><enclosure url='https://x.org/e.jpg' type='image/jpeg'/><itunes:duration>43:00</itunes:duration>
         <enclosure url='https://x.org/e.mp3' type='audio/mpeg' length='9'/></item>
         <item><media:content url='https://x.org/f.png' type='image/png'>
         <media:description>Only a picture</media:description></media:content></item>
         <item><media:content url='https://x.org/g'><item><title>Next</title></item></channel></rss>",
    );
    let files: Vec<Vec<(Option<&str>, Option<u32>)>> = parsed
        .entries
        .iter()
        .map(|entry| {
            entry
                .enclosures
                .iter()
                .map(|file| (file.description.as_deref(), file.seconds))
                .collect()
        })
        .collect();
    assert_eq!(files[0], [(Some("A chart & a map"), None), (None, None)]);
    assert_eq!(files[1], [(Some("Ships at the quay"), None)]);
    assert_eq!(files[2], [(None, Some(75))]);
    assert_eq!(parsed.entries[2].longest_text().value, "What the video is about");
    assert_eq!(files[3], [(None, None), (None, Some(2580))]);
    assert_eq!(titles(&parsed)[4..], ["Only a picture", "https://x.org/g", "Next"]);
    assert_eq!(parsed.feed.new_feed_url.as_deref(), Some("https://new.example/feed"));
    let json = parse_text(
        r#"{"version":"1.1","items":[{"id":"1","attachments":[{"url":"https://x.org/a.mp3",
        "mime_type":"audio/mpeg","duration_in_seconds":90.5,"title":"Side A"}]}]}"#,
    );
    let file = &json.entries[0].enclosures[0];
    assert_eq!((file.description.as_deref(), file.seconds), (Some("Side A"), Some(90)));
}

proptest! {
    #[test]
    fn parse_accepts_any_bytes_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes, ParseHints::default());
    }

    #[test]
    fn parse_of_tag_soup_yields_safe_entries(parts in prop::collection::vec(prop::sample::select(SOUP_PARTS), 0..60)) {
        let text = parts.concat();
        let hints = ParseHints { content_type: Some("text/xml"), location: Some("https://example.org/feed") };
        if let Ok(parsed) = parse(text.as_bytes(), hints) {
            for entry in parsed.entries {
                prop_assert!(!entry.longest_text().to_html().contains('\0'));
                prop_assert!(entry.link.is_none_or(|link| link.starts_with("http")));
            }
        }
    }
}

/// Pieces that tag soup is made of.
const SOUP_PARTS: &[&str] = &[
    "<rss>",
    "<channel>",
    "<item>",
    "</item>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "<entry>",
    "</entry>",
    "<title>",
    "</title>",
    "<link>",
    "<link href='a?b&c'/>",
    "</link>",
    "<content type='xhtml'>",
    "</content>",
    "<content:encoded>",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&",
    "&#0;",
    "<",
    ">",
    "text é ",
    "\u{feff}",
    "<author>",
    "<name>",
    "</author>",
    "<div>",
    "</div>",
    "<enclosure url='x'/>",
    "<media:group>",
    "</feed>",
    "<pubDate>now</pubDate>",
    "\"",
    "'",
    "<!-- ",
    "-->",
    "<?x ",
    "?>",
    "<guid>/a</guid>",
    "<image><url>i.png</url></image>",
    "xml:base='/x'",
];

/// Time is linear in these numbers: with anything else, this test takes minutes.
#[test]
fn parse_feed_reads_fifty_thousand_values_of_each_kind() {
    const COUNT: usize = 50_000;
    let values = |write: fn(usize) -> String| (0..COUNT).map(write).collect::<Vec<_>>().concat();
    let parts = [
        values(|n| format!("<category>tag {n}</category>")),
        values(|n| format!("<dc:creator>Name {n}</dc:creator>")),
        values(|n| format!("<enclosure url='https://example.org/{n}' length='1'/>")),
        format!("<description>{}</description>", "<1<".repeat(COUNT)),
    ];
    let names = values(|n| format!(" xmlns:a{n}='urn:a'"));
    let text = format!(
        "<rss version='2.0'{names}><channel><title>t</title><item><title>a</title>{}</item>{}</channel></rss>",
        parts.concat(),
        "<unknown:element/>".repeat(COUNT)
    );
    let parsed = parse_text(&text);
    let entry = &parsed.entries[0];
    assert_eq!((entry.tags.len(), entry.authors.len()), (COUNT, COUNT));
    assert_eq!(entry.enclosures.len(), COUNT);
    assert!(parsed.warnings.iter().any(|warning| warning.message.contains("namespaces")));
}
