//! Subscription lists in files: import from OPML and newsboat's `urls`, export to OPML.

use std::io::Read;

use super::{
    subscribe::feeds_from_outlines,
    user_files::{expand_user_path, open_regular_file, write_user_file},
};
use crate::{
    feed,
    model::{
        ExistingFile, Failure, FailureKind, Feed, FeedKind, NewFeed, PasswordExport,
        io_error_reason,
    },
    opml::{self, OpmlDocument, OpmlOutline},
    text::{redact_user_info, url},
};

/// Reads the subscription list at `path`; returns its feeds, and a failure for each feed that was
/// rejected and for a list that is cut off.
///
/// # Errors
///
/// Fails if the file cannot be read or is not a subscription list.
pub fn read_subscription_file(path: &str) -> Result<(Vec<NewFeed>, Vec<Failure>), Failure> {
    let to_failure =
        |error: String| Failure::new(FailureKind::File, format!("Cannot import {path}: {error}"));
    let mut bytes = Vec::new();
    // One byte more than the limit, so that the parser sees that a list is too long.
    let max_bytes = opml::MAX_BYTES as u64 + 1;
    let file_path = expand_user_path(path).map_err(to_failure)?;
    let file =
        open_regular_file(&file_path).map_err(|error| to_failure(io_error_reason(&error)))?;
    file.take(max_bytes).read_to_end(&mut bytes).map_err(|error| to_failure(error.to_string()))?;
    let list = parse_subscriptions(&bytes).map_err(|error| to_failure(error.to_string()))?;
    let rejection_failures = list.rejected.iter().map(|rejected| {
        let sentence = format!(
            "{path}, line {}: {} {}",
            rejected.line,
            redact_user_info(&rejected.url),
            rejected.reason
        );
        Failure::new(FailureKind::Feed, sentence)
    });
    let mut failures: Vec<Failure> = rejection_failures.collect();
    if list.is_incomplete {
        let reason = list.warnings.last().map_or("", String::as_str);
        failures.push(Failure::new(
            FailureKind::File,
            format!("{path} was imported only in part: {reason}"),
        ));
    }
    Ok((feeds_from_outlines(list.outlines), failures))
}

/// Parses a subscription list: OPML if the text contains markup, or else a `urls` file of newsboat.
///
/// # Errors
///
/// Fails for a text that is neither: any text has lines, and each would be an address that is rejected.
pub fn parse_subscriptions(bytes: &[u8]) -> Result<OpmlDocument, opml::OpmlError> {
    let text = feed::decode_text(bytes, None);
    if text.trim().is_empty() {
        return Err(opml::OpmlError::Empty);
    }
    if text.trim_start().starts_with('<') || text.contains("<opml") {
        return opml::parse_opml(&text);
    }
    if !is_binary(bytes) && opml::is_url_list(&text) {
        Ok(opml::parse_newsboat_urls(&text))
    } else {
        Err(opml::OpmlError::NotAList)
    }
}

/// Returns whether bytes are those of no text: of a control character that no editor writes. Decoding
/// leaves them out, and by chance what is left begins like an address.
fn is_binary(bytes: &[u8]) -> bool {
    // In UTF-16, any byte is a part of a letter.
    let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let is_control = |byte: &u8| matches!(byte, 1..=8 | 0x0e..=0x1f) && *byte != 0x1a;
    !is_utf16 && bytes.iter().any(is_control)
}

/// Returns true for a feed that other readers can subscribe to: not for programs, samples, saved pages
/// and feeds of accounts, which their servers have.
pub fn is_exported(feed: &Feed) -> bool {
    matches!(feed.kind, FeedKind::Web | FeedKind::Folder)
}

/// Returns an OPML list of those `feeds` that [are exported](is_exported).
pub fn export_opml(feeds: &[Feed], passwords: PasswordExport) -> String {
    let to_outline = |feed: &Feed| {
        is_exported(feed).then(|| OpmlOutline {
            xml_url: exported_url(feed, passwords),
            title: Some(redact_user_info(feed.display_name()).into_owned()),
            html_url: feed.site_url.as_deref().map(|site| redact_user_info(site).into_owned()),
            folder: feed.folder().map(str::to_owned),
            tags: feed.subscription.tags.clone(),
        })
    };
    let outlines: Vec<OpmlOutline> = feeds.iter().filter_map(to_outline).collect();
    opml::write_opml("newsreader", &outlines)
}

/// Returns the number of exported feeds whose login is not in the list: a password, which may be left
/// out, the source of one, or headers.
pub fn count_without_login(feeds: &[Feed], passwords: PasswordExport) -> usize {
    let loses_login = |feed: &&Feed| {
        let is_left_out = passwords == PasswordExport::LeaveOut;
        let options = &feed.subscription.fetch;
        let has_written_login = options.user.is_some()
            || options.stored_password.is_some()
            || url::without_user_info(&feed.url) != feed.url;
        is_exported(feed)
            && (options.password_source.is_some()
                || !options.headers.is_empty()
                || is_left_out && has_written_login)
    };
    feeds.iter().filter(loses_login).count()
}

/// Returns the URL of a feed as it is exported.
fn exported_url(feed: &Feed, passwords: PasswordExport) -> String {
    let options = &feed.subscription.fetch;
    match (passwords, &options.user, &options.stored_password) {
        (PasswordExport::LeaveOut, ..) => url::without_user_info(&feed.url).into_owned(),
        (PasswordExport::Include, Some(user), Some(password)) => {
            url::with_user_info(&feed.url, user, password.expose())
        }
        (PasswordExport::Include, ..) => feed.url.clone(),
    }
}

/// Writes the list of `feeds` to the file at `path`, without passwords. Returns the number of feeds
/// whose login is not in the list.
///
/// # Errors
///
/// Fails if the file exists and is to be kept; its content is left unchanged.
pub fn write_subscription_file(
    path: &str,
    feeds: &[Feed],
    existing: ExistingFile,
) -> Result<usize, Failure> {
    write_user_file(path, &export_opml(feeds, PasswordExport::LeaveOut), existing)?;
    Ok(count_without_login(feeds, PasswordExport::LeaveOut))
}
