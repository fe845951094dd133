//! The conversion of a document for screen readers: structure is announced in words, so that the
//! text can be read aloud in order.
//!
//! Start with [`Document::for_screen_reader`] and [`Flow::for_screen_reader`].

use super::{
    Block, CancelFlag, CellSpan, Document, Flow, LinkId, LinkTarget, ListNumbering, RichText,
    TextSpan,
    document::{embed_label, image_label},
    references::DocumentReferences,
    table_grid::repeat_spanning_cells,
};

impl Document {
    /// Replaces markers and columns by announcements in words: headings, quotations, lists, code,
    /// tables, captions, rules and link numbers.
    #[must_use]
    pub fn for_screen_reader(self) -> Document {
        Document { blocks: convert_blocks(self.blocks), ..self }
    }
}

impl Flow {
    /// Flattens `document` in words instead of marks. Its links keep their words, which the
    /// announcements of their numbers replace in the text. The flow is incomplete once `cancel` is
    /// set.
    pub fn for_screen_reader(mut document: Document, cancel: &CancelFlag) -> Flow {
        let references = DocumentReferences::collect(&mut document);
        let mut flow = Flow::new_unless_cancelled(document.for_screen_reader(), cancel);
        flow.references = references;
        flow
    }
}

fn convert_blocks(blocks: Vec<Block>) -> Vec<Block> {
    blocks.into_iter().flat_map(convert_block).collect()
}

fn convert_block(block: Block) -> Vec<Block> {
    match block {
        Block::Heading { level, text } => {
            vec![Block::Heading {
                level,
                text: announce_links(&format!("Heading {level}: "), text),
            }]
        }
        Block::Paragraph(text) => vec![Block::Paragraph(announce_links("", text))],
        Block::Caption(text) => vec![Block::Paragraph(announce_links("Caption: ", text))],
        Block::Quote(blocks) => {
            announce_enclosed("Quotation.", convert_blocks(blocks), "End of quotation.")
        }
        Block::Definition(blocks) => convert_blocks(blocks),
        Block::List { numbers, items } => announce_list_items(numbers.as_ref(), items),
        Block::Code { language, text } => {
            let opening =
                language.map_or("Code.".to_owned(), |language| format!("Code, {language}."));
            // As a paragraph, its long lines are wrapped. Code would be cut at the edge.
            let code = Block::Paragraph(RichText::plain(text));
            announce_enclosed(&opening, vec![code], "End of code.")
        }
        Block::Table { head, rows, spans } => announce_table_rows(&head, rows, &spans),
        Block::Image { alt, link, size } => vec![announce_media(&image_label(&alt, size), link)],
        Block::Embed { kind, title, link } => {
            vec![announce_media(&embed_label(kind, &title), Some(link))]
        }
        Block::Rule => vec![Block::Paragraph(RichText::plain("Break."))],
        Block::Anchor(_) => vec![block],
    }
}

fn announce_enclosed(before: &str, mut blocks: Vec<Block>, after: &str) -> Vec<Block> {
    blocks.insert(0, Block::Paragraph(RichText::plain(before)));
    blocks.push(Block::Paragraph(RichText::plain(after)));
    blocks
}

fn announce_list_items(numbers: Option<&ListNumbering>, items: Vec<Vec<Block>>) -> Vec<Block> {
    let count = items.len();
    let announce_item = |(index, item): (usize, Vec<Block>)| {
        let label = match numbers {
            Some(numbers) => format!("Number {}: ", numbers.label_at(index)),
            None => format!("Item {} of {count}: ", index + 1),
        };
        let mut blocks = convert_blocks(item);
        match blocks.iter_mut().find(|block| !matches!(block, Block::Anchor(_))) {
            Some(Block::Paragraph(text)) => text.0.insert(0, TextSpan::plain(label)),
            _ => blocks.insert(0, Block::Paragraph(RichText::plain(label.trim_end()))),
        }
        blocks
    };
    items.into_iter().enumerate().flat_map(announce_item).collect()
}

/// Converts each row to one paragraph, with each value after the name of its column.
fn announce_table_rows(
    head: &[RichText],
    mut rows: Vec<Vec<RichText>>,
    spans: &[CellSpan],
) -> Vec<Block> {
    let count = rows.len();
    repeat_spanning_cells(&mut rows, spans, usize::from(!head.is_empty()));
    let announce_row = |(index, cells): (usize, Vec<RichText>)| {
        let mut spans = vec![TextSpan::plain(format!("Row {} of {count}. ", index + 1))];
        for (column, cell) in cells.into_iter().enumerate() {
            let name =
                head.get(column).map(RichText::plain_text).filter(|name| !name.trim().is_empty());
            spans.extend(name.map(|name| TextSpan::plain(format!("{name}: "))));
            spans.extend(announce_links("", cell).0);
            spans.push(TextSpan::plain(". "));
        }
        Block::Paragraph(RichText(spans))
    };
    rows.into_iter().enumerate().map(announce_row).collect()
}

fn announce_media(label: &str, link: Option<LinkId>) -> Block {
    let text = label.trim_matches(['[', ']']).to_owned();
    let span = TextSpan { text, link: link.map(LinkTarget::Link), ..TextSpan::default() };
    Block::Paragraph(announce_links("", RichText(vec![span])))
}

/// Puts `before` in front of `text` and `(link 1)` after each link.
///
/// The announcement replaces the bracketed link number, so the spans lose their link to a URL;
/// links to anchors stay.
fn announce_links(before: &str, text: RichText) -> RichText {
    let mut spans = Vec::with_capacity(text.0.len() + 1);
    if !before.is_empty() {
        spans.push(TextSpan::plain(before));
    }
    let mut old_spans = text.0.into_iter().peekable();
    while let Some(span) = old_spans.next() {
        let link_id = span.link.and_then(LinkTarget::link_id);
        let link_ends = old_spans.peek().is_none_or(|next| next.link != span.link);
        spans.push(TextSpan { link: span.link.filter(|link| link.link_id().is_none()), ..span });
        if let (Some(id), true) = (link_id, link_ends) {
            spans.push(TextSpan::plain(format!(" (link {})", id.number())));
        }
    }
    RichText(spans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse_html;

    #[test]
    fn for_screen_reader_announces_structure_in_words() {
        let page = "<h2>Part</h2><p>See <a href='https://example.org'>the <b>map</b></a>.</p><blockquote>said</blockquote>\
            <ul><li>a<li>b</ul><ol start=4><li>c</ol><pre><code class=language-rust>x</code></pre>\
            <table><tr><th>k<th>v<tr><td>one<td>two</table><img src='https://example.org/a.png' alt=Tree><hr>";
        let spoken = parse_html(page, None).for_screen_reader();
        let expected = [
            "Heading 2: Part",
            "See the map (link 1).",
            "Quotation.",
            "said",
            "End of quotation.",
            "Item 1 of 2: a",
            "Item 2 of 2: b",
            "Number 4: c",
            "Code, rust.",
            "x",
            "End of code.",
            "Row 1 of 1. k: one. v: two.",
            "image: Tree (link 2)",
            "Break.",
        ];
        let text = spoken.plain_text();
        let paragraphs: Vec<&str> = text.split("\n\n").map(str::trim_end).collect();
        assert_eq!(paragraphs, expected);
        assert_eq!(spoken.links.len(), 2);
    }

    #[test]
    fn flow_for_screen_reader_keeps_words_of_links() {
        let page = "<p>See <a href='https://example.org'>the <b>map</b></a>.</p>";
        let flow = Flow::for_screen_reader(parse_html(page, None), &CancelFlag::default());
        assert_eq!(flow.link_texts(), ["the map"]);
    }
}
