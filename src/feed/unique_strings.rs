//! Strings without repetitions, in order of arrival.

use std::collections::HashMap;

/// Number of strings up to which they are compared one by one, which is faster than hashing them.
const MAX_SCANNED: usize = 16;

/// A list in which each string occurs once. Adding one takes constant time, however many there are.
#[derive(Debug, Default)]
pub(super) struct UniqueStrings {
    strings: Vec<String>,
    /// The index of each string, once there are more than [`MAX_SCANNED`].
    by_string: HashMap<String, usize>,
}

impl UniqueStrings {
    /// Adds `string` unless the list has it; returns true if it is new.
    pub(super) fn insert(&mut self, string: String) -> bool {
        if self.position(&string).is_some() {
            return false;
        }
        if self.strings.len() == MAX_SCANNED {
            self.by_string = self.strings.iter().cloned().zip(0..).collect();
        }
        if self.strings.len() >= MAX_SCANNED {
            self.by_string.insert(string.clone(), self.strings.len());
        }
        self.strings.push(string);
        true
    }

    /// Returns the index of `string`; `None` if the list has it not.
    pub(super) fn position(&self, string: &str) -> Option<usize> {
        if self.strings.len() <= MAX_SCANNED {
            return self.strings.iter().position(|known| known == string);
        }
        self.by_string.get(string).copied()
    }

    /// Returns the strings.
    pub(super) fn into_vec(self) -> Vec<String> {
        self.strings
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn unique_strings_equal_a_list_that_is_searched(texts in prop::collection::vec("[a-f]{1,2}", 0..80)) {
            let (mut unique, mut expected) = (UniqueStrings::default(), Vec::new());
            for text in texts {
                let is_new = !expected.contains(&text);
                prop_assert_eq!(unique.insert(text.clone()), is_new);
                if is_new {
                    expected.push(text.clone());
                }
                prop_assert_eq!(unique.position(&text), expected.iter().position(|known| *known == text));
            }
            prop_assert_eq!(unique.into_vec(), expected);
        }
    }
}
