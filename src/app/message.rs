//! Everything that can change the app.

use std::sync::Arc;

use super::{ImageKey, LoadedArticle, RequestId, Size};
use crate::{
    command::{Command, Key},
    model::{
        AppliedChange, Entry, EntryId, Failure, Feed, FeedCandidate, RefreshProgress, SearchResults,
    },
    picture::{ImagePayload, RenderedImage},
};

/// Something that happened: a key, an answer, the end of a wait.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted, whole.
    Paste(String),
    /// The mouse did something.
    Mouse(MouseInput),
    /// The terminal has this size now.
    Resized(Size),
    /// A command was asked for by name.
    Command(Command),
    /// A wait that [`App::time_until_wake`](super::App::time_until_wake) asked for is over.
    Tick,
    /// The answer to a question for a list.
    ResultsLoaded(RequestId, Result<SearchResults, Failure>),
    /// Rows of the list.
    RowsLoaded(Result<Vec<Entry>, Failure>),
    /// An article.
    ArticleLoaded(EntryId, Result<LoadedArticle, Failure>),
    /// What the sidebar shows.
    SidebarLoaded(Result<SidebarData, Failure>),
    /// A change of the user's was made, taken back, or made again.
    ChangeFinished(ChangeAction, Result<Option<AppliedChange>, Failure>),
    /// What was found behind an address.
    FeedsDiscovered(String, Result<Vec<FeedCandidate>, Failure>),
    /// Something in the background was done; the sentence says what.
    Notified(String),
    /// The terminal behind a multiplexer, as it calls itself; empty if that is not known.
    TerminalDetected(String),
    /// A picture, and what the terminal is to be sent for it; or why it cannot be shown.
    ImageLoaded(ImageKey, Result<(Arc<RenderedImage>, ImagePayload), Failure>),
    /// The text of an entry is another: its full text came, or the user chose the other one.
    FullTextChanged(EntryId),
    /// The full text of an entry cannot be had.
    FullTextFailed(EntryId, Failure),
    /// A text is ready for the pager.
    PagerTextReady(String),
    /// A text is ready for the clipboard.
    ClipboardTextReady(String),
    /// A write that needs no answer but a failure failed.
    OperationFailed(Failure),
    /// The index has seen more of the articles than when the list was last asked for.
    IndexUpdated,
    /// How saving goes.
    SaveStatusChanged(SaveStatus),
    /// How a refresh goes.
    RefreshProgressed(RefreshProgress),
    /// A thread the program cannot live without has ended.
    WorkerDied(&'static str),
}

/// Which way a change went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeAction {
    /// Made.
    Applied,
    /// Taken back.
    Undone,
    /// Made again.
    Redone,
}

/// Whether what the user does reaches the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveStatus {
    /// It does, again.
    Restored,
    /// It does not, for this reason; so many changes wait in memory.
    Waiting(String, usize),
}

/// What the mouse did, and where: cells from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MouseInput {
    /// What it did.
    pub action: MouseAction,
    /// Column.
    pub column: u16,
    /// Row.
    pub row: u16,
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseAction {
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

/// What the sidebar shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SidebarData {
    /// The feeds, by folder and name.
    pub feeds: Vec<Feed>,
    /// How many entries are starred.
    pub starred_count: u64,
    /// How many of today's entries are unread.
    pub unread_today: u64,
    /// Saved filters.
    pub saved_filters: Vec<String>,
}
