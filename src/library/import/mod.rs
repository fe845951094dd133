//! Moving in from another reader: one way into the library for everything that importers read.
//!
//! [`store_import`] is given subscriptions, views and batches of articles, and stores all of it in one
//! transaction and as one change of the journal. Reading the files of other readers is not here.

mod articles;
mod episodes;
mod import_run;
mod marks;
mod views;

pub use episodes::{connect_episode_files, count_episode_files};
pub use import_run::store_import;
