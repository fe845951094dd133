//! References within a page: footnotes and the ways back from them.

use std::collections::HashSet;

use dom_query::Element;

use super::tokenizer::{parse_attributes, tokenize_tags};
use crate::{markup::builder::LinkDestination, text::url};

/// The names of the places that something in the page leads to.
#[derive(Debug, Default)]
pub(super) struct FragmentTargets<'a> {
    fragments: HashSet<String>,
    /// The address of the page, without the name of a place in it.
    page_url: Option<&'a str>,
}

impl<'a> FragmentTargets<'a> {
    /// Those in `text`, a page at `base`.
    pub(super) fn collect_targets(text: &str, base: Option<&'a str>) -> FragmentTargets<'a> {
        let mut references =
            FragmentTargets { fragments: HashSet::new(), page_url: base.map(without_fragment) };
        if text.contains('#') {
            let links = tokenize_tags(text).filter(|tag| !tag.closing && tag.name == "a");
            let addresses = links.flat_map(|tag| {
                parse_attributes(tag.attributes).filter(|(name, _)| *name == "href")
            });
            references.fragments =
                addresses.filter_map(|(_, href)| references.local_fragment(href)).collect();
        }
        references
    }

    /// The name of the place in this page that `href` leads to.
    fn local_fragment(&self, href: &str) -> Option<String> {
        let (page, name) = href.split_once('#')?;
        let here = page.is_empty() || self.page_url == Some(page);
        (here && !name.is_empty()).then(|| name.to_owned())
    }

    /// Where `href` leads.
    pub(super) fn resolve_link(&self, href: &str, base: Option<&str>) -> Option<LinkDestination> {
        match self.local_fragment(href) {
            Some(name) => Some(LinkDestination::Anchor(name)),
            None => url::resolve(href, base).map(LinkDestination::Url),
        }
    }

    /// The name of an element that something leads to.
    pub(super) fn anchor_name(&self, element: &Element) -> Option<String> {
        if self.fragments.is_empty() {
            return None;
        }
        let name = element.attr("id").or_else(|| element.attr("name"))?;
        self.fragments.contains(&*name).then(|| name.to_string())
    }
}

fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or(address)
}
