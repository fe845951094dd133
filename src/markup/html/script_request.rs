//! Requests to enable scripts or cookies, which pages write into `<noscript>` beside the content that
//! is for readers.

use memchr::{memchr, memchr_iter};

use super::tag_scanner::{HtmlTag, scan_tags};
use crate::text::decode_entities;

/// Maximum length of the content of a `<noscript>` that is nothing but a request, in bytes.
const MAX_REQUEST_BYTES: usize = 1000;

/// The subjects of requests, in lower case.
const SUBJECTS: [&str; 7] =
    ["javascript", "java script", "java-script", "scripting", "scripts", "cookies", "noscript"];

/// Parts of words that a request asks with, in the languages of most feeds, in lower case.
const REQUESTS: [&str; 38] = [
    "enable",
    "enabling",
    "turn on",
    "turned off",
    "turned on",
    "activate",
    "allow",
    "require",
    "need",
    "must have",
    "disabled",
    "not support",
    "unsupported",
    "without",
    "works best",
    "is off",
    "switch",
    "aktivier",
    "eingeschaltet",
    "einschalten",
    "benötig",
    "deaktiviert",
    "erforderlich",
    "activer",
    "activez",
    "activa",
    "nécessaire",
    "habilit",
    "ativ",
    "attiva",
    "abilita",
    "inschakel",
    "ingeschakeld",
    "włącz",
    "включ",
    "有効",
    "启用",
    "啟用",
];

/// Other parts of the sentences around a request.
const ASIDES: [&str; 7] =
    ["browser", "reload", "refresh", "please", "sorry", "navigateur", "navegador"];

/// Returns the end of the `<noscript>` that begins with `tag` in `text` if it only asks for scripts or
/// cookies.
pub(super) fn script_request_end(tag: &HtmlTag<'_>, text: &str) -> Option<usize> {
    if tag.closing || !tag.name.eq_ignore_ascii_case("noscript") {
        return None;
    }
    let rest = text.get(tag.end..)?.as_bytes();
    let rest = &rest[..rest.len().min(MAX_REQUEST_BYTES)];
    let is_end = |at: &usize| {
        let end_tag = b"</noscript";
        rest.get(*at..at + end_tag.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(end_tag))
    };
    let length = memchr_iter(b'<', rest).find(is_end)?;
    let end_tag_length = memchr(b'>', &text.as_bytes()[tag.end + length..])? + 1;
    is_script_request(&text[tag.end..tag.end + length]).then_some(tag.end + length + end_tag_length)
}

/// Returns true if each sentence of `html` belongs to a request, and there is nothing else to see.
fn is_script_request(html: &str) -> bool {
    const CONTENT: [&str; 7] = ["img", "amp-img", "picture", "video", "audio", "iframe", "object"];
    let mut words = String::new();
    let mut text_start = 0;
    for tag in scan_tags(html) {
        if CONTENT.iter().any(|name| tag.name.eq_ignore_ascii_case(name)) {
            return false;
        }
        decode_entities(&html[text_start..tag.start], &mut words);
        words.push(' ');
        text_start = tag.end;
    }
    decode_entities(&html[text_start..], &mut words);
    let words = words.to_lowercase();
    let has = |sentence: &str, parts: &[&str]| parts.iter().any(|part| sentence.contains(part));
    let sentences = words.split(['.', '!', '?', '。', ':']).map(str::trim);
    let mut sentences = sentences.filter(|sentence| sentence.contains(char::is_alphabetic));
    has(&words, &SUBJECTS)
        && has(&words, &REQUESTS)
        && sentences.all(|sentence| {
            [&SUBJECTS[..], &REQUESTS, &ASIDES].iter().any(|parts| has(sentence, parts))
        })
}

#[cfg(test)]
mod tests {
    use crate::markup::{html_to_text, parse_html};

    fn check(html: &str, expected: &str) {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&parse_html(html, None).plain_text()), expected, "{html}");
        assert_eq!(words(&html_to_text(html)), expected, "text of {html}");
    }

    #[test]
    fn requests_to_enable_scripts_are_left_out() {
        for request in [
            "You need to enable JavaScript to run this app.",
            "Please enable JavaScript to view the <a href='https://disqus.com/?ref_noscript'>comments \
             powered by Disqus.</a>",
            "<p>JavaScript is disabled! Turn it on and reload the page.</p>",
            "<strong>Your browser does not support JavaScript.</strong>",
            "Bitte aktivieren Sie JavaScript, um diese Seite zu sehen.",
            "Veuillez activer JavaScript et les cookies.",
            "このページは JavaScript を有効にしてください。",
            "Cookies must be enabled.",
        ] {
            check(&format!("<p>a</p><NOSCRIPT>{request}</noscript ><p>b"), "a b");
        }
    }

    #[test]
    fn other_content_of_noscript_is_shown() {
        for content in [
            "Poll of the week",
            "JavaScript is a language of the web, and twenty years old.",
            "JavaScript is disabled. Read the transcript instead.",
            "",
        ] {
            check(
                &format!("a <noscript>{content}</noscript> b"),
                &format!("a {content} b").replace("  ", " "),
            );
        }
        let image = "<noscript>Enable JavaScript <img src='https://e.org/a.png' alt=A></noscript>";
        assert!(parse_html(image, None).plain_text().contains("[image: A]"));
        let lazy = "<noscript>Please enable JavaScript.</noscript><img data-src='https://e.org/a.png' alt=A>";
        assert_eq!(parse_html(lazy, None).plain_text(), "[image: A]");
        check("<noscript>Please enable JavaScript", "Please enable JavaScript");
    }
}
