//! The tags of raw HTML without those of elements that have nothing for a reader.
//!
//! [`tokenize_tags`] yields what [`scan_tags`] does and cuts out scripts, styles, drawings and forms,
//! as the HTML standard ends them, in time linear in the length of the text.

use memchr::{memchr, memchr_iter, memchr2_iter, memmem};

use super::tag_scanner::{HtmlTag, TagKind, TagScanner, attributes_length, scan_tags};

/// Returns all tags and declarations of `text`, in order, with elements that have nothing for a
/// reader cut out.
pub(crate) fn tokenize_tags(text: &str) -> TagTokenizer<'_> {
    TagTokenizer {
        scanner: scan_tags(text),
        unclosed: Vec::new(),
        cut: Vec::new(),
        enters_noscript: false,
    }
}

/// Returns all tags of `text` as [`tokenize_tags`] does, and those within `<noscript>`, whose own
/// tags are cut out.
pub(super) fn tokenize_without_scripts(text: &str) -> TagTokenizer<'_> {
    TagTokenizer { enters_noscript: true, ..tokenize_tags(text) }
}

/// An iterator over the tags of a text, made by [`tokenize_tags`].
#[derive(Debug)]
pub(crate) struct TagTokenizer<'a> {
    scanner: TagScanner<'a>,
    /// Names of elements without an end in the rest of the text, so that none is looked for again.
    unclosed: Vec<&'a str>,
    /// Names of elements with no end tags but cut ones in the rest of the text.
    cut: Vec<&'a str>,
    enters_noscript: bool,
}

impl TagTokenizer<'_> {
    /// Continues at the byte `position`.
    pub(crate) fn skip_to(&mut self, position: usize) {
        self.scanner.skip_to(position);
    }
}

impl<'a> Iterator for TagTokenizer<'a> {
    type Item = HtmlTag<'a>;

    fn next(&mut self) -> Option<HtmlTag<'a>> {
        let tag = self.scanner.next()?;
        let content_model = match tag.kind {
            TagKind::Element => ContentModel::of_element(tag.name),
            _ => ContentModel::Markup,
        };
        if content_model == ContentModel::Markup {
            return Some(tag);
        }
        let is_entered = self.enters_noscript && tag.name.eq_ignore_ascii_case("noscript");
        if tag.closing || is_entered {
            return Some(HtmlTag { kind: TagKind::Removed, ..tag });
        }
        let rest = &self.scanner.text[tag.end..];
        // Empty elements of drawings and formulas are written as in XML (HTML standard §13.1.2).
        let is_empty = matches!(tag.name, "svg" | "math") && tag.attributes.ends_with('/');
        let length = if is_empty { 0 } else { self.content_length(rest, &tag, content_model) };
        let whole = &rest[..length];
        let content = match whole.rsplit_once("</") {
            Some((content, end))
                if !tag.is_plain_text() || has_tag_name(end.as_bytes(), tag.name) =>
            {
                content
            }
            _ => {
                if tag.is_plain_text() {
                    whole
                } else {
                    ""
                }
            }
        };
        self.scanner.skip_to(tag.end + length);
        Some(tag.removed_with(content, tag.end + length))
    }
}

impl<'a> TagTokenizer<'a> {
    /// Returns the length of the content of the element that begins with `tag`, and its end tag.
    ///
    /// One without an end takes nothing, so that it hides nothing: except for scripts and styles,
    /// since the rest of a document that ends within them is no text.
    fn content_length(&mut self, rest: &str, tag: &HtmlTag<'a>, model: ContentModel) -> usize {
        if self.unclosed.iter().any(|name| name.eq_ignore_ascii_case(tag.name)) {
            return 0;
        }
        let has_whole_ends = !self.cut.iter().any(|name| name.eq_ignore_ascii_case(tag.name));
        let whole_end = has_whole_ends.then(|| match model {
            ContentModel::Script => script_length(rest),
            ContentModel::Foreign => foreign_length(rest, tag.name),
            _ => raw_text_length(rest, tag.name),
        });
        let length = whole_end.flatten().or_else(|| {
            self.cut.extend(has_whole_ends.then_some(tag.name));
            let is_raw = model != ContentModel::Foreign;
            is_raw.then(|| cut_raw_text_length(rest, tag.name)).flatten()
        });
        length.unwrap_or_else(|| {
            let is_code = matches!(model, ContentModel::Script | ContentModel::Style);
            if tag.is_plain_text() || is_code && !tag.attributes.ends_with('/') {
                return rest.len();
            }
            self.unclosed.push(tag.name);
            0
        })
    }
}

/// The way in which the content of an element is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ContentModel {
    /// Markup for a reader.
    Markup,
    /// The raw text of a script, up to the end tag that is not within a comment.
    Script,
    /// Raw text up to the end tag.
    Style,
    /// Raw text up to the end tag, which the reader may lack.
    RawText,
    /// Markup for others, in which the element may occur again.
    Foreign,
}

impl ContentModel {
    fn of_element(name: &str) -> ContentModel {
        // Most elements have a shorter name.
        if name.len() < "svg".len() {
            return ContentModel::Markup;
        }
        let is = |names: &[&str]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
        if is(&["script"]) {
            ContentModel::Script
        } else if is(&["style"]) {
            ContentModel::Style
        } else if is(&["textarea", "title", "xmp", "plaintext", "iframe", "noembed", "noframes"]) {
            ContentModel::RawText
        } else if is(&["svg", "math", "template", "noscript", "select"]) {
            ContentModel::Foreign
        } else {
            ContentModel::Markup
        }
    }
}

/// Returns the length of the raw text of the element `name` and its end tag; `None` without one.
fn raw_text_length(rest: &str, name: &str) -> Option<usize> {
    let name_at = find_end_tag(rest, |tag| has_tag_name(tag, name))?;
    Some(end_tag_end(rest, name_at + name.len()))
}

/// Returns the length of raw text up to an end tag that lacks its `>`, which ends the element if no
/// other does.
fn cut_raw_text_length(rest: &str, name: &str) -> Option<usize> {
    find_end_tag(rest, |tag| has_cut_tag_name(tag, name)).map(|name_at| name_at + name.len())
}

/// Returns the start of the name of the first end tag for which `is_end` holds.
fn find_end_tag(rest: &str, is_end: impl Fn(&[u8]) -> bool) -> Option<usize> {
    let bytes = rest.as_bytes();
    memmem::find_iter(bytes, b"</").map(|at| at + 2).find(|name_at| is_end(&bytes[*name_at..]))
}

/// Returns the end of the end tag whose name ends at `name_end`.
fn end_tag_end(rest: &str, name_end: usize) -> usize {
    (name_end + attributes_length(&rest[name_end..]) + 1).min(rest.len())
}

/// Returns the length of a script and its end tag; `None` without one.
///
/// After `<!--`, a start tag of a script takes the next end tag for itself (HTML standard
/// §13.2.5.18 to §13.2.5.30). If that leaves the script without an end, the first end tag counts.
fn script_length(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let (mut escaped, mut nested) = (false, false);
    for at in memchr2_iter(b'<', b'-', bytes) {
        let after = &bytes[at..];
        if after.starts_with(b"-->") {
            (escaped, nested) = (false, false);
        } else if after.starts_with(b"<!--") {
            escaped = true;
        } else if after.starts_with(b"</") && has_tag_name(&after[2..], "script") {
            if !nested {
                return Some(end_tag_end(rest, at + "</script".len()));
            }
            nested = false;
        } else if after.starts_with(b"<") && has_tag_name(&after[1..], "script") {
            nested |= escaped;
        }
    }
    raw_text_length(rest, "script")
}

/// Returns the length of the content of the element `name` and its end tag, with elements of the
/// same name in it; `None` without an end.
fn foreign_length(rest: &str, name: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut depth = 1_usize;
    for at in memchr_iter(b'<', bytes) {
        let tag = &bytes[at + 1..];
        let (closing, tag) = tag.strip_prefix(b"/").map_or((false, tag), |tag| (true, tag));
        if !has_tag_name(tag, name) {
            continue;
        }
        let is_empty = || rest[at..].split('>').next().is_some_and(|tag| tag.ends_with('/'));
        if closing {
            depth -= 1;
        } else if !is_empty() {
            depth += 1;
        }
        if depth == 0 {
            return Some(memchr(b'>', &bytes[at..]).map_or(bytes.len(), |end| at + end + 1));
        }
    }
    None
}

fn has_tag_name(tag: &[u8], name: &str) -> bool {
    tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        && tag
            .get(name.len())
            .is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
}

/// Returns true if `tag` begins with `name` and another tag follows it at once.
fn has_cut_tag_name(tag: &[u8], name: &str) -> bool {
    tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        && tag.get(name.len()) == Some(&b'<')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::html::opening_tag_names;

    #[test]
    fn tokenize_tags_cuts_out_scripts_and_styles() {
        let text = "<p><script>a</p></SCRIPT ><svg><svg></svg>b</svg><!-- c --><i>";
        let tags: Vec<_> = tokenize_tags(text)
            .map(|tag| (tag.name, tag.content, tag.is_element(), tag.is_comment()))
            .collect();
        let expected = [
            ("p", "", true, false),
            ("script", "a</p>", false, false),
            ("svg", "<svg></svg>b", false, false),
            ("", "", false, true),
            ("i", "", true, false),
        ];
        assert_eq!(tags, expected);
    }

    #[test]
    fn tokenize_tags_ends_raw_text_as_html_says() {
        let cases = [
            ("<script>a</script <ins class='b>c'>d", "d"),
            ("<style>a</style\n<p>d", "d"),
            ("<textarea>a</textarea <b>d", "d"),
            ("<title>a</title/x>d", "d"),
            ("<script>a</scripts></script>d", "d"),
            ("<script><!--<script>a</script>b--></script>d", "d"),
            ("<script><!--a</script>d", "d"),
            ("<script>'<!--<script>'</script>d", "d"),
            ("<script>a</script<p>d", "<p>d"),
            ("<script src=a />d", "d"),
            ("<iframe src=a>d", "d"),
            ("<svg/>d</svg>", "d</svg>"),
            ("<svg><svg/>a</svg>d", "d"),
        ];
        for (text, rest) in cases {
            let tag = tokenize_tags(text).next().expect("a tag");
            assert_eq!(&text[tag.end..], rest, "{text}");
        }
    }

    #[test]
    fn tags_are_found_in_linear_time() {
        let starts = [
            "<a b=\"",
            "<a b='>",
            "<!--",
            "<!--->-",
            "<svg>",
            "<script>",
            "</script",
            "<iframe>",
            "<script><!--",
            "<title></title",
            "<script></script",
            "<math><svg>",
            "<title>",
            "<",
        ];
        for text in starts {
            let text = text.repeat(100_000);
            scan_tags(&text).count();
            tokenize_tags(&text).count();
            opening_tag_names(&text).count();
        }
    }
}
