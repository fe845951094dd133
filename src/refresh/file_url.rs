//! Paths as `file:` URLs (RFC 8089): `file:///home/anna/news`.
//!
//! They are the stored URLs of folders and files, so their spelling never changes. Any byte of a
//! path is kept, which `Url::from_file_path` cannot promise.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// Bytes of a path that are written as `%XX`: all but the unreserved ones (RFC 3986 §2.3) and `/`.
const ESCAPED_BYTES: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Returns the `file:` URL of `path`.
pub fn path_to_file_url(path: &Path) -> String {
    format!("file://{}", percent_encode(path.as_os_str().as_encoded_bytes(), ESCAPED_BYTES))
}

/// Returns the path of a URL made by [`path_to_file_url`]; `None` for any other scheme, and for a
/// `%` that begins no escape.
pub fn file_url_to_path(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("file://")?;
    let bytes = has_only_valid_escapes(path).then(|| percent_decode_str(path).collect())?;
    Some(PathBuf::from(os_string_from_bytes(bytes)?))
}

fn has_only_valid_escapes(text: &str) -> bool {
    let mut escapes = text.as_bytes().split(|byte| *byte == b'%').skip(1);
    escapes
        .all(|after| after.get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)))
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere not every sequence of bytes is a path")]
fn os_string_from_bytes(bytes: Vec<u8>) -> Option<OsString> {
    Some(std::os::unix::ffi::OsStringExt::from_vec(bytes))
}

#[cfg(not(unix))]
fn os_string_from_bytes(bytes: Vec<u8>) -> Option<OsString> {
    String::from_utf8(bytes).ok().map(OsString::from)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use proptest::prelude::*;

    use super::{file_url_to_path, path_to_file_url};

    #[test]
    fn file_url_escapes_blanks_and_non_ascii() {
        assert_eq!(path_to_file_url(Path::new("/a b/é")), "file:///a%20b/%C3%A9");
        assert_eq!(file_url_to_path("https://example.org"), None);
        assert_eq!(file_url_to_path("file:///%zz"), None);
    }

    proptest! {
        #[test]
        fn file_url_round_trips_any_path(path in "\\PC{0,40}") {
            let path = PathBuf::from(path);
            prop_assert_eq!(file_url_to_path(&path_to_file_url(&path)), Some(path));
        }
    }
}
