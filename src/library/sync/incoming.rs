//! Articles of a server as entries of the library: they are compared, matched with rules and stored as
//! those of feeds.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use crate::{
    feed::{
        Enclosure, FeedDates, FeedDocument, ParsedEntry, Person, TextConstruct, ensure_headline,
    },
    library::{
        entries_by_guid_or_link::{EntriesByGuidOrLink, FoundEntry},
        feed_entries::FeedEntries,
    },
    model::{AccountId, Feed, FeedId, RemoteFeed},
    refresh::{self, StoredEntries},
    remote::{RemoteEnclosure, RemoteItem},
    store::{EntryFingerprint, ReadConnection, StoreError, SyncedArticles, SyncedItem},
};

/// The feeds of an account by the ids that the server gave them.
pub(super) struct AccountFeeds {
    feeds: HashMap<String, Feed>,
    /// The feeds to which the user is subscribed here as well.
    subscribed: Vec<Feed>,
}

/// The server's id of the feed for articles of feeds that it does not list: some servers keep starred
/// articles of feeds that the user has left.
pub(super) const OTHER_ARTICLES: &str = "";

/// Returns the feed for articles of feeds that the server does not list.
pub(super) fn other_articles() -> RemoteFeed {
    RemoteFeed {
        id: OTHER_ARTICLES.to_owned(),
        title: "Other articles".to_owned(),
        folder: None,
        url: None,
        site_url: None,
    }
}

impl AccountFeeds {
    /// Loads the feeds that the server lists.
    pub(super) fn load(
        reader: &ReadConnection,
        account: AccountId,
    ) -> Result<AccountFeeds, StoreError> {
        let feeds = reader.list_feeds_of_account(account)?.into_iter();
        let mut by_id: HashMap<FeedId, Feed> = feeds.map(|feed| (feed.id, feed)).collect();
        let mut subscribed = reader.list_feeds()?;
        subscribed.retain(|feed| by_id.contains_key(&feed.id));
        let listed = reader.list_account_feeds(account)?.into_iter();
        let feeds = listed.filter_map(|known| Some((known.remote, by_id.remove(&known.feed)?)));
        Ok(AccountFeeds { feeds: feeds.collect(), subscribed })
    }

    /// Returns the feeds on whose articles rules act.
    pub(super) fn subscribed(&self) -> &[Feed] {
        &self.subscribed
    }

    /// Returns the feed of an article: its own, or the one for articles of other feeds.
    fn feed_of(&self, item: &RemoteItem) -> Option<&Feed> {
        self.feeds.get(&item.feed).or_else(|| self.feeds.get(OTHER_ARTICLES))
    }

    /// Returns whether there is a feed for every article.
    pub(super) fn have_all(&self, items: &[RemoteItem]) -> bool {
        items.iter().all(|item| self.feed_of(item).is_some())
    }
}

/// Compares articles with what is stored of them. Those without a feed are left out.
pub(super) fn compare_articles(
    reader: &ReadConnection,
    account: AccountId,
    feeds: &AccountFeeds,
    items: Vec<RemoteItem>,
    now: DateTime<Utc>,
) -> Result<SyncedArticles, StoreError> {
    let mut articles = SyncedArticles { account, upserts: Vec::new(), items: Vec::new() };
    let mut entries_by_feed: BTreeMap<FeedId, (&Feed, Vec<ParsedEntry>)> = BTreeMap::new();
    for item in items {
        let Some((feed, id)) = feeds.feed_of(&item).zip(item.id.clone()) else { continue };
        articles.items.push(SyncedItem {
            id,
            feed: feed.id,
            is_read: item.is_read,
            is_starred: item.is_starred,
        });
        let (_, entries) = entries_by_feed.entry(feed.id).or_insert_with(|| (feed, Vec::new()));
        entries.push(to_entry(item));
    }
    // In the order in which the index has the entries that they are linked to.
    articles.items.sort_by_key(|item| item.feed);
    for (id, (feed, entries)) in entries_by_feed {
        let stored = EntriesByGuidOrLink {
            entries: FeedEntries { reader, feed: id },
            find_by_link: find_without_id,
        };
        let diff = refresh::diff_feed(&stored, feed, FeedDocument::from_entries(entries), now)?;
        articles.upserts.push((id, diff.upserts));
    }
    Ok(articles)
}

/// Converts an article. Its guid is the server's id.
fn to_entry(item: RemoteItem) -> ParsedEntry {
    let mut entry = ParsedEntry {
        title: TextConstruct::plain(item.title),
        link: item.link,
        id: item.id.map(|id| id.0),
        content: vec![TextConstruct::html(item.html)],
        authors: item
            .author
            .into_iter()
            .map(|name| Person { name: Some(name), email: None })
            .collect(),
        dates: FeedDates { published: item.published, ..FeedDates::default() },
        enclosures: item.enclosures.into_iter().map(to_enclosure).collect(),
        tags: item.categories,
        ..ParsedEntry::default()
    };
    ensure_headline(&mut entry);
    entry
}

fn to_enclosure(file: RemoteEnclosure) -> Enclosure {
    let RemoteEnclosure { url, media_type, length } = file;
    Enclosure { href: url, media_type, length, ..Enclosure::default() }
}

/// Finds the entry of a link. Entries are found by their guids, because the server's ids are certain, and two articles
/// of one link are two there; after another subscription to the feed, the articles of before have no id any more, and
/// are found by their links.
fn find_without_id(entries: &FeedEntries<'_>, link_key: &str) -> FoundEntry {
    let Some(found) = entries.find_by_link_key(link_key)? else { return Ok(None) };
    if entries.reader.is_linked_entry(found.id)? {
        return Ok(None);
    }
    // It has to be stored under its new id, although its text is the same.
    Ok(Some(EntryFingerprint { digest: !found.digest, ..found }))
}
