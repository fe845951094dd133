//! A terminal news reader: everything you follow, one keystroke away.
//!
//! # The idea
//!
//! [`app::App`] is the whole state of the running program. [`app::App::update`] takes a [`app::Message`] (a key, an
//! answer, the end of a wait) and the time, changes the state, and gives back [`app::Effects`]: what only the outside
//! can do, as data; [`app::App::request_missing`] asks for what is missing once a batch of messages is taken in. It never waits,
//! reads no clock, touches no file. [`ui::draw_app`] shows an `App` and changes nothing.
//! [`runtime`] is the shell around the two: it turns bytes into messages, carries effects out on threads, and lets
//! their answers come back as messages.
//!
//! ```text
//!  terminal ─ runtime::terminal ─ Key ──┐
//!  lists ────── Listed, Indexed ────────┤   runtime::event_loop        ┌─ List ────────► lists     (searches)
//!  articles ─── Rows, Article, Sidebar ─┼─► take in what has come, ────┼─ Rows, Article ► articles (loads)
//!  library ──── Changed, Saving ────────┤   App::update ─► Effects     ├─ Write ───────► library   (the one writer)
//!  refresher ── Progress, Refreshed ────┤   then draw once, then sleep ├─ Refresh ─────► refresher ─► pool ─► library
//!  pictures ─── Picture ────────────────┤                              ├─ Picture ─────► pictures  (makes them small)
//!  index ────── Failed ─────────────────┤                              │                 index     (writes segments)
//!  jobs ─────── Discovered, Renewed, … ─┤                              ├─ Discover, … ─► jobs      (one thread each)
//!  timer ────── Tick ───────────────────┘                              └─ Terminal ────► the loop itself
//! ```
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
//! | [`refresh`] | when a feed is asked, what its answer means, which files and entries are new | reads nothing itself |
//! | [`app`] | the state and its transitions | no I/O, clock, thread or terminal |
//! | [`ui`] | draws an app | changes nothing |
//! | [`runtime`] | terminal, threads, the loop | decides nothing |
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
