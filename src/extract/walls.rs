//! Walls: what stands in front of an article, such as a consent form, a login or a request for a
//! newer browser.
//!
//! Start with [`remove_walls`] and [`is_wall`].

use dom_query::{Document, NodeRef};

use super::{
    class_names,
    page_text::{collapsed_text, count_characters},
};
use crate::markup::{parse_attributes, scan_tags};

/// Names of well-known consent managers, in lower-case words joined by hyphens.
const CONSENT_NAMES: [&str; 27] = [
    "borlabs-cookie",
    "browsehappy",
    "cc-window",
    "cky-consent",
    "cli-modal",
    "cmplz",
    "cookie-banner",
    "cookie-bar",
    "cookie-consent",
    "cookie-law-info",
    "cookie-modal",
    "cookie-notice",
    "cookie-popup",
    "cookiebanner",
    "cookieconsent",
    "cybot-cookiebot-dialog",
    "didomi",
    "fc-consent-root",
    "iubenda-cs-banner",
    "klaro",
    "onetrust",
    "qc-cmp2",
    "sp-message",
    "tarteaucitron",
    "truste",
    "usercentrics",
    "uc-banner",
];

/// Names that walls have, but articles and their parts as well: of two sites, one calls the request
/// to subscribe "paywall", the other the text behind it. The text decides.
const AMBIGUOUS_NAMES: [&str; 20] = [
    "browser-upgrade",
    "cmp",
    "consent",
    "cookie",
    "cookies",
    "gdpr",
    "login",
    "meter",
    "noscript",
    "offer",
    "old-browser",
    "outdated",
    "outdated-browser",
    "overlay",
    "paywall",
    "piano",
    "privacy",
    "regwall",
    "subscribe",
    "unsupported",
];

/// Parts of sentences that stand on walls, in lower case. An article may have one of them; a wall
/// has little else.
const WALL_PHRASES: [&str; 93] = [
    // Consent, in the languages of most feeds.
    "we value your privacy",
    "we and our partners",
    "we use cookies",
    "this website uses cookies",
    "this site uses cookies",
    "uses cookies to",
    "accept all cookies",
    "manage your consent",
    "cookie settings",
    "privacy settings",
    "consent to the use",
    "legitimate interest",
    "store and/or access information on a device",
    "wir und unsere partner",
    "wir verwenden cookies",
    "verwendet cookies",
    "cookies zustimmen",
    "mit werbung weiterlesen",
    "einwilligung",
    "nutzen cookies",
    "nous et nos partenaires",
    "utilise des cookies",
    "utilisons des cookies",
    "accepter les cookies",
    "utilizamos cookies",
    "nosotros y nuestros socios",
    "aceptar las cookies",
    "utilizziamo i cookie",
    "noi e i nostri partner",
    "wij gebruiken cookies",
    "gebruikt cookies",
    "wij en onze partners",
    "usamos cookies",
    "używamy plików cookie",
    "файлы cookie",
    "access information on your device",
    "personalised ads",
    "personalized ads",
    "accept or manage",
    "process personal data",
    "need your consent",
    "consent to load",
    "personenbezogene daten",
    "auf ihrem gerät",
    "personalisierte anzeigen",
    "personalisierte werbung",
    // Login and paywall.
    "subscribe to continue",
    "subscribe to read",
    "subscribe now to",
    "to continue reading",
    "already a subscriber",
    "sign in to continue",
    "log in to continue",
    "please log in",
    "please sign in",
    "create a free account",
    "register to continue",
    "this article is for subscribers",
    "jetzt weiterlesen",
    "bereits abonnent",
    "artikel weiterlesen",
    "bitte melden sie sich an",
    "pour lire la suite",
    "déjà abonné",
    "ya eres suscriptor",
    "sei già abbonato",
    // Browsers, robots and advertisements; pages that are gone.
    "enable javascript",
    "javascript is disabled",
    "javascript aktivieren",
    "activer javascript",
    "your browser is out of date",
    "browser is not supported",
    "upgrade your browser",
    "checking your browser",
    "you are a human",
    "verify you are human",
    "you are not a robot",
    "unusual activity from your",
    "you have been blocked",
    "review the security of your connection",
    "security service to protect itself",
    "ad blocker",
    "ad-blocker",
    "adblocker",
    "allow ads on",
    "disable your ad",
    "werbeblocker",
    "page not found",
    "page you are looking for",
    "page you requested",
    "seite nicht gefunden",
    "404 not found",
    "page introuvable",
];

/// Characters of text for which one phrase of a wall is too many. Consent forms have one in every
/// 150 characters or so, an article about cookies one in a thousand.
const CHARS_PER_PHRASE: usize = 400;

/// Maximum length of a wall with only one phrase, in characters.
const MAX_SHORT_WALL_CHARS: usize = 200;

/// Maximum length of a paragraph that is a wall, in characters.
const MAX_PARAGRAPH_CHARS: usize = 400;

/// Returns whether a page has an element with a name that walls have.
pub fn names_wall(page: &str) -> bool {
    let is_name = |name: &str| ["class", "id"].iter().any(|label| name.eq_ignore_ascii_case(label));
    scan_tags(page)
        .filter(|tag| tag.is_element() && !tag.closing)
        .flat_map(|tag| parse_attributes(tag.attributes))
        .filter(|(name, _)| is_name(name))
        .map(|(_, value)| class_names::names_in(value))
        .any(|names| {
            class_names::contains_any(&names, &CONSENT_NAMES)
                || class_names::contains_any(&names, &AMBIGUOUS_NAMES)
        })
}

/// Number of times that the text of a page is read at most, in elements within elements.
const MAX_TIMES_READ: usize = 4;

/// Maximum length of an element whose text is compared with [`WALL_PHRASES`], in characters.
const MAX_WALL_CHARS: usize = 20_000;

/// Removes the walls of a page. One with a certain name stays if it has most of the text, unless
/// the text is that of a wall.
pub(super) fn remove_walls(page: &Document) {
    let body = page.select_single("body");
    let total = body.nodes().first().map_or(0, |body| count_characters(body, usize::MAX));
    let mut budget = total.saturating_mul(MAX_TIMES_READ) + MAX_WALL_CHARS;
    for node in page.root().descendants() {
        let is_outside = node.has_name("body") || node.has_name("html") || node.parent().is_none();
        if !node.is_element() || is_outside {
            continue;
        }
        let names = class_names::element_names(&node).unwrap_or_default();
        let is_named = class_names::contains_any(&names, &CONSENT_NAMES);
        let is_suspect =
            is_named || class_names::contains_any(&names, &AMBIGUOUS_NAMES) || is_section(&node);
        if !is_suspect {
            continue;
        }
        let characters = count_characters(&node, MAX_WALL_CHARS);
        if characters > budget {
            return;
        }
        budget -= characters;
        let has_wall_text = || characters <= MAX_WALL_CHARS && is_wall(&collapsed_text(&node));
        if (is_named && characters * 2 < total) || has_wall_text() {
            node.remove_from_parent();
        }
    }
}

/// Removes the paragraphs of an article that are walls: "Subscribe to continue reading". Returns
/// the number of characters that were removed.
pub(super) fn remove_wall_paragraphs(root: &NodeRef<'_>) -> usize {
    let mut removed = 0;
    for node in root.descendants().into_iter().filter(is_paragraph) {
        let characters = count_characters(&node, MAX_PARAGRAPH_CHARS);
        if characters <= MAX_PARAGRAPH_CHARS && is_wall(&collapsed_text(&node)) {
            node.remove_from_parent();
            removed += characters;
        }
    }
    removed
}

/// Returns whether an element may be a wall of its own, whatever its name: a part of the page with
/// paragraphs.
fn is_section(node: &NodeRef<'_>) -> bool {
    let parts = ["div", "section", "aside", "form", "dialog"];
    parts.iter().any(|name| node.has_name(name))
        && node.children_it(false).any(|child| child.has_name("p"))
}

fn is_paragraph(node: &NodeRef<'_>) -> bool {
    ["p", "li", "h2", "h3", "h4"].iter().any(|name| node.has_name(name))
}

/// Returns whether a text is a wall: it has several phrases of walls, and one in every
/// [`CHARS_PER_PHRASE`] characters, or it is short and has one.
pub(super) fn is_wall(text: &str) -> bool {
    // "We and our 850 partners": numbers differ.
    let words = text.split_whitespace().filter(|word| !word.bytes().all(|b| b.is_ascii_digit()));
    let lower = words.collect::<Vec<_>>().join(" ").to_lowercase();
    let counts = WALL_PHRASES.iter().map(|phrase| lower.matches(phrase).count());
    let (mut kinds, mut phrases) = (0, 0);
    for count in counts.filter(|count| *count > 0) {
        kinds += 1;
        phrases += count;
    }
    let characters = lower.chars().count();
    let is_short = characters <= MAX_SHORT_WALL_CHARS;
    (kinds > 1 && phrases * CHARS_PER_PHRASE > characters) || (kinds == 1 && is_short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remove_walls_removes_consent_forms_but_no_article() {
        let article = "The river rose overnight, and the lower road was closed. ".repeat(20);
        for (wall, stays) in [
            ("<div id=onetrust-banner-sdk>Choose.</div>", false),
            ("<div class=cookieConsent><p>We use cookies.</div>", false),
            ("<div class=paywall>Subscribe to continue reading.</div>", false),
            ("<div class=paywall>The rest of the story.</div>", true),
            ("<div class='post category-cookies'>Bake them for ten minutes.</div>", true),
        ] {
            let page = Document::from(format!("<body>{wall}<p>{article}"));
            remove_walls(&page);
            assert_eq!(page.select("body > div").exists(), stays, "{wall}");
            assert!(page.select("body > p").exists());
        }
        let whole = Document::from(format!("<body class=klaro><div class=didomi>{article}</div>"));
        remove_walls(&whole);
        assert!(whole.text().contains("river"), "the name is wrong");
    }

    #[test]
    fn names_wall_finds_names_of_elements() {
        assert!(
            names_wall("<p>a<div id=gdpr-overlay>b") && names_wall("<DIV CLASS='x consentBanner'>")
        );
        assert!(!names_wall("<p class=lead>consent</p><!-- <p class=consent> -->"));
    }

    #[test]
    fn is_wall_tells_walls_from_articles() {
        let about_cookies =
            "The court decided that a site may only set them after a click. ".repeat(9);
        for (text, expected) in [
            ("We value your privacy. We and our partners store things.", true),
            ("Subscribe to continue reading. Already a subscriber? Log in.", true),
            ("Please enable JavaScript to view this page.", true),
            ("Wir und unsere Partner verarbeiten Daten.", true),
            ("We and our 850 partners store data and process personal data.", true),
            ("Verify you are human by completing the action below.", true),
            ("Sorry, the page you are looking for does not exist.", true),
            ("The river rose overnight.", false),
            ("", false),
            (&format!("“We use cookies”, says every site. {about_cookies}"), false),
        ] {
            assert_eq!(is_wall(text), expected, "{text}");
        }
    }
}
