//! Extraction rules: the user's CSS selectors for the articles of a site.

use dom_query::{Document, Matcher, NodeRef};
use serde::Deserialize;

use super::links;
use crate::text::url;

/// A rule for extracting the articles of a site.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of site settings (host, keep, drop)")]
pub struct ExtractionRule {
    /// The host to which the rule applies, including its subdomains.
    pub host: String,
    /// CSS selectors of the article; if empty, the article is detected.
    #[serde(default)]
    pub keep: Vec<String>,
    /// CSS selectors of the elements to remove.
    #[serde(default)]
    pub drop: Vec<String>,
}

impl ExtractionRule {
    /// Checks the host and the selectors.
    ///
    /// # Errors
    ///
    /// Returns a sentence about the first invalid value.
    pub fn validate(&self) -> Result<(), String> {
        let host = &self.host;
        if host.trim().is_empty() || host.contains(['/', ':']) || host.contains(char::is_whitespace)
        {
            return Err(format!("`{host}` is not the name of a host, such as example.org."));
        }
        let invalid =
            self.keep.iter().chain(&self.drop).find(|text| parse_selector(text).is_none());
        invalid.map_or(Ok(()), |selector| Err(format!("`{selector}` is not a CSS selector.")))
    }

    /// Returns whether the rule applies to the page at `url`.
    pub(super) fn matches_url(&self, url: &str) -> bool {
        let page_host = url::host(url).to_ascii_lowercase();
        let rule_host = self.host.to_ascii_lowercase();
        let is_same_or_subdomain = |prefix: &str| prefix.is_empty() || prefix.ends_with('.');
        !rule_host.is_empty()
            && page_host.strip_suffix(&rule_host).is_some_and(is_same_or_subdomain)
    }
}

/// Maximum nesting of the parentheses of a selector, as in `:not(:is(p))`: the parser of selectors is
/// recursive.
const MAX_SELECTOR_NESTING: usize = 16;

/// Parses a CSS selector; `None` if it is invalid or nested too deeply.
fn parse_selector(text: &str) -> Option<Matcher> {
    let mut nesting = 0_usize;
    for byte in text.bytes() {
        match byte {
            // A bracket or brace begins a block as well (CSS Syntax §5.4.8).
            b'(' | b'[' | b'{' => nesting += 1,
            b')' | b']' | b'}' => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        if nesting > MAX_SELECTOR_NESTING {
            return None;
        }
    }
    Matcher::new(text).ok()
}

/// Removes the elements that the `drop` selectors of the rules match; invalid selectors are
/// ignored.
pub(super) fn remove_dropped(page: &Document, rules: &[&ExtractionRule]) {
    let selectors = rules.iter().flat_map(|rule| &rule.drop);
    for matcher in selectors.filter_map(|selector| parse_selector(selector)) {
        page.select_matcher(&matcher).remove();
    }
}

/// Returns the elements that the `keep` selectors of the rules match, as HTML in page order; `None`
/// if there are none. Invalid selectors are ignored.
pub(super) fn select_kept(
    page: &Document,
    rules: &[&ExtractionRule],
    base: Option<&str>,
) -> Option<String> {
    let selectors = rules.iter().flat_map(|rule| &rule.keep).map(String::as_str);
    let valid: Vec<&str> =
        selectors.filter(|selector| parse_selector(selector).is_some()).collect();
    let matcher = Matcher::new(&valid.join(", ")).ok()?;
    let selection = page.select_matcher(&matcher);
    // Collected before the first element is written: writing removes class names, on which the
    // matcher depends.
    let outermost: Vec<_> =
        selection.nodes().iter().filter(|node| !has_matching_ancestor(node, &matcher)).collect();
    let html: String = outermost.into_iter().map(|node| element_html(node, base)).collect();
    (!html.trim().is_empty()).then_some(html)
}

/// Returns whether `matcher` matches an ancestor of `node`.
fn has_matching_ancestor(node: &NodeRef<'_>, matcher: &Matcher) -> bool {
    node.ancestors_it(None).any(|ancestor| ancestor.is_element() && ancestor.is_match(matcher))
}

/// Returns an element as HTML with absolute links and without unneeded attributes.
fn element_html(node: &NodeRef<'_>, base: Option<&str>) -> String {
    links::clean_attributes(node, base);
    node.html().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_selector_limits_nesting() {
        let nested = |depth| [":not(".repeat(depth), "p".to_owned(), ")".repeat(depth)].concat();
        assert!(parse_selector(&nested(1)).is_some());
        assert!(parse_selector("article > p:not(.ad), [itemprop~='articleBody']").is_some());
        for open in [":not(", ":is(", ":has(", "(", "[", "{"] {
            assert!(parse_selector(&open.repeat(100_000)).is_none(), "{open}");
        }
        let rule = ExtractionRule {
            host: "example.org".to_owned(),
            keep: vec![nested(MAX_SELECTOR_NESTING + 1)],
            drop: Vec::new(),
        };
        assert!(rule.validate().is_err());
    }
}
