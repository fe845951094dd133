//! The downloads of another reader: the queue, the episodes that were played, and the files.

use std::{
    collections::HashSet,
    fs, io,
    path::{Component, Path},
};

use super::import_run::ImportRun;
use crate::{
    library::{download_folder::DownloadFolder, episode::Episode},
    model::{
        Download, DownloadState, EpisodeFile, Failure, FailureKind, ImportReport, ImportedDownload,
        ImportedMarks, NoteKind, TagName, io_error_reason,
    },
    store::{FileOwner, ReadConnection, StoreError, WriteConnection},
};

impl ImportRun<'_> {
    /// Collects the marks that downloads mean for the articles that come with their files, and notes the
    /// files that are to be connected.
    pub(super) fn mark_episodes(
        &mut self,
        downloads: &[ImportedDownload],
    ) -> Result<(), StoreError> {
        if downloads.is_empty() {
            return Ok(());
        }
        let urls: HashSet<&str> = downloads.iter().map(|download| &*download.url).collect();
        let mut owners = self.store.find_file_owners(&urls)?;
        for download in downloads {
            if let Some(owner) = owners.get_mut(&download.url) {
                self.mark_episode(download, owner);
                continue;
            }
            let reason = "no article of your feeds comes with this file";
            self.note_download(NoteKind::NotTaken, download, reason);
        }
        Ok(())
    }

    fn mark_episode(&mut self, download: &ImportedDownload, owner: &mut FileOwner) {
        let has_file = match download.state {
            DownloadState::Queued => false,
            DownloadState::Partial => {
                let reason = "the file is fetched from its beginning";
                self.note_download(NoteKind::Changed, download, reason);
                false
            }
            DownloadState::Downloaded | DownloadState::Played => true,
            DownloadState::Failed => {
                let reason = "its file was deleted or could not be fetched; it is not queued";
                return self.note_download(NoteKind::NoCounterpart, download, reason);
            }
        };
        if has_file {
            self.report
                .episode_files
                .push(EpisodeFile { entry: owner.entry, download: download.clone() });
        }
        let (is_played, was_played) = (download.state == DownloadState::Played, owner.is_played);
        let counts = &mut self.report.episodes;
        let (tag, is_marked, count) = if is_played {
            (TagName::played(), &mut owner.is_played, &mut counts.played)
        } else {
            (TagName::queue(), &mut owner.is_queued, &mut counts.queued)
        };
        if *is_marked || was_played {
            counts.known += 1;
            return;
        }
        *is_marked = true;
        *count += 1;
        let marks = ImportedMarks { tags: vec![tag], ..ImportedMarks::default() };
        self.marks.add(owner.entry, &marks);
    }

    fn note_download(&mut self, kind: NoteKind, download: &ImportedDownload, reason: &str) {
        self.report.note(kind, download.place.clone(), download.url.as_str(), reason);
    }
}

/// Counts the files that [`connect_episode_files`] would connect.
pub fn count_episode_files(report: &mut ImportReport) {
    let is_there = |file: &&EpisodeFile| Path::new(&file.download.path).is_file();
    report.episodes.files = report.episode_files.iter().filter(is_there).count() as u64;
}

/// Connects the files that another reader has downloaded with their articles, and counts them. One that is
/// outside of the download folder gets a second name there, so that both readers have it.
///
/// Undo does not take this back.
///
/// # Errors
///
/// Fails if the library cannot be read or written. A file that cannot be connected is noted in the report.
pub fn connect_episode_files(
    (store, reader): (&mut WriteConnection, &ReadConnection),
    folder: &DownloadFolder,
    report: &mut ImportReport,
) -> Result<(), StoreError> {
    for file in std::mem::take(&mut report.episode_files) {
        if folder.find_file(reader, file.entry)?.is_some() {
            continue;
        }
        let (path, place) = (Path::new(&file.download.path), file.download.place.clone());
        let is_played = file.download.state == DownloadState::Played;
        let Some(length) = path.metadata().ok().filter(fs::Metadata::is_file) else {
            // What was played is often deleted.
            if !is_played {
                let reason = format!("there is no file {}", path.display());
                report.note(NoteKind::NotTaken, place, file.download.url, reason);
            }
            continue;
        };
        match name_in_folder(reader, folder, &file) {
            Ok(name) => {
                store.save_download(&Download {
                    entry: file.entry,
                    url: file.download.url,
                    name,
                    length: Some(length.len()),
                    validator: None,
                    is_finished: true,
                })?;
                report.episodes.files += 1;
            }
            Err(failure) => {
                report.note(NoteKind::NotTaken, place, file.download.url, failure.summary);
            }
        }
    }
    Ok(())
}

/// Returns the name of a file below the download folder, in which it gets one if it is elsewhere.
fn name_in_folder(
    reader: &ReadConnection,
    folder: &DownloadFolder,
    file: &EpisodeFile,
) -> Result<String, Failure> {
    let path = Path::new(&file.download.path);
    if let Some(name) = path.strip_prefix(&folder.folder).ok().and_then(plain_name) {
        if reader.is_download_name_taken(file.entry, &name)? {
            let sentence = format!("{name} is the file of another article");
            return Err(Failure::new(FailureKind::File, sentence));
        }
        return Ok(name);
    }
    let episode = Episode::load(reader, file.entry)?;
    let name = folder.choose_name(reader, &episode, &[])?;
    let target = folder.folder.join(&name);
    let parent = target.parent().unwrap_or(&folder.folder);
    let linked = fs::create_dir_all(parent).and_then(|()| link_file(path, &target));
    linked.map(|()| name).map_err(|error| {
        let reason = io_error_reason(&error);
        let sentence = format!("{} cannot be made: {reason}", target.display());
        Failure::new(FailureKind::File, sentence)
    })
}

/// Returns a relative path with `/` between its parts; `None` if it leads elsewhere or is not UTF-8.
fn plain_name(path: &Path) -> Option<String> {
    let part = |part: Component<'_>| match part {
        Component::Normal(name) => name.to_str().map(str::to_owned),
        _ => None,
    };
    let parts: Vec<String> = path.components().map(part).collect::<Option<_>>()?;
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// Gives a file a second name; on another disk, where that is not possible, a symbolic link.
fn link_file(path: &Path, target: &Path) -> io::Result<()> {
    fs::hard_link(path, target).or_else(|error| {
        #[cfg(unix)]
        return match error.kind() {
            io::ErrorKind::AlreadyExists => Err(error),
            _ => std::os::unix::fs::symlink(path.canonicalize()?, target),
        };
        #[cfg(not(unix))]
        Err(error)
    })
}
