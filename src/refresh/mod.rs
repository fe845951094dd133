//! Reading sources again: which files of a folder are new, changed, moved or gone; when a feed is asked, what its
//! answer means, and which of its entries are new. Pure, but for questions to the library.

mod diff;
mod file_url;
mod folder_diff;
mod identity;
mod outcome;
mod schedule;

pub use diff::{FeedDiff, diff_feed};
pub use file_url::{file_url_to_path, path_to_file_url};
pub use folder_diff::{FolderDiff, diff_folder};
pub use identity::{EntryIdentity, identify_entries};
pub use outcome::{FeedOutcome, build_request, interpret_response};
pub use schedule::{
    PublisherHints, schedule_after_failure, schedule_after_success, should_refresh,
};
