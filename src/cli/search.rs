//! `newsreader search` and `newsreader list`: what a filter finds, for people and for programs.

use std::fmt::Write;

use chrono::{Local, SecondsFormat};
use clap::{Args as ClapArgs, ValueEnum};
use serde::Serialize;

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    open_library::OpenLibrary, output,
};
use crate::{
    library::{clock::local_today, search_once},
    model::{
        CalendarUnit, Entry, EntryId, Feed, Histogram, HistogramBuckets, PublicationDate,
        SearchRequest, SearchResults, SortOrder, View, ViewScope,
    },
    query,
    store::ReadConnection,
    text::sanitize,
};

/// Articles read and printed at a time.
const ROWS_PER_WRITE: usize = 512;

/// What to look for, and what to print of it.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct SearchArgs {
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
    pub sort: SearchSort,

    /// Print how many there are instead of them.
    #[arg(long)]
    pub count: bool,

    /// Print how many there are of each day, week, month or year instead of them.
    #[arg(long, value_name = "UNIT")]
    pub histogram: Option<HistogramUnit>,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum SearchSort {
    /// The newest.
    #[default]
    Date,
    /// What fits the words best.
    Relevance,
}

/// What is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HistogramUnit {
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
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    search: &SearchArgs,
) -> anyhow::Result<ExitStatus> {
    print_results(&mut OpenLibrary::open(args, environment)?, search)
}

/// Prints what `search` finds in an open library.
pub fn print_results(library: &mut OpenLibrary, search: &SearchArgs) -> anyhow::Result<ExitStatus> {
    let summary = library.load_initial_articles()?;
    summary.failures.iter().for_each(|failure| output::write_stderr_line(&failure.summary));
    let reader = &ReadConnection::open(&library.location)?;
    let found = search.search(reader)?;
    if search.json {
        search.print_json(reader, &found)?;
    } else if search.count || search.histogram.is_some() {
        output::write_stdout(search.format_counts(&found).as_bytes())?;
    } else {
        let feeds = reader.list_feeds()?;
        for ids in search.limit_ids(&found).chunks(ROWS_PER_WRITE) {
            let rows = reader.load_entries(ids)?;
            output::write_stdout(
                rows.iter()
                    .map(|entry| format_entry_line(entry, &feeds))
                    .collect::<String>()
                    .as_bytes(),
            )?;
        }
    }
    Ok(ExitStatus::Success)
}

impl SearchArgs {
    fn search(&self, reader: &ReadConnection) -> anyhow::Result<SearchResults> {
        let filter = self.query.join(" ");
        check_filter(&filter)?;
        let order = match self.sort {
            SearchSort::Date => SortOrder::NewestFirst,
            SearchSort::Relevance => SortOrder::Relevance,
        };
        let view = View { scope: ViewScope::All, filter, order, ..View::default() };
        let columns = self
            .histogram
            .map_or_else(HistogramBuckets::default, |unit| HistogramBuckets::Unit(unit.into()));
        let found = search_once(
            reader,
            &SearchRequest { view, histogram_columns: columns, ..SearchRequest::default() },
        )?;
        if self.histogram.is_some() && !found.ids.is_empty() && found.summary.histogram.is_none() {
            anyhow::bail!(
                "these articles reach over too long a time to be counted so; --histogram year does"
            );
        }
        Ok(found)
    }

    /// The articles to print.
    fn limit_ids<'f>(&self, found: &'f SearchResults) -> &'f [EntryId] {
        &found.ids[..found.ids.len().min(self.limit.unwrap_or(usize::MAX))]
    }

    /// A line for the count, and one for each column.
    fn format_counts(&self, found: &SearchResults) -> String {
        let count = if self.count { format!("{}\n", found.ids.len()) } else { String::new() };
        let columns = histogram_columns(found.summary.histogram.as_ref());
        columns.iter().fold(count, |mut text, column| {
            writeln!(text, "{}\t{}", column.from, column.count)
                .expect("writing to a String cannot fail");
            text
        })
    }

    /// One object, written piece by piece: a million articles are not held in memory to be printed.
    fn print_json(&self, reader: &ReadConnection, found: &SearchResults) -> anyhow::Result<()> {
        let mut text = format!("{{\"count\":{}", found.ids.len());
        if self.histogram.is_some() {
            let columns =
                serde_json::to_string(&histogram_columns(found.summary.histogram.as_ref()))?;
            write!(text, ",\"histogram\":{columns}")?;
        }
        if !self.count && self.histogram.is_none() {
            text.push_str(",\"articles\":[");
            output::write_stdout(text.as_bytes())?;
            self.print_articles_json(reader, found)?;
            "]".clone_into(&mut text);
        }
        output::write_stdout((text + "}\n").as_bytes())
    }

    fn print_articles_json(
        &self,
        reader: &ReadConnection,
        found: &SearchResults,
    ) -> anyhow::Result<()> {
        let feeds = reader.list_feeds()?;
        let mut between = "\n";
        for ids in self.limit_ids(found).chunks(ROWS_PER_WRITE) {
            let mut text = String::new();
            for entry in reader.load_entries(ids)? {
                text.push_str(between);
                text.push_str(&serde_json::to_string(&ArticleJson::new(&entry, &feeds))?);
                between = ",\n";
            }
            output::write_stdout(text.as_bytes())?;
        }
        Ok(())
    }
}

/// Refuses a filter of which a part would not be used.
fn check_filter(filter: &str) -> anyhow::Result<()> {
    match query::parse(filter, local_today()).diagnostic {
        Some(complaint) => anyhow::bail!("“{}”: {}", &filter[complaint.span], complaint.expected),
        None => Ok(()),
    }
}

/// Number, date, source, title, parted by tabs: what `cut` and `awk` expect.
fn format_entry_line(entry: &Entry, feeds: &[Feed]) -> String {
    let day = entry.published.day_in(&Local);
    let (source, title) =
        (sanitize::to_line(feed_name(entry, feeds)), sanitize::to_line(&entry.title));
    format!("{}\t{day}\t{source}\t{title}\n", entry.id)
}

fn feed_name<'f>(entry: &Entry, feeds: &'f [Feed]) -> &'f str {
    feeds.iter().find(|feed| feed.id == entry.feed).map_or("", |feed| feed.display_name())
}

/// An article, for programs.
#[derive(Serialize)]
struct ArticleJson<'a> {
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

impl ArticleJson<'_> {
    fn new<'a>(entry: &'a Entry, feeds: &'a [Feed]) -> ArticleJson<'a> {
        ArticleJson {
            id: entry.id.0,
            published: match entry.published {
                PublicationDate::Day(day) => day.to_string(),
                PublicationDate::Instant(at) => at.to_rfc3339_opts(SecondsFormat::Secs, true),
            },
            feed: feed_name(entry, feeds),
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
struct HistogramColumnJson {
    /// Its first day.
    from: String,
    count: u32,
}

fn histogram_columns(histogram: Option<&Histogram>) -> Vec<HistogramColumnJson> {
    let Some(histogram) = histogram else { return Vec::new() };
    let columns = histogram.bounds.iter().zip(&histogram.counts);
    columns
        .map(|(from, count)| HistogramColumnJson { from: from.to_string(), count: *count })
        .collect()
}

impl From<HistogramUnit> for CalendarUnit {
    fn from(unit: HistogramUnit) -> CalendarUnit {
        match unit {
            HistogramUnit::Day => CalendarUnit::Day,
            HistogramUnit::Week => CalendarUnit::Week,
            HistogramUnit::Month => CalendarUnit::Month,
            HistogramUnit::Year => CalendarUnit::Year,
        }
    }
}
