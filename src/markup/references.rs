//! The words of the links of a document, and its footnotes.

use std::collections::HashSet;

use super::{
    AnchorId, Block, Document, LinkId, LinkTarget, TextSpan,
    visit::{visit_block_texts, visit_blocks},
};

/// Maximum length of the words of a link, in bytes.
const MAX_LINK_TEXT_BYTES: usize = 200;

/// The words of the links of a document, and its footnotes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct DocumentReferences {
    /// The words of each link where it is used first, in the order of the links; may be empty.
    pub(super) link_texts: Vec<String>,
    /// The anchors to which a link before them leads: footnotes, but not the references to which
    /// footnotes lead back.
    pub(super) footnotes: HashSet<AnchorId>,
    placed: HashSet<AnchorId>,
    /// The link of the text before, which the next text may go on.
    open_link: Option<LinkId>,
}

impl DocumentReferences {
    /// Collects the references of a document.
    pub(super) fn collect(document: &mut Document) -> DocumentReferences {
        let mut references = DocumentReferences {
            link_texts: vec![String::new(); document.links.len()],
            ..DocumentReferences::default()
        };
        visit_blocks(&mut document.blocks, &mut |block| references.add_block(block));
        references
    }

    fn add_block(&mut self, block: &mut Block) {
        self.open_link = None;
        match block {
            Block::Anchor(id) => {
                self.placed.insert(*id);
            }
            Block::Image { alt, link: Some(link), .. } => self.add_link_text(*link, alt),
            Block::Embed { title, link, .. } => self.add_link_text(*link, title),
            block => visit_block_texts(block, &mut |text| {
                text.0.iter().for_each(|span| self.add_span(span));
            }),
        }
    }

    fn add_span(&mut self, span: &TextSpan) {
        match span.link {
            Some(LinkTarget::Link(id)) => {
                self.add_link_text(id, &span.text);
                self.open_link = Some(id);
                return;
            }
            Some(LinkTarget::Anchor(id)) if !self.placed.contains(&id) => {
                self.footnotes.insert(id);
            }
            Some(LinkTarget::Anchor(_)) | None => {}
        }
        self.open_link = None;
    }

    fn add_link_text(&mut self, id: LinkId, text: &str) {
        let Some(known) = self.link_texts.get_mut(id.0 as usize) else { return };
        let is_wanted = known.trim().is_empty() || self.open_link == Some(id);
        if is_wanted && known.len() + text.len() <= MAX_LINK_TEXT_BYTES {
            known.push_str(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::{parse_html, parse_markdown};

    #[test]
    fn references_have_words_of_links_and_no_back_links() {
        let mut document = parse_html(
            "<p>See <a href='https://a.example/'>the <b>map</b></a> and <a \
             href='https://b.example/'></a><a href='https://b.example/'>more</a>.</p>\
             <p>A claim<sup id=r1><a href='#n1'>1</a></sup>.</p>\
             <p id=n1>The note <a href='#r1'>back</a></p>",
            None,
        );
        let references = DocumentReferences::collect(&mut document);
        assert_eq!(references.link_texts[0], "the map");
        assert_eq!(references.footnotes.len(), 1);
        let mut document = parse_markdown("A claim.[^1]\n\n[^1]: The note.");
        assert_eq!(DocumentReferences::collect(&mut document).footnotes.len(), 1);
    }
}
