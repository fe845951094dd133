//! One test binary: linking once is cheaper than linking per file.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod articles;
mod cli;
mod corpora;
mod extracting;
mod feeds;
mod full_text;
mod house;
mod index;
mod indexing;
mod layers;
mod library;
mod managing;
mod net;
#[cfg(unix)]
mod picture;
mod pictures;
#[cfg(unix)]
mod pty;
mod refreshing;
mod screens;
mod seeds;
mod support;
mod updates;
mod workers;
