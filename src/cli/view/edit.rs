//! `newsreader view edit`: changes a view.

use anyhow::bail;
use clap::Args as ClapArgs;

use super::find_view::{check_view, find_view, parse_grouping, parse_order};
use crate::{
    app::{ChangeAction, describe_action},
    cli::{
        environment::Environment,
        exit_status::{ExitStatus, UsageError},
        global_args::GlobalArgs,
        open_library::OpenLibrary,
        outcome::CommandOutcome,
        query_args::check_filter,
    },
    library::clock::{local_now, utc_now},
    model::{Change, ListGrouping, SortOrder, View},
    store::ReadConnection,
};

const EDIT_NOTES: &str = "\
Options that are not given keep their values. `newsreader undo` takes the change back.";

/// The arguments of `newsreader view edit`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EDIT_NOTES)]
pub struct ViewEditArgs {
    /// Name of the view.
    #[arg(value_name = "NAME")]
    pub view: String,

    /// New name.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// New query; a built-in view keeps its own.
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,

    /// Order: newest, oldest, feed, title, best, queue or weight.
    #[arg(long, value_name = "ORDER", value_parser = parse_order)]
    pub order: Option<SortOrder>,

    /// Groups: none, day, feed or folder, each with a heading, or story, with one row for the articles of each.
    #[arg(long, value_name = "GROUPS", value_parser = parse_grouping)]
    pub group: Option<ListGrouping>,

    /// Place in the sidebar, from 1.
    #[arg(long, value_name = "N")]
    pub position: Option<usize>,

    /// Hide the view from the sidebar: yes or no.
    #[arg(long, value_name = "YES|NO", value_parser = parse_yes_or_no)]
    pub hidden: Option<bool>,
}

fn parse_yes_or_no(word: &str) -> Result<bool, String> {
    match word {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("say yes or no".to_owned()),
    }
}

/// Changes a view.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    edit: &ViewEditArgs,
) -> anyhow::Result<ExitStatus> {
    if let Some(query) = &edit.query {
        check_filter(query)?;
    }
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let (before, views) = (find_view(&reader, &edit.view)?, reader.list_views()?);
    let after = edit.apply_to(before.clone(), views.len())?;
    if before == after {
        bail!(UsageError("nothing to change; name an option such as --query".to_owned()));
    }
    check_view(&after, &views)?;
    let done = library.writer.apply_change(&Change::edit_view(before, after), utc_now())?;
    let done = describe_action(ChangeAction::Applied, Some(&done), local_now());
    CommandOutcome::notice([done]).with_changed(1).print(args)?;
    Ok(ExitStatus::Success)
}

impl ViewEditArgs {
    fn apply_to(&self, mut view: View, view_count: usize) -> Result<View, UsageError> {
        if let Some(query) = &self.query {
            if view.built_in.is_some() {
                let sentence = format!("the view “{}” is built in and keeps its query", view.name);
                return Err(UsageError(sentence));
            }
            query.trim().clone_into(&mut view.query);
        }
        if let Some(name) = &self.name {
            name.trim().clone_into(&mut view.name);
        }
        if let Some(position) = self.position {
            if !(1..=view_count).contains(&position) {
                return Err(UsageError(format!("the places are 1 to {view_count}")));
            }
            view.position = position - 1;
        }
        view.order = self.order.unwrap_or(view.order);
        view.grouping = self.group.unwrap_or(view.grouping);
        view.hidden = self.hidden.unwrap_or(view.hidden);
        Ok(view)
    }
}
