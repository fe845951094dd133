//! A document as a page of HTML.

use super::ExportHeader;
use crate::markup::{
    Block, Document, Emphasis, LinkTarget, ListNumbering, RichText, TextSpan,
    document::embed_label, escape_html,
};

/// The document as a page that needs nothing else.
pub(super) fn write_html(document: &Document, heading: &ExportHeader) -> String {
    let mut writer = HtmlWriter { document, out: String::new() };
    let title = escape_html(&heading.title);
    let language = document
        .language
        .as_deref()
        .map_or(String::new(), |tag| format!(" lang=\"{}\"", escape_attribute(tag)));
    writer.out = format!(
        "<!DOCTYPE html>\n<html{language}>\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>\n"
    );
    if !heading.title.is_empty() {
        let facts: Vec<String> = heading.details.iter().map(|fact| escape_html(fact)).collect();
        let link = heading.url.as_ref().map(|link| {
            format!("<a href=\"{}\">{}</a>", escape_attribute(link), escape_html(link))
        });
        let facts = facts.into_iter().chain(link).collect::<Vec<_>>().join(" · ");
        writer.push_str(&format!("<h1>{title}</h1>\n<p>{facts}</p>\n"));
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
        let words = self.render_text(text);
        self.push_str(&format!("<{name}>{words}</{name}>\n"));
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
            Block::List { numbers, items } => self.write_list(*numbers, items),
            Block::Code { text, .. } => {
                self.push_str(&format!("<pre>\n{}</pre>\n", escape_html(text)));
            }
            Block::Table { head, rows } => self.write_table(head, rows),
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
                let (url, words) = (self.link_url(*link), escape_html(&embed_label(*kind, title)));
                self.push_str(&format!("<p><a href=\"{url}\">{words}</a></p>\n"));
            }
            Block::Anchor(id) => self.push_str(&format!("<a id=\"a{}\"></a>", id.0)),
            Block::Rule => self.out.push_str("<hr>\n"),
        }
    }

    fn write_list(&mut self, numbers: Option<ListNumbering>, items: &[Vec<Block>]) {
        let name = if numbers.is_some() { "ol" } else { "ul" };
        let attributes = numbers.map_or(String::new(), |numbers| {
            let down = if numbers.descending { " reversed" } else { "" };
            format!(" start=\"{}\"{down}", numbers.first)
        });
        self.push_str(&format!("<{name}{attributes}>\n"));
        for item in items {
            self.write_container("li", item);
        }
        self.push_str(&format!("</{name}>\n"));
    }

    fn write_table(&mut self, head: &[RichText], rows: &[Vec<RichText>]) {
        self.out.push_str("<table>\n");
        let head = Some(head).filter(|head| !head.is_empty());
        for (cells, name) in
            head.map(|head| (head, "th")).into_iter().chain(rows.iter().map(|row| (&row[..], "td")))
        {
            self.out.push_str("<tr>");
            for cell in cells {
                let words = self.render_text(cell);
                self.push_str(&format!("<{name}>{words}</{name}>"));
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</table>\n");
    }

    fn render_text(&self, text: &RichText) -> String {
        text.0.iter().map(|span| self.render_span(span)).collect()
    }

    fn render_span(&self, span: &TextSpan) -> String {
        let ways = [
            (Emphasis::CODE, "code"),
            (Emphasis::STRONG, "strong"),
            (Emphasis::EMPHASIZED, "em"),
            (Emphasis::STRIKETHROUGH, "s"),
        ];
        let words = escape_html(&span.text).replace('\n', "<br>");
        let marked = ways
            .iter()
            .filter(|(way, _)| span.emphasis.contains(*way))
            .fold(words, |words, (_, name)| format!("<{name}>{words}</{name}>"));
        match span.link {
            None => marked,
            Some(LinkTarget::Link(id)) => format!("<a href=\"{}\">{marked}</a>", self.link_url(id)),
            Some(LinkTarget::Anchor(id)) => format!("<a href=\"#a{}\">{marked}</a>", id.0),
        }
    }

    fn link_url(&self, id: crate::markup::LinkId) -> String {
        self.document
            .links
            .get(id.0 as usize)
            .map_or(String::new(), |link| escape_attribute(&link.url))
    }
}

/// Text as the value of an attribute.
fn escape_attribute(text: &str) -> String {
    escape_html(text).replace('"', "&quot;")
}
