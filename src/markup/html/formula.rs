//! Formulas as text: the TeX source that a formula carries, or else its symbols in a line.
//!
//! Start with [`formula_text`].

use super::tag_scanner::{HtmlTag, scan_tags};
use crate::text::decode_entities;

/// Maximum nesting depth of a formula; the symbols of deeper parts are written without operators.
const MAX_DEPTH: usize = 64;

/// Returns the text of the MathML element that begins with `tag`: its TeX annotation, or else its
/// `alttext`, or else its symbols.
pub(super) fn formula_text(tag: &HtmlTag<'_>) -> String {
    let text = tex_annotation(tag.content)
        .or_else(|| tag.attribute("alttext"))
        .unwrap_or_else(|| linear_text(tag.content));
    without_display_style(text.trim()).to_owned()
}

/// Returns the TeX source in the annotations of a formula.
fn tex_annotation(content: &str) -> Option<String> {
    let is_tex = |tag: &HtmlTag<'_>| {
        !tag.closing
            && local_name(tag.name).eq_ignore_ascii_case("annotation")
            && tag
                .attribute("encoding")
                .is_some_and(|encoding| encoding.to_ascii_lowercase().contains("tex"))
    };
    let start = scan_tags(content).find(is_tex)?.end;
    let end = content[start..].find("</").map_or(content.len(), |length| start + length);
    let source = &content[start..end];
    let source = source.trim().strip_prefix("<![CDATA[").unwrap_or(source);
    let mut text = String::new();
    decode_entities(source.trim().trim_end_matches("]]>").trim(), &mut text);
    Some(text).filter(|text| !text.is_empty())
}

/// Returns TeX without the group `{\displaystyle …}` that MediaWiki puts around it.
fn without_display_style(tex: &str) -> &str {
    let inner =
        ["{\\displaystyle", "{\\textstyle"].iter().find_map(|start| tex.strip_prefix(start));
    inner.and_then(|inner| inner.strip_suffix('}')).map_or(tex, str::trim)
}

/// An open element of a formula.
struct OpenPart<'a> {
    name: &'a str,
    /// Number of its children so far.
    children: usize,
    is_grouped: bool,
}

/// Returns the symbols of a formula in one line, with `^`, `_` and `/` for what stands above and
/// below: `x^2` and `(a+b)/c`.
fn linear_text(content: &str) -> String {
    let mut out = String::new();
    let mut open: Vec<OpenPart<'_>> = Vec::new();
    let mut text_start = 0;
    let mut tags = scan_tags(content);
    while let Some(tag) = tags.next() {
        push_symbols(&content[text_start..tag.start], &mut out);
        text_start = tag.end;
        let name = local_name(tag.name);
        if tag.closing {
            close_part(name, &mut open, &mut out);
        } else if name.starts_with("annotation") {
            let end =
                content[tag.end..].find("</annotation").map_or(content.len(), |at| tag.end + at);
            text_start = end;
            tags.skip_to(end);
        } else if tag.is_element() && open.len() < MAX_DEPTH {
            let is_grouped = open_part(name, &mut open, &mut out);
            if !tag.attributes.ends_with('/') {
                open.push(OpenPart { name, children: 0, is_grouped });
            }
        }
    }
    push_symbols(&content[text_start..], &mut out);
    out
}

/// Writes the operator before a part of a formula; returns true if the part is written in
/// parentheses.
fn open_part(name: &str, open: &mut [OpenPart<'_>], out: &mut String) -> bool {
    out.push_str(match name {
        "msqrt" | "mroot" => "√",
        "mtd" if out.ends_with(|c: char| !c.is_whitespace()) => " ",
        "mtr" if out.ends_with(|c: char| !c.is_whitespace()) => "; ",
        _ => "",
    });
    let Some(parent) = open.last_mut() else { return false };
    out.push_str(operator_before(parent.name, parent.children));
    parent.children += 1;
    let is_operand = matches!(
        parent.name,
        "mfrac" | "msup" | "msub" | "msubsup" | "munder" | "mover" | "munderover" | "mroot"
    );
    let is_compound = matches!(name, "mrow" | "mfrac" | "msup" | "msub" | "msubsup" | "mstyle");
    let is_grouped = (is_operand && is_compound) || (parent.name == "msqrt" && name == "mrow");
    if is_grouped {
        out.push('(');
    }
    is_grouped
}

/// Returns the operator between the part with this number and the one before it.
fn operator_before(parent: &str, child: usize) -> &'static str {
    match (parent, child) {
        ("mfrac", 1) => "/",
        ("msup" | "mover", 1) | ("msubsup" | "munderover", 2) => "^",
        ("msub" | "munder" | "msubsup" | "munderover", 1) => "_",
        ("mroot", 1) => " root ",
        _ => "",
    }
}

/// Closes the innermost part called `name`.
fn close_part(name: &str, open: &mut Vec<OpenPart<'_>>, out: &mut String) {
    let Some(index) = open.iter().rposition(|part| part.name == name) else { return };
    for part in open.drain(index..).rev() {
        if part.is_grouped {
            out.push(')');
        }
    }
}

fn push_symbols(text: &str, out: &mut String) {
    let mut decoded = String::new();
    decode_entities(text.trim(), &mut decoded);
    // Invisible operators: function application, times, separator, plus.
    out.extend(decoded.chars().filter(|c| !matches!(c, '\u{2061}'..='\u{2064}')));
}

/// Returns a name without its prefix.
fn local_name(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use crate::markup::{html_to_text, parse_html, sanitize_page};

    #[test]
    fn formula_is_its_tex_or_alternative_text_or_symbols() {
        let cases = [
            (
                "<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>e^{i\\pi} &lt; 1\
                 </annotation></semantics></math>",
                "e^{i\\pi} < 1",
            ),
            ("<math alttext='{\\displaystyle a_1}'><mi>a</mi></math>", "a_1"),
            ("<math alttext='\\alpha'/>", "\\alpha"),
            ("<math><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><mn>1</mn></math>", "x^2+1"),
            (
                "<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c</mi></mfrac></math>",
                "(a+b)/c",
            ),
            ("<math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></math>", "x_i^2"),
            ("<m:math><m:msqrt><m:mn>2</m:mn></m:msqrt></m:math>", "2"),
            ("<math><m:msqrt><m:mn>2</m:mn></m:msqrt></math>", "√2"),
        ];
        for (html, expected) in cases {
            let html = format!("<p>a {html} b</p>");
            let expected = format!("a {expected} b");
            assert_eq!(parse_html(&html, None).plain_text(), expected, "{html}");
            assert_eq!(html_to_text(&html).trim(), expected, "text of {html}");
        }
        let block = "<p>a<math display=block><mi>x</mi></math>b";
        assert_eq!(parse_html(block, None).plain_text(), "a\n\nx\n\nb");
        let page = sanitize_page("<p><math><mi>x</mi></math>");
        assert_eq!(page.as_deref(), Some("<p><span>x</span>"));
    }

    #[test]
    fn formula_of_any_depth_takes_linear_time() {
        let html = format!("<math>{}x", "<msup><mrow>".repeat(50_000));
        assert!(parse_html(&format!("{html}</math>"), None).plain_text().contains('x'));
    }
}
