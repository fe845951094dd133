//! Folders as addresses: `file:///home/anna/news` (RFC 8089), any byte of a path kept.

use std::{
    ffi::OsString,
    fmt::Write as _,
    path::{Path, PathBuf},
};

/// The address of a path.
pub fn path_to_file_url(path: &Path) -> String {
    let mut address = String::from("file://");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                address.push(char::from(*byte));
            }
            _ => write!(address, "%{byte:02X}").expect("writing to a String cannot fail"),
        }
    }
    address
}

/// The path of an address that [`path_to_file_url`] made; `None` for any other.
pub fn file_url_to_path(address: &str) -> Option<PathBuf> {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.strip_prefix("file://")?.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    Some(PathBuf::from(os_string_from_bytes(bytes)?))
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
        fn a_path_comes_back(path in "\\PC{0,40}") {
            let path = PathBuf::from(path);
            prop_assert_eq!(file_url_to_path(&path_to_file_url(&path)), Some(path));
        }
    }
}
