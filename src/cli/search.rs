//! `newsreader search` and `newsreader list`: print the articles that match a filter.

use std::fmt::Write;

use clap::{Args as ClapArgs, ValueEnum};
use serde::Serialize;

use super::{
    absent_texts::report_absent_texts,
    article_rows::{ROWS_PER_WRITE, feed_of, format_entry_line, print_article_array},
    damaged_feeds::report_damaged_feeds,
    environment::Environment,
    exit_status::ExitStatus,
    global_args::GlobalArgs,
    json_version::JSON_VERSION,
    number::parse_number,
    open_library::OpenLibrary,
    output,
    query_args::QueryArgs,
    row_slots::fill_row_template,
};
use crate::{
    library::search_once,
    model::{
        CalendarUnit, Entry, EntryId, Feed, Histogram, HistogramBuckets, ListDefinition,
        SearchRequest, SearchResults, SortOrder, ViewScope,
    },
    store::ReadConnection,
    text::{RowTemplate, count_noun},
};

/// The arguments of `newsreader search`.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct SearchArgs {
    /// The query.
    #[command(flatten)]
    pub query: QueryArgs,

    /// The view to search, for `list` and `count`.
    #[arg(skip)]
    pub view: Option<String>,

    /// The form of each article, for `list`.
    #[arg(skip)]
    pub template: Option<RowTemplate>,

    /// Print JSON.
    #[arg(skip)]
    pub json: bool,

    /// Print at most N articles.
    #[arg(long, value_name = "N", value_parser = parse_number::<usize>)]
    pub limit: Option<usize>,

    /// Sort order: date (newest first), oldest, feed, title or relevance (best matches first).
    #[arg(long, value_name = "ORDER", default_value = "date", hide_possible_values = true)]
    pub sort: SearchSort,

    /// Print only the number of articles.
    #[arg(long)]
    pub count: bool,

    /// Print only the number of articles per day, week, month or year.
    #[arg(long, value_name = "UNIT", hide_possible_values = true)]
    pub histogram: Option<HistogramUnit>,
}

/// The order of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum SearchSort {
    /// Newest first.
    #[default]
    Date,
    /// Oldest first.
    Oldest,
    /// By feed.
    Feed,
    /// By title.
    Title,
    /// Best matches first.
    Relevance,
    /// By the weights that rules have given, the heaviest first.
    Weight,
}

impl From<SearchSort> for SortOrder {
    fn from(sort: SearchSort) -> SortOrder {
        match sort {
            SearchSort::Date => SortOrder::NewestFirst,
            SearchSort::Oldest => SortOrder::OldestFirst,
            SearchSort::Feed => SortOrder::Feed,
            SearchSort::Title => SortOrder::Title,
            SearchSort::Relevance => SortOrder::Relevance,
            SearchSort::Weight => SortOrder::Weight,
        }
    }
}

/// The unit of time of a histogram column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HistogramUnit {
    /// One day.
    Day,
    /// One week, from Monday.
    Week,
    /// One month.
    Month,
    /// One year.
    Year,
}

impl HistogramUnit {
    /// Returns the length of the part of a date that names a column: `2026`, `2026-01` or
    /// `2026-01-28`.
    fn date_len(self) -> usize {
        match self {
            HistogramUnit::Day | HistogramUnit::Week => "2026-01-28".len(),
            HistogramUnit::Month => "2026-01".len(),
            HistogramUnit::Year => "2026".len(),
        }
    }
}

/// Searches the library and prints the result.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    search: &SearchArgs,
) -> anyhow::Result<ExitStatus> {
    // A mistake in the query is reported whatever the state of the library is.
    search.query.to_filter()?;
    let search = SearchArgs { json: args.json, ..search.clone() };
    print_results(&mut OpenLibrary::open_readable(args, environment)?, &search)
}

/// Searches an open library and prints the result.
pub fn print_results(library: &mut OpenLibrary, search: &SearchArgs) -> anyhow::Result<ExitStatus> {
    let summary = library.load_initial_articles()?;
    let problems = summary.failures.iter().chain(&summary.warnings);
    problems.for_each(|failure| output::write_stderr_line(&failure.summary));
    let reader = &ReadConnection::open(&library.location)?;
    let (filter, view) = search.query.to_filter_in(reader, search.view.as_deref())?;
    let is_filtered = !filter.is_empty();
    let order = view.map_or_else(|| search.sort.into(), |view| view.order);
    let found = search.search(reader, filter.clone(), order)?;
    let mut missing_rows = 0;
    if search.json {
        missing_rows = search.print_json(reader, &found)?;
    } else if search.count || search.histogram.is_some() {
        output::write_stdout(search.format_counts(&found).as_bytes())?;
    } else {
        let feeds = reader.list_feeds()?;
        for ids in search.limit_ids(&found).chunks(ROWS_PER_WRITE) {
            let rows = reader.load_entries(ids)?;
            missing_rows += ids.len() - rows.len();
            let lines: String = rows.iter().map(|entry| search.format_row(entry, &feeds)).collect();
            output::write_stdout(lines.as_bytes())?;
        }
    }
    let has_all_texts = report_absent_texts(reader, &filter)?;
    let unlisted = if is_filtered { 0 } else { count_unlisted(reader, &found)? };
    let is_whole = report_missing(&found, missing_rows, unlisted);
    // Damaged letters of a name are shown as they are. A filter for the name does not find them.
    let damaged_feeds =
        if is_filtered { reader.count_damaged_feeds()? } else { reader.count_missing_feeds()? };
    let has_all_feeds = report_damaged_feeds(damaged_feeds) == ExitStatus::Success;
    let is_whole = is_whole && has_all_feeds && has_all_texts && summary.failures.is_empty();
    Ok(if is_whole { ExitStatus::Success } else { ExitStatus::Failed })
}

/// Returns the number of articles that are missing in the list of all articles: a damaged page of a
/// database index leaves them out without an error.
fn count_unlisted(reader: &ReadConnection, found: &SearchResults) -> anyhow::Result<usize> {
    let listed = found.ids.len();
    if listed as u64 == found.stored_count {
        return Ok(0);
    }
    let hidden = reader.count_searchable_entries()?.saturating_sub(reader.count_entries()?);
    let hidden = usize::try_from(hidden).unwrap_or(usize::MAX);
    Ok(reader.list_subscribed_entry_ids()?.len().saturating_sub(listed).saturating_sub(hidden))
}

/// Says on standard error what is missing in the results because it is damaged; returns false if
/// something is.
pub fn report_missing(found: &SearchResults, missing_rows: usize, unlisted: usize) -> bool {
    let unsearched = found.summary.unreadable_count;
    let mut is_whole = true;
    for (count, consequence) in [
        (unsearched, "damaged and not searched"),
        (missing_rows, "damaged and not printed"),
        (unlisted, "missing in the list, which is damaged"),
    ] {
        if count > 0 {
            is_whole = false;
            let (articles, verb) =
                (count_noun(count, "article"), if count == 1 { "is" } else { "are" });
            output::write_stderr_line(&format!(
                "newsreader: {articles} {verb} {consequence}; `newsreader doctor` says more"
            ));
        }
    }
    is_whole
}

impl SearchArgs {
    fn search(
        &self,
        reader: &ReadConnection,
        filter: String,
        order: SortOrder,
    ) -> anyhow::Result<SearchResults> {
        let list =
            ListDefinition { scope: ViewScope::All, filter, order, ..ListDefinition::default() };
        let columns = self
            .histogram
            .map_or_else(HistogramBuckets::default, |unit| HistogramBuckets::Unit(unit.into()));
        let found = search_once(
            reader,
            &SearchRequest { list, histogram_columns: columns, ..SearchRequest::default() },
        )?;
        if self.histogram.is_some() && !found.ids.is_empty() && found.summary.histogram.is_none() {
            anyhow::bail!(
                "the articles span too much time for this unit; \
                 use a longer one, such as --histogram year"
            );
        }
        Ok(found)
    }

    /// Formats a row in the form that was asked for.
    fn format_row(&self, entry: &Entry, feeds: &[Feed]) -> String {
        match &self.template {
            Some(template) => fill_row_template(template, entry, feed_of(entry, feeds)),
            None => format_entry_line(entry, feeds),
        }
    }

    /// Returns the articles to print: at most `limit`.
    fn limit_ids<'f>(&self, found: &'f SearchResults) -> &'f [EntryId] {
        &found.ids[..found.ids.len().min(self.limit.unwrap_or(usize::MAX))]
    }

    /// Formats the count and the histogram: one line each for the count and for every column.
    fn format_counts(&self, found: &SearchResults) -> String {
        let count = if self.count { format!("{}\n", found.ids.len()) } else { String::new() };
        let columns = histogram_columns(found.summary.histogram.as_ref());
        let date_len = self.histogram.map_or(usize::MAX, HistogramUnit::date_len);
        columns.iter().fold(count, |mut text, column| {
            let from = column.from.get(..date_len).unwrap_or(&column.from);
            writeln!(text, "{from}\t{}", column.count).expect("writing to a String cannot fail");
            text
        })
    }

    /// Prints one JSON object. It is written in parts, so that a million articles need not be in
    /// memory at once.
    /// Returns the number of rows that could not be read.
    fn print_json(&self, reader: &ReadConnection, found: &SearchResults) -> anyhow::Result<usize> {
        let mut missing = 0;
        let mut text = format!("{{\"version\":{JSON_VERSION},\"count\":{}", found.ids.len());
        if self.histogram.is_some() {
            let columns = output::to_json(&histogram_columns(found.summary.histogram.as_ref()))?;
            write!(text, ",\"histogram\":{columns}")?;
        }
        if !self.count && self.histogram.is_none() {
            text.push_str(",\"articles\":[");
            output::write_stdout(text.as_bytes())?;
            missing = print_article_array(reader, self.limit_ids(found))?;
            "]".clone_into(&mut text);
        }
        output::write_stdout((text + "}\n").as_bytes())?;
        Ok(missing)
    }
}

/// A column of the histogram as JSON.
#[derive(Serialize)]
struct HistogramColumnJson {
    /// The first day of the column.
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
