//! The words of an article, with the ways in which it uses them.

use super::number_table::NumberTable;
use crate::text::{for_each_word, is_single_char_word, stable_digest};

/// Minimum length of the words that show whether a sentence is a headline, in bytes: shorter ones
/// are in lower case in headlines, too.
const MIN_HEADLINE_WORD_BYTES: usize = 4;

/// Minimum number of such words in a headline.
const MIN_HEADLINE_WORDS: usize = 4;

/// The uses of a word in an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct WordUse {
    /// Number of times that the word occurs.
    pub(super) count: u32,
    /// Number of times that it has a capital letter where other words have none.
    pub(super) name_count: u32,
    /// The word is a number.
    pub(super) is_number: bool,
    /// The word is of a script without capital letters, which do not tell names.
    pub(super) is_caseless: bool,
}

impl WordUse {
    /// Returns whether the article uses the word as a name.
    pub(super) fn is_name(&self) -> bool {
        self.name_count > 0 && self.name_count * 2 >= self.count
    }
}

/// The words of an article.
#[derive(Debug, Default)]
pub(super) struct WordUses {
    /// The folded words, one after the other: a long text has thousands, and each would be an allocation.
    folded: String,
    words: Vec<UsedWord>,
    /// The numbers of the words by their digests. Two words with one digest would be one word, as they are where terms
    /// are compared.
    numbers: NumberTable,
}

/// A word and its uses.
#[derive(Debug)]
struct UsedWord {
    /// The end of the folded word, which begins at the end of the one before.
    end: usize,
    /// The digest of the folded word.
    digest: u64,
    uses: WordUse,
}

impl WordUses {
    /// Iterates over the folded words, in the order in which they occur first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &WordUse)> {
        let mut start = 0;
        self.words.iter().map(move |word| {
            let folded = &self.folded[start..word.end];
            start = word.end;
            (folded, &word.uses)
        })
    }

    /// Returns the uses of a folded word, none if it is a new one.
    fn uses_of(&mut self, folded: &str) -> &mut WordUse {
        let digest = stable_digest(&[folded.as_bytes()]);
        let digest_of = |number: u32| self.words[number as usize].digest;
        let number = self.numbers.get(digest, digest_of).unwrap_or_else(|| {
            let number =
                u32::try_from(self.words.len()).expect("a text has at most two parts of 64 KiB");
            self.numbers.insert((digest, number), digest_of);
            number
        });
        if number as usize == self.words.len() {
            self.folded.push_str(folded);
            let end = self.folded.len();
            self.words.push(UsedWord { end, digest, uses: WordUse::default() });
        }
        &mut self.words[number as usize].uses
    }

    /// Adds the words of a text. Where two neighbouring characters are words by themselves, because
    /// their script has no blanks, both together are added in their place.
    pub(super) fn add_text(&mut self, text: &str) {
        let (mut sentence, mut characters) =
            (Sentence::default(), NeighbouringCharacters::default());
        let mut end = 0;
        for_each_word(text, |word| {
            let is_adjacent = end == word.start;
            if ends_sentence(&text[end..word.start]) {
                self.add_sentence(&mut sentence);
            }
            end = word.end;
            let Some(first) = text[word.range()].chars().next() else { return };
            if is_single_char_word(first) {
                if let Some(pair) = characters.push(word.folded, is_adjacent) {
                    self.add_pair(pair);
                }
            } else {
                characters.clear();
                sentence.push(word.folded, first);
            }
        });
        self.add_sentence(&mut sentence);
    }

    /// Adds two characters that are words by themselves, as the index names them.
    fn add_pair(&mut self, pair: &str) {
        let uses = self.uses_of(pair);
        uses.count += 1;
        uses.is_caseless = true;
    }

    /// Adds the words of a sentence, and begins another one. The first word has a capital letter in
    /// any case, and in a headline most words have.
    fn add_sentence(&mut self, sentence: &mut Sentence) {
        let is_headline = sentence.is_headline();
        let mut start = 0;
        for (at, SentenceWord { end, first }) in sentence.words.drain(..).enumerate() {
            let folded = &sentence.folded[start..end];
            start = end;
            let uses = self.uses_of(folded);
            uses.count += 1;
            uses.name_count += u32::from(at > 0 && first.is_uppercase() && !is_headline);
            uses.is_number = first.is_numeric();
            uses.is_caseless = !uses.is_number && !first.is_uppercase() && !first.is_lowercase();
        }
        sentence.folded.clear();
    }
}

/// The words of a sentence that are read so far.
#[derive(Debug, Default)]
struct Sentence {
    /// The folded words, one after the other: a text has thousands, most of which were seen before.
    folded: String,
    words: Vec<SentenceWord>,
}

#[derive(Debug)]
struct SentenceWord {
    /// The end of the folded word.
    end: usize,
    /// The first character, as it is written.
    first: char,
}

impl Sentence {
    fn push(&mut self, folded: &str, first: char) {
        self.folded.push_str(folded);
        self.words.push(SentenceWord { end: self.folded.len(), first });
    }

    /// Returns whether at least seven in ten of the longer words have a capital letter.
    fn is_headline(&self) -> bool {
        let (mut start, mut long, mut capitals) = (0, 0, 0);
        for SentenceWord { end, first } in &self.words {
            let length = end - std::mem::replace(&mut start, *end);
            if length >= MIN_HEADLINE_WORD_BYTES && !first.is_numeric() {
                long += 1;
                capitals += usize::from(first.is_uppercase());
            }
        }
        long >= MIN_HEADLINE_WORDS && capitals * 10 >= long * 7
    }
}

/// The last character that was a word by itself, and the pair that it makes with the next one.
#[derive(Debug, Default)]
struct NeighbouringCharacters {
    last: String,
    pair: String,
}

impl NeighbouringCharacters {
    /// Adds a character; returns it with the one before, with a blank between them, if they are neighbours.
    fn push(&mut self, character: &str, is_adjacent: bool) -> Option<&str> {
        let is_pair = is_adjacent && !self.last.is_empty();
        self.pair.clear();
        self.pair.extend([self.last.as_str(), " ", character]);
        self.last.clear();
        self.last.push_str(character);
        is_pair.then_some(&self.pair)
    }

    fn clear(&mut self) {
        self.last.clear();
    }
}

/// Returns whether a sentence ends in the text between two words. A quotation begins with a capital
/// letter, too.
fn ends_sentence(between: &str) -> bool {
    let is_end = |c: char| {
        matches!(c, '.' | '!' | '?' | ':' | ';' | '\n' | '"' | '“' | '”' | '‘' | '„' | '«' | '»')
    };
    between.contains(is_end) || between.contains("''") || between.contains("``")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(text: &str) -> Vec<String> {
        let mut uses = WordUses::default();
        uses.add_text(text);
        let mut names: Vec<String> = uses
            .iter()
            .filter(|(_, uses)| uses.is_name())
            .map(|(word, _)| word.to_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn capital_letters_within_sentences_make_names() {
        assert_eq!(
            names("The bid of Oracle for PeopleSoft failed. Shares fell."),
            ["oracle", "peoplesoft"]
        );
        assert_eq!(names("He said: “Nobody knows.” Then Anna left"), ["anna"]);
    }

    #[test]
    fn capital_letters_of_headlines_make_no_names() {
        let headline = "Fire Destroys Famous Church Near Wasilla";
        assert_eq!(names(headline), [""; 0]);
        assert_eq!(names(&format!("{headline}\nPeople of Wasilla said so.")), ["wasilla"]);
    }

    #[test]
    fn characters_without_blanks_are_read_in_pairs() {
        let mut uses = WordUses::default();
        uses.add_text("東京都 東京");
        let mut words: Vec<(&str, u32)> =
            uses.iter().map(|(word, uses)| (word, uses.count)).collect();
        words.sort_unstable();
        assert_eq!(words, [("京 都", 1), ("東 京", 2)]);
    }

    proptest! {
        #[test]
        fn each_word_is_counted_once(words in prop::collection::vec("[a-z]{1,3}", 0..300)) {
            let mut counts: Vec<(String, u32)> = Vec::new();
            for word in &words {
                match counts.iter_mut().find(|(known, _)| known == word) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((word.clone(), 1)),
                }
            }
            let mut uses = WordUses::default();
            uses.add_text(&words.join(" "));
            let found: Vec<(String, u32)> =
                uses.iter().map(|(word, uses)| (word.to_owned(), uses.count)).collect();
            prop_assert_eq!(found, counts);
        }
    }
}
