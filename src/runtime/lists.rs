//! Subscription lists in files: read into feeds, written from them.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use super::{deliver::to_file, follow::listed};
use crate::{
    feed,
    model::{Failure, FailureKind, Feed, FeedKind, NewFeed},
    opml::{self, Opml, Outline},
};

/// The feeds of the list at `path`, and what it says of those that were refused.
pub fn read_list(path: &str) -> Result<(Vec<NewFeed>, Vec<Failure>), Failure> {
    let failed = |error: String| Failure::new(FailureKind::File, format!("Cannot import {path}: {error}"));
    let mut bytes = Vec::new();
    let limit = opml::MAX_BYTES as u64 + 1;
    let file = fs::File::open(home(path)).map_err(|error| failed(error.to_string()))?;
    file.take(limit).read_to_end(&mut bytes).map_err(|error| failed(error.to_string()))?;
    let list = parse_list(&bytes).map_err(|error| failed(error.to_string()))?;
    let refused = list.refused.iter().map(|refused| {
        let sentence = format!("{path}, line {}: {} {}", refused.line, refused.address, refused.reason);
        Failure::new(FailureKind::Feed, sentence)
    });
    let refused = refused.collect();
    Ok((listed(list.outlines), refused))
}

/// The list that `bytes` are: OPML if there is markup in it, else the `urls` file of newsboat.
pub fn parse_list(bytes: &[u8]) -> Result<Opml, opml::OpmlError> {
    let text = feed::text(bytes, None);
    let markup = text.trim_start().starts_with('<') || text.contains("<opml");
    if markup { opml::read(&text) } else { Ok(opml::read_urls(&text)) }
}

/// The list of `feeds`, as others can follow them; programs and samples are ours alone.
pub fn list_of(feeds: &[Feed]) -> String {
    let outline = |feed: &Feed| {
        matches!(feed.kind, FeedKind::Web | FeedKind::Folder).then(|| Outline {
            address: feed.url.clone(),
            title: Some(feed.name().to_owned()),
            site: feed.site.clone(),
            folder: feed.folder().map(str::to_owned),
            tags: feed.subscription.tags.clone(),
        })
    };
    opml::write("newsreader", &feeds.iter().filter_map(outline).collect::<Vec<_>>())
}

/// Writes the list of `feeds` to a new file at `path`; one that is there is left alone.
pub fn write_list(path: &str, feeds: &[Feed]) -> Result<(), Failure> {
    to_file(path, &list_of(feeds))
}

/// The path that is meant by one that may begin with `~/`.
pub(super) fn home(path: &str) -> PathBuf {
    let below = path.strip_prefix("~/").and_then(|rest| Some(etcetera::home_dir().ok()?.join(rest)));
    below.unwrap_or_else(|| Path::new(path).to_owned())
}
