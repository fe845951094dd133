//! One download: a request, and further ones that go on where it was cut off.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crossbeam_channel::Sender;

use super::{
    clock::monotonic_now,
    download_folder::{DownloadPlan, download_failure, partial_path},
    free_space::available_bytes,
};
use crate::{
    model::{Download, EntryId, Failure, io_error_reason},
    net::{ByteRange, Fetch, FetchLimits, FetchRequest, FetchResponse, ResponseSink},
    store::create_private_folder,
};

/// Time limit of one request. A connection that sends nothing is given up long before.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(6 * 3600);

/// Maximum number of requests for one file: each goes on where the last one was cut off.
const MAX_REQUESTS: usize = 10;

/// Number of bytes that a request must bring for another one to follow it.
const MIN_PROGRESS_BYTES: u64 = 64 << 10;

/// Bytes of the disk that downloads leave to others.
const RESERVED_BYTES: u64 = 100 << 20;

/// Time between two reports of the progress.
const REPORT_INTERVAL: Duration = Duration::from_millis(200);

/// An event of a download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DownloadEvent {
    /// The server has begun to send. What is known of the file is to be stored, so that the download can
    /// go on later.
    Begun(Download),
    /// So many bytes of the file are here.
    Received {
        /// The article.
        entry: EntryId,
        /// The bytes that are here.
        bytes: u64,
        /// The length of the file, if it is known.
        length: Option<u64>,
    },
    /// The file is complete.
    Finished(Download),
    /// The download has failed; what has arrived stays.
    Failed {
        /// The article.
        entry: EntryId,
        /// The failure.
        failure: Failure,
    },
}

impl DownloadEvent {
    /// Returns the article of the download.
    pub fn entry(&self) -> EntryId {
        match self {
            DownloadEvent::Begun(download) | DownloadEvent::Finished(download) => download.entry,
            DownloadEvent::Received { entry, .. } | DownloadEvent::Failed { entry, .. } => *entry,
        }
    }

    /// Returns whether it is the last event of its download.
    pub fn is_last(&self) -> bool {
        matches!(self, DownloadEvent::Finished(_) | DownloadEvent::Failed { .. })
    }
}

/// The way of a download's events to whoever waits for it.
pub(super) struct EventLink {
    pub(super) events: Sender<DownloadEvent>,
    pub(super) cancel: Arc<AtomicBool>,
}

impl EventLink {
    /// Sends an event; returns false if nobody waits for it any more.
    fn send(&self, event: DownloadEvent) -> bool {
        !self.cancel.load(Ordering::Relaxed) && self.events.send(event).is_ok()
    }
}

/// The reason why a request did not bring the rest of the file.
enum DownloadProblem {
    /// Another request may bring the rest.
    Cut(String),
    /// The server has another file than the one whose beginning is here.
    Changed,
    /// Nobody waits for the file any more.
    Cancelled,
    /// Trying again would not help.
    Refused(String),
}

/// Fetches a file, and reports its end.
pub(super) fn run_download(http: &dyn Fetch, plan: &DownloadPlan, link: &EventLink) {
    let entry = plan.download.entry;
    let result = fetch_file(http, plan, link);
    let result = result.map_err(|reason| download_failure(&plan.title, &reason));
    link.send(match result {
        Ok(download) => DownloadEvent::Finished(download),
        Err(failure) => DownloadEvent::Failed { entry, failure },
    });
}

/// Fetches a file with as many requests as it takes.
fn fetch_file(http: &dyn Fetch, plan: &DownloadPlan, link: &EventLink) -> Result<Download, String> {
    let mut download = plan.download.clone();
    let partial = partial_path(&plan.target);
    let mut reason = String::new();
    for _ in 0..MAX_REQUESTS {
        let start = match download.validator {
            Some(_) => partial.metadata().map_or(0, |metadata| metadata.len()),
            None => 0,
        };
        let mut writer = PartWriter::new(plan, download, partial.clone(), link, start);
        let fetched = writer.fetch_rest(http);
        let progress = writer.received.saturating_sub(start);
        download = writer.finish()?;
        match fetched {
            Ok(()) => {
                fs::rename(&partial, &plan.target).map_err(|error| io_error_reason(&error))?;
                return Ok(Download { is_finished: true, ..download });
            }
            Err(DownloadProblem::Cut(error)) if progress >= MIN_PROGRESS_BYTES => reason = error,
            Err(DownloadProblem::Changed) if start > 0 => download.validator = None,
            Err(DownloadProblem::Changed) => return Err("the server sends another file".to_owned()),
            Err(DownloadProblem::Cancelled) => return Err("it was stopped".to_owned()),
            Err(DownloadProblem::Cut(error) | DownloadProblem::Refused(error)) => {
                return Err(error);
            }
        }
    }
    Err(reason)
}

/// Writes the rest of a file as it arrives.
struct PartWriter<'a> {
    plan: &'a DownloadPlan,
    link: &'a EventLink,
    download: Download,
    partial: PathBuf,
    file: Option<File>,
    /// The first byte that is asked for.
    start: u64,
    /// The bytes of the file that are here.
    received: u64,
    reported_at: Option<Instant>,
    problem: Option<DownloadProblem>,
}

impl<'a> PartWriter<'a> {
    fn new(
        plan: &'a DownloadPlan,
        download: Download,
        partial: PathBuf,
        link: &'a EventLink,
        start: u64,
    ) -> PartWriter<'a> {
        PartWriter {
            plan,
            link,
            download,
            partial,
            file: None,
            start,
            received: start,
            reported_at: None,
            problem: None,
        }
    }

    /// Sends one request for the rest of the file.
    fn fetch_rest(&mut self, http: &dyn Fetch) -> Result<(), DownloadProblem> {
        let validator = self.download.validator.clone();
        let request = FetchRequest {
            range: Some(ByteRange { start: self.start, validator }),
            ..self.plan.request.clone()
        };
        let limits = FetchLimits {
            max_body_bytes: self.plan.max_bytes,
            total_timeout: REQUEST_TIMEOUT,
            ..FetchLimits::default()
        };
        let fetched = http.fetch_into(&request, &limits, self);
        if let Some(problem) = self.problem.take() {
            return Err(problem);
        }
        let response = fetched.map_err(|error| DownloadProblem::Cut(error.to_string()))?;
        match response.status {
            200..300 if response.truncated => Err(self.too_large(None)),
            200..300 => self.check_length(),
            // RFC 9110 §15.5.17: there is nothing behind what is here.
            416 if self.start > 0 && self.download.length == Some(self.start) => Ok(()),
            416 => Err(DownloadProblem::Changed),
            status => Err(DownloadProblem::Refused(format!("the server answered {status}"))),
        }
    }

    fn check_length(&self) -> Result<(), DownloadProblem> {
        match self.download.length {
            Some(length) if self.received < length => {
                let reason = "the connection was closed in the middle of the file";
                Err(DownloadProblem::Cut(reason.to_owned()))
            }
            Some(length) if self.received > length => Err(DownloadProblem::Changed),
            _ => Ok(()),
        }
    }

    fn too_large(&self, length: Option<u64>) -> DownloadProblem {
        let mib = |bytes: u64| bytes >> 20;
        let size = length.map_or_else(String::new, |length| format!(" of {} MB", mib(length)));
        DownloadProblem::Refused(format!(
            "the file{size} is larger than the setting podcasts.max_mb allows ({})",
            mib(self.plan.max_bytes)
        ))
    }

    /// Writes what is still in memory to the disk, and returns what is known of the file.
    fn finish(self) -> Result<Download, String> {
        if let Some(file) = self.file {
            file.sync_all().map_err(|error| io_error_reason(&error))?;
        }
        Ok(self.download)
    }

    /// Decides about a response by its headers, and opens the file.
    fn accept(&mut self, head: &FetchResponse) -> Result<(), DownloadProblem> {
        let headers = &head.headers;
        if headers.content_type.as_deref().is_some_and(|kind| kind.starts_with("text/html")) {
            let reason = "the server sends a web page in place of the file";
            return Err(DownloadProblem::Refused(reason.to_owned()));
        }
        let is_coded = headers.content_encoding.is_some();
        let length = if head.status == 206 {
            let range = headers.content_range.as_deref().and_then(parse_content_range);
            let (first, length) = range.ok_or(DownloadProblem::Changed)?;
            if first != self.start || is_coded {
                return Err(DownloadProblem::Changed);
            }
            length
        } else {
            self.received = 0;
            headers.content_length.filter(|_| !is_coded)
        };
        if length.is_some_and(|length| length > self.plan.max_bytes) {
            return Err(self.too_large(length));
        }
        let strong = headers.etag.clone().filter(|tag| !tag.starts_with("W/"));
        let validator = strong.or_else(|| headers.last_modified.clone());
        self.download.validator = validator.filter(|_| !is_coded);
        self.download.length = length;
        self.open_file(length.unwrap_or(0).saturating_sub(self.received))
    }

    /// Opens the file, behind what is here of it, for as many more bytes.
    fn open_file(&mut self, more_bytes: u64) -> Result<(), DownloadProblem> {
        let folder = self.partial.parent().unwrap_or(&self.partial);
        let refuse = |error: std::io::Error| {
            let reason = io_error_reason(&error);
            DownloadProblem::Refused(format!("{}: {reason}", self.partial.display()))
        };
        create_private_folder(folder).map_err(refuse)?;
        let available = available_bytes(folder);
        if let Some(room) = available.filter(|room| *room < more_bytes + RESERVED_BYTES) {
            return Err(DownloadProblem::Refused(format!(
                "it needs {} MB, and the disk has {} MB left",
                more_bytes >> 20,
                room >> 20
            )));
        }
        let mut options = OpenOptions::new();
        let options = options.create(true).write(true).truncate(self.received == 0);
        let file = options.append(self.received > 0).open(&self.partial).map_err(refuse)?;
        self.file = Some(file);
        if self.link.send(DownloadEvent::Begun(self.download.clone())) {
            Ok(())
        } else {
            Err(DownloadProblem::Cancelled)
        }
    }

    /// Writes a part of the file, and reports the progress now and then.
    fn take_part(&mut self, part: &[u8]) -> Result<(), DownloadProblem> {
        if self.link.cancel.load(Ordering::Relaxed) {
            return Err(DownloadProblem::Cancelled);
        }
        self.received += part.len() as u64;
        if self.received > self.plan.max_bytes {
            return Err(self.too_large(None));
        }
        if let Some(file) = &mut self.file {
            let written = file.write_all(part);
            written.map_err(|error| DownloadProblem::Refused(io_error_reason(&error)))?;
        }
        if self.reported_at.is_none_or(|at| at.elapsed() >= REPORT_INTERVAL) {
            self.reported_at = Some(monotonic_now());
            let (bytes, length) = (self.received, self.download.length);
            let entry = self.download.entry;
            self.link.send(DownloadEvent::Received { entry, bytes, length });
        }
        Ok(())
    }
}

impl ResponseSink for PartWriter<'_> {
    fn begin(&mut self, head: &FetchResponse) -> bool {
        self.problem = self.accept(head).err();
        self.problem.is_none()
    }

    fn write(&mut self, part: &[u8]) -> bool {
        self.problem = self.take_part(part).err();
        self.problem.is_none()
    }
}

/// Parses `bytes 200-999/1000` (RFC 9110 §14.4): the first byte, and the length of the whole file unless
/// it is `*`.
fn parse_content_range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, length) = text.trim().strip_prefix("bytes")?.trim().split_once('/')?;
    let (first, _) = range.split_once('-')?;
    let length = if length.trim() == "*" { None } else { Some(length.trim().parse().ok()?) };
    Some((first.trim().parse().ok()?, length))
}

#[cfg(test)]
mod tests {
    use super::parse_content_range;

    #[test]
    fn content_range_names_first_byte_and_length() {
        assert_eq!(parse_content_range("bytes 200-999/1000"), Some((200, Some(1000))));
        assert_eq!(parse_content_range("bytes 0-9/*"), Some((0, None)));
        for wrong in ["", "bytes */1000", "items 0-1/2", "bytes 5-9", "bytes -1-9/10"] {
            assert_eq!(parse_content_range(wrong), None, "{wrong}");
        }
    }
}
