//! The texts of earlier versions as they are stored: each is compressed with the next newer one as its dictionary, of
//! which most words are the same. The newest has none, because the text of the entry itself may change without a version.

use std::collections::HashMap;

use rusqlite::types::Value;
use zstd::bulk::{Compressor, Decompressor};

use crate::text::stable_digest;

/// Minimum length of a text that is compressed, in bytes.
const MIN_COMPRESSED_BYTES: usize = 64;

/// Zstandard level. Edits are few, and a higher one saves little where a dictionary has nearly the same text.
const COMPRESSION_LEVEL: i32 = 3;

/// Maximum length of a text, in bytes; a frame that claims more is damaged.
const MAX_TEXT_BYTES: usize = 256 << 20;

/// Length of the number in front of a frame: that of the text in bytes (`u32`, little-endian).
const LENGTH_BYTES: usize = 4;

/// Compresses a text with the text of a newer version as the dictionary; `None` if it is better stored as it is.
pub(super) fn pack_text(text: &str, newer: &str) -> Option<Vec<u8>> {
    if !(MIN_COMPRESSED_BYTES..=MAX_TEXT_BYTES).contains(&text.len()) {
        return None;
    }
    let mut compressor = Compressor::with_dictionary(COMPRESSION_LEVEL, newer.as_bytes()).ok()?;
    // Without it, a wrong dictionary gives another text.
    compressor.include_checksum(true).ok()?;
    let frame = compressor.compress(text.as_bytes()).ok()?;
    let mut packed = u32::try_from(text.len()).ok()?.to_le_bytes().to_vec();
    packed.extend(frame);
    (packed.len() < text.len()).then_some(packed)
}

/// Returns the text that [`pack_text`] has compressed with this dictionary; `None` if it is damaged.
pub(super) fn unpack_text(packed: &[u8], newer: &str) -> Option<String> {
    let (length, frame) = packed.split_first_chunk::<LENGTH_BYTES>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    if length > MAX_TEXT_BYTES {
        return None;
    }
    let mut decompressor = Decompressor::with_dictionary(newer.as_bytes()).ok()?;
    String::from_utf8(decompressor.decompress(frame, length).ok()?).ok()
}

/// The text of a version in its row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StoredText {
    /// The column `text`.
    pub(super) plain: String,
    /// The column `packed`.
    pub(super) packed: Option<Vec<u8>>,
    /// The digest of the text that is the dictionary: that of another version.
    pub(super) base: Option<i64>,
}

impl StoredText {
    /// Packs a text; `newer` is that of the next newer version.
    pub(super) fn pack(text: &str, newer: Option<&str>) -> StoredText {
        let base = newer.map(text_digest);
        let packed = pack_text(text, newer.unwrap_or_default());
        let plain = if packed.is_none() { text.to_owned() } else { String::new() };
        StoredText { plain, packed, base }
    }

    /// Returns the columns `text`, `packed` and `base`.
    pub(super) fn into_values(self) -> [Value; 3] {
        let packed = self.packed.map_or(Value::Null, Value::Blob);
        [Value::Text(self.plain), packed, self.base.map_or(Value::Null, Value::Integer)]
    }
}

/// Returns the digest by which a text is found as a dictionary.
pub(super) fn text_digest(text: &str) -> i64 {
    stable_digest(&[text.as_bytes()]).cast_signed()
}

/// Returns the texts of the versions of an entry, newest first; `None` for one that is damaged, or whose dictionary is.
pub(super) fn unpack_all(versions: &[&StoredText]) -> Vec<Option<String>> {
    let mut texts: Vec<Option<String>> = vec![None; versions.len()];
    let mut known: HashMap<i64, usize> = HashMap::new();
    // In one round, unless the clock was set back, so that a dictionary is that of a version that follows.
    loop {
        let before = known.len();
        for (at, stored) in versions.iter().enumerate() {
            if texts[at].is_some() {
                continue;
            }
            let dictionary = match stored.base {
                Some(base) => known.get(&base).and_then(|newer| texts[*newer].as_deref()),
                None => Some(""),
            };
            let text = match &stored.packed {
                Some(packed) => dictionary.and_then(|newer| unpack_text(packed, newer)),
                None => Some(stored.plain.clone()),
            };
            known.extend(text.as_deref().map(|text| (text_digest(text), at)));
            texts[at] = text;
        }
        if known.len() == before || texts.iter().all(Option::is_some) {
            return texts;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn unpacked_text_is_the_packed_one(text in ".{0,400}", newer in ".{0,400}") {
            if let Some(packed) = pack_text(&text, &newer) {
                prop_assert!(packed.len() < text.len());
                prop_assert_eq!(unpack_text(&packed, &newer), Some(text));
            }
        }
    }

    #[test]
    fn text_with_a_word_changed_takes_few_bytes() {
        let words: Vec<String> = (0..300).map(|n| format!("word{}", n * 7919 % 1000)).collect();
        let newer = words.join(" ");
        let older = newer.replace("word919", "another");
        let packed = pack_text(&older, &newer).unwrap();
        assert!(packed.len() < 80, "{}", packed.len());
        assert_eq!(unpack_text(&packed, &newer), Some(older));
        assert_eq!(unpack_text(&packed, &words[..200].join(" ")), None, "a wrong dictionary");
        assert_eq!(unpack_text(b"abc", &newer), None);
    }

    #[test]
    fn a_damaged_version_costs_those_that_need_it_alone() {
        let texts = ["a newer text ", "a new text ", "a text ", "the first text "]
            .map(|text| text.repeat(20));
        let newer = [None, Some(0), Some(1), Some(2)]
            .map(|at: Option<usize>| at.map(|at| texts[at].as_str()));
        let mut rows: Vec<StoredText> =
            texts.iter().zip(newer).map(|(text, newer)| StoredText::pack(text, newer)).collect();
        let unpack = |rows: &[StoredText]| unpack_all(&rows.iter().collect::<Vec<_>>());
        assert_eq!(unpack(&rows), texts.clone().map(Some));
        let mut reversed = rows.clone();
        reversed.reverse();
        assert!(unpack(&reversed).iter().all(Option::is_some));
        rows[2].packed = Some(vec![1, 2, 3]);
        let [first, second, ..] = texts;
        assert_eq!(unpack(&rows), [Some(first), Some(second), None, None]);
    }
}
