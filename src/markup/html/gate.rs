//! How deep elements nest, as the HTML parser will see it; a linear count in front of it.
//!
//! The parser searches its stack of open elements for every tag, so that depth costs it quadratic time: 8,000 nested
//! `<div>` take a minute. The count follows its rules where they end elements and errs towards too deep.

use super::tag::TagText;

/// Elements open at the same time at the most, for the parser.
pub(super) const MAX_OPEN: usize = 256;

/// The elements open at one point of a text, by [`packed`] name.
#[derive(Debug, Default)]
pub(super) struct Gate {
    open: Vec<u64>,
}

const TABLE: u64 = packed("table");
const CELL: u64 = packed("td");
const HEADING: u64 = packed("h1");
const LINK: u64 = packed("a");

/// Elements that an end tag does not reach through.
const SCOPES: [u64; 6] =
    [TABLE, CELL, packed("caption"), packed("object"), packed("marquee"), packed("applet")];

/// Elements that live on when the one around them ends.
const FORMATTING: [u64; 14] = [
    LINK,
    packed("b"),
    packed("big"),
    packed("code"),
    packed("em"),
    packed("font"),
    packed("i"),
    packed("nobr"),
    packed("s"),
    packed("small"),
    packed("strike"),
    packed("strong"),
    packed("tt"),
    packed("u"),
];

impl Gate {
    /// Follows one more tag; whether no more than `deepest` elements are open then.
    pub(super) fn lets_through(&mut self, tag: &TagText<'_>, deepest: usize) -> bool {
        match (tag.name, tag.closing) {
            ("td" | "th", false) => {
                self.end_cell();
                if self.open.contains(&TABLE) {
                    self.open.push(CELL);
                }
            }
            ("td" | "th" | "tr" | "thead" | "tbody" | "tfoot", _) => self.end_cell(),
            ("table", true) => self.end_table(),
            (name, true) => self.end(identity(name)),
            (name, false) if never_nests(name) => {}
            (name, false) => self.begin(identity(name)),
        }
        self.open.len() <= deepest
    }

    fn begin(&mut self, name: u64) {
        let scope = self.scope();
        if let Some(at) = self.open[scope..].iter().position(|other| name == LINK && *other == LINK) {
            self.open.remove(scope + at);
        }
        self.open.push(name);
    }

    fn end(&mut self, name: u64) {
        let scope = self.scope();
        let at = match self.open.last() {
            Some(last) if *last == name => Some(self.open.len() - 1),
            _ => self.open[scope..].iter().rposition(|other| *other == name).map(|at| scope + at),
        };
        if let Some(at) = at {
            self.close(at);
        }
    }

    fn end_cell(&mut self) {
        let table = self.open.iter().rposition(|name| *name == TABLE).unwrap_or(self.open.len());
        if let Some(at) = self.open[table..].iter().position(|name| *name == CELL) {
            self.open.truncate(table + at);
        }
    }

    fn end_table(&mut self) {
        self.end_cell();
        if let Some(at) = self.open.iter().rposition(|name| *name == TABLE) {
            self.close(at);
        }
    }

    /// Ends the element at `at`; formatting elements within it live on.
    fn close(&mut self, at: usize) {
        let mut index = 0;
        self.open.retain(|name| {
            index += 1;
            index <= at || (index > at + 1 && FORMATTING.contains(name))
        });
    }

    fn scope(&self) -> usize {
        self.open.iter().rposition(|name| SCOPES.contains(name)).map_or(0, |at| at + 1)
    }
}

/// Elements that hold nothing, or that the next of their kind ends.
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

fn identity(name: &str) -> u64 {
    match name {
        "h2" | "h3" | "h4" | "h5" | "h6" => HEADING,
        name => packed(name),
    }
}

/// The first eight letters of a name, as a number.
const fn packed(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let (mut number, mut at) = (0, 0);
    while at < bytes.len() && at < 8 {
        number = number << 8 | bytes[at] as u64;
        at += 1;
    }
    number
}
