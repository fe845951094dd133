//! The bodies of articles as archives store them: compressed by the reader, so that the server only keeps bytes.

use crate::{archive::archived_article::MAX_BODY_BYTES, model::BodyFormat};

/// Compression level of Zstandard: bodies are compressed once and read by many.
const COMPRESSION_LEVEL: i32 = 3;

/// Compresses a text; `None` if it is too long.
pub(super) fn compress_body(text: &str) -> Option<Vec<u8>> {
    if text.len() > MAX_BODY_BYTES {
        return None;
    }
    zstd::bulk::compress(text.as_bytes(), COMPRESSION_LEVEL).ok()
}

/// Decompresses a text; `None` if it is damaged or too long. What is no UTF-8 becomes U+FFFD.
pub(super) fn decompress_body(stored: &[u8]) -> Option<String> {
    let claimed = zstd::bulk::Decompressor::upper_bound(stored)?;
    if claimed > MAX_BODY_BYTES {
        return None;
    }
    let bytes = zstd::bulk::decompress(stored, claimed).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Parses a stored name of a format. One of a newer version is plain text, which hides nothing.
pub(super) fn parse_format(name: &str) -> BodyFormat {
    match name {
        "markdown" => BodyFormat::Markdown,
        "html" => BodyFormat::Html,
        _ => BodyFormat::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn body_is_read_again_as_it_was_stored() {
        for text in ["", "a", &"Brücke 橋 ".repeat(1000)] {
            let stored = compress_body(text).unwrap();
            assert_eq!(decompress_body(&stored).as_deref(), Some(text));
        }
    }

    #[test]
    fn body_at_the_limit_is_read_and_a_longer_one_is_refused() {
        let longest = "x".repeat(MAX_BODY_BYTES);
        let stored = compress_body(&longest).unwrap();
        assert_eq!(decompress_body(&stored).map(|text| text.len()), Some(MAX_BODY_BYTES));
        let longer = longest + "x";
        assert_eq!(compress_body(&longer), None);
        let hostile = zstd::bulk::compress(longer.as_bytes(), 1).unwrap();
        assert_eq!(decompress_body(&hostile), None);
    }

    #[test]
    fn damaged_body_is_refused() {
        let stored = compress_body(&"a bridge opens ".repeat(50)).unwrap();
        assert_eq!(decompress_body(&stored[..stored.len() - 3]), None);
        assert_eq!(decompress_body(b"no frame at all"), None);
    }
}
