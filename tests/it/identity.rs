//! The spelling of URLs that identifies stored articles: it must never change.

use newsreader::{
    feed::{self, ParseHints},
    refresh::identify_entries,
};

/// Links that a URL parser would spell differently (upper case, letters beyond ASCII, default
/// ports, dots, blanks), and links with hosts that are none.
const ODD_LINKS: &str = r#"<rss version="2.0"><channel><title>Odd links</title>
<link> HTTPS://Example.org:443/Über </link>
<item><title>1</title><link>https://Bücher.example/straße?utm_source=x&amp;q=ö#top</link></item>
<item><title>2</title><link>/a/../b c</link><description>
&lt;a href="../ä b?x=1#y"&gt;é&lt;/a&gt;&lt;img src='i.png'/&gt;&lt;a href=z&gt;z&lt;/a&gt;
</description></item>
<item><title>3</title><link>//CDN.Example.org</link></item>
<item><title>4</title><link>http://exa mple.org/1</link></item>
<item><title>5</title><link>javascript:alert(1)</link></item>
<item><title>6</title><guid>https://www.Example.org/p/6/</guid></item>
<item><title>7</title><guid isPermaLink="false">7 of ü</guid>
<link>feed:https://Example.org/%7Eann</link></item>
<item><title>8</title><link>https://example.org:99999/8</link></item>
<item><title>9</title><link>https://example.org/a|b"c\d</link></item>
<item><title>10</title><link>https://user:pw@Example.org:8080</link></item>
</channel></rss>"#;

/// Guid, link key and link of each entry, as libraries in use have them.
const STORED_IDENTITIES: [&str; 10] = [
    "Bücher.example/straße?q=ö | Bücher.example/straße?q=ö \
     | https://Bücher.example/straße?utm_source=x&q=ö#top",
    "Example.org:443/b%20c | Example.org:443/b%20c | HTTPS://Example.org:443/b%20c",
    "CDN.Example.org | CDN.Example.org | HTTPS://CDN.Example.org",
    "exa%20mple.org/1 | exa%20mple.org/1 | http://exa%20mple.org/1",
    "Example.org:443/Über | Example.org:443/Über | HTTPS://Example.org:443/Über",
    "www.Example.org/p/6 | Example.org/p/6 | https://www.Example.org/p/6/",
    "7 of ü | Example.org/%7Eann | https://Example.org/%7Eann",
    "example.org:99999/8 | example.org:99999/8 | https://example.org:99999/8",
    r#"example.org/a|b"c\d | example.org/a|b"c\d | https://example.org/a|b"c\d"#,
    "user:pw@Example.org:8080 | user:pw@Example.org:8080 | https://user:pw@Example.org:8080",
];

#[test]
fn identity_of_odd_links_matches_stored_identities() {
    let hints =
        ParseHints { content_type: None, location: Some("https://example.org/feed/index.xml") };
    let parsed = feed::parse(ODD_LINKS.as_bytes(), hints).expect("it is a feed");
    let identities = identify_entries(&parsed.entries);
    let lines: Vec<String> = parsed
        .entries
        .iter()
        .zip(identities)
        .map(|(entry, identity)| {
            let link = entry.link.as_deref().unwrap_or("none");
            let link_key = identity.link_key.as_deref().unwrap_or("none");
            format!("{} | {link_key} | {link}", identity.guid)
        })
        .collect();
    assert_eq!(lines, STORED_IDENTITIES);
    // The text is a part of the digest that tells whether an entry has changed. Relative URLs are
    // those of the article's page: the feed document may be on another host.
    assert_eq!(
        parsed.entries[1].longest_text().value,
        "<a href=\"HTTPS://Example.org:443/ä%20b?x=1#y\">é</a>\
         <img src='HTTPS://Example.org:443/i.png'/><a href=HTTPS://Example.org:443/z>z</a>"
    );
}
