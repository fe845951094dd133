//! Class names and ids of elements: boilerplate and captions are recognised by them.
//!
//! Start with [`is_boilerplate`].

use dom_query::NodeRef;

/// Names of elements that are not part of an article, in lower-case words joined by hyphens. Hardly
/// any other names are common to several sites.
const BOILERPLATE_NAMES: [&str; 57] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "also-like",
    "article-date",
    "article-meta",
    "author-bio",
    "author-box",
    "author-info",
    "about-author",
    "bio",
    "breadcrumb",
    "breadcrumbs",
    "byline",
    "comments",
    "cookie",
    "copyright",
    "cta",
    "dateline",
    "entry-date",
    "entry-meta",
    "more-stories",
    "most-popular",
    "most-read",
    "newsletter",
    "newsletters",
    "outbrain",
    "post-author",
    "post-date",
    "post-meta",
    "post-tags",
    "postdate",
    "posted-on",
    "promo",
    "pub-date",
    "pubdate",
    "publish-date",
    "published",
    "read-more",
    "readmore",
    "recommendations",
    "recommended",
    "related",
    "respond",
    "share",
    "sharing",
    "sign-up",
    "signup",
    "social",
    "sponsor",
    "sponsored",
    "subscribe",
    "subscription",
    "taboola",
    "timestamp",
    "trending",
];

/// Returns whether a class name, id or `itemprop` says that an element is not part of the article.
pub(super) fn is_boilerplate(node: &NodeRef<'_>) -> bool {
    let property = node.attr("itemprop");
    property.is_some_and(|name| matches!(name.as_ref(), "datePublished" | "dateModified"))
        || element_names(node)
            .is_some_and(|names| BOILERPLATE_NAMES.iter().any(|name| contains_name(&names, name)))
}

/// Returns whether an element is a `<figcaption>`, or a class name or id says that it is a caption.
pub(super) fn is_caption(node: &NodeRef<'_>) -> bool {
    node.has_name("figcaption")
        || element_names(node).is_some_and(|names| contains_name(&names, "caption"))
}

/// Returns whether `names`, from [`element_names`], contain the whole words `name`.
fn contains_name(names: &str, name: &str) -> bool {
    names
        .match_indices(name)
        .any(|(at, _)| names[..at].ends_with('-') && names[at + name.len()..].starts_with('-'))
}

/// Returns the class names and ids of an element in kebab case, each between hyphens; `None` if
/// there are none.
fn element_names(node: &NodeRef<'_>) -> Option<String> {
    let element = node.element_ref()?;
    let mut names = String::new();
    for attribute in ["class", "id"] {
        if let Some(value) = element.attr(attribute) {
            value.split_whitespace().for_each(|name| push_kebab_case(name, &mut names));
        }
    }
    (!names.is_empty()).then_some(names)
}

/// Appends a name in kebab case: `postAuthor`, `post__author` and `Post-Author` all become `
/// -post-author-`.
fn push_kebab_case(name: &str, out: &mut String) {
    out.push_str(" -");
    let mut after_lower = false;
    for c in name.chars() {
        let is_boundary = (c.is_uppercase() && after_lower) || !c.is_alphanumeric();
        if is_boundary && !out.ends_with('-') {
            out.push('-');
        }
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        }
        after_lower = c.is_lowercase();
    }
    out.push('-');
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;

    #[test]
    fn is_boilerplate_matches_whole_class_words() {
        let cases = [
            ("newsletter", true),
            ("c-newsletter__title", true),
            ("PostAuthor big", true),
            ("article__author-bio", true),
            ("wide relatedPosts", true),
            ("biology", false),
            ("loader", false),
            ("post author", false),
            ("shared-space", false),
            ("", false),
        ];
        for (class, expected) in cases {
            let page = Document::from(format!("<div class=\"{class}\">x</div>"));
            assert_eq!(is_boilerplate(&page.select_single("div").nodes()[0]), expected, "{class}");
        }
    }
}
