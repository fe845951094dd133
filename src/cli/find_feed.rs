//! Finds the feed that the user names.

use super::{exit_status::UsageError, unknown_name::NamedThing};
use crate::{model::Feed, store::ReadConnection, text::url};

/// Returns the feed that `identifier` names: its number, its URL, its name, or a part of its name
/// that no other feed has.
///
/// # Errors
///
/// Returns an error if no feed or more than one matches.
pub fn find_feed(reader: &ReadConnection, identifier: &str) -> anyhow::Result<Feed> {
    let feeds = reader.list_feeds()?;
    let lower = identifier.to_lowercase();
    let is_exact_match = |feed: &&Feed| {
        feed.id.to_string() == identifier
            || url::without_user_info(&feed.url) == url::without_user_info(identifier)
            || feed.display_name().to_lowercase() == lower
    };
    if let Some(feed) = feeds.iter().find(is_exact_match) {
        return Ok(feed.clone());
    }
    let mut found = feeds.iter().filter(|feed| feed.display_name().to_lowercase().contains(&lower));
    match (found.next(), found.next()) {
        (Some(feed), None) => Ok(feed.clone()),
        (Some(one), Some(other)) => {
            let names = [one, other].map(Feed::display_name).join(" and ");
            let sentence =
                format!("“{identifier}” matches {names}; give more of the name, or the number");
            Err(UsageError(sentence).into())
        }
        (None, _) => {
            let names = feeds.iter().map(Feed::display_name);
            Err(NamedThing::Feed.unknown(identifier, names).into())
        }
    }
}
