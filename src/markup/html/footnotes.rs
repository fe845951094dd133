//! Footnotes: links within a page, to a note and back.

use std::collections::HashSet;

use dom_query::Element;

use super::{tag_scanner::parse_attributes, tokenizer::tokenize_tags};
use crate::{markup::link_table::LinkDestination, text::url};

/// The names of the anchors that links in the page lead to.
#[derive(Debug, Default)]
pub(super) struct FragmentTargets<'a> {
    fragments: HashSet<String>,
    /// The URL of the page without its fragment.
    page_url: Option<&'a str>,
}

impl<'a> FragmentTargets<'a> {
    /// Collects the targets of the links in `text`, a page at `base`.
    pub(super) fn collect_targets(text: &str, base: Option<&'a str>) -> FragmentTargets<'a> {
        let mut targets =
            FragmentTargets { fragments: HashSet::new(), page_url: base.map(without_fragment) };
        if text.contains('#') {
            let links = tokenize_tags(text).filter(|tag| !tag.closing && tag.name == "a");
            let hrefs = links.flat_map(|tag| {
                parse_attributes(tag.attributes).filter(|(name, _)| *name == "href")
            });
            targets.fragments =
                hrefs.filter_map(|(_, href)| targets.local_fragment(href)).collect();
        }
        targets
    }

    /// Returns the fragment of `href` if it leads to this page.
    fn local_fragment(&self, href: &str) -> Option<String> {
        let (page, name) = href.split_once('#')?;
        let is_this_page = page.is_empty() || self.page_url == Some(page);
        (is_this_page && !name.is_empty()).then(|| name.to_owned())
    }

    /// Returns the destination of a link.
    pub(super) fn resolve_link(&self, href: &str, base: Option<&str>) -> Option<LinkDestination> {
        match self.local_fragment(href) {
            Some(name) => Some(LinkDestination::Anchor(name)),
            None => url::resolve(href, base).map(LinkDestination::Url),
        }
    }

    /// Returns the name of an element that a link leads to.
    pub(super) fn anchor_name(&self, element: &Element) -> Option<String> {
        if self.fragments.is_empty() {
            return None;
        }
        let name = element.attr("id").or_else(|| element.attr("name"))?;
        self.fragments.contains(&*name).then(|| name.to_string())
    }
}

fn without_fragment(url: &str) -> &str {
    url.split('#').next().unwrap_or(url)
}
