//! Plain data of the program: feeds, entries, views and changes. No I/O, no terminal, no SQL.
//!
//! Start with [`Feed`] and [`Entry`]; [`ListDefinition`] describes a list, [`Change`] an action of the user.

mod account;
mod account_draft;
mod change;
mod download;
mod entry;
mod entry_history;
mod failure;
mod feed;
mod feed_change;
mod folder;
mod histogram;
mod ids;
mod import;
mod journal;
mod list;
mod playback;
mod queue_order;
mod refresh;
mod rule;
mod rule_list;
mod search;
mod session;
mod skipped_times;
mod stored_password;
mod story;
mod subscription_field;
mod tag;
mod text_source;
mod time_span;
mod trash;
mod user_file;
mod view;

pub use account::{
    Account, AccountLogin, AccountRemoval, AccountSyncState, PasswordSource, ReleasedFeeds,
    RemoteFeed, RemoteId, RemoteMark, ServerKind, ServerLogin, SyncFailure, SyncSummary,
    WantedLabel, WantedMark,
};
pub use account_draft::{
    AccountDraft, AccountPart, AccountRefusal, AccountRemedy, CheckedAccount, DraftPassword,
    ListedAccount, is_in_account,
};
pub use change::{AppliedChange, Change, QueuePlace};
pub use download::{DOWNLOAD_NAME_SLOTS, Download, DownloadProgress};
pub use entry::{
    AttachedFile, Attachments, BodyFormat, Entry, EntryBody, EntryState, EntryTraits,
    EpisodeChapter, FullTextArticle, NewEntry, PageArticle, PublicationDate, ReadingPosition,
};
pub use entry_history::{EntryHistory, PastAct};
pub use failure::{Failure, FailureKind, io_error_reason};
pub use feed::{
    ArchiveSharing, DiscoveredSite, Feed, FeedAccount, FeedCandidate, FeedDefinition, FeedEdit,
    FeedHealth, FeedKind, FeedListing, FeedMove, FeedNetwork, FeedRefreshState, FetchOptions,
    FullTextPolicy, NewFeed, REDIRECTS_BEFORE_MOVE, RefreshScope, StarterCollection, Subscription,
    Validators, has_lost_address,
};
pub use feed_change::{FeedChange, UnsentFeedChange, folder_in_account, folder_on_server};
pub use folder::{
    feeds_in_folder, is_within_folder, rename_folder, renamed_folder, unsubscribe_from,
};
pub use histogram::{CalendarUnit, Histogram, HistogramBuckets};
pub use ids::{AccountId, ChangeId, EntryId, FeedId, StoryId, TagId, ViewId};
pub use import::{
    ArticleCounts, ArticleOrigin, ConfigFile, ConfigValue, DownloadState, EpisodeCounts,
    EpisodeFile, ImportCount, ImportMode, ImportNote, ImportReport, ImportSource, ImportedArticle,
    ImportedBatch, ImportedDownload, ImportedFeed, ImportedLibrary, ImportedMarks, ImportedRule,
    ImportedSetting, ImportedView, NoteKind, NotePlace,
};
pub use journal::{Actor, JournalSteps, RecordedChange};
pub use list::{CopyListing, ListArrangement, ListDefinition, ListGrouping, SortOrder, ViewScope};
pub use playback::{PLAYER_SLOTS, PlayOutcome, PlayStart, PlayerRun};
pub use queue_order::{MAX_ORDERED_EPISODES, QueueTarget, move_in_queue};
pub use refresh::{RefreshProgress, RefreshSummary};
pub use rule::{
    RecordedAct, Rule, RuleAct, RuleActions, RuleEdit, RuleMark, RuleNotification, RuleText,
    parse_rule_weight,
};
pub use rule_list::{DryRun, ListedRule, RuleMistake};
pub use search::{
    FarArticle, FarResults, FoldedCounts, FoldedInFolder, HiddenCount, HidingRules, KeptEntries,
    SearchProgress, SearchRequest, SearchResults, SearchSummary, StoredFarArticle, TagCount,
    ViewCount,
};
pub use session::{
    ListWidthClass, OverriddenSetting, SessionState, SessionUpdate, SettingOverride,
};
pub use skipped_times::SkippedTimes;
pub use stored_password::{PasswordExport, StoredPassword};
pub use story::{MAX_OPEN_STORIES, StoryExplanation, StoryFold, StoryLink, StorySummary};
pub use subscription_field::SubscriptionField;
pub use tag::{EntryTag, Tag, TagColor, TagMark, TagName, TagNameError};
pub use text_source::TextSource;
pub use time_span::{LetterM, TimeSpan, TimeUnit};
pub use trash::{RemovedEntry, TRASH_DAYS, TrashSize, removal_time};
pub use user_file::{ExistingFile, PathCompletion};
pub use view::{BuiltInView, View, ViewConflict};
