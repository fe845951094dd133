//! Loading the difference between two versions of an article.

use std::sync::Arc;

use super::ports::ReadingOptions;
use crate::{
    app::{DiffRequest, LoadedDiff},
    library::{ArticleVersions, DiffDocument, DiffMarks, clock::local_now, diff_document},
    markup::{CancelFlag, Flow},
    model::Failure,
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
    let marks = if reading.screen_reader { DiffMarks::Signs } else { DiffMarks::Styles };
    let DiffDocument { document, change_count } =
        diff_document(&article, (from, to), &diff, (marks, local_now()));
    let flow = if reading.screen_reader {
        Flow::for_screen_reader(document, &CancelFlag::default())
    } else {
        Flow::new(document)
    };
    Ok(LoadedDiff { flow: Arc::new(flow), change_count, from, to, newest: article.newest() })
}
