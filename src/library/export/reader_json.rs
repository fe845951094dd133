//! Articles with their texts and marks as JSON, as other readers hand them out and take them: a list of
//! items of the Google Reader API.

use std::{collections::HashMap, io};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    ExportDestination, ExportOutcome,
    new_file::{FinishWrite, NewFile},
};
use crate::{
    documents::render_body,
    greader::OWN_LIST,
    markup::{ExportFormat, ExportHeader},
    model::{
        AttachedFile, BodyFormat, Entry, EntryBody, EntryId, Failure, FailureKind, Feed, FeedId,
        FeedKind, PublicationDate,
    },
    store::ReadConnection,
    text::url,
};

/// Number of articles whose rows are read at a time.
const ARTICLES_PER_READ: usize = 64;

/// Writes the articles `ids` in their order, with the texts that the feeds gave them. Those that cannot be
/// read are left out and counted. `now` is stated as the time of the list.
///
/// # Errors
///
/// Fails if the library cannot be read, or something cannot be written. A file that exists is then as it
/// was.
pub fn export_reader_json(
    reader: &ReadConnection,
    ids: &[EntryId],
    destination: ExportDestination<'_>,
    now: DateTime<Utc>,
) -> io::Result<ExportOutcome> {
    match destination {
        ExportDestination::Stream(stream) => write_list(reader, ids, stream, now),
        ExportDestination::Path(path, existing) => {
            write_list(reader, ids, NewFile::create(path, existing)?, now)
        }
    }
}

fn write_list(
    reader: &ReadConnection,
    ids: &[EntryId],
    mut out: impl FinishWrite,
    now: DateTime<Utc>,
) -> io::Result<ExportOutcome> {
    let feeds = reader.list_feeds().map_err(io::Error::other)?;
    let feeds: HashMap<FeedId, Feed> = feeds.into_iter().map(|feed| (feed.id, feed)).collect();
    let (mut outcome, mut separator) = (ExportOutcome::default(), "\n");
    let updated = now.timestamp();
    write!(out, "{{\"id\":\"{OWN_LIST}/articles\",\"updated\":{updated},\"items\":[")?;
    for ids in ids.chunks(ARTICLES_PER_READ) {
        let rows = reader.load_entries(ids).map_err(io::Error::other)?;
        outcome.leave_out(ids.len() - rows.len());
        for entry in rows {
            let json = article_json(reader, &entry, feeds.get(&entry.feed), &mut outcome)?;
            write!(out, "{separator}{json}")?;
            separator = ",\n";
            outcome.written += 1;
        }
    }
    out.write_all(b"]}\n")?;
    out.finish()?;
    Ok(outcome)
}

impl ExportOutcome {
    /// Counts articles whose rows cannot be read.
    fn leave_out(&mut self, count: usize) {
        if count > 0 {
            let sentence = "they are damaged; `newsreader doctor` says more";
            let failure = || Failure::new(FailureKind::Library, sentence);
            self.left_out.get_or_insert_with(|| (0, failure())).0 += count;
        }
    }
}

#[derive(Serialize)]
struct ReaderItemJson<'a> {
    id: String,
    guid: Option<String>,
    title: &'a str,
    author: Option<&'a str>,
    published: i64,
    /// The time is that at which the day of publication begins: a key of this program's.
    #[serde(rename = "publishedAllDay", skip_serializing_if = "std::ops::Not::not")]
    is_day: bool,
    canonical: Vec<ReaderLinkJson<'a>>,
    alternate: Vec<ReaderLinkJson<'a>>,
    categories: Vec<String>,
    origin: ReaderOriginJson<'a>,
    content: ReaderContentJson,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    enclosure: Vec<ReaderLinkJson<'a>>,
}

#[derive(Serialize)]
struct ReaderLinkJson<'a> {
    href: &'a str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    media_type: Option<&'a str>,
    #[serde(skip_serializing_if = "is_zero")]
    length: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReaderOriginJson<'a> {
    stream_id: String,
    title: &'a str,
    html_url: Option<&'a str>,
    feed_url: Option<String>,
    folder: Option<&'a str>,
}

#[derive(Serialize)]
struct ReaderContentJson {
    content: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is that of serde")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn article_json(
    reader: &ReadConnection,
    entry: &Entry,
    feed: Option<&Feed>,
    outcome: &mut ExportOutcome,
) -> io::Result<String> {
    let is_absent = reader.is_text_absent(entry.id).map_err(io::Error::other)?;
    let body = reader.load_body(entry.id).map_err(io::Error::other)?.filter(|_| !is_absent);
    outcome.without_text += usize::from(body.is_none());
    let attachments = reader.load_attachments(entry.id).map_err(io::Error::other)?;
    let link = || entry.link.as_deref().map(|href| link_json(href, Some("text/html"), 0));
    let item = ReaderItemJson {
        id: format!("tag:google.com,2005:reader/item/{:016x}", entry.id.0),
        guid: reader.load_guid(entry.id).map_err(io::Error::other)?,
        title: &entry.title,
        author: entry.author.as_deref(),
        published: entry.published.instant().timestamp(),
        is_day: matches!(entry.published, PublicationDate::Day(_)),
        canonical: link().into_iter().collect(),
        alternate: link().into_iter().collect(),
        categories: categories(entry),
        origin: origin_json(feed),
        content: ReaderContentJson { content: body.map_or_else(String::new, into_html) },
        enclosure: attachments.files.iter().map(file_json).collect(),
    };
    serde_json::to_string(&item).map_err(io::Error::other)
}

fn link_json<'a>(href: &'a str, media_type: Option<&'a str>, length: u64) -> ReaderLinkJson<'a> {
    ReaderLinkJson { href, media_type, length }
}

fn file_json(file: &AttachedFile) -> ReaderLinkJson<'_> {
    link_json(&file.url, file.media_type.as_deref(), file.length)
}

/// Returns the marks and tags of an article, and the publisher's categories.
fn categories(entry: &Entry) -> Vec<String> {
    let state = |name: &str| format!("user/-/state/com.google/{name}");
    let mut categories = vec![state("reading-list")];
    categories.extend(entry.state.read.then(|| state("read")));
    categories.extend(entry.state.starred.then(|| state("starred")));
    categories.extend(entry.tags.iter().map(|tag| format!("user/-/label/{}", tag.name)));
    // One that looks like a state would be taken for one.
    let is_category = |name: &&String| !name.starts_with("user/");
    categories.extend(entry.categories.iter().filter(is_category).cloned());
    categories
}

/// Returns the feed of an article. Other readers cannot subscribe to folders and programs.
fn origin_json(feed: Option<&Feed>) -> ReaderOriginJson<'_> {
    let Some(feed) = feed else {
        let stream_id = format!("{OWN_LIST}/unknown");
        return ReaderOriginJson {
            stream_id,
            title: "",
            html_url: None,
            feed_url: None,
            folder: None,
        };
    };
    let is_web = matches!(feed.kind, FeedKind::Web | FeedKind::Synced);
    let feed_url = is_web.then(|| url::without_user_info(&feed.url).into_owned());
    ReaderOriginJson {
        stream_id: match &feed_url {
            Some(url) => format!("feed/{url}"),
            None => format!("{OWN_LIST}/feed/{}", feed.id),
        },
        title: feed.display_name(),
        html_url: feed.site_url.as_deref(),
        feed_url,
        folder: feed.folder(),
    }
}

/// Returns a text as HTML.
fn into_html(body: EntryBody) -> String {
    if body.format == BodyFormat::Html {
        return body.text;
    }
    let page = render_body(&body).export(&ExportHeader::default(), ExportFormat::Html);
    let inner = page.split_once("<body>\n").and_then(|(_, rest)| rest.rsplit_once("</body>"));
    inner.map_or_else(String::new, |(inner, _)| inner.trim_end().to_owned())
}
