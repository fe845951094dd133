//! The plan of a sync: decided from the lists of the server and the state of the library. Pure: nothing
//! here asks a server or the library.

use std::collections::BTreeMap;

use hashbrown::HashSet;

use crate::{
    model::{RemoteId, RemoteMark, WantedMark},
    remote::IdList,
    store::StoredItem,
};

/// Maximum number of known articles that are asked for again.
pub(super) const MAX_RECHECKED: usize = 250;

/// The articles of an account on its server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerLists {
    /// The unread articles.
    pub unread: IdList,
    /// The starred articles.
    pub starred: IdList,
    /// The newest articles, read or not.
    pub newest: Vec<RemoteId>,
}

impl ServerLists {
    /// Returns the articles that have to be in the library: all that are unread or starred.
    fn required(&self) -> impl Iterator<Item = &RemoteId> {
        self.unread.ids.iter().chain(&self.starred.ids)
    }
}

/// The articles of an account in the library.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocalItems {
    /// The articles that are stored.
    pub stored: Vec<StoredItem>,
    /// The marks that the server has not been told yet.
    pub outbox: Vec<WantedMark>,
    /// Stored articles whose texts are missing.
    pub absent: Vec<RemoteId>,
}

/// The steps of a sync after the outbox was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SyncPlan {
    /// The articles to fetch: unread and starred ones first.
    pub missing: Vec<RemoteId>,
    /// The marks to give to stored articles.
    pub marks: Vec<WantedMark>,
}

/// Marks that are sent in one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkBatch {
    /// The mark.
    pub mark: RemoteMark,
    /// True if the articles are to have it.
    pub wanted: bool,
    /// The articles.
    pub ids: Vec<RemoteId>,
}

/// Splits the marks of the outbox into those that the server has already and those that it has to be
/// told.
///
/// Only the latter may be sent: Miniflux 2.2 takes the star off an article that is starred once more,
/// and makes one unread that is marked as read once more.
pub fn split_by_server(
    outbox: Vec<WantedMark>,
    lists: &ServerLists,
) -> (Vec<WantedMark>, Vec<WantedMark>) {
    let (unread, starred) = (id_set(&lists.unread), id_set(&lists.starred));
    outbox.into_iter().partition(|WantedMark { item, mark, wanted }| {
        let on_server = match mark {
            RemoteMark::Read => known_state(item, &unread, lists.unread.is_cut).map(|it| !it),
            RemoteMark::Starred => known_state(item, &starred, lists.starred.is_cut),
        };
        on_server == Some(*wanted)
    })
}

/// Returns those marks of the server that it has not got from here: they waited when the sync began, and
/// none was ever sent.
pub fn never_sent(
    known: &[WantedMark],
    waiting: &[WantedMark],
    tried: &[WantedMark],
) -> Vec<WantedMark> {
    let (waiting, tried): (HashSet<_>, HashSet<_>) =
        (waiting.iter().collect(), tried.iter().collect());
    let is_new = |mark: &&WantedMark| waiting.contains(mark) && !tried.contains(mark);
    known.iter().filter(is_new).cloned().collect()
}

/// Distributes the marks of the outbox over requests: one kind in each, and at most `size` articles.
pub fn plan_requests(outbox: &[WantedMark], size: usize) -> Vec<MarkBatch> {
    let mut by_kind: BTreeMap<(RemoteMark, bool), Vec<RemoteId>> = BTreeMap::new();
    for WantedMark { item, mark, wanted } in outbox {
        by_kind.entry((*mark, *wanted)).or_default().push(item.clone());
    }
    let batches = by_kind.into_iter().flat_map(|((mark, wanted), ids)| {
        let parts: Vec<Vec<RemoteId>> = ids.chunks(size).map(<[RemoteId]>::to_vec).collect();
        parts.into_iter().map(move |ids| MarkBatch { mark, wanted, ids })
    });
    batches.collect()
}

/// Plans a sync. The server's marks win, except over what waits in the outbox: the protocol has no
/// times by which it could be told which is later. A mark that a list lacks is taken away, unless the
/// list is cut: then its absence proves nothing.
///
/// Marks of articles whose feed is unsubscribed stay, because no list has them.
pub fn plan_sync(lists: &ServerLists, local: &LocalItems) -> SyncPlan {
    let waiting: HashSet<(&RemoteId, RemoteMark)> =
        local.outbox.iter().map(|wanted| (&wanted.item, wanted.mark)).collect();
    let (unread, starred) = (id_set(&lists.unread), id_set(&lists.starred));
    let mut marks = Vec::new();
    for item in local.stored.iter().filter(|item| item.is_subscribed) {
        let is_unread = known_state(&item.id, &unread, lists.unread.is_cut);
        let is_starred = known_state(&item.id, &starred, lists.starred.is_cut);
        let states = [
            (RemoteMark::Read, item.is_read, is_unread.map(|is_unread| !is_unread)),
            (RemoteMark::Starred, item.is_starred, is_starred),
        ];
        for (mark, current, wanted) in states {
            let Some(wanted) = wanted.filter(|wanted| *wanted != current) else { continue };
            if !waiting.contains(&(&item.id, mark)) {
                marks.push(WantedMark { item: item.id.clone(), mark, wanted });
            }
        }
    }
    let mut missing = missing_items(lists.required().chain(&lists.newest), local, &[]);
    // Those whose texts the library lacks are asked for, too.
    missing.extend(local.absent.iter().cloned());
    SyncPlan { missing, marks }
}

fn id_set(list: &IdList) -> HashSet<&RemoteId> {
    list.ids.iter().collect()
}

/// Returns whether an article is in a list; `None` if that is not known.
fn known_state(id: &RemoteId, list: &HashSet<&RemoteId>, is_cut: bool) -> Option<bool> {
    match list.contains(id) {
        true => Some(true),
        false if is_cut => None,
        false => Some(false),
    }
}

/// Returns those of the articles that the library lacks and that are not `wanted` already, each once.
pub fn missing_items<'i>(
    items: impl Iterator<Item = &'i RemoteId>,
    local: &LocalItems,
    wanted: &[RemoteId],
) -> Vec<RemoteId> {
    let stored = local.stored.iter().map(|item| &item.id);
    let mut known: HashSet<&RemoteId> = stored.chain(wanted).collect();
    items.filter(|id| known.insert(id)).cloned().collect()
}

/// Returns the newest articles that are stored, to ask for them again: publishers edit them.
pub fn items_to_recheck(lists: &ServerLists, local: &LocalItems) -> Vec<RemoteId> {
    let stored: HashSet<&RemoteId> = local.stored.iter().map(|item| &item.id).collect();
    let known = lists.newest.iter().filter(|id| stored.contains(id));
    known.take(MAX_RECHECKED).cloned().collect()
}

/// Counts the unread and starred articles of the server that the library does not have.
pub fn count_not_arrived(lists: &ServerLists, stored: &[StoredItem]) -> usize {
    let stored: HashSet<&RemoteId> = stored.iter().map(|item| &item.id).collect();
    let missing: HashSet<&RemoteId> = lists.required().filter(|id| !stored.contains(id)).collect();
    missing.len()
}

/// Counts the articles that the server has not made unread, although it was told so and said that it
/// did: not all servers know that mark.
pub fn count_still_read(unread: &IdList, made_unread: &[RemoteId]) -> usize {
    if made_unread.is_empty() {
        return 0;
    }
    let listed = id_set(unread);
    let is_read = |id: &&RemoteId| known_state(id, &listed, unread.is_cut) == Some(false);
    made_unread.iter().filter(is_read).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> RemoteId {
        RemoteId(number.to_string())
    }

    fn item(number: usize, is_read: bool, is_starred: bool) -> StoredItem {
        StoredItem { id: id(number), is_read, is_starred, is_subscribed: true }
    }

    fn list(ids: &[usize]) -> IdList {
        IdList { ids: ids.iter().copied().map(id).collect(), is_cut: false }
    }

    fn mark(number: usize, mark: RemoteMark, wanted: bool) -> WantedMark {
        WantedMark { item: id(number), mark, wanted }
    }

    #[test]
    fn a_mark_of_the_server_arrives_although_nothing_is_new() {
        let lists = ServerLists { unread: list(&[2]), ..ServerLists::default() };
        let local = LocalItems {
            stored: vec![item(1, false, true), item(2, false, false)],
            ..LocalItems::default()
        };
        let plan = plan_sync(&lists, &local);
        assert_eq!(
            plan.marks,
            [mark(1, RemoteMark::Read, true), mark(1, RemoteMark::Starred, false)]
        );
        assert_eq!(plan.missing, []);
    }

    #[test]
    fn absence_from_a_cut_list_proves_nothing() {
        let cut = |ids: &[usize]| IdList { is_cut: true, ..list(ids) };
        let lists = ServerLists { unread: cut(&[1]), starred: cut(&[]), newest: Vec::new() };
        let local = LocalItems {
            stored: vec![item(1, true, false), item(2, false, true)],
            ..LocalItems::default()
        };
        assert_eq!(plan_sync(&lists, &local).marks, [mark(1, RemoteMark::Read, false)]);
    }

    #[test]
    fn what_waits_in_the_outbox_wins_over_the_server() {
        let lists = ServerLists { unread: list(&[1]), ..ServerLists::default() };
        let local = LocalItems {
            stored: vec![item(1, true, true)],
            outbox: vec![mark(1, RemoteMark::Read, true)],
            absent: Vec::new(),
        };
        assert_eq!(plan_sync(&lists, &local).marks, [mark(1, RemoteMark::Starred, false)]);
    }

    #[test]
    fn unsubscribed_articles_keep_their_marks() {
        let stored = vec![StoredItem { is_subscribed: false, ..item(1, false, true) }];
        let local = LocalItems { stored, ..LocalItems::default() };
        assert_eq!(plan_sync(&ServerLists::default(), &local), SyncPlan::default());
    }

    #[test]
    fn a_thousand_marks_of_two_kinds_are_at_most_ten_requests() {
        let outbox: Vec<WantedMark> = (0..500)
            .flat_map(|n| {
                [mark(n, RemoteMark::Read, n % 2 == 0), mark(n, RemoteMark::Starred, n % 3 == 0)]
            })
            .collect();
        let batches = plan_requests(&outbox, 250);
        assert!(batches.len() <= 10, "{}", batches.len());
        assert!(batches.iter().all(|batch| batch.ids.len() <= 250));
        assert_eq!(batches.iter().map(|batch| batch.ids.len()).sum::<usize>(), 1_000);
    }

    #[test]
    fn missing_texts_are_asked_for_again() {
        let lists = ServerLists {
            unread: list(&[1, 2]),
            newest: vec![id(2), id(3)],
            ..ServerLists::default()
        };
        let local = LocalItems {
            stored: vec![item(2, false, false)],
            absent: vec![id(2)],
            ..LocalItems::default()
        };
        assert_eq!(plan_sync(&lists, &local).missing, [id(1), id(3), id(2)]);
        assert_eq!(items_to_recheck(&lists, &local), [id(2)]);
        assert_eq!(count_not_arrived(&lists, &local.stored), 1);
    }
}
