//! A document as a page of HTML.

use super::Heading;
use crate::markup::{Block, Document, Emphasis, Numbers, Span, Target, Text, document::embed_text, escape};

/// The document as a page that needs nothing else.
pub(super) fn write(document: &Document, heading: &Heading) -> String {
    let mut writer = Writer { document, out: String::new() };
    let title = escape(&heading.title);
    let language =
        document.language.as_deref().map_or(String::new(), |tag| format!(" lang=\"{}\"", value(tag)));
    writer.out = format!(
        "<!DOCTYPE html>\n<html{language}>\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>\n"
    );
    if !heading.title.is_empty() {
        let facts: Vec<String> = heading.facts.iter().map(|fact| escape(fact)).collect();
        let link =
            heading.link.as_ref().map(|link| format!("<a href=\"{}\">{}</a>", value(link), escape(link)));
        let facts = facts.into_iter().chain(link).collect::<Vec<_>>().join(" · ");
        writer.add(&format!("<h1>{title}</h1>\n<p>{facts}</p>\n"));
    }
    writer.blocks(&document.blocks);
    writer.out + "</body>\n</html>\n"
}

struct Writer<'a> {
    document: &'a Document,
    out: String,
}

impl Writer<'_> {
    fn add(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn element(&mut self, name: &str, text: &Text) {
        let words = self.words(text);
        self.add(&format!("<{name}>{words}</{name}>\n"));
    }

    fn container(&mut self, name: &str, blocks: &[Block]) {
        self.add(&format!("<{name}>\n"));
        self.blocks(blocks);
        self.add(&format!("</{name}>\n"));
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => self.element(&format!("h{level}"), text),
            Block::Paragraph(text) => self.element("p", text),
            Block::Caption(text) => self.element("figcaption", text),
            Block::Quote(blocks) => self.container("blockquote", blocks),
            Block::Definition(blocks) => self.container("dd", blocks),
            Block::List { numbers, items } => self.list(*numbers, items),
            Block::Code { text, .. } => self.add(&format!("<pre>\n{}</pre>\n", escape(text))),
            Block::Table { head, rows } => self.table(head, rows),
            Block::Image { alt, link, size } => {
                let size = size.map_or(String::new(), |(width, height)| {
                    format!(" width=\"{width}\" height=\"{height}\"")
                });
                let url = link.map_or(String::new(), |id| self.url(id));
                self.add(&format!("<img src=\"{url}\" alt=\"{}\"{size}>\n", value(alt)));
            }
            Block::Embed { kind, title, link } => {
                let (url, words) = (self.url(*link), escape(&embed_text(*kind, title)));
                self.add(&format!("<p><a href=\"{url}\">{words}</a></p>\n"));
            }
            Block::Anchor(id) => self.add(&format!("<a id=\"a{}\"></a>", id.0)),
            Block::Rule => self.out.push_str("<hr>\n"),
        }
    }

    fn list(&mut self, numbers: Option<Numbers>, items: &[Vec<Block>]) {
        let name = if numbers.is_some() { "ol" } else { "ul" };
        let attributes = numbers.map_or(String::new(), |numbers| {
            let down = if numbers.down { " reversed" } else { "" };
            format!(" start=\"{}\"{down}", numbers.first)
        });
        self.add(&format!("<{name}{attributes}>\n"));
        for item in items {
            self.container("li", item);
        }
        self.add(&format!("</{name}>\n"));
    }

    fn table(&mut self, head: &[Text], rows: &[Vec<Text>]) {
        self.out.push_str("<table>\n");
        let head = Some(head).filter(|head| !head.is_empty());
        for (cells, name) in
            head.map(|head| (head, "th")).into_iter().chain(rows.iter().map(|row| (&row[..], "td")))
        {
            self.out.push_str("<tr>");
            for cell in cells {
                let words = self.words(cell);
                self.add(&format!("<{name}>{words}</{name}>"));
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</table>\n");
    }

    fn words(&self, text: &Text) -> String {
        text.0.iter().map(|span| self.span(span)).collect()
    }

    fn span(&self, span: &Span) -> String {
        let ways = [
            (Emphasis::CODE, "code"),
            (Emphasis::STRONG, "strong"),
            (Emphasis::STRESSED, "em"),
            (Emphasis::STRUCK, "s"),
        ];
        let words = escape(&span.text).replace('\n', "<br>");
        let marked = ways
            .iter()
            .filter(|(way, _)| span.style.has(*way))
            .fold(words, |words, (_, name)| format!("<{name}>{words}</{name}>"));
        match span.link {
            None => marked,
            Some(Target::Link(id)) => format!("<a href=\"{}\">{marked}</a>", self.url(id)),
            Some(Target::Anchor(id)) => format!("<a href=\"#a{}\">{marked}</a>", id.0),
        }
    }

    fn url(&self, id: crate::markup::LinkId) -> String {
        self.document.links.get(id.0 as usize).map_or(String::new(), |link| value(&link.url))
    }
}

/// Text as the value of an attribute.
fn value(text: &str) -> String {
    escape(text).replace('"', "&quot;")
}
