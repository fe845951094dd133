//! `newsreader rule`: manages rules, one file per subcommand.

mod add;
mod edit;
mod list;
mod remove;
mod rule_options;
mod run_now;
mod try_out;

use add::RuleAddArgs;
use clap::Subcommand;
use edit::RuleEditArgs;
pub use list::list_json;
use try_out::RuleTestArgs;

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    listing_args::ListingArgs,
};

/// A subcommand of `newsreader rule`.
#[derive(Debug, Clone, Subcommand)]
pub enum RuleCommand {
    /// Add a rule to rules.toml (can be undone); it acts on articles that arrive.
    Add(RuleAddArgs),
    /// Change a rule in rules.toml (can be undone); what it did stays.
    Edit(Box<RuleEditArgs>),
    /// List rules: name, query, actions, and "off" for those that are switched off.
    List(ListingArgs),
    /// Print the articles that a rule would have acted on, also hidden ones. Nothing is changed.
    Test(RuleTestArgs),
    /// Apply a rule to the articles that are stored, also to hidden ones (can be undone).
    Run {
        /// Name of the rule.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Remove rules from rules.toml (can be undone); what they did stays.
    Remove {
        /// Names of the rules.
        #[arg(value_name = "NAME", required = true)]
        names: Vec<String>,
    },
}

/// Runs `command`.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    command: &RuleCommand,
) -> anyhow::Result<ExitStatus> {
    match command {
        RuleCommand::Add(add) => add::run(args, environment, add),
        RuleCommand::Edit(edit) => edit::run(args, environment, edit),
        RuleCommand::List(listing) => list::run(args, environment, *listing),
        RuleCommand::Test(test) => try_out::run(args, environment, test),
        RuleCommand::Run { name } => run_now::run(args, environment, name),
        RuleCommand::Remove { names } => remove::run(args, environment, names),
    }
}
