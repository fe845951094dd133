//! A limit on the depth of open elements, counted in linear time before the HTML parser runs.
//! [`super::bounded_tree`] limits what the parser then makes of them.
//!
//! For every tag, the parser searches its stack of open elements, so depth costs it quadratic time:
//! 8,000 nested `<div>` take a minute. The count follows the parser's rules for the ends of
//! elements; where it differs, it is higher than the real depth.

use super::tag_scanner::HtmlTag;

/// Maximum number of open elements that reach the parser.
pub(super) const MAX_DEPTH: usize = 256;

/// Maximum number of comparisons of formatting elements: the parser compares the attributes of each
/// with those of all that are open (HTML standard §13.2.4.3, "Noah's Ark"), in up to 0.2 µs.
const MAX_COMPARISONS: usize = 1 << 22;

/// The open elements at one point of a text, by their [`pack_name`] names.
#[derive(Debug, Default)]
pub(super) struct DepthLimiter {
    open_elements: Vec<u64>,
    /// The number of formatting elements among them.
    formatting_count: usize,
    /// The comparisons of formatting elements that the parser makes, at most.
    comparisons: usize,
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

/// Blocks that their end tags close, with everything in them. The end tags of other blocks act like
/// those of inline elements.
const CLOSABLE_BLOCKS: [u64; 39] = [
    TABLE,
    CELL,
    HEADING,
    pack_name("address"),
    pack_name("applet"),
    pack_name("article"),
    pack_name("aside"),
    pack_name("blockquote"),
    pack_name("body"),
    pack_name("button"),
    pack_name("caption"),
    pack_name("center"),
    pack_name("dd"),
    pack_name("details"),
    pack_name("dialog"),
    pack_name("dir"),
    pack_name("div"),
    pack_name("dl"),
    pack_name("dt"),
    pack_name("fieldset"),
    pack_name("figcaption"),
    pack_name("figure"),
    pack_name("footer"),
    pack_name("form"),
    pack_name("header"),
    pack_name("hgroup"),
    pack_name("li"),
    pack_name("listing"),
    pack_name("main"),
    pack_name("marquee"),
    pack_name("menu"),
    pack_name("nav"),
    pack_name("object"),
    pack_name("ol"),
    pack_name("pre"),
    pack_name("search"),
    pack_name("section"),
    pack_name("summary"),
    pack_name("ul"),
];

/// Blocks that have no end tag of that kind.
const OTHER_BLOCKS: [u64; 7] = [
    pack_name("colgroup"),
    pack_name("iframe"),
    pack_name("noembed"),
    pack_name("noframes"),
    pack_name("noscript"),
    pack_name("select"),
    pack_name("xmp"),
];

impl DepthLimiter {
    /// Counts a tag; returns true if at most `deepest` elements are open then, and the parser did
    /// not have to compare too many of them.
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
        self.open_elements.len() <= deepest && self.comparisons <= MAX_COMPARISONS
    }

    fn open_element(&mut self, name: u64) {
        let scope = self.scope_start();
        if let Some(at) =
            self.open_elements[scope..].iter().position(|other| name == LINK && *other == LINK)
        {
            self.open_elements.remove(scope + at);
            self.formatting_count -= 1;
        }
        if FORMATTING_ELEMENTS.contains(&name) {
            self.comparisons += self.formatting_count;
            self.formatting_count += 1;
        }
        self.open_elements.push(name);
    }

    /// Closes the element that an end tag names. The end tag of a formatting element leaves the
    /// blocks within it open, and that of any other inline element does not reach through a block
    /// (HTML standard §13.2.6.4.7).
    fn close_element(&mut self, name: u64) {
        let scope = self.scope_start();
        let is_formatting = FORMATTING_ELEMENTS.contains(&name);
        let is_inline = !is_formatting && !CLOSABLE_BLOCKS.contains(&name);
        let mut inner = self.open_elements[scope..].iter().rev();
        let found = inner.position(|other| *other == name || (is_inline && is_block(*other)));
        let Some(at) = found.map(|distance| self.open_elements.len() - 1 - distance) else {
            return;
        };
        if self.open_elements[at] != name {
            return;
        }
        if is_formatting {
            self.open_elements.remove(at);
            self.formatting_count -= 1;
        } else {
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
            self.count_formatting();
        }
    }

    fn count_formatting(&mut self) {
        let is_formatting = |name: &&u64| FORMATTING_ELEMENTS.contains(name);
        self.formatting_count = self.open_elements.iter().filter(is_formatting).count();
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
        self.count_formatting();
    }

    fn scope_start(&self) -> usize {
        self.open_elements
            .iter()
            .rposition(|name| SCOPE_BOUNDARIES.contains(name))
            .map_or(0, |at| at + 1)
    }
}

/// Returns true for the elements that the standard calls "special" (§13.2.4.2), without those that
/// never nest.
fn is_block(name: u64) -> bool {
    CLOSABLE_BLOCKS.contains(&name) || OTHER_BLOCKS.contains(&name)
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
