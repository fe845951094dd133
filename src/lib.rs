//! A terminal news reader for feeds and folders of articles, with full-text search at every
//! keystroke.
//!
//! This page describes the structure of the library: the flow of messages, the layers of modules,
//! and the rules that always hold. Read also `ARCHITECTURE.md` for the reasons for the design,
//! with measurements, and `CONTRIBUTING.md` for the conventions, the glossary, and the place of a
//! new feature.
//!
//! # The flow of messages
//!
//! [`app::App`] is the whole state of the running program. [`app::App::update`] takes a
//! [`app::Message`] (a key, a result, the end of a wait) and the time, changes the state, and
//! returns [`app::Effects`]: requests to the outside, as data. After each batch of messages,
//! [`app::App::request_missing`] returns the effects that load missing data. The app never waits,
//! reads no clock and touches no file. [`ui::draw_app`] draws an `App` and changes nothing.
//!
//! [`runtime`] is the shell around both: it turns the bytes of the terminal into messages, runs
//! effects on threads, and turns their results into messages. The threads and the command line call
//! the services in [`library`].
//!
//! ```text
//!  terminal ─ Key, Mouse, Paste … ─┐   event loop             threads
//!  search ─── ResultsLoaded … ─────┤                      ┌─ Search ───► search_thread ─┐
//!  loader ─── RowsLoaded … ────────┤   handle all waiting ├─ Load… ────► loader ────────┤
//!  writer ─── ChangeFinished,      │   messages:          ├─ Write ────► writer ────────┤
//!             RefreshProgressed … ─┼─► App::update ───────┼─ Refresh ──► refresher ─────┼► library
//!  images ─── ImageLoaded ─────────┤   ─► Effects;        ├─ LoadImage ► image_loader ──┤
//!  jobs ───── FeedsDiscovered … ───┤   draw one frame;    ├─ others ───► one_shot_jobs ─┤
//!  timer ──── Tick ────────────────┘   sleep              │              index_thread ──┘
//!                                                         └─ Terminal ─► the event loop itself
//! ```
//!
//! The writer is the only thread that writes to the library. The refresher sends it new entries and
//! its progress, the index thread sends it the list of segments to commit, and the writer wakes the
//! index thread when articles have changed.
//!
//! # The layers
//!
//! Lowest first: a module names only modules above it in the table. `tests/it/layers.rs` has the
//! exact rules, and lists the crates that only certain modules may name.
//!
//! | module | contents | limits |
//! |---|---|---|
//! | [`model`] | entries, feeds, views, changes, searches: plain data | no I/O, SQL or screen |
//! | [`text`] | cell widths, sanitizing, folding, bidi, URLs, relative times, the user's TOML files | knows no articles |
//! | [`diff`] | the difference between two versions of a text, by paragraphs and words | no HTML, no store |
//! | [`command`] | the commands and the keymap | runs no command |
//! | [`query`] | the filter language: parsing and plain evaluation | knows no store |
//! | [`markup`] | documents as blocks, and their layout in lines | no colours |
//! | [`extract`] | extraction of the article from a web page | fetches nothing |
//! | [`documents`] | parsers for article files | stores nothing |
//! | [`feed`] | parsers for feed documents, and feed discovery | fetches and stores nothing |
//! | [`net`] | HTTP: one request, its response, its limits | knows no feeds |
//! | [`remote`] | articles, ids, failures and limits of all sync servers | knows no protocol |
//! | [`greader`] | the Google Reader API of sync servers: login and calls | decides nothing, stores nothing |
//! | [`fever`] | the Fever API of sync servers: login and calls | decides nothing, stores nothing |
//! | [`archive`] | the shared archive on PostgreSQL: articles, marks, leases, searches | decides nothing, stores nothing here |
//! | [`opml`] | import and export of subscription lists | subscribes to nothing |
//! | [`imports`] | parsers for the files of other readers: newsboat, newsraft, eilmeldung, elfeed, articles in JSON, lists of pages | stores nothing, starts nothing |
//! | [`picture`] | decoding images and scaling them to cells | fetches and draws nothing |
//! | [`settings`] | the user's settings, in layers, and the file of rules | reads no file |
//! | [`story`] | which articles are about one event: strongest terms, comparison, clustering | knows no index, store or clock |
//! | [`index`] | the search index, in files of its own | no SQL |
//! | [`store`] | the library in SQLite, the source of truth | no other files but through their owners, no folding |
//! | [`refresh`] | when feeds are due, what responses mean, which entries are new | no I/O |
//! | [`library`] | services: search, refresh, rules, index, subscribe, import, save | no app or terminal |
//! | [`app`] | the state and its transitions | no I/O, clock, thread or terminal |
//! | [`ui`] | drawing an app | changes nothing |
//! | [`runtime`] | the terminal, threads, channels, the event loop | decides nothing |
//! | [`cli`] | the command line; reads the environment, once | |
//!
//! # Rules that always hold
//!
//! * The event loop waits only for messages: never for SQL, a file, or a reply of the terminal.
//! * One thread writes to the library, and the user's changes come before the output of a refresh.
//!   Every change that can be undone is written to the journal in the same transaction, so undo
//!   works after a restart.
//! * The index is derived from the library. If it is broken, it is rebuilt.
//! * Requests are numbered. Results of older requests are dropped.
//! * Only the visible rows and lines are built. Cells that have not changed cost no byte, and an
//!   idle program never wakes up.
//! * All text that reaches the terminal has passed through [`text::sanitize`].

pub mod app;
pub mod archive;
pub mod cli;
pub mod command;
pub mod diff;
pub mod documents;
pub mod extract;
pub mod feed;
pub mod fever;
pub mod greader;
pub mod imports;
pub mod index;
pub mod library;
pub mod markup;
pub mod model;
pub mod net;
pub mod opml;
pub mod picture;
pub mod query;
pub mod refresh;
pub mod remote;
pub mod runtime;
pub mod settings;
pub mod store;
pub mod story;
pub mod text;
pub mod ui;
