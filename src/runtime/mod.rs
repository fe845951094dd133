//! The shell around the app: the terminal, the threads, and the loop between them.
//!
//! The thread of the loop owns the app and the screen and waits for nothing but messages. One thread writes the
//! library, one answers for lists, one loads rows and articles, one reads folders; they report as messages.

mod background;
mod deliver;
mod desktop;
mod discover;
mod event_loop;
mod folded;
mod follow;
mod in_full;
mod indexer;
mod jobs;
mod lister;
mod lists;
mod loader;
mod original;
mod pictures;
mod pool;
mod readable;
mod refresher;
mod samples;
mod save;
mod source;
pub mod terminal;
mod workers;
mod writer;
mod written;

pub use desktop::{Browser, Desktop};
pub use discover::discover;
pub use event_loop::{Loop, moment, run};
pub use follow::{Followed, collections, follow, follow_all, follow_program, listed};
pub use in_full::InFull;
pub use indexer::{Indexer, IndexingError};
pub use lister::answer;
pub use lists::{list_of, parse_list, read_list, write_list};
pub use original::{Page, page};
pub use readable::readable;
pub use refresher::{Arrived, refresh, sample_arrivals, store_samples};
pub use samples::SAMPLES;
pub use save::save_page;
pub use source::{ROOM, Sources};
pub use workers::{Ports, Reading, Unsaved, Workers};
