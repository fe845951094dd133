//! Finds the view that the user names.

use crate::{
    cli::{exit_status::UsageError, unknown_name::NamedThing},
    model::{ListArrangement, ListGrouping, SortOrder, View},
    store::ReadConnection,
};

/// Returns the view with this name; upper and lower case make no difference unless two names differ
/// in nothing else.
///
/// # Errors
///
/// Returns an error if no view has the name.
pub fn find_view(reader: &ReadConnection, name: &str) -> anyhow::Result<View> {
    let views = reader.list_views()?;
    let lower = name.to_lowercase();
    let exact = views.iter().find(|view| view.name == name);
    if let Some(view) = exact.or_else(|| views.iter().find(|v| v.name.to_lowercase() == lower)) {
        return Ok(view.clone());
    }
    Err(NamedThing::View.unknown(name, views.iter().map(|view| view.name.as_str())).into())
}

/// Parses the order that the user names.
pub(super) fn parse_order(word: &str) -> Result<SortOrder, String> {
    let known = SortOrder::ALL.map(SortOrder::keyword).join(", ");
    SortOrder::from_keyword(word).ok_or_else(|| format!("the orders are {known}"))
}

/// Parses the groups that the user names.
pub(super) fn parse_grouping(word: &str) -> Result<ListGrouping, String> {
    let known = ListGrouping::ALL.map(ListGrouping::keyword).join(", ");
    ListGrouping::from_keyword(word).ok_or_else(|| format!("the groups are {known}"))
}

/// Checks that a view can be stored among `views`.
///
/// # Errors
///
/// Returns an error for a name or query that another view has, and for groups by day in a list that
/// is not in the order of dates.
pub(super) fn check_view(view: &View, views: &[View]) -> Result<(), UsageError> {
    view.check_among(views).map_err(|conflict| UsageError(conflict.to_string()))?;
    let ListArrangement { order, grouping } = view.arrangement();
    if grouping.fits(order) {
        Ok(())
    } else {
        Err(UsageError("--group day needs --order newest or --order oldest".to_owned()))
    }
}
