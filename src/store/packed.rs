//! Bodies as they are stored: compressed, where that makes them smaller.

use rusqlite::types::{FromSqlError, ToSqlOutput, Value, ValueRef};
use zstd::bulk::{Compressor, Decompressor};

/// Shorter texts are stored as they are, in bytes.
const SHORT: usize = 128;

/// The level of compression: more takes several times as long and saves a few hundredths.
const LEVEL: i32 = 3;

/// No body is longer, in bytes: what claims to be is broken.
const LONGEST: usize = 256 << 20;

/// Compresses bodies one after the other.
pub(super) struct Packer(Option<Compressor<'static>>);

impl Packer {
    pub(super) fn new() -> Packer {
        Packer(Compressor::new(LEVEL).ok())
    }

    /// `text` as it is stored.
    pub(super) fn pack<'t>(&mut self, text: &'t str) -> ToSqlOutput<'t> {
        let whole = ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()));
        let (Some(compressor), Ok(len)) = (&mut self.0, u32::try_from(text.len())) else { return whole };
        if text.len() < SHORT || text.len() > LONGEST {
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
pub(super) fn length(value: ValueRef<'_>) -> usize {
    let length = match value {
        ValueRef::Blob(blob) => blob.first_chunk().map_or(0, |length| u32::from_le_bytes(*length).into()),
        ValueRef::Integer(length) => length,
        _ => 0,
    };
    usize::try_from(length).unwrap_or(0)
}

/// Takes bodies apart again, one after the other.
pub(super) struct Unpacker(Option<Decompressor<'static>>);

impl Unpacker {
    pub(super) fn new() -> Unpacker {
        Unpacker(Decompressor::new().ok())
    }

    /// The text that was stored as `value`.
    pub(super) fn unpack(&mut self, value: ValueRef<'_>) -> rusqlite::Result<String> {
        let blob = match value {
            ValueRef::Blob(blob) => blob,
            text => return Ok(text.as_str()?.to_owned()),
        };
        self.frame(blob).ok_or_else(|| FromSqlError::Other("the text is damaged".into()).into())
    }

    fn frame(&mut self, blob: &[u8]) -> Option<String> {
        let (len, frame) = blob.split_first_chunk()?;
        let len = usize::try_from(u32::from_le_bytes(*len)).ok().filter(|len| *len <= LONGEST)?;
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

    use super::{Packer, Unpacker, length};

    fn value<'v>(output: &'v ToSqlOutput<'v>) -> ValueRef<'v> {
        match output {
            ToSqlOutput::Borrowed(value) => *value,
            ToSqlOutput::Owned(value) => value.into(),
            _ => ValueRef::Null,
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(text in "[a-é東 ]{0,400}", times in 1usize..40) {
            let text = text.repeat(times);
            let packed = Packer::new().pack(&text).clone();
            let first = match value(&packed) {
                ValueRef::Blob(blob) => ValueRef::Blob(&blob[..4]),
                _ => ValueRef::Integer(text.len().cast_signed().try_into().unwrap()),
            };
            prop_assert_eq!(length(first), text.len());
            prop_assert_eq!(Unpacker::new().unpack(value(&packed)).unwrap(), text);
        }

        #[test]
        fn what_is_damaged_is_no_text(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = Unpacker::new().unpack(value(&ToSqlOutput::Owned(Value::Blob(bytes))));
        }
    }

    #[test]
    fn lengths_are_limited() {
        let claims = ToSqlOutput::Owned(Value::Blob([u8::MAX; 32].to_vec()));
        assert!(Unpacker::new().unpack(value(&claims)).is_err());
        let long = "a long text ".repeat(100);
        assert!(
            matches!(Packer::new().pack(&long), ToSqlOutput::Owned(Value::Blob(blob)) if blob.len() < 100)
        );
    }
}
