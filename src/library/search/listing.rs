//! Lists without a filter that SQL makes, because the index is small or incomplete.

use crate::{
    library::{clock::local_today, local_days::local_day_start},
    model::{EntryId, SearchRequest, ViewScope},
    store::{ReadConnection, StoreError},
};

/// A list without a filter, newest first, with all that it depends on.
///
/// While 100,000 articles are indexed for the first time, SQL takes 25 ms for their list, which is
/// wanted again whenever a filter is deleted.
pub(super) struct SqlListing {
    scope: ViewScope,
    unread_only: bool,
    keep_listed: Vec<EntryId>,
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
        let ids = list_with_sql(reader, request, usize::MAX)?;
        *cache = Some(SqlListing {
            scope: request.list.scope.clone(),
            unread_only: request.list.unread_only,
            keep_listed: request.keep_listed.clone(),
            day_start: local_day_start(local_today()),
            content_generation,
            ids: ids.clone(),
        });
        Ok(ids)
    }

    fn is_of(&self, request: &SearchRequest) -> bool {
        self.scope == request.list.scope
            && self.unread_only == request.list.unread_only
            && self.keep_listed == request.keep_listed
            && self.day_start == local_day_start(local_today())
    }
}

/// Lists the newest `limit` entries of `request` with SQL; the filter is ignored.
pub(super) fn list_with_sql(
    reader: &ReadConnection,
    request: &SearchRequest,
    limit: usize,
) -> Result<Vec<EntryId>, StoreError> {
    let day_start = local_day_start(local_today());
    reader.list_entry_ids(&request.list, day_start, &request.keep_listed, limit)
}
