//! The HTML writer, which produces a self-contained page, or a part of one.

use std::collections::{HashMap, HashSet};

use super::{ExportHeader, xml_form::XmlForm};
use crate::markup::{
    AnchorId, Block, CellSpan, Document, Emphasis, LinkId, LinkTarget, ListNumbering, NumberStyle,
    RichText, TextSpan, document::embed_label, escape_html,
};

/// Renders `document` as a complete HTML page below `header`.
pub(super) fn write_html(document: &Document, header: &ExportHeader) -> String {
    let mut writer = HtmlWriter::new(document, "");
    let title = escape_html(&header.title);
    let language = language_attribute(document);
    writer.out = format!(
        "<!DOCTYPE html>\n<html{language}>\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>\n"
    );
    writer.write_header(header, "h1");
    writer.write_blocks(&document.blocks);
    writer.out + "</body>\n</html>\n"
}

/// Renders `document` below `header` as an `article` element of a page with several, whose ids begin with
/// `id`.
pub(super) fn write_html_article(document: &Document, header: &ExportHeader, id: &str) -> String {
    let mut writer = HtmlWriter::new(document, id);
    let language = language_attribute(document);
    writer.out = format!("<article id=\"{}\"{language}>\n", escape_attribute(id));
    writer.write_header(header, "h2");
    writer.write_blocks(&document.blocks);
    writer.out + "</article>\n"
}

/// Renders the blocks of `document` as a part of a page.
pub(super) fn write_html_fragment(document: &Document) -> String {
    let mut writer = HtmlWriter::new(document, "");
    writer.write_blocks(&document.blocks);
    writer.out
}

/// Renders `document` below `header` as the content of an XHTML page without pictures (EPUB).
pub(super) fn write_xhtml_body(document: &Document, header: &ExportHeader) -> String {
    let mut writer = HtmlWriter::new(document, "");
    writer.xml = Some(XmlForm::new(document));
    writer.write_header(header, "h1");
    writer.write_blocks(&document.blocks);
    writer.out
}

fn language_attribute(document: &Document) -> String {
    let language = document.language.as_deref();
    language.map_or(String::new(), |tag| format!(" lang=\"{}\"", escape_attribute(tag)))
}

struct HtmlWriter<'a> {
    document: &'a Document,
    /// The start of every id, so that those of several documents on a page differ.
    id_prefix: &'a str,
    /// The differences of XHTML; `None` for HTML.
    xml: Option<XmlForm>,
    out: String,
}

impl<'a> HtmlWriter<'a> {
    fn new(document: &'a Document, id_prefix: &'a str) -> HtmlWriter<'a> {
        HtmlWriter { document, id_prefix, xml: None, out: String::new() }
    }

    /// Writes the title in a `heading` element, and below it the source, author, date and link.
    fn write_header(&mut self, header: &ExportHeader, heading: &str) {
        if header.title.is_empty() {
            return;
        }
        let title = self.escape(&header.title);
        let details = header.details.iter().map(|detail| self.escape(detail));
        let url = header.url.as_ref().and_then(|url| Some((self.href(url)?, self.escape(url))));
        let link = url.map(|(href, url)| format!("<a href=\"{href}\">{url}</a>"));
        let byline = details.chain(link).collect::<Vec<_>>().join(" · ");
        if header.headline_of(self.document).is_some() {
            self.push_str(&format!("<{heading}>{title}</{heading}>\n"));
        }
        self.push_str(&format!("<p>{byline}</p>\n"));
    }

    /// Escapes text, which loses what XML cannot have.
    fn escape(&self, text: &str) -> String {
        match &self.xml {
            Some(_) => escape_html(&XmlForm::clean(text)),
            None => escape_html(text),
        }
    }

    fn escape_value(&self, text: &str) -> String {
        self.escape(text).replace('"', "&quot;")
    }

    /// Returns a URL as the value of an attribute; `None` if XHTML cannot have it.
    fn href(&self, url: &str) -> Option<String> {
        match &self.xml {
            Some(_) => XmlForm::href(url).map(|url| self.escape_value(&url)),
            None => Some(escape_attribute(url)),
        }
    }

    /// Returns the end of a tag without content.
    fn void_end(&self) -> &'static str {
        if self.xml.is_some() { "/>" } else { ">" }
    }

    /// Returns the name of an element, or that of one that XHTML allows at any place in its stead.
    fn element_name(&self, name: &'static str) -> &'static str {
        match (name, &self.xml) {
            ("figcaption", Some(_)) => "p",
            ("dd", Some(_)) => "div",
            _ => name,
        }
    }
    fn push_str(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn write_element(&mut self, name: &str, text: &RichText) {
        self.write_text_element(name, "", text);
        self.push_str("\n");
    }

    /// Writes an element with a text, whose white space is kept where HTML would drop it.
    fn write_text_element(&mut self, name: &str, attributes: &str, text: &RichText) {
        let content = self.render_text(text);
        if has_significant_blanks(text) {
            let content = content.replace("<br>", "\n").replace("<br/>", "\n");
            let style = "style=\"white-space: pre-wrap\"";
            self.push_str(&format!("<{name}{attributes} {style}>{content}</{name}>"));
        } else {
            self.push_str(&format!("<{name}{attributes}>{content}</{name}>"));
        }
    }

    fn write_container(&mut self, name: &str, blocks: &[Block]) {
        self.push_str(&format!("<{name}>\n"));
        self.write_blocks(blocks);
        self.push_str(&format!("</{name}>\n"));
    }

    fn write_blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.write_block(block);
        }
    }

    fn write_block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => self.write_element(&format!("h{level}"), text),
            Block::Paragraph(text) => self.write_element("p", text),
            Block::Caption(text) => self.write_element(self.element_name("figcaption"), text),
            Block::Quote(blocks) => self.write_container("blockquote", blocks),
            Block::Definition(blocks) => self.write_container(self.element_name("dd"), blocks),
            Block::List { numbers, items } => self.write_list(numbers.as_ref(), items),
            Block::Code { language, text } => self.write_code(language.as_deref(), text),
            Block::Table { head, rows, spans } => self.write_table(head, rows, spans),
            Block::Image { alt, link, .. } if self.xml.is_some() => {
                let label = if alt.trim().is_empty() { "Image" } else { alt };
                let link = link.map_or_else(|| self.escape(label), |id| self.link_text(id, label));
                self.push_str(&format!("<p>{link}</p>\n"));
            }
            Block::Image { alt, link, size } => {
                let size = size.map_or(String::new(), |(width, height)| {
                    format!(" width=\"{width}\" height=\"{height}\"")
                });
                let url = link.and_then(|id| self.link_url(id)).unwrap_or_default();
                let alt = escape_attribute(alt);
                self.push_str(&format!("<img src=\"{url}\" alt=\"{alt}\"{size}>\n"));
            }
            Block::Embed { kind, title, link } => {
                let text = self.link_text(*link, &embed_label(*kind, title));
                self.push_str(&format!("<p>{text}</p>\n"));
            }
            Block::Anchor(id) => self.write_anchor(*id),
            Block::Rule => self.push_str(&format!("<hr{}\n", self.void_end())),
        }
    }

    fn write_code(&mut self, language: Option<&str>, text: &str) {
        let text = self.escape(text);
        match language {
            Some(language) => {
                let language = self.escape_value(language);
                self.push_str(&format!(
                    "<pre><code class=\"language-{language}\">{text}</code></pre>\n"
                ));
            }
            None => self.push_str(&format!("<pre>\n{text}</pre>\n")),
        }
    }

    fn write_anchor(&mut self, id: AnchorId) {
        // An id must be unique in XML.
        if self.xml.as_mut().is_none_or(|xml| xml.begin_anchor(id)) {
            self.push_str(&format!("<a id=\"{}a{}\"></a>", self.id_prefix, id.0));
        }
    }

    /// Returns a link with `label` as its text, or only the text if there can be no link.
    fn link_text(&self, id: LinkId, label: &str) -> String {
        let label = self.escape(label);
        match self.link_url(id) {
            Some(url) => format!("<a href=\"{url}\">{label}</a>"),
            None => label,
        }
    }

    fn write_list(&mut self, numbers: Option<&ListNumbering>, items: &[Vec<Block>]) {
        let name = if numbers.is_some() { "ol" } else { "ul" };
        let attributes = numbers.map_or(String::new(), |numbers| {
            let reversed = if numbers.descending { " reversed=\"reversed\"" } else { "" };
            let style = number_type(numbers.style).map(|kind| format!(" type=\"{kind}\""));
            format!(" start=\"{}\"{reversed}{}", numbers.first, style.unwrap_or_default())
        });
        self.push_str(&format!("<{name}{attributes}>\n"));
        for (index, item) in items.iter().enumerate() {
            let restarts = numbers.map_or(&[][..], |numbers| &numbers.restarts);
            let restart = restarts.iter().find(|(restart, _)| *restart == index);
            let value = restart.map(|(_, number)| format!(" value=\"{number}\""));
            self.push_str(&format!("<li{}>\n", value.unwrap_or_default()));
            self.write_blocks(item);
            self.push_str("</li>\n");
        }
        self.push_str(&format!("</{name}>\n"));
    }

    fn write_table(&mut self, head: &[RichText], rows: &[Vec<RichText>], spans: &[CellSpan]) {
        if self.xml.is_some() && head.is_empty() && rows.iter().all(Vec::is_empty) {
            return;
        }
        let spans = TableSpans::new(spans);
        self.out.push_str("<table>\n");
        let header_row = Some((head, "th")).filter(|(head, _)| !head.is_empty());
        let body_rows = rows.iter().map(|row| (row.as_slice(), "td"));
        for (row, (cells, name)) in header_row.into_iter().chain(body_rows).enumerate() {
            self.out.push_str("<tr>");
            for (column, cell) in cells.iter().enumerate() {
                if let Some(attributes) = spans.attributes(row, column) {
                    self.write_text_element(name, &attributes, cell);
                }
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</table>\n");
    }

    fn render_text(&self, text: &RichText) -> String {
        text.0.iter().map(|span| self.render_span(span)).collect()
    }

    fn render_span(&self, span: &TextSpan) -> String {
        let elements = [
            (Emphasis::CODE, "code"),
            (Emphasis::STRONG, "strong"),
            (Emphasis::EMPHASIZED, "em"),
            (Emphasis::STRIKETHROUGH, "s"),
            (Emphasis::INSERTED, "ins"),
        ];
        if span.emphasis.contains(Emphasis::CHECK_BOX) {
            return self.check_box(span.text == "[x]").to_owned();
        }
        let line_break = format!("<br{}", self.void_end());
        let text = self.escape(&span.text).replace('\n', &line_break);
        let styled = elements
            .iter()
            .filter(|(emphasis, _)| span.emphasis.contains(*emphasis))
            .fold(text, |inner, (_, name)| format!("<{name}>{inner}</{name}>"));
        match span.link.and_then(|link| self.target_url(link)) {
            None => styled,
            Some(url) => format!("<a href=\"{url}\">{styled}</a>"),
        }
    }

    fn check_box(&self, is_checked: bool) -> &'static str {
        match (&self.xml, is_checked) {
            (Some(_), true) => "☑",
            (Some(_), false) => "☐",
            (None, true) => "<input type=\"checkbox\" disabled checked>",
            (None, false) => "<input type=\"checkbox\" disabled>",
        }
    }

    /// Returns the URL of a link, escaped for an attribute; `None` if XHTML cannot have it.
    fn target_url(&self, link: LinkTarget) -> Option<String> {
        match link {
            LinkTarget::Link(id) => self.link_url(id),
            LinkTarget::Anchor(id) => {
                let is_known = self.xml.as_ref().is_none_or(|xml| xml.has_anchor(id));
                is_known.then(|| format!("#{}a{}", self.id_prefix, id.0))
            }
        }
    }

    /// Returns the URL of a link of the document, escaped for an attribute; `None` if XHTML cannot have it.
    fn link_url(&self, id: LinkId) -> Option<String> {
        match self.document.links.get(id.0 as usize) {
            Some(link) => self.href(&link.url),
            None if self.xml.is_some() => None,
            None => Some(String::new()),
        }
    }
}

/// Returns true for a text with blanks that HTML would drop, such as those of a poem.
fn has_significant_blanks(text: &RichText) -> bool {
    text.0.iter().any(|span| {
        span.text.contains("  ") || span.text.contains("\n ") || span.text.contains('\t')
    })
}

/// The cells of a table that cover others, and the cells that are covered.
struct TableSpans {
    spans: HashMap<(usize, usize), CellSpan>,
    covered: HashSet<(usize, usize)>,
}

impl TableSpans {
    fn new(spans: &[CellSpan]) -> TableSpans {
        let cells_of = |span: &CellSpan| {
            let CellSpan { row, column, rows, columns } = *span;
            (row..row + rows)
                .flat_map(move |row| (column..column + columns).map(move |column| (row, column)))
        };
        let origins: HashMap<_, _> =
            spans.iter().map(|span| ((span.row, span.column), *span)).collect();
        let covered = spans.iter().flat_map(|span| cells_of(span).skip(1)).collect();
        TableSpans { spans: origins, covered }
    }

    /// Returns the attributes of a cell; `None` if another cell covers it.
    fn attributes(&self, row: usize, column: usize) -> Option<String> {
        if self.covered.contains(&(row, column)) {
            return None;
        }
        let Some(span) = self.spans.get(&(row, column)) else { return Some(String::new()) };
        let attribute = |name: &str, count: usize| {
            if count > 1 { format!(" {name}=\"{count}\"") } else { String::new() }
        };
        Some(attribute("rowspan", span.rows) + &attribute("colspan", span.columns))
    }
}

/// Returns the `type` of a list with numbers in this form.
fn number_type(style: NumberStyle) -> Option<char> {
    match style {
        NumberStyle::Decimal => None,
        NumberStyle::LowerAlpha => Some('a'),
        NumberStyle::UpperAlpha => Some('A'),
        NumberStyle::LowerRoman => Some('i'),
        NumberStyle::UpperRoman => Some('I'),
    }
}

/// Escapes text for a double-quoted attribute value.
fn escape_attribute(text: &str) -> String {
    escape_html(text).replace('"', "&quot;")
}
