//! Decompression of bodies (RFC 9110 §8.4), also where the `Content-Encoding` header is wrong or
//! missing.
//!
//! Start with [`decode_body`]. The bytes decide, the header helps: many servers compress twice, say
//! gzip for what is plain, or forget to say it. The HTTP library decodes Brotli, whose streams
//! cannot be recognised.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::{
    bufread::GzDecoder,
    read::{DeflateDecoder, ZlibDecoder},
};

/// The codings that a request accepts.
pub(super) const ACCEPT_ENCODING: &str = "gzip, deflate, br";

/// Maximum number of codings that are applied to one body, declared or not.
const MAX_CODINGS: usize = 4;

/// Number of bytes at the start of a body from which its coding is recognised.
const SNIFFED_BYTES: usize = 512;

/// Base-2 logarithm of the window that a Zstandard stream may have: 8 MiB (RFC 9659 §3).
const MAX_ZSTD_WINDOW_LOG: u32 = 23;

/// The body is compressed in a way that cannot be read, or is damaged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot decode {0}")]
pub(super) struct ContentCodingError(pub(super) String);

/// A way to compress bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Zlib,
    /// Deflate without the frame that HTTP prescribes (RFC 9110 §8.4.1.2, note).
    RawDeflate,
    Zstd,
}

impl Coding {
    /// Recognises a coding by the first bytes of a stream; `None` for a raw deflate stream.
    fn sniff(start: &[u8]) -> Option<Coding> {
        match start {
            [0x1f, 0x8b, ..] => Some(Coding::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Coding::Zstd),
            // RFC 1950 §2.2: method 8, and a checksum over both bytes.
            [method, flags, ..]
                if method & 0x0f == 8
                    && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0
                    && !looks_like_text(start) =>
            {
                Some(Coding::Zlib)
            }
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Coding::Gzip => "gzip",
            Coding::Zlib | Coding::RawDeflate => "deflate",
            Coding::Zstd => "zstd",
        }
    }

    fn decoder<'a>(self, body: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
        Ok(match self {
            Coding::Gzip => Box::new(GzipMembers::new(BufReader::new(body))),
            Coding::Zlib => Box::new(ZlibDecoder::new(body)),
            Coding::RawDeflate => Box::new(DeflateDecoder::new(body)),
            Coding::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::new(body)?;
                decoder.window_log_max(MAX_ZSTD_WINDOW_LOG)?;
                Box::new(decoder)
            }
        })
    }
}

/// Returns a reader of the decoded body. `content_encoding` is the value of the header, empty
/// without one.
///
/// # Errors
///
/// Fails, and so does the reader, with a [`ContentCodingError`] if the body cannot be decoded.
pub(super) fn decode_body<'a>(
    body: impl Read + 'a,
    content_encoding: &str,
) -> io::Result<Box<dyn Read + 'a>> {
    let mut body: Box<dyn Read + 'a> = Box::new(body);
    // Codings are listed in the order in which they were applied.
    let mut declared = content_encoding.rsplit(',').map(str::trim).filter(|name| !name.is_empty());
    for _ in 0..MAX_CODINGS {
        let (start, peeked) = peek(body)?;
        let declared_name = declared.next();
        let coding = match declared_name {
            Some(name) => choose_declared_coding(name, &start)?,
            None => choose_undeclared_coding(&start),
        };
        body = match coding {
            Some(coding) => Box::new(CodedReader { decoder: coding.decoder(peeked)?, coding }),
            None if declared_name.is_none() => return Ok(Box::new(peeked)),
            None => Box::new(peeked),
        };
    }
    Ok(body)
}

/// Chooses the coding of a body that is said to have the coding `name`; `None` if it has none.
fn choose_declared_coding(name: &str, start: &[u8]) -> io::Result<Option<Coding>> {
    let sniffed = Coding::sniff(start);
    if sniffed.is_some() || start.is_empty() || looks_like_text(start) {
        return Ok(sniffed);
    }
    match name.to_ascii_lowercase().as_str() {
        "deflate" => Ok(Some(Coding::RawDeflate)),
        "identity" => Ok(None),
        _ => Err(coding_error(name)),
    }
}

fn choose_undeclared_coding(start: &[u8]) -> Option<Coding> {
    match Coding::sniff(start) {
        Some(coding @ (Coding::Gzip | Coding::Zstd)) => Some(coding),
        // Pictures may begin like these two.
        Some(_) => is_markup(ZlibDecoder::new(start)).then_some(Coding::Zlib),
        None if looks_like_text(start) => None,
        None => is_markup(DeflateDecoder::new(start)).then_some(Coding::RawDeflate),
    }
}

/// Reads the first bytes of a body, and returns them with a reader of the whole.
fn peek(mut body: impl Read) -> io::Result<(Vec<u8>, impl Read)> {
    let mut start = Vec::with_capacity(SNIFFED_BYTES);
    body.by_ref().take(SNIFFED_BYTES as u64).read_to_end(&mut start)?;
    Ok((start.clone(), Cursor::new(start).chain(body)))
}

/// Returns true if `start` has no control characters of a binary format, or is UTF-16.
fn looks_like_text(start: &[u8]) -> bool {
    const UTF_16_STARTS: [&[u8]; 4] = [b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"];
    // Escape is part of ISO-2022-JP.
    let is_binary = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t'..=b'\r' | 0x1b);
    UTF_16_STARTS.iter().any(|mark| start.starts_with(mark)) || !start.iter().any(is_binary)
}

/// Returns true if the text that `decoder` yields begins like XML, HTML or JSON.
fn is_markup(decoder: impl Read) -> bool {
    let mut text = Vec::new();
    // An error at the end is expected, since the stream is cut off.
    let _ = decoder.take(64).read_to_end(&mut text);
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text).trim_ascii_start();
    matches!(text.first(), Some(b'<' | b'{' | b'['))
}

fn coding_error(name: &str) -> io::Error {
    io::Error::other(ContentCodingError(name.to_owned()))
}

/// A decoder whose errors name its coding. Errors of the connection, and the end of a stream that
/// is cut off, are passed on.
struct CodedReader<'a> {
    decoder: Box<dyn Read + 'a>,
    coding: Coding,
}

impl Read for CodedReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.decoder.read(buffer).map_err(|error| {
            let is_ours = match error.kind() {
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => true,
                io::ErrorKind::Other => !is_named(&error),
                _ => false,
            };
            let is_connection = error
                .get_ref()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<ureq::Error>);
            if is_ours && !is_connection { coding_error(self.coding.name()) } else { error }
        })
    }
}

fn is_named(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<ContentCodingError>)
}

/// A decoder of all members of a gzip file (RFC 1952 §2.2). Bytes after the last one that are none
/// are ignored, as browsers do: some servers pad.
struct GzipMembers<R> {
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> GzipMembers<R> {
    fn new(body: R) -> GzipMembers<R> {
        GzipMembers { member: Some(GzDecoder::new(body)) }
    }
}

impl<R: BufRead> Read for GzipMembers<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let mut rest = self.member.take().expect("it was read from").into_inner();
            let has_next = rest.fill_buf()?.first() == Some(&0x1f);
            self.member = has_next.then(|| GzDecoder::new(rest));
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{
        Compression,
        write::{DeflateEncoder, GzEncoder, ZlibEncoder},
    };
    use proptest::prelude::*;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("a Vec takes everything");
        encoder.finish().expect("a Vec takes everything")
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).expect("a Vec takes everything");
        encoder.finish().expect("a Vec takes everything")
    }

    fn raw_deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).expect("a Vec takes everything");
        encoder.finish().expect("a Vec takes everything")
    }

    fn decode(body: &[u8], content_encoding: &str) -> Result<Vec<u8>, String> {
        let mut decoded = Vec::new();
        decode_body(body, content_encoding)
            .and_then(|mut reader| reader.read_to_end(&mut decoded))
            .map(|_| decoded)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn decode_body_reads_declared_and_undeclared_codings() {
        let text = "<rss>".repeat(300).into_bytes();
        let zstd = zstd::stream::encode_all(text.as_slice(), 1).expect("a Vec takes everything");
        let padded = [gzip(&text), vec![0; 20]].concat();
        let members = [gzip(&text[..700]), gzip(&text[700..])].concat();
        let cases: [(&str, &[u8], &[&str]); 8] = [
            (
                "plain",
                &text,
                &["", "gzip", "deflate", "identity", "utf-8", "br", "zstd", "gzip, gzip"],
            ),
            (
                "gzip",
                &gzip(&text),
                &["", "gzip", "x-gzip", "GZIP", "identity", "utf-8, gzip", "deflate"],
            ),
            ("zlib", &zlib(&text), &["", "deflate", "gzip"]),
            ("raw", &raw_deflate(&text), &["", "deflate", "Deflate"]),
            ("zstd", &zstd, &["", "zstd", "gzip"]),
            ("twice", &gzip(&gzip(&text)), &["", "gzip", "gzip, gzip"]),
            ("padded", &padded, &["", "gzip"]),
            ("members", &members, &["", "gzip"]),
        ];
        for (name, body, headers) in cases {
            for header in headers {
                assert!(decode(body, header).as_ref() == Ok(&text), "{name} as {header}");
            }
        }
    }

    #[test]
    fn decode_body_keeps_what_is_not_compressed() {
        let bodies: [&[u8]; 6] = [
            b"",
            b"x^2 is a text that begins like a zlib stream",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            b"\xff\xfe<\0r\0s\0s\0>\0",
            b"<\0r\0s\0s\0>\0",
            b"\x78\x9c\0\x01\x02 not compressed",
        ];
        for body in bodies {
            assert_eq!(decode(body, "").as_deref(), Ok(body));
        }
    }

    #[test]
    fn decode_body_names_codings_that_cannot_be_read() {
        let binary = b"\x1f\x9d\x90\x01\x02\x03";
        assert_eq!(decode(binary, "compress"), Err("cannot decode compress".to_owned()));
        assert_eq!(decode(binary, "gzip"), Err("cannot decode gzip".to_owned()));
        assert_eq!(decode(b"\x0b\x02\x80hello\x03", "br"), Err("cannot decode br".to_owned()));
        let mut damaged = gzip(&b"<item/> and other words ".repeat(100));
        let middle = damaged.len() / 2;
        damaged[middle] ^= 0xff;
        damaged.truncate(damaged.len() - 1);
        assert!(decode(&damaged, "gzip").is_err());
        let whole = gzip(&b"<item/>".repeat(1000));
        let cut_off = decode(&whole[..whole.len() - 30], "gzip").expect_err("it is cut off");
        assert!(!cut_off.contains("cannot decode"), "{cut_off}");
    }

    #[test]
    fn decode_body_limits_number_of_codings() {
        let wrap = |times: usize| (0..times).fold(b"<rss>".to_vec(), |body, _| gzip(&body));
        assert_eq!(decode(&wrap(MAX_CODINGS), "").as_deref(), Ok(b"<rss>".as_slice()));
        assert_eq!(decode(&wrap(MAX_CODINGS + 1), ""), Ok(gzip(b"<rss>")));
    }

    proptest! {
        #[test]
        fn decode_body_accepts_any_bytes(
            body in proptest::collection::vec(any::<u8>(), 0..600),
            header in "(gzip|deflate|br|zstd|,| |x){0,4}",
        ) {
            let _ = decode(&body, &header);
        }

        #[test]
        fn decode_body_inverts_compression(text in "<[ -~]{0,2000}") {
            for body in [gzip(text.as_bytes()), zlib(text.as_bytes()), raw_deflate(text.as_bytes())] {
                prop_assert_eq!(decode(&body, ""), Ok(text.clone().into_bytes()));
            }
        }
    }
}
