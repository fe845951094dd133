//! Storing articles, and sharing the work of fetching.

use std::collections::HashMap;

use postgres::{Client, Transaction};

use super::{months::make_months, stored_body::compress_body};
use crate::{
    archive::{
        ArchivedArticle, ArticleKey, ArticlePublication, FetchedFeed, LeaseRequest,
        PublicationOutcome, PublishedArticle, archived_article::format_name, list_article_words,
        memory_archive::OLDEST_DATE,
    },
    model::PublicationDate,
};

/// The rows of articles that are to be stored, as arrays of their columns, which are those of `INPUT`.
#[derive(Default)]
struct ArticleRows {
    urls: Vec<String>,
    guids: Vec<String>,
    sorted: Vec<i64>,
    stated: Vec<i64>,
    forms: Vec<i16>,
    digests: Vec<i64>,
    titles: Vec<String>,
    authors: Vec<Option<String>>,
    links: Vec<Option<String>>,
    categories: Vec<String>,
    attachments: Vec<String>,
    formats: Vec<&'static str>,
    bodies: Vec<Vec<u8>>,
    words: Vec<String>,
}

/// The arrays as a table. A date in a far future is sorted as one of the last month that has a partition.
const INPUT: &str = "WITH input AS (
    SELECT n.*, f.id AS feed_id, sha256(convert_to(n.guid, 'UTF8')) AS hash,
        date_trunc('second', least(to_timestamp(n.sorted::float8), now() + interval '13 months')) AS published
    FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::smallint[], $6::bigint[], $7::text[],
        $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bytea[], $14::text[])
        WITH ORDINALITY AS n (url, guid, sorted, stated, form, digest, title, author, link, categories, attachments,
        format, body, words, ordinal)
    JOIN newsreader.feed f ON f.url = n.url)";

/// Inserts the articles that the archive has never had.
const INSERT_NEW: &str = ", new AS (
    INSERT INTO newsreader.seen (feed, guid_hash, guid, published, digest)
    SELECT feed_id, hash, guid, published, digest FROM input
    ON CONFLICT DO NOTHING RETURNING feed, guid_hash, article)
    INSERT INTO newsreader.article (id, feed, published, stated, date_form, digest, title, author, link, categories,
        attachments, format, body, words)
    SELECT new.article, feed_id, published, stated, form, digest, title, author, link, categories, attachments, format,
        body, words::tsvector
    FROM input JOIN new ON new.feed = feed_id AND new.guid_hash = hash ORDER BY ordinal";

/// Notes which articles the archive has in another form, and returns them as they were. The column after those of the
/// arrays is the date before the edit.
const NOTE_EDITS: &str = ", edited AS (
    SELECT s.feed, s.guid_hash, s.article, s.published AS before, i.published, i.digest, i.ordinal
    FROM input i JOIN newsreader.seen s ON s.feed = feed_id AND s.guid_hash = hash WHERE s.digest <> i.digest)
    UPDATE newsreader.seen s SET published = e.published, digest = e.digest FROM edited e
    WHERE s.feed = e.feed AND s.guid_hash = e.guid_hash
    RETURNING e.ordinal, s.article, e.before, s.published";

/// Replaces an article; one of a month that was pruned is not there any more.
const REPLACE: &str = "UPDATE newsreader.article SET published = $3, stated = $4, date_form = $5, digest = $6,
    title = $7, author = $8, link = $9, categories = $10, attachments = $11, format = $12, body = $13,
    words = $14::text::tsvector, arrived = nextval('newsreader.arrival'), published_by = current_user
    WHERE published = $1 AND id = $2";

/// Stores what a reader publishes, in one transaction.
pub(super) fn publish(
    client: &mut Client,
    publication: &ArticlePublication,
) -> Result<PublicationOutcome, postgres::Error> {
    let mut outcome = PublicationOutcome::default();
    let (rows, feeds) = collect_rows(publication, &mut outcome);
    // Before the transaction: making a month waits for nobody then who waits for this one.
    make_months(client, &rows.sorted)?;
    let mut transaction = client.transaction()?;
    // Whoever takes numbers of arrivals holds this lock until they are visible, so that no cursor passes one by.
    transaction.execute("SELECT pg_advisory_xact_lock(7236723, 2)", &[])?;
    add_feeds(&mut transaction, &feeds)?;
    if !rows.urls.is_empty() {
        store_rows(&mut transaction, &rows, &mut outcome)?;
    }
    note_fetched(&mut transaction, &publication.reader, &publication.fetched)?;
    transaction.commit()?;
    Ok(outcome)
}

/// A feed that the archive may not know.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct FeedRow {
    url: String,
    title: String,
    is_private: bool,
}

impl FeedRow {
    fn new(url: &str, title: &str, is_private: bool) -> FeedRow {
        FeedRow { url: storable(url), title: storable(title), is_private }
    }
}

/// Collects the rows of articles, without those that are too long and with the last one of a key, and the feeds with
/// their titles.
fn collect_rows(
    publication: &ArticlePublication,
    outcome: &mut PublicationOutcome,
) -> (ArticleRows, Vec<FeedRow>) {
    let mut last: HashMap<&ArticleKey, usize> = HashMap::new();
    for (index, published) in publication.articles.iter().enumerate() {
        last.insert(&published.article.key, index);
    }
    let mut rows = ArticleRows::default();
    let mut feeds = Vec::new();
    for (index, published) in publication.articles.iter().enumerate() {
        let article = &published.article;
        if last.get(&article.key) != Some(&index) {
            outcome.known += 1;
        } else if !rows.push(published) {
            outcome.too_long += 1;
        } else {
            feeds.push(FeedRow::new(
                &article.key.feed,
                &article.feed_title,
                article.is_feed_private,
            ));
        }
    }
    let fetched = publication.fetched.iter();
    feeds.extend(fetched.map(|feed| FeedRow::new(&feed.url, &feed.title, false)));
    feeds.sort_unstable();
    feeds.dedup_by(|one, other| one.url == other.url);
    (rows, feeds)
}

impl ArticleRows {
    /// Adds an article; returns false if it is too long.
    fn push(&mut self, published: &PublishedArticle) -> bool {
        let PublishedArticle { article, text } = published;
        let body = compress_body(&article.body.text).filter(|_| article.is_within_limits());
        let Some(body) = body else { return false };
        let attachments = serde_json::to_string(&article.attachments).unwrap_or_default();
        let seconds = article.published.instant().timestamp();
        self.urls.push(storable(&article.key.feed));
        self.guids.push(storable(&article.key.guid));
        self.sorted.push(seconds.max(OLDEST_DATE));
        self.stated.push(seconds);
        self.forms.push(date_form(article.published));
        self.digests.push(stored_digest(article));
        self.titles.push(storable(&article.title));
        self.authors.push(article.author.as_deref().map(storable));
        self.links.push(article.link.as_deref().map(storable));
        self.categories.push(storable(&article.categories.join("\n")));
        self.attachments.push(storable(&attachments));
        self.formats.push(format_name(article.body.format));
        self.bodies.push(body);
        self.words.push(format_words(&list_article_words(text)));
        true
    }
}

/// Returns a text without the one character that PostgreSQL does not store.
fn storable(text: &str) -> String {
    text.replace('\0', "")
}

/// Returns the digest of an article as a column of signed numbers has it.
pub(super) fn stored_digest(article: &ArchivedArticle) -> i64 {
    i64::from_ne_bytes(article.content_digest().to_ne_bytes())
}

fn date_form(published: PublicationDate) -> i16 {
    match published {
        PublicationDate::Instant(_) => 0,
        PublicationDate::Day(_) => 1,
        PublicationDate::Arrival(_) => 2,
    }
}

/// Returns words as the text of a `tsvector` without positions (PostgreSQL's documentation, section 8.11.1).
fn format_words(words: &[String]) -> String {
    let mut text = String::new();
    for word in words {
        text.push_str(&quote_word(word));
        text.push(' ');
    }
    text
}

/// Returns a word in the quotation marks of `tsvector` and `tsquery`.
pub(super) fn quote_word(word: &str) -> String {
    let escaped = word.replace('\0', "").replace('\\', "\\\\").replace('\'', "''");
    format!("'{escaped}'")
}

/// Adds the feeds that the archive does not know, in the order of their URLs, so that no two readers wait for each other.
fn add_feeds(
    client: &mut impl postgres::GenericClient,
    feeds: &[FeedRow],
) -> Result<(), postgres::Error> {
    let urls: Vec<&str> = feeds.iter().map(|feed| feed.url.as_str()).collect();
    let titles: Vec<&str> = feeds.iter().map(|feed| feed.title.as_str()).collect();
    let private: Vec<bool> = feeds.iter().map(|feed| feed.is_private).collect();
    let sql = "INSERT INTO newsreader.feed (url, title, private)
               SELECT url, title, private
               FROM unnest($1::text[], $2::text[], $3::boolean[]) AS n (url, title, private)
               WHERE NOT EXISTS (SELECT 1 FROM newsreader.feed f WHERE f.url = n.url) ORDER BY url
               ON CONFLICT (url) DO NOTHING";
    client.execute(sql, &[&urls, &titles, &private]).map(drop)
}

fn store_rows(
    transaction: &mut Transaction<'_>,
    rows: &ArticleRows,
    outcome: &mut PublicationOutcome,
) -> Result<(), postgres::Error> {
    let values: [&(dyn postgres::types::ToSql + Sync); 14] = [
        &rows.urls,
        &rows.guids,
        &rows.sorted,
        &rows.stated,
        &rows.forms,
        &rows.digests,
        &rows.titles,
        &rows.authors,
        &rows.links,
        &rows.categories,
        &rows.attachments,
        &rows.formats,
        &rows.bodies,
        &rows.words,
    ];
    let new = transaction.execute(&format!("{INPUT}{INSERT_NEW}"), &values)?;
    let new = usize::try_from(new).unwrap_or(usize::MAX);
    outcome.new += new;
    let edited = transaction.query(&format!("{INPUT}{NOTE_EDITS}"), &values)?;
    outcome.edited += edited.len();
    outcome.known += rows.urls.len().saturating_sub(new + edited.len());
    for row in edited {
        let at = usize::try_from(row.get::<_, i64>(0) - 1).expect("ordinals begin with 1");
        let (id, before, after): (i64, std::time::SystemTime, std::time::SystemTime) =
            (row.get(1), row.get(2), row.get(3));
        let values: [&(dyn postgres::types::ToSql + Sync); 14] = [
            &before,
            &id,
            &after,
            &rows.stated[at],
            &rows.forms[at],
            &rows.digests[at],
            &rows.titles[at],
            &rows.authors[at],
            &rows.links[at],
            &rows.categories[at],
            &rows.attachments[at],
            &rows.formats[at],
            &rows.bodies[at],
            &rows.words[at],
        ];
        transaction.execute(REPLACE, &values)?;
    }
    Ok(())
}

/// Notes when feeds are due again that were fetched under a lease which still holds.
fn note_fetched(
    transaction: &mut Transaction<'_>,
    reader: &str,
    fetched: &[FetchedFeed],
) -> Result<(), postgres::Error> {
    let urls: Vec<String> = fetched.iter().map(|feed| storable(&feed.url)).collect();
    let titles: Vec<String> = fetched.iter().map(|feed| storable(&feed.title)).collect();
    let seconds: Vec<f64> = fetched.iter().map(|feed| f64::from(feed.next_fetch_seconds)).collect();
    let sql = "UPDATE newsreader.feed f SET lease_owner = NULL, lease_until = '-infinity',
                   next_fetch = now() + make_interval(secs => n.seconds),
                   title = CASE WHEN n.title = '' THEN f.title ELSE n.title END
               FROM unnest($1::text[], $2::text[], $3::float8[]) AS n (url, title, seconds)
               WHERE f.url = n.url AND f.lease_owner = $4 AND f.lease_until > now()";
    transaction.execute(sql, &[&urls, &titles, &seconds, &reader]).map(drop)
}

/// Takes leases.
pub(super) fn lease(
    client: &mut Client,
    request: &LeaseRequest,
) -> Result<Vec<String>, postgres::Error> {
    let mut feeds: Vec<FeedRow> =
        request.feeds.iter().map(|url| FeedRow::new(url, "", false)).collect();
    feeds.sort_unstable();
    feeds.dedup();
    add_feeds(client, &feeds)?;
    let urls: Vec<&str> = feeds.iter().map(|feed| feed.url.as_str()).collect();
    let sql = "UPDATE newsreader.feed SET lease_owner = $2,
                   lease_until = now() + make_interval(secs => $3)
               WHERE id IN (
                   SELECT id FROM newsreader.feed WHERE url = ANY ($1) AND next_fetch <= now()
                   AND (lease_until <= now() OR lease_owner = $2) ORDER BY id FOR UPDATE SKIP LOCKED)
               RETURNING url";
    let rows = client.query(sql, &[&urls, &request.reader, &f64::from(request.seconds)])?;
    Ok(rows.into_iter().map(|row| row.get(0)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_as_postgresql_reads_them() {
        let words = ["it's", "a\\b", "x\0y"].map(str::to_owned);
        assert_eq!(format_words(&words), r"'it''s' 'a\\b' 'xy' ");
    }
}
