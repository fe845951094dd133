//! The text that stands for elements which are cut out of the raw text: formulas, preformatted text of
//! old pages, drawings.
//!
//! Start with [`replacement_of`], the only rule for articles and searches alike.

use super::{
    escape::escape_html,
    formula::formula_text,
    image_url::is_letter_sized,
    tag_scanner::{HtmlTag, scan_tags},
    visibility::is_hidden,
};
use crate::text::decode_entities;

/// Elements of a drawing whose text is not seen where it stands: definitions, and titles of parts.
const UNSEEN_DRAWING_PARTS: [&str; 7] =
    ["defs", "symbol", "style", "script", "metadata", "title", "desc"];

/// The text that stands for an element that was cut out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replacement {
    pub(super) text: String,
    pub(super) form: ReplacementForm,
}

/// The form of a [`Replacement`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReplacementForm {
    Inline,
    Block,
    Preformatted,
    /// The alternative text of an image.
    Image,
}

/// Returns the text that stands for the element that `tag` cut out; `None` if it has none.
pub(super) fn replacement_of(tag: &HtmlTag<'_>) -> Option<Replacement> {
    if tag.is_element() || tag.closing || tag.name.len() < "svg".len() {
        return None;
    }
    let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
    let found = if is("math") {
        let is_block = tag.attribute("display").is_some_and(|display| display == "block");
        Replacement::new(formula_text(tag), is_block)
    } else if is("script") {
        tex_script(tag)?
    } else if is("svg") {
        drawing(tag)
    } else if is("xmp") || is("plaintext") {
        Replacement { text: tag.content.to_owned(), form: ReplacementForm::Preformatted }
    } else {
        return None;
    };
    Some(found).filter(|found| !found.text.is_empty() && !is_hidden(tag.name, tag.attributes))
}

/// Writes the text that stands for `tag`, if it has one, as HTML.
pub(super) fn write_replacement(tag: &HtmlTag<'_>, out: &mut String) {
    let Some(Replacement { text, form }) = replacement_of(tag) else { return };
    let text = escape_html(&text);
    match form {
        ReplacementForm::Inline => out.extend(["<span>", &text, "</span>"]),
        ReplacementForm::Block => out.extend(["<div>", &text, "</div>"]),
        // The parser drops a line break at the start.
        ReplacementForm::Preformatted => out.extend(["<pre>\n", &text, "</pre>"]),
        ReplacementForm::Image => {
            out.extend(["<img alt=\"", &text.replace('"', "&quot;"), "\">"]);
        }
    }
}

impl Replacement {
    fn new(text: String, is_block: bool) -> Replacement {
        let form = if is_block { ReplacementForm::Block } else { ReplacementForm::Inline };
        Replacement { text, form }
    }
}

/// Returns the formula in a script of MathJax: `math/tex`, or `math/tex; mode=display`.
fn tex_script(tag: &HtmlTag<'_>) -> Option<Replacement> {
    let media_type = tag.attribute("type")?.to_ascii_lowercase();
    let (essence, parameters) = media_type.split_once(';').unwrap_or((&media_type, ""));
    let source = tag.content.trim();
    let source = source.trim_start_matches("% <![CDATA[").trim_end_matches("%]]>").trim();
    let is_display = parameters.replace(' ', "") == "mode=display";
    (essence.trim() == "math/tex").then(|| Replacement::new(source.to_owned(), is_display))
}

/// Returns the words of a drawing after its title; of one without words, its title as that of an
/// image.
fn drawing(tag: &HtmlTag<'_>) -> Replacement {
    let DrawingText { title, words } = DrawingText::of_content(tag.content);
    let title = title.or_else(|| tag.attribute("aria-label"));
    let is_small = is_small_drawing(tag);
    match title {
        Some(title) if words.is_empty() && is_small => Replacement::new(title, false),
        Some(text) if words.is_empty() => Replacement { text, form: ReplacementForm::Image },
        Some(title) => Replacement::new(format!("{title}: {words}"), !is_small),
        None => Replacement::new(words, !is_small),
    }
}

/// Returns true for a drawing of the size of a letter, by its size or else by that of its view box.
fn is_small_drawing(tag: &HtmlTag<'_>) -> bool {
    let sizes: Vec<String> =
        ["width", "height"].iter().filter_map(|name| tag.attribute(name)).collect();
    if !sizes.is_empty() {
        return sizes.iter().any(|size| is_letter_sized(size));
    }
    let view_box = tag.attribute("viewBox").unwrap_or_default();
    let height = view_box.split([' ', ',']).rfind(|number| !number.is_empty());
    height.is_some_and(is_letter_sized)
}

/// The text in a drawing.
#[derive(Debug, Default)]
struct DrawingText {
    /// The title of the whole.
    title: Option<String>,
    words: String,
}

impl DrawingText {
    fn of_content(content: &str) -> DrawingText {
        let mut found = DrawingText::default();
        let (mut open, mut text_start) = (Vec::new(), 0);
        for tag in scan_tags(content) {
            found.add_text(&content[text_start..tag.start], &open);
            text_start = tag.end;
            if !tag.is_element() {
                continue;
            }
            if tag.closing {
                if let Some(at) = open.iter().rposition(|name| *name == tag.name) {
                    open.truncate(at);
                }
            } else if !tag.attributes.ends_with('/') && open.len() < 64 {
                open.push(tag.name);
            }
        }
        found
    }

    fn add_text(&mut self, text: &str, open: &[&str]) {
        if text.trim().is_empty() {
            return;
        }
        let is_title = open == ["title"] && self.title.is_none();
        let is_seen = open.iter().any(|name| matches!(*name, "text" | "foreignObject"))
            && !open.iter().any(|name| UNSEEN_DRAWING_PARTS.contains(name));
        if !is_title && !is_seen {
            return;
        }
        let mut decoded = String::new();
        decode_entities(text, &mut decoded);
        let words = decoded.split_whitespace().collect::<Vec<_>>().join(" ");
        if is_title {
            self.title = Some(words);
        } else {
            self.words.push_str(if self.words.is_empty() { "" } else { " " });
            self.words.push_str(&words);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::markup::{Block, html_to_text, parse_html, sanitize_page};

    fn check(html: &str, expected: &str) {
        assert_eq!(parse_html(html, None).plain_text(), expected, "{html}");
        let letters =
            |text: &str| text.replace("[image:", "").replace(|c: char| !c.is_alphanumeric(), "");
        assert_eq!(letters(&html_to_text(html)), letters(expected), "text of {html}");
    }

    #[test]
    fn preformatted_elements_of_old_pages_are_code() {
        for html in [
            "<p>a</p><xmp>if (a < b) {\n  <b>&amp;</b>\n}</xmp><p>b</p>",
            "<p>a</p><XMP class=x>if (a < b) {\n  <b>&amp;</b>\n}</XMP ><p>b</p>",
            "<p>a</p><plaintext>if (a < b) {\n  <b>&amp;</b>\n}</plaintext><p>b</p>",
        ] {
            check(html, "a\n\nif (a < b) {\n  <b>&amp;</b>\n}\n\nb");
        }
        check("a<plaintext>one\n<p>two", "a\n\none\n<p>two");
        check("<listing>one\n  two &amp; <b>three</b></listing>", "one\n  two & three");
        check("a<xmp hidden>b</xmp><xmp></xmp>c", "a c".replace(' ', "").as_str());
        let document = parse_html("<xmp>\n  x</xmp>", None);
        let Block::Code { text, .. } = &document.blocks[0] else { unreachable!("code") };
        assert_eq!(text, "\n  x");
    }

    #[test]
    fn scripts_with_formulas_are_their_tex() {
        check("so <script type='math/tex'>a < b_1</script> holds", "so a < b_1 holds");
        check(
            "so<script type='math/tex; mode=display'>% <![CDATA[\n\\frac{1}{2} %]]></script>holds",
            "so\n\n\\frac{1}{2}\n\nholds",
        );
        check("a<script type='math/asciimath'>x</script><script>y</script>b", "ab");
        let page = "<p><script type=math/tex>x^2</script>";
        assert_eq!(sanitize_page(page).as_deref(), Some("<p><span>x^2</span>"));
    }

    #[test]
    fn drawings_are_their_words_or_their_title() {
        let style = "<style>.a{}</style><script>x</script><defs><text>unseen</text></defs>";
        check(
            &format!(
                "a<svg>{style}<title>Trains</title><g><title>part</title><text>2025</text>\
                 <text>12 <tspan>&amp; 3</tspan></text></g></svg>b"
            ),
            "a\n\nTrains: 2025 12 & 3\n\nb",
        );
        check("a<svg><title>A map</title><path d='M0'/></svg>b", "a\n\n[image: A map]\n\nb");
        check("a <svg width=16 height=16><title>star</title></svg> b", "a star b");
        check("a <svg viewBox='0 0 24 24' aria-label=star></svg> b", "a star b");
        check("a<svg aria-hidden=true><title>x</title></svg><svg><path/></svg>b", "ab");
        check("a<svg><symbol><title>x</title></symbol></svg><svg/>b", "ab");
        assert_eq!(sanitize_page("<p><svg><text>a</text></svg>").as_deref(), Some("<p>"));
    }

    #[test]
    fn drawings_take_linear_time() {
        let html = format!("<svg>{}</svg>", "<text>".repeat(100_000) + "x");
        parse_html(&html, None);
        html_to_text(&html);
    }
}
