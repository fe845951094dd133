//! Row ids as separate types, so that the compiler rejects one in place of another.

use serde::{Deserialize, Serialize};

macro_rules! define_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )* }
}

define_ids! {
    /// Row id of a [`Feed`](super::Feed).
    FeedId,
    /// Row id of an [`Entry`](super::Entry): the permanent number that the command line prints and
    /// accepts.
    EntryId,
    /// Row id of an [`Account`](super::Account).
    AccountId,
    /// Row id of a [`View`](super::View).
    ViewId,
    /// Row id of a [`Tag`](super::Tag).
    TagId,
    /// Row id of a [`RecordedChange`](super::RecordedChange): later changes have higher ones.
    ChangeId,
    /// Number of a story: the id of one of its entries.
    StoryId,
}
