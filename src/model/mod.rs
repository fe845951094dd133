//! What the program is about: feeds, entries and views. Plain data; no I/O, no terminal, no SQL.

mod change;
mod entry;
mod failure;
mod feed;
mod histogram;
mod id;
mod subscription;
mod view;

pub use change::{Change, Done};
pub use entry::{
    Attached, AttachedFile, Body, BodyFormat, Entry, EntryState, NewEntry, Original, PageArticle, Place,
    Stamp,
};
pub use failure::{Failure, FailureKind};
pub use feed::{
    Candidate, Collection, Feed, FeedClock, FeedKind, FetchOptions, FullText, Health, NewFeed, RefreshScope,
    Subscription, Validators,
};
pub use histogram::{CalendarUnit, Columns, Histogram};
pub use id::{EntryId, FeedId};
pub use subscription::SubscriptionField;
pub use view::{Order, Scope, View};
