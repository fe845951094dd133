//! Whole pages for whoever looks for the article in them, behind the same gate as every other text.

use super::{
    embed::is_player,
    filter::{self, Kept, write_tag},
    tag::{TagText, attributes, tags},
};

/// Longer values of attributes are pictures written out, or data for scripts, in bytes.
const MAX_VALUE: usize = 4 << 10;

/// Elements open at the same time at the most: whoever looks for an article reads the text of each.
const MAX_OPEN: usize = 100;

/// What tells an article from what is around it: nearly everything.
const PAGE: Kept = Kept {
    deepest: MAX_OPEN,
    attribute: is_telling,
    attributes: 24,
    // A reader plays nothing, and these hold no text of an article.
    element: |name| !matches!(name, "object" | "embed" | "applet" | "param"),
    instead: picture_or_player,
};

/// What tells of a player. Whoever looks for the article stumbles over other characters in these values.
const PLAYER: Kept = Kept {
    attribute: |name, value| {
        value.is_ascii() && ["src", "title"].iter().any(|kept| name.eq_ignore_ascii_case(kept))
    },
    ..PAGE
};

/// `text` as a page in which to look for an article; `None` if it is too long, too dense or too deep for a parser.
///
/// What is written is plain tags: no scripts, styles, comments, drawings, and nothing that is read in two ways.
pub fn gated(text: &str) -> Option<String> {
    filter::kept(text, &PAGE)
}

/// The contents of the scripts of one type, such as `application/ld+json`, as they stand in the page.
pub fn scripts<'a>(text: &'a str, kind: &'a str) -> impl Iterator<Item = &'a str> {
    let is_kind = move |tag: &TagText<'_>| {
        tag.name.eq_ignore_ascii_case("script")
            && attributes(tag.attributes).any(|(name, value)| {
                name.eq_ignore_ascii_case("type") && value.trim().eq_ignore_ascii_case(kind)
            })
    };
    tags(text).filter(is_kind).map(|tag| tag.content)
}

fn is_telling(name: &str, value: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':'));
    let handler = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
    plain && !handler && !name.starts_with("data-readability") && value.len() <= MAX_VALUE
}

fn picture_or_player(tag: &TagText<'_>, out: &mut String) {
    match tag.name {
        "noscript" => picture_without_scripts(tag, out),
        "iframe" => player_for_frame(tag, out),
        _ => {}
    }
}

/// A frame in which a well-known player shows something is a part of the article.
fn player_for_frame(tag: &TagText<'_>, out: &mut String) {
    let source = attributes(tag.attributes).find(|(name, _)| name.eq_ignore_ascii_case("src"));
    if !tag.closing && source.is_some_and(|(_, source)| source.is_ascii() && is_player(source)) {
        write_tag(&tag.called("embed"), &PLAYER, out);
    }
}

/// Pictures that scripts would load often stand in `<noscript>` once more, with their addresses.
fn picture_without_scripts(tag: &TagText<'_>, out: &mut String) {
    if tag.closing {
        return;
    }
    let mut inner = tags(tag.content);
    if let (Some(only), None) = (inner.next(), inner.next())
        && only.name.eq_ignore_ascii_case("img")
    {
        out.push_str("<noscript>");
        write_tag(&only, &PAGE, out);
        out.push_str("</noscript>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_an_article_remains() {
        let cases = [
            ("<p id=a Data-B='c\"d' ONCLICK=x>", "<p id=\"a\" Data-B=\"c&quot;d\">"),
            ("<p a\"b=c data-readability-score=1 itemprop=x>", "<p itemprop=\"x\">"),
            ("<object data=x><p>a</object><iframe>b</iframe>", "<p>a"),
            (
                "<iframe onload=x src='https://player.vimeo.com/video/7' title='A film'>b</iframe>",
                "<embed src=\"https://player.vimeo.com/video/7\" title=\"A film\">",
            ),
            ("<iframe src='https://player.vimeo.com/video/7?日'></iframe>", ""),
            ("<noscript><img src=x onload=y></noscript>", "<noscript><img src=\"x\"></noscript>"),
            ("<noscript><p>Scripts, please!<img></noscript>", ""),
            ("<script type=application/ld+json>{}</script><style></style>", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(gated(text).as_deref(), Some(expected), "{text}");
        }
        let long = format!("<img src='{}' alt=x>", "x".repeat(MAX_VALUE + 1));
        assert_eq!(gated(&long).as_deref(), Some("<img alt=\"x\">"));
        assert_eq!(gated(&"<div>".repeat(MAX_OPEN + 1)), None);
    }

    #[test]
    fn scripts_are_found_by_type() {
        let page = "<script>1</script><SCRIPT TYPE='Application/LD+json '>{\"a\":\"<b>\"}</SCRIPT>\
            <!-- <script type=application/ld+json>2</script> --><script type=application/ld+json>3";
        let found: Vec<_> = scripts(page, "application/ld+json").collect();
        assert_eq!(found, ["{\"a\":\"<b>\"}", ""]);
    }
}
