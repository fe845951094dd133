//! Two subscriptions that turn out to be one feed.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use super::{StoreError, WriteConnection, tags::INTERNAL_TAGS};
use crate::model::{Change, EntryId, FeedId, TagId, TagMark, TagName};

/// The change that makes one subscription of two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedMerge {
    /// The change: marks of articles that both have, and the end of one subscription.
    pub change: Change,
    /// The name of the feed whose subscription ends.
    pub merged_name: String,
    /// The name of the feed that stays.
    pub kept_name: String,
}

impl WriteConnection {
    /// Plans to merge `feed`, which has moved to `url`, into the subscribed feed that has this URL.
    ///
    /// Returns `None` if there is no such feed, if it has no articles yet, or if a starred or tagged
    /// article would disappear, since the other feed does not have it.
    pub fn plan_feed_merge(
        &self,
        feed: FeedId,
        url: &str,
    ) -> Result<Option<FeedMerge>, StoreError> {
        let run = || -> rusqlite::Result<Option<FeedMerge>> {
            let Some((kept, kept_name)) = self.find_kept_feed(feed, url)? else { return Ok(None) };
            if self.has_unmatched_choice(feed, kept)? {
                return Ok(None);
            }
            let read = self.entries_to_mark(feed, kept, "read")?;
            let starred = self.entries_to_mark(feed, kept, "starred")?;
            let mut changes = vec![
                Change::Read { ids: read, read: true },
                Change::Starred { ids: starred, starred: true },
            ];
            changes.retain(|change| {
                !matches!(change, Change::Read { ids, .. } | Change::Starred { ids, .. } if ids.is_empty())
            });
            changes.extend(self.tags_to_carry(feed, kept)?);
            changes.push(Change::set_unsubscribed(feed, true));
            let sql = "SELECT coalesce(name, title) FROM feeds WHERE id = ?1";
            let merged_name = self.db.query_row(sql, [feed.0], |row| row.get(0))?;
            Ok(Some(FeedMerge { change: Change::Many(changes), merged_name, kept_name }))
        };
        run().map_err(StoreError::during("merge two feeds"))
    }

    /// Finds the other subscribed feed at `url` that has articles.
    fn find_kept_feed(
        &self,
        feed: FeedId,
        url: &str,
    ) -> rusqlite::Result<Option<(FeedId, String)>> {
        let sql =
            "SELECT id, coalesce(name, title) FROM feeds WHERE url = ?1 AND id <> ?2 AND gone = 0
                   AND EXISTS (SELECT 1 FROM entries WHERE feed = feeds.id)";
        let row = self
            .db
            .query_row(sql, params![url, feed.0], |row| Ok((FeedId(row.get(0)?), row.get(1)?)));
        row.optional()
    }

    fn has_unmatched_choice(&self, feed: FeedId, kept: FeedId) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM entries AS e WHERE e.feed = ?1
                   AND (e.starred = 1 OR EXISTS
                       (SELECT 1 FROM entry_tags WHERE entry = e.id AND tag NOT IN (?3, ?4)))
                   AND NOT EXISTS (SELECT 1 FROM entries AS o WHERE o.feed = ?2 AND o.guid = e.guid))";
        let unlisted = [TagId::HIDDEN.0, TagId::REMOVED.0];
        self.db.query_row(sql, params![feed.0, kept.0, unlisted[0], unlisted[1]], |row| row.get(0))
    }

    /// Returns the changes that put the tags of entries of `feed` on the same entries of `kept`. What
    /// is in the trash of one feed stays in the other, and a downloaded file and an edit are those of one entry.
    fn tags_to_carry(&self, feed: FeedId, kept: FeedId) -> rusqlite::Result<Vec<Change>> {
        let sql = "SELECT t.name, m.until, o.id FROM entries AS e
                   JOIN entry_tags AS m ON m.entry = e.id AND m.tag NOT IN (?3, ?4, ?5)
                   JOIN tags AS t ON t.id = m.tag
                   JOIN entries AS o ON o.feed = ?2 AND o.guid = e.guid
                   WHERE e.feed = ?1
                   AND NOT EXISTS (SELECT 1 FROM entry_tags WHERE entry = o.id AND tag = m.tag)";
        let mut statement = self.db.prepare(sql)?;
        let [removed, downloaded, edited] = INTERNAL_TAGS;
        let mut rows = statement.query(params![feed.0, kept.0, removed, downloaded, edited])?;
        let mut ids: BTreeMap<(TagName, TagMark), Vec<EntryId>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let tag = TagName::from_stored(row.get(0)?);
            ids.entry((tag, TagMark::on_until(row.get(1)?)))
                .or_default()
                .push(EntryId(row.get(2)?));
        }
        Ok(ids.into_iter().map(|((tag, mark), ids)| Change::set_tag(&ids, tag, mark)).collect())
    }

    /// Returns the entries of `kept` that lack a mark which the same entry of `feed` has.
    fn entries_to_mark(
        &self,
        feed: FeedId,
        kept: FeedId,
        column: &'static str,
    ) -> rusqlite::Result<Vec<EntryId>> {
        let sql = format!(
            "SELECT o.id FROM entries AS e JOIN entries AS o ON o.feed = ?2 AND o.guid = e.guid
             WHERE e.feed = ?1 AND e.{column} = 1 AND o.{column} = 0"
        );
        let mut statement = self.db.prepare(&sql)?;
        let ids = statement.query_map([feed.0, kept.0], |row| row.get(0).map(EntryId))?;
        ids.collect()
    }
}
