//! Words by number, numbers by word, while a segment is built.

use hashbrown::HashMap;

/// Every word once, numbered as they come.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Most words are short; these are compared without following an address.
    short: HashMap<Short, u32>,
    long: HashMap<String, u32>,
}

/// Words of a [`Short`] are shorter.
const SHORT: usize = 24;

/// A word, zeros, and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Short([u64; SHORT / 8]);

impl Short {
    fn of(word: &str) -> Option<Short> {
        let mut bytes = [0; SHORT];
        let length = u8::try_from(word.len()).ok().filter(|length| usize::from(*length) < SHORT)?;
        bytes[..word.len()].copy_from_slice(word.as_bytes());
        bytes[SHORT - 1] = length;
        let parts = bytes.as_chunks().0;
        Some(Short([0, 1, 2].map(|at| u64::from_ne_bytes(parts[at]))))
    }

    fn bytes(self) -> Vec<u8> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|part| part.to_ne_bytes()).collect();
        bytes[..usize::from(bytes[SHORT - 1])].to_vec()
    }
}

impl Names {
    /// The number of `word`; `new` gives it one if it has none yet.
    pub(super) fn number(&mut self, word: &str, new: impl FnOnce() -> u32) -> u32 {
        match Short::of(word) {
            Some(short) => *self.short.entry(short).or_insert_with(new),
            None => *self.long.entry_ref(word).or_insert_with(new),
        }
    }

    /// Every word and its number, in the order of the words.
    pub(super) fn sorted(self) -> Vec<(String, u32)> {
        let text = |short: Short| String::from_utf8(short.bytes()).unwrap_or_default();
        let short = self.short.into_iter().map(|(short, number)| (text(short), number));
        let mut all: Vec<(String, u32)> = short.chain(self.long).collect();
        all.sort_unstable();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn every_word_has_one_number_however_long_it_is() {
        let (mut names, mut last) = (Names::default(), 0);
        let long = "a".repeat(24);
        let words = ["the", "", "the\0", &long[..23], &long, "städte", "the", &long, &long[..23]];
        let mut number = |word: &str| {
            names.number(word, || {
                last += 1;
                last - 1
            })
        };
        assert_eq!(words.map(&mut number), [0, 1, 2, 3, 4, 5, 0, 4, 3]);
        let expected =
            [("", 1), (&long[..23], 3), (long.as_str(), 4), ("städte", 5), ("the", 0), ("the\0", 2)];
        assert_eq!(names.sorted(), expected.map(|(word, number)| (word.to_owned(), number)));
    }
}
