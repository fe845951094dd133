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
        || has_name(node, &BOILERPLATE_NAMES)
}

/// Names of the comments of readers.
const COMMENT_NAMES: [&str; 8] = [
    "comment",
    "comments",
    "comment-list",
    "commentlist",
    "disqus",
    "disqus-thread",
    "respond",
    "responses",
];

/// Returns whether a class name or id says that an element has comments of readers.
pub(super) fn is_comment(node: &NodeRef<'_>) -> bool {
    has_name(node, &COMMENT_NAMES)
}

/// Returns whether a class name or id has one of `wanted`, which are lower-case words joined by
/// hyphens.
pub(super) fn has_name(node: &NodeRef<'_>, wanted: &[&str]) -> bool {
    element_names(node).is_some_and(|names| contains_any(&names, wanted))
}

/// Returns whether `names`, from [`element_names`], contain one of `wanted`.
pub(super) fn contains_any(names: &str, wanted: &[&str]) -> bool {
    wanted.iter().any(|name| contains_name(names, name))
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
pub(super) fn element_names(node: &NodeRef<'_>) -> Option<String> {
    let element = node.element_ref()?;
    let values = ["class", "id"].into_iter().filter_map(|attribute| element.attr(attribute));
    let names: String = values.map(|value| names_in(&value)).collect();
    (!names.is_empty()).then_some(names)
}

/// Returns the names in the value of a class or id attribute, as [`element_names`] does.
pub(super) fn names_in(value: &str) -> String {
    let mut names = String::new();
    value.split_whitespace().for_each(|name| push_kebab_case(name, &mut names));
    names
}

/// Appends a name in kebab case: `postAuthor`, `post__author` and `Post-Author` all become
/// `-post-author-`.
fn push_kebab_case(name: &str, out: &mut String) {
    out.push_str(" -");
    for word in name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let splits = is_camel_case(word);
        for (at, c) in word.char_indices() {
            if splits && at > 0 && c.is_uppercase() {
                out.push('-');
            }
            out.extend(c.to_lowercase());
        }
        out.push('-');
    }
}

/// Returns whether the capitals in `word` begin words, as in `relatedPosts`. In a random id, such
/// as `n1AuAdJlVL`, they do not: it has digits, or parts of one or two letters only.
fn is_camel_case(word: &str) -> bool {
    let humps: Vec<&str> = split_at_capitals(word);
    let letters = word.chars().all(char::is_alphabetic);
    letters
        && humps.iter().all(|hump| hump.chars().count() >= 2)
        && humps.iter().any(|hump| hump.chars().count() >= 3)
        && word.chars().count() * 2 >= humps.len() * 5
}

/// Splits a word in front of its capitals.
fn split_at_capitals(word: &str) -> Vec<&str> {
    let starts = word.char_indices().filter(|(at, c)| *at > 0 && c.is_uppercase());
    let starts: Vec<usize> = std::iter::once(0).chain(starts.map(|(at, _)| at)).collect();
    let ends = starts.iter().skip(1).copied().chain([word.len()]);
    starts.iter().zip(ends).map(|(start, end)| &word[*start..end]).collect()
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
            ("adBox", true),
            ("n1AuAdJlVL", false),
            ("xKaAdSqLr", false),
            ("KaAdSqLr", false),
            ("x_ad-1", true),
            ("ABOUT-AUTHOR", true),
            ("", false),
        ];
        for (class, expected) in cases {
            let page = Document::from(format!("<div class=\"{class}\">x</div>"));
            assert_eq!(is_boilerplate(&page.select_single("div").nodes()[0]), expected, "{class}");
        }
    }
}
