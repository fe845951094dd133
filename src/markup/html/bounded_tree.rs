//! The tree of a text, with limits on what the parser makes of it.
//!
//! A short text can make a huge tree: formatting elements that are not closed are opened again in
//! every later block, and the adoption agency copies them (HTML standard §13.2.4.3 and §13.2.6.4.7).
//! Other texts leave so many elements open that each further tag searches a long stack. So the
//! parser gets the text in small pieces, and stops as soon as it has made too many elements or taken
//! too many steps. Start with [`parse_tree`].

use std::{
    borrow::Cow,
    cell::{Cell, Ref},
};

use dom_query::{Document, NodeId};
use html5ever::{
    Attribute, ParseOpts, QualName, parse_document,
    tendril::{StrTendril, TendrilSink},
    tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilderOpts, TreeSink},
};

use crate::markup::CancelFlag;

/// Maximum number of elements that the parser makes of a text.
const MAX_ELEMENTS: usize = 1 << 18;

/// Maximum number of steps of the parser: looks at an open element, and changes of the tree. A page
/// takes about 30 per tag.
const MAX_STEPS: usize = 1 << 26;

/// Maximum depth of the tree, counted from the document. Lists and tables have elements that the
/// text need not name.
const MAX_TREE_DEPTH: usize = 1024;

/// Size of the pieces between which the limits are checked, in bytes.
const PIECE_BYTES: usize = 1024;

/// Parses sanitised HTML; `None` if its tree would be too large or too deep, or would take too long.
pub(crate) fn parse_tree(html: &str) -> Option<Document> {
    parse_tree_unless_cancelled(html, &CancelFlag::default())
}

/// As [`parse_tree`]; also `None` once `cancel` is set.
pub(super) fn parse_tree_unless_cancelled(html: &str, cancel: &CancelFlag) -> Option<Document> {
    let cost = ParseCost::default();
    let sink = BoundedTree { document: Document::default(), cost: &cost };
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let mut parser = parse_document(sink, options);
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, after) = split_piece(rest);
        parser.process(StrTendril::from(piece));
        if cost.is_too_high() || cancel.is_cancelled() {
            return None;
        }
        rest = after;
    }
    let document = parser.finish();
    (!cost.is_too_high() && !is_deeper_than(&document, MAX_TREE_DEPTH)).then_some(document)
}

/// Splits [`PIECE_BYTES`] off `text`, and what is left of the character that ends there.
fn split_piece(text: &str) -> (&str, &str) {
    let end = (PIECE_BYTES..text.len()).find(|at| text.is_char_boundary(*at));
    text.split_at(end.unwrap_or(text.len()))
}

/// Returns true if an element of the tree has more than `limit` ancestors. Follows the links of the
/// tree, without a stack.
fn is_deeper_than(document: &Document, limit: usize) -> bool {
    let (mut node, mut depth) = (document.root(), 0);
    loop {
        if depth > limit {
            return true;
        }
        if let Some(child) = node.first_child() {
            (node, depth) = (child, depth + 1);
            continue;
        }
        loop {
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else { return false };
            (node, depth) = (parent, depth - 1);
        }
    }
}

/// The work of a parser so far.
#[derive(Default)]
struct ParseCost {
    elements: Cell<usize>,
    steps: Cell<usize>,
}

impl ParseCost {
    fn add_element(&self) {
        self.elements.set(self.elements.get() + 1);
    }

    fn add_steps(&self, count: usize) {
        self.steps.set(self.steps.get().saturating_add(count));
    }

    fn is_too_high(&self) -> bool {
        self.elements.get() > MAX_ELEMENTS || self.steps.get() > MAX_STEPS
    }
}

/// A tree in the making that counts what the parser does.
struct BoundedTree<'a> {
    document: Document,
    cost: &'a ParseCost,
}

impl TreeSink for BoundedTree<'_> {
    type Handle = NodeId;
    type Output = Document;
    type ElemName<'n>
        = Ref<'n, QualName>
    where
        Self: 'n;

    fn finish(self) -> Document {
        self.document
    }

    /// Drops the error: nothing asks for it, and a text may have as many as bytes.
    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.document.get_document()
    }

    fn elem_name<'n>(&'n self, target: &'n NodeId) -> Ref<'n, QualName> {
        self.cost.add_steps(1);
        self.document.elem_name(target)
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> NodeId {
        self.cost.add_element();
        self.document.create_element(name, attributes, flags)
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.cost.add_element();
        self.document.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.cost.add_element();
        self.document.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.cost.add_steps(1);
        self.document.append(parent, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        self.cost.add_steps(1);
        self.document.append_based_on_parent_node(element, previous, child);
    }

    fn append_doctype_to_document(
        &self,
        name: StrTendril,
        public_id: StrTendril,
        system_id: StrTendril,
    ) {
        self.document.append_doctype_to_document(name, public_id, system_id);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.document.get_template_contents(target)
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        self.cost.add_steps(1);
        self.document.same_node(one, other)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.document.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        self.cost.add_steps(1);
        self.document.append_before_sibling(sibling, child);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        self.cost.add_steps(attributes.len());
        self.document.add_attrs_if_missing(target, attributes);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.cost.add_steps(1);
        self.document.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        // Each child gets a new link to its parent.
        let children =
            self.document.tree.get(node).map_or(0, |node| node.children_it(false).count());
        self.cost.add_steps(1 + children);
        self.document.reparent_children(node, new_parent);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &NodeId) -> bool {
        self.document.is_mathml_annotation_xml_integration_point(target)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parse_tree_limits_made_elements() {
        let reopened = |elements: usize| {
            let open: Vec<String> = (0..100).map(|class| format!("<b class=c{class}>")).collect();
            let open = open.concat();
            parse_tree(&format!("<p>{open}{}", "<p>x".repeat(elements / 101)))
        };
        assert!(reopened(MAX_ELEMENTS / 2).is_some());
        assert!(reopened(MAX_ELEMENTS + 2 * 101).is_none());
        assert!(parse_tree(&"<p>x".repeat(MAX_ELEMENTS - 3)).is_some());
        assert!(parse_tree(&"<p>x".repeat(MAX_ELEMENTS)).is_none());
    }

    #[test]
    fn parse_tree_limits_steps_and_depth() {
        for deep in ["<a href=x><div></a>", "<span><div></span>", "<div>"] {
            assert!(parse_tree(&deep.repeat(100)).is_some(), "{deep}");
            assert!(parse_tree(&deep.repeat(20_000)).is_none(), "{deep}");
        }
        // The document, `html` and `body` are ancestors as well.
        assert!(parse_tree(&"<div>".repeat(MAX_TREE_DEPTH - 2)).is_some());
        assert!(parse_tree(&"<div>".repeat(MAX_TREE_DEPTH - 1)).is_none());
    }

    proptest! {
        /// The pieces in which the parser gets a text leave no trace in the tree.
        #[test]
        fn parse_tree_equals_parsing_at_once(
            parts in prop::collection::vec("<[/]?(p|b|i|table|tr|td|a href=x|h1|br|pre|ul|li)>|[a-zäß€&; \n]{0,40}", 0..200),
        ) {
            let html = parts.concat();
            let bounded = parse_tree(&html).map(|tree| tree.html());
            prop_assert_eq!(bounded, Some(Document::from(html).html()));
        }
    }
}
