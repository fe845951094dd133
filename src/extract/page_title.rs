//! The title of a page, without the name of its website.

use dom_query::Document;

use super::{json_ld::JsonLd, meta_tags::MetaTags, page_text::single_line};
use crate::{markup::title_content, text::url};

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
    let headings = top_headings(page);
    let in_json_ld = json_ld.article.titles.iter().filter_map(|title| single_line(title));
    in_json_ld
        .into_iter()
        .find(|title| head.contains(title.as_str()))
        .or_else(|| meta_title.and_then(single_line))
        .or_else(|| only_heading(&headings).filter(|only| is_likelier(only, &title_element, site)))
        .or_else(|| single_line(head_title))
        .map(|title| strip_site_name(&title, &headings, site).to_owned())
}

/// Returns the content of the first `<title>`.
pub(super) fn raw_title(page: &str) -> Option<String> {
    title_content(page).and_then(single_line)
}

/// Returns the texts of the top headings that may be titles.
fn top_headings(page: &Document) -> Vec<String> {
    let texts = page
        .select("h1")
        .nodes()
        .iter()
        .filter_map(|node| single_line(&node.text()))
        .collect::<Vec<_>>();
    texts.into_iter().filter(|text| text.chars().count() <= MAX_HEADING_CHARS).collect()
}

fn only_heading(headings: &[String]) -> Option<String> {
    let [heading] = headings else { return None };
    Some(heading.clone())
}

/// Returns whether the only heading of a page is more likely its title than the `<title>`: it is
/// a part of that, or that is as short as "Untitled document".
fn is_likelier(heading: &str, title_element: &str, site: &SiteNames) -> bool {
    let is_short = title_element.split_whitespace().count() < 3;
    title_element.contains(heading) || (is_short && !site.contains(heading))
}

/// Removes the name of the website from the end or the start of a title.
///
/// A part that is not the known name of the website goes only if a heading says the rest.
fn strip_site_name<'a>(title: &'a str, headings: &[String], site: &SiteNames) -> &'a str {
    let mut rest = title;
    loop {
        let without_site = SEPARATORS.iter().find_map(|separator| {
            let (before, after) = rest.rsplit_once(separator)?;
            let (first, remainder) = rest.split_once(separator)?;
            let is_heading = |part: &str| headings.iter().any(|heading| heading == part);
            if site.contains(after) || is_heading(before) {
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
            assert_eq!(strip_site_name(title, &["The heading".into()], &site), expected, "{title}");
        }
    }
}
