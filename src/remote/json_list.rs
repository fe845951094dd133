//! Lists in answers, which are read up to a number of values.
//!
//! An answer of 32 MiB has room for ten million values of three bytes, each of which takes a hundred in
//! memory.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};

/// Maximum number of subscriptions, as of the feeds of a subscription list (OPML). More are an error: a
/// subscription that is missing in the list is unsubscribed from.
pub const MAX_SUBSCRIPTIONS: usize = 50_000;

/// Maximum number of articles of an answer, several times what is asked for; the rest is left out.
pub const MAX_ITEMS: usize = 1000;

/// Maximum number of links, of files and of categories of an article; the rest is left out.
pub const MAX_VALUES: usize = 1000;

/// The first `MAX` values of a list; none for `null`.
#[derive(Debug)]
pub struct AtMost<T, const MAX: usize> {
    /// The values.
    pub values: Vec<T>,
    /// The list has more.
    pub is_cut: bool,
}

impl<T, const MAX: usize> Default for AtMost<T, MAX> {
    fn default() -> AtMost<T, MAX> {
        AtMost { values: Vec::new(), is_cut: false }
    }
}

impl<T, const MAX: usize> IntoIterator for AtMost<T, MAX> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.values.into_iter()
    }
}

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for AtMost<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AtMostVisitor(PhantomData))
    }
}

struct AtMostVisitor<T, const MAX: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for AtMostVisitor<T, MAX> {
    type Value = AtMost<T, MAX>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(AtMost::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while values.len() < MAX
            && let Some(value) = list.next_element()?
        {
            values.push(value);
        }
        let mut is_cut = false;
        while list.next_element::<IgnoredAny>()?.is_some() {
            is_cut = true;
        }
        Ok(AtMost { values, is_cut })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_keeps_the_first_values() {
        for (json, expected, is_cut) in [
            ("[]", &[][..], false),
            ("null", &[], false),
            ("[1,2,3]", &[1, 2, 3], false),
            ("[1,2,3,4]", &[1, 2, 3], true),
        ] {
            let list: AtMost<u32, 3> = serde_json::from_str(json).unwrap();
            assert_eq!((&*list.values, list.is_cut), (expected, is_cut), "{json}");
        }
        assert!(serde_json::from_str::<AtMost<u32, 3>>("{}").is_err());
    }
}
