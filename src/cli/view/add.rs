//! `newsreader view add`: adds a view to the sidebar.

use clap::Args as ClapArgs;

use super::find_view::{check_view, parse_grouping, parse_order};
use crate::{
    app::{ChangeAction, describe_action},
    cli::{
        environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        open_library::OpenLibrary, outcome::CommandOutcome, query_args::QueryArgs,
    },
    library::clock::{local_now, utc_now},
    model::{Change, ListGrouping, SortOrder, View},
    store::ReadConnection,
};

/// The arguments of `newsreader view add`.
#[derive(Debug, Clone, ClapArgs)]
pub struct ViewAddArgs {
    /// Name in the sidebar.
    #[arg(value_name = "NAME")]
    pub name: String,

    /// The query.
    #[command(flatten)]
    pub query: QueryArgs,

    /// Order: newest, oldest, feed, title, best, queue or weight.
    #[arg(long, value_name = "ORDER", default_value = "newest", value_parser = parse_order)]
    pub order: SortOrder,

    /// Groups: none, day, feed or folder, each with a heading, or story, with one row for the articles of each.
    #[arg(long, value_name = "GROUPS", default_value = "none", value_parser = parse_grouping)]
    pub group: ListGrouping,
}

/// Adds a view at the end of the views.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    add: &ViewAddArgs,
) -> anyhow::Result<ExitStatus> {
    let query = add.query.to_filter()?;
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let views = ReadConnection::open(&library.location)?.list_views()?;
    let view = View::new(&add.name, &query, &views);
    let view = View { order: add.order, grouping: add.group, ..view };
    check_view(&view, &views)?;
    let done = library.writer.apply_change(&Change::add_view(view), utc_now())?;
    let done = describe_action(ChangeAction::Applied, Some(&done), local_now());
    CommandOutcome::notice([done]).with_changed(1).print(args)?;
    Ok(ExitStatus::Success)
}
