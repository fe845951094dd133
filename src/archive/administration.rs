//! The requests of the owner of an archive: to make it, describe it, admit users, and drop old months.

use chrono::NaiveDate;

/// A request of the owner of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveRequest {
    /// Make the archive, or bring it up to date: its tables, the months ahead, and the rights of readers.
    Initialize,
    /// Describe the archive. Users may, too.
    Status,
    /// List the users.
    ListUsers,
    /// Admit a role of the database as a user.
    Grant {
        /// The name of the role.
        user: String,
        /// Make the role if there is none. It has no password then.
        create: bool,
    },
    /// Take the rights of a user away. Their marks stay.
    Revoke {
        /// The name of the role.
        user: String,
    },
    /// Drop the months that end before a day, with the marks of their articles.
    Prune {
        /// The day, in UTC.
        before: NaiveDate,
        /// Only tell what would be dropped.
        dry_run: bool,
    },
    /// Compare what is stored twice, and read every body.
    Verify,
}

/// The answer to a request of the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveReport {
    /// The archive, after it was made or described.
    Status(ArchiveStatus),
    /// The users, by name.
    Users(Vec<ArchiveUser>),
    /// The request was carried out; false if everything was so already.
    Changed(bool),
    /// The months that were dropped, or would be.
    Pruned(PrunedMonths),
    /// The result of a check.
    Verified(ArchiveVerification),
}

/// An archive in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArchiveStatus {
    /// The version of its schema.
    pub version: i32,
    /// The version of the server, as it states it.
    pub server: String,
    /// Number of feeds.
    pub feeds: u64,
    /// Number of articles, as far as the server's statistics know it: counting tens of millions takes minutes.
    pub articles: u64,
    /// Number of bytes of everything in the archive, indexes included.
    pub bytes: u64,
    /// Number of months that have a partition.
    pub months: u64,
    /// Number of feeds that a reader is fetching.
    pub leases: u64,
    /// The connected user is the owner.
    pub is_owner: bool,
}

/// A user of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveUser {
    /// The name of the role.
    pub name: String,
    /// The role can log in.
    pub can_log_in: bool,
    /// Number of marks of the user; `None` if only the user may see them.
    pub marks: Option<u64>,
}

/// Months that were dropped, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrunedMonths {
    /// The months, oldest first, such as `2024-03`.
    pub months: Vec<String>,
    /// Number of articles in them.
    pub articles: u64,
    /// Number of bytes that they took.
    pub bytes: u64,
}

/// The result of a check of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArchiveVerification {
    /// Number of articles that were read.
    pub articles: u64,
    /// Number of articles whose text cannot be read, or has changed since it was published.
    pub damaged: u64,
    /// Number of articles without a row that makes them unique.
    pub unregistered: u64,
}

impl ArchiveVerification {
    /// Returns whether everything is as it should be.
    pub fn is_whole(&self) -> bool {
        self.damaged == 0 && self.unregistered == 0
    }
}
