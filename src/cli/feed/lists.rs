//! `newsreader feed import`, `newsreader feed export`: subscription lists in and out.

use std::{fs, io::Read};

use anyhow::Context as _;

use super::add::put_samples_away;
use crate::{
    cli::{Args, Environment, Exit, library::Library, output},
    model::{Feed, FeedKind},
    opml::{self, Opml, Outline},
    runtime::follow_all,
    store::Reader,
};

/// Follows the feeds of subscription lists: OPML, or the `urls` file of newsboat.
pub fn import(args: &Args, environment: &Environment, files: &[String]) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    if let Some(warning) = library.warning {
        anyhow::bail!("{warning}");
    }
    let mut exit = Exit::Done;
    for file in files {
        let list = read(file).with_context(|| format!("cannot import {file}"))?;
        for refused in &list.refused {
            output::note(&format!("{file}, line {}: {} {}", refused.line, refused.address, refused.reason));
            exit = Exit::Failed;
        }
        list.complaints.iter().for_each(|complaint| output::note(&format!("{file}, {complaint}")));
        let new = follow_all(&mut library.store, &list.outlines)?;
        let known = list.outlines.len() - new;
        output::write(
            format!("{new} new, {known} followed already, {} refused\n", list.refused.len()).as_bytes(),
        )?;
        if new > 0 {
            put_samples_away(&mut library)?;
        }
    }
    Ok(exit)
}

fn read(file: &str) -> anyhow::Result<Opml> {
    let mut bytes = Vec::new();
    let limit = opml::MAX_BYTES as u64 + 1;
    if file == "-" {
        std::io::stdin().take(limit).read_to_end(&mut bytes)?;
    } else {
        fs::File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    }
    list(&bytes)
}

/// The list that `bytes` are: OPML if there is markup in it.
pub fn list(bytes: &[u8]) -> anyhow::Result<Opml> {
    let text = crate::feed::text(bytes, None);
    Ok(if text.trim_start().starts_with('<') || text.contains("<opml") {
        opml::read(&text)?
    } else {
        opml::read_urls(&text)
    })
}

/// Prints the feeds as OPML.
pub fn export(args: &Args, environment: &Environment) -> anyhow::Result<Exit> {
    let library = Library::open(args, environment)?;
    let feeds = Reader::open(&library.location)?.feeds()?;
    let outlines: Vec<Outline> = feeds.iter().filter_map(outline).collect();
    output::write(opml::write("newsreader", &outlines).as_bytes())?;
    Ok(Exit::Done)
}

/// A feed as others can follow it; programs and samples are ours alone.
fn outline(feed: &Feed) -> Option<Outline> {
    matches!(feed.kind, FeedKind::Web | FeedKind::Folder).then(|| Outline {
        address: feed.url.clone(),
        title: Some(feed.name().to_owned()),
        site: feed.site.clone(),
        folder: feed.folder().map(str::to_owned),
        tags: feed.subscription.tags.clone(),
    })
}
