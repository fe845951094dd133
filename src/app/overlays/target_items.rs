//! The items of the pickers that choose articles and what to do with them.

use std::sync::Arc;

use super::{PickerAction, PickerItem};
use crate::{
    app::{ArticleAct, EntryList, TargetScope},
    model::EntryId,
    settings::Settings,
    text::group_thousands,
};

/// Ages for [`TargetScope::OlderThan`] in days, with their names.
const AGES: [(u64, &str); 4] = [(1, "a day"), (7, "a week"), (30, "a month"), (365, "a year")];

/// Returns the choices of articles that the list has.
pub(in crate::app) fn target_scope_items(list: &EntryList) -> Vec<PickerItem> {
    let total = list.len();
    let above = list.selected_index().min(total);
    let everything = if list.definition().filter.trim().is_empty() {
        "everything in the list"
    } else {
        "everything that the filter shows"
    };
    let counted = [
        ("marked", TargetScope::Marked, list.marked_count()),
        ("above the selected article", TargetScope::Above, above),
        ("below the selected article", TargetScope::Below, total.saturating_sub(above + 1)),
        (everything, TargetScope::Listed, total),
    ];
    let item = |label: String, detail: String, scope| PickerItem {
        label,
        detail,
        keywords: String::new(),
        action: PickerAction::ChooseTargets(scope),
    };
    let counted = counted
        .into_iter()
        .filter(|(.., count)| *count > 0)
        .map(|(label, scope, count)| item(label.to_owned(), group_thousands(count as u64), scope));
    let older = AGES.into_iter().filter(|_| total > 0).map(|(days, name)| {
        item(format!("older than {name}"), String::new(), TargetScope::OlderThan { days })
    });
    counted.chain(older).collect()
}

/// Returns what can be done with the articles `ids`.
pub(in crate::app) fn act_items(ids: Vec<EntryId>, settings: &Settings) -> Vec<PickerItem> {
    let ids = Arc::new(ids);
    let own = (0..).zip(settings.commands.keys()).map(|(index, _)| ArticleAct::RunProgram(index));
    let item = |act: ArticleAct| PickerItem {
        label: act.sentence(ids.len(), settings),
        detail: String::new(),
        keywords: String::new(),
        action: PickerAction::Act(act, Arc::clone(&ids)),
    };
    ArticleAct::BUILT_IN.into_iter().chain(own).map(item).collect()
}
