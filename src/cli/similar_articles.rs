//! `newsreader similar`: prints the articles that are like another one.

use anyhow::anyhow;
use clap::Args as ClapArgs;

use super::{
    environment::Environment,
    exit_status::ExitStatus,
    global_args::GlobalArgs,
    number::parse_number,
    open_library::OpenLibrary,
    query_args::{QueryArgs, check_filter},
    search::{SearchArgs, SearchSort, print_results},
};
use crate::{library::similar_filter, model::EntryId, store::ReadConnection};

/// Number of articles that are printed unless another one is asked for.
const DEFAULT_LIMIT: usize = 10;

/// The arguments of `newsreader similar`.
#[derive(Debug, Clone, ClapArgs)]
pub struct SimilarArgs {
    /// Number of the article, as printed by `list`.
    #[arg(value_name = "N", value_parser = parse_number::<i64>)]
    pub number: i64,

    /// Print only articles that match this query, such as 'is:star'.
    #[arg(long, value_name = "QUERY")]
    pub query: Option<String>,

    /// Print at most N articles, the most similar first.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT, value_parser = parse_number::<usize>)]
    pub limit: usize,
}

/// Prints the articles with the most telling words of article `number`, as `search` prints them.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    similar: &SimilarArgs,
) -> anyhow::Result<ExitStatus> {
    similar.query.as_deref().map_or(Ok(()), check_filter)?;
    let mut library = OpenLibrary::open_readable(args, environment)?;
    library.load_initial_articles()?;
    let reader = ReadConnection::open(&library.location)?;
    let id = EntryId(similar.number);
    if reader.load_entry(id)?.is_none() {
        return Err(anyhow!("there is no article {id}; `newsreader list` shows the numbers"));
    }
    // Without a word in common, no article is found.
    let filter = similar_filter(&reader, id)?.unwrap_or_else(|| "(is:read -is:read)".to_owned());
    let filter = match &similar.query {
        Some(query) => format!("{filter} ({query})"),
        None => filter,
    };
    let search = SearchArgs {
        query: QueryArgs::from_filter(filter),
        limit: Some(similar.limit),
        sort: SearchSort::Relevance,
        json: args.json,
        ..SearchArgs::default()
    };
    print_results(&mut library, &search)
}
