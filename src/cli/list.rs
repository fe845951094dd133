//! `newsreader list`: one article a line, the newest first.

use std::fmt::Write;

use chrono::Local;

use super::{Args, Environment, Exit, library::Library, output};
use crate::{
    app::Question,
    model::{Entry, Feed, Scope, View},
    runtime::answer,
    store::Reader,
    text::clean,
};

/// Articles read and printed at a time.
const PAGE: usize = 512;

/// Prints the articles that match `query`.
pub fn run(args: &Args, environment: &Environment, query: &str) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    let summary = library.fill()?;
    summary.failures.iter().for_each(|failure| output::note(&failure.summary));
    print(&Reader::open(&library.location)?, query)
}

/// Prints the articles of an open library that match `query`.
pub fn print(reader: &Reader, query: &str) -> anyhow::Result<Exit> {
    let feeds = reader.feeds()?;
    let view = View { scope: Scope::Everything, filter: query.to_owned(), ..View::default() };
    let listing = answer(reader, &Question { view, ..Question::default() })?;
    for ids in listing.ids.chunks(PAGE) {
        let mut text = String::new();
        for entry in reader.rows(ids)? {
            line(&mut text, &entry, &feeds);
        }
        output::write(text.as_bytes())?;
    }
    Ok(Exit::Done)
}

/// Number, date, source, title, parted by tabs: what `cut` and `awk` expect.
fn line(text: &mut String, entry: &Entry, feeds: &[Feed]) {
    let source = feeds.iter().find(|feed| feed.id == entry.feed).map_or("", |feed| feed.name());
    let day = entry.published.day(&Local);
    let (source, title) = (clean::line(source), clean::line(&entry.title));
    writeln!(text, "{}\t{day}\t{source}\t{title}", entry.id).expect("writing to a String cannot fail");
}
