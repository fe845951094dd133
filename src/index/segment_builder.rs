//! Articles → a segment, in memory: a batch at a time, so that memory is bounded whatever the library holds.

use std::path::Path;

use memchr::memchr_iter;

use super::{
    EDITED_ATTRIBUTE, IndexError,
    field_terms::FieldTerms,
    media_attribute,
    posting_builder::PostingLists,
    segment::{
        DocValues, FIELD_BREAK, FIRST_TERM_ID, PHRASE_BREAK, SegmentWriter,
        term_key::{self, BigramClass, TermField, term_key},
    },
    term_table::{InternedTerm, TermTable},
    varint,
};
use crate::{
    model::{EntryId, FeedId},
    query::{EntryAttributes, FIELD_SEPARATOR, FoldedText},
    text::floor_char_boundary,
};

/// Articles of one segment at the most, when it is new.
pub const MAX_NEW_SEGMENT_DOCS: usize = 16 * 1024;

/// Articles that a word is in, at the least, if it is common in a segment: one in 64 are necessary, too. Which common
/// words stand side by side is noted; looking at fewer texts is quick enough.
pub const COMMON_WORD_MIN_DOCS: u32 = 1024;

/// Bytes of a word that is kept; a longer one is found by its beginning.
pub(super) const MAX_TERM_BYTES: usize = 256;

/// An article as the index sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexDocument {
    /// The entry.
    pub id: EntryId,
    /// Its feed.
    pub feed: FeedId,
    /// When it was published, in seconds since 1970.
    pub published: i64,
    /// Only the day of that is known.
    pub day_only: bool,
    /// When it came in, in seconds since 1970.
    pub arrived: i64,
    /// Its words.
    pub text: FoldedText,
    /// What is told of it beside its words.
    pub attributes: EntryAttributes,
}

/// A segment being built: articles, the oldest first.
#[derive(Default)]
pub struct SegmentBuilder {
    terms: TermTable,
    field_terms: FieldTerms,
    forward_index: ForwardIndexBuffer,
    doc_values: Vec<DocValues>,
}

/// Texts as numbers, one per word as they were first met, besides [`PHRASE_BREAK`] and [`FIELD_BREAK`].
#[derive(Default)]
struct ForwardIndexBuffer {
    bytes: Vec<u8>,
    /// Where each ends.
    text_ends: Vec<usize>,
}

impl SegmentBuilder {
    /// How many articles it has.
    pub fn len(&self) -> usize {
        self.doc_values.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.doc_values.is_empty()
    }

    /// Adds an article; none that is newer was added before.
    pub fn add_document(&mut self, article: &IndexDocument) {
        let number = u32::try_from(self.doc_values.len()).unwrap_or(u32::MAX);
        let mut words = 0;
        for (index, field) in article.text.text.split(FIELD_SEPARATOR).enumerate() {
            if index > 0 {
                varint::encode(FIELD_BREAK, &mut self.forward_index.bytes);
            }
            let space = [Some(TermField::Title), Some(TermField::Author), None].get(index).copied();
            let running = self.add_field(field, space.unwrap_or(Some(TermField::Tag)), number);
            if index == 2 {
                words = running;
            }
        }
        for word in split_words(&article.text.url).filter(|word| *word != "\n") {
            self.add_field_term(TermField::Url, word, number);
        }
        self.add_attributes(article, number);
        let IndexDocument { id, published, .. } = *article;
        let arrived = u32::try_from(article.arrived.max(0)).unwrap_or(u32::MAX);
        self.doc_values.push(DocValues { entry_id: id.0, published, word_count: words, arrived });
        self.forward_index.text_ends.push(self.forward_index.bytes.len());
    }

    /// The words of a field of folded text, which are in a space of their own, too. Gives how many there are, joined
    /// forms not counted.
    fn add_field(&mut self, field: &str, space: Option<TermField>, article: u32) -> u32 {
        let (mut before, mut words, mut joined) = (None, 0, 0);
        for word in split_words(field) {
            if word == "\n" {
                varint::encode(PHRASE_BREAK, &mut self.forward_index.bytes);
                (before, joined) = (None, 1);
                continue;
            }
            words += 1 - joined;
            let InternedTerm { id: number, bigram_class: pairing } =
                self.terms.intern(truncate_term(word));
            varint::encode(number + FIRST_TERM_ID, &mut self.forward_index.bytes);
            if let Some(space) = space {
                self.field_terms.add_posting(space, number, None, article);
            }
            if let Some((before, kind)) = before.replace((number, pairing))
                && kind == pairing
                && pairing != BigramClass::Ordinary
            {
                self.field_terms.add_posting(TermField::Bigram, before, Some(number), article);
            }
        }
        words
    }

    fn add_field_term(&mut self, space: TermField, word: &str, article: u32) {
        let word = self.terms.intern(truncate_term(word)).id;
        self.field_terms.add_posting(space, word, None, article);
    }

    fn add_attributes(&mut self, article: &IndexDocument, number: u32) {
        self.add_field_term(TermField::Attribute, &term_key::feed_attribute(article.feed), number);
        if article.day_only {
            self.add_field_term(TermField::Attribute, term_key::DAY_ONLY_ATTRIBUTE, number);
        }
        let EntryAttributes { language, media, edited } = &article.attributes;
        let noted = media.iter().map(|found| media_attribute(*found));
        let noted = noted.chain(language.map(crate::index::language_attribute));
        for fact in noted.chain(edited.then(|| EDITED_ATTRIBUTE.to_owned())) {
            self.add_field_term(TermField::Attribute, &fact, number);
        }
    }

    /// Writes the segment to `folder`; a word is [common](COMMON_WORD_MIN_DOCS) if it is in `common` articles.
    pub fn write_segment(self, folder: &Path, common: u32) -> Result<(), IndexError> {
        let articles = u32::try_from(self.doc_values.len()).unwrap_or(u32::MAX);
        let mut writer = SegmentWriter::create(folder, articles, common)?;
        let lists = PostingLists::from_texts(
            self.terms.len(),
            self.forward_index.iter_texts().map(|text| text.filter_map(decode_word)),
        );
        let mut tokens = vec![0; self.terms.len()];
        let words = self.terms.into_sorted();
        let mut written = term_key(TermField::Word, "");
        for (word, number) in words.iter() {
            let list = lists.list(number);
            // What is no word of a text is one of another space.
            if !list.is_empty() {
                written.truncate(1);
                written.extend_from_slice(word);
                tokens[number as usize] = writer.write_term(&written, list)?;
            }
        }
        drop(lists);
        self.field_terms.write_terms(&words, &words.positions_by_id(), &mut writer)?;
        drop(words);
        let mut texts = writer.finish_terms()?;
        for token in &mut tokens {
            *token = texts.term_id(*token);
        }
        for text in self.forward_index.iter_texts() {
            texts.write_text(
                text.map(|number| decode_word(number).map_or(number, |word| tokens[word as usize])),
            )?;
        }
        texts.finish(&self.doc_values.iter().copied(), &mut || true).map(drop)
    }
}

impl ForwardIndexBuffer {
    /// The numbers that each is made of.
    fn iter_texts(&self) -> impl Iterator<Item = impl Iterator<Item = u32>> + Clone {
        let starts = [0].into_iter().chain(self.text_ends.iter().copied());
        starts.zip(&self.text_ends).map(|(start, end)| {
            let mut text = &self.bytes[start..*end];
            std::iter::from_fn(move || varint::decode(&mut text))
        })
    }
}

/// The word that a number of a text is, if it is one.
fn decode_word(number: u32) -> Option<u32> {
    number.checked_sub(FIRST_TERM_ID)
}

/// The words of folded text: what stands between its blanks.
fn split_words(folded: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let ends = memchr_iter(b' ', folded.as_bytes()).chain([folded.len()]);
    let words = ends.map(move |end| &folded[std::mem::replace(&mut start, end + 1)..end]);
    words.filter(|word| !word.is_empty())
}

/// The part of a word that is kept.
pub(super) fn truncate_term(word: &str) -> &str {
    &word[..floor_char_boundary(word, MAX_TERM_BYTES)]
}
