//! Other instances that write to the same library: waiting for their lock, and seeing their changes.

use std::time::Duration;

use rusqlite::Connection;

use super::{ReadConnection, StoreError, WriteConnection};

/// Time between two attempts to get the lock that another instance holds.
const LOCK_POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Number of attempts, over two seconds, after which the user is told of the wait.
const ATTEMPTS_BEFORE_NOTICE: i32 = 200;

/// Number of attempts, over thirty seconds, after which a write fails.
const MAX_ATTEMPTS: i32 = 3_000;

impl WriteConnection {
    /// Makes every write wait up to thirty seconds, instead of two, for another instance that is
    /// writing, and call `on_wait` after two.
    ///
    /// # Errors
    ///
    /// Fails if the database does not accept the setting.
    pub fn wait_patiently(
        &mut self,
        on_wait: impl Fn() + Send + 'static,
    ) -> Result<(), StoreError> {
        let retry = move |attempt| {
            if attempt == ATTEMPTS_BEFORE_NOTICE {
                on_wait();
            }
            pause_before_retry();
            attempt < MAX_ATTEMPTS
        };
        self.db.busy_handler(Some(retry)).map_err(StoreError::during("wait for another program"))
    }

    /// Makes every write wait up to two seconds for another instance that is writing, but no longer
    /// once `gives_up` returns true.
    ///
    /// # Errors
    ///
    /// Fails if the database does not accept the setting.
    pub fn wait_unless(
        &mut self,
        gives_up: impl Fn() -> bool + Send + 'static,
    ) -> Result<(), StoreError> {
        let retry = move |attempt| {
            pause_before_retry();
            attempt < ATTEMPTS_BEFORE_NOTICE && !gives_up()
        };
        self.db.busy_handler(Some(retry)).map_err(StoreError::during("wait for another program"))
    }

    /// Returns a number that is another one after another instance has changed the library.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be read.
    pub fn other_instances_version(&self) -> Result<i64, StoreError> {
        read_data_version(&self.db)
    }
}

impl ReadConnection {
    /// Returns a number that is another one after any connection has changed the library.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be read.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        read_data_version(&self.db)
    }
}

fn read_data_version(db: &Connection) -> Result<i64, StoreError> {
    db.pragma_query_value(None, "data_version", |row| row.get(0))
        .map_err(StoreError::during("be read"))
}

#[expect(clippy::disallowed_methods, reason = "SQLite does not tell when a lock is free")]
fn pause_before_retry() {
    std::thread::sleep(LOCK_POLL_INTERVAL);
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread};

    use super::*;
    use crate::{
        model::{Change, FeedKind},
        store::LibraryLocation,
    };

    #[test]
    fn change_that_reads_first_waits_for_other_writer() {
        let folder = tempfile::tempdir().unwrap();
        let location = LibraryLocation::Folder(folder.path().to_owned());
        let mut ours = WriteConnection::open(&location).unwrap();
        let feed = ours.add_feed(FeedKind::Web, "https://a.example/", "A").unwrap().feed;
        ours.apply_change(&Change::set_unsubscribed(feed, true), chrono::DateTime::UNIX_EPOCH)
            .unwrap();
        let theirs = WriteConnection::open(&location).unwrap();
        theirs.db.execute_batch("BEGIN IMMEDIATE").unwrap();
        let (wait_sender, waits) = mpsc::channel();
        let (release_sender, releases) = mpsc::channel();
        let retry = move |_| wait_sender.send(()).is_ok() && releases.recv().is_ok();
        ours.db.busy_handler(Some(retry)).unwrap();
        thread::scope(|scope| {
            let undone = scope.spawn(move || ours.undo());
            waits.recv().expect("the change waits");
            theirs.db.execute_batch("COMMIT").unwrap();
            release_sender.send(()).unwrap();
            assert!(undone.join().unwrap().unwrap().is_some());
        });
    }

    #[test]
    fn other_instances_version_changes_with_their_writes_only() {
        let folder = tempfile::tempdir().unwrap();
        let location = LibraryLocation::Folder(folder.path().to_owned());
        let mut ours = WriteConnection::open(&location).unwrap();
        let mut theirs = WriteConnection::open(&location).unwrap();
        let before = ours.other_instances_version().unwrap();
        ours.add_feed(FeedKind::Web, "https://a.example/", "A").unwrap();
        assert_eq!(ours.other_instances_version().unwrap(), before);
        theirs.add_feed(FeedKind::Web, "https://b.example/", "B").unwrap();
        assert_ne!(ours.other_instances_version().unwrap(), before);
    }

    #[test]
    fn data_version_changes_with_every_write() {
        let folder = tempfile::tempdir().unwrap();
        let location = LibraryLocation::Folder(folder.path().to_owned());
        let mut writer = WriteConnection::open(&location).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let before = reader.data_version().unwrap();
        assert_eq!(reader.data_version().unwrap(), before);
        writer.add_feed(FeedKind::Web, "https://a.example/", "A").unwrap();
        assert_ne!(reader.data_version().unwrap(), before);
    }
}
