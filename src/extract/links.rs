//! Addresses within an article.

use dom_query::{Document, NodeRef};

use crate::text::url;

/// What addresses in a page at `url` are relative to.
pub(super) fn find_base_url(page: &Document, url: &str) -> Option<String> {
    let page_url = url::resolve(url, None);
    let said = page.select_single("base[href]").attr("href");
    said.and_then(|said| url::resolve(&said, page_url.as_deref())).or(page_url)
}

/// Attributes that say something in an article; `class` names the language of code.
const KEPT_ATTRIBUTES: [&str; 15] = [
    "alt", "class", "colspan", "datetime", "dir", "height", "hidden", "href", "lang", "role",
    "rowspan", "src", "start", "style", "width",
];

/// Makes every address in `root` absolute, and drops attributes that say nothing.
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
        if !node.has_name("code") && !node.has_name("pre") {
            node.remove_attr("class");
        }
    }
}

fn make_absolute(node: &NodeRef<'_>, name: &str, base: Option<&str>) {
    let Some(said) = node.attr(name).filter(|said| !said.starts_with('#')) else { return };
    match url::resolve(&said, base) {
        Some(absolute) => node.set_attr(name, &absolute),
        None => node.remove_attr(name),
    }
}

/// Pictures that a script would load have their address elsewhere.
fn resolve_lazy_image(image: &NodeRef<'_>) {
    let real = image
        .attr("src")
        .is_some_and(|src| !src.trim().is_empty() && !src.trim_start().starts_with("data:"));
    if real {
        return;
    }
    let one =
        ["data-src", "data-original", "data-lazy-src"].iter().find_map(|name| image.attr(name));
    let several = || image.attr("srcset").or_else(|| image.attr("data-srcset"));
    if let Some(address) = one {
        image.set_attr("src", &address);
    } else if let Some(first) = several().as_deref().and_then(|all| all.split_whitespace().next()) {
        image.set_attr("src", first.trim_end_matches(','));
    }
}
