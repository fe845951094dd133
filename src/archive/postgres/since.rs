//! Reading what is new, in the order of arrival.

use postgres::Client;

use super::rows::{COLUMNS, JOINS, read_article};
use crate::archive::{ARTICLES_PER_REQUEST, ArchiveCursor, ArticleArrivals};

/// Maximum number of bytes of the bodies of one answer, as the server stores them and as they are read. One article may
/// have more.
const MAX_ANSWER_BYTES: usize = 32 << 20;

/// Loads articles that have arrived after a cursor.
pub(super) fn load_arrivals(
    client: &mut Client,
    cursor: ArchiveCursor,
) -> Result<ArticleArrivals, postgres::Error> {
    let after = match cursor {
        ArchiveCursor::After(arrival) => arrival,
        ArchiveCursor::Newest(count) => find_start(client, count)?,
    };
    let mut arrivals =
        ArticleArrivals { start: after, cursor: after, ..ArticleArrivals::default() };
    let Some(last) = find_end(client, after)? else { return Ok(arrivals) };
    let sql = format!(
        "SELECT {COLUMNS}, a.body, a.arrived FROM newsreader.article a {JOINS}
         WHERE a.arrived > $1 AND a.arrived <= $2 ORDER BY a.arrived"
    );
    let mut bytes = 0;
    arrivals.has_more = true;
    for row in client.query(&sql, &[&after, &last])? {
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

/// Returns the arrival before about this number of the newest ones.
fn find_start(client: &mut Client, count: u64) -> Result<i64, postgres::Error> {
    let newest = "SELECT coalesce(max(arrived), 0) FROM newsreader.article";
    let newest: i64 = client.query_one(newest, &[])?.get(0);
    Ok(newest.saturating_sub(i64::try_from(count).unwrap_or(i64::MAX)).max(0))
}

/// Returns the last arrival of an answer; `None` if nothing is new.
fn find_end(client: &mut Client, after: i64) -> Result<Option<i64>, postgres::Error> {
    let sql = "SELECT arrived, octet_length(body) FROM newsreader.article
               WHERE arrived > $1 ORDER BY arrived LIMIT $2";
    let limit = i64::try_from(ARTICLES_PER_REQUEST).unwrap_or(i64::MAX);
    let (mut last, mut bytes) = (None, 0);
    for row in client.query(sql, &[&after, &limit])? {
        bytes += usize::try_from(row.get::<_, i32>(1)).unwrap_or(0);
        if bytes > MAX_ANSWER_BYTES && last.is_some() {
            break;
        }
        last = Some(row.get(0));
    }
    Ok(last)
}
