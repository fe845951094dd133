//! The sources of feed documents: the network, files, and the user's own programs.
//!
//! Start with [`FeedSources::fetch_feed`].

use std::{collections::BTreeMap, io::Read, path::Path, sync::Arc};

use chrono::TimeDelta;

use super::{
    archive::ArchiveSource, article_programs::RuleCommands, fetched_feeds::FetchedFeeds,
    foreground::Foreground, hooks::HookCommands, password_source::read_feed_password,
    program_output::read_program_output, retention::Retention, rules::RuleLoader,
    user_files::open_regular_file,
};
use crate::{
    extract::ExtractionRule,
    model::{Feed, FeedKind, FeedNetwork, FetchOptions, Validators},
    net::{
        Fetch, FetchError, FetchLimits, FetchProblem, FetchRequest, FetchResponse, MemoryBudget,
        NetworkScope,
    },
    refresh::{self, file_url_to_path},
    text::{UrlTrust, url},
};

/// Memory that all responses in flight may take together, in bytes: enough for two of the usual
/// maximum size (16 MiB).
pub const RESPONSE_MEMORY_BYTES: usize = 33 << 20;

/// The means to fetch feeds: the network, programs, and the settings and rules that concern them.
#[derive(Clone)]
pub struct FeedSources {
    /// The network.
    pub http: Arc<dyn Fetch>,
    /// The user's own programs by name: the program to start and its arguments.
    pub programs: BTreeMap<String, Vec<String>>,
    /// The user's rules for finding the article in the pages of certain sites.
    pub extract_rules: Vec<ExtractionRule>,
    /// Time between two refreshes of a feed that has no interval of its own.
    pub default_interval: TimeDelta,
    /// The memory that all responses in flight share.
    pub memory_budget: MemoryBudget,
    /// The environment variables, which may hold passwords of feeds.
    pub variables: Vec<(String, String)>,
    /// The documents that discovery has fetched.
    pub fetched_feeds: FetchedFeeds,
    /// The time after which a refresh removes articles; `None` for never.
    pub retention: Option<Retention>,
    /// Loads the user's rules, at the start of each refresh.
    pub rules: RuleLoader,
    /// The user's commands that rules may run.
    pub rule_commands: RuleCommands,
    /// The programs that run when something has happened.
    pub hooks: HookCommands,
    /// The shared archive with which a refresh exchanges articles and marks.
    pub archive: Option<Arc<dyn ArchiveSource>>,
    /// Says when a key is being answered, to which reading feeds and files gives way.
    pub foreground: Arc<Foreground>,
}

impl FeedSources {
    /// Creates sources without a network: files and folders can be read, and every HTTP fetch
    /// fails.
    pub fn offline() -> FeedSources {
        FeedSources {
            http: Arc::new(OfflineFetch),
            programs: BTreeMap::new(),
            extract_rules: Vec::new(),
            default_interval: TimeDelta::zero(),
            memory_budget: MemoryBudget::new(RESPONSE_MEMORY_BYTES),
            variables: Vec::new(),
            fetched_feeds: FetchedFeeds::default(),
            retention: None,
            rules: RuleLoader::default(),
            rule_commands: RuleCommands::default(),
            hooks: HookCommands::default(),
            archive: None,
            foreground: Arc::default(),
        }
    }

    /// Returns the same sources, whose requests end when [`Fetch::interrupt`] is called.
    #[must_use]
    pub(super) fn interruptible(&self) -> FeedSources {
        FeedSources { http: Arc::new(InterruptibleFetch(Arc::clone(&self.http))), ..self.clone() }
    }

    /// Returns the time between two refreshes of `feed`.
    pub fn refresh_interval(&self, feed: &Feed) -> TimeDelta {
        feed.refresh_interval(self.default_interval)
    }

    /// Fetches the document of `feed`; `validators` allow a server to reply that nothing has
    /// changed. A document that discovery has just fetched is not fetched again.
    ///
    /// # Errors
    ///
    /// Fails if the password cannot be read, or the document cannot be fetched, read from its file,
    /// or produced by its program.
    pub fn fetch_feed(
        &self,
        feed: &Feed,
        validators: &Validators,
    ) -> Result<FetchResponse, FetchError> {
        let options = &feed.subscription.fetch;
        let is_first = *validators == Validators::default();
        let fetched = is_first.then(|| self.fetched_feeds.take(&feed.url, options)).flatten();
        if let Some(response) = fetched {
            return Ok(response);
        }
        self.fetch_document(&DocumentRequest {
            kind: feed.kind,
            url: &feed.url,
            label: feed.display_name(),
            options,
            validators,
            trust: document_trust(feed),
            memory_budget: Some(&self.memory_budget),
        })
    }

    /// Fetches a document from the network, a file or a program.
    ///
    /// # Errors
    ///
    /// As [`FeedSources::fetch_feed`].
    pub(super) fn fetch_document(
        &self,
        document: &DocumentRequest<'_>,
    ) -> Result<FetchResponse, FetchError> {
        let to_fetch_error = |sentence: String| FetchError {
            host: document.label.to_owned(),
            problem: FetchProblem::Other(sentence),
        };
        let DocumentRequest { kind, url, options, validators, .. } = *document;
        let password = read_feed_password(options, &self.variables).map_err(to_fetch_error)?;
        let (request, limits) = refresh::build_request(url, options, validators, password);
        let request = FetchRequest { trust: document.trust, ..request };
        let limits = FetchLimits { memory_budget: document.memory_budget.cloned(), ..limits };
        match (kind, file_url_to_path(url)) {
            (FeedKind::Program, _) => {
                self.run_program(url, limits.max_body_bytes).map_err(to_fetch_error)
            }
            (_, Some(path)) => read_file(&path, limits.max_body_bytes).map_err(to_fetch_error),
            (_, None) => self.http.fetch(&request, &limits),
        }
    }

    /// Fetches a URL that the user supplied, which may be on a private network.
    pub fn fetch_url(&self, url: &str) -> Result<FetchResponse, FetchError> {
        self.http.fetch(&FetchRequest::user_supplied(url), &FetchLimits::default())
    }

    /// Runs the program of the URL `exec:NAME` with the arguments of the user's settings, and
    /// returns its output.
    ///
    /// No shell is involved, and no argument comes from a feed or a page.
    fn run_program(&self, url: &str, limit: u64) -> Result<FetchResponse, String> {
        let name = url.strip_prefix("exec:").unwrap_or(url);
        let argv = self
            .programs
            .get(name)
            .ok_or_else(|| format!("the settings have no program “{name}” under [programs]"))?;
        let body = read_program_output(argv, limit)?;
        Ok(local_response(url, body, limit))
    }
}

/// Returns the trust in the URL of a feed. The first response decides whether it may lead into the
/// private network from then on.
fn document_trust(feed: &Feed) -> UrlTrust {
    match &feed.network {
        FeedNetwork::Unknown => UrlTrust::UserSupplied,
        known => UrlTrust::of_link(&feed.url, known.private_origin()),
    }
}

/// Returns the network of the feed at `url`, of which `response` is an answer.
pub(super) fn network_of_response(url: &str, response: &FetchResponse) -> FeedNetwork {
    match (response.network, url::origin(url)) {
        (Some(NetworkScope::Public), _) => FeedNetwork::Public,
        (Some(NetworkScope::Private), Some(origin)) => FeedNetwork::Private { origin },
        _ => FeedNetwork::Unknown,
    }
}

/// A request for the document of a feed.
pub(super) struct DocumentRequest<'a> {
    /// The kind of feed.
    pub(super) kind: FeedKind,
    /// The URL, also of a file or program.
    pub(super) url: &'a str,
    /// The name of the document in errors that concern no host.
    pub(super) label: &'a str,
    /// The options of the feed.
    pub(super) options: &'a FetchOptions,
    /// The validators of the last response.
    pub(super) validators: &'a Validators,
    /// The trust in the URL.
    pub(super) trust: UrlTrust,
    /// The memory that the response shares with others.
    pub(super) memory_budget: Option<&'a MemoryBudget>,
}

/// The network of [`FeedSources::interruptible`].
struct InterruptibleFetch(Arc<dyn Fetch>);

impl Fetch for InterruptibleFetch {
    fn fetch(
        &self,
        request: &FetchRequest,
        limits: &FetchLimits,
    ) -> Result<FetchResponse, FetchError> {
        self.0.fetch(request, &FetchLimits { interruptible: true, ..limits.clone() })
    }

    fn interrupt(&self) {
        self.0.interrupt();
    }
}

/// The network of [`FeedSources::offline`]: every fetch fails.
struct OfflineFetch;

impl Fetch for OfflineFetch {
    fn fetch(&self, request: &FetchRequest, _: &FetchLimits) -> Result<FetchResponse, FetchError> {
        Err(FetchError {
            host: url::host(&request.url).to_owned(),
            problem: FetchProblem::NoNetwork,
        })
    }
}

/// Reads a document from a file; of a longer one, the first `limit` bytes.
fn read_file(path: &Path, limit: u64) -> Result<FetchResponse, String> {
    let to_sentence = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let mut body = Vec::new();
    let file = open_regular_file(path).map_err(to_sentence)?;
    file.take(limit + 1).read_to_end(&mut body).map_err(to_sentence)?;
    Ok(local_response(&refresh::path_to_file_url(path), body, limit))
}

/// Builds the response of a local source. `body` has more than `limit` bytes if the document is
/// longer than that.
fn local_response(url: &str, mut body: Vec<u8>, limit: u64) -> FetchResponse {
    let truncated = body.len() as u64 > limit;
    body.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    FetchResponse::from_body(url, body, truncated)
}
