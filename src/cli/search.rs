//! `newsreader search` and `newsreader list`: what a filter finds, for people and for programs.

use std::fmt::Write;

use chrono::{Local, SecondsFormat};
use clap::{Args as ClapArgs, ValueEnum};
use serde::Serialize;

use super::{Args, Environment, Exit, library::Library, output};
use crate::{
    app::{Listing, Question},
    model::{CalendarUnit, Columns, Entry, EntryId, Feed, Histogram, Order, Scope, Stamp, View},
    query,
    runtime::answer,
    store::Reader,
    text::clean,
};

/// Articles read and printed at a time.
const PAGE: usize = 512;

/// What to look for, and what to print of it.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct Search {
    /// A filter, as in the reader; what begins with “-” goes into quotes with the rest: 'rust -game'.
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,

    /// Print JSON, for programs.
    #[arg(long)]
    pub json: bool,

    /// So many articles at the most.
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,

    /// What comes first: the newest, or what fits best.
    #[arg(long, value_name = "ORDER", default_value = "date")]
    pub sort: Sort,

    /// Print how many there are instead of them.
    #[arg(long)]
    pub count: bool,

    /// Print how many there are of each day, week, month or year instead of them.
    #[arg(long, value_name = "UNIT")]
    pub histogram: Option<Unit>,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Sort {
    /// The newest.
    #[default]
    Date,
    /// What fits the words best.
    Relevance,
}

/// What is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Unit {
    /// Days.
    Day,
    /// Weeks, from Monday.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// Searches the library, and prints what was asked for.
pub fn run(args: &Args, environment: &Environment, search: &Search) -> anyhow::Result<Exit> {
    print(&mut Library::open(args, environment)?, search)
}

/// Prints what `search` finds in an open library.
pub fn print(library: &mut Library, search: &Search) -> anyhow::Result<Exit> {
    let summary = library.fill()?;
    summary.failures.iter().for_each(|failure| output::note(&failure.summary));
    let reader = &Reader::open(&library.location)?;
    let found = search.found(reader)?;
    if search.json {
        search.as_json(reader, &found)?;
    } else if search.count || search.histogram.is_some() {
        output::write(search.figures(&found).as_bytes())?;
    } else {
        let feeds = reader.feeds()?;
        for ids in search.shown(&found).chunks(PAGE) {
            let rows = reader.rows(ids)?;
            output::write(rows.iter().map(|entry| line(entry, &feeds)).collect::<String>().as_bytes())?;
        }
    }
    Ok(Exit::Done)
}

impl Search {
    fn found(&self, reader: &Reader) -> anyhow::Result<Listing> {
        let filter = self.query.join(" ");
        understood(&filter)?;
        let order = match self.sort {
            Sort::Date => Order::Newest,
            Sort::Relevance => Order::Best,
        };
        let view = View { scope: Scope::Everything, filter, order, ..View::default() };
        let columns = self.histogram.map_or_else(Columns::default, |unit| Columns::Of(unit.into()));
        let found = answer(reader, &Question { view, columns, ..Question::default() })?;
        if self.histogram.is_some() && !found.ids.is_empty() && found.overview.histogram.is_none() {
            anyhow::bail!(
                "these articles reach over too long a time to be counted so; --histogram year does"
            );
        }
        Ok(found)
    }

    /// The articles to print.
    fn shown<'f>(&self, found: &'f Listing) -> &'f [EntryId] {
        &found.ids[..found.ids.len().min(self.limit.unwrap_or(usize::MAX))]
    }

    /// A line for the count, and one for each column.
    fn figures(&self, found: &Listing) -> String {
        let count = if self.count { format!("{}\n", found.ids.len()) } else { String::new() };
        let columns = columns(found.overview.histogram.as_ref());
        columns.iter().fold(count, |mut text, column| {
            writeln!(text, "{}\t{}", column.from, column.count).expect("writing to a String cannot fail");
            text
        })
    }

    /// One object, written piece by piece: a million articles are not held in memory to be printed.
    fn as_json(&self, reader: &Reader, found: &Listing) -> anyhow::Result<()> {
        let mut text = format!("{{\"count\":{}", found.ids.len());
        if self.histogram.is_some() {
            let columns = serde_json::to_string(&columns(found.overview.histogram.as_ref()))?;
            write!(text, ",\"histogram\":{columns}")?;
        }
        if !self.count && self.histogram.is_none() {
            text.push_str(",\"articles\":[");
            output::write(text.as_bytes())?;
            self.articles_as_json(reader, found)?;
            "]".clone_into(&mut text);
        }
        output::write((text + "}\n").as_bytes())
    }

    fn articles_as_json(&self, reader: &Reader, found: &Listing) -> anyhow::Result<()> {
        let feeds = reader.feeds()?;
        let mut between = "\n";
        for ids in self.shown(found).chunks(PAGE) {
            let mut text = String::new();
            for entry in reader.rows(ids)? {
                text.push_str(between);
                text.push_str(&serde_json::to_string(&Article::of(&entry, &feeds))?);
                between = ",\n";
            }
            output::write(text.as_bytes())?;
        }
        Ok(())
    }
}

/// Refuses a filter of which a part would not be used.
#[expect(clippy::disallowed_methods, reason = "time enters the program in the command line")]
fn understood(filter: &str) -> anyhow::Result<()> {
    match query::parse(filter, Local::now().date_naive()).complaint {
        Some(complaint) => anyhow::bail!("“{}”: {}", &filter[complaint.span], complaint.expected),
        None => Ok(()),
    }
}

/// Number, date, source, title, parted by tabs: what `cut` and `awk` expect.
fn line(entry: &Entry, feeds: &[Feed]) -> String {
    let day = entry.published.day(&Local);
    let (source, title) = (clean::line(source(entry, feeds)), clean::line(&entry.title));
    format!("{}\t{day}\t{source}\t{title}\n", entry.id)
}

fn source<'f>(entry: &Entry, feeds: &'f [Feed]) -> &'f str {
    feeds.iter().find(|feed| feed.id == entry.feed).map_or("", |feed| feed.name())
}

/// An article, for programs.
#[derive(Serialize)]
struct Article<'a> {
    id: i64,
    /// A day, or an instant (RFC 3339) where that is known.
    published: String,
    feed: &'a str,
    title: &'a str,
    author: Option<&'a str>,
    link: Option<&'a str>,
    read: bool,
    starred: bool,
}

impl Article<'_> {
    fn of<'a>(entry: &'a Entry, feeds: &'a [Feed]) -> Article<'a> {
        Article {
            id: entry.id.0,
            published: match entry.published {
                Stamp::Day(day) => day.to_string(),
                Stamp::Instant(at) => at.to_rfc3339_opts(SecondsFormat::Secs, true),
            },
            feed: source(entry, feeds),
            title: &entry.title,
            author: entry.author.as_deref(),
            link: entry.link.as_deref(),
            read: entry.state.read,
            starred: entry.state.starred,
        }
    }
}

/// A column of the histogram.
#[derive(Serialize)]
struct Column {
    /// Its first day.
    from: String,
    count: u32,
}

fn columns(histogram: Option<&Histogram>) -> Vec<Column> {
    let Some(histogram) = histogram else { return Vec::new() };
    let columns = histogram.bounds.iter().zip(&histogram.counts);
    columns.map(|(from, count)| Column { from: from.to_string(), count: *count }).collect()
}

impl From<Unit> for CalendarUnit {
    fn from(unit: Unit) -> CalendarUnit {
        match unit {
            Unit::Day => CalendarUnit::Day,
            Unit::Week => CalendarUnit::Week,
            Unit::Month => CalendarUnit::Month,
            Unit::Year => CalendarUnit::Year,
        }
    }
}
