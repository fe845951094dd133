//! `newsreader count`: prints the number of articles that match a query, once or at every change.

use std::time::Duration;

use clap::Args as ClapArgs;

use super::{
    absent_texts::report_absent_texts, closed_pipe::wait_for_closed_pipe, environment::Environment,
    exit_status::ExitStatus, global_args::GlobalArgs, json_version::JSON_VERSION,
    open_library::OpenLibrary, output, query_args::QueryArgs, search, search::SearchArgs,
};
use crate::{
    library::{clock::local_today, search_once},
    model::{ListDefinition, SearchRequest, ViewScope},
    store::ReadConnection,
};

/// Time between two looks at the library: a change is seen within a second.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// The arguments of `newsreader count`.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct CountArgs {
    /// The query.
    #[command(flatten)]
    pub query: QueryArgs,

    /// Count the articles of this view; a query narrows it.
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,

    /// Keep running, and print a line whenever the number changes.
    #[arg(long)]
    pub follow: bool,
}

/// Prints the number of articles that match the query.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    count: &CountArgs,
) -> anyhow::Result<ExitStatus> {
    let CountArgs { query, view, .. } = count.clone();
    if !count.follow {
        let search = SearchArgs { query, view, count: true, ..SearchArgs::default() };
        return search::run(args, environment, &search);
    }
    query.to_filter()?;
    let mut library = OpenLibrary::open_readable(args, environment)?;
    library.load_initial_articles()?;
    let reader = ReadConnection::open(&library.location)?;
    let filter = query.to_filter_in(&reader, view.as_deref())?.0;
    follow_count(args, &reader, &filter)
}

/// Prints the number of articles now and after each change, until nobody reads it any more. The exit
/// status is a failure if texts were absent when the last number was printed.
fn follow_count(
    args: &GlobalArgs,
    reader: &ReadConnection,
    filter: &str,
) -> anyhow::Result<ExitStatus> {
    let list = ListDefinition {
        scope: ViewScope::All,
        filter: filter.to_owned(),
        ..ListDefinition::default()
    };
    let request = SearchRequest { list, ..SearchRequest::default() };
    let (mut counted_state, mut printed_count) = (None, None);
    let mut has_all_texts = true;
    loop {
        // The day too: `is:new` and `since:` change at midnight. Read before the search, so that a
        // change during the search is counted by the next one.
        let state = Some((reader.data_version()?, local_today()));
        if counted_state != state {
            let count = search_once(reader, &request)?.ids.len();
            if printed_count != Some(count) {
                has_all_texts = report_absent_texts(reader, filter)?;
                let line = if args.json {
                    format!("{{\"version\":{JSON_VERSION},\"count\":{count}}}\n")
                } else {
                    format!("{count}\n")
                };
                output::write_stdout(line.as_bytes())?;
            }
            (counted_state, printed_count) = (state, Some(count));
        }
        if wait_for_closed_pipe(POLL_INTERVAL) {
            return Ok(if has_all_texts { ExitStatus::Success } else { ExitStatus::Failed });
        }
    }
}
