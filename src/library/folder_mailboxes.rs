//! The mailbox files of a folder while it is refreshed: which of them are read again, and which were
//! read to their end.

use std::collections::HashSet;

use super::foreground::Foreground;
use crate::{
    documents::{self, ArticleFile},
    refresh::FolderDiff,
    store::MailboxFingerprint,
};

/// The mailbox files of a folder.
pub(super) struct FolderMailboxes {
    /// Those of the last refresh, sorted by path.
    known: Vec<MailboxFingerprint>,
    /// Those whose mails are all listed, or were at the last refresh.
    complete: Vec<MailboxFingerprint>,
    warnings: Vec<String>,
}

/// The outcome of reading the mailbox files of a folder.
pub(super) struct MailboxOutcome {
    /// The mailboxes of which nothing has to be read again until they change; `None` if they are those
    /// of the last refresh.
    pub(super) changed: Option<Vec<MailboxFingerprint>>,
    /// One plain sentence for each mailbox that was not listed to its end.
    pub(super) warnings: Vec<String>,
}

impl FolderMailboxes {
    pub(super) fn new(known: Vec<MailboxFingerprint>) -> FolderMailboxes {
        FolderMailboxes { known, complete: Vec::new(), warnings: Vec::new() }
    }

    /// Hands the mails of a mailbox to `add`, unless it is the same as at the last refresh. Gives way to
    /// keys between the mails.
    ///
    /// If it cannot be read to its end, no mail of it is taken for deleted.
    pub(super) fn scan(
        &mut self,
        mailbox: &ArticleFile,
        diff: &mut FolderDiff,
        foreground: &Foreground,
        add: &mut dyn FnMut(&mut FolderDiff, ArticleFile),
    ) {
        let fingerprint = MailboxFingerprint {
            path: mailbox.relative_path.clone(),
            size: mailbox.size,
            modified_millis: mailbox.modified.map_or(0, |at| at.timestamp_millis()),
        };
        if self.known.binary_search(&fingerprint).is_ok() {
            diff.keep_mailbox(&mailbox.relative_path);
            return self.complete.push(fingerprint);
        }
        let scan = documents::scan_mailbox(mailbox, &mut |mail| {
            foreground.give_way();
            add(diff, mail);
        });
        match scan.warning {
            None => self.complete.push(fingerprint),
            Some(warning) => {
                self.warnings.push(warning);
                diff.keep_mailbox(&mailbox.relative_path);
            }
        }
    }

    /// Ends the scan of the folder; the mails of those mailboxes that are `unread` are tried again at the
    /// next refresh.
    pub(super) fn finish(mut self, unread: &HashSet<String>) -> MailboxOutcome {
        self.complete.retain(|mailbox| !unread.contains(&mailbox.path));
        self.complete.sort_unstable();
        let is_changed = self.complete != self.known;
        MailboxOutcome { changed: is_changed.then_some(self.complete), warnings: self.warnings }
    }
}
