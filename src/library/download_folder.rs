//! The folder of downloaded episodes: which file belongs to which article.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use super::{
    episode::Episode,
    episode_names::{EpisodeName, numbered},
    password_source::read_feed_password,
    user_files::expand_user_path,
};
use crate::{
    model::{Download, EntryId, Failure, FailureKind, Validators, io_error_reason},
    net::FetchRequest,
    refresh::build_request,
    store::{LibraryLocation, ReadConnection, StoreError},
};

/// Maximum number of files of the same name, but for a number.
const MAX_SAME_NAMES: usize = 1_000;

/// The folder of downloads, as the settings describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadFolder {
    /// The folder.
    pub folder: PathBuf,
    /// The template of the names of files below it.
    pub template: String,
    /// Maximum length of a file, in bytes.
    pub max_bytes: u64,
}

/// A download that is about to begin, or to go on.
#[derive(Debug, Clone)]
pub struct DownloadPlan {
    /// The download, as far as it is known.
    pub download: Download,
    /// The title of the article.
    pub title: String,
    /// The path of the file once it is complete.
    pub(super) target: PathBuf,
    /// The request for the file, without what is here of it.
    pub(super) request: FetchRequest,
    pub(super) max_bytes: u64,
}

impl DownloadFolder {
    /// Returns the folder that the user names, or else the one of the library.
    ///
    /// # Errors
    ///
    /// Fails if the name is no path, and for a library in memory without a named folder.
    pub fn of_library(
        location: &LibraryLocation,
        folder: &str,
        template: &str,
        max_mb: u32,
    ) -> Result<DownloadFolder, Failure> {
        let failure = |reason: &str| {
            let sentence = format!("There is no folder for downloads: {reason}");
            Failure::new(FailureKind::Settings, sentence)
        };
        let folder = if folder.trim().is_empty() {
            let reason = "the library is not on a disk; name one with the setting podcasts.folder";
            location.download_folder().ok_or_else(|| failure(reason))?
        } else {
            expand_user_path(folder.trim())
                .map_err(|reason| failure(&format!("“{folder}” {reason}")))?
        };
        let max_bytes = u64::from(max_mb) << 20;
        Ok(DownloadFolder { folder, template: template.to_owned(), max_bytes })
    }

    /// Returns the path of the file of a download. A name that leads out of the folder, which only a
    /// damaged library has, loses what leads there.
    pub fn path_of(&self, download: &Download) -> PathBuf {
        let parts = Path::new(&download.name).components();
        let inside = parts.filter(|part| matches!(part, Component::Normal(_)));
        self.folder.join(inside.collect::<PathBuf>())
    }

    /// Returns the downloaded file of an article; `None` if there is none, or if it was moved away.
    pub fn find_file(
        &self,
        reader: &ReadConnection,
        id: EntryId,
    ) -> Result<Option<PathBuf>, StoreError> {
        let finished = reader.load_download(id)?.filter(|download| download.is_finished);
        Ok(finished.map(|download| self.path_of(&download)).filter(|path| path.is_file()))
    }

    /// Plans the download of an episode beside those of `others`; `None` if its file is there. The
    /// password of a feed may be among `variables`, those of the environment.
    ///
    /// # Errors
    ///
    /// Fails if the library or the password cannot be read.
    pub fn plan(
        &self,
        reader: &ReadConnection,
        episode: &Episode,
        others: &[DownloadPlan],
        variables: &[(String, String)],
    ) -> Result<Option<DownloadPlan>, Failure> {
        let id = episode.entry.id;
        if self.find_file(reader, id)?.is_some() {
            return Ok(None);
        }
        let begun = reader.load_download(id)?;
        let begun = begun.filter(|begun| begun.url == episode.file.url && !begun.is_finished);
        let download = match begun {
            Some(begun) => begun,
            None => Download {
                entry: id,
                url: episode.file.url.clone(),
                name: self.choose_name(reader, episode, others)?,
                length: None,
                validator: None,
                is_finished: false,
            },
        };
        let title = episode.entry.title.clone();
        let password = read_feed_password(&episode.login, variables)
            .map_err(|reason| download_failure(&title, &reason))?;
        let unknown = Validators::default();
        let (request, _) = build_request(&download.url, &episode.login, &unknown, password);
        Ok(Some(DownloadPlan {
            target: self.path_of(&download),
            download,
            title,
            request: FetchRequest { trust: episode.trust, ..request },
            max_bytes: self.max_bytes,
        }))
    }

    /// Chooses a name that no other file has.
    pub(in crate::library) fn choose_name(
        &self,
        reader: &ReadConnection,
        episode: &Episode,
        others: &[DownloadPlan],
    ) -> Result<String, Failure> {
        let (id, day, extension) = (episode.entry.id, episode.day(), episode.extension());
        let name = EpisodeName {
            feed: &episode.feed,
            title: &episode.entry.title,
            date: &day,
            number: id.0,
            extension: &extension,
        };
        let first = name.fill(&self.template);
        for number in 1..=MAX_SAME_NAMES {
            let name = if number == 1 { first.clone() } else { numbered(&first, number) };
            let path = self.folder.join(&name);
            let is_planned = others.iter().any(|other| other.download.name == name);
            let is_taken = is_planned || path.exists() || partial_path(&path).exists();
            if !is_taken && !reader.is_download_name_taken(id, &name)? {
                return Ok(name);
            }
        }
        let sentence = format!("{} has too many files named {first}", self.folder.display());
        Err(Failure::new(FailureKind::File, sentence))
    }

    /// Deletes the file of a download, whole or not.
    ///
    /// # Errors
    ///
    /// Fails if the system refuses it. A file that is not there is no error.
    pub fn delete_file(&self, download: &Download) -> Result<(), Failure> {
        let path = self.path_of(download);
        for path in [partial_path(&path), path] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    let reason = io_error_reason(&error);
                    let sentence = format!("Cannot delete {}: {reason}", path.display());
                    return Err(Failure::new(FailureKind::File, sentence));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Returns the path of a file while it is incomplete.
pub(super) fn partial_path(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    target.with_file_name(name)
}

/// Returns the failure of the download of an episode.
pub(super) fn download_failure(title: &str, reason: &str) -> Failure {
    Failure::new(FailureKind::Feed, format!("Cannot download “{title}”: {reason}"))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{
        model::{
            AttachedFile, Attachments, BodyFormat, Change, EntryBody, FeedKind, FetchOptions,
            NewEntry, PublicationDate, Subscription,
        },
        store::{EntryUpsert, IngestBatch, WriteConnection},
    };

    fn episode_at(url: &str) -> EntryUpsert {
        let file = AttachedFile {
            url: url.to_owned(),
            media_type: Some("audio/mpeg".to_owned()),
            ..AttachedFile::default()
        };
        let entry = NewEntry {
            guid: url.to_owned(),
            digest: 1,
            title: "Fog".to_owned(),
            link: None,
            author: None,
            published: PublicationDate::Instant(DateTime::UNIX_EPOCH),
            tags: Vec::new(),
            body: EntryBody { format: BodyFormat::Plain, text: String::new() },
            attachments: Attachments { files: vec![file], ..Attachments::default() },
            page_article: None,
        };
        EntryUpsert::new(entry, 0, None)
    }

    #[test]
    fn login_of_a_feed_goes_with_the_files_of_its_origin_only() {
        let location = LibraryLocation::Memory("download-login".to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        let url = "https://pod.example/feed";
        let feed = store.add_feed(FeedKind::Web, url, "Tides").unwrap().feed;
        let fetch = FetchOptions {
            user: Some("ann".to_owned()),
            password_source: Some("env:POD".to_owned()),
            headers: vec!["X-Key: 7".to_owned()],
            ..FetchOptions::default()
        };
        let after = Subscription { fetch, ..Subscription::default() };
        let change = Change::set_subscription(feed, Subscription::default(), after);
        store.apply_change(&change, DateTime::UNIX_EPOCH).unwrap();
        let files = [
            ("https://pod.example/1.mp3", true),
            ("http://pod.example/2.mp3", false),
            ("https://cdn.example/3.mp3", false),
            ("https://pod.example:8443/4.mp3", false),
        ];
        let upserts = files.iter().map(|(file, _)| episode_at(file)).collect();
        let batch = IngestBatch { feed, upserts, missing_files: Vec::new() };
        store.ingest_batch(&batch, DateTime::UNIX_EPOCH).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let folder = DownloadFolder {
            folder: PathBuf::from("/nowhere"),
            template: "{title}".to_owned(),
            max_bytes: 1,
        };
        let variables = [("POD".to_owned(), "secret".to_owned())];
        for id in 1..=4 {
            let episode = Episode::load(&reader, EntryId(id)).unwrap();
            let plan = folder.plan(&reader, &episode, &[], &variables).unwrap().unwrap();
            let gets_login = files.contains(&(episode.file.url.as_str(), true));
            assert_eq!(plan.request.url, episode.file.url);
            assert_eq!(plan.request.credentials.is_some(), gets_login, "{}", episode.file.url);
            assert_eq!(!plan.request.headers.is_empty(), gets_login, "{}", episode.file.url);
            let without = folder.plan(&reader, &episode, &[], &[]);
            assert_eq!(without.is_err(), gets_login, "a password that is missing is named");
        }
    }
}
