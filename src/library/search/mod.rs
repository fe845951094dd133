//! Searching the library: the index, the articles that are not in it yet, and the entries of a view.
//!
//! [`Searcher`] runs searches on a [`snapshot`] of the library. A request becomes a [`plan`], and [`execute`] runs it.

mod backlog;
mod execute;
mod histogram;
mod plan;
mod searcher;
mod selection;
mod snapshot;
mod suggestion;

pub use searcher::{MAX_BACKLOG, Searcher, search_once};
