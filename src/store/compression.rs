//! Compression of stored bodies.
//!
//! A body is stored as TEXT, or as a BLOB if that is smaller: the length of the text in bytes
//! (`u32`, little-endian), then a Zstandard frame. Frames of earlier versions have no checksum.

use std::io;

use rusqlite::types::{FromSqlError, ToSqlOutput, ValueRef};
use zstd::{
    bulk::{Compressor, Decompressor},
    zstd_safe::{CParameter, ParamSwitch, compress_bound},
};

/// Minimum length of a text that is compressed, in bytes; shorter texts are stored as they are.
const MIN_COMPRESSED_BYTES: usize = 128;

/// Zstandard compression level. Of 3,442 articles of feeds (6.2 MB), level 3 takes 1.4 times as long
/// and saves 0.7 % more, level 4 takes 2.4 times as long and saves 1.9 %.
const COMPRESSION_LEVEL: i32 = 1;

/// Minimum length of a repetition that is stored as one, in bytes. Of 5,000 articles of 3.2 KB, the level's
/// own 5 takes 1.15 times as long and saves 3.7 %.
const MIN_MATCH_BYTES: u32 = 7;

/// Number of bytes that the search for repetitions moves on by after one that begins none, less one. Of 5,000
/// articles of 3.2 KB, the level's own 1 takes 1.33 times as long and saves 5.5 %.
const SEARCH_STEP_BYTES: u32 = 4;

/// Maximum length of a body, in bytes; a frame that claims more is damaged.
const MAX_TEXT_BYTES: usize = 256 << 20;

/// Compresses bodies; one instance is reused for many bodies.
pub(super) struct TextCompressor {
    /// `None` if Zstandard could not be initialised: then bodies are stored uncompressed.
    compressor: Option<Compressor<'static>>,
    /// The value to store for the current body, with room for any frame behind it.
    stored: Vec<u8>,
}

impl TextCompressor {
    /// Creates a compressor with the parameters above.
    pub(super) fn new() -> TextCompressor {
        let create = || -> io::Result<Compressor<'static>> {
            let mut compressor = Compressor::new(COMPRESSION_LEVEL)?;
            compressor.set_parameter(CParameter::MinMatch(MIN_MATCH_BYTES))?;
            compressor.set_parameter(CParameter::TargetLength(SEARCH_STEP_BYTES))?;
            // With such a step, literals are not compressed otherwise: the texts would be half as long again.
            let literals = CParameter::LiteralCompressionMode(ParamSwitch::Enable);
            compressor.set_parameter(literals)?;
            // Four bytes, without which one wrong bit gives another text, that no search finds and no one misses.
            compressor.set_parameter(CParameter::ChecksumFlag(true))?;
            Ok(compressor)
        };
        TextCompressor { compressor: create().ok(), stored: Vec::new() }
    }

    /// Returns the value to store for `text`: compressed if that is smaller, otherwise the text
    /// itself.
    pub(super) fn compress<'t>(&'t mut self, text: &'t str) -> ToSqlOutput<'t> {
        let value = match self.compress_to_blob(text) {
            Some(blob) => ValueRef::Blob(blob),
            None => ValueRef::Text(text.as_bytes()),
        };
        ToSqlOutput::Borrowed(value)
    }

    /// Compresses `text`; returns `None` if it is better stored as it is.
    fn compress_to_blob(&mut self, text: &str) -> Option<&[u8]> {
        let compressor = self.compressor.as_mut()?;
        let length = u32::try_from(text.len()).ok()?.to_le_bytes();
        if text.len() < MIN_COMPRESSED_BYTES || text.len() > MAX_TEXT_BYTES {
            return None;
        }
        let room = length.len() + compress_bound(text.len());
        if self.stored.len() < room {
            self.stored.resize(room, 0);
        }
        let (length_bytes, frame) = self.stored.split_at_mut(length.len());
        length_bytes.copy_from_slice(&length);
        let frame_len = compressor.compress_to_buffer(text.as_bytes(), frame).ok()?;
        let blob = &self.stored[..length.len() + frame_len];
        (blob.len() < text.len()).then_some(blob)
    }
}

/// Returns the uncompressed length of a text, in bytes.
///
/// `value` is a BLOB with the first four bytes of a compressed text, or an integer with the length
/// of an uncompressed one; any other value counts 0.
pub(super) fn uncompressed_len(value: ValueRef<'_>) -> usize {
    let length = match value {
        ValueRef::Blob(blob) => {
            blob.first_chunk().map_or(0, |length| u32::from_le_bytes(*length).into())
        }
        ValueRef::Integer(length) => length,
        _ => 0,
    };
    usize::try_from(length).unwrap_or(0)
}

/// Decompresses bodies; one instance is reused for many bodies.
pub(super) struct TextDecompressor(Option<Decompressor<'static>>);

impl std::fmt::Debug for TextDecompressor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("TextDecompressor").finish_non_exhaustive()
    }
}

impl TextDecompressor {
    /// Creates a decompressor.
    pub(super) fn new() -> TextDecompressor {
        TextDecompressor(Decompressor::new().ok())
    }

    /// Returns the text that was stored as `value`.
    ///
    /// # Errors
    ///
    /// Fails if the frame is damaged or claims more than [`MAX_TEXT_BYTES`].
    pub(super) fn decompress(&mut self, value: ValueRef<'_>) -> rusqlite::Result<String> {
        let blob = match value {
            ValueRef::Blob(blob) => blob,
            text => return Ok(text.as_str()?.to_owned()),
        };
        self.decompress_frame(blob)
            .ok_or_else(|| FromSqlError::Other("the text is damaged".into()).into())
    }

    fn decompress_frame(&mut self, blob: &[u8]) -> Option<String> {
        let (len_bytes, frame) = blob.split_first_chunk()?;
        let len = usize::try_from(u32::from_le_bytes(*len_bytes)).ok()?;
        if len > MAX_TEXT_BYTES {
            return None;
        }
        let bytes = self.0.as_mut()?.decompress(frame, len).ok()?;
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|invalid| String::from_utf8_lossy(invalid.as_bytes()).into_owned());
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::types::{ToSqlOutput, Value, ValueRef};

    use super::{TextCompressor, TextDecompressor, uncompressed_len};

    fn to_value_ref<'v>(output: &'v ToSqlOutput<'v>) -> ValueRef<'v> {
        match output {
            ToSqlOutput::Borrowed(value) => *value,
            ToSqlOutput::Owned(value) => value.into(),
            _ => ValueRef::Null,
        }
    }

    proptest! {
        #[test]
        fn compression_round_trips_text(text in "[a-é東 ]{0,400}", times in 1usize..40) {
            let text = text.repeat(times);
            let mut compressor = TextCompressor::new();
            compressor.compress(&"an earlier text, which is longer ".repeat(100));
            let stored = compressor.compress(&text);
            let length_column = match to_value_ref(&stored) {
                ValueRef::Blob(blob) => ValueRef::Blob(&blob[..4]),
                _ => ValueRef::Integer(text.len().cast_signed().try_into().unwrap()),
            };
            prop_assert_eq!(uncompressed_len(length_column), text.len());
            prop_assert_eq!(TextDecompressor::new().decompress(to_value_ref(&stored)).unwrap(), text);
        }

        #[test]
        fn decompress_never_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let stored = ToSqlOutput::Owned(Value::Blob(bytes));
            let _ = TextDecompressor::new().decompress(to_value_ref(&stored));
        }
    }

    #[test]
    fn wrong_bit_never_gives_another_text() {
        let text = "A zeppelin over the harbour, slowly and for all to see. ".repeat(3);
        let mut compressor = TextCompressor::new();
        let stored = compressor.compress(&text);
        let ValueRef::Blob(blob) = to_value_ref(&stored) else { panic!("it is not compressed") };
        for bit in 0..blob.len() * 8 {
            let mut damaged = blob.to_vec();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let read = TextDecompressor::new().decompress(ValueRef::Blob(&damaged));
            // Few do not matter, such as one by which there is room for a longer text.
            assert!(read.map_or(true, |read| read == text), "bit {bit}");
        }
    }

    #[test]
    fn decompress_rejects_excessive_length() {
        let excessive = ToSqlOutput::Owned(Value::Blob([u8::MAX; 32].to_vec()));
        assert!(TextDecompressor::new().decompress(to_value_ref(&excessive)).is_err());
        let long = "a long text ".repeat(100);
        let mut compressor = TextCompressor::new();
        let stored = compressor.compress(&long);
        assert!(matches!(to_value_ref(&stored), ValueRef::Blob(blob) if blob.len() < 100));
    }

    #[test]
    fn compression_shortens_text_without_repetitions() {
        let mut state = 1_u32;
        let mut next_letter = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b"abcdefgh"[(state >> 29) as usize])
        };
        let text: String = (0..3000).map(|_| next_letter()).collect();
        let mut compressor = TextCompressor::new();
        let stored = compressor.compress(&text);
        assert!(matches!(to_value_ref(&stored), ValueRef::Blob(blob) if blob.len() < 1500));
    }
}
