//! From the parser's tree to a document. The walk goes by the tree's own links and needs no stack.

use dom_query::{Element, NodeData, NodeRef};

use super::tag::{Meaning, meaning};
use crate::{
    markup::{
        Block, Emphasis,
        build::{Builder, Container, TableKind},
    },
    text::{address, clean},
};

/// Pictures up to this size stand within the text, like letters; in CSS pixels.
const SMALL: u32 = 32;

/// Walks through `tree`, adding what counts to `builder`.
pub(super) fn walk(tree: &dom_query::Document, base: Option<&str>, builder: &mut Builder) {
    let mut walker = Walker { builder, base, verbatim: None };
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
    base: Option<&'a str>,
    verbatim: Option<Verbatim>,
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
        match &mut self.verbatim {
            Some(verbatim) => verbatim.enter(&element, meaning),
            None => self.begin(&element, meaning),
        }
        true
    }

    fn text(&mut self, text: &str) {
        match &mut self.verbatim {
            Some(verbatim) => verbatim.text.push_str(text),
            None => self.builder.collapsed(text),
        }
    }

    fn begin(&mut self, element: &Element, meaning: Meaning) {
        let builder = &mut *self.builder;
        match meaning {
            Meaning::Nothing | Meaning::Inline => {}
            Meaning::Block => builder.end_paragraph(),
            Meaning::StressedBlock(style) => {
                builder.end_paragraph();
                builder.stress(style);
            }
            Meaning::Heading(level) => builder.begin_heading(level),
            Meaning::Quote => builder.open(Container::Quote),
            Meaning::Bullets => builder.open(Container::List(None)),
            Meaning::Numbers => builder.open(Container::List(Some(first_number(element)))),
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
                builder.link(href.and_then(|href| address::resolve(&href, self.base)));
            }
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
        let size = [pixels(element, "width"), pixels(element, "height")];
        if size.contains(&Some(0)) || size.contains(&Some(1)) {
            return;
        }
        let alt = element.attr("alt").unwrap_or_default();
        if size.into_iter().flatten().any(|pixels| pixels <= SMALL) {
            return self.builder.collapsed(&alt);
        }
        let address = element.attr("src").and_then(|src| address::resolve(&src, self.base));
        self.builder.image(&alt, address.as_deref());
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

fn is_hidden(element: &Element) -> bool {
    let style = || element.attr("style").unwrap_or_default();
    let gone = |style: &str| {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        style.to_ascii_lowercase().contains("display:none")
    };
    !element.attrs.is_empty() && (element.has_attr("hidden") || gone(&style()))
}

/// A page may say that a table is there for its looks.
fn table(element: &Element) -> Container {
    match element.attr("role").as_deref() {
        Some("presentation" | "none") => Container::Group,
        _ => Container::Table(TableKind::Unknown),
    }
}

fn first_number(element: &Element) -> u64 {
    element.attr("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1)
}

fn pixels(element: &Element, name: &str) -> Option<u32> {
    element.attr(name)?.trim().trim_end_matches("px").parse().ok()
}
