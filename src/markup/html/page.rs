//! Whole pages for the extraction of articles, sanitised like every other HTML.

use super::{
    embed::is_known_player,
    left_out::TagAudience,
    replacement::write_replacement,
    sanitizer::{self, SanitizePolicy, write_tag},
    tag_scanner::{HtmlTag, parse_attributes},
    tokenizer::tokenize_tags,
};

/// Maximum length of an attribute in bytes. Longer values are inline images, or data for scripts.
const MAX_ATTRIBUTE_BYTES: usize = 4 << 10;

/// Maximum number of open elements: the extraction reads the text of each.
const MAX_PAGE_DEPTH: usize = 100;

/// The policy for pages. It keeps nearly all elements, because most of them help to distinguish the
/// article from its surroundings.
const PAGE_POLICY: SanitizePolicy = SanitizePolicy {
    audience: TagAudience::Extraction,
    max_depth: MAX_PAGE_DEPTH,
    keeps_attribute: keeps_page_attribute,
    max_attributes: 24,
    // These plug-in elements are never shown and contain no article text.
    keeps_element: |name| !matches!(name, "object" | "embed" | "applet" | "param"),
    write_replacement: write_page_replacement,
};

/// The policy for players. The extraction fails on other characters in these values.
const PLAYER_POLICY: SanitizePolicy = SanitizePolicy {
    keeps_attribute: |name, value| {
        value.is_ascii() && ["src", "title"].iter().any(|kept| name.eq_ignore_ascii_case(kept))
    },
    ..PAGE_POLICY
};

/// Sanitises a page for the extraction of its article; `None` if it is too long, too dense or too
/// deep for a parser.
///
/// The result has plain tags only: no scripts, styles, comments or drawings, and nothing ambiguous.
pub fn sanitize_page(text: &str) -> Option<String> {
    sanitizer::sanitize_with_policy(text, &PAGE_POLICY)
}

/// Returns the contents of the scripts of one type, such as `application/ld+json`, as they stand in
/// the page.
pub fn script_contents<'a>(text: &'a str, kind: &'a str) -> impl Iterator<Item = &'a str> {
    let is_kind = move |tag: &HtmlTag<'_>| {
        tag.name.eq_ignore_ascii_case("script")
            && parse_attributes(tag.attributes).any(|(name, value)| {
                name.eq_ignore_ascii_case("type") && value.trim().eq_ignore_ascii_case(kind)
            })
    };
    tokenize_tags(text).filter(is_kind).map(|tag| tag.content)
}

/// Returns the content of the first `<title>`, as it stands in the page.
pub fn title_content(text: &str) -> Option<&str> {
    tokenize_tags(text).find(|tag| tag.name.eq_ignore_ascii_case("title")).map(|tag| tag.content)
}

fn keeps_page_attribute(name: &str, value: &str) -> bool {
    let plain =
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':'));
    let handler = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
    plain && !handler && !name.starts_with("data-readability") && value.len() <= MAX_ATTRIBUTE_BYTES
}

fn write_page_replacement(tag: &HtmlTag<'_>, out: &mut String) {
    match tag.name {
        "noscript" => write_noscript_image(tag, out),
        "iframe" => write_iframe_player(tag, out),
        // Most drawings of a page are icons around the article.
        "math" | "script" | "xmp" | "plaintext" => write_replacement(tag, out),
        _ => {}
    }
}

/// Writes the frame of a well-known player, which is part of the article.
fn write_iframe_player(tag: &HtmlTag<'_>, out: &mut String) {
    let source =
        parse_attributes(tag.attributes).find(|(name, _)| name.eq_ignore_ascii_case("src"));
    if !tag.closing
        && source.is_some_and(|(_, source)| source.is_ascii() && is_known_player(source))
    {
        write_tag(&tag.with_name("embed"), &PLAYER_POLICY, out);
    }
}

/// Writes the image in a `<noscript>`, which a script would load: a placeholder before it is left
/// out.
fn write_noscript_image(tag: &HtmlTag<'_>, out: &mut String) {
    if tag.closing {
        return;
    }
    let mut inner = tokenize_tags(tag.content);
    if let (Some(only), None) = (inner.next(), inner.next())
        && only.name.eq_ignore_ascii_case("img")
    {
        write_tag(&only, &PAGE_POLICY, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sanitize_page_keeps_article_markup() {
        let cases = [
            ("<p id=a Data-B='c\"d' ONCLICK=x>", "<p id=\"a\" Data-B=\"c&quot;d\">"),
            ("<p a\"b=c data-readability-score=1 itemprop=x>", "<p itemprop=\"x\">"),
            ("<object data=x><p>a</object><iframe>b</iframe>", "<p>a"),
            (
                "<iframe onload=x src='https://player.vimeo.com/video/7' title='A film'>b</iframe>",
                "<embed src=\"https://player.vimeo.com/video/7\" title=\"A film\">",
            ),
            ("<iframe src='https://player.vimeo.com/video/7?日'></iframe>", ""),
            ("<noscript><img src=x onload=y></noscript>", "<img src=\"x\">"),
            ("<noscript><p>Scripts, please!<img></noscript>", ""),
            ("<script type=application/ld+json>{}</script><style></style>", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(sanitize_page(text).as_deref(), Some(expected), "{text}");
        }
        let long = format!("<img src='{}' alt=x>", "x".repeat(MAX_ATTRIBUTE_BYTES + 1));
        assert_eq!(sanitize_page(&long).as_deref(), Some("<img alt=\"x\">"));
        assert_eq!(sanitize_page(&"<div>".repeat(MAX_PAGE_DEPTH + 1)), None);
    }

    #[test]
    fn script_contents_finds_scripts_by_type() {
        let page = "<script>1</script><SCRIPT TYPE='Application/LD+json '>{\"a\":\"<b>\"}</SCRIPT>\
            <!-- <script type=application/ld+json>2</script> --><script type=application/ld+json>3";
        let found: Vec<_> = script_contents(page, "application/ld+json").collect();
        assert_eq!(found, ["{\"a\":\"<b>\"}", ""]);
    }
}
