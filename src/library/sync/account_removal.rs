//! Sentences about accounts that were removed.

use crate::{
    model::{AccountRemoval, ReleasedFeeds, TRASH_DAYS},
    text::count_noun,
};

/// Describes what became of the feeds of an account that was removed, in words that continue "Removed NAME".
pub fn describe_removal(removal: AccountRemoval, feeds: ReleasedFeeds) -> String {
    match removal {
        AccountRemoval::KeepFeeds | AccountRemoval::KeepPrivateFeeds => describe_kept_feeds(feeds),
        AccountRemoval::Unsubscribe => describe_unsubscribed(feeds.total()),
    }
}

fn describe_kept_feeds(feeds: ReleasedFeeds) -> String {
    let describe = |count: usize, one: &str, several: &str| {
        let ending = if count == 1 { one } else { several };
        (count > 0).then(|| format!("; {}{ending}", count_noun(count, "feed")))
    };
    let kept = describe(feeds.fetchable, " is fetched from here now", " are fetched from here now");
    let duplicates =
        describe(feeds.duplicates, " is one of your own already", " are among your own already");
    let without_url = describe(
        feeds.without_url,
        " has no URL from which it could be fetched",
        " have no URL from which they could be fetched",
    );
    let unsubscribed = describe_unsubscribed(feeds.unfetchable());
    [kept, duplicates, without_url, Some(unsubscribed)].into_iter().flatten().collect()
}

fn describe_unsubscribed(feeds: usize) -> String {
    if feeds == 0 {
        return String::new();
    }
    let feeds = count_noun(feeds, "feed");
    format!("; unsubscribed from {feeds}, whose articles stay {TRASH_DAYS} days")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentence_tells_what_became_of_the_feeds() {
        let sentence = |fetchable, duplicates, without_url| {
            describe_kept_feeds(ReleasedFeeds { fetchable, duplicates, without_url })
        };
        assert_eq!(sentence(0, 0, 0), "");
        assert_eq!(sentence(1, 0, 0), "; 1 feed is fetched from here now");
        assert_eq!(sentence(12, 0, 0), "; 12 feeds are fetched from here now");
        assert_eq!(
            sentence(2, 1, 2),
            "; 2 feeds are fetched from here now; 1 feed is one of your own already; 2 feeds have no URL \
             from which they could be fetched; unsubscribed from 3 feeds, whose articles stay 30 days"
        );
    }
}
