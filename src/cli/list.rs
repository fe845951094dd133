//! `newsreader list`: prints the articles that match a query, newest first.

use clap::Args as ClapArgs;

use super::{
    environment::Environment,
    exit_status::{ExitStatus, UsageError},
    global_args::GlobalArgs,
    number::parse_number,
    query_args::QueryArgs,
    row_slots::parse_row_template,
    search,
    search::SearchArgs,
};

/// The arguments of `newsreader list`.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct ListArgs {
    /// The query.
    #[command(flatten)]
    pub query: QueryArgs,

    /// List the articles of this view, in its order; a query narrows it.
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,

    /// Print each article in this form: {title}\t{url}. Slots: id, title, url, feed, author, date, tags, read,
    /// starred; \t, \n and \0 are a tab, a line feed and a zero byte.
    #[arg(long, value_name = "TEMPLATE")]
    pub format: Option<String>,

    /// Print at most N articles.
    #[arg(long, value_name = "N", value_parser = parse_number::<usize>)]
    pub limit: Option<usize>,
}

/// Prints the articles as `newsreader search` does.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    list: &ListArgs,
) -> anyhow::Result<ExitStatus> {
    let ListArgs { query, view, format, limit } = list.clone();
    if format.is_some() && args.json {
        return Err(UsageError("--format and --json are two forms; give one".to_owned()).into());
    }
    let template = format.as_deref().map(parse_row_template).transpose()?;
    let search = SearchArgs { query, view, template, limit, ..SearchArgs::default() };
    search::run(args, environment, &search)
}
