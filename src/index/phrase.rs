//! Whether a text has words side by side: looked up in the numbers that the text is stored as.

use memchr::memmem::Finder;

use super::{
    Bits, IndexError,
    condition::{Part, Phrase},
    segment::{FIELD, FIRST, Segment, key::Space},
    varint,
};

/// A phrase in the numbers of one segment.
#[derive(Debug)]
pub(super) struct Matcher {
    part: Part,
    /// The words before an open one.
    closed: Finder<'static>,
    /// The words that an open one may be, by their numbers.
    open: Option<Bits>,
}

impl Matcher {
    /// `None` if a word of the phrase is in no text of the segment.
    pub(super) fn new(segment: &Segment, part: Part, phrase: &Phrase) -> Result<Option<Matcher>, IndexError> {
        let mut closed = Vec::new();
        let count = phrase.words.len() - usize::from(phrase.open);
        for word in &phrase.words[..count] {
            let Some(ordinal) = segment.ordinal(Space::Word, word) else { return Ok(None) };
            varint::put(segment.token(ordinal)?, &mut closed);
        }
        let open = match phrase.words.last().filter(|_| phrase.open) {
            Some(word) => Some(tokens(segment, word)?),
            None => None,
        };
        Ok(Some(Matcher { part, closed: Finder::new(&closed).into_owned(), open }))
    }

    /// Whether the phrase is in a text.
    pub(super) fn is_in(&self, text: &[u8]) -> bool {
        let Some(text) = self.part_of(text) else { return false };
        let Some(open) = &self.open else { return self.places(text).next().is_some() };
        let length = self.closed.needle().len();
        if length == 0 {
            let mut rest = text;
            return std::iter::from_fn(|| varint::take(&mut rest)).any(|token| open.get(token));
        }
        self.places(text)
            .any(|at| varint::take(&mut &text[at + length..]).is_some_and(|token| open.get(token)))
    }

    /// How often the phrase is in a text, or in a part of one.
    pub(super) fn count_in(&self, text: &[u8]) -> u32 {
        let Some(open) = &self.open else { return count(self.places(text)) };
        let length = self.closed.needle().len();
        if length == 0 {
            let mut rest = text;
            return count(std::iter::from_fn(|| varint::take(&mut rest)).filter(|token| open.get(*token)));
        }
        let goes_on =
            |at: &usize| varint::take(&mut &text[at + length..]).is_some_and(|token| open.get(token));
        count(self.places(text).filter(goes_on))
    }

    /// Where the closed words stand. Bytes that are the end of another number are none.
    fn places<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = usize> {
        let whole = |at: &usize| at.checked_sub(1).is_none_or(|before| text[before] < 0x80);
        let mut from = 0;
        std::iter::from_fn(move || {
            let at = from + self.closed.find(text.get(from..)?)?;
            from = at + 1;
            Some(at)
        })
        .filter(whole)
    }

    fn part_of<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        match self.part {
            Part::Title => field(text, 0),
            Part::Author => field(text, 1),
            Part::Body => field(text, 2),
            Part::Tags => field(text, 3),
            Part::Anywhere | Part::Url => Some(text),
        }
    }
}

fn count<T>(found: impl Iterator<Item = T>) -> u32 {
    u32::try_from(found.count()).unwrap_or(u32::MAX)
}

/// The title of a text.
pub(super) fn title(text: &[u8]) -> &[u8] {
    field(text, 0).unwrap_or_default()
}

/// One field of a text.
fn field(text: &[u8], index: usize) -> Option<&[u8]> {
    let end = |from: usize| {
        let parts = |at: &usize| u32::from(text[*at]) == FIELD && (*at == 0 || text[at - 1] < 0x80);
        (from..text.len()).find(parts)
    };
    let from = (0..index).try_fold(0, |from, _| Some(end(from)? + 1))?;
    Some(&text[from..end(from).unwrap_or(text.len())])
}

/// The numbers of all words that begin with `prefix`.
fn tokens(segment: &Segment, prefix: &str) -> Result<Bits, IndexError> {
    let mut tokens = Bits::none(segment.words() + FIRST);
    for token in segment.tokens(segment.range(Space::Word, prefix))? {
        tokens.put(token, true);
    }
    Ok(tokens)
}
