//! The difference between two versions of an article as a document, which is read in its place.

use chrono::{DateTime, Utc};

use super::article_versions::ArticleVersions;
use crate::{
    diff::{DiffBlock, DiffBlockKind, DiffSpan, DiffSpanKind, TextDiff, unchanged_line},
    markup::{AnchorId, Block, Document, Emphasis, RichText, TextSpan},
    text::{LocalNow, sanitize},
};

/// The way in which words are marked as deleted and inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffMarks {
    /// By styles of the terminal: struck through and dim, and underlined.
    Styles,
    /// By `[-…-]` and `{+…+}`, which can be read aloud.
    Signs,
}

/// A difference as a document.
pub struct DiffDocument {
    /// The document. Each change is the target of an anchor, with numbers from 0.
    pub document: Document,
    /// Number of changes.
    pub change_count: u32,
}

/// Returns the difference of two versions, which have numbers from 1, as a document: a line about the
/// version, the headline if it has changed, the text with its changes, and the headlines of before.
pub fn diff_document(
    article: &ArticleVersions,
    (from, to): (usize, usize),
    diff: &TextDiff,
    (marks, now): (DiffMarks, LocalNow),
) -> DiffDocument {
    let mut builder = DiffDocumentBuilder { marks, blocks: Vec::new(), change_count: 0 };
    let at = article.versions.get(to.wrapping_sub(1)).and_then(|version| version.at);
    let compared = if from + 1 == to { String::new() } else { format!(" against version {from}") };
    let at = at.map_or_else(String::new, |at| format!(", {}", now.format_past(at)));
    let (newest, words) = (article.newest(), diff.count_words());
    builder.push_caption(&format!("Version {to} of {newest}{compared}{at} · {words}"));
    if diff.title.is_change() {
        builder.push_change(&diff.title, "Headline changed: ");
    }
    for run in diff.blocks.chunk_by(|one, next| !one.is_change() && !next.is_change()) {
        if run[0].is_change() {
            for block in run {
                builder.push_block(block);
            }
        } else {
            builder.push_caption(&unchanged_line(run.len()));
        }
    }
    builder.push_earlier_headlines(article, now);
    let document = Document { blocks: builder.blocks, ..Document::default() };
    DiffDocument { document, change_count: builder.change_count }
}

struct DiffDocumentBuilder {
    marks: DiffMarks,
    blocks: Vec<Block>,
    change_count: u32,
}

impl DiffDocumentBuilder {
    fn push_caption(&mut self, text: &str) {
        self.blocks.push(Block::Caption(RichText::plain(text)));
    }

    fn push_block(&mut self, block: &DiffBlock) {
        match block.kind {
            DiffBlockKind::MovedAway => {
                self.push_caption(&format!("Moved from here: “{}”", block.moved_words()));
            }
            DiffBlockKind::MovedHere => self.push_change(block, "Moved here: "),
            _ => self.push_change(block, ""),
        }
    }

    /// Adds a paragraph with changes after a label.
    fn push_change(&mut self, block: &DiffBlock, label: &str) {
        self.blocks.push(Block::Anchor(AnchorId(self.change_count)));
        self.change_count += 1;
        let label = (!label.is_empty()).then(|| TextSpan::plain(label));
        let mut before = None;
        let spans = block.spans.iter().flat_map(|span| {
            let gap = self.gap_between(before.replace(span), span);
            gap.into_iter().chain(self.mark_span(span))
        });
        let spans = label.into_iter().chain(spans).filter(|span| !span.text.is_empty());
        let text = RichText(spans.collect());
        self.blocks.push(Block::Paragraph(text));
    }

    /// Returns a blank between a deleted word and the one in its place: styles alone would let them look
    /// like one word.
    fn gap_between(&self, before: Option<&DiffSpan>, span: &DiffSpan) -> Option<TextSpan> {
        let is_replaced = before.is_some_and(|before| {
            before.kind == DiffSpanKind::Deleted && !before.text.ends_with(char::is_whitespace)
        });
        let needs_gap = is_replaced
            && span.kind == DiffSpanKind::Inserted
            && !span.text.starts_with(char::is_whitespace)
            && self.marks == DiffMarks::Styles;
        needs_gap.then(|| TextSpan::plain(" "))
    }

    fn mark_span(&self, span: &DiffSpan) -> Vec<TextSpan> {
        let (emphasis, open, close) = match span.kind {
            DiffSpanKind::Kept => return vec![TextSpan::plain(&span.text)],
            DiffSpanKind::Deleted => (Emphasis::STRIKETHROUGH.union(Emphasis::DIMMED), "[-", "-]"),
            DiffSpanKind::Inserted => (Emphasis::INSERTED, "{+", "+}"),
        };
        let (before, words, after) = span.split_blanks();
        let marked = match self.marks {
            _ if words.is_empty() => TextSpan::plain(words),
            DiffMarks::Styles => TextSpan { emphasis, ..TextSpan::plain(words) },
            DiffMarks::Signs => TextSpan::plain(format!("{open}{words}{close}")),
        };
        vec![TextSpan::plain(before), marked, TextSpan::plain(after)]
    }

    /// Lists the headlines that the article had, if there was more than one.
    fn push_earlier_headlines(&mut self, article: &ArticleVersions, now: LocalNow) {
        let titles = article.versions.iter().zip(1..);
        let mut headlines: Vec<(usize, &str, Option<DateTime<Utc>>)> = Vec::new();
        for (version, number) in titles {
            if headlines.last().is_none_or(|(_, title, _)| *title != version.title) {
                headlines.push((number, &version.title, version.at));
            }
        }
        if headlines.len() < 2 {
            return;
        }
        self.push_caption("Headlines, the newest first");
        let items = headlines.iter().rev().map(|(number, title, at)| {
            let at = at.map_or_else(String::new, |at| format!(", {}", now.format_past(at)));
            let title = sanitize::to_text_line(title);
            vec![Block::Paragraph(RichText::plain(format!("{title} (version {number}{at})")))]
        });
        self.blocks.push(Block::List { numbers: None, items: items.collect() });
    }
}
