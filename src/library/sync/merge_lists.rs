//! Making the library like the lists of the server: articles that are missing, marks and labels.

use super::{
    label_plan::ServerLabels,
    list_pages::{ListPages, NEWEST_LISTED},
    plan::{
        LocalItems, MAX_RECHECKED, ServerLists, count_not_arrived, count_still_read,
        items_to_recheck, missing_items, plan_sync,
    },
    schedule::should_recheck,
    server::{ServerSession, list_newest},
    sync_run::{MAX_LISTED, SyncError, SyncRun, join_sentences},
    writes::SyncWrite,
};
use crate::{
    library::clock::utc_now,
    model::{RemoteFeed, WantedMark},
    store::{OutboxPart, SettledLists, StoreError},
    text::count_noun,
};

/// Maximum number of marks in one transaction: a change of the user's waits for it.
const MAX_MARKS_PER_WRITE: usize = 2_000;

/// The lists of a server, and the articles of the library with which they are compared.
struct Comparison {
    lists: ServerLists,
    local: LocalItems,
    /// The note to store if there is nothing to do; `None` if the next sync has to read the lists all the same.
    settled: Option<SettledLists>,
}

impl SyncRun<'_, '_> {
    /// Makes the library like the lists of the server. Returns what they left out, as a sentence.
    pub(super) fn merge_lists(
        &mut self,
        server: &mut ServerSession<'_>,
        feeds: &[RemoteFeed],
        labels: Option<&ServerLabels>,
    ) -> Result<Option<String>, SyncError> {
        let gaps = match server {
            ServerSession::GoogleReader(session) => {
                let pages = ListPages::fetch(session)?;
                let digest = pages.digest(labels);
                if self.reader()?.find_settled_lists(self.account.id)? == Some(digest) {
                    let mut known = Vec::new();
                    if self.begin_recheck() {
                        known = pages.read_newest(session)?;
                        known.truncate(MAX_RECHECKED);
                    }
                    self.fetch_articles(server, feeds, &known)?;
                    None
                } else {
                    // Before the articles are loaded, so that a change in between counts.
                    let changes = self.reader()?.count_sync_changes(self.account.id)?;
                    let (lists, are_whole) = pages.read(session)?;
                    let settled = are_whole.then_some(SettledLists { digest, changes });
                    let comparison = Comparison { lists, local: self.load_local()?, settled };
                    self.merge(server, feeds, labels, &comparison)?
                }
            }
            ServerSession::Fever(session) => {
                let unread = session.list_unread(MAX_LISTED)?;
                let starred = session.list_saved(MAX_LISTED)?;
                let local = self.load_local()?;
                let newest = list_newest(session, &local.stored, NEWEST_LISTED)?;
                let lists = ServerLists { unread, starred, newest };
                let comparison = Comparison { lists, local, settled: None };
                self.merge(server, feeds, labels, &comparison)?
            }
        };
        if let Some(labels) = labels {
            self.apply_labels(labels)?;
        }
        Ok(gaps)
    }

    /// Returns whether known articles are to be fetched again, and notes that they are.
    fn begin_recheck(&mut self) -> bool {
        self.rechecked = should_recheck(&self.account.sync_state, utc_now());
        self.rechecked
    }

    fn load_local(&self) -> Result<LocalItems, StoreError> {
        let (reader, account) = (self.reader()?, self.account.id);
        Ok(LocalItems {
            stored: reader.list_account_items(account)?,
            outbox: reader.list_outbox(account, OutboxPart::All)?,
            absent: reader.list_absent_items(account)?,
        })
    }

    fn merge(
        &mut self,
        server: &mut ServerSession<'_>,
        feeds: &[RemoteFeed],
        labels: Option<&ServerLabels>,
        Comparison { lists, local, settled }: &Comparison,
    ) -> Result<Option<String>, SyncError> {
        let plan = plan_sync(lists, local);
        let mut wanted = plan.missing;
        let labeled = labels.into_iter().flat_map(ServerLabels::items);
        wanted.extend(missing_items(labeled, local, &wanted));
        let has_all = wanted.is_empty();
        if let Some(settled) = settled.filter(|_| has_all && plan.marks.is_empty()) {
            self.write(SyncWrite::Settled(self.account.id, settled))?;
        }
        if self.begin_recheck() {
            wanted.extend(items_to_recheck(lists, local));
        }
        self.fetch_articles(server, feeds, &wanted)?;
        self.apply_marks(&plan.marks)?;
        let not_arrived = if has_all {
            0
        } else {
            count_not_arrived(lists, &self.reader()?.list_account_items(self.account.id)?)
        };
        let still_read = count_still_read(&lists.unread, &self.made_unread);
        let still_read = (still_read > 0).then(|| describe_still_read(still_read));
        Ok(join_sentences([still_read, describe_gaps(lists, not_arrived)]))
    }

    fn apply_marks(&mut self, marks: &[WantedMark]) -> Result<(), SyncError> {
        for part in marks.chunks(MAX_MARKS_PER_WRITE) {
            let write = SyncWrite::Marks(self.account.id, part.to_vec());
            self.summary.received_marks += self.write(write)?.changed_marks;
        }
        Ok(())
    }
}

fn describe_still_read(count: usize) -> String {
    let (articles, are) = (count_noun(count, "article"), if count == 1 { "is" } else { "are" });
    format!("the server does not make articles unread again; {articles} {are} read as before")
}

/// Describes what of the server is not in the library.
fn describe_gaps(lists: &ServerLists, not_arrived: usize) -> Option<String> {
    let mut gaps = Vec::new();
    for (list, name) in [(&lists.unread, "unread"), (&lists.starred, "starred")] {
        if list.is_cut {
            let count = list.ids.len();
            gaps.push(format!(
                "the server's list of {name} articles ends after {count}; others are not kept alike"
            ));
        }
    }
    if not_arrived > 0 {
        let articles = count_noun(not_arrived, "article");
        gaps.push(format!("{articles} that the server lists did not arrive"));
    }
    (!gaps.is_empty()).then(|| gaps.join("; "))
}
