//! `newsreader export --format reader-json`: articles with their texts and marks, for other readers.

use std::collections::HashMap;

use serde::Serialize;

use super::{
    absent_texts::report_absent_texts, environment::Environment, exit_status::ExitStatus,
    global_args::GlobalArgs, open_library::OpenLibrary, output, query_args::QueryArgs,
    search::report_missing,
};
use crate::{
    documents::render_body,
    greader::OWN_LIST,
    library::{clock::utc_now, search_once},
    markup::{ExportFormat, ExportHeader},
    model::{
        AttachedFile, BodyFormat, Entry, EntryBody, EntryId, Feed, FeedId, FeedKind,
        ListDefinition, SearchRequest, ViewScope,
    },
    store::ReadConnection,
    text::{count_noun, url},
};

/// Number of articles that are read and printed at a time.
const ARTICLES_PER_WRITE: usize = 64;

/// Prints the articles that match the query. The status is a failure if something of them is missing.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    query: &QueryArgs,
    view: Option<&str>,
) -> anyhow::Result<ExitStatus> {
    query.to_filter()?;
    let library = OpenLibrary::open_readable(args, environment)?;
    let reader = &ReadConnection::open(&library.location)?;
    let filter = query.to_filter_in(reader, view)?.0;
    let has_all_texts = report_absent_texts(reader, &filter)?;
    let list = ListDefinition { scope: ViewScope::All, filter, ..ListDefinition::default() };
    let found = search_once(reader, &SearchRequest { list, ..SearchRequest::default() })?;
    let missing = print_articles(reader, &found.ids)?;
    let is_whole = report_missing(&found, missing.rows, 0);
    if missing.texts > 0 {
        let articles = count_noun(missing.texts, "article");
        output::write_stderr_line(&format!("newsreader: {articles} printed without a text"));
    }
    let is_whole = is_whole && has_all_texts && missing.texts == 0;
    Ok(if is_whole { ExitStatus::Success } else { ExitStatus::Failed })
}

/// The numbers of articles that are missing, or have no text.
#[derive(Default)]
struct MissingParts {
    rows: usize,
    texts: usize,
}

fn print_articles(reader: &ReadConnection, ids: &[EntryId]) -> anyhow::Result<MissingParts> {
    let feeds: HashMap<FeedId, Feed> =
        reader.list_feeds()?.into_iter().map(|feed| (feed.id, feed)).collect();
    let (mut missing, mut separator) = (MissingParts::default(), "\n");
    let updated = utc_now().timestamp();
    let head = format!("{{\"id\":\"{OWN_LIST}/articles\",\"updated\":{updated},\"items\":[");
    output::write_stdout(head.as_bytes())?;
    for ids in ids.chunks(ARTICLES_PER_WRITE) {
        let rows = reader.load_entries(ids)?;
        missing.rows += ids.len() - rows.len();
        let mut text = String::new();
        for entry in rows {
            text.push_str(separator);
            text.push_str(&article_json(reader, &entry, feeds.get(&entry.feed), &mut missing)?);
            separator = ",\n";
        }
        output::write_stdout(text.as_bytes())?;
    }
    output::write_stdout(b"]}\n")?;
    Ok(missing)
}

#[derive(Serialize)]
struct ReaderItemJson<'a> {
    id: String,
    guid: Option<String>,
    title: &'a str,
    author: Option<&'a str>,
    published: i64,
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
    missing: &mut MissingParts,
) -> anyhow::Result<String> {
    let body =
        reader.load_body(entry.id)?.filter(|_| !reader.is_text_absent(entry.id).unwrap_or(true));
    missing.texts += usize::from(body.is_none());
    let attachments = reader.load_attachments(entry.id)?;
    let link = || entry.link.as_deref().map(|href| link_json(href, Some("text/html"), 0));
    output::to_json(&ReaderItemJson {
        id: format!("tag:google.com,2005:reader/item/{:016x}", entry.id.0),
        guid: reader.load_guid(entry.id)?,
        title: &entry.title,
        author: entry.author.as_deref(),
        published: entry.published.instant().timestamp(),
        canonical: link().into_iter().collect(),
        alternate: link().into_iter().collect(),
        categories: categories(reader, entry)?,
        origin: origin_json(feed),
        content: ReaderContentJson { content: body.map_or_else(String::new, into_html) },
        enclosure: attachments.files.iter().map(file_json).collect(),
    })
}

fn link_json<'a>(href: &'a str, media_type: Option<&'a str>, length: u64) -> ReaderLinkJson<'a> {
    ReaderLinkJson { href, media_type, length }
}

fn file_json(file: &AttachedFile) -> ReaderLinkJson<'_> {
    link_json(&file.url, file.media_type.as_deref(), file.length)
}

/// Returns the marks and tags of an article, and the words of the publisher's categories.
fn categories(reader: &ReadConnection, entry: &Entry) -> anyhow::Result<Vec<String>> {
    let state = |name: &str| format!("user/-/state/com.google/{name}");
    let mut categories = vec![state("reading-list")];
    categories.extend(entry.state.read.then(|| state("read")));
    categories.extend(entry.state.starred.then(|| state("starred")));
    categories.extend(entry.tags.iter().map(|tag| format!("user/-/label/{}", tag.name)));
    // A word that looks like a state would be taken for one.
    let is_category = |name: &&str| !name.starts_with("user/");
    reader.for_each_full_entry(&[entry.id], |entry| {
        let words = entry.tags.split_whitespace().filter(is_category);
        categories.extend(words.map(str::to_owned));
    })?;
    Ok(categories)
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
