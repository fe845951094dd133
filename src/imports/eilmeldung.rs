//! eilmeldung and other readers that are made with NewsFlash's library: their SQLite database.

use std::{
    collections::{HashMap, VecDeque},
    path::Path,
};

use chrono::{DateTime, NaiveDateTime, Utc};
use rusqlite::Row;

use super::{
    database::{ForeignDatabase, number_of, text_of},
    database_articles::DatabaseArticles,
    tag_names::TagTranslator,
};
use crate::{
    model::{
        ArticleOrigin, BodyFormat, EntryBody, Failure, ImportReport, ImportSource, ImportedArticle,
        ImportedFeed, ImportedLibrary, ImportedMarks, NoteKind, NotePlace, PublicationDate,
        TagName,
    },
    opml::check_feed_url,
    remote::{clean_html, clean_line, clean_url},
};

/// The tables that the database must have.
const TABLES: [&str; 6] = ["feeds", "categories", "feed_mapping", "articles", "tags", "taggings"];

/// Maximum depth of nested folders.
const MAX_DEPTH: usize = 16;

/// Reads the database at `path`: the feeds with their folders, and the articles.
///
/// # Errors
///
/// Fails if the file is not such a database.
pub fn read_eilmeldung(path: &Path) -> Result<(ImportedLibrary, DatabaseArticles), Failure> {
    let database = ForeignDatabase::open(path, &TABLES)?;
    let columns = database.columns("articles")?;
    // Until 2024, times were in the column `timestamp`.
    let date = if columns.contains("date") { "date" } else { "timestamp" };
    let sql = format!(
        "SELECT rowid, title, author, url, {date}, unread, marked,
         CASE WHEN octet_length(html) <= ?4 THEN html END,
         CASE WHEN octet_length(summary) <= ?4 THEN summary END,
         (SELECT group_concat(tag_id, char(10)) FROM taggings t WHERE t.article_id = a.article_id)
         FROM articles a WHERE feed_id = ?1 AND rowid > ?2 ORDER BY rowid LIMIT ?3"
    );
    let mut imported = ImportedLibrary::default();
    count_articles(&database, path, &mut imported.report)?;
    let feeds = read_feeds(&database, &mut imported)?;
    let tags = read_tags(&database, &mut imported.report)?;
    let read = Box::new(move |row: &Row<'_>| read_article(row, &tags));
    Ok((imported, DatabaseArticles::new(database, feeds, sql, read)))
}

fn count_articles(
    database: &ForeignDatabase,
    path: &Path,
    report: &mut ImportReport,
) -> Result<(), Failure> {
    let sql = "SELECT count(*) FROM articles";
    let count = database.connection().query_row(sql, [], |row| row.get::<_, u64>(0));
    let read = count.map_err(|error| database.failure(&error))?;
    let path = path.display().to_string();
    report.sources.push(ImportSource { path, unit: "article", read });
    Ok(())
}

/// Reads the feeds. Returns their ids and origins; articles of unknown feeds are saved pages.
fn read_feeds(
    database: &ForeignDatabase,
    imported: &mut ImportedLibrary,
) -> Result<VecDeque<(String, ArticleOrigin)>, Failure> {
    let folders = read_folders(database)?;
    let sql = "SELECT f.feed_id, f.label, f.feed_url, m.category_id
               FROM feeds f LEFT JOIN feed_mapping m ON m.feed_id = f.feed_id ORDER BY f.rowid";
    let read = || -> rusqlite::Result<Vec<[String; 4]>> {
        let mut statement = database.connection().prepare(sql)?;
        let read_row = |row: &Row<'_>| {
            Ok([text_of(row, 0)?, text_of(row, 1)?, text_of(row, 2)?, text_of(row, 3)?])
        };
        statement.query_map([], read_row)?.collect()
    };
    let mut known: HashMap<String, ArticleOrigin> = HashMap::new();
    for [id, label, url, folder] in read().map_err(|error| database.failure(&error))? {
        if known.contains_key(&id) {
            continue;
        }
        match check_feed_url(&url) {
            Ok(url) => {
                known.insert(id, ArticleOrigin::Feed(url.clone()));
                imported.feeds.push(ImportedFeed {
                    url,
                    title: Some(clean_line(&label)).filter(|title| !title.is_empty()),
                    folder: folders.get(&folder).cloned(),
                    ..ImportedFeed::default()
                });
            }
            Err(reason) => {
                let place = NotePlace { file: "feeds".to_owned(), line: None };
                imported.report.note(NoteKind::NotTaken, place, clean_line(&label), reason);
            }
        }
    }
    let sql = "SELECT feed_id FROM articles GROUP BY feed_id ORDER BY min(rowid)";
    let read = || -> rusqlite::Result<Vec<String>> {
        let mut statement = database.connection().prepare(sql)?;
        statement.query_map([], |row| text_of(row, 0))?.collect()
    };
    let ids = read().map_err(|error| database.failure(&error))?.into_iter();
    let origin = |id: &String| known.get(id).cloned().unwrap_or(ArticleOrigin::SavedPages);
    Ok(ids.map(|id| (id.clone(), origin(&id))).collect())
}

/// Returns the names of the folders by their ids; nested ones are joined, `A / B`.
fn read_folders(database: &ForeignDatabase) -> Result<HashMap<String, String>, Failure> {
    let has_parents = database.columns("category_mapping")?.contains("parent_id");
    let sql = if has_parents {
        "SELECT c.category_id, c.label, m.parent_id FROM categories c
         LEFT JOIN category_mapping m ON m.category_id = c.category_id"
    } else {
        "SELECT category_id, label, parent_id FROM categories"
    };
    let read = || -> rusqlite::Result<HashMap<String, (String, String)>> {
        let mut statement = database.connection().prepare(sql)?;
        let read_row = |row: &Row<'_>| {
            Ok((text_of(row, 0)?, (clean_line(&text_of(row, 1)?), text_of(row, 2)?)))
        };
        statement.query_map([], read_row)?.collect()
    };
    let folders = read().map_err(|error| database.failure(&error))?;
    Ok(folders.keys().map(|id| (id.clone(), folder_path(id, &folders))).collect())
}

fn folder_path(id: &str, folders: &HashMap<String, (String, String)>) -> String {
    let (mut names, mut id) = (Vec::new(), id);
    while let Some((name, parent)) = folders.get(id).filter(|_| names.len() < MAX_DEPTH) {
        names.push(name.as_str());
        id = parent;
    }
    names.reverse();
    names.join(" / ")
}

/// Returns the tags by their ids.
fn read_tags(
    database: &ForeignDatabase,
    report: &mut ImportReport,
) -> Result<HashMap<String, TagName>, Failure> {
    let read = || -> rusqlite::Result<Vec<(String, String)>> {
        let mut statement = database.connection().prepare("SELECT tag_id, label FROM tags")?;
        statement.query_map([], |row| Ok((text_of(row, 0)?, text_of(row, 1)?)))?.collect()
    };
    let mut translator = TagTranslator::default();
    let rows = read().map_err(|error| database.failure(&error))?.into_iter();
    let mut translate = |label: &str| translator.translate_all([label].into_iter(), report).pop();
    Ok(rows.filter_map(|(id, label)| Some((id, translate(&label)?))).collect())
}

fn read_article(
    row: &Row<'_>,
    tags: &HashMap<String, TagName>,
) -> rusqlite::Result<ImportedArticle> {
    let (html, summary) = (text_of(row, 7)?, text_of(row, 8)?);
    let ids = text_of(row, 9)?;
    let marks = ImportedMarks {
        is_read: number_of(row, 5)? == 0,
        is_starred: number_of(row, 6)? != 0,
        is_removed: false,
        tags: ids.lines().filter_map(|id| tags.get(id).cloned()).collect(),
    };
    let text = if html.is_empty() { summary } else { html };
    Ok(ImportedArticle {
        guid: None,
        title: clean_line(&text_of(row, 1)?),
        link: clean_url(&text_of(row, 3)?),
        author: Some(clean_line(&text_of(row, 2)?)).filter(|author| !author.is_empty()),
        published: parse_time(&text_of(row, 4)?).map(PublicationDate::Instant),
        body: EntryBody { format: BodyFormat::Html, text: clean_html(text) },
        categories: Vec::new(),
        files: Vec::new(),
        marks,
    })
}

/// Parses a time as the database has it: `2026-03-01 10:00:00+00:00`, with or without the zone.
fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    let with_zone = DateTime::parse_from_rfc3339(&text.replacen(' ', "T", 1));
    let without_zone = || NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok();
    with_zone.ok().map(|at| at.to_utc()).or_else(|| Some(without_zone()?.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_zone_or_are_in_utc() {
        for text in
            ["2026-03-01 10:00:00+00:00", "2026-03-01 10:00:00", "2026-03-01T11:00:00+01:00"]
        {
            assert_eq!(parse_time(text).unwrap().timestamp(), 1_772_359_200, "{text}");
        }
        assert_eq!(parse_time("yesterday"), None);
    }

    #[test]
    fn folders_in_a_circle_have_an_end() {
        let folders = [("a", "A", "b"), ("b", "B", "a")]
            .map(|(id, name, parent)| (id.to_owned(), (name.to_owned(), parent.to_owned())));
        assert_eq!(folder_path("a", &HashMap::from(folders)).split(" / ").count(), MAX_DEPTH);
    }
}
