//! What the classes and ids of an element call it.

use dom_query::NodeRef;

/// Names of what is not part of an article, by their words. Hardly any two sites agree on more than these.
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

/// Whether an element is called something that is not part of an article.
pub(super) fn is_boilerplate(node: &NodeRef<'_>) -> bool {
    let said = node.attr("itemprop");
    said.is_some_and(|said| matches!(said.as_ref(), "datePublished" | "dateModified"))
        || element_names(node)
            .is_some_and(|names| BOILERPLATE_NAMES.iter().any(|noise| contains_name(&names, noise)))
}

/// Whether an element is called a caption.
pub(super) fn is_caption(node: &NodeRef<'_>) -> bool {
    node.has_name("figcaption")
        || element_names(node).is_some_and(|names| contains_name(&names, "caption"))
}

fn contains_name(names: &str, name: &str) -> bool {
    names
        .match_indices(name)
        .any(|(at, _)| names[..at].ends_with('-') && names[at + name.len()..].starts_with('-'))
}

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

/// `postAuthor`, `post__author` and `Post-Author` become ` -post-author-`.
fn push_kebab_case(name: &str, out: &mut String) {
    out.push_str(" -");
    let mut after_lower = false;
    for c in name.chars() {
        let parts = (c.is_uppercase() && after_lower) || !c.is_alphanumeric();
        if parts && !out.ends_with('-') {
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
