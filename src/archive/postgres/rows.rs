//! Rows of articles as they are read. What the server sends is taken as it is; who receives the article cleans it.

use chrono::{DateTime, Utc};
use postgres::Row;

use super::stored_body::{decompress_body, parse_format};
use crate::{
    archive::{ArchivedArticle, ArticleKey, FarPosition},
    model::{EntryBody, PublicationDate},
};

/// The columns that [`read_article`] reads, in order, but for the body, of an article `a` and its feed `f` in `seen` `s`.
pub(super) const COLUMNS: &str = "extract(epoch FROM a.published)::bigint, a.id, f.url, s.guid, f.title, a.title, \
                                  a.author, a.link, a.stated, a.date_form, a.categories, a.attachments, a.format, f.private";

/// The tables that [`COLUMNS`] needs beside `newsreader.article a`.
pub(super) const JOINS: &str =
    "JOIN newsreader.seen s ON s.article = a.id JOIN newsreader.feed f ON f.id = a.feed";

/// Number of the columns of [`COLUMNS`]; the body follows.
const BODY_COLUMN: usize = 14;

/// Reads an article whose row has [`COLUMNS`] and then the body, which may be null for none. Returns `None` for its
/// article if the body cannot be read.
pub(super) fn read_article(row: &Row) -> (FarPosition, Option<ArchivedArticle>) {
    let position = FarPosition { published: row.get(0), id: row.get(1) };
    let body: Option<&[u8]> = row.get(BODY_COLUMN);
    let Some(text) = body.map_or(Some(String::new()), decompress_body) else {
        return (position, None);
    };
    let categories: &str = row.get(10);
    let article = ArchivedArticle {
        key: ArticleKey { feed: row.get(2), guid: row.get(3) },
        feed_title: row.get(4),
        is_feed_private: row.get(13),
        title: row.get(5),
        author: row.get(6),
        link: row.get(7),
        published: read_date(row.get(8), row.get(9)),
        categories: categories
            .split('\n')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        // What a hostile server sends in another form is no list of files.
        attachments: serde_json::from_str(row.get(11)).unwrap_or_default(),
        body: EntryBody { format: parse_format(row.get(12)), text },
    };
    (position, Some(article))
}

fn read_date(seconds: i64, form: i16) -> PublicationDate {
    let at = DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or(DateTime::UNIX_EPOCH);
    match form {
        1 => PublicationDate::Day(at.date_naive()),
        2 => PublicationDate::Arrival(at),
        _ => PublicationDate::Instant(at),
    }
}
