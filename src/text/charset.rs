//! Detection of encodings that are not declared.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// Bytes at the start of a text that are examined to detect its encoding.
pub const SAMPLE_BYTES: usize = 64 * 1024;

/// Bytes that the guess by letter frequencies reads.
const GUESS_BYTES: usize = 1 << 20;

/// Decodes UTF-32 that begins with a byte order mark or a `<` (XML 1.0, appendix F); `None` for
/// anything else.
pub fn decode_utf_32(bytes: &[u8]) -> Option<String> {
    let (read, start): (fn([u8; 4]) -> u32, usize) = match bytes {
        [0xff, 0xfe, 0, 0, ..] => (u32::from_le_bytes, 4),
        [0, 0, 0xfe, 0xff, ..] => (u32::from_be_bytes, 4),
        [b'<', 0, 0, 0, ..] => (u32::from_le_bytes, 0),
        [0, 0, 0, b'<', ..] => (u32::from_be_bytes, 0),
        _ => return None,
    };
    let (units, _) = bytes[start..].as_chunks::<4>();
    let characters =
        units.iter().map(|unit| char::from_u32(read(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER));
    Some(characters.collect())
}

/// Detects UTF-16 without a byte order mark: in most scripts, every other byte is the same small
/// number.
pub fn detect_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = bytes[..bytes.len().min(SAMPLE_BYTES)].as_chunks::<2>();
    let count_zeros = |index: usize| pairs.iter().filter(|pair| pair[index] == 0).count();
    let (first, second) = (count_zeros(0), count_zeros(1));
    let is_mostly_zero =
        |zeros: usize| bytes.len().is_multiple_of(2) && zeros * 10 > pairs.len() * 4;
    match () {
        () if is_mostly_zero(second) && first * 20 <= pairs.len() => Some(UTF_16LE),
        () if is_mostly_zero(first) && second * 20 <= pairs.len() => Some(UTF_16BE),
        () => None,
    }
}

/// Guesses the encoding of bytes that are not UTF-8.
pub fn guess_encoding(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[..bytes.len().min(GUESS_BYTES)], true);
    detector.guess(None, Utf8Detection::Allow)
}
