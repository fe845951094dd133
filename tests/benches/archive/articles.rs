//! Generated articles, each of which its number decides.

use std::fmt::Write as _;

use chrono::DateTime;
use newsreader::{
    archive::{ArchivedArticle, ArticleKey, PublishedArticle},
    model::{Attachments, BodyFormat, EntryBody, PublicationDate},
    query::FoldedText,
};

/// Number of different words.
const VOCABULARY_SIZE: u64 = 400_000;

/// Number of feeds that the articles belong to.
pub(super) const FEED_COUNT: u64 = 400;

/// Time of the first article, and of 24 months, in seconds.
pub(super) const FIRST_PUBLISHED: i64 = 1_727_740_800;
pub(super) const PERIOD: i64 = 24 * 30 * 86_400;

/// Returns an article of an archive of `count`.
pub(super) fn generate(number: u64, count: u64) -> PublishedArticle {
    let mut random = Random(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let title = words(&mut random, 9);
    let length = 120 + random.below(520);
    let text = words(&mut random, length);
    let seconds = FIRST_PUBLISHED
        + i64::try_from(number % count).unwrap() * PERIOD / i64::try_from(count).unwrap();
    let at = DateTime::from_timestamp(seconds, 0).unwrap();
    let link = format!("https://example.org/{number}");
    let folded = FoldedText::new(&title, "", &text, "", &link);
    let feed = number % FEED_COUNT;
    let article = ArchivedArticle {
        key: ArticleKey {
            feed: format!("https://example.org/{feed}/feed"),
            guid: number.to_string(),
        },
        feed_title: format!("Feed {feed}"),
        is_feed_private: false,
        title,
        author: None,
        link: Some(link),
        published: PublicationDate::Instant(at),
        categories: Vec::new(),
        attachments: Attachments::default(),
        body: EntryBody { format: BodyFormat::Plain, text },
    };
    PublishedArticle { article, text: folded }
}

/// Returns words by Zipf's law: the n-th is 1/n as frequent as the first.
fn words(random: &mut Random, count: u64) -> String {
    let mut text = String::new();
    for _ in 0..count {
        let share = random.below(1 << 30) as f64 / f64::from(1 << 30);
        let rank = (VOCABULARY_SIZE as f64).powf(share);
        write!(text, "w{rank:.0} ").unwrap();
    }
    text
}

struct Random(u64);

impl Random {
    /// Returns a number below `limit` (xorshift64).
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % limit
    }
}
