//! Measures the shared archive on a real PostgreSQL: `cargo bench --features archive --bench archive -- ADDRESS COUNT`, with the
//! password of the user in `PGPASSWORD`. The archive at ADDRESS was made by `newsreader archive init`, and is filled with COUNT
//! generated articles, over 24 months, as far as it has them not; a fill that was interrupted goes on.
//!
//! `… --bench archive -- copy ADDRESS COUNT` fills an archive without articles, and measures nothing: it copies the rows into the
//! tables of each month, and makes the indexes then, which takes a tenth of the time. The user is the owner of the archive.
//!
//! Printed are the articles published in a second, the milliseconds for the first page of hits of typed filters, key by key, and
//! the seconds and the memory in which a reader takes the newest hundred thousand.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::cast_precision_loss
)]

#[cfg(feature = "archive")]
fn main() {
    measure::run();
}

#[cfg(not(feature = "archive"))]
fn main() {
    println!("skipped: built without the feature archive");
}

#[cfg(feature = "archive")]
mod articles;
#[cfg(feature = "archive")]
mod copy;

#[cfg(feature = "archive")]
mod measure {
    use std::time::{Duration, Instant};

    use chrono::NaiveDate;
    use newsreader::{
        archive::{
            ARTICLES_PER_REQUEST, Archive, ArchiveAddress, ArchiveCursor, ArticlePublication,
            FarQueryContext, FarRequest, compile_far_query, open_archive,
        },
        model::StoredPassword,
        query,
    };

    use super::{articles::generate, copy::copy_articles};

    /// Number of hits of a page.
    const PAGE: usize = 50;

    /// Number of articles that a reader takes.
    const TAKEN: u64 = 100_000;

    /// Number of articles that are published to measure it, whatever the archive has.
    const PUBLISHED: u64 = 5_000;

    /// Filters to type key by key: words of all frequencies, several words, fields, dates, and words that nothing has.
    const TYPED: &[&str] = &[
        "w1 ",
        "w12 w3",
        "w250 ",
        "w4012",
        "w90417",
        "w399999",
        "w77 w1203",
        "title:w12",
        "title:w4012",
        "!w3 w77",
        "w12 or w9001",
        "(w9 or w10) w2044",
        "since:2026-01 w77",
        "before:2025-06 w4012",
        "nothing",
        "zzz",
        "w5 w6 w7 w8",
        "w30011 w2",
        "author:ann",
        "feed:x w77",
        "w123456",
        "w222222 w5",
        "w31 w32 w33",
        "w7777 or nothing",
        "w40 !w41",
        "on:2026-03 w12",
        "w150000",
        "w2 w3 w4 w150000",
        "is:unread w12",
        "url:example w9",
        "q",
        "wx",
        "w1000 w2000",
        "w65536",
        "w9 title:w100",
        "w800 or w801 or w802",
        "w11111 w22222",
        "between:2025-01..2025-03 w7",
        "w345 w543 w12",
        "w6543 !w1",
        "w271828 w31",
        "title:w31 w41",
        "w16 w17 w18 w19",
        "since:2026-06 w9001",
        "w6400",
        "\"w3 w4\"",
    ];

    pub(super) fn run() {
        let arguments: Vec<String> =
            std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
        let (is_copied, arguments) = match arguments.split_first() {
            Some((command, arguments)) if command == "copy" => (true, arguments),
            _ => (false, arguments.as_slice()),
        };
        let [address, count] = arguments else {
            println!("archive [copy] ADDRESS COUNT");
            return;
        };
        if is_copied {
            return copy_articles(address, count.parse().unwrap());
        }
        let address = ArchiveAddress::parse(address).unwrap();
        let password = std::env::var("PGPASSWORD").ok().map(StoredPassword::new);
        let mut archive = open_archive(&address, password.as_ref()).unwrap();
        let count = count.parse().unwrap();
        publish(&mut *archive, count, count);
        let further = newest_arrival(&mut *archive) + PUBLISHED;
        publish(&mut *archive, further, count);
        type_filters(&mut *archive);
        take_newest(&mut *archive);
    }

    /// Returns the number of the last arrival, which is that of the articles: none was edited.
    fn newest_arrival(archive: &mut dyn Archive) -> u64 {
        u64::try_from(archive.since(ArchiveCursor::Newest(0)).unwrap().cursor).unwrap()
    }

    /// Publishes articles up to a number, of an archive of `count`.
    fn publish(archive: &mut dyn Archive, until: u64, count: u64) {
        let first = newest_arrival(archive);
        let (mut began, mut stored) = (Duration::ZERO, 0_u64);
        for start in (first..until).step_by(ARTICLES_PER_REQUEST) {
            let end = until.min(start + ARTICLES_PER_REQUEST as u64);
            let articles = (start..end).map(|number| generate(number, count)).collect();
            let publication =
                ArticlePublication { reader: "bench".to_owned(), articles, fetched: Vec::new() };
            let from = Instant::now();
            archive.publish(&publication).unwrap();
            began += from.elapsed();
            stored += end - start;
        }
        if stored > 0 {
            let rate = stored as f64 / began.as_secs_f64();
            println!("published {stored} articles, {rate:.0} in a second");
        }
    }

    fn type_filters(archive: &mut dyn Archive) {
        let mut times = Vec::new();
        for round in 0..2 {
            for filter in TYPED {
                for (end, _) in filter.char_indices().skip(1).chain([(filter.len(), ' ')]) {
                    let took = find(archive, &filter[..end]);
                    // The first round fills the caches of the server.
                    if round > 0 {
                        times.push((took, &filter[..end]));
                    }
                }
            }
        }
        times.sort_unstable();
        let at = |share: usize| times[(times.len() - 1) * share / 100].0.as_secs_f64() * 1e3;
        println!(
            "{} filters: p50 {:.1} p90 {:.1} p99 {:.1} max {:.1} ms",
            times.len(),
            at(50),
            at(90),
            at(99),
            at(100)
        );
        for (took, filter) in times.iter().rev().take(8) {
            println!("  {:.1} ms {filter}", took.as_secs_f64() * 1e3);
        }
    }

    fn find(archive: &mut dyn Archive, filter: &str) -> Duration {
        let today = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
        let midnight = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
        let context = FarQueryContext { feeds: &[], tags: &[], day_start: &midnight };
        let condition = compile_far_query(&query::parse(filter, today), &context).condition;
        let request = FarRequest { condition, before: None, limit: PAGE, with_texts: false };
        let began = Instant::now();
        archive.find(&request).unwrap();
        began.elapsed()
    }

    fn take_newest(archive: &mut dyn Archive) {
        let (began, mut count, mut cursor) = (Instant::now(), 0, ArchiveCursor::Newest(TAKEN));
        let mut start = None;
        loop {
            let arrived = archive.since(cursor).unwrap();
            count += arrived.articles.len();
            cursor = ArchiveCursor::Joining(*start.get_or_insert(arrived.start), arrived.cursor);
            if !arrived.has_more {
                break;
            }
        }
        let memory =
            peak_memory().map_or_else(String::new, |kib| format!(", {} MiB at most", kib / 1024));
        println!("took {count} articles in {:.1} s{memory}", began.elapsed().as_secs_f64());
    }

    /// Returns the most memory that the process has had, in KiB, as Linux states it.
    fn peak_memory() -> Option<u64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }
}
