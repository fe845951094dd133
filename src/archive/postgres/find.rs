//! Searching the newest first: by date, and then by the index of words.
//!
//! A walk of the index alone took up to half a second for one or two letters (300,000 articles in ten months), and one
//! statement, whose plan the server chooses, more than three seconds where little is found. The index reads all of a month
//! for the beginning of a word: 2.6 s for one letter, which all articles have, 42 ms for three (129,000 articles). So the
//! newest articles tell which conditions most articles meet; those are checked on what the other ones find.

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
/// few words are in is found faster by the index.
const NEWEST_ARTICLES: i64 = 500;

/// Number of articles that are looked through after them for what no index leads to: 9,500 took 60 ms. Without a limit, a
/// word that all articles have took 7 seconds to leave out.
const NEXT_UNINDEXED: i64 = 6_500;

/// Number of the newest articles that tell which conditions most articles meet.
const SAMPLE: i64 = 40;

/// Number of articles of the sample from which on a condition is checked on what others find: 20 % of all. The index needs
/// 7 ms in each month for a beginning of words that 23 % of the articles have.
const BROAD_IN_SAMPLE: i64 = 8;

/// Minimum length of the first span that is searched by the index, in spans of the newest articles: some thousand
/// articles, whatever an archive gets in a day.
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
    let condition = request.condition.clone().simplified();
    if matches!(condition, FarCondition::Article(_)) {
        return find_one(client, request, &condition);
    }
    let dates = condition.date_span();
    let mut search = FarSearch {
        condition,
        wanted: request.limit.min(MAX_HITS),
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
    condition: &FarCondition,
) -> Result<FarPage, postgres::Error> {
    let condition = SqlCondition::new(client, condition)?;
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
    condition: FarCondition,
    wanted: usize,
    dates: Range<i64>,
    /// The column of bodies.
    body: &'static str,
    page: FarPage,
}

/// The articles that were looked through first.
struct NewestArticles {
    /// The place of the last of them.
    last: FarPosition,
    /// The seconds from there to the first.
    seconds: i64,
    /// The number of articles of the sample that meet each of the conditions.
    shares: Vec<i64>,
}

impl FarSearch {
    fn run(
        &mut self,
        client: &mut Transaction<'_>,
        before: FarPosition,
    ) -> Result<(), postgres::Error> {
        if self.search_by_date(client, NEWEST_ARTICLES, before)? {
            return Ok(());
        }
        let (indexed, mut checked): (Vec<FarCondition>, Vec<FarCondition>) =
            self.condition.clone().into_conjuncts().into_iter().partition(FarCondition::is_indexed);
        let Some(newest) = self.sample_newest(client, &indexed, before)? else { return Ok(()) };
        let mut narrow = Vec::new();
        for (condition, share) in indexed.into_iter().zip(newest.shares.iter()) {
            let group = if *share < BROAD_IN_SAMPLE { &mut narrow } else { &mut checked };
            group.push(condition);
        }
        if narrow.is_empty() {
            let is_full = self.search_by_date(client, NEXT_UNINDEXED, newest.last)?;
            self.page.has_more = is_full || self.has_older(client, NEXT_UNINDEXED, newest.last)?;
            return Ok(());
        }
        self.search_by_index(client, (&narrow, &checked), &newest)
    }

    /// Looks through articles by date; returns whether the page is full.
    fn search_by_date(
        &mut self,
        client: &mut Transaction<'_>,
        count: i64,
        before: FarPosition,
    ) -> Result<bool, postgres::Error> {
        let condition = SqlCondition::new(client, &self.condition)?;
        let found = format!(
            "SELECT a.* FROM (SELECT * FROM newsreader.article a WHERE {{place}}
                 ORDER BY a.published DESC, a.id DESC LIMIT {count}) a
             WHERE {} ORDER BY a.published DESC, a.id DESC LIMIT {{limit}}",
            condition.sql
        );
        let sql = format!(
            "WITH found AS MATERIALIZED ({found}) SELECT {COLUMNS}, {}, {MARKS} FROM found a {JOINS}
             ORDER BY a.published DESC, a.id DESC",
            self.body
        );
        self.query(client, (&sql, &condition), self.dates.start, before)
    }

    /// Searches ever longer spans by the index for what meets the narrow conditions, which is put into order before texts
    /// are read. The first span is as long as the articles before let expect.
    fn search_by_index(
        &mut self,
        client: &mut Transaction<'_>,
        (narrow, checked): (&[FarCondition], &[FarCondition]),
        newest: &NewestArticles,
    ) -> Result<(), postgres::Error> {
        let mut condition = SqlCondition::new(client, &FarCondition::All(narrow.to_vec()))?;
        // No index leads to a condition in this form.
        let checked = condition.add(client, &FarCondition::All(checked.to_vec()))?;
        let sql = format!(
            "WITH found AS MATERIALIZED (
                 SELECT a.published, a.id FROM newsreader.article a
                 WHERE {{place}} AND ({}) AND ({checked}) IS TRUE),
             newest AS MATERIALIZED (SELECT * FROM found ORDER BY published DESC, id DESC LIMIT {{limit}})
             SELECT {COLUMNS}, {}, {MARKS} FROM newest n
             JOIN newsreader.article a ON a.published = n.published AND a.id = n.id {JOINS}
             WHERE {{span}} ORDER BY a.published DESC, a.id DESC",
            condition.sql, self.body
        );
        let mut length = newest.seconds.saturating_mul(self.first_span()).max(MIN_SPAN);
        let (mut before, mut oldest) = (newest.last, None);
        loop {
            let from =
                before.published.saturating_sub(length).max(oldest.unwrap_or(self.dates.start));
            let is_full = self.query(client, (&sql, &condition), from, before)?;
            if is_full || from <= self.dates.start || oldest.is_some_and(|oldest| from <= oldest) {
                return Ok(());
            }
            if oldest.is_none() {
                oldest = Some(self.find_oldest(client)?);
            }
            before = FarPosition { published: from, id: i64::MIN };
            length = length.saturating_mul(SPAN_GROWTH);
        }
    }

    /// Returns the length of the first span, in spans of the newest articles: half as much again as would fill the page
    /// if hits are as dense as there. Of those without a hit, half of one is taken.
    fn first_span(&self) -> i64 {
        let count = |hits: usize| i64::try_from(hits).unwrap_or(i64::MAX);
        let (found, wanted) = (count(self.page.hits.len()), count(self.wanted));
        (3 * (wanted - found) / (2 * found).max(1)).max(FIRST_SPAN)
    }

    fn find_oldest(&self, client: &mut Transaction<'_>) -> Result<i64, postgres::Error> {
        let oldest = "SELECT extract(epoch FROM min(published))::bigint FROM newsreader.article";
        let oldest: Option<i64> = client.query_one(oldest, &[])?.get(0);
        Ok(oldest.unwrap_or(OLDEST_DATE).max(self.dates.start))
    }

    /// Adds the hits of a query from a date up to a place; returns whether the page is full.
    fn query(
        &mut self,
        client: &mut Transaction<'_>,
        (sql, condition): (&str, &SqlCondition),
        from: i64,
        before: FarPosition,
    ) -> Result<bool, postgres::Error> {
        let missing = (self.wanted + 1).saturating_sub(self.page.hits.len());
        let mut values = condition.values();
        let first = values.len() + 1;
        let (from, until, id) = (from, before.published, before.id);
        let places: [&(dyn ToSql + Sync); 3] = [&from, &until, &id];
        values.extend(places);
        let span = format!(
            "a.published >= to_timestamp(${first}::bigint) AND a.published <= to_timestamp(${}::bigint)",
            first + 1
        );
        let sql = sql
            .replace("{place}", &format_place(first))
            .replace("{span}", &span)
            .replace("{limit}", &missing.to_string());
        let rows = client.query(&sql, &values)?;
        self.page.hits.extend(rows.iter().filter_map(read_hit));
        self.page.has_more = self.page.hits.len() > self.wanted;
        self.page.hits.truncate(self.wanted);
        Ok(self.page.has_more)
    }

    /// Returns whether there are more than so many articles behind a place.
    fn has_older(
        &self,
        client: &mut Transaction<'_>,
        count: i64,
        before: FarPosition,
    ) -> Result<bool, postgres::Error> {
        let sql = format!(
            "SELECT 1 FROM newsreader.article a WHERE {} ORDER BY a.published DESC, a.id DESC
             OFFSET {count} LIMIT 1",
            format_place(1)
        );
        let places: [&(dyn ToSql + Sync); 3] = [&self.dates.start, &before.published, &before.id];
        client.query_opt(&sql, &places).map(|row| row.is_some())
    }

    /// Describes the newest articles, and how many of a sample meet each of the conditions; `None` if there are no older
    /// ones.
    fn sample_newest(
        &self,
        client: &mut Transaction<'_>,
        conditions: &[FarCondition],
        before: FarPosition,
    ) -> Result<Option<NewestArticles>, postgres::Error> {
        let mut converted = SqlCondition::default();
        let mut columns = vec!["extract(epoch FROM max(a.published))::bigint".to_owned()];
        for condition in conditions {
            let sql = converted.add(client, condition)?;
            columns.push(format!("count(*) FILTER (WHERE {sql})"));
        }
        let mut values = converted.values();
        let place = format_place(values.len() + 1);
        let places: [&(dyn ToSql + Sync); 3] = [&self.dates.start, &before.published, &before.id];
        values.extend(places);
        let sql = format!(
            "WITH newest AS MATERIALIZED (
                 SELECT * FROM newsreader.article a WHERE {place}
                 ORDER BY a.published DESC, a.id DESC LIMIT {NEWEST_ARTICLES}),
             last AS (
                 SELECT extract(epoch FROM published)::bigint AS published, id FROM newest
                 ORDER BY published DESC, id DESC OFFSET {} LIMIT 1)
             SELECT (SELECT published FROM last), (SELECT id FROM last), {}
             FROM (SELECT * FROM newest ORDER BY published DESC, id DESC LIMIT {SAMPLE}) a",
            NEWEST_ARTICLES - 1,
            columns.join(", ")
        );
        let row = client.query_one(&sql, &values)?;
        let last: (Option<i64>, Option<i64>) = (row.get(0), row.get(1));
        let (Some(published), Some(id)) = last else { return Ok(None) };
        Ok(Some(NewestArticles {
            last: FarPosition { published, id },
            seconds: row.get::<_, i64>(2) - published,
            shares: (0..conditions.len()).map(|at| row.get(3 + at)).collect(),
        }))
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
