//! The requirements of XHTML that HTML does not have: characters that XML has, URLs that are valid, ids that
//! are defined once.

use std::{borrow::Cow, collections::HashSet};

use crate::{
    markup::{AnchorId, Block, Document},
    text::browser_url,
};

/// The facts about a document that the writer needs for XHTML.
#[derive(Debug)]
pub(super) struct XmlForm {
    anchors: HashSet<AnchorId>,
    written_anchors: HashSet<AnchorId>,
}

impl XmlForm {
    /// Collects the anchors of `document`.
    pub(super) fn new(document: &Document) -> XmlForm {
        let mut anchors = HashSet::new();
        let mut open: Vec<&[Block]> = vec![&document.blocks];
        while let Some(blocks) = open.pop() {
            for block in blocks {
                match block {
                    Block::Anchor(id) => drop(anchors.insert(*id)),
                    Block::Quote(inner) | Block::Definition(inner) => open.push(inner),
                    Block::List { items, .. } => open.extend(items.iter().map(Vec::as_slice)),
                    Block::Heading { .. }
                    | Block::Paragraph(_)
                    | Block::Code { .. }
                    | Block::Table { .. }
                    | Block::Image { .. }
                    | Block::Embed { .. }
                    | Block::Caption(_)
                    | Block::Rule => {}
                }
            }
        }
        XmlForm { anchors, written_anchors: HashSet::new() }
    }

    /// Removes the characters that XML cannot have, even as references (XML 1.0 §2.2).
    pub(super) fn clean(text: &str) -> Cow<'_, str> {
        let is_char = |c: char| {
            matches!(c, '\t' | '\n' | '\r')
                || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')
        };
        if text.chars().all(is_char) {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(text.chars().filter(|c| is_char(*c)).collect())
        }
    }

    /// Returns a web address in valid form; `None` for what books cannot link to.
    pub(super) fn href(url: &str) -> Option<String> {
        // The URL standard leaves some characters alone that RFC 3986 does not allow.
        let escape = |c: char| match c {
            '|' | '^' | '`' | '{' | '}' | '[' | ']' | '"' | '\\' => {
                format!("%{:02X}", u32::from(c))
            }
            c => c.to_string(),
        };
        browser_url(url).map(|url| url.chars().map(escape).collect())
    }

    /// Returns whether a link can lead to an anchor.
    pub(super) fn has_anchor(&self, id: AnchorId) -> bool {
        self.anchors.contains(&id)
    }

    /// Returns true once for each anchor.
    pub(super) fn begin_anchor(&mut self, id: AnchorId) -> bool {
        self.written_anchors.insert(id)
    }
}

#[cfg(test)]
mod tests {
    use crate::markup::{ExportHeader, parse_html};

    fn to_xhtml(html: &str) -> String {
        parse_html(html, Some("https://e.org/")).to_xhtml_body(&ExportHeader::default())
    }

    #[test]
    fn xhtml_is_well_formed_and_has_only_what_books_may_have() {
        for (html, expected) in [
            ("<p>a<br>b &amp; c\u{1}", "<p>a<br/>b &amp; c</p>\n"),
            ("<p>a</p><hr><p>b</p>", "<p>a</p>\n<hr/>\n<p>b</p>\n"),
            (
                "<img src=a.png alt='A <b>'>",
                "<p><a href=\"https://e.org/a.png\">A &lt;b&gt;</a></p>\n",
            ),
            ("<p><a href='x|y{z}'>a</a>", "<p><a href=\"https://e.org/x%7Cy%7Bz%7D\">a</a></p>\n"),
            ("<p><a href='#nowhere'>a</a> b", "<p>a b</p>\n"),
        ] {
            assert_eq!(to_xhtml(html), expected, "{html}");
        }
    }
}
