//! newsraft: its list of feeds, and its SQLite database.

use std::{collections::VecDeque, path::Path};

use rusqlite::Row;

use super::{
    database::{ForeignDatabase, number_of, text_of},
    database_articles::DatabaseArticles,
};
use crate::{
    model::{
        ArticleOrigin, AttachedFile, BodyFormat, EntryBody, Failure, ImportSource, ImportedArticle,
        ImportedFeed, ImportedLibrary, ImportedMarks, NoteKind, NotePlace, PublicationDate,
    },
    opml::{MAX_OUTLINES, check_feed_url, split_urls_line},
    remote::{clean_html, clean_line, clean_url},
    text::instant_from_seconds,
};

/// The signs before each group of fields, and the sign before each other field.
const GROUP_SIGNS: &str = "\u{1f}^\u{1f}";
const FIELD_SIGN: char = '\u{1f}';

/// The articles of a feed. The columns are those of [`read_article`].
const ARTICLES_SQL: &str = "SELECT rowid, guid, title, link,
    CASE WHEN octet_length(content) <= ?4 THEN content END,
    attachments, persons, publication_date, update_date, unread, important
    FROM items WHERE feed_url = ?1 AND rowid > ?2 ORDER BY rowid LIMIT ?3";

/// Reads the text of newsraft's list of feeds: an address on each line, perhaps with a name in quotation
/// marks, below the names of sections (`@ News`).
pub fn parse_newsraft_feeds(text: &str) -> ImportedLibrary {
    let (mut imported, mut section, mut read) = (ImportedLibrary::default(), None, 0);
    for (line, raw) in (1..).zip(text.lines()) {
        let raw = raw.trim();
        if raw.is_empty() || raw.starts_with('#') {
            continue;
        }
        read += 1;
        if let Some(name) = raw.strip_prefix('@') {
            // Options of the section follow in braces or angle brackets.
            let name = clean_line(name.split(['{', '<']).next().unwrap_or_default());
            section = Some(name).filter(|name| !name.is_empty());
            continue;
        }
        let mut words = split_urls_line(raw);
        let address = words.next().unwrap_or_default();
        let place = NotePlace { file: "feeds".to_owned(), line: Some(line) };
        if read > MAX_OUTLINES as u64 {
            let reason = format!("more than {MAX_OUTLINES} feeds; the rest is left out");
            imported.report.note(NoteKind::NotTaken, place, address, reason);
            break;
        }
        if address.starts_with('$') {
            let reason = "an import starts no program; name it in [programs] of settings.toml, and \
                          subscribe with `newsreader feed add exec:NAME`";
            imported.report.note(NoteKind::NotTaken, place, raw, reason);
            continue;
        }
        match check_feed_url(&address) {
            Ok(url) => imported.feeds.push(ImportedFeed {
                url,
                name: words.next().filter(|name| !name.is_empty() && !name.starts_with(['{', '<'])),
                folder: section.clone(),
                ..ImportedFeed::default()
            }),
            Err(reason) => imported.report.note(NoteKind::NotTaken, place, address, reason),
        }
    }
    imported.report.sources.push(ImportSource { path: "feeds".to_owned(), unit: "line", read });
    imported
}

/// Opens newsraft's database. Adds the number of its articles to the report, and the feeds if the list has
/// none.
///
/// # Errors
///
/// Fails if the file is not such a database.
pub fn open_newsraft_database(
    path: &Path,
    imported: &mut ImportedLibrary,
) -> Result<DatabaseArticles, Failure> {
    let database = ForeignDatabase::open(path, &["feeds", "items"])?;
    let count = "SELECT count(*) FROM items";
    let count = database.connection().query_row(count, [], |row| row.get::<_, u64>(0));
    let read = count.map_err(|error| database.failure(&error))?;
    let source = ImportSource { path: path.display().to_string(), unit: "article", read };
    imported.report.sources.push(source);
    add_titles(&database, imported)?;
    let sql = "SELECT feed_url FROM items GROUP BY feed_url ORDER BY min(rowid)";
    let read = || -> rusqlite::Result<VecDeque<(String, ArticleOrigin)>> {
        let mut statement = database.connection().prepare(sql)?;
        let to_feed = |url: String| {
            let origin = ArticleOrigin::Feed(check_feed_url(&url).unwrap_or_else(|_| url.clone()));
            (url, origin)
        };
        statement.query_map([], |row| text_of(row, 0).map(to_feed))?.collect()
    };
    let feeds = read().map_err(|error| database.failure(&error))?;
    let sql = ARTICLES_SQL.to_owned();
    Ok(DatabaseArticles::new(database, feeds, sql, Box::new(read_article)))
}

/// Adds the titles that publishers give the feeds.
fn add_titles(database: &ForeignDatabase, imported: &mut ImportedLibrary) -> Result<(), Failure> {
    let read = || -> rusqlite::Result<Vec<(String, String)>> {
        let mut statement = database.connection().prepare("SELECT feed_url, title FROM feeds")?;
        statement.query_map([], |row| Ok((text_of(row, 0)?, text_of(row, 1)?)))?.collect()
    };
    let is_empty = imported.feeds.is_empty();
    for (url, title) in read().map_err(|error| database.failure(&error))? {
        let title = Some(clean_line(&title)).filter(|title| !title.is_empty());
        match imported.feeds.iter_mut().find(|feed| feed.url == url) {
            Some(feed) => feed.title = title,
            None if is_empty => {
                if let Ok(url) = check_feed_url(&url) {
                    imported.feeds.push(ImportedFeed { url, title, ..ImportedFeed::default() });
                }
            }
            None => {}
        }
    }
    Ok(())
}

fn read_article(row: &Row<'_>) -> rusqlite::Result<ImportedArticle> {
    let dates = [number_of(row, 7)?, number_of(row, 8)?];
    let marks = ImportedMarks {
        is_read: number_of(row, 9)? == 0,
        is_starred: number_of(row, 10)? != 0,
        ..ImportedMarks::default()
    };
    let guid = clean_line(&text_of(row, 1)?);
    let persons = text_of(row, 6)?;
    let attachments = text_of(row, 5)?;
    Ok(ImportedArticle {
        guid: Some(guid).filter(|guid| !guid.is_empty()),
        title: clean_line(&text_of(row, 2)?),
        link: clean_url(&text_of(row, 3)?),
        author: author_of(&persons),
        published: dates
            .into_iter()
            .find(|at| *at != 0)
            .and_then(instant_from_seconds)
            .map(PublicationDate::Instant),
        body: body_of(&text_of(row, 4)?),
        categories: Vec::new(),
        files: groups(&attachments).filter_map(file_of).collect(),
        marks,
    })
}

/// Returns the groups of a column.
fn groups(column: &str) -> impl Iterator<Item = &str> {
    column.split(GROUP_SIGNS).filter(|group| group.contains('='))
}

/// Returns the value of a field in a group.
fn field<'g>(group: &'g str, name: &str) -> Option<&'g str> {
    let mut fields = group.split(FIELD_SIGN).filter_map(|field| field.split_once('='));
    let found = fields.find(|(known, _)| *known == name);
    found.map(|(_, value)| value).filter(|value| !value.trim().is_empty())
}

/// Returns the longest text.
fn body_of(content: &str) -> EntryBody {
    let texts = groups(content).filter_map(|group| Some((field(group, "text")?, group)));
    let Some((text, group)) = texts.max_by_key(|(text, _)| text.len()) else {
        return EntryBody { format: BodyFormat::Html, text: String::new() };
    };
    let is_plain = field(group, "type").is_some_and(|media_type| media_type.contains("plain"));
    let format = if is_plain { BodyFormat::Plain } else { BodyFormat::Html };
    EntryBody { format, text: clean_html(text.to_owned()) }
}

/// Returns the names of the authors. Where RSS has them in the address (`ann@example.org (Ann Lee)`), the
/// name is taken out of it.
fn author_of(persons: &str) -> Option<String> {
    let authors =
        groups(persons).filter(|group| field(group, "type").is_none_or(|kind| kind == "author"));
    let name_in = |address: &str| {
        let inner = address.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
        inner.map(|(name, _)| name.to_owned())
    };
    let names: Vec<String> = authors
        .filter_map(|group| {
            let name = field(group, "name").map(str::to_owned);
            name.or_else(|| field(group, "email").and_then(name_in))
        })
        .map(|name| clean_line(&name))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn file_of(group: &str) -> Option<AttachedFile> {
    Some(AttachedFile {
        url: clean_url(field(group, "url")?)?,
        media_type: field(group, "type").map(clean_line),
        length: field(group, "size").and_then(|size| size.parse().ok()).unwrap_or_default(),
        ..AttachedFile::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_of_newsraft_have_sections_and_names() {
        let imported = parse_newsraft_feeds(
            "# mine\nhttps://a.org/rss\n@ News { reload-period 10 }\nhttps://b.org/rss \"Post\"\n$(ls) \"odd\"\n",
        );
        let feeds: Vec<_> = imported
            .feeds
            .iter()
            .map(|feed| (feed.url.as_str(), feed.name.as_deref(), feed.folder.as_deref()))
            .collect();
        assert_eq!(
            feeds,
            [("https://a.org/rss", None, None), ("https://b.org/rss", Some("Post"), Some("News"))]
        );
        assert_eq!(imported.report.notes[0].place.line, Some(5));
        assert_eq!(imported.report.sources[0].read, 4);
    }

    #[test]
    fn columns_of_newsraft_have_groups_of_fields() {
        let column = |groups: &[&[&str]]| -> String {
            let fields = |fields: &&[&str]| format!("\u{1f}^\u{1f}{}", fields.join("\u{1f}"));
            groups.iter().map(fields).collect()
        };
        let content =
            column(&[&["type=text/plain", "text=Short"], &["type=text/html", "text=<p>a=b</p>"]]);
        let body = body_of(&content);
        assert_eq!((body.format, body.text.as_str()), (BodyFormat::Html, "<p>a=b</p>"));
        let persons = column(&[
            &["type=author", "email=ann@example.org (Ann Lee)"],
            &["type=author", "name=Bo", "email=bo@example.org"],
            &["type=contributor", "name=Cy"],
        ]);
        assert_eq!(author_of(&persons).as_deref(), Some("Ann Lee, Bo"));
        let files =
            column(&[&["url=https://a.org/1.mp3", "type=audio/mpeg", "size=9"], &["size=3"]]);
        let files: Vec<_> = groups(&files).filter_map(file_of).collect();
        assert_eq!((files.len(), files[0].length), (1, 9));
    }
}
