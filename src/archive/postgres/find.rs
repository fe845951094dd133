//! Searching in two steps, the newest first: by date, and then by the index of words. Of 300,000 articles in ten months, a walk
//! of the index alone took up to half a second for one or two letters, and one statement, whose plan the server chooses, more
//! than three seconds where little is found.

use std::ops::Range;

use postgres::{Client, Row, Transaction, error::SqlState, types::ToSql};

use super::{
    rows::{COLUMNS, JOINS, read_article},
    sql_condition::SqlCondition,
};
use crate::archive::{
    ArchivedMark, FarCondition, FarHit, FarPage, FarPosition, FarRequest,
    memory_archive::OLDEST_DATE,
};

/// Number of the newest articles that are looked through by date. What most words are in fills a page from them, and what
/// few words are in is found faster by the index. Looking at the words of 500 that have none takes 10 ms, of 3,000 43 to
/// 77 ms (1.1 million articles, 2.7 KB of words each).
const NEWEST_ARTICLES: i64 = 500;

/// Number of the newest articles that are looked through for what no index leads to. Without a limit, a word that all
/// articles have took 7 seconds to leave out.
const NEWEST_UNINDEXED: i64 = 10_000;

/// Length of the first span that is searched by the index, in spans of the newest articles: some thousand articles,
/// whatever an archive gets in a day.
const FIRST_SPAN: i64 = 16;

/// Factor by which each further span is longer.
const SPAN_GROWTH: i64 = 4;

/// Minimum length of the first span, in seconds.
const MIN_SPAN: i64 = 3_600;

/// Time in milliseconds after which the server gives up a step of a search: a common word without another one may have no
/// hit, and all of its articles would be read. The steps before were shorter, so that this is about the time of a search.
const MAX_STEP_MS: i64 = 400;

/// The same for hits with their texts, which are asked for one time and not for each letter.
const MAX_STEP_WITH_TEXTS_MS: i64 = 5_000;

/// Maximum number of hits of one answer.
const MAX_HITS: usize = 1_000;

/// The marks of an article `a` that the user sees, as a column.
const MARKS: &str = "ARRAY(SELECT m.mark FROM newsreader.mark m WHERE m.owner IN (current_user, '') \
                     AND m.article = a.id AND m.wanted) AS marks";

/// The end of the order of dates, as seconds since 1970: the year 9999.
const LAST_DATE: i64 = 253_000_000_000;

/// Finds articles.
pub(super) fn find(client: &mut Client, request: &FarRequest) -> Result<FarPage, postgres::Error> {
    let condition = SqlCondition::new(client, &request.condition)?;
    if matches!(request.condition, FarCondition::Article(_)) {
        return find_one(client, request, &condition);
    }
    let dates = request.condition.date_span();
    let mut search = FarSearch {
        condition,
        wanted: request.limit.min(MAX_HITS),
        newest: if request.condition.is_indexed() { NEWEST_ARTICLES } else { NEWEST_UNINDEXED },
        dates: dates.start.clamp(OLDEST_DATE, LAST_DATE)..dates.end.clamp(OLDEST_DATE, LAST_DATE),
        body: if request.with_texts { "a.body" } else { "NULL::bytea" },
        page: FarPage::default(),
    };
    let last = FarPosition { published: search.dates.end, id: i64::MAX };
    let before = request.before.map_or(last, |before| before.min(last));
    let limit = if request.with_texts { MAX_STEP_WITH_TEXTS_MS } else { MAX_STEP_MS };
    let mut transaction = client.transaction()?;
    transaction.batch_execute(&format!("SET LOCAL statement_timeout = {limit}"))?;
    match search.run(&mut transaction, before) {
        Err(error) if error.code() == Some(&SqlState::QUERY_CANCELED) => {
            search.page.has_more = true;
        }
        done => done?,
    }
    Ok(search.page)
}

fn find_one(
    client: &mut Client,
    request: &FarRequest,
    condition: &SqlCondition,
) -> Result<FarPage, postgres::Error> {
    let body = if request.with_texts { "a.body" } else { "NULL::bytea" };
    // The date leads to the month, without which the index of each is asked.
    let sql = format!(
        "SELECT {COLUMNS}, {body}, {MARKS} FROM newsreader.article a {JOINS}
         WHERE {} AND a.published = (SELECT published FROM newsreader.seen k WHERE k.article = a.id)",
        condition.sql
    );
    let rows = client.query(&sql, &condition.values())?;
    Ok(FarPage { hits: rows.iter().filter_map(read_hit).collect(), has_more: false })
}

fn read_hit(row: &Row) -> Option<FarHit> {
    let (position, article) = read_article(row);
    let marks: Vec<String> = row.get("marks");
    let marks = marks.iter().filter_map(|mark| ArchivedMark::from_stored_name(mark)).collect();
    Some(FarHit { position, article: article?, marks })
}

struct FarSearch {
    condition: SqlCondition,
    wanted: usize,
    /// Number of the newest articles that are looked through by date.
    newest: i64,
    dates: Range<i64>,
    /// The column of bodies.
    body: &'static str,
    page: FarPage,
}

impl FarSearch {
    fn run(
        &mut self,
        client: &mut Transaction<'_>,
        before: FarPosition,
    ) -> Result<(), postgres::Error> {
        let newest = format!(
            "SELECT * FROM newsreader.article a WHERE {{place}}
             ORDER BY a.published DESC, a.id DESC LIMIT {}",
            self.newest
        );
        let sql = format!(
            "SELECT {COLUMNS}, {}, {MARKS} FROM ({newest}) a {JOINS} WHERE {}
             ORDER BY a.published DESC, a.id DESC LIMIT {{limit}}",
            self.body, self.condition.sql
        );
        if self.query(client, &sql, self.dates.start, before)? {
            return Ok(());
        }
        let Some((mut before, span)) = self.end_of_newest(client, before)? else { return Ok(()) };
        if self.newest == NEWEST_UNINDEXED {
            self.page.has_more = true;
            return Ok(());
        }
        let oldest = "SELECT extract(epoch FROM min(published))::bigint FROM newsreader.article";
        let oldest: Option<i64> = client.query_one(oldest, &[])?.get(0);
        let oldest = oldest.unwrap_or(OLDEST_DATE).max(self.dates.start);
        // The index finds the hits of a span, which are put into order before their texts are read.
        let sql = format!(
            "WITH found AS MATERIALIZED (
                 SELECT a.published, a.id FROM newsreader.article a WHERE {{place}} AND ({})),
             newest AS MATERIALIZED (SELECT * FROM found ORDER BY published DESC, id DESC LIMIT {{limit}})
             SELECT {COLUMNS}, {}, {MARKS} FROM newest n
             JOIN newsreader.article a ON a.published = n.published AND a.id = n.id {JOINS}
             WHERE {{span}} ORDER BY a.published DESC, a.id DESC",
            self.condition.sql, self.body
        );
        let mut length = span.saturating_mul(FIRST_SPAN).max(MIN_SPAN);
        while before.published >= oldest {
            let from = before.published.saturating_sub(length).max(oldest);
            if self.query(client, &sql, from, before)? || from <= oldest {
                return Ok(());
            }
            before = FarPosition { published: from, id: i64::MIN };
            length = length.saturating_mul(SPAN_GROWTH);
        }
        Ok(())
    }

    /// Adds the hits of a query from a date up to a place; returns whether the page is full.
    fn query(
        &mut self,
        client: &mut Transaction<'_>,
        sql: &str,
        from: i64,
        before: FarPosition,
    ) -> Result<bool, postgres::Error> {
        let missing = (self.wanted + 1).saturating_sub(self.page.hits.len());
        let mut values = self.condition.values();
        let first = values.len() + 1;
        let (from, until, id) = (from, before.published, before.id);
        let places: [&(dyn ToSql + Sync); 3] = [&from, &until, &id];
        values.extend(places);
        let place = format_place(first);
        let span = format!(
            "a.published >= to_timestamp(${first}::bigint) AND a.published <= to_timestamp(${}::bigint)",
            first + 1
        );
        let sql = sql
            .replace("{place}", &place)
            .replace("{span}", &span)
            .replace("{limit}", &missing.to_string());
        let rows = client.query(&sql, &values)?;
        self.page.hits.extend(rows.iter().filter_map(read_hit));
        self.page.has_more = self.page.hits.len() > self.wanted;
        self.page.hits.truncate(self.wanted);
        Ok(self.page.has_more)
    }

    /// Returns the place of the last of the newest articles, and the seconds from there to the first; `None` if there are
    /// no older ones.
    fn end_of_newest(
        &self,
        client: &mut Transaction<'_>,
        before: FarPosition,
    ) -> Result<Option<(FarPosition, i64)>, postgres::Error> {
        let sql = format!(
            "WITH newest AS MATERIALIZED (
                 SELECT extract(epoch FROM a.published)::bigint AS published, a.id
                 FROM newsreader.article a WHERE {} ORDER BY a.published DESC, a.id DESC LIMIT {})
             SELECT published, id, (SELECT max(published) FROM newest) - published FROM newest
             ORDER BY published DESC, id DESC OFFSET {} LIMIT 1",
            format_place(1),
            self.newest,
            self.newest - 1
        );
        let row = client.query_opt(&sql, &[&self.dates.start, &before.published, &before.id])?;
        Ok(row.map(|row| (FarPosition { published: row.get(0), id: row.get(1) }, row.get(2))))
    }
}

/// Returns the condition that an article lies between a date and a place, which are three values from this one on.
fn format_place(first: usize) -> String {
    let (until, id) = (first + 1, first + 2);
    format!(
        "a.published >= to_timestamp(${first}::bigint) AND a.published <= to_timestamp(${until}::bigint)
         AND (a.published, a.id) < (to_timestamp(${until}::bigint), ${id}::bigint)"
    )
}
