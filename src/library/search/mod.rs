//! Searches in the library: in the index, in the entries that are not indexed yet, and lists of
//! views without a filter.
//!
//! [`Searcher`] runs searches on a [`snapshot`] of the library. A request becomes a [`plan`], which
//! [`execute`] runs. Start with [`Searcher::search`].

mod backlog;
mod copies;
mod execute;
mod hidden;
mod histogram;
mod listing;
mod plan;
mod searcher;
mod selection;
mod similar_articles;
mod snapshot;
mod sort;
mod stories;
mod suggestion;
mod tags;
mod views;

pub use backlog::BacklogLimit;
pub use searcher::{Searcher, search_once};
pub use similar_articles::similar_filter;
