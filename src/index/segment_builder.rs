//! Builds a segment from documents in memory. Large libraries are indexed in batches, so the memory
//! in use is bounded.

use memchr::memchr_iter;

use super::{
    EDITED_ATTRIBUTE, IndexError, SegmentLocation,
    field_terms::FieldTerms,
    media_attribute,
    posting_builder::PostingLists,
    segment::{
        DocValues, FIELD_BREAK, FIRST_TERM_ID, MAX_TRIGRAM_WORD_BYTES, PHRASE_BREAK, SegmentWriter,
        term_key::{self, BigramClass, TermField, term_key},
    },
    term_table::{InternedTerm, TermTable},
    varint,
};
use crate::{
    model::{EntryId, FeedId},
    query::{EntryAttributes, FIELD_SEPARATOR, FoldedText, WordPattern},
    text::floor_char_boundary,
};

/// Maximum number of documents in a new segment.
pub const MAX_NEW_SEGMENT_DOCS: usize = 16 * 1024;

/// Number of terms from which a new segment is full, and of terms in its hash tables, which take 18 MB
/// then: the terms of 32 MiB of texts in which no word occurs twice would take half a gigabyte. 16,384
/// articles of one language have two fifths of them.
const MAX_NEW_SEGMENT_TERMS: usize = 1 << 18;

/// Minimum number of documents that contain a common word; one in 64 documents of the segment must
/// contain it as well. The bigrams of common words are stored. The texts with a rarer word are so
/// few that searching them is fast enough.
pub const COMMON_WORD_MIN_DOCS: u32 = 1024;

/// Maximum length of a term in bytes. Longer words are truncated, in queries as well, so they are
/// found by their beginning.
pub(super) const MAX_TERM_BYTES: usize = 256;

// A truncated word may have any trigram.
const _: () = assert!(MAX_TRIGRAM_WORD_BYTES < MAX_TERM_BYTES - char::MAX.len_utf8());

/// An entry in the form that the index stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexDocument {
    /// Entry id.
    pub id: EntryId,
    /// Feed of the entry.
    pub feed: FeedId,
    /// Publication time in seconds since 1970.
    pub published: i64,
    /// True if only the day of publication is known.
    pub day_only: bool,
    /// Time of arrival in seconds since 1970.
    pub arrived: i64,
    /// Folded text.
    pub text: FoldedText,
    /// Attributes that are not words of the text.
    pub attributes: EntryAttributes,
}

/// A new segment in memory, to which documents are added oldest first.
pub struct SegmentBuilder {
    max_terms: usize,
    terms: TermTable,
    field_terms: FieldTerms,
    forward_index: ForwardIndexBuffer,
    doc_values: Vec<DocValues>,
}

/// Texts as varints: provisional term ids plus [`FIRST_TERM_ID`], [`PHRASE_BREAK`] and
/// [`FIELD_BREAK`].
#[derive(Default)]
struct ForwardIndexBuffer {
    bytes: Vec<u8>,
    /// End of each text in `bytes`.
    text_ends: Vec<usize>,
}

impl Default for SegmentBuilder {
    fn default() -> SegmentBuilder {
        SegmentBuilder::with_max_terms(MAX_NEW_SEGMENT_TERMS)
    }
}

impl SegmentBuilder {
    /// Creates a builder that is full from `max_terms` terms on, and keeps no more of them in its hash
    /// tables.
    pub fn with_max_terms(max_terms: usize) -> SegmentBuilder {
        SegmentBuilder {
            max_terms,
            terms: TermTable::new(max_terms),
            field_terms: FieldTerms::default(),
            forward_index: ForwardIndexBuffer::default(),
            doc_values: Vec::new(),
        }
    }

    /// Returns the number of documents.
    pub fn len(&self) -> usize {
        self.doc_values.len()
    }

    /// Returns true if there are no documents.
    pub fn is_empty(&self) -> bool {
        self.doc_values.is_empty()
    }

    /// Returns true if the segment has so many documents or terms that another one must be begun.
    pub fn is_full(&self) -> bool {
        self.len() >= MAX_NEW_SEGMENT_DOCS || self.terms.len() >= self.max_terms
    }

    /// Adds a document. Documents must be added in ascending order of publication, and none to a
    /// builder that has [`MAX_NEW_SEGMENT_DOCS`].
    pub fn add_document(&mut self, document: &IndexDocument) {
        let doc = u32::try_from(self.doc_values.len()).unwrap_or(u32::MAX);
        let mut body_words = 0;
        for (index, text) in document.text.text.split(FIELD_SEPARATOR).enumerate() {
            if index > 0 {
                varint::encode(FIELD_BREAK, &mut self.forward_index.bytes);
            }
            // The order of the fields in a folded text: title, author, body, tags.
            let field = match index {
                0 => Some(TermField::Title),
                1 => Some(TermField::Author),
                2 => None,
                _ => Some(TermField::Tag),
            };
            let field_words = self.add_field(text, field, doc);
            if index == 2 {
                body_words = field_words;
            }
        }
        for word in split_words(&document.text.url).filter(|word| *word != "\n") {
            self.add_field_term(TermField::Url, word, doc);
        }
        self.add_attributes(document, doc);
        let IndexDocument { id, published, .. } = *document;
        let arrived = u32::try_from(document.arrived.max(0)).unwrap_or(u32::MAX);
        self.doc_values.push(DocValues {
            entry_id: id.0,
            published,
            word_count: body_words,
            arrived,
        });
        self.forward_index.text_ends.push(self.forward_index.bytes.len());
    }

    /// Adds the words of one field to the text and, if `field` is given, to the field's terms.
    /// Returns the number of words without joined forms.
    fn add_field(&mut self, text: &str, field: Option<TermField>, doc: u32) -> u32 {
        let mut previous: Option<InternedTerm> = None;
        let (mut words, mut in_joined_forms) = (0, false);
        for word in split_words(text) {
            if word == "\n" {
                varint::encode(PHRASE_BREAK, &mut self.forward_index.bytes);
                (previous, in_joined_forms) = (None, true);
                continue;
            }
            words += u32::from(!in_joined_forms);
            let term = self.terms.intern(truncate_term(word));
            if in_joined_forms && matches!(field, Some(TermField::Title) | None) {
                self.field_terms.add_posting(TermField::Joined, term.id, None, doc);
            }
            varint::encode(term.id + FIRST_TERM_ID, &mut self.forward_index.bytes);
            if let Some(field) = field {
                self.field_terms.add_posting(field, term.id, None, doc);
            }
            if let Some(previous) = previous.replace(term)
                && previous.bigram_class == term.bigram_class
                && term.bigram_class != BigramClass::Ordinary
            {
                self.field_terms.add_posting(TermField::Bigram, previous.id, Some(term.id), doc);
            }
        }
        words
    }

    fn add_field_term(&mut self, field: TermField, word: &str, doc: u32) {
        let term = self.terms.intern(truncate_term(word)).id;
        self.field_terms.add_posting(field, term, None, doc);
    }

    fn add_attributes(&mut self, document: &IndexDocument, doc: u32) {
        self.add_field_term(TermField::Attribute, &term_key::feed_attribute(document.feed), doc);
        self.add_field_term(TermField::Attribute, term_key::JOINED_ATTRIBUTE, doc);
        if document.day_only {
            self.add_field_term(TermField::Attribute, term_key::DAY_ONLY_ATTRIBUTE, doc);
        }
        let EntryAttributes { language, media, edited } = &document.attributes;
        let media = media.iter().map(|kind| media_attribute(*kind));
        let language = language.map(crate::index::language_attribute);
        let edited = edited.then(|| EDITED_ATTRIBUTE.to_owned());
        for attribute in media.chain(language).chain(edited) {
            self.add_field_term(TermField::Attribute, &attribute, doc);
        }
    }

    /// Writes the segment to `location`. A word is [common](COMMON_WORD_MIN_DOCS) if at least
    /// `common` documents have it.
    ///
    /// `go_on` is called regularly; if it returns false, no segment is written, and the function returns
    /// `Ok(false)`.
    pub fn write_segment(
        self,
        location: &SegmentLocation,
        common: u32,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<bool, IndexError> {
        let max_doc = u32::try_from(self.doc_values.len()).unwrap_or(u32::MAX);
        let mut writer = SegmentWriter::create(location, max_doc, common)?;
        let term_count = self.terms.len();
        let words = self.terms.into_sorted();
        let first_ids = words.first_ids();
        let first_id = |id: u32| first_ids.get(id as usize).copied().unwrap_or(id);
        let lists = PostingLists::from_texts(
            term_count,
            self.forward_index.iter_texts().map(|text| text.filter_map(decode_word).map(first_id)),
        );
        let mut term_ids = vec![0; term_count];
        let (mut key, mut docs) = (term_key(TermField::Word, ""), Vec::new());
        for (word, id) in words.iter() {
            if !go_on() {
                return Ok(false);
            }
            docs.clear();
            lists.add_to(id, &mut docs);
            // Terms without documents here occur only in other fields.
            if !docs.is_empty() {
                key.truncate(1);
                key.extend_from_slice(word);
                term_ids[id as usize] = writer.write_term(&key, &docs)?;
            }
        }
        drop(lists);
        self.field_terms.write_terms(&words, &words.positions_by_id(), &mut writer)?;
        drop(words);
        let mut texts = writer.finish_terms()?;
        for term_id in &mut term_ids {
            *term_id = texts.term_id(*term_id);
        }
        for text in self.forward_index.iter_texts() {
            if !go_on() {
                return Ok(false);
            }
            texts.write_text(text.map(|number| {
                decode_word(number).map_or(number, |word| term_ids[first_id(word) as usize])
            }))?;
        }
        texts.finish(&self.doc_values.iter().copied(), go_on)
    }
}

impl ForwardIndexBuffer {
    /// Iterates over the texts; each is an iterator over its numbers.
    fn iter_texts(&self) -> impl Iterator<Item = impl Iterator<Item = u32>> + Clone {
        let starts = [0].into_iter().chain(self.text_ends.iter().copied());
        starts.zip(&self.text_ends).map(|(start, end)| {
            let mut text = &self.bytes[start..*end];
            std::iter::from_fn(move || varint::decode(&mut text))
        })
    }
}

/// Returns the provisional id of a word, or `None` for a break.
fn decode_word(number: u32) -> Option<u32> {
    number.checked_sub(FIRST_TERM_ID)
}

/// Splits folded text at blanks. The separator before joined forms is the word `"\n"`.
fn split_words(folded: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let ends = memchr_iter(b' ', folded.as_bytes()).chain([folded.len()]);
    let words = ends.map(move |end| &folded[std::mem::replace(&mut start, end + 1)..end]);
    words.filter(|word| !word.is_empty())
}

/// Returns the part of a word that the index stores.
pub(super) fn truncate_term(word: &str) -> &str {
    &word[..floor_char_boundary(word, MAX_TERM_BYTES)]
}

/// Returns true if the stored term may be only the beginning of a word.
pub(super) fn may_be_truncated(term: &[u8]) -> bool {
    term.len() > MAX_TERM_BYTES - char::MAX.len_utf8()
}

/// Returns true if the stored term is a whole word with a match of `pattern`.
pub(super) fn matches_whole_word(pattern: &WordPattern, term: &[u8]) -> bool {
    let word = || std::str::from_utf8(term);
    !may_be_truncated(term) && word().is_ok_and(|word| pattern.is_match(word))
}
