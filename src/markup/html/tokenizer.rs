//! The tokenizer for tags in raw HTML, used wherever tags are looked for without a parser.
//!
//! [`scan_tags`] yields every tag, comment and declaration of a text. [`tokenize_tags`] also cuts
//! out elements with no content for a reader: scripts, styles, drawings, forms. Both take time
//! linear in the length of the text, whatever it is. The text between tags is the caller's.

use memchr::{memchr, memchr_iter, memchr2, memchr2_iter, memmem};

use crate::text::decode_entities;

/// Maximum length of the names that [`opening_tag_names`] finds, in bytes.
const MAX_NAME_BYTES: usize = 16;

/// Characters that end a tag's name or an unquoted value, beside `>` (HTML standard §13.2.5.8).
const BLANKS: [char; 5] = [' ', '\t', '\n', '\r', '\u{c}'];

/// A tag, comment or declaration as it is written in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HtmlTag<'a> {
    /// True for an end tag.
    pub(crate) closing: bool,
    /// The name as it is written; empty for comments and declarations.
    pub(crate) name: &'a str,
    /// The source between the name and `>`.
    pub(crate) attributes: &'a str,
    /// The raw content of an element that was cut out.
    pub(crate) content: &'a str,
    /// The byte at which the tag begins.
    pub(crate) start: usize,
    /// The byte after the tag, or after the content of an element that was cut out.
    pub(crate) end: usize,
    kind: TagKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TagKind {
    Element,
    Comment,
    /// `<!doctype html>`, `<?xml …?>`, and whatever else begins like those.
    Declaration,
    /// An element with nothing for a reader, cut out as a whole.
    Removed,
}

impl<'a> HtmlTag<'a> {
    /// Returns the tag with another spelling of its name.
    pub(crate) fn with_name(self, name: &'a str) -> HtmlTag<'a> {
        HtmlTag { name, ..self }
    }

    /// Returns the tag of an element that is cut out up to the byte `end`, with its raw content.
    pub(super) fn removed_with(self, content: &'a str, end: usize) -> HtmlTag<'a> {
        HtmlTag { kind: TagKind::Removed, content, end, ..self }
    }

    /// Returns an end tag for the element that begins with this tag, at the byte `at`.
    pub(super) fn end_tag_at(self, at: usize) -> HtmlTag<'a> {
        HtmlTag { closing: true, attributes: "", start: at, end: at, ..self }
    }

    /// Returns true for the tag of an element that was not cut out.
    pub(crate) fn is_element(&self) -> bool {
        self.kind == TagKind::Element
    }

    /// Returns true for a comment.
    pub(crate) fn is_comment(&self) -> bool {
        self.kind == TagKind::Comment
    }

    /// Returns true for `<plaintext>`, which needs no end: everything after it is text (HTML standard
    /// §13.2.5.5).
    fn is_plain_text(&self) -> bool {
        self.name.eq_ignore_ascii_case("plaintext")
    }

    /// Returns the value of the attribute `name`, in any case, with character references decoded;
    /// `None` if it is missing or blank.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let (_, value) = parse_attributes(self.attributes)
            .find(|(written, _)| written.eq_ignore_ascii_case(name))?;
        let mut decoded = String::with_capacity(value.len());
        decode_entities(value.trim(), &mut decoded);
        Some(decoded).filter(|value| !value.is_empty())
    }
}

/// Returns all tags, comments and declarations of `text`, in order.
pub(crate) fn scan_tags(text: &str) -> TagScanner<'_> {
    TagScanner { text, position: 0 }
}

/// An iterator over the tags of a text, made by [`scan_tags`].
#[derive(Debug)]
pub(crate) struct TagScanner<'a> {
    text: &'a str,
    position: usize,
}

impl TagScanner<'_> {
    /// Continues at the byte `position`.
    pub(super) fn skip_to(&mut self, position: usize) {
        self.position = position;
    }
}

impl<'a> Iterator for TagScanner<'a> {
    type Item = HtmlTag<'a>;

    fn next(&mut self) -> Option<HtmlTag<'a>> {
        loop {
            let start = self.position + memchr(b'<', &self.text.as_bytes()[self.position..])?;
            match read_tag(self.text, start) {
                Some(tag) => {
                    self.position = tag.end;
                    return Some(tag);
                }
                None => self.position = start + 1,
            }
        }
    }
}

/// Reads the tag, comment or declaration that begins with the `<` at `start`, if there is one.
fn read_tag(text: &str, start: usize) -> Option<HtmlTag<'_>> {
    let rest = &text[start + 1..];
    let (closing, inner) = match rest.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, rest),
    };
    let tag = HtmlTag {
        closing,
        name: "",
        attributes: "",
        content: "",
        start,
        end: start,
        kind: TagKind::Element,
    };
    if inner.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) {
        let (name, rest) = inner.split_at(name_length(inner.as_bytes()));
        let attributes = &rest[..attributes_length(rest)];
        let end = text.len() - rest.len() + (attributes.len() + 1).min(rest.len());
        return Some(HtmlTag { name, attributes, end, ..tag });
    }
    let (kind, length) = declaration_length(rest)?;
    Some(HtmlTag { kind, end: start + 1 + length, ..tag })
}

fn name_length(text: &[u8]) -> usize {
    let ends_name = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0xc | b'/' | b'>');
    text.iter().position(ends_name).unwrap_or(text.len())
}

/// Returns the length of the attributes at the start of `rest`: up to the `>` that is not within a
/// quoted value. A quote that is never closed ends with its tag.
fn attributes_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let Some(first_end) = memchr(b'>', bytes) else { return bytes.len() };
    // Most tags have no quotes: they end at the first `>`.
    if memchr2(b'"', b'\'', &bytes[..first_end]).is_none() {
        return first_end;
    }
    let (mut at, mut after_equals) = (0, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => return at,
            b'"' | b'\'' if after_equals => match memchr(*byte, &bytes[at + 1..]) {
                Some(length) => at += length + 1,
                None => return memchr(b'>', &bytes[at..]).map_or(bytes.len(), |end| at + end),
            },
            _ => {}
        }
        after_equals = *byte == b'=' || (after_equals && byte.is_ascii_whitespace());
        at += 1;
    }
    bytes.len()
}

/// Returns the length of the comment or declaration at the start of `rest`, which follows a `<`;
/// without an end, it takes the rest of the text.
fn declaration_length(rest: &str) -> Option<(TagKind, usize)> {
    if let Some(comment) = rest.strip_prefix("!--") {
        return Some((TagKind::Comment, "!--".len() + comment_length(comment)));
    }
    let is_declaration = rest.starts_with(['!', '?']);
    let length = || memchr(b'>', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
    is_declaration.then(|| (TagKind::Declaration, length()))
}

/// Returns the length of a comment after its `<!--`: it ends at `-->` and `--!>`, and `>` and `->`
/// end it at once (HTML standard §13.2.5.43 to §13.2.5.52).
fn comment_length(comment: &str) -> usize {
    let ends_comment = |before: &[u8]| {
        matches!(before, b"" | b"-") || before.ends_with(b"--") || before.ends_with(b"--!")
    };
    let bytes = comment.as_bytes();
    let end = memchr_iter(b'>', bytes).find(|at| ends_comment(&bytes[..*at]));
    end.map_or(bytes.len(), |end| end + 1)
}

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
        self.scanner.position = tag.end + length;
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

/// Returns the attributes of a tag, their values as they stand in the source, without the quotes.
pub(crate) fn parse_attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c| BLANKS.contains(&c) || matches!(c, '/' | '='));
        let name_end =
            rest.find(|c| BLANKS.contains(&c) || matches!(c, '/' | '=')).unwrap_or(rest.len());
        let (name, after_name) = rest.split_at(name_end);
        rest = after_name;
        let Some(value) = after_name.trim_start().strip_prefix('=') else {
            return (!name.is_empty()).then_some((name, ""));
        };
        let (value, after_value) = split_value(value.trim_start());
        rest = after_value;
        (!name.is_empty()).then_some((name, value))
    })
}

/// Splits the value of an attribute from what follows it.
fn split_value(text: &str) -> (&str, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].split_once(quote).unwrap_or((&text[1..], "")),
        _ => text.split_at(text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len())),
    }
}

/// Returns the names of the start tags in `html`, in order, as they are written.
///
/// Does not look for the ends of tags and comments, so that it costs little more than finding each
/// `<`. Names longer than 16 bytes are cut.
pub fn opening_tag_names(html: &str) -> impl Iterator<Item = &str> {
    memchr_iter(b'<', html.as_bytes()).filter_map(|at| {
        let rest = &html.as_bytes()[at + 1..];
        let is_name = rest.first().is_some_and(u8::is_ascii_alphabetic);
        let length = name_length(&rest[..rest.len().min(MAX_NAME_BYTES)]);
        html.get(at + 1..at + 1 + length).filter(|_| is_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Vec<&str> {
        scan_tags(text).map(|tag| &text[tag.start..tag.end]).collect()
    }

    #[test]
    fn scan_tags_finds_tags_comments_and_declarations() {
        let cases: [(&str, &[&str]); 11] = [
            ("a<b>c</B >d", &["<b>", "</B >"]),
            ("a < b, 3<4, </>, <>", &[]),
            ("<a title=\"x > y\" href='>'>z", &["<a title=\"x > y\" href='>'>"]),
            ("<a 5\">b", &["<a 5\">"]),
            ("<a title=\"b>c<i>", &["<a title=\"b>", "<i>"]),
            ("<!-- <p> -->a<!-->b<!doctype html>", &["<!-- <p> -->", "<!-->", "<!doctype html>"]),
            ("<!--a--!>b<!--->c<!---->d<!--->-->e", &["<!--a--!>", "<!--->", "<!---->", "<!--->"]),
            (
                "<!-- -- > --! > - -> <p>--->x<!--!>-->y",
                &["<!-- -- > --! > - -> <p>--->", "<!--!>-->"],
            ),
            ("<?x?><!-- open <p>", &["<?x?>", "<!-- open <p>"]),
            ("<script>'<b>'</script>", &["<script>", "<b>", "</script>"]),
            ("a<never closed", &["<never closed"]),
        ];
        for (text, expected) in cases {
            assert_eq!(scan(text), expected, "{text}");
        }
    }

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
    fn parse_attributes_reads_quoted_and_unquoted_values() {
        let attributes: Vec<_> =
            parse_attributes(" a b=1 c = \"x y\" d='\"' e=/f/ G=\"open").collect();
        let expected =
            [("a", ""), ("b", "1"), ("c", "x y"), ("d", "\""), ("e", "/f/"), ("G", "open")];
        assert_eq!(attributes, expected);
    }

    #[test]
    fn attribute_ignores_case_and_decodes_references() {
        let tag = scan_tags("<a HREF=' /x?a&amp;b ' title=''>").next().expect("a tag");
        assert_eq!(tag.attribute("href").as_deref(), Some("/x?a&b"));
        assert_eq!(tag.attribute("title"), None);
    }

    #[test]
    fn opening_tag_names_finds_names_in_order() {
        let names: Vec<&str> =
            opening_tag_names("<p>a < b <abbr>é</abbr> <IMG src=x><audio/><").collect();
        assert_eq!(names, ["p", "abbr", "IMG", "audio"]);
    }

    #[test]
    fn scan_tags_takes_linear_time() {
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
