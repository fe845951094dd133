//! From the parser's tree to a document. The walk goes by the tree's own links and needs no stack.

use dom_query::{Element, NodeData, NodeRef};

use super::{
    embed, picture,
    references::References,
    tag::{Meaning, meaning},
};
use crate::{
    markup::{
        Block, Embedded, Emphasis, Numbers,
        build::{Builder, Container, TableKind},
        shift,
    },
    text::{address, clean},
};

/// Walks through `tree`, adding what counts to `builder`.
pub(super) fn walk(
    tree: &dom_query::Document,
    references: &References<'_>,
    base: Option<&str>,
    builder: &mut Builder,
) {
    let mut walker = Walker { builder, references, base, verbatim: None, shift: None };
    let mut node = tree.root();
    loop {
        let entered = walker.enter(&node);
        if let Some(child) = node.first_child().filter(|_| entered) {
            node = child;
            continue;
        }
        if entered {
            walker.leave(&node);
        }
        let Some(next) = walker.next(node) else { return };
        node = next;
    }
}

struct Walker<'a> {
    builder: &'a mut Builder,
    references: &'a References<'a>,
    base: Option<&'a str>,
    verbatim: Option<Verbatim>,
    shift: Option<fn(&str) -> String>,
}

/// The `<pre>` we are in.
#[derive(Default)]
struct Verbatim {
    text: String,
    language: Option<String>,
    /// Further ones within it.
    within: usize,
}

impl Walker<'_> {
    /// The node after `node` and all that is in it; leaves what ends with it.
    fn next<'t>(&mut self, mut node: NodeRef<'t>) -> Option<NodeRef<'t>> {
        loop {
            if let Some(next) = node.next_sibling() {
                return Some(next);
            }
            node = node.parent()?;
            self.leave(&node);
        }
    }

    /// Begins a node; whether to go on with what is in it.
    fn enter(&mut self, node: &NodeRef<'_>) -> bool {
        let Some(element) = node.element_ref() else {
            node.query(|node| {
                if let NodeData::Text { contents } = &node.data {
                    self.text(contents);
                }
            });
            return true;
        };
        let meaning = meaning(&element.name.local);
        if meaning == Meaning::Nothing || is_hidden(&element) {
            return false;
        }
        if let Meaning::Embed(kind) = meaning {
            self.embed(node, &element, kind);
            return false;
        }
        if let Some(name) = self.references.place(&element) {
            self.builder.anchor(&name);
        }
        match &mut self.verbatim {
            Some(verbatim) => verbatim.enter(&element, meaning),
            None => self.begin(node, &element, meaning),
        }
        true
    }

    fn text(&mut self, text: &str) {
        match &mut self.verbatim {
            Some(verbatim) => verbatim.text.push_str(text),
            None => match self.shift {
                Some(shift) => self.builder.collapsed(&shift(text.trim())),
                None => self.builder.collapsed(text),
            },
        }
    }

    fn begin(&mut self, node: &NodeRef<'_>, element: &Element, meaning: Meaning) {
        let builder = &mut *self.builder;
        match meaning {
            Meaning::Nothing | Meaning::Inline | Meaning::Embed(_) => {}
            Meaning::Block => builder.end_paragraph(),
            Meaning::StressedBlock(style) => {
                builder.end_paragraph();
                builder.stress(style);
            }
            Meaning::Heading(level) => builder.begin_heading(level),
            Meaning::Caption if is_first(node) => {
                builder.end_paragraph();
                builder.stress(Emphasis::STRONG);
            }
            Meaning::Caption => builder.begin_caption(),
            Meaning::Definition => builder.open(Container::Definition),
            Meaning::Quote => builder.open(Container::Quote),
            Meaning::Bullets => builder.open(Container::List(None)),
            Meaning::Numbers => builder.open(Container::List(Some(numbers(element)))),
            Meaning::Item => builder.open(Container::Item),
            Meaning::Table => builder.open(table(element)),
            Meaning::Row => builder.open(Container::Row),
            Meaning::Cell(kind) => builder.open(Container::Cell(kind)),
            Meaning::Verbatim => self.verbatim = Some(Verbatim::default()),
            Meaning::Rule => builder.block(Block::Rule),
            Meaning::Break => builder.line_break(),
            Meaning::Image => self.image(element),
            Meaning::Link => {
                let href = element.attr("href");
                builder.link(href.and_then(|href| self.references.leads(&href, self.base)));
            }
            Meaning::Raised => self.shift = Some(shift::raised),
            Meaning::Lowered => self.shift = Some(shift::lowered),
            Meaning::Stress(style) => builder.stress(style),
            Meaning::Quotation => builder.collapsed("“"),
            Meaning::Reading => builder.collapsed("("),
        }
    }

    /// Ends a node that was entered.
    fn leave(&mut self, node: &NodeRef<'_>) {
        let Some(element) = node.element_ref() else { return };
        let meaning = meaning(&element.name.local);
        if let Some(verbatim) = self.verbatim.take() {
            self.verbatim = self.leave_verbatim(verbatim, meaning);
            return;
        }
        let builder = &mut *self.builder;
        match meaning {
            Meaning::Block => builder.end_paragraph(),
            Meaning::StressedBlock(_) => {
                builder.end_paragraph();
                builder.unstress();
            }
            Meaning::Heading(_) => builder.end_heading(),
            Meaning::Caption if is_first(node) => {
                builder.end_paragraph();
                builder.unstress();
            }
            Meaning::Caption => builder.end_caption(),
            Meaning::Definition => builder.close(),
            Meaning::Raised | Meaning::Lowered => self.shift = None,
            Meaning::Quote | Meaning::Bullets | Meaning::Numbers | Meaning::Item => builder.close(),
            Meaning::Table | Meaning::Row | Meaning::Cell(_) => builder.close(),
            Meaning::Link => builder.unlink(),
            Meaning::Stress(_) => builder.unstress(),
            Meaning::Quotation => builder.collapsed("”"),
            Meaning::Reading => builder.collapsed(")"),
            _ => {}
        }
    }

    fn leave_verbatim(&mut self, mut verbatim: Verbatim, meaning: Meaning) -> Option<Verbatim> {
        if meaning != Meaning::Verbatim || verbatim.within > 0 {
            verbatim.within -= usize::from(meaning == Meaning::Verbatim);
            return Some(verbatim);
        }
        let text = clean::block(verbatim.text.trim_end()).into_owned();
        if !text.trim().is_empty() {
            self.builder.block(Block::Code { language: verbatim.language, text });
        }
        None
    }

    fn image(&mut self, element: &Element) {
        if is_speck(element) {
            return;
        }
        let alt = element.attr("alt").unwrap_or_default();
        if picture::is_small(element) {
            return self.builder.collapsed(&alt);
        }
        let address = picture::source(element).and_then(|src| address::resolve(&src, self.base));
        self.builder.image(&alt, address.as_deref(), picture::size(element));
    }

    fn embed(&mut self, node: &NodeRef<'_>, element: &Element, kind: Embedded) {
        if let Some(found) = embed::embedded(node, element, kind, self.base) {
            self.builder.embed(found.kind, &found.title, &found.address);
        }
    }
}

impl Verbatim {
    fn enter(&mut self, element: &Element, meaning: Meaning) {
        match meaning {
            Meaning::Verbatim => self.within += 1,
            Meaning::Break => self.text.push('\n'),
            Meaning::Stress(Emphasis::CODE) => {
                let class = element.attr("class").unwrap_or_default();
                let language = class.split_whitespace().find_map(|class| class.strip_prefix("language-"));
                self.language = language.map(|name| clean::line(name).into_owned());
            }
            _ => {}
        }
    }
}

/// Whether a page says that an element is not to be seen.
pub(super) fn is_hidden(element: &Element) -> bool {
    let style = || element.attr("style").unwrap_or_default();
    let gone = |style: &str| {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        style.to_ascii_lowercase().contains("display:none")
    };
    !element.attrs.is_empty() && (element.has_attr("hidden") || gone(&style()))
}

/// Whether an element is a point: such pictures and frames are there to count readers.
pub(super) fn is_speck(element: &Element) -> bool {
    ["width", "height"].iter().any(|name| matches!(picture::pixels(element, name), Some(0 | 1)))
}

/// A page may say that a table is there for its looks.
fn table(element: &Element) -> Container {
    match element.attr("role").as_deref() {
        Some("presentation" | "none") => Container::Group,
        _ => Container::Table(TableKind::Unknown),
    }
}

/// How the items of a list are counted; one that counts down ends at 1 if it does not say where it begins.
fn numbers(element: &Element) -> Numbers {
    let first = element.attr("start").and_then(|start| start.trim().parse().ok());
    let down = element.has_attr("reversed");
    Numbers { first: first.unwrap_or(if down { i64::MIN } else { 1 }), down }
}

/// Whether a node is the first element in its parent.
fn is_first(node: &NodeRef<'_>) -> bool {
    let mut before = node.prev_sibling();
    while let Some(node) = before {
        if node.is_element() {
            return false;
        }
        before = node.prev_sibling();
    }
    true
}
