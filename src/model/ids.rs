//! Row ids as types of their own, so that one cannot stand in for another.

macro_rules! define_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// Row id of an [`Entry`](super::Entry): the permanent number that `newsreader list` prints.
    EntryId,
}
