//! Discovery of the feeds of a site: links in its page, common paths.

use std::collections::HashSet;

use super::link_url::{resolve_href, strip_feed_scheme};
use crate::{
    markup::{HtmlTag, tokenize_tags},
    text::{
        floor_char_boundary,
        url::{self, WebUrlError},
    },
};

/// Maximum number of feeds of each kind taken from one page.
const MAX_FEED_LINKS: usize = 12;

/// Maximum length of the text of a link that names a feed, in bytes: "Subscribe to our RSS feed".
const MAX_LABEL_BYTES: usize = 64;

/// Paths to try where a page names no feed, the most likely first.
const COMMON_FEED_PATHS: [&str; 8] = [
    "/feed",
    "/rss",
    "/feed.xml",
    "/atom.xml",
    "/rss.xml",
    "/index.xml",
    "/feed.json",
    "/feeds/posts/default",
];

/// Completes a URL typed by the user, who may leave out `https://`.
///
/// # Errors
///
/// Fails if the text cannot be the URL of a site or feed.
pub fn complete_user_url(typed: &str) -> Result<String, WebUrlError> {
    let typed = typed.trim();
    let scheme = url::split_scheme(typed)
        // In "localhost:8080" and "example.org:80" the colon is followed by a port.
        .filter(|(_, rest)| !rest.starts_with(|c: char| c.is_ascii_digit()))
        .map(|(scheme, _)| scheme);
    let url = match scheme {
        Some(scheme) if scheme.eq_ignore_ascii_case("feed") => {
            resolve_href(typed, None).ok_or(WebUrlError::MissingHost)?
        }
        Some(_) => typed.to_owned(),
        None => format!("https://{typed}"),
    };
    let parsed = url::check_web_url(&url).map_err(|reason| match reason {
        WebUrlError::InvalidHost if scheme.is_none() => WebUrlError::NotAnAddress,
        _ => reason,
    })?;
    let host = parsed.host_str().unwrap_or_default();
    if scheme.is_none() && !host.contains(['.', ':']) && host != "localhost" {
        return Err(WebUrlError::NotAnAddress);
    }
    let too_long = url.len() > url::MAX_URL_BYTES;
    let fallback = if too_long { WebUrlError::TooLong } else { WebUrlError::MissingHost };
    url::resolve(&url, None).ok_or(fallback)
}

/// The feeds that a page may have, as absolute URLs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageFeedLinks {
    /// Feeds that the page declares, posts before comments.
    pub declared: Vec<String>,
    /// Links in the text that look like feeds: first those with the URL of a feed, then those whose
    /// text says so.
    pub linked: Vec<String>,
}

/// Finds the feeds that a page at `base` declares (HTML standard §4.6.7.1), and links in its text
/// that may lead to feeds.
pub fn find_feed_links(html: &str, base: &str) -> PageFeedLinks {
    let mut links = LinkCollector { base: base.to_owned(), ..LinkCollector::default() };
    let mut text_start = 0;
    for tag in tokenize_tags(html) {
        links.append_text(html.get(text_start..tag.start).unwrap_or_default());
        text_start = tag.end;
        if tag.is_element() {
            links.read_tag(&tag);
        }
    }
    links.append_text(html.get(text_start..).unwrap_or_default());
    links.finish()
}

/// Returns true if the relation types and the media type of a link say that its target is a feed of
/// the page.
pub fn is_feed_relation(rel: &str, media_type: &str) -> bool {
    let (rel, media_type) = (rel.to_ascii_lowercase(), media_type.to_ascii_lowercase());
    let has_relation = |name: &str| rel.split_whitespace().any(|word| word == name);
    has_relation("feed") || has_relation("alternate") && is_feed_media_type(&media_type)
}

fn is_feed_media_type(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    matches!(essence, "application/xml" | "text/xml" | "application/json")
        || ["rss", "atom", "feed+json", "rdf+xml"].iter().any(|name| essence.contains(name))
}

/// Returns true if the URL or the title of a feed says that it is made of comments.
pub fn is_comment_feed(url: &str, title: &str) -> bool {
    const WORDS: [&str; 7] =
        ["comment", "kommentar", "commentaire", "comentario", "commenti", "reacties", "komentar"];
    let (path, title) = (url.to_lowercase(), title.to_lowercase());
    let path = path.split_once("://").map_or("", |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, path)| path);
    WORDS.iter().any(|word| path.contains(word) || title.contains(word))
}

/// A link that is being read, with everything that describes it.
struct OpenLink {
    url: String,
    label: String,
}

/// The collector of the links of a page.
#[derive(Default)]
struct LinkCollector {
    base: String,
    posts: Vec<String>,
    comments: Vec<String>,
    with_feed_url: Vec<String>,
    with_feed_label: Vec<String>,
    open_link: Option<OpenLink>,
}

impl LinkCollector {
    fn read_tag(&mut self, tag: &HtmlTag<'_>) {
        let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
        match (is("a"), tag.closing) {
            (true, false) => self.open_link(tag),
            (true, true) => self.close_link(),
            (false, true) => {}
            (false, false) if is("base") => {
                self.base =
                    self.resolve_href(tag).unwrap_or_else(|| std::mem::take(&mut self.base));
            }
            (false, false) if is("link") => {
                self.declare(tag);
            }
            (false, false) if is("img") => {
                self.append_text(&tag.attribute("alt").unwrap_or_default());
            }
            (false, false) => {}
        }
    }

    fn resolve_href(&self, tag: &HtmlTag<'_>) -> Option<String> {
        let href = tag.attribute("href")?;
        let href = strip_feed_scheme(href.trim()).unwrap_or(href);
        let url = url::resolve(&href, Some(&self.base))?;
        url::parse_web_url(&url).is_some().then_some(url)
    }

    /// Adds the target of a tag that declares a feed; returns false for any other tag.
    fn declare(&mut self, tag: &HtmlTag<'_>) -> bool {
        let attribute = |name: &str| tag.attribute(name).unwrap_or_default();
        if !is_feed_relation(&attribute("rel"), &attribute("type")) {
            return false;
        }
        if let Some(url) = self.resolve_href(tag) {
            let is_comments = is_comment_feed(&url, &attribute("title"));
            let list = if is_comments { &mut self.comments } else { &mut self.posts };
            list.push(url);
        }
        true
    }

    fn open_link(&mut self, tag: &HtmlTag<'_>) {
        self.close_link();
        if self.declare(tag) {
            return;
        }
        let Some(url) = self.resolve_href(tag) else { return };
        let href = tag.attribute("href").unwrap_or_default();
        if strip_feed_scheme(href.trim()).is_some() {
            return self.with_feed_url.push(url);
        }
        let names = ["title", "aria-label", "type"];
        let label = names.iter().filter_map(|name| tag.attribute(name)).collect::<Vec<_>>();
        self.open_link = Some(OpenLink { url, label: label.join(" ") + " " });
    }

    /// Adds text to the label of the open link, as far as a label that names a feed may be long.
    fn append_text(&mut self, text: &str) {
        if let Some(link) = &mut self.open_link
            && link.label.len() <= MAX_LABEL_BYTES
        {
            for word in text.split_whitespace() {
                link.label.push_str(&word[..floor_char_boundary(word, MAX_LABEL_BYTES)]);
                link.label.push(' ');
                if link.label.len() > MAX_LABEL_BYTES {
                    break;
                }
            }
        }
    }

    fn close_link(&mut self) {
        let Some(OpenLink { url, label }) = self.open_link.take() else { return };
        if looks_like_feed_url(&url) {
            self.with_feed_url.push(url);
        } else if names_feed(&label) {
            self.with_feed_label.push(url);
        }
    }

    fn finish(mut self) -> PageFeedLinks {
        self.close_link();
        let mut seen = HashSet::new();
        let mut join = |lists: [Vec<String>; 2]| {
            let mut urls = lists.concat();
            urls.retain(|url| seen.insert(url.clone()));
            urls.truncate(MAX_FEED_LINKS);
            urls
        };
        PageFeedLinks {
            declared: join([self.posts, self.comments]),
            linked: join([self.with_feed_url, self.with_feed_label]),
        }
    }
}

/// Returns true if the text of a link is short and names a feed.
fn names_feed(label: &str) -> bool {
    let label = label.trim().to_lowercase();
    let is_feed_word = |word: &str| matches!(word, "rss" | "rss2" | "atom" | "feed" | "feeds");
    label.len() <= MAX_LABEL_BYTES && label.split(|c: char| !c.is_alphanumeric()).any(is_feed_word)
}

/// Returns true if the last segment of the path, or the query, of a URL names a feed.
fn looks_like_feed_url(url: &str) -> bool {
    let url = url.split('#').next().unwrap_or_default().to_ascii_lowercase();
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let path = path.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let path = path.map_or("", |(_, path)| path).trim_end_matches('/');
    let segment = path.rsplit('/').next().unwrap_or_default();
    let is_feed_word = |word: &str| matches!(word, "rss" | "rss2" | "atom" | "feed" | "rdf");
    let has_feed_extension =
        [".xml", ".rss", ".atom", ".rdf"].iter().any(|end| segment.ends_with(end));
    let is_sitemap = segment.contains("sitemap") || segment.starts_with("opensearch");
    segment.split(['.', '-', '_']).any(is_feed_word)
        || query.split(['&', '=']).any(is_feed_word)
        || has_feed_extension && !is_sitemap
}

/// Returns the URLs at which a site that names no feed may have one.
pub fn guess_feed_urls(url: &str) -> Vec<String> {
    COMMON_FEED_PATHS.iter().filter_map(|path| url::resolve(path, Some(url))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_user_url_adds_missing_scheme() {
        let cases = [
            ("example.org", "https://example.org"),
            (" https://example.org/feed ", "https://example.org/feed"),
            ("http://localhost:8080/x", "http://localhost:8080/x"),
            ("localhost:8080/x", "https://localhost:8080/x"),
            ("[::1]:8080/x", "https://[::1]:8080/x"),
            ("http://intranet/feed", "http://intranet/feed"),
            ("HTTPS://Example.org", "HTTPS://Example.org"),
            ("feed:https://example.org/a", "https://example.org/a"),
            ("feed://example.org/a", "http://example.org/a"),
            ("feed://example.org/?u=https://x.org", "http://example.org/?u=https://x.org"),
            ("bücher.example/ä", "https://bücher.example/ä"),
            // The ideographic full stop is decoded again when the host is parsed.
            ("例え。テスト", "https://例え%E3%80%82テスト"),
            ("https://example.org/two words?a=b c", "https://example.org/two%20words?a=b%20c"),
            ("http://me%40example.org:p%3Aw@host/", "http://me%40example.org:p%3Aw@host/"),
        ];
        for (typed, expected) in cases {
            assert_eq!(complete_user_url(typed).as_deref(), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn complete_user_url_names_the_reason() {
        let cases = [
            ("two words.org", WebUrlError::NotAnAddress),
            ("news", WebUrlError::NotAnAddress),
            ("javascript:alert(1)", WebUrlError::OtherScheme("javascript".to_owned())),
            ("mailto:ann@example.org", WebUrlError::OtherScheme("mailto".to_owned())),
            ("ftp://example.org", WebUrlError::OtherScheme("ftp".to_owned())),
            ("https://exa mple.org", WebUrlError::InvalidHost),
            ("example.org:99999", WebUrlError::InvalidPort),
            ("https://", WebUrlError::MissingHost),
            ("", WebUrlError::MissingHost),
        ];
        for (typed, expected) in cases {
            assert_eq!(complete_user_url(typed), Err(expected), "{typed}");
        }
    }

    #[test]
    fn find_feed_links_reads_declared_feeds() {
        let page =
            "<head><base href='/blog/'><link rel=alternate type='application/rss+xml' href='rss'>
            <LINK REL='Alternate' TYPE='application/atom+xml' HREF='HTTPS://x.org/atom'>
            <link rel=alternate hreflang=de href='/de'><link rel=stylesheet href='a.css'></head>
            <a href='/comments.rss'>RSS</a><link rel='feed' href='rss'>
            <a rel=alternate type='application/feed+json' href=json>JSON</a>";
        let links = find_feed_links(page, "https://example.org/");
        let blog = "https://example.org/blog";
        let declared = [format!("{blog}/rss"), "HTTPS://x.org/atom".into(), format!("{blog}/json")];
        assert_eq!(links.declared, declared);
        assert_eq!(links.linked, ["https://example.org/comments.rss"]);
        let hidden = "<!-- <a href='/rss'> --><script>'<a href=/rss>'</script>\
                      <link rel=alternate type=application/rss+xml href='javascript:x'><";
        assert_eq!(find_feed_links(hidden, "https://e.org/"), PageFeedLinks::default());
    }

    #[test]
    fn find_feed_links_lists_posts_before_comments() {
        let link = |title: &str, href: &str| {
            format!("<link rel=alternate type=application/rss+xml title='{title}' href='{href}'>")
        };
        let page = [
            link("Site » Comments Feed", "/a"),
            link("Comments on “A day out”", "/b"),
            link("", "/comments/feed/"),
            link("Kommentare", "/d"),
            link("Site » Feed", "/feed/"),
        ];
        let links = find_feed_links(&page.concat(), "https://commentary.example/");
        let paths = ["/feed/", "/a", "/b", "/comments/feed/", "/d"];
        assert_eq!(links.declared, paths.map(|path| format!("https://commentary.example{path}")));
    }

    #[test]
    fn find_feed_links_reads_links_that_name_a_feed() {
        let cases = [
            ("<a href=/x>RSS</a>", true),
            ("<a href=/x><b>Our <i>Atom</i> feed</b></a>", true),
            ("<a href=/x><img src=i.png alt='RSS icon'></a>", true),
            ("<a href=/x title='News feed'><svg><path/></svg></a>", true),
            ("<a href=/x aria-label=rss></a>", true),
            ("<a href=/x>rss", true),
            ("<a href='/list?id=3&format=rss'>Subscribe</a>", true),
            ("<a href=/news.xml>All news</a>", true),
            ("<a href=/export/atom.php>Here</a>", true),
            ("<a href=/blog_rss/>Here</a>", true),
            ("<a href=/x>News</a> RSS", false),
            ("<a href=/x>Feedback</a><a href=/harass>a</a>", false),
            ("<a href=/sitemap.xml>Map</a>", false),
            ("<a href='mailto:rss@e.org'>RSS</a><a href='#rss'>RSS</a>", false),
            (
                "<a href=/x>How we found, in all these years of splitting, that an atom is small</a>",
                false,
            ),
        ];
        for (page, is_found) in cases {
            let links = find_feed_links(page, "https://e.org/");
            assert_eq!(links.linked.len(), usize::from(is_found), "{page}: {links:?}");
            assert!(links.declared.is_empty());
        }
        let page = "<a href='feed:https://e.org/a'>News</a><a href='FEED://e.org/b'>More</a>\
            <link rel=alternate type=application/rss+xml href='feed://e.org/c'>";
        let links = find_feed_links(page, "https://e.org/");
        assert_eq!(links.linked, ["https://e.org/a", "http://e.org/b"]);
        assert_eq!(links.declared, ["http://e.org/c"]);
        let page = "<a href=/1>RSS</a><a href=/feed>News</a><a href=/1>Atom</a>";
        let links = find_feed_links(page, "https://e.org/");
        assert_eq!(links.linked, ["https://e.org/feed", "https://e.org/1"]);
        let many: Vec<String> = (0..100).map(|at| format!("<a href=/{at}.rss>RSS</a>")).collect();
        assert_eq!(find_feed_links(&many.concat(), "https://e.org/").linked.len(), MAX_FEED_LINKS);
    }
}
