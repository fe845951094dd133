//! The conversion of the parser's tree to a document. The walk follows the links of the tree and
//! needs no stack.

use dom_query::{Element, NodeData, NodeRef};

use super::{
    abbreviations::{Abbreviations, abbreviation_text},
    declared_style::{StyleEffects, StyledElements},
    element_role::{ElementRole, element_role},
    embed,
    footnotes::FragmentTargets,
    gauge::gauge_value,
    image_url::{self, ImageAttributes},
    lists,
    preformatted::PreformattedBlock,
    ruby,
    white_space::{WhiteSpace, WhiteSpaceStack},
};
use crate::{
    markup::{
        Block, CancelFlag, EmbedKind, Emphasis,
        builder::{ContainerKind, DocumentBuilder},
        link_table::LinkDestination,
        open_table::TableKind,
        superscript,
        table_cell::CellKind,
        table_grid::CellSize,
    },
    text::url,
};

/// Walks through `tree`, the tree of `source`, and adds its content to `builder`, until `cancel` is
/// set.
pub(super) fn convert_tree(
    tree: &dom_query::Document,
    source: &str,
    references: &FragmentTargets<'_>,
    base: Option<&str>,
    cancel: &CancelFlag,
    builder: &mut DocumentBuilder,
) {
    let mut walker = HtmlConverter {
        builder,
        source,
        abbreviations: Abbreviations::default(),
        white_space: WhiteSpaceStack::default(),
        styled_elements: StyledElements::default(),
        fragment_targets: references,
        base_url: base,
        preformatted: None,
        text_transform: None,
    };
    let mut node = tree.root();
    while !cancel.is_cancelled() {
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
    source: &'a str,
    abbreviations: Abbreviations,
    white_space: WhiteSpaceStack,
    styled_elements: StyledElements,
    fragment_targets: &'a FragmentTargets<'a>,
    base_url: Option<&'a str>,
    preformatted: Option<PreformattedBlock>,
    text_transform: Option<fn(&str) -> String>,
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
        if let Some(verbatim) = &mut self.preformatted {
            verbatim.enter_element(&element, meaning);
        } else {
            self.white_space.enter_element(node.id, &element);
            self.begin_style(node, &element, meaning);
            self.begin_element(node, &element, meaning);
        }
        true
    }

    fn push_text(&mut self, text: &str) {
        match &mut self.preformatted {
            Some(verbatim) => verbatim.push_text(text),
            None => match self.text_transform {
                Some(shift) => self.builder.push_collapsed(&shift(text.trim())),
                None => self.push_running_text(text),
            },
        }
    }

    /// Adds text with the white space that its style keeps.
    fn push_running_text(&mut self, text: &str) {
        let white_space = self.white_space.current();
        if white_space == WhiteSpace::Collapsed {
            return self.builder.push_collapsed(text);
        }
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.builder.push_line_break();
            }
            match white_space {
                WhiteSpace::Kept if !line.is_empty() => self.builder.push_literal(line),
                _ => self.builder.push_collapsed(line),
            }
        }
    }

    fn begin_element(&mut self, node: &NodeRef<'_>, element: &Element, meaning: ElementRole) {
        let builder = &mut *self.builder;
        match meaning {
            ElementRole::Ignored
            | ElementRole::Inline
            | ElementRole::Abbreviation
            | ElementRole::Embed(_) => {}
            ElementRole::Block => builder.end_paragraph(),
            ElementRole::EmphasizedBlock(style) => {
                builder.end_paragraph();
                builder.begin_emphasis(style);
            }
            ElementRole::TableCaption => {
                builder.end_paragraph();
                builder.declare_data_table();
                builder.begin_emphasis(Emphasis::STRONG);
            }
            ElementRole::Heading(level) => builder.begin_heading(level),
            ElementRole::Caption if is_first_element(node) => {
                builder.end_paragraph();
                builder.begin_emphasis(Emphasis::STRONG);
            }
            ElementRole::Caption => builder.begin_caption(),
            ElementRole::Definition => builder.open_container(ContainerKind::Definition),
            ElementRole::Quote => builder.open_container(ContainerKind::Quote),
            ElementRole::UnorderedList | ElementRole::OrderedList => {
                let is_ordered = meaning == ElementRole::OrderedList;
                builder.open_container(lists::list_container(element, is_ordered));
            }
            ElementRole::ListItem => {
                builder.open_container(ContainerKind::ListItem(lists::item_marker(element)));
            }
            ElementRole::Table => builder.open_container(table_container(element)),
            ElementRole::TableSection(kind) => builder.begin_table_section(kind),
            ElementRole::TableRow => builder.open_container(ContainerKind::TableRow),
            ElementRole::TableCell(kind) => builder.open_container(cell_container(element, kind)),
            ElementRole::Preformatted => self.preformatted = Some(PreformattedBlock::default()),
            ElementRole::Rule => builder.add_block(Block::Rule),
            ElementRole::LineBreak => builder.push_line_break(),
            ElementRole::BreakOpportunity => builder.push_literal("\u{200b}"),
            ElementRole::Input => self.add_input(element),
            ElementRole::Image => self.add_image(node, element),
            ElementRole::Link => {
                let destination = self.link_destination(element);
                self.builder.begin_link(destination);
            }
            ElementRole::ImageArea => self.add_image_area(element),
            ElementRole::Gauge if has_no_text(node) => {
                let value = gauge_value(|name| element.attr(name).map(|value| value.to_string()));
                builder.push_collapsed(&value.unwrap_or_default());
            }
            ElementRole::Gauge => {}
            ElementRole::Superscript => self.text_transform = Some(superscript::to_superscript),
            ElementRole::Subscript => self.text_transform = Some(superscript::to_subscript),
            ElementRole::Emphasis(style) => builder.begin_emphasis(style),
            ElementRole::InlineQuote => builder.push_collapsed("“"),
            ElementRole::RubyText if ruby::opens_parenthesis(node) => builder.push_collapsed("("),
            ElementRole::RubyText => {}
        }
    }

    /// Begins what the style of an element says about its text.
    fn begin_style(&mut self, node: &NodeRef<'_>, element: &Element, meaning: ElementRole) {
        let StyleEffects { strikes, is_block } =
            self.styled_elements.enter_element(node.id, element, meaning);
        if is_block {
            self.builder.separate_block();
        }
        if strikes {
            self.builder.begin_emphasis(Emphasis::STRIKETHROUGH);
        }
    }

    fn end_style(&mut self, node: &NodeRef<'_>) {
        let StyleEffects { strikes, is_block } = self.styled_elements.leave_element(node.id);
        if strikes {
            self.builder.end_emphasis();
        }
        if is_block {
            self.builder.separate_block();
        }
    }

    /// Leaves a node that was entered.
    fn leave_node(&mut self, node: &NodeRef<'_>) {
        let Some(element) = node.element_ref() else { return };
        let meaning = element_role(&element.name.local);
        if let Some(verbatim) = self.preformatted.take() {
            let is_still_inside = self.leave_preformatted(verbatim, &element, meaning);
            if !is_still_inside {
                self.white_space.leave_element(node.id);
                self.end_style(node);
            }
            return;
        }
        self.white_space.leave_element(node.id);
        self.end_element(node, &element, meaning);
        self.end_style(node);
    }

    fn end_element(&mut self, node: &NodeRef<'_>, element: &Element, meaning: ElementRole) {
        let builder = &mut *self.builder;
        match meaning {
            ElementRole::Block => builder.end_paragraph(),
            ElementRole::EmphasizedBlock(_) | ElementRole::TableCaption => {
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
            ElementRole::RubyText if ruby::closes_parenthesis(node) => builder.push_collapsed(")"),
            ElementRole::Abbreviation => self.expand_abbreviation(node, element),
            _ => {}
        }
    }

    /// Adds the expansion of an abbreviation, the first time.
    fn expand_abbreviation(&mut self, node: &NodeRef<'_>, element: &Element) {
        let Some(title) = element.attr("title") else { return };
        let expansion =
            self.abbreviations.expansion(&abbreviation_text(node, &title), &title, self.source);
        if let Some(expansion) = expansion {
            self.builder.push_collapsed(&expansion);
        }
    }

    /// Leaves an element in preformatted text; returns false if the text ends with it.
    fn leave_preformatted(
        &mut self,
        mut verbatim: PreformattedBlock,
        element: &Element,
        meaning: ElementRole,
    ) -> bool {
        let is_inside = verbatim.leave_element(element, meaning);
        if is_inside {
            self.preformatted = Some(verbatim);
        } else if let Some(block) = verbatim.into_block() {
            self.builder.add_block(block);
        }
        is_inside
    }

    fn link_destination(&self, element: &Element) -> Option<LinkDestination> {
        let href = element.attr("href")?;
        self.fragment_targets.resolve_link(&href, self.base_url)
    }

    /// Adds a part of an image as a link in a line of its own.
    fn add_image_area(&mut self, element: &Element) {
        let Some(destination) = self.link_destination(element) else { return };
        let text = element.attr("alt").unwrap_or_default();
        if !text.trim().is_empty() {
            self.builder.begin_line();
            self.builder.begin_link(Some(destination));
            self.builder.push_collapsed(&text);
            self.builder.end_link();
            self.builder.begin_line();
        }
    }

    fn add_image(&mut self, node: &NodeRef<'_>, element: &Element) {
        let attributes = ImageAttributes::of_element(element);
        if attributes.is_tracking_pixel() {
            return;
        }
        if attributes.is_inline() {
            return self.builder.push_collapsed(&attributes.description());
        }
        let url = image_url::image_source(node, element)
            .and_then(|src| url::resolve(&src, self.base_url));
        self.builder.add_image(
            &attributes.description(),
            url.as_deref(),
            image_url::image_size(element),
        );
    }

    fn add_input(&mut self, element: &Element) {
        let kind = element.attr("type");
        if kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("checkbox")) {
            self.builder.push_check_box(element.has_attr("checked"));
        }
    }

    fn add_embed(&mut self, node: &NodeRef<'_>, element: &Element, kind: EmbedKind) {
        if let Some(found) = embed::read_embed(node, element, kind, self.base_url) {
            self.builder.add_embed(found.kind, &found.title, &found.url);
        }
    }
}

/// Returns the container of a table; its role and its border may declare what it is for.
fn table_container(element: &Element) -> ContainerKind {
    let has_border =
        || element.attr("border").is_some_and(|border| !matches!(border.trim(), "0" | "none"));
    match element.attr("role").as_deref() {
        Some("presentation" | "none") => ContainerKind::Group,
        Some("table" | "grid" | "treegrid") => ContainerKind::Table(TableKind::Declared),
        _ if has_border() => ContainerKind::Table(TableKind::Declared),
        _ => ContainerKind::Table(TableKind::Unknown),
    }
}

/// Returns the container of a cell, with the rows and columns that it spans.
fn cell_container(element: &Element, kind: CellKind) -> ContainerKind {
    let span = |name| element.attr(name).and_then(|span| span.trim().parse().ok()).unwrap_or(1);
    let has_attributes = !element.attrs.is_empty();
    let size = CellSize { rows: span("rowspan"), columns: span("colspan") };
    ContainerKind::TableCell(kind, if has_attributes { size } else { CellSize::SINGLE })
}

/// Returns true for an element with nothing but blanks in it.
fn has_no_text(node: &NodeRef<'_>) -> bool {
    node.first_child().is_none_or(|child| {
        child.next_sibling().is_none() && child.is_text() && child.text().trim().is_empty()
    })
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
