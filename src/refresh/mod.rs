//! The rules of refreshing: when a feed is due, what its response means, and which entries of a
//! feed or files of a folder are new.
//!
//! Pure: no file, no network, no clock and no library is touched here. [`diff_feed`] asks for
//! stored entries through [`StoredEntries`]. The library layer does the fetching and storing.

mod article_url;
mod block_diff;
mod diff;
mod edit;
mod entry_matcher;
mod file_url;
mod folder_diff;
mod guid_variants;
mod identity;
mod import_match;
mod outcome;
mod same_article;
mod schedule;
mod similarity;
mod stored_entries;

pub use diff::{FeedDiff, diff_feed};
pub use file_url::{file_url_to_path, path_to_file_url};
pub use folder_diff::FolderDiff;
pub use identity::{EntryIdentity, identify_entries};
pub use import_match::{ArticleMatch, match_imported, match_saved_pages};
pub use outcome::{FeedOutcome, build_request, interpret_response};
pub use schedule::{
    PublisherHints, schedule_after_failure, schedule_after_success, should_refresh,
};
pub use stored_entries::StoredEntries;
