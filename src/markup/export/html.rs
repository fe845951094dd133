//! The HTML writer, which produces a self-contained page.

use std::collections::{HashMap, HashSet};

use super::ExportHeader;
use crate::markup::{
    Block, CellSpan, Document, Emphasis, LinkId, LinkTarget, ListNumbering, NumberStyle, RichText,
    TextSpan, document::embed_label, escape_html,
};

/// Renders `document` as a complete HTML page below `header`.
pub(super) fn write_html(document: &Document, header: &ExportHeader) -> String {
    let mut writer = HtmlWriter { document, out: String::new() };
    let title = escape_html(&header.title);
    let language = document
        .language
        .as_deref()
        .map_or(String::new(), |tag| format!(" lang=\"{}\"", escape_attribute(tag)));
    writer.out = format!(
        "<!DOCTYPE html>\n<html{language}>\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>\n"
    );
    if !header.title.is_empty() {
        let details = header.details.iter().map(|detail| escape_html(detail));
        let link = header.url.as_ref().map(|link| {
            format!("<a href=\"{}\">{}</a>", escape_attribute(link), escape_html(link))
        });
        let byline = details.chain(link).collect::<Vec<_>>().join(" · ");
        if header.headline_of(document).is_some() {
            writer.push_str(&format!("<h1>{title}</h1>\n"));
        }
        writer.push_str(&format!("<p>{byline}</p>\n"));
    }
    writer.write_blocks(&document.blocks);
    writer.out + "</body>\n</html>\n"
}

struct HtmlWriter<'a> {
    document: &'a Document,
    out: String,
}

impl HtmlWriter<'_> {
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
            let content = content.replace("<br>", "\n");
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
            Block::Caption(text) => self.write_element("figcaption", text),
            Block::Quote(blocks) => self.write_container("blockquote", blocks),
            Block::Definition(blocks) => self.write_container("dd", blocks),
            Block::List { numbers, items } => self.write_list(numbers.as_ref(), items),
            Block::Code { language: Some(language), text } => {
                let (language, text) = (escape_attribute(language), escape_html(text));
                self.push_str(&format!(
                    "<pre><code class=\"language-{language}\">{text}</code></pre>\n"
                ));
            }
            Block::Code { text, .. } => {
                self.push_str(&format!("<pre>\n{}</pre>\n", escape_html(text)));
            }
            Block::Table { head, rows, spans } => self.write_table(head, rows, spans),
            Block::Image { alt, link, size } => {
                let size = size.map_or(String::new(), |(width, height)| {
                    format!(" width=\"{width}\" height=\"{height}\"")
                });
                let url = link.map_or(String::new(), |id| self.link_url(id));
                self.push_str(&format!(
                    "<img src=\"{url}\" alt=\"{}\"{size}>\n",
                    escape_attribute(alt)
                ));
            }
            Block::Embed { kind, title, link } => {
                let (url, label) = (self.link_url(*link), escape_html(&embed_label(*kind, title)));
                self.push_str(&format!("<p><a href=\"{url}\">{label}</a></p>\n"));
            }
            Block::Anchor(id) => self.push_str(&format!("<a id=\"a{}\"></a>", id.0)),
            Block::Rule => self.out.push_str("<hr>\n"),
        }
    }

    fn write_list(&mut self, numbers: Option<&ListNumbering>, items: &[Vec<Block>]) {
        let name = if numbers.is_some() { "ol" } else { "ul" };
        let attributes = numbers.map_or(String::new(), |numbers| {
            let reversed = if numbers.descending { " reversed" } else { "" };
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
            let checked = if span.text == "[x]" { " checked" } else { "" };
            return format!("<input type=\"checkbox\" disabled{checked}>");
        }
        let text = escape_html(&span.text).replace('\n', "<br>");
        let styled = elements
            .iter()
            .filter(|(emphasis, _)| span.emphasis.contains(*emphasis))
            .fold(text, |inner, (_, name)| format!("<{name}>{inner}</{name}>"));
        match span.link {
            None => styled,
            Some(LinkTarget::Link(id)) => format!("<a href=\"{}\">{styled}</a>", self.link_url(id)),
            Some(LinkTarget::Anchor(id)) => format!("<a href=\"#a{}\">{styled}</a>", id.0),
        }
    }

    /// Returns the URL of a link, escaped for an attribute.
    fn link_url(&self, id: LinkId) -> String {
        self.document
            .links
            .get(id.0 as usize)
            .map_or(String::new(), |link| escape_attribute(&link.url))
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
