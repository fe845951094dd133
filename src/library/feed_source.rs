//! Where the document of a feed comes from: the network, a file, or a program of the user's own.

use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, mpsc::sync_channel},
    thread,
    time::Duration,
};

use chrono::TimeDelta;

use crate::{
    extract::ExtractionRule,
    model::{Feed, FeedKind, Validators},
    net::{
        Fetch, FetchError, FetchLimits, FetchProblem, FetchRequest, FetchResponse, MemoryBudget,
    },
    refresh::{self, file_url_to_path},
    text::url,
};

/// Time that a program may take.
const PROGRAM_TIMEOUT: Duration = Duration::from_secs(60);

/// Bytes that large documents may take together until they are read: as much as two of the usual limit.
pub const RESPONSE_MEMORY_BYTES: usize = 33 << 20;

/// Bytes of a file with a password.
const MAX_PASSWORD_BYTES: u64 = 4096;

/// What feeds are read with.
#[derive(Clone)]
pub struct FeedSources {
    /// The network.
    pub http: Arc<dyn Fetch>,
    /// The user's own programs, by name: what to start, with what arguments.
    pub programs: BTreeMap<String, Vec<String>>,
    /// Where the articles of sites are, as the user says.
    pub extract_rules: Vec<ExtractionRule>,
    /// Time between two refreshes of a feed that has none of its own.
    pub default_interval: TimeDelta,
    /// The memory that documents may take together until they are read.
    pub memory_budget: MemoryBudget,
    /// The variables of the environment, in which passwords may be.
    pub variables: Vec<(String, String)>,
}

impl FeedSources {
    /// Files and folders only: every fetch fails for want of a network.
    pub fn offline() -> FeedSources {
        FeedSources {
            http: Arc::new(OfflineFetch),
            programs: BTreeMap::new(),
            extract_rules: Vec::new(),
            default_interval: TimeDelta::zero(),
            memory_budget: MemoryBudget::new(RESPONSE_MEMORY_BYTES),
            variables: Vec::new(),
        }
    }

    /// Time between two refreshes of `feed`.
    pub fn refresh_interval(&self, feed: &Feed) -> TimeDelta {
        feed.subscription
            .refresh_minutes
            .map_or(self.default_interval, |minutes| TimeDelta::minutes(minutes.into()))
    }

    /// Asks for the document of `feed`.
    pub fn fetch_feed(
        &self,
        feed: &Feed,
        validators: &Validators,
    ) -> Result<FetchResponse, FetchError> {
        let wrong = |sentence: String| FetchError {
            host: feed.display_name().to_owned(),
            problem: FetchProblem::Other(sentence),
        };
        let password = feed
            .subscription
            .fetch
            .password_source
            .as_deref()
            .map(|place| self.read_password(place));
        let password = password.transpose().map_err(wrong)?;
        let (request, limits) = refresh::build_request(feed, validators, password);
        let limits = FetchLimits { memory_budget: Some(self.memory_budget.clone()), ..limits };
        match (feed.kind, file_url_to_path(&feed.url)) {
            (FeedKind::Program, _) => {
                self.run_program(&feed.url, limits.max_body_bytes).map_err(wrong)
            }
            (_, Some(path)) => read_file(&path, limits.max_body_bytes).map_err(wrong),
            (_, None) => self.http.fetch(&request, &limits),
        }
    }

    /// Fetches what is at an address that the user gave.
    pub fn fetch_url(&self, url: &str) -> Result<FetchResponse, FetchError> {
        self.http.fetch(&FetchRequest::user_supplied(url), &FetchLimits::default())
    }

    /// The password at `place`: `env:NAME`, or `file:PATH` of a file that nobody else can read.
    fn read_password(&self, place: &str) -> Result<String, String> {
        if let Some(name) = place.strip_prefix("env:") {
            let value = self
                .variables
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone());
            return value.ok_or_else(|| {
                format!("the environment has no {name}, where its password should be")
            });
        }
        let Some(path) = place.strip_prefix("file:") else {
            return Err("its password is neither env:NAME nor file:PATH".to_owned());
        };
        let failed =
            |error: std::io::Error| format!("cannot read its password from {path}: {error}");
        let file = fs::File::open(path).map_err(failed)?;
        if is_readable_by_others(&file) {
            return Err(format!("others can read its password in {path}: chmod 600 it"));
        }
        let mut text = String::new();
        file.take(MAX_PASSWORD_BYTES).read_to_string(&mut text).map_err(failed)?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Runs the program `exec:NAME`, as the user's settings spell it out. No shell is between, and nothing that came
    /// from outside is among its arguments.
    fn run_program(&self, url: &str, limit: u64) -> Result<FetchResponse, String> {
        let name = url.strip_prefix("exec:").unwrap_or(url);
        let argv = self
            .programs
            .get(name)
            .ok_or_else(|| format!("the settings have no program “{name}” under [programs]"))?;
        let (program, arguments) =
            argv.split_first().ok_or_else(|| format!("the program “{name}” is empty"))?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{program} could not be started: {error}"))?;
        let mut out = child.stdout.take().ok_or_else(|| format!("{program} has no output"))?;
        let (done, read) = sync_channel(1);
        let reading = move || {
            let mut body = Vec::new();
            let _ = out.by_ref().take(limit + 1).read_to_end(&mut body);
            let _ = done.send(body);
        };
        thread::Builder::new()
            .name("job program".to_owned())
            .spawn(reading)
            .map_err(|error| error.to_string())?;
        let body = read.recv_timeout(PROGRAM_TIMEOUT);
        if body.is_err() {
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| error.to_string())?;
        let body = body
            .map_err(|_| format!("{program} took longer than {} s", PROGRAM_TIMEOUT.as_secs()))?;
        if !status.success() {
            return Err(format!("{program} failed: {status}"));
        }
        Ok(local_response(url, body, limit))
    }
}

/// No network.
struct OfflineFetch;

impl Fetch for OfflineFetch {
    fn fetch(&self, request: &FetchRequest, _: &FetchLimits) -> Result<FetchResponse, FetchError> {
        Err(FetchError {
            host: url::host(&request.url).to_owned(),
            problem: FetchProblem::NoNetwork,
        })
    }
}

/// A document in a file.
fn read_file(path: &Path, limit: u64) -> Result<FetchResponse, String> {
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let mut body = Vec::new();
    fs::File::open(path).map_err(failed)?.take(limit + 1).read_to_end(&mut body).map_err(failed)?;
    Ok(local_response(&refresh::path_to_file_url(path), body, limit))
}

fn local_response(url: &str, mut body: Vec<u8>, limit: u64) -> FetchResponse {
    let truncated = body.len() as u64 > limit;
    body.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    FetchResponse::from_body(url, body, truncated)
}

#[cfg(unix)]
fn is_readable_by_others(file: &fs::File) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_readable_by_others(_: &fs::File) -> bool {
    false
}
