//! Measures what 50 rules cost for each article that arrives: `cargo bench --bench rules`. The target
//! is 0.1 ms for an article of 2.3 KB.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use chrono::NaiveDate;
use divan::{Bencher, black_box};
use newsreader::{
    library::{ArrivingEntry, RuleSet, clock::local_now},
    model::{Attachments, BodyFormat, EntryBody, NewEntry, PublicationDate, Rule, RuleActions},
    query::FeedNames,
};

/// Queries of rules; a number makes each different.
const QUERIES: [&str; 10] = [
    "zeppelin{n}",
    "title:sponsored{n}",
    "feed:harbour{n} strike",
    "(ferry{n} or bridge{n}) repair",
    "\"night train{n}\" -sport",
    "author:weil{n}",
    "tag:advert{n} has:image",
    "body:government{n} lang:en",
    "words:>{n}000 minister",
    "re:off(er|ers){n}",
];

fn main() {
    divan::main();
}

/// Returns an article of about 2.3 KB.
fn article() -> NewEntry {
    let paragraph = "<p>The minister said that the repair of the old bridge would take until spring, \
        and that the ferry sails every hour; trains stop at night, and the harbour stays open.</p>";
    NewEntry {
        guid: "1".to_owned(),
        digest: 1,
        title: "The bridge is closed until spring".to_owned(),
        link: Some("https://post.example/1".to_owned()),
        author: Some("Anna Weil".to_owned()),
        published: PublicationDate::Day(NaiveDate::default()),
        tags: vec!["traffic".to_owned()],
        body: EntryBody { format: BodyFormat::Html, text: paragraph.repeat(14) },
        attachments: Attachments::default(),
        page_article: None,
    }
}

#[divan::bench(args = [0, 1, 50, 500])]
fn match_arriving_article(bencher: Bencher<'_, '_>, rule_count: usize) {
    let rules: Vec<Rule> = (0..rule_count)
        .map(|n| Rule {
            name: n.to_string(),
            query: QUERIES[n % QUERIES.len()].replace("{n}", &(n / 10).to_string()),
            off: false,
            actions: RuleActions { star: true, ..RuleActions::default() },
        })
        .collect();
    let (rules, entry) = (RuleSet::compile(&rules, local_now()), article());
    let feed = FeedNames::new("Evening Post", Some("News"), &[]);
    bencher.bench_local(|| {
        let arriving =
            ArrivingEntry { entry: &entry, feed: &feed, is_muted: false, is_edited: false };
        rules.match_arrival(black_box(arriving))
    });
}
