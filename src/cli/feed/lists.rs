//! `newsreader feed import`, `newsreader feed export`: subscription lists in and out.

use std::{fs, io::Read};

use anyhow::Context as _;

use super::add::put_samples_away;
use crate::{
    cli::{Args, Environment, Exit, library::Library, output},
    opml::{self, Opml},
    runtime::{follow_all, list_of, listed, parse_list},
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
        for complaint in &list.complaints {
            output::note(&format!("{file}, {complaint}"));
        }
        let (feeds, refused) = (listed(list.outlines), list.refused.len());
        let new = follow_all(&mut library.store, &feeds)?.len();
        let known = feeds.len() - new;
        output::write(format!("{new} new, {known} followed already, {refused} refused\n").as_bytes())?;
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
    Ok(parse_list(&bytes)?)
}

/// Prints the feeds as OPML.
pub fn export(args: &Args, environment: &Environment) -> anyhow::Result<Exit> {
    let library = Library::open(args, environment)?;
    let feeds = Reader::open(&library.location)?.feeds()?;
    output::write(list_of(&feeds).as_bytes())?;
    Ok(Exit::Done)
}
