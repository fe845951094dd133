//! Conversion of HTML to text in one pass, without a parser, for headlines and searches, where
//! blocks and links do not matter.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memrchr};

use super::{
    abbreviations::Abbreviations,
    declared_style::StyledBlocks,
    element_role::{ElementRole, element_role},
    gauge::gauge_value,
    image_url::ImageAttributes,
    left_out::{TagAudience, shown_tags},
    replacement::{Replacement, ReplacementForm, replacement_of},
    tag_scanner::{HtmlTag, scan_tags},
};
use crate::text::decode_entities;

/// Returns the text of `html`, with character references decoded and blocks separated by `\n`.
///
/// It has the words that an article of this HTML shows: no tags, comments, scripts and hidden
/// elements, and the alternative text of images.
pub fn html_to_text(html: &str) -> Cow<'_, str> {
    html_to_text_until(html, |_| false)
}

/// Returns the text of `html` up to the first piece for which `is_enough` returns true, or all of it.
/// The pieces end at the tags.
pub fn html_to_text_until(html: &str, is_enough: impl Fn(&str) -> bool) -> Cow<'_, str> {
    if memchr2(b'<', b'&', html.as_bytes()).is_none() {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let (markup, tail) = split_after_last_tag(html);
    let (mut text_start, mut checked) = (0, 0);
    let mut writer = TextWriter {
        markup,
        out: &mut out,
        abbreviation: None,
        abbreviations: Abbreviations::default(),
        gauge: None,
        styled_blocks: StyledBlocks::default(),
    };
    let mut tags = shown_tags(markup, TagAudience::Text);
    for tag in tags.by_ref() {
        decode_entities(&markup[text_start..tag.start], writer.out);
        if is_enough(writer.out.get(checked..).unwrap_or_default()) {
            return Cow::Owned(out);
        }
        checked = writer.out.len();
        text_start = tag.end;
        writer.write_tag(&tag);
    }
    decode_entities(&markup[text_start..], &mut out);
    if !tags.hides_rest() {
        decode_entities(tail, &mut out);
    }
    Cow::Owned(out)
}

/// A writer of the text that tags stand for.
struct TextWriter<'a> {
    markup: &'a str,
    out: &'a mut String,
    /// The open abbreviation: its title, and the start of its text in `out`.
    abbreviation: Option<(String, usize)>,
    abbreviations: Abbreviations,
    /// The open gauge: its value, and the start of its text in `out`.
    gauge: Option<(String, usize)>,
    styled_blocks: StyledBlocks<'a>,
}

impl<'a> TextWriter<'a> {
    fn write_tag(&mut self, tag: &HtmlTag<'a>) {
        if tag.is_comment() {
            return;
        }
        match role_of(tag.name) {
            ElementRole::Image if !tag.closing && tag.is_element() => self.write_image(tag),
            ElementRole::InlineQuote if tag.is_element() => {
                self.out.push(if tag.closing { '”' } else { '“' });
            }
            ElementRole::RubyText if tag.is_element() => {
                self.out.push(if tag.closing { ')' } else { '(' });
            }
            ElementRole::ImageArea if tag.is_element() => self.write_image_area(tag),
            ElementRole::Gauge if tag.is_element() => self.write_gauge(tag),
            ElementRole::Abbreviation if tag.is_element() => self.write_abbreviation(tag),
            role => {
                if let Some(replacement) = replacement_of(tag) {
                    return self.write_replacement(&replacement);
                }
                let is_block = role.is_block() || (tag.is_element() && !role.is_within_line());
                if is_block || self.styled_blocks.separates(tag) {
                    self.separate_words();
                }
            }
        }
    }

    fn write_replacement(&mut self, replacement: &Replacement) {
        let Replacement { text, form } = replacement;
        if *form == ReplacementForm::Inline {
            return self.out.push_str(text);
        }
        self.separate_words();
        self.out.push_str(text);
        self.separate_words();
    }

    fn write_image(&mut self, tag: &HtmlTag<'_>) {
        let image = ImageAttributes::of_tag(tag);
        if image.is_tracking_pixel() {
            return;
        }
        if image.is_inline() {
            return self.out.push_str(&image.description());
        }
        self.separate_words();
        self.out.push_str(&image.description());
        self.separate_words();
    }

    fn write_image_area(&mut self, tag: &HtmlTag<'_>) {
        if let (Some(text), Some(_)) = (tag.attribute("alt"), tag.attribute("href")) {
            self.separate_words();
            self.out.push_str(&text);
            self.separate_words();
        }
    }

    /// Writes the value of a gauge at its end, if it has no text.
    fn write_gauge(&mut self, tag: &HtmlTag<'_>) {
        if !tag.closing {
            self.gauge = gauge_value(|name| tag.attribute(name)).map(|text| (text, self.out.len()));
        } else if let Some((text, start)) = self.gauge.take()
            && self.out[start..].trim().is_empty()
        {
            self.out.truncate(start);
            self.out.push_str(&text);
        }
    }

    fn write_abbreviation(&mut self, tag: &HtmlTag<'_>) {
        if !tag.closing {
            self.abbreviation = tag.attribute("title").map(|title| (title, self.out.len()));
        } else if let Some((title, start)) = self.abbreviation.take() {
            let expansion = self.abbreviations.expansion(&self.out[start..], &title, self.markup);
            self.out.push_str(&expansion.unwrap_or_default());
        }
    }

    fn separate_words(&mut self) {
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }
}

/// Returns the role of an element, whose name may be in upper case.
fn role_of(name: &str) -> ElementRole {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        element_role(&name.to_ascii_lowercase())
    } else {
        element_role(name)
    }
}

/// Splits `html` after its last `>`: what follows is text, even if it begins like a tag.
fn split_after_last_tag(html: &str) -> (&str, &str) {
    html.split_at(memrchr(b'>', html.as_bytes()).map_or(0, |last| last + 1))
}

/// Returns true if `text` has markup: a tag of HTML, or a character reference.
pub fn contains_markup(text: &str) -> bool {
    contains_tag(text) || contains_entity(text)
}

fn contains_tag(text: &str) -> bool {
    let (markup, _) = split_after_last_tag(text);
    scan_tags(markup).any(|tag| markup[tag.start..].starts_with("<!") || is_html_element(tag.name))
}

fn contains_entity(text: &str) -> bool {
    if memchr(b'&', text.as_bytes()).is_none() {
        return false;
    }
    let mut decoded = String::with_capacity(text.len());
    decode_entities(text, &mut decoded);
    decoded != text
}

/// Returns true if HTML has an element of this name, in any case.
pub(crate) fn is_html_element(name: &str) -> bool {
    const ELEMENTS: [&str; 94] = [
        "a",
        "abbr",
        "acronym",
        "address",
        "article",
        "aside",
        "audio",
        "b",
        "bdi",
        "bdo",
        "big",
        "blink",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "dd",
        "del",
        "details",
        "dfn",
        "dir",
        "div",
        "dl",
        "dt",
        "em",
        "embed",
        "figcaption",
        "figure",
        "font",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "i",
        "iframe",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "li",
        "link",
        "main",
        "mark",
        "marquee",
        "math",
        "meta",
        "nav",
        "noscript",
        "object",
        "ol",
        "p",
        "picture",
        "pre",
        "q",
        "s",
        "samp",
        "script",
        "section",
        "select",
        "small",
        "source",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "summary",
        "sup",
        "svg",
        "table",
        "tbody",
        "td",
        "th",
        "time",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "video",
    ];
    ELEMENTS.iter().any(|element| element.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markup::{escape_html, parse_html};

    #[test]
    fn html_to_text_removes_tags_and_keeps_text() {
        let cases = [
            ("plain", "plain"),
            ("a <b>bold</b> word", "a bold word"),
            ("<p>One</p><p>Two &amp; three</p>", "\nOne\nTwo & three\n"),
            ("a<br/>b", "a\nb"),
            ("a < b and 3<4", "a < b and 3<4"),
            ("x<script>if (a<b) {}</script>y", "xy"),
            ("x<!-- <p>no</p> -->y", "xy"),
            ("<a title=\"a > b\">link</a>", "link"),
            ("<img alt='it's broken>after", "\nit\nafter"),
            ("<a title=\"never closed>after", "after"),
            ("never <closed", "never <closed"),
        ];
        for (html, expected) in cases {
            assert_eq!(html_to_text(html), expected, "{html}");
        }
    }

    #[test]
    fn html_to_text_leaves_no_marks_of_hidden_elements() {
        let cases = [
            ("a<q hidden>b</q>c", "ac"),
            ("a<q>b</q>c", "a“b”c"),
            ("<ruby>漢<rt hidden>x</rt></ruby>字", "漢字"),
            ("<abbr hidden title='Long words'>LW</abbr>a", "a"),
        ];
        for (html, expected) in cases {
            assert_eq!(html_to_text(html).trim(), expected, "{html}");
            assert_eq!(parse_html(html, None).plain_text(), expected, "{html}");
        }
    }

    #[test]
    fn contains_markup_distinguishes_markup_from_text() {
        for text in ["<b>x</b>", "a&nbsp;b", "x<br>", "&#8217;", "<!-- -->"] {
            assert!(contains_markup(text), "{text}");
        }
        for text in ["Vec<T> in Rust", "a < b", "AT&T", "x & y", ""] {
            assert!(!contains_markup(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn html_to_text_accepts_any_text(text in "[<>&;a-z\"'!/ -]{0,80}") {
            prop_assert!(html_to_text(&text).len() <= text.len() + 80);
            contains_markup(&text);
        }

        #[test]
        fn html_to_text_has_the_words_that_are_shown(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    " one ", " two ", " three ", "<p>", "</p>", "<div>", "</div>", "<b>", "</b>",
                    "<p hidden>", "<div style='display:none'>", "<span hidden>", "</span>",
                    "<span aria-hidden=true>", "<nav>", "</nav>", "<ul><li>", "<li>", "</ul>",
                    "<li hidden>", "<!-- x --!>", "<script>x</script>", "<style>x</style <b>",
                    "<img alt=' four ' class=emoji>", "<img alt=five src=x>", "<br>", "<button>",
                    "</button>", "<video>", "</video>", "<math><mi>six</mi></math>", "<rp>",
                ]),
                0..24,
            )
        ) {
            let html = parts.concat();
            let letters = |text: &str| -> String {
                text.chars().filter(char::is_ascii_alphabetic).collect()
            };
            let shown = parse_html(&html, None).plain_text().replace("[image:", "");
            prop_assert_eq!(letters(&html_to_text(&html)), letters(&shown), "{}", html);
        }

        #[test]
        fn escape_html_round_trips_through_html_to_text(text in "\\PC{0,60}") {
            let escaped = escape_html(&text);
            prop_assert_eq!(html_to_text(&escaped), text);
        }
    }
}
