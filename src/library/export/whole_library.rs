//! Everything in a library as files that other programs can read.

use std::{io, path::Path};

use super::{ExportOutcome, file_set::FileSet, write_all};
use crate::{
    library::{article_json::full_article_json, readable::ReadableArticles},
    model::{EntryId, ExistingFile},
};

/// The name of the file with the articles.
const ARTICLES_FILE: &str = "articles.jsonl";

/// A small file of an export, complete in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedFile {
    /// Its name.
    pub name: &'static str,
    /// Its content.
    pub text: String,
}

/// Writes `files`, and the articles `ids` as JSON Lines, into a folder, or into an archive if the name of
/// `path` ends in `.zip`.
///
/// # Errors
///
/// Fails if something cannot be written.
pub fn export_library(
    articles: &ReadableArticles<'_>,
    ids: &[EntryId],
    files: &[ExportedFile],
    path: &Path,
    existing: ExistingFile,
) -> io::Result<ExportOutcome> {
    let mut set = FileSet::create(path, existing)?;
    for file in files {
        set.write_file(file.name, |out| out.write_all(file.text.as_bytes()))?;
    }
    let outcome = set.write_file(ARTICLES_FILE, |out| {
        write_all(articles, ids, &mut |article| {
            let json =
                full_article_json(article).map_err(|failure| io::Error::other(failure.summary))?;
            writeln!(out, "{json}")
        })
    })?;
    set.finish()?;
    Ok(outcome)
}
