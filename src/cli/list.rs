//! `newsreader list`: prints the articles that match a query, newest first.

use clap::Args as ClapArgs;

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    number::parse_number, query_args::QueryArgs, row_slots::parse_row_template, search,
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

    /// Print JSON.
    #[arg(long)]
    pub json: bool,

    /// Print each article in this form: {title}\t{url}. Slots: id, title, url, feed, author, date, tags, read,
    /// starred; \t, \n and \0 are a tab, a line feed and a zero byte.
    #[arg(long, value_name = "TEMPLATE", conflicts_with = "json")]
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
    let ListArgs { query, view, json, format, limit } = list.clone();
    let template = format.as_deref().map(parse_row_template).transpose()?;
    let search = SearchArgs { query, view, template, json, limit, ..SearchArgs::default() };
    search::run(args, environment, &search)
}
