//! The services of a library of articles: search, index maintenance, refresh, subscriptions, import
//! and export, full text.
//!
//! The threads of the reader and the commands of the command line both call these services. Each
//! returns when its work is done, and no thread outlives the call that started it, except those
//! that read the output of a program that hangs, or a document that takes too long, and those whose request was
//! interrupted. The services know neither the app nor the terminal.
//!
//! Start reading with [`Searcher`] (the content of lists), [`refresh_library`] (a refresh of feeds
//! and folders) and [`IndexMaintainer`] (updates of the index).

mod archive;
mod article_json;
mod article_programs;
mod article_versions;
mod backups;
mod catch_panic;
pub mod clock;
mod diff_document;
mod discover;
mod download;
mod download_folder;
mod downloads;
mod edit_feed;
mod entries_by_guid_or_link;
mod entry_history;
mod entry_traits;
mod episode;
mod episode_names;
mod export;
mod feed_entries;
mod feed_source;
mod fetch_pool;
mod fetch_queue;
mod fetched_feeds;
mod file_lock;
mod folder_mailboxes;
mod foreground;
mod free_space;
mod full_text;
mod hooks;
mod image_files;
mod import;
mod index_check;
mod index_maintenance;
mod indexable;
mod library_watch;
mod local_days;
mod merge_policy;
mod missing_pages;
mod password_source;
mod path_completion;
mod player;
mod prefetch;
mod program_output;
mod read_folder;
mod readable;
mod refresh_progress;
mod refresh_run;
mod retention;
mod rules;
mod samples;
mod save_page;
mod search;
mod services;
mod store_output;
mod stories;
mod story_copies;
mod story_document;
mod story_explanation;
mod story_texts;
mod subscribe;
mod subscription_files;
mod sync;
mod term_statistics;
mod user_address;
mod user_files;
mod watched_pool;
mod word_frequencies;
mod work_marks;

pub use archive::{
    ArchiveAccess, ArchiveAccessError, ArchiveJob, ArchiveReply, ArchiveSearcher, ArchiveSource,
    ArchiveWrite,
};
pub use article_json::{ArticleJson, JSON_VERSION, ListedArticleJson, full_article_json};
pub use article_programs::{ProgramCommand, ProgramInput, RuleCommands};
pub use article_versions::{ArticleVersion, ArticleVersions};
pub use backups::{DailyBackup, back_up_daily, back_up_to, newest_backup};
pub use catch_panic::catch_panic;
pub use diff_document::{DiffDocument, DiffMarks, diff_document};
pub use discover::discover_feeds;
pub use download::DownloadEvent;
pub use download_folder::{DownloadFolder, DownloadPlan};
pub use downloads::download_all;
pub use edit_feed::plan_feed_edit;
pub use entry_history::load_entry_history;
pub use entry_traits::load_entry_traits;
pub use episode::{Episode, find_episode};
pub use export::{
    ArticleFormat, ExportDestination, ExportOutcome, ExportTitle, ExportedFile, export_articles,
    export_library, export_reader_json,
};
pub use feed_source::{FeedSources, RESPONSE_MEMORY_BYTES};
pub use fetched_feeds::FetchedFeeds;
pub use foreground::Foreground;
pub use full_text::{FetchedPage, fetch_page, summary_text};
pub use hooks::{HookCommands, HookEvent, run_hook};
pub use image_files::{ImageFiles, image_failure};
pub use import::{connect_episode_files, count_episode_files, store_import};
pub use index_check::{IndexCheck, check_index};
pub use index_maintenance::{
    IndexMaintainer, IndexingError, MIN_CHANGES_TO_INDEX, check_index_access, index_error_summary,
    read_only_index_summary,
};
pub use library_watch::{LibraryEvent, LibraryWatch};
pub use local_days::{local_day_start, local_instant};
pub use missing_pages::{MissingPagesSummary, fetch_missing_pages};
pub use password_source::make_source_absolute;
pub use path_completion::complete_path;
pub use player::{finish_player, prepare_player};
pub use prefetch::PrefetchedFullText;
pub use readable::{ReadableArticle, ReadableArticles, StoredArticle, load_readable};
pub use refresh_run::{RefreshOutput, RefreshWrite, refresh_library};
pub use retention::Retention;
pub use rules::{
    ArrivingEntry, LoadedRules, RuleLoader, RuleRun, RuleSet, find_acts_on_stored, list_rules,
    plan_rule_run, run_rule_on, run_rule_programs, stored_query, try_rule,
};
pub use samples::{SAMPLES, hide_samples, parse_samples, store_samples};
pub use save_page::{fetch_typed_page, save_page};
pub use search::{BacklogLimit, Searcher, search_once, similar_filter};
pub use services::{SERVICE_NAMES, ServiceAccess, ServiceSender};
pub use store_output::{
    MergedFeed, OutputEffect, StoredOutput, notifications, refresh_now, store_output,
};
pub use stories::{StoryAccess, StoryFinder};
pub use story_document::{additions_document, combined_document};
pub use story_texts::{StoryTexts, describe_story_sources};
pub use subscribe::{
    SubscribeOutcome, feeds_from_outlines, is_feed_document, starter_collections,
    store_subscriptions, subscribe_all, subscribe_feed, subscribe_path, subscribe_program,
};
pub use subscription_files::{
    count_without_login, export_opml, is_exported, parse_subscriptions, read_subscription_file,
    write_subscription_file,
};
pub use sync::{
    LoginAttempt, PasswordError, PasswordFileProblem, ServerSession, SyncJob, SyncOutput,
    SyncReply, SyncWrite, check_account, check_password_files, delete_account, describe_removal,
    find_server, list_private_hosts, save_account,
};
pub use user_address::{UserAddress, parse_user_address};
pub use user_files::{
    is_readable_by_others, open_regular_file, resolve_user_path, write_user_file,
};
pub use work_marks::{MIN_MARKED_BYTES, WorkMarks, WorkStart};
