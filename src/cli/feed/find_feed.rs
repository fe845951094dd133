//! Finding the feed that the user names.

use anyhow::bail;

use crate::{model::Feed, store::ReadConnection};

/// Returns the feed that `wanted` names: by its number, its URL, its name, or a part of its name that no other has.
pub fn find_feed(reader: &ReadConnection, wanted: &str) -> anyhow::Result<Feed> {
    let feeds = reader.list_feeds()?;
    let lower = wanted.to_lowercase();
    let exact = |feed: &&Feed| {
        feed.id.to_string() == wanted
            || feed.url == wanted
            || feed.display_name().to_lowercase() == lower
    };
    if let Some(feed) = feeds.iter().find(exact) {
        return Ok(feed.clone());
    }
    let mut named = feeds.iter().filter(|feed| feed.display_name().to_lowercase().contains(&lower));
    match (named.next(), named.next()) {
        (Some(feed), None) => Ok(feed.clone()),
        (Some(one), Some(other)) => {
            bail!(
                "“{wanted}” could be {} or {}; say more of the name",
                one.display_name(),
                other.display_name()
            )
        }
        (None, _) => bail!("no feed is called “{wanted}”; `newsreader feed list` shows them all"),
    }
}
