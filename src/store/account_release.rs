//! The feeds of an account that is removed: those that can be fetched get their own URLs.

use rusqlite::{Connection, OptionalExtension, params};

use super::column_values;
use crate::{
    model::{AccountId, FeedId, FeedKind, ReleasedFeeds},
    text::url,
};

/// A feed of an account that is removed.
struct HeldFeed {
    feed: FeedId,
    url: Option<String>,
    is_subscribed: bool,
}

/// The result of releasing a feed.
enum Release {
    Fetchable,
    Duplicate,
    WithoutUrl,
}

/// Gives the feeds of an account their own URLs, from which they are fetched. Of several feeds with
/// one URL, one that is subscribed gets it. Returns how many subscribed feeds there are, and which of
/// them cannot be fetched.
pub(super) fn release_feeds(
    db: &Connection,
    account: AccountId,
) -> rusqlite::Result<(ReleasedFeeds, Vec<FeedId>)> {
    let (mut released, mut unfetchable) = (ReleasedFeeds::default(), Vec::new());
    for held in list_held_feeds(db, account)? {
        let release = release_feed(db, &held)?;
        if !held.is_subscribed {
            continue;
        }
        match release {
            Release::Fetchable => {
                released.fetchable += 1;
                continue;
            }
            Release::Duplicate => released.duplicates += 1,
            Release::WithoutUrl => released.without_url += 1,
        }
        unfetchable.push(held.feed);
    }
    Ok((released, unfetchable))
}

/// Lists the feeds of an account, those first to which the user is subscribed.
fn list_held_feeds(db: &Connection, account: AccountId) -> rusqlite::Result<Vec<HeldFeed>> {
    let sql = "SELECT feed, a.url, gone = 0 FROM account_feeds a JOIN feeds ON id = feed
               WHERE account = ?1 ORDER BY gone, feed";
    let mut statement = db.prepare(sql)?;
    let feeds = statement.query_map([account.0], |row| {
        Ok(HeldFeed { feed: FeedId(row.get(0)?), url: row.get(1)?, is_subscribed: row.get(2)? })
    })?;
    feeds.collect()
}

fn release_feed(db: &Connection, held: &HeldFeed) -> rusqlite::Result<Release> {
    let Some(url) = held.url.as_deref().filter(|url| url::parse_web_url(url).is_some()) else {
        return Ok(Release::WithoutUrl);
    };
    let sql = "SELECT id, gone = 0 FROM feeds WHERE url = ?1";
    let owner: Option<(i64, bool)> =
        db.query_row(sql, [url], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match owner {
        Some((owner, false)) if held.is_subscribed => replace_url(db, FeedId(owner))?,
        Some(_) => return Ok(Release::Duplicate),
        None => {}
    }
    let kind = column_values::feed_kind_name(FeedKind::Web);
    let sql = "UPDATE feeds SET kind = ?2, url = ?3 WHERE id = ?1";
    db.execute(sql, params![held.feed.0, kind, url])?;
    Ok(Release::Fetchable)
}

/// Takes its URL from a feed that is no longer subscribed, for one that is. Its articles stay as they
/// are; should it be subscribed again by an undo, it is not fetched.
fn replace_url(db: &Connection, feed: FeedId) -> rusqlite::Result<()> {
    let kind = column_values::feed_kind_name(FeedKind::Synced);
    let sql = "UPDATE feeds SET kind = ?2, url = 'replaced:' || id WHERE id = ?1";
    db.execute(sql, params![feed.0, kind]).map(drop)
}
