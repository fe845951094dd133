//! Lists without a filter that SQL makes, because the index is small or incomplete.

use crate::{
    library::{clock::local_today, local_days::local_day_start},
    model::{CopyListing, EntryId, KeptEntries, SearchRequest, ViewScope},
    store::{ReadConnection, StoreError},
};

/// A list without a filter, newest first, with all that it depends on.
///
/// While 100,000 articles are indexed for the first time, SQL takes 25 ms for their list, which is
/// wanted again whenever a filter is deleted.
pub(super) struct SqlListing {
    scope: ViewScope,
    unread_only: bool,
    copies: CopyListing,
    kept: KeptEntries,
    day_start: i64,
    content_generation: i64,
    ids: Vec<EntryId>,
}

impl SqlListing {
    /// Lists the entries of `request`, whose filter is ignored. The list in `cache` is
    /// used if it is the same, and otherwise replaced.
    pub(super) fn list(
        cache: &mut Option<SqlListing>,
        reader: &ReadConnection,
        request: &SearchRequest,
        content_generation: i64,
    ) -> Result<Vec<EntryId>, StoreError> {
        if let Some(listing) = cache
            && listing.content_generation == content_generation
            && listing.is_of(request)
        {
            return Ok(listing.ids.clone());
        }
        let mut ids = list_with_sql(reader, request, usize::MAX)?;
        fold_listing(reader, request, &mut ids)?;
        *cache = Some(SqlListing {
            scope: request.list.scope.clone(),
            unread_only: request.list.unread_only,
            copies: request.list.copies,
            kept: request.kept.clone(),
            day_start: local_day_start(local_today()),
            content_generation,
            ids: ids.clone(),
        });
        Ok(ids)
    }

    fn is_of(&self, request: &SearchRequest) -> bool {
        self.scope == request.list.scope
            && self.unread_only == request.list.unread_only
            && self.copies == request.list.copies
            && self.kept == request.kept
            && self.day_start == local_day_start(local_today())
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
