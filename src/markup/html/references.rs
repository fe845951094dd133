//! References within a page: footnotes and the ways back from them.

use std::collections::HashSet;

use dom_query::Element;

use super::tag::{attributes, tags};
use crate::{markup::build::Leads, text::address};

/// The names of the places that something in the page leads to.
#[derive(Debug, Default)]
pub(super) struct References<'a> {
    names: HashSet<String>,
    /// The address of the page, without the name of a place in it.
    page: Option<&'a str>,
}

impl<'a> References<'a> {
    /// Those in `text`, a page at `base`.
    pub(super) fn of(text: &str, base: Option<&'a str>) -> References<'a> {
        let mut references = References { names: HashSet::new(), page: base.map(without_fragment) };
        if text.contains('#') {
            let links = tags(text).filter(|tag| !tag.closing && tag.name == "a");
            let addresses =
                links.flat_map(|tag| attributes(tag.attributes).filter(|(name, _)| *name == "href"));
            references.names = addresses.filter_map(|(_, href)| references.name(href)).collect();
        }
        references
    }

    /// The name of the place in this page that `href` leads to.
    fn name(&self, href: &str) -> Option<String> {
        let (page, name) = href.split_once('#')?;
        let here = page.is_empty() || self.page == Some(page);
        (here && !name.is_empty()).then(|| name.to_owned())
    }

    /// Where `href` leads.
    pub(super) fn leads(&self, href: &str, base: Option<&str>) -> Option<Leads> {
        match self.name(href) {
            Some(name) => Some(Leads::Within(name)),
            None => address::resolve(href, base).map(Leads::To),
        }
    }

    /// The name of an element that something leads to.
    pub(super) fn place(&self, element: &Element) -> Option<String> {
        if self.names.is_empty() {
            return None;
        }
        let name = element.attr("id").or_else(|| element.attr("name"))?;
        self.names.contains(&*name).then(|| name.to_string())
    }
}

fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or(address)
}
