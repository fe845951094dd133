//! The items of the pickers that choose articles and what to do with them.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{PickerAction, PickerItem};
use crate::{
    app::{ArticleAct, EntryList, TargetScope},
    model::EntryId,
    query::{self, StateFilter},
    settings::Settings,
    text::group_thousands,
};

/// Ages for [`TargetScope::OlderThan`] in days, with their names.
const AGES: [(u64, &str); 4] = [(1, "a day"), (7, "a week"), (30, "a month"), (365, "a year")];

/// Returns the choices of articles that the list has.
pub(in crate::app) fn target_scope_items(list: &EntryList) -> Vec<PickerItem> {
    let total = list.len();
    let above = list.id_index(list.selected_index()).min(total);
    let selected = usize::from(list.selected_far_article().is_none());
    let everything = if list.definition().filter.trim().is_empty() {
        "everything in the list"
    } else {
        "everything that the filter shows"
    };
    let counted = [
        ("marked", TargetScope::Marked, list.marked_count()),
        ("above the selected article", TargetScope::Above, above),
        ("below the selected article", TargetScope::Below, total.saturating_sub(above + selected)),
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

/// Returns what can be done with the articles `ids` of a list: the acts that change one of them, as far
/// as their rows are in memory.
pub(in crate::app) fn act_items(
    ids: Vec<EntryId>,
    list: &EntryList,
    settings: &Settings,
    today: NaiveDate,
) -> Vec<PickerItem> {
    let rows = list.loaded_entries(&ids);
    let can_apply = |act: &ArticleAct| match &rows {
        Some(rows) => rows.iter().any(|row| act.applies_to(row)),
        None => list.may_have_articles_for(*act, today),
    };
    let ids = Arc::new(ids);
    let own = (0..).zip(settings.commands.keys()).map(|(index, _)| ArticleAct::RunProgram(index));
    let item = |act: ArticleAct| PickerItem {
        label: act.sentence(ids.len(), settings),
        detail: act
            .max_count()
            .filter(|most| ids.len() > *most)
            .map_or_else(String::new, |most| format!("at most {most}")),
        keywords: String::new(),
        action: PickerAction::Act(act, Arc::clone(&ids)),
    };
    ArticleAct::BUILT_IN.into_iter().chain(own).filter(can_apply).map(item).collect()
}

impl EntryList {
    /// Returns whether the list may have articles to which an act does something, as far as its filter
    /// tells.
    fn may_have_articles_for(&self, act: ArticleAct, today: NaiveDate) -> bool {
        let state = match act {
            ArticleAct::Restore => StateFilter::Removed,
            ArticleAct::Unhide => StateFilter::Hidden,
            _ => return true,
        };
        self.has_unlisted_rows()
            || query::parse(&self.definition().filter, today).names_state(state)
    }
}
