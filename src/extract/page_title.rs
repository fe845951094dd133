//! The title of a page, without the name of its website.

use dom_query::{Document, NodeRef};

use super::{json_ld::JsonLd, meta_tags::MetaTags, page_text::single_line};
use crate::{
    markup::title_content,
    text::{decode_entities, url},
};

/// Names of `<meta>` elements for the title, the most reliable first.
const TITLE_NAMES: [&str; 8] = [
    "citation_title",
    "dc:title",
    "dcterms:title",
    "og:title",
    "title",
    "twitter:title",
    "parsely-title",
    "sailthru.title",
];

/// Separators between a title and the name of a website.
const SEPARATORS: [&str; 11] =
    [" | ", " - ", " – ", " — ", " · ", " • ", " » ", " / ", " :: ", " : ", ": "];

/// Maximum length of a heading that is a title, in characters: one that is never closed contains
/// the whole page.
const MAX_HEADING_CHARS: usize = 300;

/// Returns the title of a page.
///
/// JSON-LD comes first if the head of the page has the same words, then `<meta>`, then the only top
/// heading if it is part of `<title>`, then `head_title`, the title that Readability finds. `site`
/// tells which part of a title is not the title.
pub(super) fn find_title(
    page: &Document,
    meta: &MetaTags,
    json_ld: &JsonLd,
    head_title: &str,
    site: &SiteNames,
) -> Option<String> {
    let title_element = single_line(&page.select_single("title").text()).unwrap_or_default();
    let meta_title = meta.by_rank(&TITLE_NAMES).next();
    let head = [title_element.as_str(), meta_title.unwrap_or_default(), head_title].join(" ");
    let headings = Headings::from_page(page, site);
    let in_json_ld = json_ld.article.titles.iter().filter_map(|title| clean_title(title));
    in_json_ld
        .into_iter()
        .find(|title| head.contains(title.as_str()))
        .or_else(|| meta_title.and_then(clean_title))
        .or_else(|| headings.only_top().filter(|only| is_likelier(only, &title_element)))
        .or_else(|| single_line(head_title))
        .map(|title| strip_site_name(&title, &headings, site).to_owned())
}

/// Returns a title from the head of a page on one line. Many publishers encode it twice.
fn clean_title(title: &str) -> Option<String> {
    let mut decoded = String::with_capacity(title.len());
    decode_entities(title, &mut decoded);
    single_line(&decoded)
}

/// Returns the content of the first `<title>`.
pub(super) fn raw_title(page: &str) -> Option<String> {
    title_content(page).and_then(single_line)
}

/// The headings of a page that may be its title, without the name of the website.
#[derive(Debug, Default)]
struct Headings {
    /// The texts of `<h1>`.
    top: Vec<String>,
    /// The texts of `<h2>` and `<h3>`.
    lower: Vec<String>,
}

impl Headings {
    fn from_page(page: &Document, site: &SiteNames) -> Headings {
        let texts = |selector: &str| {
            let nodes = page.select(selector);
            let titles = nodes.nodes().iter().filter(|node| !leads_home(node));
            let lines = titles.filter_map(|node| single_line(&node.text()));
            let short = lines.filter(|text| text.chars().count() <= MAX_HEADING_CHARS);
            short.filter(|text| !site.contains(text)).collect()
        };
        Headings { top: texts("h1"), lower: texts("h2, h3") }
    }

    fn only_top(&self) -> Option<String> {
        let [heading] = self.top.as_slice() else { return None };
        Some(heading.clone())
    }

    fn contain(&self, text: &str) -> bool {
        self.top.iter().chain(&self.lower).any(|heading| heading == text)
    }
}

/// Returns whether a heading is a link to the start of the website, and so its name.
fn leads_home(heading: &NodeRef<'_>) -> bool {
    let links = heading.descendants_it().filter(|inner| inner.has_name("a"));
    links.filter_map(|link| link.attr("href")).any(|href| {
        let path =
            url::split_scheme(&href).map_or(&*href, |(_, rest)| rest.trim_start_matches('/'));
        href.trim() == "/"
            || (path.len() < href.len() && path.trim_end_matches('/').find('/').is_none())
    })
}

/// Returns whether the only top heading of a page is more likely its title than the `<title>`: it
/// is a part of that, or that is as short as "Untitled document".
fn is_likelier(heading: &str, title_element: &str) -> bool {
    title_element.contains(heading) || title_element.split_whitespace().count() < 3
}

/// Removes the name of the website from the end or the start of a title.
///
/// A part that is not the known name of the website goes only if a heading says the rest.
fn strip_site_name<'a>(title: &'a str, headings: &Headings, site: &SiteNames) -> &'a str {
    let mut rest = title;
    loop {
        let without_site = SEPARATORS.iter().find_map(|separator| {
            let (before, after) = rest.rsplit_once(separator)?;
            let (first, remainder) = rest.split_once(separator)?;
            if site.contains(after) || headings.contain(before) {
                Some(before)
            } else if site.contains(first) {
                Some(remainder)
            } else {
                None
            }
        });
        match without_site.map(str::trim).filter(|part| !part.is_empty()) {
            Some(part) => rest = part,
            None => return rest,
        }
    }
}

/// The names of a website, for comparison.
#[derive(Debug, Default)]
pub(super) struct SiteNames {
    /// Letters and digits in lower case.
    names: Vec<String>,
}

impl SiteNames {
    /// Collects the names that a page states, and the host of its URL.
    pub(super) fn new<'a>(
        stated: impl Iterator<Item = &'a str>,
        url: Option<&'a str>,
    ) -> SiteNames {
        let host = url.map(url::host).unwrap_or_default();
        let host = host.strip_prefix("www.").unwrap_or(host);
        let without_suffix = host.rsplit_once('.').map_or("", |(domain, _)| domain);
        let all = stated.chain([host, without_suffix]).map(comparable);
        SiteNames { names: all.filter(|name| !name.is_empty()).collect() }
    }

    /// Returns whether `text` is a name of the website, with or without "www" and the like.
    fn contains(&self, text: &str) -> bool {
        let text = comparable(text);
        !text.is_empty() && self.names.contains(&text)
    }
}

/// Returns the letters and digits of a name in lower case.
fn comparable(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strip_site_name_removes_known_names_only() {
        let site = SiteNames::new(["The Paper"].into_iter(), Some("https://www.golem.example/a"));
        let cases = [
            ("River rises – The Paper", "River rises"),
            ("River rises | News | The Paper", "River rises | News"),
            ("The Paper: River rises", "River rises"),
            ("River rises - golem.example", "River rises"),
            ("River rises - Golem", "River rises"),
            ("River – the whole story", "River – the whole story"),
            ("The heading | Unknown", "The heading"),
            ("Unknown » The heading", "Unknown » The heading"),
            ("The Paper", "The Paper"),
            (" | The Paper", " | The Paper"),
        ];
        for (title, expected) in cases {
            let headings = Headings { top: vec!["The heading".into()], lower: Vec::new() };
            assert_eq!(strip_site_name(title, &headings, &site), expected, "{title}");
        }
    }

    #[test]
    fn find_title_passes_over_name_of_site_in_heading() {
        let title = |page: &str| {
            let document = Document::from(page);
            let meta = MetaTags::from_page(&document);
            let site = SiteNames::new(meta.all("og:site_name"), None);
            let head = document.select_single("title").text().to_string();
            find_title(&document, &meta, &JsonLd::default(), &head, &site).unwrap_or_default()
        };
        let cases = [
            "<title>River rises - My Blog</title><h1><a href='/'>My Blog</a></h1><h2>River rises</h2>",
            "<title>River rises - My Blog</title><h1><a href='https://blog.example/'>My Blog</a></h1>\
             <h2>River rises</h2>",
            "<title>River rises - My Blog</title><meta property=og:site_name content='My Blog'>\
             <h1>My Blog</h1>",
            "<title>x</title><meta property=og:title content='River rises | My Blog'><h1>My Blog</h1>\
             <h2>River rises</h2>",
            "<title>x</title><meta property=og:title content='River &amp;#114;ises'>",
            "<title>My Blog: River rises</title><h1>River rises</h1>",
            "<title>Untitled document</title><h1>River rises</h1>",
        ];
        for page in cases {
            assert_eq!(title(page), "River rises", "{page}");
        }
    }
}
