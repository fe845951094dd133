//! `newsreader view`: manages views, one file per subcommand.

mod add;
mod edit;
mod find_view;
mod list;
mod remove;

use add::ViewAddArgs;
use clap::Subcommand;
use edit::ViewEditArgs;
pub use find_view::find_view;
pub use list::list_json;

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    listing_args::ListingArgs,
};

/// A subcommand of `newsreader view`.
#[derive(Debug, Clone, Subcommand)]
pub enum ViewCommand {
    /// Add a view to the sidebar (can be undone).
    Add(ViewAddArgs),
    /// List views: name, query, order, groups, shown or hidden.
    List(ListingArgs),
    /// Change a view: its name, query, order or groups (can be undone).
    Edit(ViewEditArgs),
    /// Remove views (can be undone); built-in views can only be hidden, with `view edit`.
    Remove {
        /// Names of the views.
        #[arg(value_name = "NAME", required = true)]
        names: Vec<String>,
    },
}

/// Runs `command`.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    command: &ViewCommand,
) -> anyhow::Result<ExitStatus> {
    match command {
        ViewCommand::Add(add) => add::run(args, environment, add),
        ViewCommand::List(listing) => list::run(args, environment, *listing),
        ViewCommand::Edit(edit) => edit::run(args, environment, edit),
        ViewCommand::Remove { names } => remove::run(args, environment, names),
    }
}
