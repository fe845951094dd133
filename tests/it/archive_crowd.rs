//! Ten readers that publish, read, mark and lease at the same time, on PostgreSQL. Run with `--ignored` and the variables that
//! `tests/servers/postgres.sh` prints; `ARCHIVE_ROUNDS` is the number of publications of each reader, 10 without it.

use std::collections::BTreeMap;

use newsreader::archive::{
    Archive, ArchiveCursor, ArchiveReport, ArchiveRequest, ArchivedMark, ArticleKey,
    ArticlePublication, FarCondition, FarRequest, FetchedFeed, LeaseRequest, MarkChange,
    PublishedArticle,
};

use crate::{
    archive::{ArchiveGround, article},
    archive_postgres::PostgresGround,
};

/// Number of readers at work.
const READERS: i64 = 10;

/// Number of articles in each publication, half of which others publish as well.
const ARTICLES: i64 = 20;

/// A reader of the crowd, with what it has been told.
struct CrowdReader {
    number: i64,
    archive: Box<dyn Archive>,
    cursor: i64,
    mark_cursor: i64,
    titles: BTreeMap<ArticleKey, String>,
    marks: BTreeMap<(ArticleKey, ArchivedMark), bool>,
}

impl CrowdReader {
    fn new(ground: &PostgresGround, number: i64) -> CrowdReader {
        let archive = ground.connect(if number % 2 == 0 { "ann" } else { "bob" });
        let (titles, marks) = (BTreeMap::new(), BTreeMap::new());
        CrowdReader { number, archive, cursor: 0, mark_cursor: 0, titles, marks }
    }

    /// Does what a refresh does, and a search.
    fn run_round(&mut self, round: i64) {
        let feeds = ["https://common.example/feed".to_owned(), own_feed(self.number)];
        let reader = self.number.to_string();
        let request = LeaseRequest { reader: reader.clone(), feeds: feeds.to_vec(), seconds: 600 };
        let leased = self.archive.lease(&request).unwrap();
        self.follow();
        let articles = list_articles(self.number, round);
        let marked = articles[0].article.key.clone();
        let title = String::new();
        let fetched = leased.into_iter().map(|url| FetchedFeed {
            url,
            title: title.clone(),
            next_fetch_seconds: 0,
        });
        let publication = ArticlePublication { reader, articles, fetched: fetched.collect() };
        self.archive.publish(&publication).unwrap();
        let mark = ArchivedMark::Tag(format!("team:{}", round % 3));
        let changes = [(ArchivedMark::Read, true), (mark, round % 2 == 0)];
        self.exchange(&changes.map(|(mark, wanted)| MarkChange {
            article: marked.clone(),
            mark,
            wanted,
        }));
        let condition = FarCondition::Word { word: "bridge".to_owned(), is_prefix: true };
        let request = FarRequest { condition, before: None, limit: 50, with_texts: true };
        assert!(!self.archive.find(&request).unwrap().hits.is_empty());
    }

    /// Takes everything that has arrived.
    fn follow(&mut self) {
        loop {
            let arrived = self.archive.since(ArchiveCursor::After(self.cursor)).unwrap();
            self.cursor = arrived.cursor;
            let arrived_articles = arrived.articles.into_iter();
            self.titles.extend(arrived_articles.map(|article| (article.key, article.title)));
            if !arrived.has_more {
                return;
            }
        }
    }

    fn exchange(&mut self, changes: &[MarkChange]) {
        let mut changes = changes;
        loop {
            let exchange = self.archive.states(self.mark_cursor, changes).unwrap();
            (self.mark_cursor, changes) = (exchange.cursor, &[]);
            let received = exchange.changes.into_iter();
            self.marks.extend(received.map(|mark| ((mark.article, mark.mark), mark.wanted)));
            if !exchange.has_more {
                return;
            }
        }
    }
}

fn own_feed(reader: i64) -> String {
    format!("https://own{reader}.example/feed")
}

/// Returns what a reader publishes in a round: articles that all have, of which some were edited, and some of its own.
fn list_articles(reader: i64, round: i64) -> Vec<PublishedArticle> {
    let own = format!("own{reader}");
    (0..ARTICLES)
        .map(|at| {
            let number = round * ARTICLES + at;
            if at % 2 == 1 {
                return article(&own, number, &format!("Own {number}"), "a bridge of one's own");
            }
            // Two versions, by turns: what comes last is what all have in the end.
            let version = (round + reader + at / 2) % 2;
            article("common", number, &format!("Common {number}, {version}"), "the same bridge")
        })
        .collect()
}

#[test]
#[ignore = "needs PostgreSQL"]
fn ten_readers_at_once_end_with_the_same_articles() {
    let Some(ground) = PostgresGround::new() else { return };
    let rounds: i64 =
        std::env::var("ARCHIVE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(10);
    let mut readers: Vec<CrowdReader> =
        (0..READERS).map(|number| CrowdReader::new(&ground, number)).collect();
    std::thread::scope(|scope| {
        for reader in &mut readers {
            scope.spawn(move || (0..rounds).for_each(|round| reader.run_round(round)));
        }
    });
    for reader in &mut readers {
        reader.follow();
        reader.exchange(&[]);
    }
    let count = rounds * ARTICLES / 2 * (READERS + 1);
    let count = usize::try_from(count).unwrap();
    for (reader, other) in readers.iter().zip(readers.iter().skip(2)) {
        assert_eq!(reader.titles.len(), count);
        assert!(reader.titles == other.titles, "{} and {}", reader.number, other.number);
        assert!(reader.marks == other.marks, "marks of one user, and those that all share");
    }
    let Ok(ArchiveReport::Verified(verified)) = ground.administer(&ArchiveRequest::Verify) else {
        panic!("the archive can be read")
    };
    assert_eq!((verified.articles, verified.is_whole()), (count as u64, true), "{verified:?}");
}
