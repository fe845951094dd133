//! The things that are imported from another reader, and the report of what became of them.
//!
//! Each importer makes an [`ImportedLibrary`] and batches of articles of its files; one service of the
//! library stores them, and completes the [`ImportReport`].

use super::{AttachedFile, EntryBody, EntryId, PublicationDate, TagName};

/// Maximum number of notes that are kept for each source and kind; further ones are only counted.
const MAX_NOTES: usize = 10_000;

/// The subscriptions, views and settings of another reader. Its articles come in batches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportedLibrary {
    /// The subscriptions.
    pub feeds: Vec<ImportedFeed>,
    /// The saved searches.
    pub views: Vec<ImportedView>,
    /// The rules by which articles are left out.
    pub rules: Vec<ImportedRule>,
    /// The downloads that wait or are done.
    pub downloads: Vec<ImportedDownload>,
    /// The settings and keys that its configuration means here.
    pub settings: Vec<ImportedSetting>,
    /// Everything that has been read so far, and what was not taken.
    pub report: ImportReport,
}

/// A subscription of another reader.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportedFeed {
    /// The URL, by which batches of articles name the feed.
    pub url: String,
    /// The title that its publisher gives it.
    pub title: Option<String>,
    /// The name that the user gave it.
    pub name: Option<String>,
    /// The folder.
    pub folder: Option<String>,
    /// The tags of the feed.
    pub tags: Vec<String>,
}

/// The source of a batch of articles.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ArticleOrigin {
    /// The feed with this URL.
    Feed(String),
    /// Pages that the user saved one by one.
    SavedPages,
}

/// Some articles of one feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedBatch {
    /// Their source.
    pub origin: ArticleOrigin,
    /// The articles.
    pub articles: Vec<ImportedArticle>,
}

/// An article of another reader, with its marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedArticle {
    /// The id that its publisher gave it.
    pub guid: Option<String>,
    /// The headline, as plain text.
    pub title: String,
    /// The URL of its web page.
    pub link: Option<String>,
    /// The author.
    pub author: Option<String>,
    /// The time or the day of publication.
    pub published: Option<PublicationDate>,
    /// The text.
    pub body: EntryBody,
    /// The publisher's categories.
    pub categories: Vec<String>,
    /// Attached files.
    pub files: Vec<AttachedFile>,
    /// The marks.
    pub marks: ImportedMarks,
}

/// The marks of an article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportedMarks {
    /// The article is read.
    pub is_read: bool,
    /// The article is starred.
    pub is_starred: bool,
    /// The article was deleted.
    pub is_removed: bool,
    /// The tags of the user, each once.
    pub tags: Vec<TagName>,
}

impl ImportedMarks {
    /// Adds the marks of the same article in another place.
    pub fn merge(&mut self, other: &ImportedMarks) {
        self.is_read |= other.is_read;
        self.is_starred |= other.is_starred;
        // What was deleted in one place only is still wanted.
        self.is_removed &= other.is_removed;
        for tag in &other.tags {
            if !self.tags.iter().any(|known| known.key() == tag.key()) {
                self.tags.push(tag.clone());
            }
        }
    }
}

/// A saved search of another reader, as a query of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedView {
    /// The name.
    pub name: String,
    /// The query.
    pub query: String,
}

/// A rule of another reader by which articles are left out, as a query of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedRule {
    /// The query.
    pub query: String,
    /// The URL of the feed to which it is limited.
    pub feed: Option<String>,
    /// The query finds almost the same articles: words in place of parts of words.
    pub is_approximate: bool,
    /// The rule as its file has it.
    pub source: String,
    /// The place that names it.
    pub place: NotePlace,
}

/// A file that another reader has downloaded, or was to download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedDownload {
    /// The URL of the file.
    pub url: String,
    /// The path to which it is saved.
    pub path: String,
    /// The state of the download.
    pub state: DownloadState,
    /// The place that names it.
    pub place: NotePlace,
}

/// The file of an episode that another reader has downloaded, with the article that comes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpisodeFile {
    /// The article.
    pub entry: EntryId,
    /// The download.
    pub download: ImportedDownload,
}

/// The state of a download of another reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DownloadState {
    /// It has not begun.
    Queued,
    /// A part of the file is there.
    Partial,
    /// The whole file is there.
    Downloaded,
    /// The file was played.
    Played,
    /// It failed.
    Failed,
}

impl DownloadState {
    /// Returns the state in one word.
    pub fn name(self) -> &'static str {
        match self {
            DownloadState::Queued => "queued",
            DownloadState::Partial => "partial",
            DownloadState::Downloaded => "downloaded",
            DownloadState::Played => "played",
            DownloadState::Failed => "failed",
        }
    }
}

/// A value for one of the user's own files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedSetting {
    /// The file.
    pub file: ConfigFile,
    /// The names of the tables around the key, the outermost first.
    pub table: Vec<String>,
    /// The key.
    pub key: String,
    /// The value.
    pub value: ConfigValue,
    /// The place that asks for it, as notes name it.
    pub source: NotePlace,
}

/// A file of the user's configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfigFile {
    /// The settings.
    Settings,
    /// The keys.
    Keymap,
    /// A theme with the colours of the other reader.
    Theme,
}

/// A value of a file of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigValue {
    /// A text.
    Text(String),
    /// A number.
    Number(u32),
    /// On or off.
    Flag(bool),
    /// A program and its arguments.
    Words(Vec<String>),
}

/// A place in a file of another reader.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NotePlace {
    /// The name of the file.
    pub file: String,
    /// The line, from 1, or the number of the row.
    pub line: Option<u64>,
}

/// The reason why something was not imported as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// It was left out, although it has a counterpart here.
    NotTaken,
    /// It has no counterpart here.
    NoCounterpart,
    /// It was taken, but means something slightly different here.
    Changed,
}

impl NoteKind {
    /// Returns the word for the kind in JSON.
    pub fn name(self) -> &'static str {
        match self {
            NoteKind::NotTaken => "not-taken",
            NoteKind::NoCounterpart => "no-counterpart",
            NoteKind::Changed => "changed",
        }
    }
}

/// A line of the report: something that was not imported as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportNote {
    /// The place.
    pub place: NotePlace,
    /// The thing, in a few words of its own file.
    pub subject: String,
    /// The reason: a sentence without a capital and a full stop.
    pub reason: String,
    /// The kind of the note.
    pub kind: NoteKind,
}

/// A file that was read, with the numbers of its lines or rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportSource {
    /// The path.
    pub path: String,
    /// One line or row: `line`, `article`.
    pub unit: &'static str,
    /// Number of lines or rows that mean something: all but blank lines and comments.
    pub read: u64,
}

/// The numbers of one kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportCount {
    /// New in the library.
    pub new: u64,
    /// In the library already.
    pub known: u64,
}

/// The numbers of articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ArticleCounts {
    /// New in the library.
    pub new: u64,
    /// In the library already.
    pub known: u64,
    /// Deleted in the other reader: refreshes do not bring them.
    pub removed: u64,
    /// Entries of the other reader that are the same article as another one of their feed.
    pub same: u64,
    /// Articles of feeds to which the user is not subscribed.
    pub unsubscribed: u64,
    /// Articles that could not be read.
    pub damaged: u64,
    /// Articles of the library whose marks have changed.
    pub marked: u64,
}

/// The numbers of episodes, of the downloads of another reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EpisodeCounts {
    /// Put into the queue.
    pub queued: u64,
    /// Marked as played.
    pub played: u64,
    /// Marked so already.
    pub known: u64,
    /// Files that are connected with their articles.
    pub files: u64,
}

/// The report of an import: the things that were read, stored and left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// The files that were read.
    pub sources: Vec<ImportSource>,
    /// Feeds.
    pub feeds: ImportCount,
    /// Views.
    pub views: ImportCount,
    /// Rules.
    pub rules: ImportCount,
    /// Articles.
    pub articles: ArticleCounts,
    /// Episodes.
    pub episodes: EpisodeCounts,
    /// The files of episodes that are to be connected with their articles.
    pub episode_files: Vec<EpisodeFile>,
    /// Everything that was not imported as it is.
    pub notes: Vec<ImportNote>,
    /// Number of notes that were left out, because there were too many.
    pub left_out_notes: u64,
}

impl ImportReport {
    /// Adds a note, or only counts it if there are too many.
    pub fn note(
        &mut self,
        kind: NoteKind,
        place: NotePlace,
        subject: impl Into<String>,
        reason: impl Into<String>,
    ) {
        if self.notes.len() >= MAX_NOTES {
            self.left_out_notes += 1;
            return;
        }
        let (subject, reason) = (subject.into(), reason.into());
        self.notes.push(ImportNote { place, subject, reason, kind });
    }

    /// Returns whether everything that has a counterpart here was taken.
    pub fn is_complete(&self) -> bool {
        let is_loss = |note: &ImportNote| note.kind == NoteKind::NotTaken;
        self.left_out_notes == 0 && self.articles.damaged == 0 && !self.notes.iter().any(is_loss)
    }
}

/// The choice between an import and its report alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportMode {
    /// It is stored.
    Store,
    /// Everything is done and taken back, for the report.
    DryRun,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_kept_up_to_their_limit() {
        let mut report = ImportReport::default();
        for line in 0..MAX_NOTES as u64 + 3 {
            let place = NotePlace { file: "urls".to_owned(), line: Some(line) };
            report.note(NoteKind::Changed, place, "a", "b");
        }
        assert_eq!((report.notes.len(), report.left_out_notes), (MAX_NOTES, 3));
        assert!(!report.is_complete(), "not all of the notes can be shown");
    }

    #[test]
    fn marks_of_two_places_are_joined_and_deletion_needs_both() {
        let tag = |name: &str| TagName::parse(name).unwrap();
        let mut marks =
            ImportedMarks { is_removed: true, tags: vec![tag("a")], ..ImportedMarks::default() };
        let other = ImportedMarks {
            is_read: true,
            tags: vec![tag("A"), tag("b")],
            ..ImportedMarks::default()
        };
        marks.merge(&other);
        let tags = vec![tag("a"), tag("b")];
        assert_eq!(marks, ImportedMarks { is_read: true, tags, ..ImportedMarks::default() });
    }
}
