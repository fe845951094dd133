//! Reading what is new, in the order of arrival.

use postgres::Client;

use super::rows::{COLUMNS, JOINS, read_article};
use crate::archive::{
    ARTICLES_PER_REQUEST, ArchiveCursor, ArchiveStart, ArticleArrivals, memory_archive::OLDEST_DATE,
};

/// Maximum number of bytes of the bodies of one answer, as the server stores them and as they are read. One article may
/// have more.
const MAX_ANSWER_BYTES: usize = 32 << 20;

/// The arrivals that a request is about.
struct ArrivalRange {
    /// They follow this one.
    after: i64,
    /// The last one that may be among them.
    until: i64,
    /// The date of the first article, in seconds since 1970.
    published_from: i64,
}

/// Loads articles that have arrived after a cursor.
pub(super) fn load_arrivals(
    client: &mut Client,
    cursor: ArchiveCursor,
) -> Result<ArticleArrivals, postgres::Error> {
    let (start, after) = match cursor {
        ArchiveCursor::After(after) => (ArchiveStart::default(), after),
        ArchiveCursor::Joining(start, after) => (start, after),
        ArchiveCursor::Newest(count) => find_start(client, count)?,
    };
    let mut arrivals = ArticleArrivals { start, cursor: after, ..ArticleArrivals::default() };
    let part = start.part_after(after);
    let (until, published_from) = part.unwrap_or((i64::MAX, OLDEST_DATE));
    let range = ArrivalRange { after, until, published_from };
    let Some(last) = find_end(client, &range)? else {
        // What follows is taken as a whole.
        arrivals.has_more = part.is_some();
        arrivals.cursor = part.map_or(after, |(last, _)| last);
        return Ok(arrivals);
    };
    let sql = format!(
        "SELECT {COLUMNS}, a.body, a.arrived FROM newsreader.article a {JOINS}
         WHERE a.arrived > $1 AND a.arrived <= $2 AND a.published >= to_timestamp($3::bigint)
         ORDER BY a.arrived"
    );
    let mut bytes = 0;
    arrivals.has_more = true;
    for row in client.query(&sql, &[&after, &last, &published_from])? {
        let (_, article) = read_article(&row);
        bytes += article.as_ref().map_or(0, |article| article.body.text.len());
        if bytes > MAX_ANSWER_BYTES && !arrivals.articles.is_empty() {
            return Ok(arrivals);
        }
        arrivals.unreadable += usize::from(article.is_none());
        arrivals.articles.extend(article);
        arrivals.cursor = row.get("arrived");
    }
    // An article that was edited meanwhile has arrived again, later.
    arrivals.cursor = last;
    Ok(arrivals)
}

/// Returns what a reader takes that begins with this number of the articles that were published last, and the arrival after
/// which these are.
fn find_start(client: &mut Client, count: u64) -> Result<(ArchiveStart, i64), postgres::Error> {
    let newest = "SELECT coalesce(max(arrived), 0) FROM newsreader.article";
    let last_arrival: i64 = client.query_one(newest, &[])?.get(0);
    let Some(before_last) = count.checked_sub(1) else {
        return Ok((ArchiveStart { last_arrival, published_from: None }, last_arrival));
    };
    let sql = "SELECT extract(epoch FROM published)::bigint FROM newsreader.article
               ORDER BY published DESC OFFSET $1 LIMIT 2";
    let rows = client.query(sql, &[&i64::try_from(before_last).unwrap_or(i64::MAX)])?;
    let start = match rows.as_slice() {
        [last, _] => ArchiveStart { last_arrival, published_from: Some(last.get(0)) },
        _ => ArchiveStart::default(),
    };
    Ok((start, 0))
}

/// Returns the last arrival of an answer; `None` if nothing is new.
fn find_end(client: &mut Client, range: &ArrivalRange) -> Result<Option<i64>, postgres::Error> {
    let sql = "SELECT arrived, octet_length(body) FROM newsreader.article
               WHERE arrived > $1 AND arrived <= $2 AND published >= to_timestamp($3::bigint)
               ORDER BY arrived LIMIT $4";
    let limit = i64::try_from(ARTICLES_PER_REQUEST).unwrap_or(i64::MAX);
    let ArrivalRange { after, until, published_from } = range;
    let (mut last, mut bytes) = (None, 0);
    for row in client.query(sql, &[after, until, published_from, &limit])? {
        bytes += usize::try_from(row.get::<_, i32>(1)).unwrap_or(0);
        if bytes > MAX_ANSWER_BYTES && last.is_some() {
            break;
        }
        last = Some(row.get(0));
    }
    Ok(last)
}
