//! What an article has besides the words of its text, while a segment is built: words of its fields, pairs, facts.

use hashbrown::HashMap;

use super::{
    IndexError,
    lists::Lists,
    segment::{SegmentWriter, key::Space},
    words::SortedWords,
};

/// Which articles have which of them.
#[derive(Default)]
pub(super) struct Others {
    numbers: HashMap<Other, u32>,
    lists: Lists,
}

/// A word in a space, or two of them, in one number: the space, the first, one more than the second. These are in order
/// as their keys are, if the words are numbered in order: in a key a blank is between two words, and nothing that is in
/// a word comes before that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Other(u64);

/// Bits of a word's number: a segment has far fewer.
const BITS: u32 = 30;

impl Other {
    fn new(space: Space, first: u32, second: Option<u32>) -> Other {
        let second = second.map_or(0, |second| u64::from(second) + 1);
        Other((space as u64) << (2 * BITS) | u64::from(first) << BITS | second)
    }

    fn space(self) -> u8 {
        u8::try_from(self.0 >> (2 * BITS)).unwrap_or(u8::MAX)
    }

    fn first(self) -> usize {
        self.word(BITS) as usize
    }

    fn second(self) -> Option<usize> {
        self.word(0).checked_sub(1).map(|second| second as usize)
    }

    fn word(self, shift: u32) -> u32 {
        u32::try_from(self.0 >> shift & ((1 << BITS) - 1)).unwrap_or(u32::MAX)
    }

    /// The same with other numbers of the words.
    fn numbered(self, numbers: &[u32]) -> Other {
        let space = self.0 >> (2 * BITS) << (2 * BITS);
        let second = self.second().map_or(0, |second| u64::from(numbers[second]) + 1);
        Other(space | u64::from(numbers[self.first()]) << BITS | second)
    }
}

impl Others {
    /// Notes that an article has a word in a space, or two side by side.
    pub(super) fn add(&mut self, space: Space, first: u32, second: Option<u32>, article: u32) {
        let lists = &mut self.lists;
        let number = *self.numbers.entry(Other::new(space, first, second)).or_insert_with(|| lists.thing());
        lists.add(number, article);
    }

    /// Writes all of them, in the order of their keys; `places` are those of the words in theirs.
    pub(super) fn write(
        self,
        words: &SortedWords,
        places: &[u32],
        writer: &mut SegmentWriter,
    ) -> Result<(), IndexError> {
        let lists = self.lists.sorted();
        let numbered = self.numbers.into_iter().map(|(other, number)| (other.numbered(places), number));
        let mut all: Vec<(Other, u32)> = numbered.collect();
        all.sort_unstable();
        let mut key = Vec::new();
        for (other, number) in all {
            key.clear();
            key.push(other.space());
            key.extend_from_slice(words.word(other.first()));
            if let Some(second) = other.second() {
                key.push(b' ');
                key.extend_from_slice(words.word(second));
            }
            writer.term(&key, lists.of(number))?;
        }
        Ok(())
    }
}
