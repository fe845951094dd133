//! Messages: everything that can change the app.

use std::sync::Arc;

use super::{
    ArticleAct, ArticleRequest, DiffRequest, FarStatus, ImageKey, JournalPage, JournalRequest,
    LoadedArticle, LoadedDiff, ProgramRun, RequestId, RuleTrial, SidebarData, Size, StoreWrite,
};
use crate::{
    command::{Command, Key},
    model::{
        AccountDraft, AccountId, AccountRefusal, AppliedChange, CheckedAccount, DiscoveredSite,
        DownloadProgress, DryRun, Entry, EntryHistory, EntryId, EntryTraits, Failure, FarArticle,
        HiddenCount, JournalSteps, ListedRule, PathCompletion, PlayOutcome, PlayerRun,
        RefreshProgress, RuleNotification, SearchResults, StoredFarArticle, TagCount, ViewCount,
    },
    picture::{ImagePayload, RenderedImage},
};

/// An event: input, a response of the runtime, or the end of a wait.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted; one message, whatever its length.
    Paste(String),
    /// The mouse was used.
    Mouse(MouseInput),
    /// The terminal has a new size.
    Resized(Size),
    /// A command was run without a key.
    Command(Command),
    /// A wait that [`App::time_until_wake`](super::App::time_until_wake) asked for is over.
    Tick,
    /// Results of a search arrived.
    ResultsLoaded(RequestId, Result<SearchResults, Failure>),
    /// Rows of the list arrived.
    RowsLoaded(Result<Vec<Entry>, Failure>),
    /// The rows of articles arrived, to do something with them.
    TargetsLoaded(ArticleAct, Result<Vec<Entry>, Failure>),
    /// Those of some articles that were published before a day were found.
    OlderFound(Result<Vec<EntryId>, Failure>),
    /// The history of an article, which is to be shown.
    HistoryLoaded(Result<Box<EntryHistory>, Failure>),
    /// The filter of the articles that are like one was found; `None` if there are none.
    SimilarFound(EntryId, Result<Option<String>, Failure>),
    /// The difference between two versions of an article arrived.
    DiffLoaded(DiffRequest, Result<Box<LoadedDiff>, Failure>),
    /// A reading of the articles of an article's story arrived; `None` if it shares its story with no other one.
    StoryReadingLoaded(EntryId, Result<Option<Box<LoadedDiff>>, Failure>),
    /// The tags and the language of an article arrived.
    TraitsLoaded(EntryId, Result<EntryTraits, Failure>),
    /// An article arrived.
    ArticleLoaded(ArticleRequest, Result<LoadedArticle, Failure>),
    /// An article was not loaded: it did not finish opening in an earlier run.
    ArticleWithheld(ArticleRequest),
    /// The contents of the sidebar arrived.
    SidebarLoaded(Result<SidebarData, Failure>),
    /// A filter that may have been meant in place of that of a request without hits was found.
    FilterSuggested(RequestId, String),
    /// The entries that the list of a request hides were counted.
    HiddenCounted(RequestId, HiddenCount),
    /// The search of the shared archive for the list of a request has begun, or ended.
    ArchiveSearched(RequestId, FarStatus),
    /// Articles were taken from the shared archive.
    ArchiveTaken(Result<usize, Failure>),
    /// An article was taken from the shared archive; `None` if that no longer has it.
    FarArticleTaken(Box<FarArticle>, Result<Option<Box<Entry>>, Failure>),
    /// Articles of the shared archive are in the library meanwhile.
    FarArticlesStored(Vec<StoredFarArticle>),
    /// The tags were counted: the user's by name, then the publishers', the most frequent first.
    TagsCounted(Vec<TagCount>),
    /// The views of the user were counted, for the request with this number.
    ViewsCounted(RequestId, Vec<ViewCount>),
    /// A change was applied, undone or redone; `None` if there was nothing to undo or redo.
    ChangeFinished(ChangeAction, Option<AppliedChange>),
    /// A change of the library was not made.
    ChangeFailed(StoreWrite, Failure),
    /// Changes were undone or redone together; none if the journal was not as the user saw it.
    ChangesStepped(ChangeAction, JournalSteps),
    /// Rows of the journal arrived.
    JournalLoaded(JournalRequest, Result<JournalPage, Failure>),
    /// The rules arrived for their table.
    RulesLoaded(Result<Vec<ListedRule>, Failure>),
    /// The articles that a rule applies to were found.
    RuleTried(Box<RuleTrial>, Result<DryRun, Failure>),
    /// The server of an account has answered.
    AccountChecked(Box<AccountDraft>, Result<Box<CheckedAccount>, AccountRefusal>),
    /// An account was stored, or refused after all.
    AccountSaved(Box<AccountDraft>, Box<CheckedAccount>, Result<AccountId, AccountRefusal>),
    /// The feeds behind a URL were discovered.
    FeedsDiscovered(String, Result<DiscoveredSite, Failure>),
    /// A path, as it was typed, was completed.
    PathCompleted(String, PathCompletion),
    /// The file at a path, as it was typed, was read or written; with a notice, if there is more to
    /// say.
    PathFinished(String, Result<Option<String>, Failure>),
    /// Background work ended; the text says which.
    Notified(String),
    /// The multiplexer reported the name of its terminal; empty if the name is unknown.
    TerminalDetected(String),
    /// Rules acted on articles about which they notify the user.
    RulesNotified(Vec<RuleNotification>),
    /// A picture arrived, or cannot be shown.
    ImageLoaded(ImageKey, Result<LoadedImage, Failure>),
    /// The text of an entry changed: its full text arrived, or the user chose the other text.
    FullTextChanged(EntryId),
    /// The full text of an entry could not be fetched.
    FullTextFailed(EntryId, Failure),
    /// Text for the pager is ready.
    PagerTextReady(String),
    /// A command of the user's that needs the terminal, and the text of the article are ready.
    ProgramReady(ProgramRun, String),
    /// The player that needs the terminal is ready to be started.
    PlayerReady(PlayerRun),
    /// A player has ended, with a failure if it has failed.
    PlayerEnded(PlayerRun, PlayOutcome, Option<Failure>),
    /// Downloads made progress; `None` once all have ended.
    DownloadsProgressed(Option<DownloadProgress>),
    /// A URL could not be opened in the browser.
    UrlNotOpened(String, Failure),
    /// Text for the clipboard is ready, made of so many articles.
    ClipboardTextReady(String, usize),
    /// An operation failed.
    OperationFailed(Failure),
    /// More entries are in the index than at the last search.
    IndexUpdated,
    /// Others than the user have changed the stories by which the list is grouped.
    StoriesChanged,
    /// Saving began to fail, or works again.
    SaveStatusChanged(SaveStatus),
    /// Everything is saved that can be, so that the program may end.
    WritesFinished,
    /// A refresh made progress.
    RefreshProgressed(RefreshProgress),
    /// A thread that the program needs has died.
    WorkerDied(&'static str),
}

/// A picture, ready to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedImage {
    /// The picture in cells.
    pub image: Arc<RenderedImage>,
    /// Data that the terminal needs before the cells are drawn.
    pub payload: ImagePayload,
}

/// The way in which a change was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeAction {
    /// A new change.
    Applied,
    /// A new change that only marks as read what was opened. Undo passes over it while there is anything
    /// else.
    Opened,
    /// An undo.
    Undone,
    /// A redo.
    Redone,
}

impl ChangeAction {
    /// Returns whether the change was not made before.
    pub fn is_new(self) -> bool {
        matches!(self, ChangeAction::Applied | ChangeAction::Opened)
    }
}

/// The state of saving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveStatus {
    /// Everything is saved again.
    Restored,
    /// Changes cannot be written.
    Waiting {
        /// The reason, as a sentence without a full stop.
        reason: String,
        /// Number of the user's changes that wait in memory; 0 if only a refresh waits.
        count: usize,
    },
}

/// An event of the mouse; cells count from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MouseInput {
    /// The kind of event.
    pub action: MouseAction,
    /// Column of the cell.
    pub column: u16,
    /// Row of the cell.
    pub row: u16,
}

/// A kind of mouse event.
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
