//! Compares the response times of typed filters in the reader and in other search engines, over
//! the same articles.
//!
//! Every key runs one search in each engine for the newest fifty articles, their number and their
//! distribution over days. The last word is a prefix, as while it is being typed. The peers index
//! the same texts as the reader, in folders beside its library, which are written when they are
//! missing. Times are printed in milliseconds per key: median, 90th and 99th percentile, maximum.

mod fts5;
#[path = "../../benches/search_driver.rs"]
mod search_driver;
mod tantivy_peer;

use std::{path::PathBuf, time::Instant};

use newsreader::{
    model::{KeptEntries, ListDefinition, ViewScope},
    store::{LibraryLocation, ReadConnection},
    text::fold,
};
use search_driver::{SearchDriver, SearchTimes, Timings};

/// Filters to type: words from the most frequent ones to those that no article has.
const FILTERS: [&str; 24] = [
    "the",
    "of",
    "in",
    "company",
    "government",
    "climate",
    "climate change",
    "prime minister",
    "new york",
    "rust kernel",
    "election news",
    "people world",
    "linux",
    "q",
    "zzz",
    "the people",
    "in the news",
    "stagra",
    "contermo",
    "minister of the government",
    "world time",
    "change",
    "york company",
    "a",
];

/// A search engine to compare with.
pub trait Peer {
    /// The name of the engine.
    fn name(&self) -> &'static str;
    /// Searches for the newest fifty articles, their number and the number per day, and returns the
    /// number of hits.
    fn search(&self, words: &[&str]) -> u64;
}

/// An article to index; the peers receive them in the order of their dates.
pub struct Article {
    /// Publication day, in days since 1970.
    pub day: i64,
    /// Title and text, folded as in the reader's own index.
    pub text: String,
}

fn main() {
    let Some(folder) = std::env::args().nth(1).map(PathBuf::from) else {
        println!("newsreader-peers FOLDER");
        return;
    };
    let location = LibraryLocation::Folder(folder.clone());
    let reader = ReadConnection::open(&location).expect("the library can be read");
    let peers: [Box<dyn Peer>; 2] = [
        Box::new(fts5::Fts5Index::open(&folder.join("fts5.db"), &|visit| {
            visit_articles(&reader, visit)
        })),
        Box::new(tantivy_peer::TantivyIndex::open(&folder.join("tantivy"), &|visit| {
            visit_articles(&reader, visit)
        })),
    ];
    let mut driver = SearchDriver::start(&location);
    println!("{} articles, {} filters", driver.stored_count, FILTERS.len());
    for round in ["cold", "warm"] {
        for peer in &peers {
            let mut timings = Timings::default();
            for typed in FILTERS.iter().flat_map(|filter| prefixes(filter)) {
                let words: Vec<&str> = typed.split_whitespace().collect();
                let start = Instant::now();
                std::hint::black_box(peer.search(&words));
                let elapsed = start.elapsed();
                timings.add(typed, SearchTimes { first_rows: elapsed, complete: elapsed });
            }
            timings.print(&format!("{}, {round}", peer.name()));
        }
        let filters: Vec<String> = FILTERS.iter().map(|filter| (*filter).to_owned()).collect();
        driver.measure(&format!("newsreader, {round}"), &filters);
    }
}

/// Calls its argument with each article, oldest first.
pub type ArticleVisitor<'a> = &'a dyn Fn(&mut dyn FnMut(Article));

fn visit_articles(reader: &ReadConnection, visit: &mut dyn FnMut(Article)) {
    let list = ListDefinition { scope: ViewScope::All, ..ListDefinition::default() };
    let mut ids = reader
        .list_entry_ids(&list, 0, &KeptEntries::default(), usize::MAX)
        .expect("the articles can be listed");
    ids.reverse();
    let read = reader.for_each_full_entry(&ids, |stored| {
        let day = stored.published.instant().timestamp().div_euclid(86_400);
        visit(Article { day, text: fold(&stored.title) + &fold(&stored.body.text) });
    });
    read.expect("the articles can be read");
}

fn prefixes(filter: &'static str) -> impl Iterator<Item = &'static str> {
    filter.char_indices().map(move |(at, c)| &filter[..at + c.len_utf8()])
}
