//! The fields that feeds and entries have in common, as collected by the builder.

use super::{
    elements::SourceRank,
    feed_document::{Enclosure, FeedChapter, FeedDates, FeedLink, Person, TextConstruct},
    unique_strings::UniqueStrings,
};

/// A value with the rank of its source; another value replaces it only if its rank is lower.
#[derive(Debug, Default)]
pub(super) struct RankedValue<T>(pub(super) Option<(SourceRank, T)>);

impl<T> RankedValue<T> {
    /// Keeps `value` if there is none yet or if `rank` is lower than that of the present value.
    pub(super) fn offer(&mut self, rank: SourceRank, value: T) {
        if self.0.as_ref().is_none_or(|(present, _)| rank < *present) {
            self.0 = Some((rank, value));
        }
    }

    pub(super) fn take(&mut self) -> Option<T> {
        self.0.take().map(|(_, value)| value)
    }
}

/// The fields that a feed and an entry have in common.
#[derive(Debug, Default)]
pub(super) struct CommonFields {
    pub(super) title: RankedValue<TextConstruct>,
    pub(super) summary: RankedValue<TextConstruct>,
    pub(super) content: Vec<TextConstruct>,
    /// True once a second summary of the same rank has come: all of them are in the content then.
    pub(super) has_several_summaries: bool,
    pub(super) id: RankedValue<String>,
    pub(super) authors: Vec<(SourceRank, Person)>,
    pub(super) dates: FeedDates,
    pub(super) link_fields: LinkFields,
    pub(super) enclosures: Vec<Enclosure>,
    /// URLs of the files, in the same order.
    pub(super) enclosure_urls: UniqueStrings,
    /// Index of the last file of Media RSS.
    pub(super) media_index: Option<usize>,
    /// Duration of the episode in seconds.
    pub(super) duration_seconds: Option<u32>,
    /// Chapters of the episode.
    pub(super) chapters: Vec<FeedChapter>,
    /// URL to which the feed says that it has moved.
    pub(super) new_feed_url: Option<String>,
    pub(super) tags: UniqueStrings,
    /// Human-readable labels of tags (`label` of Atom's `category`).
    pub(super) tag_labels: Vec<String>,
    pub(super) language: Option<String>,
    pub(super) image: RankedValue<String>,
}

/// The URLs of a feed or an entry, before one is chosen as its link.
#[derive(Debug, Default)]
pub(super) struct LinkFields {
    pub(super) links: Vec<FeedLink>,
    /// Text of the RSS element `link`.
    pub(super) rss_link: Option<String>,
    /// Target of the link, if FeedBurner replaced it with a redirect (`feedburner:origLink`).
    pub(super) original_link: Option<String>,
    /// True if the guid has `isPermaLink="false"`; otherwise it is a URL (RSS 2.0).
    pub(super) guid_is_not_permalink: bool,
    pub(super) comments_url: Option<String>,
    pub(super) icon_url: Option<String>,
    /// Base URL in force at the start tag of the feed or entry.
    pub(super) base_url: Option<String>,
}
