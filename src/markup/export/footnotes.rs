//! The footnotes of a document, for formats that have a form of their own for them.
//!
//! A reference is a superscript number that links to an anchor. Its note is the paragraph at that
//! anchor that begins with the same number, or the item of a list in which every item is a note. Start
//! with [`Footnotes::find`].

use std::collections::HashMap;

use crate::markup::{
    AnchorId, Block, Document, LinkTarget, RichText, TextSpan, superscript, visit::for_each_text,
};

/// Texts of the links from a note back to its reference.
const BACKLINKS: [&str; 6] = ["↩", "↑", "^", "⤴", "↵", "⏎"];

/// The footnotes of a document: their numbers by the anchors of the notes.
#[derive(Debug, Default)]
pub(super) struct Footnotes {
    numbers: HashMap<AnchorId, usize>,
}

impl Footnotes {
    /// Finds the footnotes of a document: none if their numbers are not those that a reader of
    /// Markdown gives them, in the order of the references.
    pub(super) fn find(document: &Document) -> Footnotes {
        let mut found = Footnotes::default();
        let notes = note_positions(&document.blocks);
        let mut is_in_order = true;
        for (position, block) in document.blocks.iter().enumerate() {
            for_each_text(std::slice::from_ref(block), &mut |text| {
                for (target, number) in text.0.iter().filter_map(reference_of_span) {
                    let is_note = notes
                        .get(&target)
                        .is_some_and(|(at, noted)| *at > position && *noted == number);
                    if is_note && !found.numbers.contains_key(&target) {
                        found.numbers.insert(target, number);
                        is_in_order &= number == found.numbers.len();
                    }
                }
            });
        }
        if is_in_order { found } else { Footnotes::default() }
    }

    /// Returns the number of the footnote to which a text with this link refers.
    pub(super) fn number_of_reference(
        &self,
        text: &str,
        link: Option<LinkTarget>,
    ) -> Option<usize> {
        let Some(LinkTarget::Anchor(id)) = link else { return None };
        let number = self.numbers.get(&id).copied()?;
        (superscript::parse_superscript(text) == Some(number)).then_some(number)
    }

    /// Returns the number of the note at one of these anchors.
    pub(super) fn number_of_note(&self, anchors: &[AnchorId]) -> Option<usize> {
        anchors.iter().find_map(|id| self.numbers.get(id)).copied()
    }

    /// Returns the numbers of the items of a list if all are notes.
    pub(super) fn numbers_of_items(&self, items: &[Vec<Block>]) -> Option<Vec<usize>> {
        items.iter().map(|item| self.number_of_note(&leading_anchors(item))).collect()
    }
}

/// Returns the notes by their anchors: the position of the block, and the number that it shows.
fn note_positions(blocks: &[Block]) -> HashMap<AnchorId, (usize, usize)> {
    let mut notes = HashMap::new();
    let mut anchors = Vec::new();
    for (position, block) in blocks.iter().enumerate() {
        match block {
            Block::Anchor(id) => {
                anchors.push(*id);
                continue;
            }
            Block::Paragraph(text) => {
                let number = split_note(text).map(|(number, _)| number);
                notes.extend(
                    anchors.iter().zip(number).map(|(id, number)| (*id, (position, number))),
                );
            }
            Block::List { numbers: Some(numbers), items } => {
                let number_at = |index| usize::try_from(numbers.number_at(index)).ok();
                let all: Option<Vec<(AnchorId, usize)>> = items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| {
                        leading_anchors(item).first().copied().zip(number_at(index))
                    })
                    .collect();
                notes
                    .extend(all.into_iter().flatten().map(|(id, number)| (id, (position, number))));
            }
            _ => {}
        }
        anchors.clear();
    }
    notes
}

fn leading_anchors(blocks: &[Block]) -> Vec<AnchorId> {
    let anchors = blocks.iter().map_while(|block| match block {
        Block::Anchor(id) => Some(*id),
        _ => None,
    });
    anchors.collect()
}

fn reference_of_span(span: &TextSpan) -> Option<(AnchorId, usize)> {
    let Some(LinkTarget::Anchor(id)) = span.link else { return None };
    Some((id, superscript::parse_superscript(&span.text)?))
}

/// Splits a note into its number and its text; `None` if it does not begin with a superscript number.
pub(super) fn split_note(text: &RichText) -> Option<(usize, RichText)> {
    let (first, rest) = text.0.split_first()?;
    let (number, after) = superscript::split_superscript(&first.text)?;
    let mut spans = vec![TextSpan { text: after.to_owned(), ..first.clone() }];
    spans.extend_from_slice(rest);
    let is_blank = |span: &TextSpan| span.text.trim().is_empty();
    let blank = spans.iter().take_while(|span| is_blank(span)).count();
    spans.drain(..blank);
    let start = spans.first_mut()?;
    start.text = start.text.trim_start().to_owned();
    Some((number, RichText(spans)))
}

/// Returns the blocks of a note without its anchors and its links back.
pub(super) fn without_backlinks(blocks: &[Block]) -> Vec<Block> {
    let is_backlink = |span: &TextSpan| {
        let text = span
            .text
            .trim_matches(|c: char| c.is_whitespace() || c == '\u{fe0e}' || c == '\u{fe0f}');
        matches!(span.link, Some(LinkTarget::Anchor(_))) && BACKLINKS.contains(&text)
    };
    let mut blocks: Vec<Block> =
        blocks.iter().filter(|block| !matches!(block, Block::Anchor(_))).cloned().collect();
    for block in &mut blocks {
        if let Block::Paragraph(text) = block {
            text.0.retain(|span| !is_backlink(span));
        }
    }
    blocks.retain(|block| !matches!(block, Block::Paragraph(text) if text.is_blank()));
    blocks
}

#[cfg(test)]
mod tests {
    use crate::markup::{
        Block, Document, ExportFormat, ExportHeader, LinkTarget, RichText, parse_html,
        parse_markdown,
    };

    fn to_markdown(document: &Document) -> String {
        document.clone().export(&ExportHeader::default(), ExportFormat::Markdown)
    }

    fn anchor_links(document: &Document) -> usize {
        let texts = document.blocks.iter().filter_map(|block| match block {
            Block::Paragraph(RichText(spans)) => Some(spans),
            _ => None,
        });
        texts.flatten().filter(|span| matches!(span.link, Some(LinkTarget::Anchor(_)))).count()
    }

    #[test]
    fn export_markdown_writes_footnotes_that_are_read_again() {
        let cases = [
            "a[^1] b[^2].\n\n[^1]: one\n\n[^2]: two *words*\n",
            "a[^1] b **c[^1]** d[^2]\n\n[^1]: one\\\n    more\n\n[^2]: \\- no list\n\nAfter the notes\n",
            "[^1]\\: a\\![^2]\\(b)[^1][^2]\\[c\\]\n\n[^1]: one\n\n[^2]: two\n",
            "- a[^1]\n\n> b[^2]\n\n[^1]: one\n\n[^2]: two\n",
        ];
        for text in cases {
            let document = parse_markdown(text);
            let written = to_markdown(&document);
            assert_eq!(written, text);
            assert!(anchor_links(&document) > 0);
            assert_eq!(parse_markdown(&written), document, "{text}");
        }
        let renamed = parse_markdown("a[^note] b[^x]\n\n[^note]: one\n\n[^x]: two\n");
        assert_eq!(to_markdown(&renamed), "a[^1] b[^2]\n\n[^1]: one\n\n[^2]: two\n");
    }

    #[test]
    fn export_markdown_writes_notes_in_lists() {
        let html = "<p>Words<sup><a href='#f1' id=r1>[1]</a></sup> and<a href='#f2' id=r2><sup>2</sup></a></p>\
            <hr><ol><li id=f1>Note <a href='#r1'>↩</a></li><li id=f2><p>Two</p><p>more <a href='#r2'>↩\u{fe0e}</a></li></ol>";
        let written = to_markdown(&parse_html(html, None));
        assert_eq!(written, "Words[^1] and[^2]\n\n---\n\n[^1]: Note\n\n[^2]: Two\n\n    more\n");
        assert_eq!(
            parse_markdown(&written).plain_text(),
            "Words¹ and²\n\n* * *\n\n¹ Note\n\n² Two\n\nmore"
        );
    }

    #[test]
    fn export_markdown_leaves_other_numbers_as_they_are() {
        for html in [
            // In another order, without a note, and with an item that is no note.
            "<p>a<a href='#f2'><sup>2</sup></a></p><p id=f2><sup>2</sup> two</p>",
            "<p>a<a href='#f1'><sup>1</sup></a></p><h2 id=f1>one</h2>",
            "<p>a<a href='#f1'><sup>1</sup></a></p><ol><li id=f1>one<li>two</ol>",
            "<p id=f1><sup>1</sup> one</p><p>a<a href='#f1'><sup>1</sup></a></p>",
        ] {
            let document = parse_html(html, None);
            assert!(!to_markdown(&document).contains("[^"), "{html}");
            assert_eq!(parse_markdown(&to_markdown(&document)).plain_text(), document.plain_text());
        }
    }
}
