//! `newsreader read N`: one article as plain text.

use std::sync::Arc;

use anyhow::anyhow;
use chrono::Local;

use super::{
    Args, Environment, Exit,
    library::Library,
    output,
    reader::{settings, tidy},
};
use crate::{
    documents::{self, About},
    markup::{Flow, Layout, Place},
    model::EntryId,
    store::Reader,
    text::{clean, long},
};

/// Columns of the text.
const MEASURE: u16 = 72;

/// Prints article `number`.
pub fn run(args: &Args, environment: &Environment, number: i64) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    library.fill()?;
    let reader = Reader::open(&library.location)?;
    let missing = || anyhow!("there is no article {number}; `newsreader list` prints the numbers");
    let entry = reader.entry(EntryId(number))?.ok_or_else(missing)?;
    let body = reader.body(entry.id)?.ok_or_else(missing)?;
    let feeds = reader.feeds()?;
    let source = feeds.iter().find(|feed| feed.id == entry.feed).map(|feed| feed.name().to_owned());
    let facts = [source, entry.author.clone(), Some(long(entry.published.day(&Local))), entry.link.clone()];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    let mut text = format!("{}\n{}\n\n", clean::line(&entry.title), clean::line(&facts.join(" · ")));
    let (settings, _) = settings(args, environment);
    let attached = reader.attached(entry.id)?;
    let tidy = tidy(&settings);
    let about = About { title: &entry.title, link: entry.link.as_deref(), attached: &attached, tidy: &tidy };
    let mut layout = Layout::new(Arc::new(Flow::new(documents::whole(&body, &about))), MEASURE);
    for line in layout.page(Place::default(), u16::MAX) {
        text.push_str(line.text().trim_end());
        text.push('\n');
    }
    output::write(text.as_bytes())?;
    Ok(Exit::Done)
}
