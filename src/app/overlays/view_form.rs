//! The form in which a view is edited.

use chrono::NaiveDate;

use super::{FormField, FormFields, ViewField};
use crate::{
    model::{View, ViewConflict},
    query::find_mistake,
    text::capitalize,
};

/// The form in which a view is edited.
#[derive(Debug)]
pub struct ViewForm {
    /// Name of the view.
    pub title: String,
    /// The fields.
    pub form: FormFields,
    before: View,
}

impl ViewForm {
    /// Creates the form for `view`. A built-in view keeps its query.
    pub fn new(view: &View) -> ViewForm {
        let is_shown = |field: &ViewField| view.built_in.is_none() || *field != ViewField::Query;
        let fields = ViewField::ALL.into_iter().filter(is_shown);
        ViewForm {
            title: view.name.clone(),
            form: FormFields::new(
                fields.map(|field| (FormField::View(field), field.text_of(view))),
            ),
            before: view.clone(),
        }
    }

    /// Returns the view before the edit.
    pub(in crate::app) fn before(&self) -> &View {
        &self.before
    }

    /// Returns whether a field differs from the view.
    pub(in crate::app) fn is_changed(&self) -> bool {
        self.edited() != self.before
    }

    /// Returns the view as the fields describe it.
    fn edited(&self) -> View {
        let mut view = self.before.clone();
        for (field, line) in &self.form.fields {
            if let FormField::View(field) = field {
                field.set_text(&mut view, line.text());
            }
        }
        view
    }

    /// Returns the edited view; shows the mistake and returns `None` if a field is wrong. `views` are
    /// all views of the library.
    pub(in crate::app) fn validate(&mut self, views: &[View], today: NaiveDate) -> Option<View> {
        let view = self.edited();
        let (field, mistake) = if let Err(conflict) = view.check_among(views) {
            let field = match conflict {
                ViewConflict::NoQuery | ViewConflict::LongQuery | ViewConflict::SameQuery(_) => {
                    ViewField::Query
                }
                _ => ViewField::Name,
            };
            (field, capitalize(&conflict.to_string()))
        } else if let Some(mistake) = find_mistake(&view.query, today) {
            let text = format!(
                "“{}”: {}",
                &view.query[mistake.span.clone()],
                mistake.describe(&view.query)
            );
            (ViewField::Query, text)
        } else if !view.grouping.fits(view.order) {
            (ViewField::Grouping, "Groups by day need an order by date".to_owned())
        } else {
            return Some(view);
        };
        let is_field = |(known, _): &(FormField, _)| *known == FormField::View(field);
        let index = self.form.fields.iter().position(is_field).unwrap_or_default();
        self.form.reject(index, mistake);
        None
    }
}
