//! Leases: who fetches which feed.

/// A request for the work of fetching feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRequest {
    /// The id of this reader: of one library on one machine, whoever its user is.
    pub reader: String,
    /// The URLs of the feeds that are due here.
    pub feeds: Vec<String>,
    /// Seconds for which nobody else fetches them. A reader that dies loses them after that time.
    pub seconds: u32,
}

/// A feed that this reader has fetched, with or without news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedFeed {
    /// The URL of the feed.
    pub url: String,
    /// The title of the feed.
    pub title: String,
    /// Seconds until the feed is due again.
    pub next_fetch_seconds: u32,
}
