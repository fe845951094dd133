//! Fetching the texts of saved pages that were imported without them, one after the other.

use std::{collections::HashMap, time::Duration};

use super::{
    catch_panic::catch_panic, clock::utc_now, feed_source::FeedSources, full_text::fetch_page,
};
use crate::{
    model::Failure,
    store::{LibraryLocation, ReadConnection, StoreError, WriteConnection},
    text::{UrlTrust, url},
};

/// The pause between two pages of one host.
const HOST_PAUSE: Duration = Duration::from_secs(2);

/// Number of failures of one host after which its other pages are left for another time.
const MAX_HOST_FAILURES: usize = 3;

/// The numbers of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MissingPagesSummary {
    /// Pages whose texts were fetched.
    pub fetched: usize,
    /// Pages that failed.
    pub failed: usize,
    /// Pages that are still without a text, those that failed included.
    pub missing: usize,
}

/// Receives the title of each page, and the failure of one that cannot be fetched.
pub type PageReport<'a> = &'a mut dyn FnMut(&str, Option<&Failure>);

/// Fetches the texts of saved pages that have none, at most `limit` of them, and stores each at once, so
/// that a run that is stopped goes on where it was. Calls `wait` before the second of two pages of one host.
pub fn fetch_missing_pages(
    store: &mut WriteConnection,
    location: &LibraryLocation,
    sources: &FeedSources,
    limit: usize,
    (wait, report): (&dyn Fn(Duration), PageReport<'_>),
) -> Result<MissingPagesSummary, StoreError> {
    let pages = ReadConnection::open(location)?.list_pages_without_text()?;
    let mut summary = MissingPagesSummary { missing: pages.len(), ..Default::default() };
    let mut failures: HashMap<String, usize> = HashMap::new();
    let mut previous_host = String::new();
    for page in pages {
        if summary.fetched + summary.failed >= limit {
            break;
        }
        let host = url::host(&page.url).to_owned();
        let failure_count = failures.entry(host.clone()).or_default();
        if *failure_count >= MAX_HOST_FAILURES {
            continue;
        }
        if host == previous_host {
            wait(HOST_PAUSE);
        }
        // The list is not the user's own typing: it leads into no private network.
        let trust = UrlTrust::of_link(&page.url, None);
        match catch_panic(&page.url, || fetch_page(sources, &page.url, trust, "")) {
            Ok(fetched) => {
                store.save_full_text(page.id, &fetched.into_full_text(utc_now()))?;
                summary.fetched += 1;
                summary.missing -= 1;
                report(&page.title, None);
            }
            Err(failure) => {
                *failure_count += 1;
                summary.failed += 1;
                report(&page.title, Some(&failure));
            }
        }
        previous_host = host;
    }
    Ok(summary)
}
