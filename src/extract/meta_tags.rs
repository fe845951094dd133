//! The `<meta>` elements of a page.

use dom_query::Document;

use super::{class_names, page_text::single_line};

/// The `<meta>` elements of a page that have a name and a content, in page order.
#[derive(Debug, Default)]
pub(super) struct MetaTags {
    /// Name in lower case, and content on one line.
    tags: Vec<(String, String)>,
}

impl MetaTags {
    /// Collects the elements of a page. `name`, `property` and `itemprop` all name a value.
    pub(super) fn from_page(page: &Document) -> MetaTags {
        let mut tags = Vec::new();
        for node in page.select("meta[content]").nodes() {
            let content = node.attr("content").and_then(|content| single_line(&content));
            let names = ["name", "property", "itemprop"].map(|label| node.attr(label));
            let Some(content) = content else { continue };
            for name in names.iter().flatten().flat_map(|names| names.split_whitespace()) {
                tags.push((normalize_name(name), content.clone()));
            }
        }
        MetaTags { tags }
    }

    /// Returns the contents of every element called `name`, which is in lower case.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.tags
            .iter()
            .filter(move |(other, _)| other == name)
            .map(|(_, content)| content.as_str())
    }

    /// Returns the contents of the elements whose name has one of `parts`, which are lower-case words
    /// joined by hyphens.
    pub(super) fn named_like<'a>(&'a self, parts: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
        let is_like = |name: &str| class_names::contains_any(&class_names::names_in(name), parts);
        self.tags.iter().filter(move |(name, _)| is_like(name)).map(|(_, content)| content.as_str())
    }

    /// Returns the contents of the elements with one of `names`, in the order of `names`.
    pub(super) fn by_rank<'a>(&'a self, names: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
        names.iter().flat_map(|name| self.all(name))
    }
}

/// Returns a name in lower case, with the prefix of Dublin Core written as `dc:` or `dcterms:`.
fn normalize_name(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let prefixes = [("dc.", "dc:"), ("dcterms.", "dcterms:"), ("dcterm:", "dcterms:")];
    let found = prefixes.iter().find_map(|(from, to)| Some((name.strip_prefix(from)?, to)));
    found.map(|(rest, to)| format!("{to}{rest}")).unwrap_or(name)
}
