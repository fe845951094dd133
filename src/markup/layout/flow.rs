//! The flow: a document as a flat sequence of layout blocks, independent of any width.
//!
//! A layout block is the unit of wrapping: a paragraph, some lines of code, some rows of a table.
//! It holds the prefixes of its lines, such as quote bars and list markers, so that a layout can
//! begin at any block. Start with [`Flow`].

use std::{borrow::Cow, collections::HashMap, ops::Range};

use hypher::Lang;

use super::{
    flow_builder::FlowBuilder,
    layout_block::{LayoutBlock, SectionHeading},
    styled_text::FlowMedium,
};
use crate::markup::{
    AnchorId, CancelFlag, Document, DocumentLink, language::hyphenation_language,
    references::DocumentReferences,
};

/// Length of the preview of a footnote, in characters.
const ANCHOR_PREVIEW_CHARS: usize = 60;

/// A document ready to be laid out at any width.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flow {
    blocks: Vec<LayoutBlock>,
    links: Vec<DocumentLink>,
    /// Index of the block that each anchor stands before.
    anchors: HashMap<AnchorId, u32>,
    pub(in crate::markup) references: DocumentReferences,
    headings: Vec<SectionHeading>,
    /// Hyphenation rules for the language of the document.
    language: Option<Lang>,
    medium: FlowMedium,
    /// Texts of the blocks that the screen shows simplified.
    source_texts: HashMap<u32, String>,
    byte_len: usize,
    opens_with_headline: bool,
}

/// A match of a search in the text of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextMatch {
    /// Index of the layout block.
    pub block: u32,
    /// Byte range in the text of the block.
    pub range: Range<usize>,
}

impl Flow {
    /// Flattens `document` for the screen and adds the list of its URLs at the end.
    pub fn new(document: Document) -> Flow {
        Flow::new_unless_cancelled(document, &CancelFlag::default())
    }

    /// As [`Flow::new`]; the flow is incomplete once `cancel` is set.
    pub fn new_unless_cancelled(document: Document, cancel: &CancelFlag) -> Flow {
        Flow::for_medium(document, FlowMedium::Screen, cancel)
    }

    /// Flattens `document` for files and pipes: its layout shows every character, and lines of code
    /// and of wide tables may be longer than it is wide.
    pub fn for_text(document: Document) -> Flow {
        Flow::for_medium(document, FlowMedium::Text, &CancelFlag::default())
    }

    fn for_medium(mut document: Document, medium: FlowMedium, cancel: &CancelFlag) -> Flow {
        let references = DocumentReferences::collect(&mut document);
        let mut builder = FlowBuilder::new(medium, cancel.clone());
        builder.add_blocks(document.blocks);
        builder.add_link_list(&document.links);
        let FlowBuilder { blocks, anchors, headings, source_texts, bytes, .. } = builder;
        let language = document.language.as_deref().and_then(hyphenation_language);
        Flow {
            blocks,
            links: document.links,
            anchors,
            references,
            headings,
            language,
            medium,
            source_texts,
            byte_len: bytes,
            opens_with_headline: document.opens_with_headline,
        }
    }

    /// Returns the links in the order of their numbers.
    pub fn links(&self) -> &[DocumentLink] {
        &self.links
    }

    /// Returns the words of the links in the order of their numbers; some may be empty.
    pub fn link_texts(&self) -> &[String] {
        &self.references.link_texts
    }

    /// Returns whether the text opens with its headline.
    pub fn opens_with_headline(&self) -> bool {
        self.opens_with_headline
    }

    /// Returns the headings in reading order.
    pub fn headings(&self) -> &[SectionHeading] {
        &self.headings
    }

    /// Returns the index of the block that an anchor stands before.
    pub fn anchor_block(&self, id: AnchorId) -> Option<u32> {
        self.anchors.get(&id).copied()
    }

    /// Returns the hyphenation rules for the language of the document.
    pub(super) fn language(&self) -> Option<Lang> {
        self.language
    }

    pub(super) fn medium(&self) -> FlowMedium {
        self.medium
    }

    /// Returns the length of the text of all blocks, in bytes.
    pub fn byte_len(&self) -> usize {
        self.byte_len
    }

    /// Returns the indexes of all blocks.
    pub fn block_indexes(&self) -> Range<u32> {
        0..u32::try_from(self.blocks.len()).unwrap_or(u32::MAX)
    }

    /// Returns the ranges that `find_ranges` finds in `blocks`, in the order of the blocks, at most
    /// `limit`.
    ///
    /// `has_match` is a fast test that spares the search in texts without a match.
    pub fn find_matches(
        &self,
        blocks: impl Iterator<Item = u32>,
        has_match: &dyn Fn(&str) -> bool,
        find_ranges: &dyn Fn(&str) -> Vec<Range<usize>>,
        limit: usize,
    ) -> Vec<TextMatch> {
        let mut matches = Vec::new();
        for block in blocks {
            let text = self.block_text(block);
            if has_match(&text) {
                let ranges = find_ranges(&text).into_iter();
                matches.extend(ranges.map(|range| TextMatch { block, range }));
            }
            if matches.len() >= limit {
                matches.truncate(limit);
                break;
            }
        }
        matches
    }

    /// Returns the start of the text of each footnote, and the index of its block.
    pub fn footnote_previews(&self) -> Vec<(String, u32)> {
        let footnotes = self.references.footnotes.iter().filter_map(|id| self.anchors.get(id));
        let mut indexes: Vec<u32> = footnotes.copied().collect();
        indexes.sort_unstable();
        indexes.dedup();
        let preview_of = |index| {
            let start: String = self.block_text(index).chars().take(ANCHOR_PREVIEW_CHARS).collect();
            start.replace('\n', " ")
        };
        indexes.into_iter().map(|index| (preview_of(index), index)).collect()
    }

    /// Returns the text of the block at `index`; empty for a picture, a rule and an unknown index.
    pub fn block_text(&self, index: u32) -> Cow<'_, str> {
        self.blocks.get(index as usize).map(|block| block.content.plain_text()).unwrap_or_default()
    }

    /// Returns the text of the block at `index` for the world outside of the screen, with emoji
    /// sequences whole and with marks for deleted and inserted text.
    pub fn source_text(&self, index: u32) -> Cow<'_, str> {
        let source = self.source_texts.get(&index).map(|text| Cow::Borrowed(text.as_str()));
        source.unwrap_or_else(|| self.block_text(index))
    }

    pub(super) fn blocks(&self) -> &[LayoutBlock] {
        &self.blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::{
        layout::{layout_block::BlockContent, styled_text::MAX_BLOCK_BYTES},
        parse_markdown, parse_plain_text,
    };

    #[test]
    fn flow_keeps_the_source_of_simplified_text() {
        let flow = Flow::new(parse_plain_text("plain\n\nfamily 👩\u{200d}👧 👍🏽"));
        assert_eq!(flow.block_text(1), "family 👩 👍");
        assert_eq!(flow.source_text(1), "family 👩\u{200d}👧 👍🏽");
        assert_eq!(flow.source_text(0), "plain");
    }

    #[test]
    fn flow_ends_once_cancelled() {
        let cancel = CancelFlag::default();
        cancel.cancel();
        let document = parse_plain_text("one\n\ntwo");
        assert_eq!(Flow::new_unless_cancelled(document, &cancel).blocks(), []);
    }

    #[test]
    fn flow_splits_long_paragraphs() {
        let flow = Flow::new(parse_plain_text(&"word ".repeat(40_000)));
        assert!(flow.blocks().len() > 3);
        assert!(
            flow.blocks()
                .iter()
                .all(|block| block.bytes <= MAX_BLOCK_BYTES && block.blank_line.is_none())
        );
        assert_eq!(flow.byte_len(), 40_000 * 5 - 1);
    }

    #[test]
    fn flow_splits_long_code_between_lines() {
        let flow = Flow::new(parse_markdown(&format!("```\n{}```", "let x;\n".repeat(20_000))));
        let count_lines = |block: &LayoutBlock| match &block.content {
            BlockContent::Code(text) => text.split('\n').count(),
            _ => 0,
        };
        assert_eq!(flow.blocks().iter().map(count_lines).sum::<usize>(), 20_000);
    }

    #[test]
    fn find_matches_keeps_order_and_limit() {
        let flow = Flow::new(parse_markdown("a x\n\n- x b\n\n```\nx\n```\n\n| x |\n|---|\n| x |"));
        let find_x =
            |text: &str| text.match_indices('x').map(|(at, _)| at..at + 1).collect::<Vec<_>>();
        let has_x = |text: &str| text.contains('x');
        let matches = flow.find_matches(flow.block_indexes(), &has_x, &find_x, 100);
        let blocks: Vec<u32> = matches.iter().map(|found| found.block).collect();
        assert_eq!(blocks, [0, 1, 2, 3, 3]);
        assert_eq!(matches[0].range, 2..3);
        assert_eq!(flow.find_matches(flow.block_indexes(), &|_| true, &find_x, 2).len(), 2);
    }
}
