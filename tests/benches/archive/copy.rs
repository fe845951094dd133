//! Filling an archive with the rows that publishing would make, by COPY.

use std::{fmt::Write as _, io::Write as _, thread};

use chrono::{DateTime, Datelike, Months, NaiveTime};
use newsreader::archive::{ARTICLES_PER_REQUEST, PublishedArticle, list_article_words};
use postgres::{Client, Config, NoTls};

use super::articles::{FEED_COUNT, FIRST_PUBLISHED, PERIOD, generate};

/// Number of connections that fill months at a time.
const WORKERS: u64 = 2;

/// Size of the parts in which rows are sent, in bytes.
const PART_BYTES: usize = 1 << 20;

/// The level at which readers compress bodies.
const COMPRESSION_LEVEL: i32 = 3;

/// The indexes of each month. PostgreSQL makes those of the whole table from them.
const INDEXES: [(&str, &str); 3] = [
    ("article_by_arrival", "(arrived)"),
    ("article_by_feed", "(feed, published DESC)"),
    ("article_by_words", "USING gin (words)"),
];

/// Fills an archive that has no articles with `count` of them.
pub(super) fn copy_articles(address: &str, count: u64) {
    let mut client = connect(address);
    let articles: i64 =
        client.query_one("SELECT count(*) FROM newsreader.seen", &[]).unwrap().get(0);
    assert_eq!(articles, 0, "the archive has articles");
    let feeds = add_feeds(&mut client);
    let months = list_months(count);
    for (month, _) in &months {
        let sql = "SELECT newsreader.ensure_month(to_timestamp($1::bigint))";
        client.execute(sql, &[month]).unwrap();
    }
    for (index, _) in INDEXES {
        client.batch_execute(&format!("DROP INDEX IF EXISTS newsreader.{index}")).unwrap();
    }
    thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (months, feeds) = (&months, &feeds);
            scope.spawn(move || {
                let mut client = connect(address);
                for (number, (month, articles)) in months.iter().enumerate() {
                    if number as u64 % WORKERS == worker {
                        fill_month(&mut client, (*month, articles.clone()), (feeds, count));
                    }
                }
            });
        }
    });
    finish(&mut client, count);
}

fn connect(address: &str) -> Client {
    let mut config: Config = address.parse().unwrap();
    config.password(std::env::var("PGPASSWORD").unwrap_or_default());
    config.options("-c timezone=UTC -c search_path=");
    config.connect(NoTls).unwrap()
}

/// Adds the feeds in the order in which requests to publish do, and returns their ids by number.
fn add_feeds(client: &mut Client) -> Vec<i64> {
    let url_of = |feed: u64| format!("https://example.org/{feed}/feed");
    let numbers: Vec<u64> = (0..FEED_COUNT).collect();
    for request in numbers.chunks(ARTICLES_PER_REQUEST) {
        let mut feeds: Vec<(String, String)> =
            request.iter().map(|feed| (url_of(*feed), format!("Feed {feed}"))).collect();
        feeds.sort_unstable();
        for (url, title) in &feeds {
            let sql = "INSERT INTO newsreader.feed (url, title) VALUES ($1, $2)";
            client.execute(sql, &[url, title]).unwrap();
        }
    }
    let mut id_of = |feed: &u64| {
        let sql = "SELECT id FROM newsreader.feed WHERE url = $1";
        client.query_one(sql, &[&url_of(*feed)]).unwrap().get(0)
    };
    numbers.iter().map(&mut id_of).collect()
}

/// Returns the months with the numbers of their articles, each by its beginning in seconds since 1970.
fn list_months(count: u64) -> Vec<(i64, std::ops::Range<u64>)> {
    let number_at = |seconds: i64| {
        let passed = u64::try_from((seconds - FIRST_PUBLISHED).clamp(0, PERIOD)).unwrap();
        // The first number whose time is not before.
        (passed * count).div_ceil(u64::try_from(PERIOD).unwrap())
    };
    let first = DateTime::from_timestamp(FIRST_PUBLISHED, 0).unwrap().date_naive();
    let mut start = first.with_day(1).unwrap();
    let mut months = Vec::new();
    while start.and_time(NaiveTime::MIN).and_utc().timestamp() < FIRST_PUBLISHED + PERIOD {
        let end = start + Months::new(1);
        let [from, until] =
            [start, end].map(|day| day.and_time(NaiveTime::MIN).and_utc().timestamp());
        months.push((from, number_at(from)..number_at(until)));
        start = end;
    }
    months
}

fn fill_month(
    client: &mut Client,
    (month, articles): (i64, std::ops::Range<u64>),
    (feeds, count): (&[i64], u64),
) {
    let name = DateTime::from_timestamp(month, 0).unwrap().format("article_%Y_%m").to_string();
    let sql = format!(
        "COPY newsreader.{name} (id, feed, published, stated, date_form, arrived, digest, title, author, link,
         categories, attachments, format, body, words) FROM STDIN"
    );
    let mut copy = client.copy_in(&sql).unwrap();
    let mut part = String::with_capacity(2 * PART_BYTES);
    for number in articles.clone() {
        let feed = feeds[usize::try_from(number % FEED_COUNT).unwrap()];
        write_row(&generate(number, count), (number + 1, feed), &mut part);
        if part.len() >= PART_BYTES {
            copy.write_all(part.as_bytes()).unwrap();
            part.clear();
        }
    }
    copy.write_all(part.as_bytes()).unwrap();
    copy.finish().unwrap();
    // With a gigabyte, which the caches of a processor do not hold, the index of words takes 1.4 times as long.
    client.batch_execute("SET maintenance_work_mem = '64MB'").unwrap();
    for (_, columns) in INDEXES {
        client.batch_execute(&format!("CREATE INDEX ON newsreader.{name} {columns}")).unwrap();
    }
    println!("{name}: {} articles", articles.end - articles.start);
}

/// Writes the row of an article. Its number is also that of its arrival.
fn write_row(published: &PublishedArticle, (number, feed): (u64, i64), row: &mut String) {
    let PublishedArticle { article, text } = published;
    let at = article.published.instant();
    let body = zstd::bulk::compress(article.body.text.as_bytes(), COMPRESSION_LEVEL).unwrap();
    let attachments = serde_json::to_string(&article.attachments).unwrap();
    let digest = article.content_digest().cast_signed();
    let link = article.link.as_deref().unwrap();
    write!(
        row,
        "{number}\t{feed}\t{}\t{}\t0\t{number}\t{digest}\t{}\t\\N\t{link}\t\t{attachments}\tplain\t\\\\x",
        at.format("%Y-%m-%d %H:%M:%S+00"),
        at.timestamp(),
        article.title
    )
    .unwrap();
    for byte in body {
        write!(row, "{byte:02x}").unwrap();
    }
    row.push('\t');
    for word in list_article_words(text) {
        write!(row, "'{word}' ").unwrap();
    }
    row.push('\n');
}

/// Makes what is left: the indexes of the whole table, the keys of the articles, and the next numbers.
fn finish(client: &mut Client, count: u64) {
    for (index, columns) in INDEXES {
        let sql = format!("CREATE INDEX {index} ON newsreader.article {columns}");
        client.batch_execute(&sql).unwrap();
    }
    let sql = format!(
        "INSERT INTO newsreader.seen (feed, guid_hash, guid, article, published, digest)
             SELECT feed, sha256(convert_to((id - 1)::text, 'UTF8')), (id - 1)::text, id, published, digest
             FROM newsreader.article ORDER BY id;
         SELECT setval('newsreader.article_id', {count}), setval('newsreader.arrival', {count});
         VACUUM ANALYZE newsreader.seen"
    );
    for sql in sql.split(';') {
        client.batch_execute(sql).unwrap();
    }
    client.batch_execute("VACUUM ANALYZE newsreader.article").unwrap();
    println!("copied {count} articles");
}
