//! Where the document of a feed comes from: the network, a file, or a program of the user's own.

use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use chrono::TimeDelta;
use crossbeam_channel::bounded;

use crate::{
    extract::Rule,
    model::{Feed, FeedKind, Validators},
    net::{Fetch, FetchError, Limits, Problem, Request, Response, Room},
    refresh::{self, file_path},
    text::address,
};

/// Time that a program may take.
const PROGRAM: Duration = Duration::from_secs(60);

/// Bytes that large documents may take together until they are read: as much as two of the usual limit.
pub const ROOM: usize = 33 << 20;

/// Bytes of a file with a password.
const MAX_PASSWORD: u64 = 4096;

/// What feeds are read with.
#[derive(Clone)]
pub struct Sources {
    /// The network.
    pub fetch: Arc<dyn Fetch>,
    /// The user's own programs, by name: what to start, with what arguments.
    pub programs: BTreeMap<String, Vec<String>>,
    /// Where the articles of sites are, as the user says.
    pub rules: Vec<Rule>,
    /// Time between two refreshes of a feed that has none of its own.
    pub every: TimeDelta,
    /// The memory that documents may take together until they are read.
    pub room: Room,
    /// The variables of the environment, in which passwords may be.
    pub variables: Vec<(String, String)>,
}

impl Sources {
    /// Files and folders only: every fetch fails for want of a network.
    pub fn offline() -> Sources {
        Sources {
            fetch: Arc::new(Offline),
            programs: BTreeMap::new(),
            rules: Vec::new(),
            every: TimeDelta::zero(),
            room: Room::new(ROOM),
            variables: Vec::new(),
        }
    }

    /// Time between two refreshes of `feed`.
    pub fn every(&self, feed: &Feed) -> TimeDelta {
        feed.subscription.every.map_or(self.every, |minutes| TimeDelta::minutes(minutes.into()))
    }

    /// Asks for the document of `feed`.
    pub fn ask(&self, feed: &Feed, validators: &Validators) -> Result<Response, FetchError> {
        let wrong =
            |sentence: String| FetchError { host: feed.name().to_owned(), problem: Problem::Other(sentence) };
        let password = feed.subscription.fetch.password.as_deref().map(|place| self.password(place));
        let password = password.transpose().map_err(wrong)?;
        let (request, limits) = refresh::request(feed, validators, password);
        let limits = Limits { room: Some(self.room.clone()), ..limits };
        match (feed.kind, file_path(&feed.url)) {
            (FeedKind::Program, _) => self.program(&feed.url, limits.bytes).map_err(wrong),
            (_, Some(path)) => file(&path, limits.bytes).map_err(wrong),
            (_, None) => self.fetch.fetch(&request, &limits),
        }
    }

    /// Fetches what is at an address that the user gave.
    pub fn fetch(&self, url: &str) -> Result<Response, FetchError> {
        self.fetch.fetch(&Request::given(url), &Limits::default())
    }

    /// The password at `place`: `env:NAME`, or `file:PATH` of a file that nobody else can read.
    fn password(&self, place: &str) -> Result<String, String> {
        if let Some(name) = place.strip_prefix("env:") {
            let value =
                self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
            return value
                .ok_or_else(|| format!("the environment has no {name}, where its password should be"));
        }
        let Some(path) = place.strip_prefix("file:") else {
            return Err("its password is neither env:NAME nor file:PATH".to_owned());
        };
        let failed = |error: std::io::Error| format!("cannot read its password from {path}: {error}");
        let file = fs::File::open(path).map_err(failed)?;
        if is_open_to_others(&file) {
            return Err(format!("others can read its password in {path}: chmod 600 it"));
        }
        let mut text = String::new();
        file.take(MAX_PASSWORD).read_to_string(&mut text).map_err(failed)?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Runs the program `exec:NAME`, as the user's settings spell it out. No shell is between, and nothing that came
    /// from outside is among its arguments.
    fn program(&self, url: &str, limit: u64) -> Result<Response, String> {
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
        let (done, read) = bounded(1);
        let reading = move || {
            let mut body = Vec::new();
            let _ = out.by_ref().take(limit + 1).read_to_end(&mut body);
            let _ = done.send(body);
        };
        thread::Builder::new()
            .name("job program".to_owned())
            .spawn(reading)
            .map_err(|error| error.to_string())?;
        let body = read.recv_timeout(PROGRAM);
        if body.is_err() {
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| error.to_string())?;
        let body = body.map_err(|_| format!("{program} took longer than {} s", PROGRAM.as_secs()))?;
        if !status.success() {
            return Err(format!("{program} failed: {status}"));
        }
        Ok(whole(url, body, limit))
    }
}

/// No network.
struct Offline;

impl Fetch for Offline {
    fn fetch(&self, request: &Request, _: &Limits) -> Result<Response, FetchError> {
        Err(FetchError { host: address::host(&request.url).to_owned(), problem: Problem::NoNetwork })
    }
}

/// A document in a file.
fn file(path: &Path, limit: u64) -> Result<Response, String> {
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let mut body = Vec::new();
    fs::File::open(path).map_err(failed)?.take(limit + 1).read_to_end(&mut body).map_err(failed)?;
    Ok(whole(&refresh::file_address(path), body, limit))
}

fn whole(url: &str, mut body: Vec<u8>, limit: u64) -> Response {
    let truncated = body.len() as u64 > limit;
    body.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Response::found(url, body, truncated)
}

#[cfg(unix)]
fn is_open_to_others(file: &fs::File) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &fs::File) -> bool {
    false
}
