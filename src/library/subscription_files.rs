//! Subscription lists in files: read into feeds, written from them.

use std::{fs, io::Read};

use super::{
    subscribe::feeds_from_outlines,
    user_files::{expand_home, write_new_file},
};
use crate::{
    feed,
    model::{Failure, FailureKind, Feed, FeedKind, NewFeed},
    opml::{self, OpmlDocument, OpmlOutline},
};

/// The feeds of the list at `path`, and what it says of those that were refused.
pub fn read_subscription_file(path: &str) -> Result<(Vec<NewFeed>, Vec<Failure>), Failure> {
    let failed =
        |error: String| Failure::new(FailureKind::File, format!("Cannot import {path}: {error}"));
    let mut bytes = Vec::new();
    let limit = opml::MAX_BYTES as u64 + 1;
    let file = fs::File::open(expand_home(path)).map_err(|error| failed(error.to_string()))?;
    file.take(limit).read_to_end(&mut bytes).map_err(|error| failed(error.to_string()))?;
    let list = parse_subscriptions(&bytes).map_err(|error| failed(error.to_string()))?;
    let refused = list.rejected.iter().map(|refused| {
        let sentence = format!("{path}, line {}: {} {}", refused.line, refused.url, refused.reason);
        Failure::new(FailureKind::Feed, sentence)
    });
    let refused = refused.collect();
    Ok((feeds_from_outlines(list.outlines), refused))
}

/// The list that `bytes` are: OPML if there is markup in it, else the `urls` file of newsboat.
pub fn parse_subscriptions(bytes: &[u8]) -> Result<OpmlDocument, opml::OpmlError> {
    let text = feed::decode_text(bytes, None);
    let markup = text.trim_start().starts_with('<') || text.contains("<opml");
    if markup { opml::parse_opml(&text) } else { Ok(opml::parse_newsboat_urls(&text)) }
}

/// The list of `feeds`, as others can follow them; programs and samples are ours alone.
pub fn export_opml(feeds: &[Feed]) -> String {
    let outline = |feed: &Feed| {
        matches!(feed.kind, FeedKind::Web | FeedKind::Folder).then(|| OpmlOutline {
            xml_url: feed.url.clone(),
            title: Some(feed.display_name().to_owned()),
            html_url: feed.site_url.clone(),
            folder: feed.folder().map(str::to_owned),
            tags: feed.subscription.tags.clone(),
        })
    };
    opml::write_opml("newsreader", &feeds.iter().filter_map(outline).collect::<Vec<_>>())
}

/// Writes the list of `feeds` to a new file at `path`; one that is there is left alone.
pub fn write_subscription_file(path: &str, feeds: &[Feed]) -> Result<(), Failure> {
    write_new_file(path, &export_opml(feeds))
}
