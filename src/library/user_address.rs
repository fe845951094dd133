//! Addresses that the user typed to name a feed: a path, a URL or a program.
//!
//! Start with [`parse_user_address`].

use std::path::PathBuf;

use super::{
    subscribe::FEED_FILE_EXTENSIONS,
    user_files::{expand_user_path, resolve_path},
};
use crate::{
    feed,
    model::{Failure, FailureKind},
    text::{
        redact_user_info,
        url::{self, WebUrlError},
    },
};

/// File name extensions that are no top-level domains: a word that ends in one names a file.
const FILE_EXTENSIONS: [&str; 9] =
    ["opml", "txt", "text", "markdown", "html", "htm", "xhtml", "eml", "mbox"];

/// The place that the user named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserAddress {
    /// An existing file or folder; the path is absolute.
    Path(PathBuf),
    /// The URL of a site or feed.
    Url(String),
    /// A program of the settings, as `exec:NAME`.
    Program(String),
}

/// Finds out what the user means by `typed`: a `file:` URL, `exec:NAME`, an existing path, or else
/// the URL of a site, of which `https://` may be left out.
///
/// # Errors
///
/// Fails if the path does not exist, or the text can be none of these.
pub fn parse_user_address(typed: &str) -> Result<UserAddress, Failure> {
    let typed = typed.trim();
    if typed.starts_with("exec:") {
        return Ok(UserAddress::Program(typed.to_owned()));
    }
    let path = expand_user_path(typed).map_err(|reason| address_failure(typed, &reason))?;
    if is_path(typed) || path.exists() && !typed.is_empty() {
        return resolve_path(&path).map(UserAddress::Path);
    }
    match feed::complete_user_url(typed) {
        Err(WebUrlError::NotAnAddress) => Err(missing_file_failure(typed)),
        Ok(_) if is_file_name(typed) => Err(missing_file_failure(typed)),
        Ok(url) => Ok(UserAddress::Url(url)),
        Err(reason) => Err(address_failure(typed, &reason.to_string())),
    }
}

/// Returns true for a text that can be nothing but a path.
fn is_path(typed: &str) -> bool {
    let is_file_url =
        url::split_scheme(typed).is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("file"));
    is_file_url || typed.starts_with(['/', '~', '.', '\\']) || typed.get(1..3) == Some(":\\")
}

/// Returns true for the name of a file that looks like a host: `feed.xml`.
fn is_file_name(typed: &str) -> bool {
    let Some((_, extension)) = typed.rsplit_once('.') else { return false };
    let is_known = |known: &&str| extension.eq_ignore_ascii_case(known);
    !typed.contains('/')
        && (FEED_FILE_EXTENSIONS.iter().any(is_known) || FILE_EXTENSIONS.iter().any(is_known))
}

fn missing_file_failure(typed: &str) -> Failure {
    let sentence = format!(
        "There is no file or folder “{typed}”, and it is not the address of a site, such as \
         example.org"
    );
    Failure::new(FailureKind::File, sentence)
}

fn address_failure(typed: &str, reason: &str) -> Failure {
    Failure::new(FailureKind::Feed, format!("“{}” {reason}", redact_user_info(typed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_user_address_tells_paths_urls_and_programs_apart() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let folder = folder.path().canonicalize().expect("it exists");
        let file = folder.join("my 100% näws.xml");
        std::fs::write(&file, "<rss/>").expect("the folder can be written");
        let (plain, encoded) = (file.display(), "my%20100%25%20n%C3%A4ws.xml");
        let in_folder = |scheme: &str| format!("{scheme}{}/{encoded}", folder.display());
        for typed in [
            plain.to_string(),
            format!(" {plain} "),
            format!("file://{plain}"),
            in_folder("file://"),
            in_folder("FILE://localhost"),
            in_folder("file:"),
        ] {
            assert_eq!(parse_user_address(&typed), Ok(UserAddress::Path(file.clone())), "{typed}");
        }
        for (typed, url) in [
            ("lwn.net", "https://lwn.net"),
            ("example.md", "https://example.md"),
            ("example.org/feed.xml", "https://example.org/feed.xml"),
            ("http://intranet/", "http://intranet/"),
        ] {
            assert_eq!(parse_user_address(typed), Ok(UserAddress::Url(url.to_owned())), "{typed}");
        }
        let program = UserAddress::Program("exec:news".to_owned());
        assert_eq!(parse_user_address("exec:news"), Ok(program));
    }

    #[test]
    fn parse_user_address_names_the_reason() {
        let missing = "and it is not the address of a site, such as example.org";
        for (typed, sentence) in [
            ("/nowhere/feed.xml", "Cannot read /nowhere/feed.xml: there is no such file or folder"),
            ("file:///nowhere/a%20b", "Cannot read /nowhere/a b: there is no such file or folder"),
            (
                "file://server/share/feed.xml",
                "“file://server/share/feed.xml” is a file on another computer (server)",
            ),
            ("file://", "“file://” names no file"),
            ("missing.xml", &format!("There is no file or folder “missing.xml”, {missing}")),
            ("missing", &format!("There is no file or folder “missing”, {missing}")),
            (
                "ftp://example.org",
                "“ftp://example.org” begins with ftp:, not with https:// or http://",
            ),
            ("", "“” names no host"),
        ] {
            let failure = parse_user_address(typed).expect_err("it is no address");
            assert_eq!(failure.summary, sentence);
        }
    }
}
