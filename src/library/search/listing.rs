//! Lists without a filter that SQL makes, because the index is small or incomplete.

use super::snapshot::Snapshot;
use crate::{
    library::{clock::local_today, local_days::local_day_start},
    model::{CopyListing, EntryId, SearchRequest, ViewScope},
    store::{ReadConnection, StoreError},
};

/// The entries of a scope in any state, newest first, with all that they depend on.
///
/// While 100,000 articles are indexed for the first time, SQL takes 25 ms for them, which are
/// wanted again whenever a filter is deleted. A mark changes none of them: the states of the snapshot
/// leave out what is not listed.
pub(super) struct ScopeListing {
    scope: ViewScope,
    day_start: i64,
    content_generation: i64,
    ids: Vec<EntryId>,
}

impl ScopeListing {
    /// Returns whether `cache` has the scope of `request` as the snapshot knows it.
    pub(super) fn is_current(
        cache: Option<&ScopeListing>,
        snapshot: &Snapshot<'_>,
        request: &SearchRequest,
    ) -> bool {
        cache.is_some_and(|listing| {
            listing.content_generation == snapshot.content_generation
                && listing.scope == stateless_scope(&request.list.scope)
                && listing.day_start == local_day_start(local_today())
        })
    }

    /// Lists the entries of `request`, whose filter is ignored. The scope in `cache` is
    /// used if it is the same, and otherwise replaced.
    pub(super) fn list(
        cache: &mut Option<ScopeListing>,
        snapshot: &Snapshot<'_>,
        request: &SearchRequest,
    ) -> Result<Vec<EntryId>, StoreError> {
        if !ScopeListing::is_current(cache.as_ref(), snapshot, request) {
            let scope = stateless_scope(&request.list.scope);
            let day_start = local_day_start(local_today());
            let ids = snapshot.reader.list_scope_ids(&scope, day_start)?;
            let content_generation = snapshot.content_generation;
            *cache = Some(ScopeListing { scope, day_start, content_generation, ids });
        }
        let all = cache.as_ref().map_or(&[][..], |listing| &listing.ids);
        let is_listed = |id: &EntryId| request.kept.lists(&request.list, *id, snapshot.state(*id));
        let mut ids: Vec<EntryId> = all.iter().copied().filter(is_listed).collect();
        if request.list.copies == CopyListing::Fold {
            snapshot.copies.fold(&mut ids);
        }
        Ok(ids)
    }
}

/// Returns the scope that has the entries of `scope` and others, which their states tell apart.
fn stateless_scope(scope: &ViewScope) -> ViewScope {
    match scope {
        ViewScope::Unread | ViewScope::Starred => ViewScope::All,
        other => other.clone(),
    }
}

/// Lists the newest `limit` entries of `request` with SQL, copies too; the filter is ignored.
pub(super) fn list_with_sql(
    reader: &ReadConnection,
    request: &SearchRequest,
    limit: usize,
) -> Result<Vec<EntryId>, StoreError> {
    let day_start = local_day_start(local_today());
    reader.list_entry_ids(&request.list, day_start, &request.kept, limit)
}

/// Leaves one article of each group of copies in a list, if `request` asks for that.
pub(super) fn fold_listing(
    reader: &ReadConnection,
    request: &SearchRequest,
    ids: &mut Vec<EntryId>,
) -> Result<(), StoreError> {
    if request.list.copies == CopyListing::Fold {
        reader.load_copies()?.fold(ids);
    }
    Ok(())
}
