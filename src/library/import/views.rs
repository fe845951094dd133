//! The views that an import adds.

use crate::model::{
    Change, ImportReport, ImportedView, NoteKind, NotePlace, View, ViewConflict, ViewId,
};

/// Maximum number of names that are tried for a view whose name another one has.
const MAX_NAMES: usize = 9;

/// Returns the changes that add imported views to those of the library. One whose query the library has
/// is known; one whose name it has gets a number.
pub(super) fn plan_views(
    stored: &[View],
    imported: &[ImportedView],
    report: &mut ImportReport,
) -> Vec<Change> {
    let mut views = stored.to_vec();
    let mut changes = Vec::new();
    for view in imported {
        match find_place(view, &views) {
            Ok(added) => {
                report.views.new += 1;
                // Made up, so that the following views are compared with it.
                let id = ViewId(-1 - i64::try_from(views.len()).unwrap_or(i64::MAX / 2));
                views.push(View { id, ..added.clone() });
                changes.push(Change::add_view(added));
            }
            Err(ViewConflict::SameQuery(_)) => report.views.known += 1,
            Err(conflict) => {
                let subject = format!("view “{}”", view.name);
                report.note(
                    NoteKind::NotTaken,
                    NotePlace::default(),
                    subject,
                    conflict.to_string(),
                );
            }
        }
    }
    changes
}

/// Returns the view as it can stand among `views`.
fn find_place(imported: &ImportedView, views: &[View]) -> Result<View, ViewConflict> {
    let built_in =
        views.iter().find(|view| view.built_in.is_some() && view.query == imported.query);
    if let Some(built_in) = built_in {
        return Err(ViewConflict::SameQuery(built_in.name.clone()));
    }
    let mut conflict = ViewConflict::SameName;
    for number in 1..=MAX_NAMES {
        let name = match number {
            1 => imported.name.clone(),
            number => format!("{} {number}", imported.name),
        };
        let view = View::new(&name, &imported.query, views);
        match view.check_among(views) {
            Ok(()) => return Ok(view),
            Err(ViewConflict::SameName) => {}
            Err(other) => {
                conflict = other;
                break;
            }
        }
    }
    Err(conflict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_of_a_known_query_are_not_added_again() {
        let view = |name: &str, query: &str| ImportedView {
            name: name.to_owned(),
            query: query.to_owned(),
        };
        let imported = [
            view("Rust", "rust"),
            view("Rust", "rust lang"),
            view("All unread", "is:unread"),
            view("", "x"),
        ];
        let mut report = ImportReport::default();
        let stored = View::first_views();
        let changes = plan_views(&stored, &imported, &mut report);
        let names: Vec<String> = changes
            .iter()
            .filter_map(|change| match change {
                Change::View { after: Some(view), .. } => Some(view.name.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(names, ["Rust", "Rust 2"]);
        assert_eq!((report.views.new, report.views.known), (2, 1));
        assert_eq!(report.notes[0].reason, "a view needs a name");
    }
}
