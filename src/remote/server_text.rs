//! Texts as a server writes them.

use std::borrow::Cow;

use crate::text::{
    decode_entities, floor_char_boundary, sanitize, strip_sequences_in_markup,
    url::{self, parse_web_url},
};

/// Maximum length of the title and of the folder of a subscription, in bytes, as of the folders of
/// subscription lists (OPML): every list of feeds has them in memory.
const MAX_NAME_BYTES: usize = 1000;

/// Maximum length of the title and of the text of an article in bytes, as of those of feeds; the rest
/// is left out.
const MAX_TEXT_BYTES: usize = 6 << 20;

/// Returns a title or name on one line, at most 6 MiB of it, without control characters and terminal sequences.
pub fn clean_line(text: &str) -> String {
    let text = &text[..floor_char_boundary(text, MAX_TEXT_BYTES)];
    sanitize::strip_controls(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the title or the folder of a subscription as [`clean_line`] does, at most 1,000 bytes long.
pub fn clean_name(name: &str) -> String {
    let mut name = clean_line(name);
    name.truncate(floor_char_boundary(&name, MAX_NAME_BYTES));
    name.truncate(name.trim_end().len());
    name
}

/// Returns HTML, at most 6 MiB of it, without control characters and terminal sequences.
pub fn clean_html(mut html: String) -> String {
    html.truncate(floor_char_boundary(&html, MAX_TEXT_BYTES));
    let stripped = strip_sequences_in_markup(html.into()).into_owned();
    let changed = match sanitize::to_text_block(&stripped) {
        Cow::Borrowed(_) => None,
        Cow::Owned(changed) => Some(changed),
    };
    changed.unwrap_or(stripped)
}

/// Returns the normalized form of a URL of the web, without a user name and password; `None` for any
/// other.
pub fn clean_url(text: &str) -> Option<String> {
    let url = url::resolve(text.trim(), None)?;
    parse_web_url(&url)?;
    Some(url::without_user_info(&url).into_owned())
}

/// Returns a title of FreshRSS as the publisher wrote it. FreshRSS replaces `&`, `<` and `>` in the
/// titles of articles, feeds and folders by their full-width forms, and leaves references as they are.
pub fn restore_title(title: &str) -> String {
    let halfwidth: String = title
        .chars()
        .map(|c| match c {
            '＆' => '&',
            '＜' => '<',
            '＞' => '>',
            c => c,
        })
        .collect();
    let mut restored = String::with_capacity(halfwidth.len());
    decode_entities(&halfwidth, &mut restored);
    restored
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Writes a title as FreshRSS does.
    fn write_title(title: &str) -> String {
        title.replace('&', "＆").replace('<', "＜").replace('>', "＞")
    }

    #[test]
    fn references_are_decoded_once() {
        assert_eq!(restore_title("R＆amp;D ＜b＞"), "R&D <b>");
        assert_eq!(restore_title("a ＆amp;amp; b"), "a &amp; b");
        assert_eq!(restore_title("Fish &amp; Chips"), "Fish & Chips");
    }

    #[test]
    fn long_titles_and_folders_of_subscriptions_are_cut() {
        let long = "é".repeat(2 * MAX_NAME_BYTES);
        assert_eq!(clean_name(&format!("a{long}")), format!("a{}", &long[..MAX_NAME_BYTES - 2]));
        assert_eq!(clean_name(&long), long[..MAX_NAME_BYTES]);
    }

    #[test]
    fn texts_are_cut_at_their_limit() {
        let long = "é".repeat(MAX_TEXT_BYTES / 2 + 1);
        assert_eq!(clean_line(&long).len(), MAX_TEXT_BYTES);
        assert_eq!(clean_html(long).len(), MAX_TEXT_BYTES);
    }

    #[test]
    fn texts_have_no_terminal_sequences_and_urls_no_passwords() {
        assert_eq!(clean_line(" Red\u{1b}[31m\n news\u{9b}5m "), "Red news");
        let html = clean_html("<p>a\u{1b}]0;title\u{7}b&#27;[31mc</p>\n".to_owned());
        assert_eq!(html, "<p>abc</p>\n");
        let url = clean_url(" https://ann:S3CRET@post.example/a b ");
        assert_eq!(url.as_deref(), Some("https://post.example/a%20b"));
        for text in ["javascript:alert(1)", "file:///etc/passwd", "", "a/b"] {
            assert_eq!(clean_url(text), None, "{text}");
        }
    }

    proptest! {
        /// Titles without references and without full-width forms of their own.
        #[test]
        fn a_title_from_freshrss_is_the_title_of_the_feed(title in "[a-zA-Zäß東 <>&.]{0,20}") {
            prop_assert_eq!(restore_title(&write_title(&title)), title);
        }
    }
}
