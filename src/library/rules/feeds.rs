//! Matching rules with the entries of a refresh, whose feeds they may name.

use std::collections::HashMap;

use super::{arrival::ArrivingEntry, rule_set::RuleSet};
use crate::{
    library::{catch_panic::catch_panic, clock::local_now, feed_source::FeedSources},
    model::{Failure, Feed, FeedId, RefreshScope},
    query::FeedNames,
    store::{EntryUpsert, FeedMetadata, ReadConnection},
};

/// The rules of one refresh, and the feeds that it covers.
pub(in crate::library) struct RefreshRules {
    rules: RuleSet,
    feeds: HashMap<FeedId, Feed>,
}

impl RefreshRules {
    /// Loads the rules. Also returns what is wrong in their file, unless the refresh began by itself:
    /// that would repeat it all day.
    pub(in crate::library) fn load(
        sources: &FeedSources,
        reader: &ReadConnection,
        feeds: &[Feed],
        scope: RefreshScope,
    ) -> (RefreshRules, Vec<Failure>) {
        let loaded = sources.rules.load();
        let rules = RuleSet::compile(&loaded.rules, local_now());
        // A journal that cannot be read has a change for each write of the refresh.
        let rules = match reader.newest_change_id() {
            Ok(newest) => rules.for_refresh_after(newest),
            Err(_) => rules,
        };
        let known = if rules.is_empty() { &[] } else { feeds };
        let feeds = known.iter().map(|feed| (feed.id, feed.clone())).collect();
        let failures = if scope == RefreshScope::Due { Vec::new() } else { loaded.failures };
        (RefreshRules { rules, feeds }, failures)
    }

    /// Returns the compiled rules.
    pub(in crate::library) fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Sets what the rules do to entries of `feed`, whose document may have given it a new title.
    /// Returns a failure if an entry cannot be matched.
    pub(in crate::library) fn match_upserts(
        &self,
        feed: FeedId,
        metadata: Option<&FeedMetadata>,
        upserts: &mut [EntryUpsert],
    ) -> Option<Failure> {
        let feed = self.feeds.get(&feed)?;
        let mut titled = feed.clone();
        if let Some(title) = metadata.and_then(|metadata| metadata.title.clone()) {
            titled.title = title;
        }
        let names =
            FeedNames::new(titled.display_name(), titled.folder(), &titled.subscription.tags);
        let matched = catch_panic(feed.display_name(), || {
            for upsert in upserts.iter_mut().filter(|upsert| upsert.is_new_version()) {
                let is_edited = upsert.is_update();
                let arriving = ArrivingEntry {
                    entry: upsert.entry(),
                    feed: &names,
                    is_muted: feed.subscription.muted && !is_edited,
                    is_edited,
                };
                let acts = self.rules.match_arrival(arriving);
                upsert.set_rule_acts(acts);
            }
            Ok(())
        });
        matched.err()
    }
}
