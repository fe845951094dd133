//! A limit on the depth of open elements, counted in linear time before the HTML parser runs.
//!
//! For every tag, the parser searches its stack of open elements, so depth costs it quadratic time:
//! 8,000 nested `<div>` take a minute. The count follows the parser's rules for the ends of
//! elements; where it differs, it is higher than the real depth.

use super::tokenizer::HtmlTag;

/// Maximum number of open elements that reach the parser.
pub(super) const MAX_DEPTH: usize = 256;

/// The open elements at one point of a text, by their [`pack_name`] names.
#[derive(Debug, Default)]
pub(super) struct DepthLimiter {
    open_elements: Vec<u64>,
}

const TABLE: u64 = pack_name("table");
const CELL: u64 = pack_name("td");
const HEADING: u64 = pack_name("h1");
const LINK: u64 = pack_name("a");

/// Elements that an end tag does not reach through.
const SCOPE_BOUNDARIES: [u64; 6] = [
    TABLE,
    CELL,
    pack_name("caption"),
    pack_name("object"),
    pack_name("marquee"),
    pack_name("applet"),
];

/// Formatting elements, which survive the end of the element around them.
const FORMATTING_ELEMENTS: [u64; 14] = [
    LINK,
    pack_name("b"),
    pack_name("big"),
    pack_name("code"),
    pack_name("em"),
    pack_name("font"),
    pack_name("i"),
    pack_name("nobr"),
    pack_name("s"),
    pack_name("small"),
    pack_name("strike"),
    pack_name("strong"),
    pack_name("tt"),
    pack_name("u"),
];

impl DepthLimiter {
    /// Counts a tag; returns true if at most `deepest` elements are open then.
    pub(super) fn accept_tag(&mut self, tag: &HtmlTag<'_>, deepest: usize) -> bool {
        match (tag.name, tag.closing) {
            ("td" | "th", false) => {
                self.close_cell();
                if self.open_elements.contains(&TABLE) {
                    self.open_elements.push(CELL);
                }
            }
            ("td" | "th" | "tr" | "thead" | "tbody" | "tfoot", _) => self.close_cell(),
            ("table", true) => self.close_table(),
            (name, true) => self.close_element(element_key(name)),
            (name, false) if never_nests(name) => {}
            (name, false) => self.open_element(element_key(name)),
        }
        self.open_elements.len() <= deepest
    }

    fn open_element(&mut self, name: u64) {
        let scope = self.scope_start();
        if let Some(at) =
            self.open_elements[scope..].iter().position(|other| name == LINK && *other == LINK)
        {
            self.open_elements.remove(scope + at);
        }
        self.open_elements.push(name);
    }

    fn close_element(&mut self, name: u64) {
        let scope = self.scope_start();
        let at = match self.open_elements.last() {
            Some(last) if *last == name => Some(self.open_elements.len() - 1),
            _ => self.open_elements[scope..]
                .iter()
                .rposition(|other| *other == name)
                .map(|at| scope + at),
        };
        if let Some(at) = at {
            self.close_at(at);
        }
    }

    fn close_cell(&mut self) {
        let table = self
            .open_elements
            .iter()
            .rposition(|name| *name == TABLE)
            .unwrap_or(self.open_elements.len());
        if let Some(at) = self.open_elements[table..].iter().position(|name| *name == CELL) {
            self.open_elements.truncate(table + at);
        }
    }

    fn close_table(&mut self) {
        self.close_cell();
        if let Some(at) = self.open_elements.iter().rposition(|name| *name == TABLE) {
            self.close_at(at);
        }
    }

    /// Closes the element at `at`; formatting elements within it survive.
    fn close_at(&mut self, at: usize) {
        let mut index = 0;
        self.open_elements.retain(|name| {
            index += 1;
            index <= at || (index > at + 1 && FORMATTING_ELEMENTS.contains(name))
        });
    }

    fn scope_start(&self) -> usize {
        self.open_elements
            .iter()
            .rposition(|name| SCOPE_BOUNDARIES.contains(name))
            .map_or(0, |at| at + 1)
    }
}

/// Returns true for elements without content, and for those that the next of their kind ends.
fn never_nests(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "image"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "p"
            | "li"
            | "dt"
            | "dd"
            | "option"
            | "html"
            | "head"
            | "body"
            | "title"
    )
}

fn element_key(name: &str) -> u64 {
    match name {
        "h2" | "h3" | "h4" | "h5" | "h6" => HEADING,
        name => pack_name(name),
    }
}

/// Packs the first eight letters of a name into a number, in lower case.
pub(super) const fn pack_name(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let (mut number, mut at) = (0, 0);
    while at < bytes.len() && at < 8 {
        number = number << 8 | bytes[at].to_ascii_lowercase() as u64;
        at += 1;
    }
    number
}
