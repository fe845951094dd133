//! The roff of manual pages: documents as paragraphs, lists and tables of the `man` macros.

use std::fmt::Write;

use crate::markup::{Block, Document, DocumentLink, Emphasis, LinkTarget, RichText, TextSpan};

/// Renders a document; its headings become subsections.
pub(super) fn render_document(document: &Document) -> String {
    let mut page = String::new();
    push_blocks(&document.blocks, &document.links, &mut page);
    page
}

fn push_blocks(blocks: &[Block], links: &[DocumentLink], page: &mut String) {
    for block in blocks {
        push_block(block, links, page);
    }
}

fn push_block(block: &Block, links: &[DocumentLink], page: &mut String) {
    match block {
        Block::Heading { text, .. } => push_lines(page, &[".SS ", &inline_roff(text, links)]),
        Block::Paragraph(text) | Block::Caption(text) => {
            push_lines(page, &[".PP\n", &inline_roff(text, links)]);
        }
        Block::Quote(blocks) | Block::Definition(blocks) => push_indented(blocks, links, page),
        Block::List { numbers, items } => {
            for (index, item) in items.iter().enumerate() {
                let mark = numbers.as_ref().map(|numbers| numbers.label_at(index) + ".");
                push_item(mark.as_deref().unwrap_or("\\(bu"), item, links, page);
            }
        }
        Block::Code { text, .. } => {
            let code: Vec<String> = text.lines().map(escape_text).collect();
            push_lines(page, &[".PP\n.RS 4\n.nf\n", &code.join("\n"), "\n.fi\n.RE"]);
        }
        Block::Table { head, rows, .. } => {
            for row in std::iter::once(head).chain(rows).filter(|row| has_text(row)) {
                push_row(row, links, page);
            }
        }
        Block::Image { .. } | Block::Embed { .. } | Block::Anchor(_) | Block::Rule => {}
    }
}

fn push_lines(page: &mut String, parts: &[&str]) {
    page.extend(parts.iter().copied());
    page.push('\n');
}

fn push_indented(blocks: &[Block], links: &[DocumentLink], page: &mut String) {
    push_lines(page, &[".RS 4"]);
    push_blocks(blocks, links, page);
    push_lines(page, &[".RE"]);
}

/// Appends an item of a list: its first paragraph after the mark, the rest below it.
fn push_item(mark: &str, blocks: &[Block], links: &[DocumentLink], page: &mut String) {
    push_lines(page, &[".IP ", mark, " 4"]);
    let (first, rest) = match blocks {
        [Block::Paragraph(text), rest @ ..] => (inline_roff(text, links), rest),
        blocks => ("\\&".to_owned(), blocks),
    };
    push_lines(page, &[&first]);
    if !rest.is_empty() {
        push_indented(rest, links, page);
    }
}

fn has_text(row: &[RichText]) -> bool {
    row.iter().any(|cell| cell.0.iter().any(|span| !span.text.trim().is_empty()))
}

/// Appends a row of a table: the first cell as a term, the others as its description.
fn push_row(row: &[RichText], links: &[DocumentLink], page: &mut String) {
    let mut cells = row.iter().map(|cell| inline_roff(cell, links));
    let term = cells.next().unwrap_or_default();
    let rest: Vec<String> = cells.filter(|cell| !cell.is_empty()).collect();
    let rest = if rest.is_empty() { "\\&".to_owned() } else { rest.join("; ") };
    push_lines(page, &[".TP\n", &term, "\n", &rest]);
}

/// Returns running text on one line, with fonts; a link to the web is followed by its address.
fn inline_roff(text: &RichText, links: &[DocumentLink]) -> String {
    let mut line = String::new();
    for span in &text.0 {
        push_span(span, &mut line);
        let id = span.link.and_then(LinkTarget::link_id);
        let target = id.and_then(|id| links.get(id.0 as usize));
        if let Some(target) = target.filter(|target| target.url != span.text) {
            write!(line, " <{}>", escape_text(&target.url)).expect("a string can be written");
        }
    }
    let line = line.trim().to_owned();
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line }
}

fn push_span(span: &TextSpan, line: &mut String) {
    let words = span.text.replace(['\n', '\r'], " ");
    let words = words.replace('\\', "\\e").replace('-', "\\-");
    let is_bold =
        span.emphasis.contains(Emphasis::CODE) || span.emphasis.contains(Emphasis::STRONG);
    match (is_bold, span.emphasis.contains(Emphasis::EMPHASIZED)) {
        (true, _) => line.extend(["\\fB", &words, "\\fR"]),
        (false, true) => line.extend(["\\fI", &words, "\\fR"]),
        (false, false) => line.push_str(&words),
    }
}

/// Escapes a line of text for roff: backslashes, hyphens, and a control character at its start.
pub(super) fn escape_text(line: &str) -> String {
    let escaped = line.replace('\\', "\\e").replace('-', "\\-");
    if escaped.starts_with(['.', '\'']) { format!("\\&{escaped}") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse_markdown;

    #[test]
    fn render_document_escapes_text_and_keeps_its_structure() {
        let markdown = "# A title\n\n.not a macro with `--code` and **bold** *words* \\\\.\n\n\
             ```sh\n.first -x\n\\n\n```\n\n- one\n- two\n\n| a | b |\n|---|---|\n| `x` | y |\n\n\
             [A link](https://example.org/a-b)\n";
        assert_eq!(
            render_document(&parse_markdown(markdown)),
            ".SS A title\n\
             .PP\n\\&.not a macro with \\fB\\-\\-code\\fR and \\fBbold\\fR \\fIwords\\fR \\e.\n\
             .PP\n.RS 4\n.nf\n\\&.first \\-x\n\\en\n.fi\n.RE\n\
             .IP \\(bu 4\none\n.IP \\(bu 4\ntwo\n\
             .TP\na\nb\n.TP\n\\fBx\\fR\ny\n\
             .PP\nA link <https://example.org/a\\-b>\n"
        );
    }
}
