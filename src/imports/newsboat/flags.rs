//! The flags of newsboat, which are single letters.

use std::collections::BTreeMap;

use crate::model::{ImportedMarks, TagName};

/// The meaning of a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlagMeaning {
    /// The article is starred.
    Star,
    /// The article has a tag.
    Tag(TagName),
}

/// The meanings of flags that the user has chosen. Others become tags: `flag-a`, and `flag-upper-a` for
/// `A`, because names of tags are compared without case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlagNames {
    meanings: BTreeMap<char, FlagMeaning>,
}

impl FlagNames {
    /// Sets the meaning of a flag from a text such as `s=star` or `i=important`.
    ///
    /// # Errors
    ///
    /// Fails with a sentence for the user if the text is something else.
    pub fn set(&mut self, text: &str) -> Result<(), String> {
        let wrong = || format!("“{text}” is not a letter, = and a tag or `star`, such as s=star");
        let (flag, name) = text.split_once('=').ok_or_else(wrong)?;
        let mut letters = flag.chars();
        let letter = letters.next().filter(|_| letters.as_str().is_empty());
        let letter = letter.filter(char::is_ascii_alphabetic).ok_or_else(wrong)?;
        let meaning = match name {
            "star" => FlagMeaning::Star,
            name => FlagMeaning::Tag(
                TagName::parse(name).map_err(|error| format!("“{name}” is not a tag: {error}"))?,
            ),
        };
        self.meanings.insert(letter, meaning);
        Ok(())
    }

    /// Returns the meaning of a flag; `None` for a character that is none.
    pub fn meaning(&self, letter: char) -> Option<FlagMeaning> {
        if let Some(meaning) = self.meanings.get(&letter) {
            return Some(meaning.clone());
        }
        let name = match letter {
            'a'..='z' => format!("flag-{letter}"),
            'A'..='Z' => format!("flag-upper-{}", letter.to_ascii_lowercase()),
            _ => return None,
        };
        Some(FlagMeaning::Tag(TagName::from_stored(name)))
    }

    /// Adds the marks that the flags of an article mean.
    pub(super) fn add_marks(&self, flags: &str, marks: &mut ImportedMarks) {
        for meaning in flags.chars().filter_map(|letter| self.meaning(letter)) {
            match meaning {
                FlagMeaning::Star => marks.is_starred = true,
                FlagMeaning::Tag(tag) if marks.tags.contains(&tag) => {}
                FlagMeaning::Tag(tag) => marks.tags.push(tag),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_tags_or_what_the_user_says() {
        let mut flags = FlagNames::default();
        flags.set("s=star").unwrap();
        flags.set("L=later").unwrap();
        for wrong in ["s", "ss=star", "1=star", "=x", "s=two words", "s="] {
            assert!(flags.set(wrong).is_err(), "{wrong}");
        }
        let mut marks = ImportedMarks::default();
        flags.add_marks("aAsL?a", &mut marks);
        let tags: Vec<&str> = marks.tags.iter().map(TagName::as_str).collect();
        assert_eq!(tags, ["flag-a", "flag-upper-a", "later"]);
        assert!(marks.is_starred);
    }
}
