//! A terminal news reader: everything you follow, one keystroke away.
//!
//! # The idea
//!
//! [`app::App`] is the whole state of the running program. [`app::App::update`] takes a [`app::Message`] (a key, an
//! answer, the end of a wait) and the time, changes the state, and gives back [`app::Effects`]: what only the outside
//! can do, as data; [`app::App::request_missing`] asks for what is missing once a batch of messages is taken in. It never waits,
//! reads no clock, touches no file. [`ui::draw_app`] shows an `App` and changes nothing.
//! [`runtime`] is the shell around the two: it turns bytes into messages, has effects carried out on threads, and lets
//! their outcome come back as messages. [`library`] is what the threads, and the command line, call.
//!
//! ```text
//!                                          the loop                    the threads                 the services
//!  terminal ── Key, Mouse, Paste ───┐   runtime::event_loop       ┌─ Search ──► search_thread ─┐
//!  search ──── ResultsLoaded ───────┤                             ├─ Load… ───► loader ────────┤
//!  loader ──── Rows, ArticleLoaded ─┼─► take in what has come, ───┼─ Write ───► writer ────────┼─► library
//!  writer ──── ChangeFinished ──────┤   App::update ─► Effects    ├─ Refresh ─► refresher ─────┤   (search, refresh,
//!  refresher ─ RefreshProgressed ───┤   then draw once,           ├─ LoadImage► image_loader ──┤    index, subscribe,
//!  images ──── ImageLoaded ─────────┤   then sleep                │             index_thread ──┤    save, …)
//!  jobs ────── FeedsDiscovered, … ──┤                             ├─ Discover…► one_shot_jobs ─┘
//!  timer ───── Tick ────────────────┘                             └─ Terminal ► the loop itself
//! ```
//!
//! The writer is the only thread that writes: the refresher hands it what is new, and the index thread the segments
//! that it has written.
//!
//! # The layers
//!
//! Lowest first; a module names only modules before it. `tests/it/layers.rs` holds the exact table, and the homes of
//! the crates.
//!
//! | module | what it is | what it is not |
//! |---|---|---|
//! | [`model`] | entries, feeds, views, changes: plain data | no I/O, no SQL, no screen |
//! | [`text`] | cells, cleaning, search folding, relative times | knows no articles |
//! | [`command`] | what can be asked for, and its keys | does nothing itself |
//! | [`query`] | the filter language and its evaluation | knows no store |
//! | [`markup`] | documents as blocks, laid out in lines | no colours |
//! | [`extract`] | the article of a web page | fetches nothing |
//! | [`documents`] | article files into entries | stores nothing |
//! | [`feed`] | feed documents into feeds and entries | fetches and stores nothing |
//! | [`net`] | one request, its answer, its limits | knows no feeds |
//! | [`opml`] | subscription lists in and out | follows nothing itself |
//! | [`picture`] | pictures, small enough for cells | fetches and draws nothing |
//! | [`settings`] | what the user can set, in layers | reads no file itself |
//! | [`index`] | finding entries by their text, in files of its own | no SQL |
//! | [`store`] | the library in SQLite, the one source of truth | no files, no folding |
//! | [`refresh`] | when a feed is asked, what its answer means, which files and entries are new | pure: reads nothing itself |
//! | [`library`] | the services: search, refresh, index, subscribe, import, export, save | knows no app; no thread outlives a call |
//! | [`app`] | the state and its transitions | no I/O, clock, thread or terminal |
//! | [`ui`] | draws an app | changes nothing |
//! | [`runtime`] | terminal, threads, channels, the loop | decides nothing |
//! | [`cli`] | the command line; reads the environment, once | |
//!
//! # What always holds
//!
//! * The thread of the loop waits for messages and for nothing else: not for SQL, not for a file, not for an answer
//!   of the terminal.
//! * One thread writes the library, the user's changes before what folders bring. Every change is in the journal in
//!   the same transaction, so undo works across restarts.
//! * The index is derived from the library, says nothing that the library does not, and is made anew when it is broken.
//! * Questions are numbered; an answer to an older one is dropped.
//! * Only the rows and lines on the screen are built. What did not change costs no byte; an idle program, no wake-up.
//! * No text reaches the terminal that [`text::sanitize`] has not seen.

pub mod app;
pub mod cli;
pub mod command;
pub mod documents;
pub mod extract;
pub mod feed;
pub mod index;
pub mod library;
pub mod markup;
pub mod model;
pub mod net;
pub mod opml;
pub mod picture;
pub mod query;
pub mod refresh;
pub mod runtime;
pub mod settings;
pub mod store;
pub mod text;
pub mod ui;
