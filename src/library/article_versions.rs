//! The versions of an article that its publisher edited, and their differences.

use chrono::{DateTime, Utc};

use crate::{
    diff::{TextDiff, VersionText, diff_texts},
    documents,
    markup::BoilerplateRule,
    model::{BodyFormat, Entry, EntryBody, EntryId, Failure, FailureKind},
    store::ReadConnection,
    text::sanitize,
};

/// An article and its versions.
pub struct ArticleVersions {
    /// The entry as it is now.
    pub entry: Entry,
    /// The versions, the oldest first; the last one is the present text of the feed. At least one.
    pub versions: Vec<ArticleVersion>,
    read_before_edit: Option<usize>,
}

/// A version of an article.
pub struct ArticleVersion {
    /// The time at which a refresh brought the version; `None` for the oldest one.
    pub at: Option<DateTime<Utc>>,
    /// The title.
    pub title: String,
    body: EntryBody,
}

impl ArticleVersions {
    /// Loads the versions of an article. Those that are the same as the one before them are left out.
    ///
    /// # Errors
    ///
    /// Fails if the entry does not exist or the library cannot be read.
    pub fn load(reader: &ReadConnection, id: EntryId) -> Result<ArticleVersions, Failure> {
        let not_found = || {
            let sentence = format!("Article {id} is no longer in the library");
            Failure::new(FailureKind::Library, sentence)
        };
        let entry = reader.load_entry(id)?.ok_or_else(not_found)?;
        let body = reader.load_body(id)?.ok_or_else(not_found)?;
        let mut versions: Vec<ArticleVersion> = Vec::new();
        let (mut at, mut read_before_edit) = (None, None);
        let is_edited = reader.has_unseen_edit(id)?;
        for stored in reader.list_versions(id)?.into_iter().rev() {
            let was_read = is_edited && stored.was_read;
            push_version(
                &mut versions,
                ArticleVersion { at, title: stored.title, body: stored.body },
            );
            at = Some(stored.replaced_at);
            read_before_edit = was_read.then_some(versions.len()).or(read_before_edit);
        }
        push_version(&mut versions, ArticleVersion { at, title: entry.title.clone(), body });
        read_before_edit = read_before_edit.filter(|number| *number < versions.len());
        Ok(ArticleVersions { entry, versions, read_before_edit })
    }

    /// Returns the number of the version that the user has read last; `None` if the article was not
    /// edited since.
    pub fn read_before_edit(&self) -> Option<usize> {
        self.read_before_edit
    }

    /// Returns the number of the present version, counted from 1.
    pub fn newest(&self) -> usize {
        self.versions.len()
    }

    /// Returns the numbers of the versions that are compared unless others are asked for: the one that the
    /// user has read, or else the one before the newest, and the newest.
    pub fn compared_by_default(&self) -> (usize, usize) {
        let newest = self.newest();
        (self.read_before_edit.unwrap_or(newest.saturating_sub(1).max(1)), newest)
    }

    /// Compares two versions, which have numbers from 1, without the boilerplate that matches
    /// `boilerplate`. A number that no version has stands for the newest one.
    pub fn diff(&self, from: usize, to: usize, boilerplate: &[BoilerplateRule]) -> TextDiff {
        let text = |number: usize| {
            let version = self.versions.get(number.wrapping_sub(1)).or(self.versions.last());
            version.map(|version| version.text(boilerplate)).unwrap_or_default()
        };
        diff_texts(&text(from), &text(to))
    }
}

/// Adds a version unless it is the same as the last one.
fn push_version(versions: &mut Vec<ArticleVersion>, version: ArticleVersion) {
    let is_same = |last: &ArticleVersion| last.title == version.title && last.body == version.body;
    if !versions.last().is_some_and(is_same) {
        versions.push(version);
    }
}

impl ArticleVersion {
    /// Returns the text of the version as it is read.
    fn text(&self, boilerplate: &[BoilerplateRule]) -> VersionText {
        let mut document = documents::render_body(&self.body);
        if self.body.format == BodyFormat::Html {
            document = document.without_boilerplate(boilerplate, &self.title);
        }
        VersionText {
            title: sanitize::to_text_line(&self.title).into_owned(),
            blocks: document.text_blocks(),
        }
    }
}
