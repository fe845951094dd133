//! A document for those who hear it: one thing after the other, what marks and columns tell said in words.

use super::{
    Block, Document, Numbers, Span, Target, Text,
    document::{embed_text, image_text},
};

impl Document {
    /// The document without marks: quotations, lists, code, tables and links are announced.
    #[must_use]
    pub fn spoken(self) -> Document {
        let Document { blocks, links, language } = self;
        Document { blocks: all(blocks), links, language }
    }
}

fn all(blocks: Vec<Block>) -> Vec<Block> {
    blocks.into_iter().flat_map(spoken).collect()
}

fn spoken(block: Block) -> Vec<Block> {
    match block {
        Block::Heading { level, text } => {
            vec![Block::Heading { level, text: announced(&format!("Heading {level}: "), text) }]
        }
        Block::Paragraph(text) => vec![Block::Paragraph(announced("", text))],
        Block::Caption(text) => vec![Block::Paragraph(announced("Caption: ", text))],
        Block::Quote(blocks) => between("Quotation.", all(blocks), "End of quotation."),
        Block::Definition(blocks) => all(blocks),
        Block::List { numbers, items } => list(numbers, items),
        Block::Code { language, text } => {
            let what = language.map_or("Code.".to_owned(), |language| format!("Code, {language}."));
            between(&what, vec![Block::Code { language: None, text }], "End of code.")
        }
        Block::Table { head, rows } => table(&head, rows),
        Block::Image { alt, link, size } => vec![outside(&image_text(&alt, size), link)],
        Block::Embed { kind, title, link } => vec![outside(&embed_text(kind, &title), Some(link))],
        Block::Rule => vec![Block::Paragraph(Text::plain("Break."))],
        Block::Anchor(_) => vec![block],
    }
}

fn between(before: &str, mut blocks: Vec<Block>, after: &str) -> Vec<Block> {
    blocks.insert(0, Block::Paragraph(Text::plain(before)));
    blocks.push(Block::Paragraph(Text::plain(after)));
    blocks
}

fn list(numbers: Option<Numbers>, items: Vec<Vec<Block>>) -> Vec<Block> {
    let count = items.len();
    let item = |(index, item): (usize, Vec<Block>)| {
        let place = match numbers {
            Some(numbers) => format!("Number {}: ", numbers.of(index)),
            None => format!("Item {} of {count}: ", index + 1),
        };
        let mut blocks = all(item);
        match blocks.iter_mut().find(|block| !matches!(block, Block::Anchor(_))) {
            Some(Block::Paragraph(text)) => text.0.insert(0, Span::plain(place)),
            _ => blocks.insert(0, Block::Paragraph(Text::plain(place.trim_end()))),
        }
        blocks
    };
    items.into_iter().enumerate().flat_map(item).collect()
}

/// One paragraph a row: each value after the name of its column.
fn table(head: &[Text], rows: Vec<Vec<Text>>) -> Vec<Block> {
    let count = rows.len();
    let row = |(index, cells): (usize, Vec<Text>)| {
        let mut spans = vec![Span::plain(format!("Row {} of {count}. ", index + 1))];
        for (column, cell) in cells.into_iter().enumerate() {
            let name = head.get(column).map(Text::text).filter(|name| !name.trim().is_empty());
            spans.extend(name.map(|name| Span::plain(format!("{name}: "))));
            spans.extend(announced("", cell).0);
            spans.push(Span::plain(". "));
        }
        Block::Paragraph(Text(spans))
    };
    rows.into_iter().enumerate().map(row).collect()
}

fn outside(words: &str, link: Option<super::LinkId>) -> Block {
    let words = words.trim_matches(['[', ']']).to_owned();
    Block::Paragraph(announced(
        "",
        Text(vec![Span { text: words, link: link.map(Target::Link), ..Span::default() }]),
    ))
}

/// Text with its links said behind them in words, which takes the place of their numbers in brackets.
fn announced(before: &str, text: Text) -> Text {
    let mut spans = Vec::with_capacity(text.0.len() + 1);
    if !before.is_empty() {
        spans.push(Span::plain(before));
    }
    let mut rest = text.0.into_iter().peekable();
    while let Some(span) = rest.next() {
        let link = span.link.and_then(Target::link);
        let ends = rest.peek().is_none_or(|next| next.link != span.link);
        spans.push(Span { link: span.link.filter(|link| link.link().is_none()), ..span });
        if let (Some(link), true) = (link, ends) {
            spans.push(Span::plain(format!(" (link {})", link.number())));
        }
    }
    Text(spans)
}

#[cfg(test)]
mod tests {
    use crate::markup::html;

    #[test]
    fn marks_become_words() {
        let page = "<h2>Part</h2><p>See <a href='https://example.org'>the <b>map</b></a>.</p><blockquote>said</blockquote>\
            <ul><li>a<li>b</ul><ol start=4><li>c</ol><pre><code class=language-rust>x</code></pre>\
            <table><tr><th>k<th>v<tr><td>one<td>two</table><img src='https://example.org/a.png' alt=Tree><hr>";
        let spoken = html(page, None).spoken();
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
        let said: Vec<&str> = text.split("\n\n").map(str::trim_end).collect();
        assert_eq!(said, expected);
        assert_eq!(spoken.links.len(), 2);
    }
}
