//! Loading the difference between two versions of an article, or between the articles of a story.

use std::sync::Arc;

use super::ports::ReadingOptions;
use crate::{
    app::{DiffRequest, DiffSubject, LoadedDiff, StoryReading},
    library::{
        ArticleVersions, DiffDocument, DiffMarks, StoryTexts, additions_document, clock::local_now,
        combined_document, diff_document,
    },
    markup::{CancelFlag, Document, Flow},
    model::{EntryId, Failure},
    store::ReadConnection,
};

/// Compares two versions of an article, and prepares the difference for layout in any width.
pub(super) fn load_diff(
    reader: &ReadConnection,
    reading: &ReadingOptions,
    request: DiffRequest,
) -> Result<LoadedDiff, Failure> {
    let article = ArticleVersions::load(reader, request.entry)?;
    let (from, to) = request.versions.unwrap_or_else(|| article.compared_by_default());
    let diff = article.diff(from, to, &reading.boilerplate);
    let DiffDocument { document, change_count } =
        diff_document(&article, (from, to), &diff, (marks_of(reading), local_now()));
    let subject = DiffSubject::Versions { from, to, newest: article.newest() };
    Ok(LoadedDiff { flow: build_flow(document, reading), change_count, subject })
}

/// Loads the articles of the story of one, and prepares what they say for layout in any width. Returns
/// `None` if the article shares its story with no other one.
pub(super) fn load_story_reading(
    reader: &ReadConnection,
    options: &ReadingOptions,
    id: EntryId,
    reading: StoryReading,
) -> Result<Option<LoadedDiff>, Failure> {
    let texts = StoryTexts::load(reader, id, &options.boilerplate)?;
    if texts.others.is_empty() {
        return Ok(None);
    }
    let (marks, now) = (marks_of(options), local_now());
    let DiffDocument { document, change_count } = match reading {
        StoryReading::Additions => additions_document(&texts, now),
        StoryReading::Combined => combined_document(texts, marks, now),
    };
    let subject = DiffSubject::Story(reading);
    Ok(Some(LoadedDiff { flow: build_flow(document, options), change_count, subject }))
}

fn marks_of(options: &ReadingOptions) -> DiffMarks {
    if options.screen_reader { DiffMarks::Signs } else { DiffMarks::Styles }
}

fn build_flow(document: Document, options: &ReadingOptions) -> Arc<Flow> {
    Arc::new(if options.screen_reader {
        Flow::for_screen_reader(document, &CancelFlag::default())
    } else {
        Flow::new(document)
    })
}
