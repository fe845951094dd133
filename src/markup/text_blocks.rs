//! The text of a document as one string per block, for comparing two versions of it.

use super::{
    Block, Document, RichText,
    document::{embed_label, image_label},
};

/// The sign before each item of a list, whatever its number is: an item that is added would change
/// the numbers of all that follow.
const ITEM_SIGN: &str = "• ";

/// The sign between the cells of a row.
const CELL_SEPARATOR: &str = " | ";

impl Document {
    /// Returns the text of each paragraph, heading, list item, row of a table and block of code, in
    /// reading order. Links are left out, and so are blank blocks and pictures without a description.
    pub fn text_blocks(&self) -> Vec<String> {
        let mut texts = Vec::new();
        add_blocks(&mut texts, &self.blocks);
        texts
    }
}

fn add_blocks(texts: &mut Vec<String>, blocks: &[Block]) {
    for block in blocks {
        add_block(texts, block);
    }
}

fn add_block(texts: &mut Vec<String>, block: &Block) {
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) | Block::Caption(text) => {
            push_text(texts, &text.plain_text());
        }
        Block::Quote(blocks) | Block::Definition(blocks) => add_blocks(texts, blocks),
        Block::List { items, .. } => items.iter().for_each(|item| add_item(texts, item)),
        Block::Code { text, .. } => push_text(texts, text),
        Block::Table { head, rows, .. } => {
            push_row(texts, head);
            for row in rows {
                push_row(texts, row);
            }
        }
        Block::Image { alt, .. } if alt.trim().is_empty() => {}
        Block::Image { alt, .. } => push_text(texts, &image_label(alt, None)),
        Block::Embed { kind, title, .. } => push_text(texts, &embed_label(*kind, title)),
        Block::Anchor(_) | Block::Rule => {}
    }
}

fn add_item(texts: &mut Vec<String>, item: &[Block]) {
    let first = texts.len();
    add_blocks(texts, item);
    if let Some(text) = texts.get_mut(first)
        && !text.starts_with(ITEM_SIGN)
    {
        text.insert_str(0, ITEM_SIGN);
    }
}

fn push_row(texts: &mut Vec<String>, cells: &[RichText]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.plain_text().trim().to_owned()).collect();
    if cells.iter().any(|cell| !cell.is_empty()) {
        texts.push(cells.join(CELL_SEPARATOR));
    }
}

fn push_text(texts: &mut Vec<String>, text: &str) {
    let text = text.trim();
    if !text.is_empty() {
        texts.push(text.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use crate::markup::parse_html;

    #[test]
    fn text_blocks_has_one_string_per_readable_block() {
        let html = "<h2>Harbour</h2><p>The <a href='https://a.example/'>ferry</a> runs.</p>\
                    <ol><li>One<ul><li>Inner</li></ul></li><li>Two</li></ol>\
                    <blockquote><p>“No.”</p></blockquote><pre>let x;\nlet y;</pre>\
                    <table><tr><th>Day</th><th>Runs</th></tr><tr><td>Mon</td><td>7</td></tr></table>\
                    <img src='a.png'><img src='b.png' alt='A pier'><hr>";
        assert_eq!(
            parse_html(html, None).text_blocks(),
            [
                "Harbour",
                "The ferry runs.",
                "• One",
                "• Inner",
                "• Two",
                "“No.”",
                "let x;\nlet y;",
                "Day | Runs",
                "Mon | 7",
                "[image: A pier]",
            ]
        );
    }
}
