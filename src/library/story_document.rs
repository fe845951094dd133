//! The articles of a story together, as documents that are read in the place of one of them.

use super::{
    diff_document::{DiffDocument, DiffMarks},
    story_texts::{StoryArticleText, StoryTexts},
};
use crate::{
    markup::{AnchorId, Block, Document, Emphasis, RichText, TextSpan},
    model::PublicationDate,
    story::StoryAddition,
    text::{LocalNow, count_noun},
};

/// Returns what the other articles of a story say that the first one does not, source by source. Each addition
/// is the target of an anchor, with numbers from 0.
pub fn additions_document(texts: &StoryTexts, now: LocalNow) -> DiffDocument {
    let additions = texts.additions();
    let mut builder = StoryDocumentBuilder::default();
    let (others, words) = (count_others(texts), count_words(&additions));
    builder.push_caption(&if additions.is_empty() {
        format!("{others} of this story: nothing that this one does not say")
    } else {
        format!("{others} of this story · +{words}")
    });
    let mut silent = Vec::new();
    for (at, other) in texts.others.iter().enumerate() {
        let of_source: Vec<&StoryAddition> =
            additions.iter().filter(|addition| addition.source == at).collect();
        if of_source.is_empty() {
            silent.push(other.source.as_str());
            continue;
        }
        builder.push_heading(3, &source_heading(other, &of_source, now));
        for addition in of_source {
            builder.push_addition(vec![TextSpan::plain(&addition.text)]);
        }
    }
    if !silent.is_empty() && !additions.is_empty() {
        silent.dedup();
        builder.push_caption(&format!("Nothing more in {}", silent.join(", ")));
    }
    builder.into_document()
}

/// Returns one text of all articles of a story: the longest in its order, and after each of its blocks what
/// others add about the same, marked with the source.
pub fn combined_document(texts: StoryTexts, marks: DiffMarks, now: LocalNow) -> DiffDocument {
    let texts = texts.with_longest_first();
    let additions = texts.additions();
    let mut builder = StoryDocumentBuilder::default();
    let base = &texts.own;
    let words = count_words(&additions);
    builder.push_caption(&format!(
        "{}, {} · with {}: +{words}",
        base.source,
        format_date(base, now),
        count_others(&texts).to_lowercase()
    ));
    if !base.title().is_empty() && !base.document.opens_with_headline {
        builder.push_heading(2, &base.title());
    }
    let mut first = 0;
    for block in &base.document.blocks {
        let count = count_text_blocks(block);
        builder.push_base_block(block.clone());
        let here = first..first + count;
        let is_here = |addition: &&StoryAddition| {
            addition.nearest_block.is_some_and(|nearest| here.contains(&nearest))
        };
        for addition in additions.iter().filter(is_here) {
            builder.push_marked(addition, &texts, marks);
        }
        first += count;
    }
    for addition in additions.iter().filter(|addition| addition.nearest_block.is_none()) {
        builder.push_marked(addition, &texts, marks);
    }
    builder.into_document()
}

#[derive(Default)]
struct StoryDocumentBuilder {
    blocks: Vec<Block>,
    change_count: u32,
}

impl StoryDocumentBuilder {
    fn push_caption(&mut self, text: &str) {
        self.blocks.push(Block::Caption(RichText::plain(text)));
    }

    fn push_heading(&mut self, level: u8, text: &str) {
        self.blocks.push(Block::Heading { level, text: RichText::plain(text) });
    }

    /// Adds a block of the text that others add to. Its anchors would be taken for those of additions.
    fn push_base_block(&mut self, mut block: Block) {
        remove_anchors(&mut block);
        if !matches!(block, Block::Anchor(_)) {
            self.blocks.push(block);
        }
    }

    fn push_addition(&mut self, spans: Vec<TextSpan>) {
        self.blocks.push(Block::Anchor(AnchorId(self.change_count)));
        self.change_count += 1;
        self.blocks.push(Block::Paragraph(RichText(spans)));
    }

    /// Adds an addition that is marked as such, after the name of its source.
    fn push_marked(&mut self, addition: &StoryAddition, texts: &StoryTexts, marks: DiffMarks) {
        let source = texts.others.get(addition.source).map_or("", |other| &other.source);
        let label =
            TextSpan { emphasis: Emphasis::STRONG, ..TextSpan::plain(format!("{source}: ")) };
        let text = match marks {
            DiffMarks::Styles => {
                TextSpan { emphasis: Emphasis::INSERTED, ..TextSpan::plain(&addition.text) }
            }
            DiffMarks::Signs => TextSpan::plain(format!("{{+{}+}}", addition.text)),
        };
        self.push_addition(vec![label, text]);
    }

    fn into_document(self) -> DiffDocument {
        let document = Document { blocks: self.blocks, ..Document::default() };
        DiffDocument { document, change_count: self.change_count }
    }
}

/// Returns the line above the additions of a source: `heise, 28 January 2026 · +54 words: Its headline`.
fn source_heading(other: &StoryArticleText, additions: &[&StoryAddition], now: LocalNow) -> String {
    let words: usize = additions.iter().map(|addition| addition.word_count).sum();
    let (date, words) = (format_date(other, now), count_noun(words, "word"));
    let title = other.title();
    let title = if title.is_empty() { title } else { format!(": {title}") };
    format!("{}, {date} · +{words}{title}", other.source)
}

fn format_date(article: &StoryArticleText, now: LocalNow) -> String {
    match article.entry.published {
        PublicationDate::Day(day) => now.format_day(day),
        PublicationDate::Instant(at) | PublicationDate::Arrival(at) => now.format_past(at),
    }
}

fn count_others(texts: &StoryTexts) -> String {
    match texts.others.len() {
        1 => "The other article".to_owned(),
        count => format!("The {count} other articles"),
    }
}

fn count_words(additions: &[StoryAddition]) -> String {
    let words: usize = additions.iter().map(|addition| addition.word_count).sum();
    count_noun(words, "word")
}

/// Returns the number of texts that [`Document::text_blocks`] has of a block.
fn count_text_blocks(block: &Block) -> usize {
    Document { blocks: vec![block.clone()], ..Document::default() }.text_blocks().len()
}

/// Removes the anchors within a block.
fn remove_anchors(block: &mut Block) {
    let remove = |blocks: &mut Vec<Block>| {
        blocks.retain(|block| !matches!(block, Block::Anchor(_)));
        blocks.iter_mut().for_each(remove_anchors);
    };
    match block {
        Block::Quote(blocks) | Block::Definition(blocks) => remove(blocks),
        Block::List { items, .. } => items.iter_mut().for_each(remove),
        _ => {}
    }
}
