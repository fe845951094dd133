//! Bodies as they are stored: compressed, where that makes them smaller.

use rusqlite::types::{FromSqlError, ToSqlOutput, Value, ValueRef};
use zstd::bulk::{Compressor, Decompressor};

/// Shorter texts are stored as they are, in bytes.
const MIN_COMPRESSED_BYTES: usize = 128;

/// The level of compression: more takes several times as long and saves a few hundredths.
const COMPRESSION_LEVEL: i32 = 3;

/// No body is longer, in bytes: what claims to be is broken.
const MAX_TEXT_BYTES: usize = 256 << 20;

/// Compresses bodies one after the other.
pub(super) struct TextCompressor(Option<Compressor<'static>>);

impl TextCompressor {
    pub(super) fn new() -> TextCompressor {
        TextCompressor(Compressor::new(COMPRESSION_LEVEL).ok())
    }

    /// `text` as it is stored.
    pub(super) fn compress<'t>(&mut self, text: &'t str) -> ToSqlOutput<'t> {
        let whole = ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()));
        let (Some(compressor), Ok(len)) = (&mut self.0, u32::try_from(text.len())) else {
            return whole;
        };
        if text.len() < MIN_COMPRESSED_BYTES || text.len() > MAX_TEXT_BYTES {
            return whole;
        }
        match compressor.compress(text.as_bytes()) {
            Ok(frame) if frame.len() + 4 < text.len() => {
                ToSqlOutput::Owned(Value::Blob([&len.to_le_bytes(), frame.as_slice()].concat()))
            }
            _ => whole,
        }
    }
}

/// How long a text is: of one that is compressed `value` is its first four bytes, of another one its length.
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

/// Takes bodies apart again, one after the other.
pub(super) struct TextDecompressor(Option<Decompressor<'static>>);

impl TextDecompressor {
    pub(super) fn new() -> TextDecompressor {
        TextDecompressor(Decompressor::new().ok())
    }

    /// The text that was stored as `value`.
    pub(super) fn decompress(&mut self, value: ValueRef<'_>) -> rusqlite::Result<String> {
        let blob = match value {
            ValueRef::Blob(blob) => blob,
            text => return Ok(text.as_str()?.to_owned()),
        };
        self.decompress_frame(blob)
            .ok_or_else(|| FromSqlError::Other("the text is damaged".into()).into())
    }

    fn decompress_frame(&mut self, blob: &[u8]) -> Option<String> {
        let (len, frame) = blob.split_first_chunk()?;
        let len =
            usize::try_from(u32::from_le_bytes(*len)).ok().filter(|len| *len <= MAX_TEXT_BYTES)?;
        let text = self.0.as_mut()?.decompress(frame, len).ok()?;
        Some(
            String::from_utf8(text)
                .unwrap_or_else(|odd| String::from_utf8_lossy(odd.as_bytes()).into_owned()),
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::types::{ToSqlOutput, Value, ValueRef};

    use super::{TextCompressor, TextDecompressor, uncompressed_len};

    fn value<'v>(output: &'v ToSqlOutput<'v>) -> ValueRef<'v> {
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
            let packed = TextCompressor::new().compress(&text).clone();
            let first = match value(&packed) {
                ValueRef::Blob(blob) => ValueRef::Blob(&blob[..4]),
                _ => ValueRef::Integer(text.len().cast_signed().try_into().unwrap()),
            };
            prop_assert_eq!(uncompressed_len(first), text.len());
            prop_assert_eq!(TextDecompressor::new().decompress(value(&packed)).unwrap(), text);
        }

        #[test]
        fn decompress_never_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = TextDecompressor::new().decompress(value(&ToSqlOutput::Owned(Value::Blob(bytes))));
        }
    }

    #[test]
    fn decompress_rejects_excessive_length() {
        let claims = ToSqlOutput::Owned(Value::Blob([u8::MAX; 32].to_vec()));
        assert!(TextDecompressor::new().decompress(value(&claims)).is_err());
        let long = "a long text ".repeat(100);
        assert!(
            matches!(TextCompressor::new().compress(&long), ToSqlOutput::Owned(Value::Blob(blob)) if blob.len() < 100)
        );
    }
}
