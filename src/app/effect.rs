//! Effects: requests to the runtime, as data.

use chrono::NaiveDate;

use super::{
    ArticleAct, DiffRequest, ImageKey, JournalRequest, ProgramRun, RuleTrial, StoryReading,
};
use crate::{
    model::{
        Account, AccountDraft, AccountRemoval, Change, ChangeId, CheckedAccount, CopyListing,
        Download, EntryId, ExistingFile, FarArticle, FeedEdit, FetchOptions, FullTextArticle,
        ListDefinition, NewFeed, PlayerRun, ReadingPosition, RefreshScope, Rule, RuleEdit,
        SearchRequest, SessionUpdate, TextSource, View, ViewScope,
    },
    picture::ImagePayload,
    text::UrlTrust,
};

/// The number of a search request; results of older requests are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct RequestId(pub u64);

/// A numbered request for an article; results of requests that were cancelled are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArticleRequest {
    /// The number of the request.
    pub id: RequestId,
    /// The entry of the article.
    pub entry: EntryId,
}

/// A request to the runtime, as data.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Search for the entries of a list.
    Search(RequestId, SearchRequest),
    /// Load rows of the list.
    LoadRows(Vec<EntryId>),
    /// Load the rows of articles to do something with them.
    LoadTargets(ArticleAct, Vec<EntryId>),
    /// Find those of the articles that were published before a day.
    FindOlder(Vec<EntryId>, NaiveDate),
    /// Load the tags and the language of an article.
    LoadTraits(EntryId),
    /// Load what was done to an entry.
    LoadHistory(EntryId),
    /// Find the filter of the articles that are like one.
    FindSimilar(EntryId),
    /// Compare two versions of an article.
    LoadDiff(DiffRequest),
    /// Load what the articles of an article's story say.
    LoadStoryReading(EntryId, StoryReading),
    /// Load an article.
    LoadArticle(ArticleRequest),
    /// Load articles of this entry although it did not finish opening in an earlier run.
    AllowArticle(EntryId),
    /// Give up loading an article.
    CancelArticle(ArticleRequest),
    /// Load the contents of the sidebar.
    LoadSidebar,
    /// Count the articles of each tag.
    CountTags(CopyListing),
    /// Count the unread articles of views, while no search waits.
    CountViews(RequestId, Vec<View>, CopyListing),
    /// Count what a list hides, while no search waits.
    CountHidden(RequestId, SearchRequest),
    /// Search the shared archive for what it has of a list, unless another search follows at once.
    SearchArchive(RequestId, ListDefinition),
    /// Take the newest of those articles into the library.
    TakeFromArchive(ListDefinition),
    /// Take one article of the shared archive into the library.
    TakeFarArticle(Box<FarArticle>),
    /// Find those of these articles of the shared archive that the library has meanwhile.
    FindStoredFarArticles(Vec<FarArticle>),
    /// Load rows of the journal.
    LoadJournal(JournalRequest),
    /// Load the rules for their table.
    LoadRules,
    /// Find the stored articles that a rule applies to.
    TryRule(Box<RuleTrial>),
    /// Change the library.
    Write(StoreWrite),
    /// Save what waits, and send [`Message::WritesFinished`](super::Message::WritesFinished).
    /// Another program that holds the lock is waited for, up to thirty seconds.
    FinishWrites,
    /// Wait no longer for another program that holds the lock.
    AbandonWrites,
    /// Refresh feeds and folders.
    Refresh(RefreshScope),
    /// End the running refresh early, and drop those that wait.
    StopRefresh,
    /// Ask the server of an account whether it accepts the user.
    CheckAccount(Box<AccountDraft>),
    /// Discover the feeds behind a URL.
    DiscoverFeeds(String, FetchOptions),
    /// Complete a path that is being typed.
    CompletePath(String),
    /// Subscribe to the folder or file at a path, if there is one.
    SubscribePath(String),
    /// Fetch the page at an address that the user typed, and save its article.
    SavePage(String),
    /// Subscribe to the feeds of the OPML file at a path.
    ImportFeeds(String),
    /// Write the feeds to an OPML file at a path.
    ExportFeeds(String, ExistingFile),
    /// Fetch a picture.
    LoadImage(ImageKey, UrlTrust),
    /// Fetch the page at a URL and extract the full text of an entry.
    FetchFullText(EntryId, String, UrlTrust),
    /// Export articles, one after the other.
    ExportArticles(Vec<EntryId>, ExportTarget),
    /// Run a command of the user's on an article.
    RunProgram(EntryId, ProgramRun),
    /// Play the episode of an article.
    Play(EntryId),
    /// Download the episodes of articles.
    Download(Vec<EntryId>),
    /// End all downloads.
    StopDownloads,
    /// Find out which terminal is behind a multiplexer.
    DetectTerminal,
    /// Open a URL in the user's browser.
    OpenUrl(String),
    /// Show a notification through the service of the desktop.
    NotifyDesktop(String),
    /// Send a request to the terminal.
    Terminal(TerminalRequest),
}

/// The destination of exported articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportTarget {
    /// A file; the extension of its name selects the format.
    File(String, ExistingFile),
    /// The clipboard.
    Clipboard,
    /// The user's pager.
    Pager,
    /// The program that `article.print` names.
    Printer,
}

/// A change of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreWrite {
    /// Make a change, and record it for undo.
    ApplyChange(Change),
    /// Mark an entry read because it was opened, or rested in view.
    MarkOpened(EntryId),
    /// Mark an entry read because it was opened, and with it the other entries of its story.
    MarkStoryOpened(EntryId),
    /// Take an article out of its story, and record it for undo.
    LeaveStory(EntryId),
    /// Give a feed another address, and record it for undo.
    EditFeed(Box<FeedEdit>),
    /// Add, edit or remove a rule in its file, and record it for undo.
    EditRule(Box<RuleEdit>),
    /// Apply a rule to stored entries, and record it for undo.
    RunRule {
        /// The rule.
        rule: Box<Rule>,
        /// The entries.
        ids: Vec<EntryId>,
    },
    /// Mark all entries of a scope read, and record it for undo.
    MarkScopeRead {
        /// The scope.
        scope: ViewScope,
        /// The name of the scope, for the notice.
        name: String,
    },
    /// Undo the last change.
    Undo,
    /// Redo the change that was undone last.
    Redo,
    /// Undo every change back to this one, if they are as many as the user was asked about.
    UndoBackTo {
        /// The change.
        change: ChangeId,
        /// Number of changes.
        count: usize,
    },
    /// Redo every change up to this one, if they are as many as the user was asked about.
    RedoUpTo {
        /// The change.
        change: ChangeId,
        /// Number of changes.
        count: usize,
    },
    /// Save the reading position in an article.
    SavePosition(EntryId, ReadingPosition),
    /// Save a download: what is known of its file.
    SaveDownload(Download),
    /// Save the second at which an episode was stopped.
    SavePlayPosition(EntryId, u32),
    /// Save a change of the session.
    SaveSession(SessionUpdate),
    /// Save the full text of an entry.
    SaveFullText(EntryId, FullTextArticle),
    /// Show the text of an entry from this source.
    ShowText(EntryId, TextSource),
    /// Subscribe to feeds.
    Subscribe(Vec<NewFeed>),
    /// Subscribe to the feeds of a list.
    ImportFeeds(Vec<NewFeed>),
    /// Subscribe to a folder or a file.
    SubscribePath(String),
    /// Store an account that its server has accepted as it was described.
    SaveAccount(Box<AccountDraft>, Box<CheckedAccount>),
    /// Remove an account from this computer.
    RemoveAccount(Box<Account>, AccountRemoval),
}

impl StoreWrite {
    /// Returns whether the write changes read or star marks, and nothing else.
    pub fn marks_entries(&self) -> bool {
        match self {
            StoreWrite::ApplyChange(change) => change.marks_entries(),
            StoreWrite::MarkScopeRead { .. }
            | StoreWrite::MarkOpened(_)
            | StoreWrite::MarkStoryOpened(_)
            | StoreWrite::RunRule { .. } => true,
            _ => false,
        }
    }
}

/// A request to the terminal; only the event loop touches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminalRequest {
    /// Copy text to the clipboard (OSC 52).
    CopyText(String),
    /// Hand the terminal over to the user's pager, with this text.
    OpenPager(String),
    /// Hand the terminal over to the user's browser.
    RunBrowser {
        /// The URL, as the article has it.
        url: String,
        /// The command line.
        argv: Vec<String>,
    },
    /// Hand the terminal over to a command of the user's, with the text of an article.
    RunProgram(ProgramRun, String),
    /// Hand the terminal over to the user's player.
    RunPlayer(PlayerRun),
    /// Show a notification on the desktop.
    Notify(String),
    /// Send a picture, which cells refer to later.
    SendImage(ImagePayload),
    /// Redraw everything.
    Redraw,
    /// Hand the terminal over to the shell until the user comes back.
    Suspend,
    /// Report mouse movements, while a divider is dragged.
    TrackMouseDrag,
    /// Report clicks and the wheel.
    TrackMouseClicks,
    /// Report nothing, so that the terminal's own selection works.
    ReleaseMouse,
}

/// The effects of one update, in order.
#[derive(Debug, Clone, PartialEq, Default)]
#[must_use = "effects do nothing until the runtime carries them out"]
pub struct Effects(Vec<Effect>);

impl Effects {
    /// Creates a list of no effects.
    pub fn none() -> Effects {
        Effects::default()
    }

    /// Appends effects.
    pub fn and(mut self, other: impl Into<Effects>) -> Effects {
        self.0.extend(other.into().0);
        self
    }
}

impl From<Effect> for Effects {
    fn from(effect: Effect) -> Effects {
        Effects(vec![effect])
    }
}

impl From<StoreWrite> for Effects {
    fn from(write: StoreWrite) -> Effects {
        Effect::Write(write).into()
    }
}

impl From<TerminalRequest> for Effects {
    fn from(request: TerminalRequest) -> Effects {
        Effect::Terminal(request).into()
    }
}

impl<T: Into<Effects>> From<Option<T>> for Effects {
    fn from(effects: Option<T>) -> Effects {
        effects.map(Into::into).unwrap_or_default()
    }
}

impl IntoIterator for Effects {
    type Item = Effect;
    type IntoIter = std::vec::IntoIter<Effect>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
