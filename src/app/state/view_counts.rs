//! The numbers beside the views that are no scopes, which a search for each has counted.

use std::collections::BTreeMap;

use crate::{
    app::{Effect, RequestId},
    model::{CopyListing, View, ViewCount, ViewId},
};

/// The counts of the views that show what their query finds.
///
/// A count is true until something changes: then it is outdated, and is counted again while nobody
/// waits for anything else.
#[derive(Debug, Default)]
pub(in crate::app) struct ViewCounts {
    counts: BTreeMap<ViewId, u64>,
    latest_request: RequestId,
    is_requested: bool,
    is_current: bool,
}

impl ViewCounts {
    /// Returns the number of unread articles of a view; `None` while it is not known.
    pub(in crate::app) fn get(&self, view: ViewId) -> Option<u64> {
        self.counts.get(&view).copied()
    }

    /// Returns whether nothing has changed since the views were counted.
    pub(in crate::app) fn are_current(&self) -> bool {
        self.is_current
    }

    /// Notes that something has changed. The result of a request that waits is not shown.
    pub(in crate::app) fn expire(&mut self) {
        self.is_current = false;
        self.is_requested = false;
    }

    /// Requests the counts, if they are outdated and not requested yet.
    pub(in crate::app) fn request(
        &mut self,
        views: &[View],
        copies: CopyListing,
    ) -> Option<Effect> {
        let is_counted = |view: &&View| view.scope().is_none() && !view.hidden;
        let views: Vec<View> = views.iter().filter(is_counted).cloned().collect();
        if self.is_current || self.is_requested || views.is_empty() {
            return None;
        }
        self.is_requested = true;
        self.latest_request.0 += 1;
        Some(Effect::CountViews(self.latest_request, views, copies))
    }

    /// Takes the counts; returns whether they are of the latest request, with nothing changed since.
    pub(in crate::app) fn set(&mut self, request: RequestId, counts: &[ViewCount]) -> bool {
        if request != self.latest_request || !self.is_requested {
            return false;
        }
        self.counts = counts.iter().map(|count| (count.view, count.unread_count)).collect();
        self.is_requested = false;
        self.is_current = true;
        true
    }
}
