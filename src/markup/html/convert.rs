//! The conversion of the parser's tree to a document. The walk follows the links of the tree and
//! needs no stack.

use dom_query::{Element, NodeData, NodeRef};

use super::{
    element_role::{ElementRole, element_role},
    embed,
    footnotes::FragmentTargets,
    image_url,
    visibility::is_tracking_pixel,
};
use crate::{
    markup::{
        Block, EmbedKind, Emphasis, ListNumbering,
        builder::{ContainerKind, DocumentBuilder, TableKind},
        superscript,
    },
    text::{sanitize, url},
};

/// Walks through `tree` and adds its content to `builder`.
pub(super) fn convert_tree(
    tree: &dom_query::Document,
    references: &FragmentTargets<'_>,
    base: Option<&str>,
    builder: &mut DocumentBuilder,
) {
    let mut walker = HtmlConverter {
        builder,
        fragment_targets: references,
        base_url: base,
        preformatted: None,
        text_transform: None,
    };
    let mut node = tree.root();
    loop {
        let entered = walker.enter_node(&node);
        if let Some(child) = node.first_child().filter(|_| entered) {
            node = child;
            continue;
        }
        if entered {
            walker.leave_node(&node);
        }
        let Some(next) = walker.next_node(node) else { return };
        node = next;
    }
}

struct HtmlConverter<'a> {
    builder: &'a mut DocumentBuilder,
    fragment_targets: &'a FragmentTargets<'a>,
    base_url: Option<&'a str>,
    preformatted: Option<PreformattedBlock>,
    text_transform: Option<fn(&str) -> String>,
}

/// The `<pre>` element around the current node.
#[derive(Default)]
struct PreformattedBlock {
    text: String,
    language: Option<String>,
    /// The number of further `<pre>` elements within it.
    nested: usize,
}

impl HtmlConverter<'_> {
    /// Returns the node after `node` and its content, and leaves the elements that end there.
    fn next_node<'t>(&mut self, mut node: NodeRef<'t>) -> Option<NodeRef<'t>> {
        loop {
            if let Some(next) = node.next_sibling() {
                return Some(next);
            }
            node = node.parent()?;
            self.leave_node(&node);
        }
    }

    /// Enters a node; returns true if its content is to be visited.
    fn enter_node(&mut self, node: &NodeRef<'_>) -> bool {
        let Some(element) = node.element_ref() else {
            node.query(|node| {
                if let NodeData::Text { contents } = &node.data {
                    self.push_text(contents);
                }
            });
            return true;
        };
        let meaning = element_role(&element.name.local);
        if meaning == ElementRole::Ignored {
            return false;
        }
        if let ElementRole::Embed(kind) = meaning {
            self.add_embed(node, &element, kind);
            return false;
        }
        if let Some(name) = self.fragment_targets.anchor_name(&element) {
            self.builder.add_anchor(&name);
        }
        match &mut self.preformatted {
            Some(verbatim) => verbatim.enter_element(&element, meaning),
            None => self.begin_element(node, &element, meaning),
        }
        true
    }

    fn push_text(&mut self, text: &str) {
        match &mut self.preformatted {
            Some(verbatim) => verbatim.text.push_str(text),
            None => match self.text_transform {
                Some(shift) => self.builder.push_collapsed(&shift(text.trim())),
                None => self.builder.push_collapsed(text),
            },
        }
    }

    fn begin_element(&mut self, node: &NodeRef<'_>, element: &Element, meaning: ElementRole) {
        let builder = &mut *self.builder;
        match meaning {
            ElementRole::Ignored | ElementRole::Inline | ElementRole::Embed(_) => {}
            ElementRole::Block => builder.end_paragraph(),
            ElementRole::EmphasizedBlock(style) => {
                builder.end_paragraph();
                builder.begin_emphasis(style);
            }
            ElementRole::Heading(level) => builder.begin_heading(level),
            ElementRole::Caption if is_first_element(node) => {
                builder.end_paragraph();
                builder.begin_emphasis(Emphasis::STRONG);
            }
            ElementRole::Caption => builder.begin_caption(),
            ElementRole::Definition => builder.open_container(ContainerKind::Definition),
            ElementRole::Quote => builder.open_container(ContainerKind::Quote),
            ElementRole::UnorderedList => builder.open_container(ContainerKind::List(None)),
            ElementRole::OrderedList => {
                builder.open_container(ContainerKind::List(Some(list_numbering(element))));
            }
            ElementRole::ListItem => builder.open_container(ContainerKind::ListItem),
            ElementRole::Table => builder.open_container(table_container(element)),
            ElementRole::TableRow => builder.open_container(ContainerKind::TableRow),
            ElementRole::TableCell(kind) => builder.open_container(ContainerKind::TableCell(kind)),
            ElementRole::Preformatted => self.preformatted = Some(PreformattedBlock::default()),
            ElementRole::Rule => builder.add_block(Block::Rule),
            ElementRole::LineBreak => builder.push_line_break(),
            ElementRole::Image => self.add_image(element),
            ElementRole::Link => {
                let href = element.attr("href");
                builder.begin_link(
                    href.and_then(|href| self.fragment_targets.resolve_link(&href, self.base_url)),
                );
            }
            ElementRole::Superscript => self.text_transform = Some(superscript::to_superscript),
            ElementRole::Subscript => self.text_transform = Some(superscript::to_subscript),
            ElementRole::Emphasis(style) => builder.begin_emphasis(style),
            ElementRole::InlineQuote => builder.push_collapsed("“"),
            ElementRole::RubyText => builder.push_collapsed("("),
        }
    }

    /// Leaves a node that was entered.
    fn leave_node(&mut self, node: &NodeRef<'_>) {
        let Some(element) = node.element_ref() else { return };
        let meaning = element_role(&element.name.local);
        if let Some(verbatim) = self.preformatted.take() {
            self.preformatted = self.leave_preformatted(verbatim, meaning);
            return;
        }
        let builder = &mut *self.builder;
        match meaning {
            ElementRole::Block => builder.end_paragraph(),
            ElementRole::EmphasizedBlock(_) => {
                builder.end_paragraph();
                builder.end_emphasis();
            }
            ElementRole::Heading(_) => builder.end_heading(),
            ElementRole::Caption if is_first_element(node) => {
                builder.end_paragraph();
                builder.end_emphasis();
            }
            ElementRole::Caption => builder.end_caption(),
            ElementRole::Definition => builder.close_container(),
            ElementRole::Superscript | ElementRole::Subscript => self.text_transform = None,
            ElementRole::Quote
            | ElementRole::UnorderedList
            | ElementRole::OrderedList
            | ElementRole::ListItem => builder.close_container(),
            ElementRole::Table | ElementRole::TableRow | ElementRole::TableCell(_) => {
                builder.close_container();
            }
            ElementRole::Link => builder.end_link(),
            ElementRole::Emphasis(_) => builder.end_emphasis(),
            ElementRole::InlineQuote => builder.push_collapsed("”"),
            ElementRole::RubyText => builder.push_collapsed(")"),
            _ => {}
        }
    }

    fn leave_preformatted(
        &mut self,
        mut verbatim: PreformattedBlock,
        meaning: ElementRole,
    ) -> Option<PreformattedBlock> {
        if meaning != ElementRole::Preformatted || verbatim.nested > 0 {
            verbatim.nested -= usize::from(meaning == ElementRole::Preformatted);
            return Some(verbatim);
        }
        let text = sanitize::to_block(verbatim.text.trim_end()).into_owned();
        if !text.trim().is_empty() {
            self.builder.add_block(Block::Code { language: verbatim.language, text });
        }
        None
    }

    fn add_image(&mut self, element: &Element) {
        if is_tracking_pixel(element) {
            return;
        }
        let alt = element.attr("alt").unwrap_or_default();
        if image_url::is_inline_image(element) {
            return self.builder.push_collapsed(&alt);
        }
        let url =
            image_url::image_source(element).and_then(|src| url::resolve(&src, self.base_url));
        self.builder.add_image(&alt, url.as_deref(), image_url::image_size(element));
    }

    fn add_embed(&mut self, node: &NodeRef<'_>, element: &Element, kind: EmbedKind) {
        if let Some(found) = embed::read_embed(node, element, kind, self.base_url) {
            self.builder.add_embed(found.kind, &found.title, &found.url);
        }
    }
}

impl PreformattedBlock {
    fn enter_element(&mut self, element: &Element, meaning: ElementRole) {
        match meaning {
            ElementRole::Preformatted => self.nested += 1,
            ElementRole::LineBreak => self.text.push('\n'),
            ElementRole::Emphasis(Emphasis::CODE) => {
                let class = element.attr("class").unwrap_or_default();
                let language =
                    class.split_whitespace().find_map(|class| class.strip_prefix("language-"));
                self.language = language.map(|name| sanitize::to_line(name).into_owned());
            }
            _ => {}
        }
    }
}

/// Returns the container of a table; its role may declare that it is only for layout.
fn table_container(element: &Element) -> ContainerKind {
    match element.attr("role").as_deref() {
        Some("presentation" | "none") => ContainerKind::Group,
        _ => ContainerKind::Table(TableKind::Unknown),
    }
}

/// Returns the numbering of a list. A reversed list without a start ends at 1.
fn list_numbering(element: &Element) -> ListNumbering {
    let first = element.attr("start").and_then(|start| start.trim().parse().ok());
    let down = element.has_attr("reversed");
    ListNumbering { first: first.unwrap_or(if down { i64::MIN } else { 1 }), descending: down }
}

/// Returns true if a node is the first element in its parent.
fn is_first_element(node: &NodeRef<'_>) -> bool {
    let mut before = node.prev_sibling();
    while let Some(node) = before {
        if node.is_element() {
            return false;
        }
        before = node.prev_sibling();
    }
    true
}
