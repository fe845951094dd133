//! Everything that can change the app.

use std::{sync::Arc, time::Duration};

use super::{Article, PictureKey, Size, Ticket};
use crate::{
    command::{Command, Key},
    model::{Candidate, Done, Entry, EntryId, Failure, Feed, Histogram},
    picture::{Drawing, Material},
};

/// Something that happened: a key, an answer, the end of a wait.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted, whole.
    Paste(String),
    /// The mouse did something.
    Mouse(Mouse),
    /// The terminal has this size now.
    Resized(Size),
    /// A command was asked for by name.
    Command(Command),
    /// A wait that [`App::wake_in`](super::App::wake_in) asked for is over.
    Tick,
    /// The answer to a question for a list.
    Listed(Ticket, Result<Listing, Failure>),
    /// Rows of the list.
    Rows(Result<Vec<Entry>, Failure>),
    /// An article.
    Article(EntryId, Result<Article, Failure>),
    /// What the sidebar shows.
    Sidebar(Result<SidebarFacts, Failure>),
    /// A change of the user's was made, taken back, or made again.
    Changed(Step, Result<Option<Done>, Failure>),
    /// What was found behind an address.
    Discovered(String, Result<Vec<Candidate>, Failure>),
    /// Something in the background was done; the sentence says what.
    Said(String),
    /// The terminal behind a multiplexer, as it calls itself; empty if that is not known.
    TerminalNamed(String),
    /// A picture, and what the terminal is to be sent for it; or why it cannot be shown.
    Picture(PictureKey, Result<(Arc<Drawing>, Material), Failure>),
    /// The text of an entry is another: its full text came, or the user chose the other one.
    Renewed(EntryId),
    /// The full text of an entry cannot be had.
    NoOriginal(EntryId, Failure),
    /// A text is ready for the pager.
    Paged(String),
    /// A text is ready for the clipboard.
    Copied(String),
    /// A write that needs no answer but a failure failed.
    Failed(Failure),
    /// The index has seen more of the articles than when the list was last asked for.
    Indexed,
    /// How saving goes.
    Saving(Saving),
    /// How a refresh goes.
    Refresh(RefreshEvent),
    /// A thread the program cannot live without has ended.
    WorkerDied(&'static str),
}

/// Which way a change went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Made.
    Made,
    /// Taken back.
    Undone,
    /// Made again.
    Redone,
}

/// Whether what the user does reaches the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saving {
    /// It does, again.
    Works,
    /// It does not, for this reason; so many changes wait in memory.
    Waits(String, usize),
}

/// What the mouse did, and where: cells from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub kind: MouseKind,
    /// Column.
    pub x: u16,
    /// Row.
    pub y: u16,
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button went down.
    Press,
    /// The left button went up.
    Release,
    /// The mouse moved with the button down.
    Drag,
    /// The wheel turned away from the hand.
    WheelUp,
    /// The wheel turned towards the hand.
    WheelDown,
}

/// The answer to a [`Question`](super::Question).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// Every entry of the view, in order.
    pub ids: Arc<Vec<EntryId>>,
    /// Where the first of the question's nearby entries that is still there stands.
    pub nearest: usize,
    /// Rows around it.
    pub rows: Vec<Entry>,
    /// How many entries are stored in all.
    pub stored: u64,
    /// More are being looked for: another answer to the same question follows, of which this is the beginning.
    pub more: bool,
    /// What is told of what the filter found.
    pub overview: Overview,
}

/// What is told of the hits of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overview {
    /// How long it took.
    pub took: Option<Duration>,
    /// How they spread over time.
    pub histogram: Option<Histogram>,
    /// Where nothing is found: the filter that was probably meant.
    pub meant: Option<String>,
    /// Articles that were not looked at: the index has yet to see them.
    pub unindexed: u64,
}

/// What the sidebar shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SidebarFacts {
    /// The feeds, by folder and name.
    pub feeds: Vec<Feed>,
    /// How many entries are starred.
    pub starred: u64,
    /// How many of today's entries are unread.
    pub today: u64,
    /// Saved filters.
    pub saved: Vec<String>,
}

/// How a refresh goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefreshEvent {
    /// It began, with so many feeds.
    Started(usize),
    /// So many of them are done.
    Progress(usize),
    /// Articles came in: lists may have changed.
    Arrived,
    /// It ended.
    Finished(RefreshSummary),
}

/// What a refresh brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RefreshSummary {
    /// New articles.
    pub new: usize,
    /// Changed articles.
    pub changed: usize,
    /// How many feeds were asked.
    pub asked: usize,
    /// There is no network: nobody is at fault.
    pub offline: bool,
    /// What could not be read.
    pub failures: Vec<Failure>,
}
