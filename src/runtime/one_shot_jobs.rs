//! Jobs whose duration depends on something outside, such as a server: each runs on its own thread,
//! sends one message about its outcome, and ends.
//!
//! Start with [`JobContext`], which has one `start_…` function per job.

use std::sync::Arc;

use chrono::NaiveDate;
use crossbeam_channel::Sender;

use super::{
    desktop::Desktop,
    export_article::export_articles,
    job::{Job, spawn_job},
    load_diff::{load_diff, load_story_reading},
    player::play_episode,
    ports::{PodcastOptions, ReadingOptions},
    requests::{WriteRequest, WriteSender},
    user_program::run_user_program,
};
use crate::{
    app::{
        ArticleAct, DiffRequest, ExportTarget, Message, ProgramRun, RuleTrial, StoreWrite,
        StoryReading,
    },
    library::{
        FeedSources, catch_panic, check_account,
        clock::{local_now, utc_now},
        complete_path, discover_feeds, fetch_page, fetch_typed_page, list_rules,
        load_entry_history, load_entry_traits, local_day_start, read_subscription_file,
        resolve_user_path, similar_filter, stored_query, summary_text, try_rule,
        write_subscription_file,
    },
    model::{
        AccountDraft, AccountRefusal, AccountRemedy, EntryId, ExistingFile, Failure, FailureKind,
        FetchOptions,
    },
    store::{LibraryLocation, ReadConnection},
    text::{UrlTrust, count_noun},
};

const DISCOVER: Job = Job { name: "discover", activity: "looking for feeds" };
const ACCOUNT: Job = Job { name: "account", activity: "asking the server of an account" };
const COMPLETE_PATH: Job = Job { name: "path", activity: "completing a path" };
const SUBSCRIBE_PATH: Job = Job { name: "subscribe", activity: "subscribing to a path" };
const SAVE_PAGE: Job = Job { name: "save page", activity: "saving the page" };
const IMPORT_FEEDS: Job = Job { name: "import", activity: "importing feeds" };
const EXPORT_FEEDS: Job = Job { name: "export", activity: "exporting feeds" };
const FULL_TEXT: Job = Job { name: "full text", activity: "fetching the full text" };
const TARGETS: Job = Job { name: "targets", activity: "looking up articles" };
const RULES: Job = Job { name: "rules", activity: "listing the rules" };
const TRY_RULE: Job = Job { name: "try rule", activity: "trying a rule" };
const EXPORT_ARTICLE: Job = Job { name: "article", activity: "exporting the article" };
const PROGRAM: Job = Job { name: "program", activity: "running a command of yours" };
const PLAYER: Job = Job { name: "player", activity: "playing an episode" };
const TERMINAL: Job = Job { name: "terminal", activity: "detecting the terminal" };
const NOTIFICATION: Job =
    Job { name: "notification", activity: "showing a notification on the desktop" };
const BROWSER: Job = Job { name: "browser", activity: "opening the browser" };

/// Everything that the jobs need.
pub(super) struct JobContext {
    pub(super) sources: FeedSources,
    pub(super) location: LibraryLocation,
    pub(super) reading: ReadingOptions,
    pub(super) podcasts: PodcastOptions,
    pub(super) desktop: Arc<dyn Desktop>,
    pub(super) messages: Sender<Message>,
    pub(super) writes: WriteSender,
}

impl JobContext {
    /// Starts to discover the feeds of a site, which may take a minute.
    pub(super) fn start_discovery(&self, typed_url: String, options: FetchOptions) {
        let (sources, location) = (self.sources.clone(), self.location.clone());
        let discover = move || {
            let found = catch_panic(&typed_url, || {
                let feeds = ReadConnection::open(&location)?.list_feeds()?;
                discover_feeds(&sources, &feeds, &typed_url, &options)
            });
            Some(Message::FeedsDiscovered(typed_url, found))
        };
        spawn_job(DISCOVER, &self.messages, discover);
    }

    /// Starts to ask the server of an account, which may take a minute.
    pub(super) fn start_account_check(&self, draft: Box<AccountDraft>) {
        let (sources, location) = (self.sources.clone(), self.location.clone());
        let check = move || {
            let check = || Ok(check_account(&location, &sources, &draft).map(Box::new));
            let checked = catch_panic("The account", check).unwrap_or_else(|failure| {
                let remedy = AccountRemedy::SeeProblem;
                Err(AccountRefusal { problem: failure.summary, remedy })
            });
            Some(Message::AccountChecked(draft, checked))
        };
        spawn_job(ACCOUNT, &self.messages, check);
    }

    /// Starts to fetch a page, which the writer saves.
    pub(super) fn start_saving_page(&self, typed_url: String) {
        let (sources, writes) = (self.sources.clone(), self.writes.clone());
        let fetch = move || {
            let page = catch_panic(&typed_url, || fetch_typed_page(&sources, &typed_url));
            match page {
                Ok(page) => {
                    writes.send(WriteRequest::SavePage(Box::new(page)));
                    None
                }
                Err(failure) => Some(Message::OperationFailed(failure)),
            }
        };
        spawn_job(SAVE_PAGE, &self.messages, fetch);
    }

    /// Starts to import the subscription list at `path`. Reports each feed of the list that was
    /// rejected.
    pub(super) fn start_import(&self, path: String) {
        let (writes, messages) = (self.writes.clone(), self.messages.clone());
        let import = move || {
            let imported = read_subscription_file(&path).and_then(|(feeds, rejected)| {
                if feeds.is_empty() && rejected.is_empty() {
                    let sentence = format!("{path} has no feeds in it");
                    return Err(Failure::new(FailureKind::File, sentence));
                }
                for failure in rejected {
                    let _ = messages.send(Message::OperationFailed(failure));
                }
                writes.write(StoreWrite::ImportFeeds(feeds));
                Ok(None)
            });
            Some(Message::PathFinished(path, imported))
        };
        spawn_job(IMPORT_FEEDS, &self.messages, import);
    }

    /// Starts to subscribe to the folder or file at `path`, if there is one: a disk of another
    /// computer may take long to say so.
    pub(super) fn start_subscription(&self, path: String) {
        let writes = self.writes.clone();
        let subscribe = move || {
            let found = resolve_user_path(&path).map(|_| {
                writes.write(StoreWrite::SubscribePath(path.clone()));
                None
            });
            Some(Message::PathFinished(path, found))
        };
        spawn_job(SUBSCRIBE_PATH, &self.messages, subscribe);
    }

    /// Starts to complete a path.
    pub(super) fn start_path_completion(&self, path: String) {
        let complete = move || {
            let completion = complete_path(&path);
            Some(Message::PathCompleted(path, completion))
        };
        spawn_job(COMPLETE_PATH, &self.messages, complete);
    }

    /// Starts to write a subscription list to `path`.
    pub(super) fn start_export(&self, path: String, existing: ExistingFile) {
        let location = self.location.clone();
        let export = move || {
            let exported = export_feeds(&location, &path, existing).map(|without_login| {
                let logins = match without_login {
                    0 => String::new(),
                    count => format!(" without the logins of {}", count_noun(count, "feed")),
                };
                Some(format!("Feeds exported to {path}{logins}"))
            });
            Some(Message::PathFinished(path, exported))
        };
        spawn_job(EXPORT_FEEDS, &self.messages, export);
    }

    /// Starts to fetch the full text of an article, which takes as long as its server takes.
    pub(super) fn start_full_text_fetch(&self, id: EntryId, url: String, trust: UrlTrust) {
        let (sources, writes) = (self.sources.clone(), self.writes.clone());
        let location = self.location.clone();
        let fetch_article = move || {
            let summary = load_summary(&location, id);
            catch_panic(&url, || fetch_page(&sources, &url, trust, &summary))
        };
        let fetch = move || match fetch_article() {
            Ok(page) => {
                writes.write(StoreWrite::SaveFullText(id, page.into_full_text(utc_now())));
                None
            }
            Err(failure) => Some(Message::FullTextFailed(id, failure)),
        };
        spawn_job(FULL_TEXT, &self.messages, fetch);
    }

    /// Starts to load the rows of articles to do something with them.
    pub(super) fn start_target_load(&self, act: ArticleAct, ids: Vec<EntryId>) {
        let location = self.location.clone();
        let load = move || {
            let reader = ReadConnection::open(&location);
            let entries = reader.and_then(|reader| reader.load_entries(&ids));
            Some(Message::TargetsLoaded(act, entries.map_err(Into::into)))
        };
        spawn_job(TARGETS, &self.messages, load);
    }

    /// Starts to find those of the articles that were published before a day.
    pub(super) fn start_age_query(&self, mut ids: Vec<EntryId>, day: NaiveDate) {
        let location = self.location.clone();
        let find = move || {
            let reader = ReadConnection::open(&location);
            let older = reader
                .and_then(|reader| reader.list_entries_before(day, local_day_start(day)))
                .map(|older| {
                    ids.retain(|id| older.contains(id));
                    ids
                });
            Some(Message::OlderFound(older.map_err(Into::into)))
        };
        spawn_job(TARGETS, &self.messages, find);
    }

    /// Starts to load the tags and the language of an article.
    pub(super) fn start_trait_load(&self, id: EntryId) {
        let location = self.location.clone();
        let load = move || {
            let traits = catch_panic("The article", || {
                load_entry_traits(&ReadConnection::open(&location)?, id)
            });
            Some(Message::TraitsLoaded(id, traits))
        };
        spawn_job(TARGETS, &self.messages, load);
    }

    /// Starts to load what was done to an article, up to the user's own last change.
    pub(super) fn start_history_load(&self, id: EntryId) {
        let (location, writes) = (self.location.clone(), self.writes.clone());
        let after = writes.ticket();
        let load = move || {
            writes.wait_for(after);
            let history = catch_panic("The article", || {
                Ok(load_entry_history(&ReadConnection::open(&location)?, id)?)
            });
            let gone = || Failure::new(FailureKind::Library, "The article is gone");
            let history = history.and_then(|found| found.map(Box::new).ok_or_else(gone));
            Some(Message::HistoryLoaded(history))
        };
        spawn_job(TARGETS, &self.messages, load);
    }

    /// Starts to find the words that tell an article from others.
    pub(super) fn start_similar_search(&self, id: EntryId) {
        let location = self.location.clone();
        let find = move || {
            let filter = catch_panic("The article", || {
                Ok(similar_filter(&ReadConnection::open(&location)?, id)?)
            });
            Some(Message::SimilarFound(id, filter))
        };
        spawn_job(TARGETS, &self.messages, find);
    }

    /// Starts to compare two versions of an article, after the user's own last change.
    pub(super) fn start_diff_load(&self, request: DiffRequest) {
        let (location, writes) = (self.location.clone(), self.writes.clone());
        let (reading, after) = (self.reading.clone(), writes.ticket());
        let load = move || {
            writes.wait_for(after);
            let loaded = catch_panic("The article", || {
                load_diff(&ReadConnection::open(&location)?, &reading, request).map(Box::new)
            });
            Some(Message::DiffLoaded(request, loaded))
        };
        spawn_job(TARGETS, &self.messages, load);
    }

    /// Starts to load what the articles of an article's story say.
    pub(super) fn start_story_reading(&self, id: EntryId, reading: StoryReading) {
        let (location, writes) = (self.location.clone(), self.writes.clone());
        let (options, after) = (self.reading.clone(), writes.ticket());
        let load = move || {
            writes.wait_for(after);
            let loaded = catch_panic("The article", || {
                let reader = ReadConnection::open(&location)?;
                Ok(load_story_reading(&reader, &options, id, reading)?.map(Box::new))
            });
            Some(Message::StoryReadingLoaded(id, loaded))
        };
        spawn_job(TARGETS, &self.messages, load);
    }

    /// Starts to list the rules, and how often each has acted.
    pub(super) fn start_rule_list(&self) {
        let (rules, location) = (self.sources.rules.clone(), self.location.clone());
        let list = move || {
            let rows =
                ReadConnection::open(&location).and_then(|reader| list_rules(&rules, &reader));
            Some(Message::RulesLoaded(rows.map_err(Into::into)))
        };
        spawn_job(RULES, &self.messages, list);
    }

    /// Starts to find the stored articles that a rule applies to.
    pub(super) fn start_rule_trial(&self, trial: Box<RuleTrial>) {
        let location = self.location.clone();
        let find = move || {
            let found = catch_panic("The rule", || {
                let query = stored_query(&trial.rule, local_now());
                let reader = ReadConnection::open(&location)?;
                Ok(try_rule(&reader, &query, trial.purpose.days())?)
            });
            Some(Message::RuleTried(trial, found))
        };
        spawn_job(TRY_RULE, &self.messages, find);
    }

    /// Starts to export articles.
    pub(super) fn start_article_export(&self, ids: Vec<EntryId>, target: ExportTarget) {
        let (location, reading) = (self.location.clone(), self.reading.clone());
        let export = move || {
            let exported = export_articles(&location, &reading, &ids, &target);
            Some(exported.unwrap_or_else(|failure| match target {
                ExportTarget::File(path, _) => Message::PathFinished(path, Err(failure)),
                _ => Message::OperationFailed(failure),
            }))
        };
        spawn_job(EXPORT_ARTICLE, &self.messages, export);
    }

    /// Starts a command of the user's on an article; the job ends with the program.
    pub(super) fn start_program(&self, id: EntryId, run: ProgramRun) {
        let (location, reading) = (self.location.clone(), self.reading.clone());
        let messages = self.messages.clone();
        let work = move || {
            run_user_program(&location, &reading, id, run, &messages)
                .unwrap_or_else(|failure| Some(Message::OperationFailed(failure)))
        };
        spawn_job(PROGRAM, &self.messages, work);
    }

    /// Starts the player on the episode of an article, after the user's changes so far; the job ends with
    /// a player that does not need the terminal.
    pub(super) fn start_player(&self, id: EntryId) {
        let (location, podcasts) = (self.location.clone(), self.podcasts.clone());
        let writes = self.writes.clone();
        let after = writes.ticket();
        let play = move || {
            writes.wait_for(after);
            let played = catch_panic("The player", || play_episode(&location, &podcasts, id));
            Some(played.unwrap_or_else(Message::OperationFailed))
        };
        spawn_job(PLAYER, &self.messages, play);
    }

    /// Starts to ask the multiplexer for its terminal. It replies within milliseconds or not at
    /// all.
    pub(super) fn start_terminal_query(&self) {
        let desktop = Arc::clone(&self.desktop);
        let query = move || Some(Message::TerminalDetected(desktop.terminal_name()));
        spawn_job(TERMINAL, &self.messages, query);
    }

    /// Starts to show a notification: the service of a desktop may take its time.
    pub(super) fn start_notification(&self, text: String) {
        let desktop = Arc::clone(&self.desktop);
        let show = move || desktop.show_notification(&text).err().map(Message::OperationFailed);
        spawn_job(NOTIFICATION, &self.messages, show);
    }

    /// Starts to open a URL in the browser, which may take a second.
    pub(super) fn start_browser(&self, url: String) {
        let desktop = Arc::clone(&self.desktop);
        let open = move || {
            let failure = desktop.open_url(&url).err()?;
            Some(Message::UrlNotOpened(url, failure))
        };
        spawn_job(BROWSER, &self.messages, open);
    }
}

/// Returns the text of the feed about an article, as plain text; blank if it cannot be read: then
/// the page is extracted without it.
fn load_summary(location: &LibraryLocation, id: EntryId) -> String {
    let reader = ReadConnection::open(location);
    let body = reader.and_then(|reader| reader.load_body(id)).ok().flatten();
    body.map_or_else(String::new, |body| summary_text(&body))
}

/// Exports the feeds to `path`; returns the number of those whose login is not in the list.
fn export_feeds(
    location: &LibraryLocation,
    path: &str,
    existing: ExistingFile,
) -> Result<usize, Failure> {
    let feeds = ReadConnection::open(location)?.list_feeds()?;
    write_subscription_file(path, &feeds, existing)
}
