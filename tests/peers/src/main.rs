//! Filters typed into the reader and into its peers, over the same articles.
//!
//! Every key asks each for three things: the newest fifty, how many there are, and how they spread over days. The last
//! word is the beginning of one, as while it is being typed. The peers index what the reader indexes, in folders beside
//! its library, made when they are missing. What is printed are milliseconds per key: median, 90, 99 % and the most.

#[path = "../../benches/asking.rs"]
mod asking;
mod fts5;
mod tantivy_peer;

use std::{path::PathBuf, time::Instant};

use asking::{Asking, Times};
use newsreader::{
    model::{Scope, View},
    store::{Location, Reader},
    text::fold,
};

/// What is typed: words, from the most frequent ones to those that are nowhere.
const TYPED: [&str; 24] = [
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

/// A program that answers filters.
pub trait Peer {
    /// What it is called.
    fn name(&self) -> &'static str;
    /// The newest fifty, how many, and how many of each day; only their number is looked at.
    fn ask(&self, words: &[&str]) -> u64;
}

/// An article as the peers get it; they come in the order of their dates.
pub struct Article {
    /// Its day, since 1970.
    pub day: i64,
    /// Its words, folded as the reader does.
    pub text: String,
}

fn main() {
    let Some(folder) = std::env::args().nth(1).map(PathBuf::from) else {
        println!("newsreader-peers FOLDER");
        return;
    };
    let location = Location::Folder(folder.clone());
    let reader = Reader::open(&location).expect("the library can be read");
    let peers: [Box<dyn Peer>; 2] = [
        Box::new(fts5::Fts5::open(&folder.join("fts5.db"), &|each| articles(&reader, each))),
        Box::new(tantivy_peer::Tantivy::open(&folder.join("tantivy"), &|each| articles(&reader, each))),
    ];
    let mut asking = Asking::new(&location);
    println!("{} articles, {} filters", asking.stored, TYPED.len());
    for round in ["cold", "warm"] {
        for peer in &peers {
            let mut times = Times::default();
            for typed in TYPED.iter().flat_map(|filter| beginnings(filter)) {
                let words: Vec<&str> = typed.split_whitespace().collect();
                let began = Instant::now();
                std::hint::black_box(peer.ask(&words));
                times.add(typed, (began.elapsed(), began.elapsed()));
            }
            times.print(&format!("{}, {round}", peer.name()));
        }
        let typed: Vec<String> = TYPED.iter().map(|filter| (*filter).to_owned()).collect();
        asking.measure(&format!("newsreader, {round}"), &typed);
    }
}

/// Gives all articles, the oldest first.
pub type Articles<'a> = &'a dyn Fn(&mut dyn FnMut(Article));

fn articles(reader: &Reader, each: &mut dyn FnMut(Article)) {
    let view = View { scope: Scope::Everything, ..View::default() };
    let mut ids = reader.ids(&view, 0, &[], usize::MAX).expect("the articles can be listed");
    ids.reverse();
    let read = reader.each_stored(&ids, |stored| {
        let day = stored.published.instant().timestamp().div_euclid(86_400);
        each(Article { day, text: fold(&stored.title) + &fold(&stored.body.text) });
    });
    read.expect("the articles can be read");
}

fn beginnings(filter: &'static str) -> impl Iterator<Item = &'static str> {
    filter.char_indices().map(move |(at, c)| &filter[..at + c.len_utf8()])
}
