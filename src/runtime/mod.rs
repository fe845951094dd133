//! The shell around the app: the terminal, the threads, and the loop between them.
//!
//! The thread of the event loop owns the app and the screen, and waits for messages only. The
//! worker threads call the services of [`library`](crate::library): one writes, one searches, one
//! loads rows and articles, one refreshes, one loads images, one maintains the index. They send
//! their results as messages.
//!
//! Start reading in [`run_event_loop`] and [`Workers`].

mod account_writes;
mod archive_thread;
mod article_loads;
mod backup_thread;
mod change_notifier;
mod child_process;
mod desktop;
mod desktop_notification;
mod download_thread;
mod event_loop;
mod export_article;
mod hook_thread;
mod image_loader;
mod index_thread;
mod input_thread;
mod job;
mod lazy_reader;
mod load_diff;
mod loader;
mod one_shot_jobs;
mod player;
mod ports;
mod priority;
mod refresh_requests;
mod refresher;
mod requests;
mod search_thread;
mod subscription_writes;
pub mod terminal;
#[cfg(test)]
mod tests;
mod text_file;
mod user_program;
mod workers;
mod write_barrier;
mod writer;

pub use desktop::{Desktop, SystemDesktop};
pub use event_loop::{EventLoop, run_event_loop};
pub use input_thread::spawn_input_thread;
pub use loader::load_sidebar;
pub use ports::{PodcastOptions, Ports, ReadingOptions, UnsavedChanges};
pub use workers::Workers;
