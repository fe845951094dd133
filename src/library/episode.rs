//! The episode of an article: the file that is heard or seen.

use chrono::Local;

use crate::{
    model::{AttachedFile, Attachments, Entry, EntryId, Failure, FailureKind, FetchOptions},
    store::ReadConnection,
    text::{UrlTrust, url},
};

/// Extensions of sounds and films, for files whose media type says nothing.
const EXTENSIONS: [&str; 16] = [
    "mp3", "m4a", "m4b", "aac", "ogg", "oga", "opus", "wav", "flac", "mp4", "m4v", "mov", "webm",
    "ogv", "mkv", "avi",
];

/// Media types of sounds and films, with the extensions of their files. The others are named after the
/// second part of their type.
const TYPE_EXTENSIONS: [(&str, &str); 9] = [
    ("audio/mpeg", "mp3"),
    ("audio/mp4", "m4a"),
    ("audio/x-m4a", "m4a"),
    ("audio/x-m4b", "m4b"),
    ("audio/x-wav", "wav"),
    ("video/quicktime", "mov"),
    ("video/x-m4v", "m4v"),
    ("video/x-matroska", "mkv"),
    ("application/ogg", "ogg"),
];

/// An article with the file of it that is heard or seen.
#[derive(Debug, Clone)]
pub struct Episode {
    /// The article.
    pub entry: Entry,
    /// The name of its feed.
    pub feed: String,
    /// The file.
    pub file: AttachedFile,
    /// The trust in the URL of the file.
    pub trust: UrlTrust,
    /// The login and the headers of the feed, if the file is at its origin: others must not get them.
    pub(super) login: FetchOptions,
}

impl Episode {
    /// Loads the episode of an article.
    ///
    /// # Errors
    ///
    /// Fails if there is no such article, or none of its files is a sound or a film.
    pub fn load(reader: &ReadConnection, id: EntryId) -> Result<Episode, Failure> {
        let entry = reader.load_entry(id)?.ok_or_else(|| {
            Failure::new(FailureKind::Library, format!("Article {id} is not in the library"))
        })?;
        let file = find_episode(&reader.load_attachments(id)?).ok_or_else(|| {
            let sentence = format!("“{}” comes with no sound or film", entry.title);
            Failure::new(FailureKind::Library, sentence)
        })?;
        let feeds = reader.list_feeds()?;
        let feed = feeds.iter().find(|feed| feed.id == entry.feed);
        let trust =
            UrlTrust::of_link(&file.url, feed.and_then(|feed| feed.network.private_origin()));
        let at_origin = feed.filter(|feed| url::same_origin(&feed.url, &file.url));
        let login = at_origin.map(|feed| feed.subscription.fetch.clone()).unwrap_or_default();
        let feed = feed.map_or_else(String::new, |feed| feed.display_name().to_owned());
        Ok(Episode { entry, feed, file, trust, login })
    }

    /// Returns the day of publication, as file names have it.
    pub(super) fn day(&self) -> String {
        self.entry.published.day_in(&Local).format("%Y-%m-%d").to_string()
    }

    /// Returns the extension of the file: that of its URL, or else that of its media type.
    pub(super) fn extension(&self) -> String {
        let extension = url::file_extension(&self.file.url);
        if EXTENSIONS.contains(&extension.as_str()) {
            return extension;
        }
        let media_type = media_type_of(&self.file);
        let known = TYPE_EXTENSIONS.iter().find(|(known, _)| *known == media_type);
        let subtype = media_type.rsplit('/').next().unwrap_or_default();
        let is_plain = subtype.chars().all(|c| c.is_ascii_alphanumeric());
        match known {
            Some((_, extension)) => (*extension).to_owned(),
            None if is_plain && (2..=5).contains(&subtype.len()) => subtype.to_owned(),
            None => "media".to_owned(),
        }
    }
}

/// Returns the first file of an article that is a sound or a film.
pub fn find_episode(attachments: &Attachments) -> Option<AttachedFile> {
    attachments.files.iter().find(|file| is_episode(file)).cloned()
}

fn is_episode(file: &AttachedFile) -> bool {
    let media_type = media_type_of(file);
    if media_type.is_empty() || media_type == "application/octet-stream" {
        return EXTENSIONS.contains(&url::file_extension(&file.url).as_str());
    }
    // A playlist is a stream, of which no file could be kept.
    let is_playlist = media_type.contains("mpegurl") || media_type.contains("scpls");
    let is_medium = ["audio", "video"].iter().any(|kind| media_type.starts_with(kind));
    (is_medium || media_type == "application/ogg") && !is_playlist
}

fn media_type_of(file: &AttachedFile) -> String {
    let media_type = file.media_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    media_type.split(';').next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(url: &str, media_type: &str) -> AttachedFile {
        let media_type = Some(media_type.to_owned()).filter(|text| !text.is_empty());
        AttachedFile { url: url.to_owned(), media_type, ..AttachedFile::default() }
    }

    #[test]
    fn episode_is_the_first_sound_or_film() {
        let files = vec![
            file("https://pod.example/cover.jpg", "image/jpeg"),
            file("https://pod.example/live.m3u8", "audio/mpegurl"),
            file("https://pod.example/1.torrent", "application/x-bittorrent"),
            file("https://pod.example/1.mp3?from=feed", "audio/mpeg; charset=binary"),
            file("https://pod.example/1.mp4", "video/mp4"),
        ];
        let attachments = Attachments { files, ..Attachments::default() };
        assert!(find_episode(&attachments).unwrap().url.contains("1.mp3"));
        for (url, media_type, expected) in [
            ("https://pod.example/e.OPUS", "", true),
            ("https://pod.example/e.ogg", "application/octet-stream", true),
            ("https://pod.example/e", "", false),
            ("https://pod.example/e.mp3", "text/html", false),
        ] {
            let files = vec![file(url, media_type)];
            let attachments = Attachments { files, ..Attachments::default() };
            assert_eq!(find_episode(&attachments).is_some(), expected, "{url} {media_type}");
        }
    }
}
