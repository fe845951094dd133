//! Pages of the newest articles, which the protocol lists only with their texts.

use std::collections::HashMap;

use crate::{model::RemoteId, remote::RemoteItem};

/// Maximum size of the texts of the articles that are kept until the sync asks for them, in bytes.
const MAX_KEPT_BYTES: usize = 32 << 20;

/// The direction of the pages, with the number where the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageCursor {
    /// Articles with a higher id than this, the lowest first.
    After(u64),
    /// Articles with a lower id than this, the highest first; with 0, the newest of all.
    Before(u64),
}

impl PageCursor {
    /// Returns the arguments of the request for the page.
    pub(super) fn arguments(self) -> String {
        match self {
            PageCursor::After(id) => format!("items&since_id={id}"),
            PageCursor::Before(id) => format!("items&max_id={id}"),
        }
    }

    /// Returns the cursor of the page after one with these articles; `None` if that brought nothing
    /// further.
    pub(super) fn next(self, page: &[RemoteItem]) -> Option<PageCursor> {
        let numbers = page.iter().filter_map(|item| id_number(item.id.as_ref()?));
        match self {
            PageCursor::After(id) => {
                numbers.max().filter(|highest| *highest > id).map(PageCursor::After)
            }
            PageCursor::Before(id) => {
                numbers.min().filter(|lowest| id == 0 || *lowest < id).map(PageCursor::Before)
            }
        }
    }
}

/// Returns the number that an id is; `None` for ids that are none.
pub(super) fn id_number(id: &RemoteId) -> Option<u64> {
    id.as_str().parse().ok()
}

/// Articles that came with a page, until they are asked for.
#[derive(Debug, Default)]
pub(super) struct KeptItems {
    items: HashMap<RemoteId, RemoteItem>,
    bytes: usize,
}

impl KeptItems {
    /// Returns true if no more articles are to be kept.
    pub(super) fn is_full(&self) -> bool {
        self.bytes >= MAX_KEPT_BYTES
    }

    /// Keeps an article; returns its id.
    pub(super) fn keep(&mut self, item: RemoteItem) -> Option<RemoteId> {
        let id = item.id.clone()?;
        self.bytes += item.html.len();
        self.items.insert(id.clone(), item);
        Some(id)
    }

    /// Takes an article out.
    pub(super) fn take(&mut self, id: &RemoteId) -> Option<RemoteItem> {
        let item = self.items.remove(id)?;
        self.bytes = self.bytes.saturating_sub(item.html.len());
        Some(item)
    }
}
