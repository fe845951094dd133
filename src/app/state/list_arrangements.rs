//! The orders and groups of lists, as the user has chosen them.

use std::collections::BTreeMap;

use crate::{
    app::StoreWrite,
    model::{Change, ListArrangement, ListDefinition, SessionUpdate, View, ViewScope},
};

/// The orders and groups of lists: those of views are in the views, those of feeds and folders in
/// the session.
#[derive(Debug, Default)]
pub(in crate::app) struct ListArrangements {
    views: Vec<View>,
    scopes: BTreeMap<ViewScope, ListArrangement>,
}

impl ListArrangements {
    /// Takes over the views.
    pub(in crate::app) fn set_views(&mut self, views: &[View]) {
        self.views = views.to_vec();
    }

    /// Takes over the orders and groups of feeds and folders.
    pub(in crate::app) fn set_scopes(&mut self, scopes: BTreeMap<ViewScope, ListArrangement>) {
        self.scopes = scopes;
    }

    /// Returns the order and the groups of a list: those of the view that it shows, else those of
    /// its scope.
    pub(in crate::app) fn find(&self, list: &ListDefinition) -> ListArrangement {
        let view = View::find_listed(&self.views, &list.scope, &list.filter);
        let scope = || self.scopes.get(&list.scope).copied();
        view.map(View::arrangement).or_else(scope).unwrap_or_default()
    }

    /// Notes that the user chose an order and groups for a list. Returns the writes that keep them.
    pub(in crate::app) fn choose(
        &mut self,
        list: &ListDefinition,
        arrangement: ListArrangement,
    ) -> Vec<StoreWrite> {
        if let Some(view) = View::find_listed(&self.views, &list.scope, &list.filter).cloned() {
            let arranged = view.arranged(arrangement);
            let listed = self.views.iter_mut().filter(|known| known.id == view.id);
            listed.for_each(|known| known.clone_from(&arranged));
            return vec![StoreWrite::ApplyChange(Change::edit_view(view, arranged))];
        }
        self.scopes.insert(list.scope.clone(), arrangement);
        let ListArrangement { order, grouping } = arrangement;
        let updates = [
            SessionUpdate::Order(list.scope.clone(), order),
            SessionUpdate::Grouping(list.scope.clone(), grouping),
        ];
        updates.map(StoreWrite::SaveSession).into()
    }
}
