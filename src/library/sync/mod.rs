//! Keeping accounts and their servers alike: what is read and starred in one place is so in the other.
//!
//! `plan.rs` decides what there is to do, without asking anybody; `sync_run.rs` asks the server and hands
//! every write to the caller, because only one thread writes to the library. The order is: what the
//! user did goes first, subscriptions (`feed_plan.rs`, `send_feeds.rs`) before marks; then come the
//! subscriptions, the lists of ids, the articles that are missing, the marks and the labels (`merge_lists.rs`,
//! `fetch_articles.rs`). Each account has a thread (`sync_threads.rs`), so that none waits for another. Start with
//! `sync_account` in `sync_run.rs`.

mod account_network;
mod account_password;
mod account_removal;
#[cfg(test)]
mod convergence_tests;
mod edit_account;
mod feed_plan;
mod fetch_articles;
mod find_server;
mod incoming;
mod label_plan;
mod labels;
mod list_pages;
mod login_attempts;
mod merge_lists;
mod password_files;
mod plan;
mod schedule;
mod send_feeds;
mod server;
mod sync_run;
mod sync_threads;
mod writes;

pub use account_password::PasswordError;
pub(super) use account_password::{read_account_password, read_password_setting};
pub use account_removal::describe_removal;
pub use edit_account::{check_account, delete_account, list_private_hosts, save_account};
pub use find_server::{LoginAttempt, find_server};
pub use password_files::{PasswordFileProblem, check_password_files};
pub(super) use schedule::should_sync;
pub use server::ServerSession;
pub(super) use sync_threads::{SyncEvent, start_sync_threads};
pub(super) use writes::store_sync_write;
pub use writes::{SyncJob, SyncOutput, SyncReply, SyncWrite};
