//! The stack of open elements, as far as the ends of some of them matter.
//!
//! It follows the rules of the HTML standard (§13.2.6) for implied ends, without a tree.

use super::{depth_limit::pack_name, tag_scanner::HtmlTag};

/// Maximum number of open elements; deeper ones are taken for empty.
const MAX_OPEN_ELEMENTS: usize = 256;

/// The reason for which an element may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OmissionReason {
    /// The page hides it.
    Hidden,
    /// The page hides it from screen readers only.
    HiddenFromSpeech,
    /// It has nothing for a reader.
    Surroundings,
    /// Its content is for programs that cannot play it.
    Player,
}

/// The open elements at one point of a text.
#[derive(Debug, Default)]
pub(super) struct OpenElements {
    stack: Vec<OpenElement>,
    /// Starts and ends of the elements with a reason that ended last.
    closed: Vec<(usize, Option<usize>)>,
}

#[derive(Debug, Clone, Copy)]
struct OpenElement {
    name: u64,
    start: usize,
    reason: Option<OmissionReason>,
    /// True for the elements that end tags of ordinary ones do not reach through.
    is_special: bool,
    /// True for the elements that are opened again around what follows.
    is_formatting: bool,
}

const P: u64 = pack_name("p");
const LIST_ITEM: u64 = pack_name("li");
const TABLE: u64 = pack_name("table");
const ROW: u64 = pack_name("tr");

/// Cells and captions, whose ends the end tags within them do not reach.
const CELLS: [u64; 3] = [pack_name("td"), pack_name("th"), pack_name("caption")];
const SECTIONS: [u64; 3] = [pack_name("thead"), pack_name("tbody"), pack_name("tfoot")];
const LISTS: [u64; 4] = [pack_name("ul"), pack_name("ol"), pack_name("menu"), pack_name("dir")];
const TERMS: [u64; 2] = [pack_name("dt"), pack_name("dd")];
const RUBY_PARTS: [u64; 4] = [pack_name("rb"), pack_name("rt"), pack_name("rp"), pack_name("rtc")];

impl OpenElements {
    /// Opens the element that begins with `tag`, and closes those that end before it.
    pub(super) fn open_element(&mut self, tag: &HtmlTag<'_>, reason: Option<OmissionReason>) {
        let name = element_key(tag.name);
        self.close_implied(tag.name, name, tag.start);
        if is_void(tag.name) {
            self.closed.extend(reason.map(|_| (tag.start, Some(tag.end))));
        } else if self.stack.len() < MAX_OPEN_ELEMENTS {
            self.stack.push(OpenElement {
                name,
                start: tag.start,
                reason,
                is_special: is_special(tag.name, name),
                is_formatting: is_formatting(tag.name),
            });
        }
    }

    /// Closes the innermost element with the name of an end tag, and those within it; ignores an
    /// end tag that has no such element in its scope.
    pub(super) fn close_element(&mut self, tag: &HtmlTag<'_>) {
        let name = element_key(tag.name);
        let is_table_part = CELLS.contains(&name) || SECTIONS.contains(&name) || name == ROW;
        let is_ordinary = !is_special(tag.name, name) && !is_formatting(tag.name);
        let ends_scope = |other: &OpenElement| match name {
            TABLE => false,
            _ if is_table_part => other.name == TABLE,
            _ if is_ordinary && other.is_special => true,
            LIST_ITEM if LISTS.contains(&other.name) => true,
            _ => other.name == TABLE || CELLS.contains(&other.name),
        };
        let innermost = self.stack.iter().rposition(|open| open.name == name);
        let scope = self.stack.iter().rposition(|open| open.name != name && ends_scope(open));
        let Some(index) = innermost.filter(|index| scope.is_none_or(|scope| scope < *index)) else {
            return;
        };
        let has_block = self.stack[index + 1..].iter().any(|open| open.is_special);
        if has_block && is_formatting(tag.name) {
            self.close_around_blocks(index, tag);
        } else {
            self.close_from(index + 1, tag.start, false);
            self.close_from(index, tag.end, true);
        }
    }

    /// Closes the formatting element at `index`, and the ordinary elements within it. Blocks and other
    /// formatting elements stay open (§13.2.6.4.7, the adoption agency).
    fn close_around_blocks(&mut self, index: usize, tag: &HtmlTag<'_>) {
        let inner = self.stack.split_off(index + 1);
        self.close_from(index, tag.end, true);
        let (open, closed): (Vec<_>, Vec<_>) =
            inner.into_iter().partition(|open| open.is_special || open.is_formatting);
        self.stack.extend(closed);
        self.close_from(index, tag.start, false);
        self.stack.extend(open);
    }

    /// Closes all elements at the end of the text.
    pub(super) fn close_all(&mut self, end: usize) {
        self.close_from(0, end, false);
    }

    /// Takes the start of each element that ended, and its end if it has one.
    pub(super) fn take_closed(&mut self) -> impl Iterator<Item = (usize, Option<usize>)> {
        self.closed.drain(..)
    }

    /// Closes the elements that end where an element begins.
    fn close_implied(&mut self, written: &str, name: u64, at: usize) {
        if is_block(written) {
            self.close_innermost(&[P], &[&CELLS, &[TABLE, pack_name("button")]], at);
        }
        if name == LIST_ITEM {
            self.close_innermost(&[name], &[&LISTS, &CELLS, &[TABLE]], at);
        } else if TERMS.contains(&name) {
            self.close_innermost(&TERMS, &[&CELLS, &[pack_name("dl"), TABLE]], at);
        } else if RUBY_PARTS.contains(&name) {
            self.close_innermost(&RUBY_PARTS[..3], &[&[pack_name("ruby"), pack_name("rtc")]], at);
        } else if CELLS.contains(&name) {
            self.close_innermost(&CELLS, &[&[ROW, TABLE]], at);
        } else if name == ROW {
            self.close_innermost(&[ROW], &[&[TABLE]], at);
        } else if SECTIONS.contains(&name) {
            self.close_innermost(&SECTIONS, &[&[TABLE]], at);
        }
    }

    /// Closes the innermost element with one of `names`, unless one of `boundaries` is within it.
    fn close_innermost(&mut self, names: &[u64], boundaries: &[&[u64]], at: usize) {
        let is_boundary =
            |open: &OpenElement| boundaries.iter().any(|all| all.contains(&open.name));
        let innermost = self.stack.iter().rposition(|open| names.contains(&open.name));
        let boundary = self.stack.iter().rposition(is_boundary);
        if let Some(index) = innermost.filter(|index| boundary.is_none_or(|other| other < *index)) {
            self.close_from(index, at, false);
        }
    }

    /// Closes the elements from `index` on. Only a hidden element needs no end tag of its own.
    fn close_from(&mut self, index: usize, end: usize, by_end_tag: bool) {
        for open in self.stack.drain(index.min(self.stack.len())..) {
            let Some(reason) = open.reason else { continue };
            let has_end = by_end_tag || reason == OmissionReason::Hidden;
            self.closed.push((open.start, has_end.then_some(end)));
        }
    }
}

fn element_key(name: &str) -> u64 {
    match name.as_bytes() {
        [b'h' | b'H', b'1'..=b'6'] => pack_name("h1"),
        _ => pack_name(name),
    }
}

/// Returns true for elements without content.
fn is_void(name: &str) -> bool {
    const VOID_ELEMENTS: [&str; 18] = [
        "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
        "keygen", "link", "meta", "param", "source", "track", "wbr",
    ];
    VOID_ELEMENTS.iter().any(|void| void.eq_ignore_ascii_case(name))
}

/// Returns true for the special elements of the HTML standard (§13.2.4.2) that can be open.
fn is_special(written: &str, name: u64) -> bool {
    const OTHERS: [&str; 5] = ["button", "object", "applet", "marquee", "tr"];
    is_block(written)
        || CELLS.contains(&name)
        || SECTIONS.contains(&name)
        || OTHERS.iter().any(|other| other.eq_ignore_ascii_case(written))
}

/// Returns true for elements whose end tags close them through any other.
fn is_formatting(name: &str) -> bool {
    const FORMATTING: [&str; 14] = [
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt",
        "u",
    ];
    FORMATTING.iter().any(|other| other.eq_ignore_ascii_case(name))
}

/// Returns true for elements that end a paragraph.
fn is_block(name: &str) -> bool {
    const BLOCKS: [&str; 39] = [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "li",
        "listing",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "ul",
    ];
    BLOCKS.iter().any(|block| block.eq_ignore_ascii_case(name))
}
