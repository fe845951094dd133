//! URLs and attributes of the elements in an article.

use dom_query::{Document, NodeRef};

use crate::text::url;

/// Returns the base URL of a page at `url`: that of its `<base>` element, otherwise `url`.
pub(super) fn find_base_url(page: &Document, url: &str) -> Option<String> {
    let page_url = url::resolve(url, None);
    let declared = page.select_single("base[href]").attr("href");
    declared.and_then(|href| url::resolve(&href, page_url.as_deref())).or(page_url)
}

/// Attributes that are kept in an article. `id` and `name` are the targets of footnotes; `class`
/// stays only on [`ELEMENTS_WITH_CLASS`].
const KEPT_ATTRIBUTES: [&str; 23] = [
    "alt",
    "aria-hidden",
    "checked",
    "class",
    "colspan",
    "datetime",
    "dir",
    "height",
    "hidden",
    "href",
    "id",
    "lang",
    "name",
    "reversed",
    "role",
    "rowspan",
    "src",
    "start",
    "style",
    "title",
    "type",
    "value",
    "width",
];

/// Elements whose class names mean something: the programming language of code, and pictures that
/// are characters, such as emoji and formulas.
const ELEMENTS_WITH_CLASS: [&str; 3] = ["code", "img", "pre"];

/// Makes every URL in `root` absolute and removes the attributes that are not in
/// [`KEPT_ATTRIBUTES`].
pub(super) fn clean_attributes(root: &NodeRef<'_>, base: Option<&str>) {
    let all = std::iter::once(*root).chain(root.descendants());
    for node in all.filter(NodeRef::is_element) {
        if node.has_name("img") {
            resolve_lazy_image(&node);
        }
        node.retain_attrs(&KEPT_ATTRIBUTES);
        for name in ["href", "src"] {
            make_absolute(&node, name, base);
        }
        if !ELEMENTS_WITH_CLASS.iter().any(|name| node.has_name(name)) {
            node.remove_attr("class");
        }
    }
}

/// Makes the URL in an attribute absolute, or removes the attribute if the URL is not valid. Links
/// within the page (`#…`) stay.
fn make_absolute(node: &NodeRef<'_>, name: &str, base: Option<&str>) {
    let Some(value) = node.attr(name).filter(|value| !value.starts_with('#')) else { return };
    match url::resolve(&value, base) {
        Some(absolute) => node.set_attr(name, &absolute),
        None => node.remove_attr(name),
    }
}

/// Sets the `src` of an image that a script would load later: its URL is in another attribute, such
/// as `data-src` or `srcset`.
fn resolve_lazy_image(image: &NodeRef<'_>) {
    // A `data:` URL is a placeholder.
    let has_url = image
        .attr("src")
        .is_some_and(|src| !src.trim().is_empty() && !src.trim_start().starts_with("data:"));
    if has_url {
        return;
    }
    let lazy_src =
        ["data-src", "data-original", "data-lazy-src"].iter().find_map(|name| image.attr(name));
    let find_srcset = || image.attr("srcset").or_else(|| image.attr("data-srcset"));
    if let Some(url) = lazy_src {
        image.set_attr("src", &url);
    } else if let Some(srcset) = find_srcset()
        && let Some(first) = srcset.split_whitespace().next()
    {
        image.set_attr("src", first.trim_end_matches(','));
    }
}
