//! Removal of boilerplate that its words give away: labels of advertisements and buttons, requests
//! to subscribe, date lines, credits of pictures.
//!
//! Start with [`remove_boilerplate_text`].

use dom_query::NodeRef;

use super::{
    page_date,
    page_text::{collapsed_text, count_characters, count_linked_characters},
};

/// Whole texts of elements that belong to the page, in lower case and without punctuation at the
/// end.
const LABELS: [&str; 58] = [
    "ad",
    "ad feedback",
    "advert",
    "advertisement",
    "advertising",
    "advertisement - scroll to continue",
    "anuncio",
    "anzeige",
    "caption",
    "click to enlarge",
    "close",
    "comment",
    "comments",
    "continue reading below",
    "copy link",
    "don't miss",
    "email this article",
    "enlarge image",
    "enlarge this image",
    "facebook twitter email",
    "follow us",
    "iklan",
    "image",
    "inhalt",
    "jetzt teilen",
    "leave a comment",
    "listen to this article",
    "loading",
    "loading content",
    "mehr anzeigen",
    "order reprints",
    "photo",
    "post comment",
    "post comment (+)",
    "print",
    "print article",
    "print this article",
    "publicidad",
    "publicidade",
    "publicité",
    "pubblicità",
    "reklama",
    "reklame",
    "annonce",
    "annons",
    "advertentie",
    "реклама",
    "広告",
    "share",
    "share this",
    "share this article",
    "show more",
    "skip advertisement",
    "story continues below advertisement",
    "teilen",
    "text size",
    "this slideshow requires javascript",
    "werbung",
];

/// Beginnings of short texts that belong to the page, in lower case.
const OPENINGS: [&str; 40] = [
    "abonnieren sie",
    "abonnez-vous",
    "all rights reserved",
    "alle rechte vorbehalten",
    "click here for more information",
    "click here to get",
    "click here to read",
    "click here to sign",
    "click here to subscribe",
    "copyright @",
    "copyright ©",
    "copyright ⓒ",
    "download our app",
    "filed under:",
    "folgen sie uns",
    "follow us on",
    "get the latest news",
    "image 1 of",
    "inscrivez-vous à",
    "iscriviti alla",
    "join our newsletter",
    "join our telegram",
    "join our whatsapp",
    "melden sie sich für",
    "newsletter:",
    "sign up for",
    "sign up here",
    "sign up now",
    "sign up to",
    "sign up:",
    "stay up to date with",
    "subscribe for",
    "subscribe now",
    "subscribe to our",
    "subscribe to the",
    "support our journalism",
    "suscríbete a",
    "téléchargez l",
    "this post may contain affiliate links",
    "© ",
];

/// Beginnings of a credit of a picture, in lower case.
const CREDITS: [&str; 22] = [
    "(image credit",
    "(image:",
    "(photo:",
    "bild:",
    "bildquelle:",
    "copyright",
    "courtesy of",
    "credit:",
    "credit...",
    "crédit",
    "foto:",
    "fotos:",
    "fuente:",
    "getty images",
    "image credit",
    "image:",
    "photo by",
    "photo credit",
    "photo:",
    "photograph:",
    "quelle:",
    "© ",
];

/// Maximum length of a label, in characters.
const MAX_LABEL_CHARS: usize = 50;

/// Maximum length of a text that begins like boilerplate, in characters.
const MAX_OPENING_CHARS: usize = 220;

/// Maximum length of a credit, in characters.
const MAX_CREDIT_CHARS: usize = 90;

/// Maximum length of a line with the author and the date, in characters.
const MAX_DATELINE_CHARS: usize = 70;

/// Number of blocks at the start of an article in which a date line may stand.
const DATELINE_BLOCKS: usize = 8;

/// Minimum length of a link in capitals that stands alone, in characters.
const MIN_SHOUTED_CHARS: usize = 20;

/// Elements whose text is a block of its own.
const BLOCK_ELEMENTS: [&str; 12] =
    ["p", "div", "span", "li", "h2", "h3", "h4", "h5", "h6", "figcaption", "small", "time"];

/// Removes boilerplate that its words give away from the article `root`.
///
/// A caption stays with its picture. The credit of a picture goes, and so does a caption without a
/// picture. The standfirst is part of the article.
pub(super) fn remove_boilerplate_text(root: &NodeRef<'_>) {
    remove_lone_captions(root);
    let mut blocks_seen = 0;
    for node in root.descendants() {
        let is_block = BLOCK_ELEMENTS.iter().any(|name| node.has_name(name));
        if !is_block || count_characters(&node, MAX_OPENING_CHARS) > MAX_OPENING_CHARS {
            continue;
        }
        let text = collapsed_text(&node);
        if text.is_empty() {
            continue;
        }
        blocks_seen += 1;
        let is_dateline = || blocks_seen <= DATELINE_BLOCKS && is_dateline(&text);
        if is_boilerplate_text(&text) || is_shouted_link(&node, &text) || is_dateline() {
            remove_keeping_pictures(&node);
        }
    }
}

/// Removes an element, except the pictures in it.
fn remove_keeping_pictures(node: &NodeRef<'_>) {
    let has_picture =
        node.descendants_it().any(|inner| inner.has_name("img") || inner.has_name("embed"));
    if !has_picture {
        node.remove_from_parent();
    }
}

/// Removes captions whose figure has no picture.
fn remove_lone_captions(root: &NodeRef<'_>) {
    const PICTURES: [&str; 9] =
        ["img", "picture", "video", "audio", "embed", "iframe", "table", "pre", "blockquote"];
    for node in root.descendants() {
        if !node.has_name("figcaption") {
            continue;
        }
        let figure = node.ancestors_it(Some(3)).find(|ancestor| ancestor.has_name("figure"));
        let has_picture = figure.is_some_and(|figure| {
            figure.descendants_it().any(|inner| PICTURES.iter().any(|name| inner.has_name(name)))
        });
        if !has_picture {
            node.remove_from_parent();
        }
    }
}

/// Returns whether the words of a short text say that it belongs to the page.
fn is_boilerplate_text(text: &str) -> bool {
    let lower = text.to_lowercase();
    let bare = lower.trim_end_matches(|c: char| c.is_ascii_punctuation() || c == '…').trim_end();
    let characters = lower.chars().count();
    (characters <= MAX_LABEL_CHARS && LABELS.contains(&bare))
        || (characters <= MAX_CREDIT_CHARS && starts_with_any(&lower, &CREDITS))
        || (characters <= MAX_OPENING_CHARS && starts_with_any(&lower, &OPENINGS))
}

fn starts_with_any(text: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| text.starts_with(start))
}

/// Returns whether a text is only a date with words around it that the program shows itself, such
/// as "Published: 3 March 2026, 10:00" or "By Anna Weil - 03/03/2026".
fn is_dateline(text: &str) -> bool {
    const LEADS: [&str; 15] = [
        "published",
        "updated",
        "posted",
        "last updated",
        "first published",
        "by ",
        "von ",
        "par ",
        "veröffentlicht",
        "aktualisiert",
        "stand:",
        "publié",
        "mis à jour",
        "publicado",
        "pubblicato",
    ];
    if text.chars().count() > MAX_DATELINE_CHARS || text.ends_with(['.', '!', '?']) {
        return false;
    }
    let lower = text.to_lowercase();
    let lower = lower.trim_start_matches(['|', '·', '•', ' ']);
    let words = lower.split_whitespace().count();
    let digits = lower.chars().filter(char::is_ascii_digit).count();
    let letters = lower.chars().filter(|c| c.is_alphabetic()).count();
    let has_date = page_date::has_year(lower) || (lower.contains(':') && lower.contains('/'));
    has_date
        && digits >= 4
        && (starts_with_any(lower, &LEADS) || (words <= 7 && letters <= 3 * digits))
}

/// Returns whether an element is only a link in capitals: a call to read something else.
fn is_shouted_link(node: &NodeRef<'_>, text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    let characters = count_characters(node, MAX_OPENING_CHARS);
    node.has_name("p")
        && letters.len() >= MIN_SHOUTED_CHARS
        && capitals * 10 >= letters.len() * 9
        && count_linked_characters(node, MAX_OPENING_CHARS) == characters
}

/// Removes the lists at the end of the article `root` in which every item is a link to the same
/// site: they lead to other articles.
pub(super) fn remove_final_link_lists(root: &NodeRef<'_>, base: Option<&str>) {
    let Some(base) = base else { return };
    while let Some(last) = last_block(root) {
        if !(last.has_name("ul") && is_list_of_links(&last, base)) {
            return;
        }
        last.remove_from_parent();
    }
}

/// Returns the last element of an article, within elements that only hold it.
fn last_block<'a>(root: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let mut block = *root;
    loop {
        let last = block.element_children().into_iter().rfind(|child| {
            count_characters(child, 0) > 0 || child.has_name("img") || child.has_name("figure")
        })?;
        if !(last.has_name("div") || last.has_name("section") || last.has_name("article")) {
            return Some(last);
        }
        block = last;
    }
}

fn is_list_of_links(list: &NodeRef<'_>, base: &str) -> bool {
    let links: Vec<NodeRef<'_>> =
        list.descendants_it().filter(|inner| inner.has_name("a")).collect();
    let leads_to_site = |link: &NodeRef<'_>| {
        link.attr("href").is_some_and(|href| crate::text::url::same_origin(&href, base))
    };
    let characters = count_characters(list, usize::MAX);
    links.len() >= 2
        && links.iter().all(leads_to_site)
        && count_linked_characters(list, usize::MAX) == characters
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;

    fn remove(html: &str) -> String {
        let page = Document::from(format!("<div id=a>{html}</div>"));
        let root = page.select_single("#a").nodes()[0];
        remove_boilerplate_text(&root);
        remove_final_link_lists(&root, Some("https://example.org/x"));
        root.inner_html().to_string()
    }

    #[test]
    fn boilerplate_text_is_removed() {
        for html in [
            "<p>Advertisement</p>",
            "<div><span>ANZEIGE</span></div>",
            "<p>Sign up for our letter. It comes every day.</p>",
            "<p>Copyright © 2026 The Paper.</p>",
            "<p>Published: 3 March 2026, 10:00</p>",
            "<p>By Anna Weil - 03/03/26 11:04 PM EST</p>",
            "<span>18 NOV 2026</span>",
            "<p><a href=/x>RIVER RISES OVER THE LOWER ROAD</a></p>",
            "<figure><figcaption>A bridge.</figcaption></figure>",
            "<p>Photo: Anna Weil</p>",
            "<ul><li><a href=https://example.org/1>One</a><li><a href=https://example.org/2>Two</a></ul>",
        ] {
            let rest = remove(html);
            let text = Document::from(rest.as_str()).text();
            assert_eq!(text.trim(), "", "{html}: {rest}");
        }
    }

    #[test]
    fn boilerplate_text_keeps_article() {
        for html in [
            "<p>Advertisement taxes rose again.</p>",
            "<p>By 2026, the bridge was closed and the road was under water.</p>",
            "<p>In March 2026 it rained.</p>",
            "<p>Copyright law is older than the press, and nobody who works with it ever thought \
             that a rule for printers would one day be a rule for everybody who writes a letter to a friend.</p>",
            "<figure><img src=\"a.png\"><figcaption>A bridge.</figcaption></figure>",
            "<p><a href=\"/x\">River rises over the lower road</a></p>",
            "<ul><li><a href=\"https://example.com/1\">Source one</a></li><li><a href=\"https://example.net/2\">Two</a></li></ul>",
        ] {
            assert_eq!(remove(html), html);
        }
    }
}
