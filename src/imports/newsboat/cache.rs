//! newsboat's cache: a SQLite database with feeds and articles.

use std::{
    collections::{HashMap, VecDeque},
    path::Path,
};

use rusqlite::Row;

use super::FlagNames;
use crate::{
    imports::{
        database::{ForeignDatabase, number_of, text_of},
        database_articles::{DatabaseArticles, MAX_STORED_BYTES},
    },
    model::{
        ArticleOrigin, AttachedFile, BodyFormat, EntryBody, Failure, FailureKind, ImportReport,
        ImportSource, ImportedArticle, ImportedFeed, ImportedMarks, NoteKind, NotePlace,
        PublicationDate, TagName,
    },
    opml::{MAX_OUTLINES, check_feed_url},
    remote::{clean_html, clean_line, clean_url},
    text::{count_noun, instant_from_seconds},
};

/// Maximum number of articles.
const MAX_ARTICLES: i64 = 2_000_000;

/// The columns of an article that every version has, in the order of [`read_article`].
const COLUMNS: &str =
    "id, guid, title, author, url, pubDate, unread, enclosure_url, enclosure_type,
    enqueued, flags, deleted,
    CASE WHEN octet_length(content) <= ?4 THEN content END";

/// Opens the cache. Adds the number of its articles to the report, and to `feeds` the titles that their
/// publishers give them.
///
/// # Errors
///
/// Fails if the file is not a cache of newsboat.
pub fn open_newsboat_cache(
    path: &Path,
    flags: &FlagNames,
    (feeds, report): (&mut [ImportedFeed], &mut ImportReport),
) -> Result<DatabaseArticles, Failure> {
    let database = ForeignDatabase::open(path, &["rss_feed", "rss_item"])?;
    let columns = database.columns("rss_item")?;
    let mime = if columns.contains("content_mime_type") { "content_mime_type" } else { "''" };
    let sql = format!(
        "SELECT {COLUMNS}, {mime} FROM rss_item WHERE feedurl = ?1 AND id > ?2 ORDER BY id LIMIT ?3"
    );
    count_articles(&database, path, report)?;
    let urls = find_feeds(&database, report)?;
    add_titles(&database, feeds)?;
    let flags = flags.clone();
    let read = Box::new(move |row: &Row<'_>| read_article(row, &flags));
    Ok(DatabaseArticles::new(database, urls, sql, read))
}

fn count_articles(
    database: &ForeignDatabase,
    path: &Path,
    report: &mut ImportReport,
) -> Result<(), Failure> {
    let sql = "SELECT count(*) FROM rss_item";
    let count = database.connection().query_row(sql, [], |row| row.get::<_, i64>(0));
    let count = count.map_err(|error| database.failure(&error))?;
    let path = path.display().to_string();
    let sql = "SELECT count(*) FROM rss_item WHERE octet_length(content) > ?1";
    let long = database.connection().query_row(sql, [MAX_STORED_BYTES], |row| row.get::<_, u64>(0));
    let long = long.map_err(|error| database.failure(&error))?;
    if long > 0 {
        let place = NotePlace { file: "cache.db".to_owned(), line: None };
        let reason = "they are longer than 64 MiB; the articles have no text here";
        report.note(NoteKind::NotTaken, place, count_noun(long, "text"), reason);
    }
    if count > MAX_ARTICLES {
        return Err(Failure::new(
            FailureKind::File,
            format!("{path} has more than {MAX_ARTICLES} articles, which is too many"),
        ));
    }
    let read = u64::try_from(count).unwrap_or_default();
    report.sources.push(ImportSource { path, unit: "article", read });
    Ok(())
}

fn find_feeds(
    database: &ForeignDatabase,
    report: &mut ImportReport,
) -> Result<VecDeque<(String, ArticleOrigin)>, Failure> {
    let sql = "SELECT feedurl FROM rss_item GROUP BY feedurl ORDER BY min(id) LIMIT ?1";
    let to_feed = |url: String| {
        let origin = ArticleOrigin::Feed(check_feed_url(&url).unwrap_or_else(|_| url.clone()));
        (url, origin)
    };
    let read = || -> rusqlite::Result<VecDeque<(String, ArticleOrigin)>> {
        let mut statement = database.connection().prepare(sql)?;
        statement.query_map([MAX_OUTLINES + 1], |row| text_of(row, 0).map(to_feed))?.collect()
    };
    let mut urls = read().map_err(|error| database.failure(&error))?;
    if urls.len() > MAX_OUTLINES {
        urls.truncate(MAX_OUTLINES);
        let reason = format!("more than {MAX_OUTLINES} feeds; the rest is left out");
        let place = NotePlace { file: "cache.db".to_owned(), line: None };
        report.note(NoteKind::NotTaken, place, "feeds", reason);
    }
    Ok(urls)
}

fn add_titles(database: &ForeignDatabase, feeds: &mut [ImportedFeed]) -> Result<(), Failure> {
    let mut by_url: HashMap<String, &mut ImportedFeed> =
        feeds.iter_mut().map(|feed| (feed.url.clone(), feed)).collect();
    let mut read = || -> rusqlite::Result<()> {
        let mut statement = database.connection().prepare("SELECT rssurl, title FROM rss_feed")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (url, title) = (text_of(row, 0)?, clean_line(&text_of(row, 1)?));
            if let Some(feed) = by_url.get_mut(&url).filter(|_| !title.is_empty()) {
                feed.title = Some(title);
            }
        }
        Ok(())
    };
    read().map_err(|error| database.failure(&error))
}

fn read_article(row: &Row<'_>, flags: &FlagNames) -> rusqlite::Result<ImportedArticle> {
    let link = text_of(row, 4)?;
    let guid = text_of(row, 1)?;
    let mut marks = ImportedMarks {
        is_read: number_of(row, 6)? == 0,
        is_starred: false,
        is_removed: number_of(row, 11)? != 0,
        tags: Vec::new(),
    };
    flags.add_marks(&text_of(row, 10)?, &mut marks);
    if number_of(row, 9)? != 0 {
        marks.tags.push(TagName::queue());
    }
    let is_plain = text_of(row, 13)?.starts_with("text/plain");
    let format = if is_plain { BodyFormat::Plain } else { BodyFormat::Html };
    Ok(ImportedArticle {
        guid: Some(guid).filter(|guid| !guid.is_empty() && !is_made_up(guid, &link)),
        title: clean_line(&text_of(row, 2)?),
        link: clean_url(&link),
        author: Some(clean_line(&text_of(row, 3)?)).filter(|author| !author.is_empty()),
        published: Some(number_of(row, 5)?)
            .filter(|at| *at != 0)
            .and_then(instant_from_seconds)
            .map(PublicationDate::Instant),
        body: EntryBody { format, text: clean_html(text_of(row, 12)?) },
        categories: Vec::new(),
        files: read_enclosure(row)?.into_iter().collect(),
        marks,
    })
}

/// Returns whether newsboat has made up a guid: of an article without one, it is the link and the date.
fn is_made_up(guid: &str, link: &str) -> bool {
    let rest = guid.strip_prefix(link).filter(|_| !link.is_empty());
    rest.is_some_and(|rest| {
        rest.len() >= "2026-01-28T00:00".len()
            && rest.contains(':')
            && rest.starts_with(|c: char| c.is_ascii_alphanumeric())
    })
}

fn read_enclosure(row: &Row<'_>) -> rusqlite::Result<Option<AttachedFile>> {
    let media_type = Some(text_of(row, 8)?).filter(|media_type| !media_type.is_empty());
    let url = clean_url(&text_of(row, 7)?);
    Ok(url.map(|url| AttachedFile { url, media_type, ..AttachedFile::default() }))
}

#[cfg(test)]
mod tests {
    use super::is_made_up;

    #[test]
    fn guids_of_link_and_date_are_made_up() {
        let link = "https://a.org/1";
        assert!(is_made_up("https://a.org/1Mon, 02 Mar 2026 10:00:00 +0000", link));
        assert!(!is_made_up("https://a.org/1", link));
        assert!(!is_made_up("https://a.org/1#2026-03-02T10:00:00", link));
        assert!(!is_made_up("tag:a.org,2026:1", link));
        assert!(!is_made_up("Mon, 02 Mar 2026 10:00:00 +0000", ""));
    }
}
