//! What the user says of a site.

use dom_query::{Document, Matcher, NodeRef};
use serde::Deserialize;

use super::links;
use crate::text::url;

/// What the user says of a site: where its articles are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtractionRule {
    /// The host, for itself and its subdomains.
    pub host: String,
    /// CSS selectors of the article; without any, it is looked for.
    #[serde(default)]
    pub keep: Vec<String>,
    /// CSS selectors of what is not part of it.
    #[serde(default)]
    pub drop: Vec<String>,
}

impl ExtractionRule {
    /// Whether it can be used; otherwise what is wrong with it, in a sentence.
    pub fn validate(&self) -> Result<(), String> {
        let host = &self.host;
        if host.trim().is_empty() || host.contains(['/', ':']) || host.contains(char::is_whitespace)
        {
            return Err(format!("`{host}` is not the name of a host, such as example.org."));
        }
        let wrong =
            self.keep.iter().chain(&self.drop).find(|selector| Matcher::new(selector).is_err());
        wrong.map_or(Ok(()), |selector| Err(format!("`{selector}` is not a CSS selector.")))
    }

    /// Whether it speaks of the site at `url`.
    pub(super) fn matches_url(&self, url: &str) -> bool {
        let (asked, own) = (url::host(url).to_ascii_lowercase(), self.host.to_ascii_lowercase());
        !own.is_empty()
            && asked.strip_suffix(&own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

/// Removes what the rules drop.
pub(super) fn remove_dropped(page: &Document, rules: &[&ExtractionRule]) {
    for matcher in
        rules.iter().flat_map(|rule| &rule.drop).filter_map(|drop| Matcher::new(drop).ok())
    {
        page.select_matcher(&matcher).remove();
    }
}

/// What the rules keep, in the order of the page; `None` if that is nothing.
pub(super) fn select_kept(
    page: &Document,
    rules: &[&ExtractionRule],
    base: Option<&str>,
) -> Option<String> {
    let keep: Vec<&str> = rules.iter().flat_map(|rule| &rule.keep).map(String::as_str).collect();
    let keep: Vec<&str> = keep.into_iter().filter(|keep| Matcher::new(keep).is_ok()).collect();
    let matcher = Matcher::new(&keep.join(", ")).ok()?;
    let found = page.select_matcher(&matcher);
    // All of them before the first is written, which takes its classes away.
    let outermost: Vec<_> =
        found.nodes().iter().filter(|node| !has_matching_ancestor(node, &matcher)).collect();
    let html: String = outermost.into_iter().map(|node| element_html(node, base)).collect();
    (!html.trim().is_empty()).then_some(html)
}

fn has_matching_ancestor(node: &NodeRef<'_>, matcher: &Matcher) -> bool {
    node.ancestors_it(None).any(|ancestor| ancestor.is_element() && ancestor.is_match(matcher))
}

fn element_html(node: &NodeRef<'_>, base: Option<&str>) -> String {
    links::clean_attributes(node, base);
    node.html().to_string()
}
